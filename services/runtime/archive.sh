#!/bin/sh
# Writes what makes a service start fast into services/$1/target/image: an archive of its libraries' classes, in the form in which the
# virtual machine keeps them, and the class path that fits it. Comes after the service was packaged and the runtime linked.
#
# The archive holds no class of our own, so that a change of ours leaves it, and with it the layer, as it is. Written from one sorted list
# it comes out the same byte for byte wherever it is built; a list in the order of loading, or the ahead-of-time cache that the virtual
# machine writes of itself when it ends, does not.
set -eu
service=$1
here=$(cd "$(dirname "$0")" && pwd)
target=$here/../$service/target
java=$here/target/java/bin/java
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mkdir "$work/libs"
cp "$target"/libs/*.jar "$work/libs/"
ours=$(cd "$work/libs" && ls | grep -E '^service-kit-' | sed 's|^|libs/|')
(cd "$work" && rm $ours)
# The archive knows its jars by time and size; Jib gives all files of an image this time.
find "$work/libs" -name '*.jar' -exec touch -d "$IMAGE_TIME" {} +
libs=$(cd "$work" && ls libs/*.jar | LC_ALL=C sort | paste -sd : -)

rm -rf "$target/image"
mkdir -p "$target/image/archive/app" "$target/image/options/app"
# Heap and collector shape what is written, so they are the same on every machine.
(cd "$work" && "$java" -Xshare:dump -XX:+UseSerialGC -Xmx384m -XX:SharedClassListFile="$here/classes/$service.txt" \
  -XX:SharedArchiveFile="$work/libs.jsa" --enable-native-access=ALL-UNNAMED -cp "$libs" > "$work/log" 2>&1) || {
  cat "$work/log" >&2
  exit 1
}
cp "$work/libs.jsa" "$target/image/archive/app/libs.jsa"
chmod 644 "$target/image/archive/app/libs.jsa"
# An archive is taken for a class path that begins with its own, written alike: relative to /app, where the process starts.
{
  echo "-XX:SharedArchiveFile=/app/libs.jsa"
  echo "--enable-native-access=ALL-UNNAMED"
  echo "-cp \"$libs:$(echo $ours | tr ' ' ':'):classpath/$service.jar\""
} > "$target/image/options/app/java.options"
