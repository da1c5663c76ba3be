#!/bin/sh
# Writes classes/ anew: runs Vitals with its simulators in a folder of its own, lets the probe walk its journeys through it, and keeps which
# classes of the JDK and of libraries each service loaded. Comes after the programs were packaged.
set -eu
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
java=$JAVA_HOME/bin/java
sandbox="$java -jar services/sandbox/target/sandbox.jar"
ports=${PORTS:-27000}

JDK_JAVA_OPTIONS="-XX:DumpLoadedClassList=$work/%p.classes" $sandbox run --detach --directory "$work/run" --ports-from "$ports"
printf 'account=mira\n' > "$work/account"
printf 'member=1\ndecision=allow\n' > "$work/whoop"
cat > "$work/probe.yaml" <<YAML
profile: sandbox
target: http://localhost:$ports
issuer: http://localhost:$((ports + 5))
account: {form-file: $work/account}
connect: {whoop: http://localhost:$((ports + 3)), form-file: $work/whoop}
journeys: page,sign-in,connect,refresh
YAML
code=0
VITALS_CONFIG=$work/probe.yaml $java -jar services/probe/target/probe.jar once || code=$?
$sandbox stop --directory "$work/run"
[ "$code" = 0 ]

for service in whoop-service health-api; do
  : > "$work/all"
  for list in $(grep -l "^io/vitals/${service%%-*}/Main" "$work"/*.classes); do
    cat "$list" >> "$work/all"
  done
  [ -s "$work/all" ] || { echo "$service left no list of classes" >&2; exit 1; }
  services/runtime/classes.sh "$work/all" > "services/runtime/classes/$service.txt"
  wc -l "services/runtime/classes/$service.txt"
done
