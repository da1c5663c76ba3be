#!/bin/sh
# Puts a shell, as /bin/sh, into the folder $1: for the sandbox alone, whose PostgreSQL needs one.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd "$work" && apt-get -o APT::Sandbox::User=root download -qq dash && dpkg-deb -x dash_*.deb all)
rm -rf "$1"
mkdir -p "$1/bin"
cp "$(find "$work/all" -path '*bin/dash')" "$1/bin/sh"
chmod 755 "$1/bin/sh"
