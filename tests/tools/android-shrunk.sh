#!/usr/bin/env bash
# AsShippedTest over what R8 leaves of the app: class files instead of dex, run on Robolectric with the library as it ships. The test goes
# through R8 together with the app, so that it finds it under its new names; what is kept is kept by the rules that ship.
# android-shrunk.sh [RULES]: with other rules for the library. After tests/tools/android.sh test-compile.
. "$(dirname "${BASH_SOURCE[0]}")/android-common.sh"
rules=${1:-$root/bindings/kotlin/src/main/resources/META-INF/proguard/rafiq.pro}
shrunk=$out/shrunk
rm -rf "$shrunk"
mkdir -p "$shrunk/classes" "$shrunk/stand-ins"
"$tools/android.sh" dependency:build-classpath -Dmdep.outputFile="$shrunk/runtime.txt" -DincludeScope=runtime
"$tools/android.sh" dependency:build-classpath -Dmdep.outputFile="$shrunk/all.txt" -DincludeScope=test
mapfile -t libraries < <(tr ':' '\n' <"$shrunk/runtime.txt")
known=() # what the test stands on, and Robolectric brings
while read -r jar; do known+=(--classpath "$jar"); done < <(
  tr ':' '\n' <"$shrunk/all.txt" | grep -vxF -f <(printf '%s\n' "${libraries[@]}") | grep -v /android-all/
)

(cd "$out/classes" && zip -q -X -r "$shrunk/app.jar" . -x 'META-INF/*')
(cd "$out/test-classes" && zip -q -X -r "$shrunk/test.jar" org/rafiq/app/shipped org/rafiq/app/platform/FakeKeystore* \
  org/rafiq/presenters/Relay*)
cp -r "$out/test-classes/androidx" "$shrunk/stand-ins/"
java -Xmx2g -cp "$sdks/r8-$(version r8).jar" com.android.tools.r8.R8 --release --classfile \
  --lib "$sdks/android-all-$(version androidAll).jar" --lib "$java_home" "${known[@]}" --pg-conf "$app/keep.pro" --pg-conf "$rules" \
  --pg-conf "$app/src/test/shrunk.pro" --pg-map-output "$shrunk/names.txt" --output "$shrunk/shrunk.jar" \
  "$shrunk/app.jar" "$shrunk/test.jar" "${libraries[@]}" >"$shrunk/r8.log" 2>&1 || { tail -40 "$shrunk/r8.log"; fail "R8"; }
unzip -qo "$shrunk/shrunk.jar" -d "$shrunk/classes"
# A test of classes that nobody shrank would show nothing.
[ ! -e "$shrunk/classes/org/rafiq/presenters/AppPresenter.class" ] || fail "the presenters still have their names"
"$tools/android.sh" -Pshrunk surefire:test -Dtest=AsShippedTest
