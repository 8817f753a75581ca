#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The server of an earlier mount at the same path, which a namespace with a copy of that
# mount keeps, is neither a user of the next one nor in the way of unmounting it.
. "$(dirname "$0")/lib.sh"
needs_root
needs_fuse

mkdir "$WORK/data"
cd "$WORK"
echo content >data/file
xarbuild dir data -o data.xar --mount-root "$ROOT" -q
mkfifo go
# users: of all mounts of the archive, in all states.
users() {
  xarexec --list --json | python3 -c '
import json, sys
print([u for m in json.load(sys.stdin) if m["archive"] == sys.argv[1] for u in m["users"]])' "$WORK/data.xar"
}
count_servers() { own_servers | grep -c . || true; }

at=$(xarexec -m data.xar)
with_own_mounts sh -c 'echo >copied && read -r _' <go &
keeper=$!
exec 8>go
wait_until test -e copied
xarexec -u data.xar
same "the next mount" "$at" "$(xarexec -m data.xar)"
same "servers" 2 "$(count_servers)"
same "users" "[]" "$(users)"
xarexec --list | grep -F "$WORK/data.xar" | grep -q "in use" && fail "in use: $(xarexec --list)"
# Who uses the next mount is a user, and of that alone.
tail -f "$at/file" >/dev/null 2>&1 &
user=$!
reads() { readlink /proc/"$user"/fd/* | grep -q -x -F "$at/file"; }
wait_until reads || fail "tail does not read"
is_seen() { [ "$(users)" = "[{'pid': $user, 'command': 'tail'}]" ]; }
wait_until is_seen || fail "users: $(users)"
kill "$user"
wait "$user" || true
xarexec -u data.xar
same "mounts" "" "$(mounts_below "$ROOT")"
# The copy serves whoever has it, until that is done.
is_one() { [ "$(count_servers)" -eq 1 ]; }
wait_until is_one || fail "servers that a copy keeps: $(own_servers)"
echo >&8
exec 8>&-
wait "$keeper"
wait_until are_ended || fail "servers stay: $(own_servers)"
