#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Each function of xarexec/link_stubs replaces one of a library: something else that is
# linked into the launcher refers to it. And each source there is used.
. "$(dirname "$0")/lib.sh"

map="$XAR_BUILD/xarexec/xarexec.map"
[ -e "$map" ] || skip "the launcher is not static"

find "$XAR_BUILD/xarexec" -path '*/link_stubs/*.o' >"$WORK/objects"
# Each name as the linker has it, and as its map shows it.
defined() { xargs nm -p --defined-only "$@" <"$WORK/objects" | awk '$2 == "T" { print $3 }'; }
defined >"$WORK/symbols"
defined -C >"$WORK/names"
# An inline function that is replaced is defined where it is used. There the map lists it
# among the sections that are left out.
awk '
  /^ \.text\._Z/ { name = substr($1, 7); if (NF == 1) next }
  name != "" { if ($NF !~ /link_stubs/) print name; name = "" }
' "$map" | sort -u >"$WORK/replaced"
paste -d ' ' "$WORK/symbols" "$WORK/names" | sort | join -v 1 - "$WORK/replaced" | cut -d ' ' -f 2 | sort -u >"$WORK/defined"
[ -s "$WORK/defined" ] || fail "nothing is left out"

# The table at the map's end: for each name the file that defines it, and below it those
# that refer to it. A long name stands in a line of its own.
awk '
  /^Cross Reference Table/ { in_table = 1; next }
  !in_table { next }
  /^[^ ]/ { name = $1; files = NF - 1; next }
  { files++ }
  files > 1 { print name }
' "$map" | sort -u >"$WORK/referred"
same "functions that nothing refers to" "" "$(comm -23 "$WORK/defined" "$WORK/referred" | tr '\n' ' ')"

for source in "$HERE"/../../xarexec/link_stubs/*.cpp; do
  name=$(basename "$source" .cpp)
  [ "$name" = probe ] || grep -q "/$name\.cpp\.o$" "$WORK/objects" ||
    skip "this machine's libraries do not link with link_stubs/$name.cpp"
done
