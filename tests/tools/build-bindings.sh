#!/usr/bin/env bash
# Builds the library as it ships (profile `mobile`), generates the Kotlin, Swift and Python that call it, and lays both where the
# wrappers expect them. All of it is generated: none of it is in git but the copies under tests/api (stage `api`).
#   $CARGO_TARGET_DIR/bindings/lib       the stripped library; what ships
#   $CARGO_TARGET_DIR/bindings/kotlin    compiled by bindings/kotlin/pom.xml from there
#   $CARGO_TARGET_DIR/bindings/swift     copied into bindings/swift/Sources: SwiftPM takes no sources from outside of a package
#   $CARGO_TARGET_DIR/bindings/python    copied into bindings/python/rafiq, beside its library
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
"$tools/need-bindgen.sh"
file=librafiq_ffi.so
out=$CARGO_TARGET_DIR/bindings
library=$CARGO_TARGET_DIR/mobile/$file

# The library must not carry its builder's paths. Given as configuration for this build alone: the dev profile's cache, in a folder
# of its own, never sees these flags. C code has the same wish (SQLCipher's __FILE__).
home=${CARGO_HOME:-$HOME/.cargo}
remap="'--remap-path-prefix=$home/registry/src=deps', '--remap-path-prefix=$CARGO_TARGET_DIR=target', '--remap-path-prefix=$root=rafiq'"
# Relative relocations packed into bitmaps: a tenth of the file, for any glibc since 2.36. (Android's linker has its own way.)
[ "$(uname -s)" != Linux ] || remap="$remap, '-Clink-arg=-Wl,-z,pack-relative-relocs'"
CFLAGS="${CFLAGS:-} -ffile-prefix-map=$home/registry/src=deps -ffile-prefix-map=$CARGO_TARGET_DIR=target" \
  cargo build -q --locked --profile mobile -p rafiq-ffi --config "target.'cfg(all())'.rustflags = [$remap]"

mkdir -p "$out"
for language in kotlin swift python; do
  rm -rf "${out:?}/$language"
  "$cache/bindgen/uniffi-bindgen" generate "$library" --language "$language" --no-format --out-dir "$out/$language" >"$out/log.txt" ||
    { cat "$out/log.txt"; fail "no $language could be generated"; }
done
mkdir -p "$out/lib"
# uniffi-bindgen reads the symbol table, so the build keeps it; a phone needs only what is exported.
strip -o "$out/lib/$file" "$library"

# lay FROM TO: only when it differs, so that nothing compiles again for a new date.
lay() { cmp -s "$1" "$2" || { mkdir -p "$(dirname "$2")"; cp "$1" "$2"; }; }
lay "$out/swift/CRafiq.h" bindings/swift/Sources/CRafiq/CRafiq.h
lay "$out/swift/RafiqBindings.swift" bindings/swift/Sources/RafiqBindings/RafiqBindings.swift
# The page's first snippet is compiled and run with the tests.
first_snippet swift bindings/swift/README.md >"$out/swift/FirstDay.swift"
lay "$out/swift/FirstDay.swift" bindings/swift/Tests/RafiqTests/FirstDay.swift
lay "$out/python/rafiq_ffi.py" bindings/python/rafiq/rafiq_ffi.py
lay "$out/lib/$file" "bindings/python/rafiq/$file"
