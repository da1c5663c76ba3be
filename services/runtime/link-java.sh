#!/bin/sh
# Links a Java runtime of the modules in modules.txt into the folder $1. JAVA_HOME is a JDK 25.
set -eu
here=$(dirname "$0")
modules=$(grep -v '^#' "$here/modules.txt" | paste -sd , -)
rm -rf "$1"
"$JAVA_HOME/bin/jlink" --add-modules "$modules" --output "$1" \
  --strip-debug --no-header-files --no-man-pages --compress zip-6 --dedup-legal-notices=error-if-not-same-content
# Nothing in a container starts a window, and jlink has no option for it.
rm -f "$1/lib/libawt_xawt.so" "$1/lib/libjawt.so"
