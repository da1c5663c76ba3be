#!/bin/sh
# Puts the root of the image into the folder $1: the C library, certificates, time zones, names of users and services.
# No shell, no package manager, no link, nothing that anybody but root may write. Needs apt-get, as on any Debian.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$1
rm -rf "$root"
mkdir -p "$root"
root=$(cd "$root" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
for package in $(grep -v '^#' "$here/packages.txt"); do
  apt-get -o APT::Sandbox::User=root download -qq "$package"
  deb=$(echo "${package}"_*.deb)
  dpkg-deb -x "$deb" all
  # Scanners read from here what is installed.
  mkdir -p "$root/var/lib/dpkg/status.d"
  dpkg-deb -f "$deb" > "$root/var/lib/dpkg/status.d/$package"
  mkdir -p "$root/usr/share/doc/$package"
  cp "all/usr/share/doc/$package/copyright" "$root/usr/share/doc/$package/"
done

# Jib does not store links, so each name is a file of its own.
libraries=$(dirname "$(find all -name libc.so.6)")
loader=$(find "$libraries" -name 'ld-linux-*.so.*')
mkdir -p "$root/lib" "$root/lib64"
for name in libc.so.6 libm.so.6 libdl.so.2 libpthread.so.0 librt.so.1 libresolv.so.2 libnss_dns.so.2 libnss_files.so.2; do
  cp -L "$libraries/$name" "$root/lib/$name"
done
# The only path that a program holds in itself; x86-64 looks under /lib64, arm64 under /lib.
case $(basename "$loader") in
  ld-linux-aarch64*) cp -L "$loader" "$root/lib/" ;;
  *) cp -L "$loader" "$root/lib64/" ;;
esac

mkdir -p "$root/etc/ssl/certs" "$root/usr/share"
find all/usr/share/ca-certificates/mozilla -name '*.crt' | LC_ALL=C sort | xargs cat > "$root/etc/ssl/certs/ca-certificates.crt"
cp -RL all/usr/share/zoneinfo "$root/usr/share/zoneinfo"
rm -rf "$root/usr/share/zoneinfo/right" "$root/usr/share/zoneinfo/posix"
cp all/etc/services all/etc/protocols "$root/etc/"
# Scanners read from here of which distribution the packages are.
cp all/usr/lib/os-release "$root/etc/os-release"
echo 'hosts: files dns' > "$root/etc/nsswitch.conf"
printf 'root:x:0:0:root:/:/nonexistent\nvitals:x:10001:10001:vitals:/:/nonexistent\n' > "$root/etc/passwd"
printf 'root:x:0:\nvitals:x:10001:\n' > "$root/etc/group"
find "$root" -type d -exec chmod 755 {} +
find "$root" -type f -exec chmod 644 {} +
chmod 755 "$root"/lib*/ld-linux-*
