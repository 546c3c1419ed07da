#!/usr/bin/env bash
# swift.sh COMMAND ARGUMENT…    swift build, test, run … in bindings/swift against the built library: swift.sh test --filter SomeTests
# swift.sh in FOLDER …          the same in another package: swift.sh in ios test
# swift.sh in FOLDER typecheck FILE…   looks at files alone, beside what was built of the package
# swift.sh format ARGUMENT…     swift-format
# Build the library first: tests/tools/build-bindings.sh
# On Debian 12 Swift runs inside the folder of need-swift.sh, in a mount namespace of its own: the clone, the build folder and the
# temporary folder are seen there at their own paths, and the network is the machine's, so a relay on loopback answers. The mounts
# vanish with the command. Variables named RAFIQ_* reach it.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
"$tools/need-swift.sh"
library=$CARGO_TARGET_DIR/bindings/lib
package=bindings/swift scratch=$CARGO_TARGET_DIR/swift
if [ "${1:-}" = in ]; then package=$2 scratch+=-${2//\//-}; shift 2; fi
command=${1:?build, test, run, …}; shift
case $command in
  format) swift=(swift format "$@") ;;
  typecheck)
    swift=(swiftc -typecheck -swift-version 6 -I "$scratch/debug/Modules"
      -Xcc "-fmodule-map-file=$root/bindings/swift/Sources/CRafiq/module.modulemap" "$@")
    ;;
  *)
    swift=(swift "$command" --package-path "$root/$package" --scratch-path "$scratch"
      -Xlinker "-L$library" -Xlinker -rpath -Xlinker "$library")
    # On Linux the library of Observation names a function that no library has; only its last words before a crash would call it.
    if [ "$package" = ios ] && [ "$(uname)" = Linux ]; then swift+=(-Xlinker --allow-shlib-undefined); fi
    swift+=("$@")
    ;;
esac

if own_swift; then LD_LIBRARY_PATH=$library exec "${swift[@]}"; fi

temporary=$(cd "${TMPDIR:-/tmp}" && pwd -P)
passed_on=()
while IFS= read -r name; do passed_on+=("$name=${!name}"); done < <(compgen -e | grep -E '^(RAFIQ_|CI$)' || true)
cp -f /etc/resolv.conf /etc/hosts "$swift_root/etc/"
exec unshare --mount --propagation private bash -euc '
  inside=$1 root=$2; shift 2
  while [ "$1" != -- ]; do
    mkdir -p "$inside$1"
    mount --bind "$1" "$inside$1"
    shift
  done
  shift
  mount -t proc proc "$inside/proc"
  mount --rbind /dev "$inside/dev"
  exec chroot "$inside" /usr/bin/env -i --chdir="$root" HOME=/root LANG=C.UTF-8 \
    PATH=/usr/libexec/swift/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@"
' _ "$swift_root" "$root" "$temporary" "$CARGO_TARGET_DIR" "$root" -- \
  TMPDIR="$temporary" LD_LIBRARY_PATH="$library" "${passed_on[@]}" "${swift[@]}"
