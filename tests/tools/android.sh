#!/usr/bin/env bash
# android.sh MAVEN-WORD…   Maven in android/app against the built library: android.sh test -Dtest=SomeTest
# android.sh resources     only what aapt2 makes: R.java, and an APK of resources alone, which Robolectric reads
# Build the library first: tests/tools/build-bindings.sh
. "$(dirname "${BASH_SOURCE[0]}")/android-common.sh"
"$tools/need-android.sh"
mkdir -p "$out/r"

# Gradle writes package and levels into the manifest; here it is done by hand.
manifest=$out/AndroidManifest.xml
sed "s|<manifest |&package=\"$(version applicationId)\" |" "$app/src/main/AndroidManifest.xml" >"$manifest"
# Made again when something is newer. Somebody may have removed a file, so the list of them counts too.
find "$app/src/main/res" "$app/src/main/AndroidManifest.xml" android/gradle/libs.versions.toml "$tools"/android*.sh -type f | sort >"$out/resources.txt.new"
if [ ! -f "$out/resources.apk" ] || ! cmp -s "$out/resources.txt.new" "$out/resources.txt" ||
  [ -n "$(xargs -a "$out/resources.txt.new" -d '\n' -I{} find {} -newer "$out/resources.apk" | head -1)" ]; then
  aapt2 compile --dir "$app/src/main/res" -o "$out/resources.zip"
  aapt2 link -I "$sdks/framework.apk" --manifest "$manifest" --java "$out/r" --auto-add-overlay \
    --min-sdk-version "$(version minSdk)" --target-sdk-version "$(version targetSdk)" \
    --version-code "$(version versionCode)" --version-name "$(version versionName)" \
    -o "$out/resources.apk" "$out/resources.zip"
  mv "$out/resources.txt.new" "$out/resources.txt"
fi
[ "${1:-}" != resources ] || exit 0

# Where Robolectric finds manifest and resources.
settings=$out/test-settings/com/android/tools
mkdir -p "$settings"
printf 'android_merged_manifest=%s\nandroid_resource_apk=%s\nandroid_custom_package=%s\n' \
  "$manifest" "$out/resources.apk" "$(version applicationId)" >"$settings/test_config.properties"

versions=()
for name in kotlin coroutines jna zxing androidAll gummyBears animalSniffer junit robolectric; do versions+=("-D$name.version=$(version $name)"); done
mvn -B -ntp -q -f "$app/pom.xml" "${versions[@]}" -Drafiq.target="$CARGO_TARGET_DIR" -Drafiq.sdks="$sdks" "$@" 2>&1 |
  sed -u 's/\x1b\[[0-9;]*m//g'
