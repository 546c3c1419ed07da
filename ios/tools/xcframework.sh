#!/usr/bin/env bash
# The library for Apple's systems: builds it for iPhones, for the simulator and for the Mac itself, generates the Swift that calls it,
# and lays both where the package bindings/swift expects them. Needs a Mac with Xcode 16, and Rust 1.95 or
# newer from rustup.
#
#   bindings/swift/CRafiq.xcframework            static libraries, one a system, with the C header and its module map
#   bindings/swift/Sources/RafiqBindings         the generated Swift
#
# Nobody has run this yet: it was written on Linux, where its first half (the static library and the Swift from it) was tried.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$root/target}
cd "$root"
fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }
[ "$(uname -s)" = Darwin ] || fail "an XCFramework is made on a Mac"
command -v xcodebuild >/dev/null || fail "please install Xcode"

out=$CARGO_TARGET_DIR/xcframework
package=$root/bindings/swift
# One row a system: its name, then the architectures that go into its library. Old Macs run the simulator too.
systems=(
  "phone aarch64-apple-ios"
  "simulator aarch64-apple-ios-sim x86_64-apple-ios"
  "mac aarch64-apple-darwin x86_64-apple-darwin"
)
# The oldest systems that the packages name; C code of SQLite is compiled for them as well.
export IPHONEOS_DEPLOYMENT_TARGET=16.0 MACOSX_DEPLOYMENT_TARGET=13.0

# The library must not carry its builder's paths (as in tests/tools/build-bindings.sh).
home=${CARGO_HOME:-$HOME/.cargo}
remap="'--remap-path-prefix=$home/registry/src=deps', '--remap-path-prefix=$CARGO_TARGET_DIR=target', '--remap-path-prefix=$root=rafiq'"
export CFLAGS="${CFLAGS:-} -ffile-prefix-map=$home/registry/src=deps -ffile-prefix-map=$CARGO_TARGET_DIR=target"

# library ARCHITECTURE: builds it; says where it lies.
library() {
  rustup target add "$1" >&2 &&
    cargo rustc -q --locked --profile mobile -p rafiq-ffi --lib --crate-type staticlib --target "$1" \
      --config "target.'cfg(all())'.rustflags = [$remap]" >&2 &&
    printf '%s\n' "$CARGO_TARGET_DIR/$1/mobile/librafiq_ffi.a"
}

rm -rf "$out" "$package/CRafiq.xcframework"
mkdir -p "$out/headers/CRafiq"
arguments=() first=
for system in "${systems[@]}"; do
  read -r name architectures <<<"$system"
  libraries=()
  for architecture in $architectures; do
    made=$(library "$architecture") || fail "no library for $architecture"
    libraries+=("$made")
  done
  mkdir -p "$out/$name"
  lipo -create "${libraries[@]}" -output "$out/$name/librafiq_ffi.a"
  first=${first:-${libraries[0]}}
  arguments+=(-library "$out/$name/librafiq_ffi.a" -headers "$out/headers")
done

# The generator reads what the library exports; its own header, and a module map that names nothing to link: the framework is that.
cargo run -q --locked -p uniffi-bindgen -- generate "$first" --language swift --no-format --out-dir "$out/swift"
cp "$out/swift/CRafiq.h" "$out/headers/CRafiq/CRafiq.h"
# In a folder of the module's name: an app with a second such framework would else find two files of one name.
cat >"$out/headers/CRafiq/module.modulemap" <<'MAP'
module CRafiq {
    header "CRafiq.h"
    export *
}
MAP
xcodebuild -create-xcframework "${arguments[@]}" -output "$package/CRafiq.xcframework"
mkdir -p "$package/Sources/RafiqBindings"
cp "$out/swift/RafiqBindings.swift" "$package/Sources/RafiqBindings/"
# The first snippet of the package's page, which its tests run.
sed -n '/^```swift$/,/^```$/p' "$package/README.md" | sed '/^```/d' >"$package/Tests/RafiqTests/FirstDay.swift"
du -sh "$package/CRafiq.xcframework"
