#!/usr/bin/env bash
# Takes the twelve pictures in android/screens anew, from those that `tests/run android` has painted, with fewer colours: at most 60 KB each.
. "$(dirname "${BASH_SOURCE[0]}")/android-common.sh"
command -v pngquant >/dev/null || apt-get install -y -qq pngquant >/dev/null
mkdir -p android/screens
for name in today-en-light-1 faces-ar-light-1 help-prs-dark-1 pairing-uk-light-1 group-ar-dark-1 attendance-en-light-1 service-en-light-1 \
  contact-uk-dark-1 check-ins-prs-light-1 directory-en-dark-1 together-ar-light-1 today-uk-light-2; do
  pngquant --force --strip --speed 1 --nofs --output "android/screens/$name.png" 32 "$out/screens/$name.png"
  size=$(stat -c %s "android/screens/$name.png")
  [ "$size" -le 61440 ] || fail "$name.png has $size bytes"
  say "$name $size"
done
