#!/bin/sh
# Puts one program of a Debian package into the folder $1, with the libraries that it is linked with and no others:
# collect-program.sh ROOT PACKAGE PROGRAM [FILE…]. The C library is not among them: it is in the common root beside this script's target.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
common=$here/target/root
package=$2
program=$3
rm -rf "$1"
mkdir -p "$1"
root=$(cd "$1" && pwd)
shift 3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
# Whatever it may need of libraries; which of them it does need, its loader tells below. Elogind would stand in for systemd's.
packages=$(apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces --no-enhances \
  "$package" | grep -E '^(lib[a-z0-9.+-]+|gcc-[0-9]+-base)$' | grep -vE '^lib(js-|elogind)' | sort -u)
# shellcheck disable=SC2086 # A list.
apt-get -o APT::Sandbox::User=root download -qq "$package" $packages
for deb in *.deb; do
  dpkg-deb -x "$deb" all
done
path=$(find all -name '*.so.*' -exec dirname {} + | sort -u | sed "s|^|$work/|" | paste -sd : -)
loader=$(find all -name 'ld-linux-*.so.*' -type f | head -n 1)
"$loader" --library-path "$path" --list "all$program" >linked
! grep 'not found' linked
mkdir -p "$root/lib" "$root$(dirname "$program")" "$root/usr/share/doc" "$root/var/lib/dpkg/status.d"
cp "all$program" "$root$program"
sed -n 's|^[^/]*=> \(/[^ ]*\) .*|\1|p' linked | while read -r library; do
  name=$(basename "$library")
  [ -e "$common/lib/$name" ] || cp -L "$library" "$root/lib/$name"
done
for file in "$@"; do
  mkdir -p "$root$(dirname "$file")"
  cp -R "all$file" "$root$file"
done
# Scanners read from here what is installed: the packages that something was taken from.
for deb in *.deb; do
  name=$(dpkg-deb -f "$deb" Package)
  for file in $(dpkg-deb --fsys-tarfile "$deb" | tar -t | grep -v '/$' | sed 's|.*/||'); do
    if [ "$name" = "$package" ] || [ -e "$root/lib/$file" ]; then
      dpkg-deb -f "$deb" >"$root/var/lib/dpkg/status.d/$name"
      mkdir -p "$root/usr/share/doc/$name"
      cp -L "all/usr/share/doc/$name/copyright" "$root/usr/share/doc/$name/"
      break
    fi
  done
done
# Jib stores none; those in pages lead to scripts of other packages, without which they show what they show.
find "$root" -type l -delete
find "$root" -type d -exec chmod 755 {} +
find "$root" -type f -exec chmod 644 {} +
chmod 755 "$root$program"
