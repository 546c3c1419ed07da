#!/usr/bin/env bash
# Swift 6 on Linux: Debian 13 (trixie) packages it, Debian 12 does not, so it lives in a folder of its own outside the clone.
# Made once (1½ to 3 minutes, 3 GB); needs root. On a machine with a Swift 6 of its own this does nothing.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

if own_swift; then exit 0; fi

exec 8>"$cache/swift.lock"
flock 8 # a full run makes the folder in the background while Rust compiles; whoever comes second waits
if [ "$(cat "$swift_root/.made" 2>/dev/null)" != 1 ]; then
  [ "$(id -u)" = 0 ] || fail "Swift 6 is not installed, and making its folder needs root"
  apt_install debootstrap debian-archive-keyring
  mirror=$(apt-get indextargets --format '$(REPO_URI)' | grep -v security | sort -u | head -1)
  [ -n "$mirror" ] || fail "apt knows no Debian mirror"
  say "making the Swift folder (once, 1½ to 3 minutes)"
  rm -rf --one-file-system "$swift_root"
  debootstrap --variant=minbase --include=swiftlang,libc6-dev,libstdc++-14-dev,libgcc-14-dev,ca-certificates \
    --keyring=/usr/share/keyrings/debian-archive-keyring.gpg trixie "$swift_root" "$mirror" >"$cache/swift.log" 2>&1 ||
    { tail -20 "$cache/swift.log"; fail "debootstrap could not make the Swift folder"; }
  rm -f "$swift_root"/var/cache/apt/archives/*.deb
  echo 1 >"$swift_root/.made"
fi
