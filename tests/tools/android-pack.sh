#!/usr/bin/env bash
# The app as a phone gets it, but for librafiq: shrunk by R8, packed, laid on borders of 16 KiB, signed with a key that is thrown away.
# After tests/tools/android.sh compile. Prints what the APK says of itself.
#
# librafiq for Android is made by .github/workflows/mobile.yml alone (it needs the NDK): without it this APK shows that everything else
# can be packed, and starts on no phone.
. "$(dirname "${BASH_SOURCE[0]}")/android-common.sh"
pack=$out/pack
rm -rf "$pack"
mkdir -p "$pack/dex" "$pack/apk" "$pack/jna"

"$tools/android.sh" dependency:build-classpath -Dmdep.outputFile="$pack/classpath.txt" -DincludeScope=runtime
mapfile -t libraries < <(tr ':' '\n' <"$pack/classpath.txt" | grep -v '/net/java/dev/jna/')
unzip -qo "$sdks/jna-$(version jna).aar" classes.jar 'jni/*' -d "$pack/jna"
(cd "$out/classes" && zip -q -X -r "$pack/app.jar" . -x 'META-INF/*')
java -Xmx2g -cp "$sdks/r8-$(version r8).jar" com.android.tools.r8.R8 --release --min-api "$(version minSdk)" \
  --lib "$sdks/android-all-$(version androidAll).jar" --lib "$java_home" --pg-conf "$app/keep.pro" \
  --pg-conf "$root/bindings/kotlin/src/main/resources/META-INF/proguard/rafiq.pro" --pg-map-output "$pack/names.txt" --output "$pack/dex" \
  "$pack/app.jar" "${libraries[@]}" "$pack/jna/classes.jar" >"$pack/r8.log" 2>&1 || { tail -40 "$pack/r8.log"; fail "R8"; }

cp "$out/resources.apk" "$pack/unaligned.apk"
for processor in arm64-v8a armeabi-v7a x86_64; do
  mkdir -p "$pack/apk/lib/$processor"
  cp "$pack/jna/jni/$processor/libjnidispatch.so" "$pack/apk/lib/$processor/"
done
cp "$pack"/dex/classes*.dex "$pack/apk/"
(cd "$pack/apk" && zip -q -X ../unaligned.apk classes*.dex && zip -q -X -0 -r ../unaligned.apk lib)
python3 "$tools/android-align.py" "$pack/unaligned.apk" "$pack/aligned.apk"
keytool -genkeypair -keystore "$pack/key" -storepass throw-away -alias key -keyalg RSA -keysize 3072 -validity 2 -dname CN=Test 2>/dev/null
apksigner sign --ks "$pack/key" --ks-pass pass:throw-away --v1-signing-enabled false --v2-signing-enabled true \
  --v3-signing-enabled true --min-sdk-version "$(version minSdk)" --out "$pack/rafiq.apk" "$pack/aligned.apk"
rm "$pack/key"
signature=$(apksigner verify --verbose --min-sdk-version "$(version minSdk)" "$pack/rafiq.apk")
grep -q '^Verified using v2 scheme.*: true' <<<"$signature" && grep -q '^Verified using v3 scheme.*: true' <<<"$signature" ||
  fail "the signature: $signature"
badging=$(aapt2 dump badging "$pack/rafiq.apk")
say "APK $pack/rafiq.apk: $(stat -c %s "$pack/rafiq.apk") bytes"
grep -E "^(package|sdkVersion|targetSdkVersion|locales|native-code)" <<<"$badging"
grep -E '^Verified using v[23] scheme' <<<"$signature"
python3 "$tools/android-align.py" --check "$pack/rafiq.apk"
say "librafiq is not in it: for Android it is built only by .github/workflows/mobile.yml"
