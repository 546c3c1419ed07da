#!/usr/bin/env bash
# Python 3.9 or newer in a virtual environment outside of the clone, with what the tests need, pinned. Made again when the pins change.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
pins=$tools/python-requirements.txt

command -v python3 >/dev/null || apt_install python3
python3 -c 'import sys; sys.exit(sys.version_info < (3, 9))' || fail "Python 3.9 or newer is needed"
stamp="$(python3 -V) $(cksum <"$pins")"
exec 8>"$cache/python.lock"
flock 8
if [ "$(cat "$cache/python/.made" 2>/dev/null)" != "$stamp" ]; then
  python3 -c 'import ensurepip, venv' 2>/dev/null || apt_install python3-venv
  say "making the Python environment"
  rm -rf "$cache/python"
  python3 -m venv "$cache/python"
  "$cache/python/bin/pip" install -q -r "$pins"
  echo "$stamp" >"$cache/python/.made"
fi
