# Sourced by tests/run, the stages and the tools: where things are, how to say something, how to count.
# shellcheck shell=bash
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
tools=$root/tests/tools
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$root/target}
# What costs minutes to make and does not depend on this clone lies outside of it, with stamps.
cache=${XDG_CACHE_HOME:-$HOME/.cache}/rafiq
export CARGO_TERM_COLOR=${CARGO_TERM_COLOR:-never} PIP_DISABLE_PIP_VERSION_CHECK=1 DEBIAN_FRONTEND=noninteractive
cd "$root"
mkdir -p "$cache" "$CARGO_TARGET_DIR"

say() { printf '%s\n' "$*"; }
# Ends the script. What cannot run is a failure, never a skip.
fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }

# apt_install PACKAGE…: only what is missing, one apt at a time, the lists fetched at most once a day.
apt_install() {
  local missing=() package
  for package in "$@"; do dpkg -s "$package" 2>/dev/null | grep -q '^Status: install ok' || missing+=("$package"); done
  [ ${#missing[@]} -gt 0 ] || return 0
  command -v apt-get >/dev/null || fail "please install: ${missing[*]} (this machine has no apt-get)"
  [ "$(id -u)" = 0 ] || fail "please install as root: apt-get install ${missing[*]}"
  say "installing ${missing[*]}"
  (
    flock 9
    [ -n "$(find "$cache/apt-lists" -mmin -1440 2>/dev/null)" ] || { apt-get update -qq && touch "$cache/apt-lists"; }
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >"$cache/apt.log" 2>&1 || { tail -20 "$cache/apt.log"; exit 1; }
  ) 9>"$cache/apt.lock" || fail "apt-get could not install ${missing[*]}"
}

# Swift 6 where the machine has none: a folder made by need-swift.sh, entered by swift.sh.
swift_root=$cache/swift-trixie
own_swift() { swift --version 2>/dev/null | grep -qE 'Swift version ([6-9]|[1-9][0-9])'; }

# stage_result NAME PASSED FAILED: the line that tests/run adds up; also the stage's exit code.
stage_result() {
  say "STAGE $1: $2 passed, $3 failed"
  [ "$3" -eq 0 ] && [ "$2" -gt 0 ]
}

# junit_counts FILE…: "passed failed" of JUnit reports. A skipped test is one that did not run, so it has failed.
junit_counts() {
  cat "$@" 2>/dev/null | grep -oE '<testsuite [^>]*>' | awk '
    function number(name) { return match($0, " " name "=\"[0-9]+\"") ? substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4) + 0 : 0 }
    { f += number("failures") + number("errors") + number("skipped"); t += number("tests") }
    END { print t - f, f + 0 }'
}

# first_snippet LANGUAGE FILE: the first snippet of a page in that language; none is a failure.
first_snippet() {
  # shellcheck disable=SC2016 # fences, not commands
  awk -v fence='```'"$1" '$0 == fence { on = 1; next } on && /^```$/ { exit } on { print; found = 1 } END { exit !found }' "$2" ||
    fail "$2 has no snippet in $1"
}
