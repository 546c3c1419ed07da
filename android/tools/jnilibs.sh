#!/usr/bin/env bash
# The library for Android's processors, laid where android/library/build.gradle.kts takes it: target/jniLibs. Needs the NDK (its folder in
# ANDROID_NDK_HOME), Rust 1.95 or newer from rustup, and `cargo install cargo-ndk --locked`.
#
# Nobody has run this yet: the NDK is not on the machine where it was written.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$root/target}
cd "$root"
fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }
[ -d "${ANDROID_NDK_HOME:-}" ] || fail "ANDROID_NDK_HOME names no folder"
command -v cargo-ndk >/dev/null || fail "please install cargo-ndk: cargo install cargo-ndk --locked"

out=$CARGO_TARGET_DIR/jniLibs
least=$(sed -n 's/^minSdk = "\(.*\)"/\1/p' android/gradle/libs.versions.toml)
rustup target add aarch64-linux-android armv7-linux-androideabi x86_64-linux-android

# The library must not carry its builder's paths (as in tests/tools/build-bindings.sh). Given as configuration: flags in RUSTFLAGS would
# take the place of those in .cargo/config.toml, which lay it out for pages of 16 KB.
home=${CARGO_HOME:-$HOME/.cargo}
remap="'--remap-path-prefix=$home/registry/src=deps', '--remap-path-prefix=$CARGO_TARGET_DIR=target', '--remap-path-prefix=$root=rafiq'"
unset RUSTFLAGS
export CFLAGS="${CFLAGS:-} -ffile-prefix-map=$home/registry/src=deps -ffile-prefix-map=$CARGO_TARGET_DIR=target"
# No generator reads these: what the profile keeps of names for it is left out.
export CARGO_PROFILE_MOBILE_STRIP=symbols

rm -rf "$out"
cargo ndk --platform "$least" -t arm64-v8a -t armeabi-v7a -t x86_64 -o "$out" \
  build --locked --profile mobile -p rafiq-ffi --config "target.'cfg(all())'.rustflags = [$remap]"

for processor in arm64-v8a armeabi-v7a x86_64; do
  library=$out/$processor/librafiq_ffi.so
  [ -f "$library" ] || fail "no library for $processor"
  # Newer phones load nothing that is laid out for pages of less than 16 KB.
  readelf -lW "$library" | awk '$1 == "LOAD" && $NF !~ /^0x([48c]000|[0-9a-f]*0000)$/ { exit 1 }' ||
    fail "$library is not laid out for pages of 16 KB"
  printf '%s %s bytes\n' "$library" "$(wc -c <"$library")"
done
