#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# A list of mounts is as wide as the terminal, whatever the paths; elsewhere, and with --wide,
# paths are whole.
. "$(dirname "$0")/lib.sh"
needs_fuse

mkdir -p "$WORK/a/directory/with a long name/that takes the whole width of a terminal" "$WORK/src"
archive="$WORK/a/directory/with a long name/that takes the whole width of a terminal/data.xar"
echo x >"$WORK/src/x"
xarbuild dir "$WORK/src" -o "$archive" -q --mount-root "$ROOT"
point=$(xarexec --mount "$archive")

longest() { awk 'length > n { n = length } END { print n + 0 }'; }
for columns in 60 80 200; do
  COLUMNS=$columns xarexec --list >"$WORK/list"
  [ "$(longest <"$WORK/list")" -le "$columns" ] || fail "wider than $columns: $(cat "$WORK/list")"
  grep -q '^ *PID .*ARCHIVE' "$WORK/list" || fail "$(cat "$WORK/list")"
  grep -q 'data\.xar' "$WORK/list" || fail "the archive's name is cut off: $(cat "$WORK/list")"
  COLUMNS=$columns xarexec --list --wide | grep -F "$archive" | grep -q -F "$point" || fail "--wide has not the whole paths"
done
xarexec --list | grep -F "$archive" | grep -q -F "$point" || fail "a pipe does not get the whole paths"
