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
# The archive holds the path of the runtime that wrote it, so it has to be the same on every machine.
work=/tmp/vitals-archive
tries=0
until mkdir -m 700 "$work" 2>/dev/null; do
  tries=$((tries + 1))
  [ "$tries" -le 300 ] || { echo "vitals: $work is there already; if no other build runs, delete it" >&2; exit 1; }
  sleep 1
done
trap 'rm -rf "$work"' EXIT
cp -R "$here/target/java" "$work/java"
java=$work/java/bin/java

# The virtual machine finds the jars that it has opened in a hash table by their files' numbers. Which of its methods ran, and with that
# which entries of their constant pools are resolved, hangs on how those collide: so the n-th jar gets a number that ends in n.
mkdir "$work/libs" "$work/numbers"
jars=$(find "$target/libs" -name '*.jar' ! -name 'service-kit-*' -printf '%f\n' | LC_ALL=C sort)
ours=$(find "$target/libs" -name 'service-kit-*.jar' -printf 'libs/%f:')
range=512 made=0
until places=$(find "$work/numbers" -type f -printf '%i %f\n' | sort -n | awk -v range=$range -v wanted="$(echo "$jars" | wc -l)" '
  { end = $1 % range; if (end < wanted && !(end in place)) { place[end] = $2; found++ } }
  END { if (found < wanted) exit 1; for (i = 0; i < wanted; i++) print place[i] }'); do
  made=$((made + range))
  [ $made -le 65536 ] || { echo "vitals: $work is on a file system whose numbers do not suffice for $(echo "$jars" | wc -l) jars" >&2; exit 1; }
  (cd "$work/numbers" && seq $((made - range + 1)) $made | xargs touch)
done
echo "$jars" > "$work/jars"
echo "$places" | paste -d ' ' - "$work/jars" | while read -r place jar; do
  cat "$target/libs/$jar" > "$work/numbers/$place"
  mv "$work/numbers/$place" "$work/libs/$jar"
done
rm -r "$work/numbers" "$work/jars"
# The archive knows its jars by time and size; Jib gives all files of an image this time.
find "$work/libs" "$work/java" -type f -exec touch -d "$IMAGE_TIME" {} +
libs=$(echo "$jars" | sed 's|^|libs/|' | paste -sd : -)

rm -rf "$target/image"
mkdir -p "$target/image/archive/app" "$target/image/options/app"
# Heap and collector shape what is written, so they are the same on every machine. Nothing is collected while classes are loaded: what is
# done with what was found dead is done beside that, sooner or later, and leaves a trace. Nothing is compiled either: compiled code leaves
# entries of constant pools unresolved that interpreted code resolves, and what gets compiled in time hangs on how busy the machine is.
# The language of whoever builds would bring classes with it, so nothing of the environment comes along.
(cd "$work" && env -i "$java" -Xshare:dump -Xint -XX:+UseSerialGC -Xms384m -Xmx384m -XX:MetaspaceSize=256m -XX:SharedClassListFile="$here/classes/$service.txt" \
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
  echo "-cp \"$libs:${ours}classpath/$service.jar\""
} > "$target/image/options/app/java.options"
