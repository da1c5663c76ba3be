#!/bin/sh
# Prints the classes for an archive, sorted, from a list that a virtual machine wrote (-XX:DumpLoadedClassList): those of the JDK and of
# libraries. What only that one run knew is left out: its numbers, classes of custom loaders, our own.
set -eu
grep -v -e '^#' -e '^@' -e 'source:' -e '^io/vitals/' "$1" | sed 's/ id: .*//' | LC_ALL=C sort -u
