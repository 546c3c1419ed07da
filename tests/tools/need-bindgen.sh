#!/usr/bin/env bash
# uniffi-bindgen, the generator (bindings/bindgen). Two minutes to compile and the same for every clone, so it is kept outside, by the
# version of uniffi and of Rust. Nothing in it is optimised: it runs for a tenth of a second.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
"$tools/need-rust.sh"
stamp="$(grep -A1 '^name = "uniffi_bindgen"' Cargo.lock) $(rustc -V) $(cat bindings/bindgen/src/*.rs bindings/bindgen/Cargo.toml | cksum)"
exec 7>"$cache/bindgen.lock"
flock 7
[ "$(cat "$cache/bindgen/.made" 2>/dev/null)" = "$stamp" ] && exit 0
say "compiling uniffi-bindgen (once)"
cargo build -q --locked -p uniffi-bindgen --profile bindgen --config 'profile.bindgen.inherits="dev"' \
  --config 'profile.bindgen.debug=false' --config 'profile.bindgen.package."*".opt-level=0'
mkdir -p "$cache/bindgen"
cp "$CARGO_TARGET_DIR/bindgen/uniffi-bindgen" "$cache/bindgen/"
echo "$stamp" >"$cache/bindgen/.made"
