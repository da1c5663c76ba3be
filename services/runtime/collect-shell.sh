#!/bin/sh
# Puts into the folder $1 what the sandbox alone needs, for its PostgreSQL: a shell as /bin/sh, the C++ library and the locale C.UTF-8.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(
  cd "$work"
  # The licence of the C++ library lies in the compiler's package of names.
  base=$(apt-cache depends libgcc-s1 | sed -n 's/ *Depends: \(gcc-[0-9]*-base\)/\1/p')
  apt-get -o APT::Sandbox::User=root download -qq dash libc-bin libstdc++6 libgcc-s1 "$base"
  for deb in *.deb; do
    dpkg-deb -x "$deb" all
  done
)
rm -rf "$1"
mkdir -p "$1/bin" "$1/lib" "$1/usr/lib/locale"
cp "$(find "$work/all" -path '*bin/dash')" "$1/bin/sh"
for name in libstdc++.so.6 libgcc_s.so.1; do
  cp -L "$(find "$work/all" -name "$name" | head -n 1)" "$1/lib/$name"
done
# Scanners read from here what is installed.
for deb in "$work"/*.deb; do
  name=$(dpkg-deb -f "$deb" Package)
  mkdir -p "$1/var/lib/dpkg/status.d" "$1/usr/share/doc/$name"
  dpkg-deb -f "$deb" >"$1/var/lib/dpkg/status.d/$name"
  cp -L "$work/all/usr/share/doc/$name/copyright" "$1/usr/share/doc/$name/"
done
cp -RL "$work/all/usr/lib/locale/C.utf8" "$1/usr/lib/locale/"
find "$1" -type d -exec chmod 755 {} +
find "$1" -type f -exec chmod 644 {} +
chmod 755 "$1/bin/sh"
