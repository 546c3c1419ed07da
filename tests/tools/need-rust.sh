#!/usr/bin/env bash
# Rust as new as Cargo.toml's rust-version, with rustfmt and clippy, and a C compiler for SQLCipher.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
wanted=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)

command -v cc >/dev/null || apt_install gcc libc6-dev
new_enough() { printf '%s\n%s\n' "$wanted" "$(cargo --version 2>/dev/null | cut -d' ' -f2)" | sort -VC; }
if ! new_enough; then
  command -v rustup >/dev/null || fail "Rust $wanted or newer is needed, from rustup: Debian has none this new"
  say "installing Rust $wanted"
  rustup toolchain install "$wanted" --profile minimal --component rustfmt --component clippy
  rustup override set "$wanted"
  new_enough || fail "rustup did not bring Rust $wanted"
fi
for tool in fmt clippy; do
  cargo "$tool" --version >/dev/null 2>&1 || rustup component add "${tool/fmt/rustfmt}" || fail "cargo $tool is missing"
done
