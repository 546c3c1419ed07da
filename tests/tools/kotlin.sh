#!/usr/bin/env bash
# kotlin.sh MAVEN-WORD…          Maven in bindings/kotlin against the built library: kotlin.sh test -Dtest=SomeTest
# kotlin.sh run CLASS ARGUMENT…  runs a main class of the tests (after `kotlin.sh test-compile`), without Maven
# kotlin.sh in FOLDER …        the same in another module: kotlin.sh in android/presenters test
# Build the library first: tests/tools/build-bindings.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
"$tools/need-java.sh"
module=bindings/kotlin
if [ "${1:-}" = in ]; then module=$2; shift 2; fi
built=$CARGO_TARGET_DIR/bindings
# JNA's name of this machine.
platform=$(uname -s | tr '[:upper:]' '[:lower:]')-$(uname -m | sed 's/x86_64/x86-64/; s/arm64/aarch64/')
maven() { # which colours its silence, so that is taken out
  mvn -B -ntp -q -f "$module/pom.xml" -Drafiq.generated="$built/kotlin" -Drafiq.library="$built/lib" -Drafiq.platform="$platform" "$@" 2>&1 |
    sed -u 's/\x1b\[[0-9;]*m//g'
}

if [ "${1:-}" = run ]; then
  shift
  classpath=$module/target/classpath.txt
  [ "$classpath" -nt "$module/pom.xml" ] || maven dependency:build-classpath -Dmdep.outputFile="$root/$classpath" -Dmdep.includeScope=test
  exec java -Djna.library.path="$built/lib" -Djna.nosys=true \
    -cp "$module/target/test-classes:$module/target/classes:$(cat "$classpath")" "$@"
fi
maven "$@"
