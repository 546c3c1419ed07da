# Sourced by the tools of the Android app: where things are.
# shellcheck shell=bash
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

app=$root/android/app
# What is downloaded, and what is built.
sdks=$cache/android
out=$CARGO_TARGET_DIR/android

# version NAME: one of android/gradle/libs.versions.toml.
version() {
  local found
  found=$(sed -n "/^\[versions\]/,/^\[libraries\]/ s/^$1 = \"\(.*\)\"/\1/p" "$root/android/gradle/libs.versions.toml")
  [ -n "$found" ] || fail "no version of $1 in android/gradle/libs.versions.toml"
  printf '%s' "$found"
}

# The JDK's folder; R8 reads its classes.
java_home=${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v java || echo /usr/bin/java)")")")}
