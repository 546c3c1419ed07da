#!/usr/bin/env bash
# What the Android app is built and tested with, without Android Studio: Debian's packaging tools, and from Maven the framework's classes,
# R8 and JNA for phones, laid in a folder outside of the clone. Made again when a version in android/gradle/libs.versions.toml changes.
. "$(dirname "${BASH_SOURCE[0]}")/android-common.sh"
"$tools/need-java.sh"
command -v python3 >/dev/null || apt_install python3
command -v aapt2 >/dev/null && command -v apksigner >/dev/null && command -v zipalign >/dev/null && command -v unzip >/dev/null ||
  apt_install aapt apksigner zipalign unzip

artifacts=(
  "org.robolectric:android-all-instrumented:$(version sdk26)" "org.robolectric:android-all-instrumented:$(version sdk34)"
  "org.robolectric:android-all-instrumented:$(version sdk35)" "org.robolectric:android-all:$(version androidAll)"
  "com.android.tools:r8:$(version r8)" "net.java.dev.jna:jna:$(version jna):aar"
)
stamp="${artifacts[*]} $(cksum <"$tools/android-framework.py")"
exec 8>"$cache/android.lock"
flock 8
[ "$(cat "$sdks/.made" 2>/dev/null)" = "$stamp" ] && exit 0
say "fetching Android's framework and R8 (once, 600 MB)"
rm -rf "$sdks"
mkdir -p "$sdks"
for artifact in "${artifacts[@]}"; do
  mvn -B -ntp -q org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy -Dartifact="$artifact" -DoutputDirectory="$sdks" |
    sed -u 's/\x1b\[[0-9;]*m//g'
done
# The framework's own resources, for aapt2 to link against.
python3 "$tools/android-framework.py" "$sdks/android-all-instrumented-$(version sdk35).jar" "$sdks/framework.apk"
echo "$stamp" >"$sdks/.made"
