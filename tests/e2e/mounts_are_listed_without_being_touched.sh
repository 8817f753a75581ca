#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
. "$(dirname "$0")/lib.sh"
needs_fuse

mkdir -p "$WORK/data/folder" "$WORK/here"
echo content >"$WORK/data/folder/file"
cd "$WORK"
xarbuild dir data -o data.xar --mount-root "$ROOT" -q
shared=$(xarexec -m data.xar)
xarexec -m --timeout 900 data.xar here >/dev/null

# member POINT EXPRESSION: of what is listed as JSON for a mount point, m.
member() {
  xarexec --list --json | python3 -c '
import json, sys
m = next(m for m in json.load(sys.stdin) if m["mount_point"] == sys.argv[1])
print(eval(sys.argv[2]))' "$1" "$2"
}
held="$WORK/here"
same "archive" "$WORK/data.xar" "$(member "$held" 'm["archive"]')"
same "archive" "$WORK/data.xar" "$(member "$shared" 'm["archive"]')"
same "state" "mounted" "$(member "$held" 'm["state"]')"
same "owner" "$(id -u)" "$(member "$held" 'm["owner"]')"
same "time-outs" "900 870" "$(member "$held" 'm["server"]["timeout_seconds"]') $(member "$shared" 'm["server"]["timeout_seconds"]')"
same "users" "[]" "$(member "$held" 'm["users"]')"
server=$(member "$held" 'm["server"]["pid"]')
server_of "$WORK/data.xar" | grep -q -x "$server" || fail "$server is no server"
same "memory" True "$(member "$held" '2**18 < m["server"]["memory_bytes"] < 2**28')"

# Every kind of use is seen: a descriptor, a working directory, a mapping, a program.
tail -f here/folder/file >/dev/null 2>&1 &
user=$!
reads() { readlink /proc/"$user"/fd/* | grep -q folder/file; }
wait_until reads
same "a descriptor's" "[{'pid': $user, 'command': 'tail'}]" "$(member "$held" 'm["users"]')"
same "only that mount's" "[]" "$(member "$shared" 'm["users"]')"
xarexec --list | grep -F "$held" | grep -q "in use" || fail "not in use: $(xarexec --list)"
kill "$user"
wait "$user" || true
(cd here && xarexec --list --json) | grep -q '"command":"xarexec"' || fail "a working directory is not seen"
python3 -c '
import mmap, subprocess, sys
with open(sys.argv[1]) as file: mapped = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)
file.close()
sys.stdout.write(subprocess.run(["xarexec", "--list", "--json"], capture_output=True, text=True).stdout)' \
  here/folder/file | grep -q '"command":"python3' || fail "a mapping is not seen"

# The table has the same, a line a mount.
xarexec --list >"$WORK/table"
grep -q -E "^ *PID +UID +UP +IDLE +MEMORY +USERS +STATE +ARCHIVE +MOUNT POINT$" "$WORK/table" ||
  fail "titles: $(cat "$WORK/table")"
grep -q -E "^ *$server .* 0  mounted +$WORK/data.xar +$held$" "$WORK/table" || fail "no line of $server: $(cat "$WORK/table")"

# Stopped and dead servers hold nobody up, and to list is no use of a mount.
pause "$server"
same "state" "stuck" "$(member "$held" 'm["state"]')"
kill -KILL "$server"
is_dead() { [ "$(member "$held" 'm["state"]')" = dead ]; }
wait_until is_dead || fail "a dead server's mount is $(member "$held" 'm["state"]')"
same "server" None "$(member "$held" 'm["server"]')"
xarexec -u "$held"
xarexec -u "$shared"
XAR_MOUNT_TIMEOUT=1 xarexec -m data.xar >/dev/null
tries=0
while xarexec --list | grep -q -F "$shared"; do
  tries=$((tries + 1))
  [ "$tries" -lt 300 ] || fail "looking at it keeps it mounted"
  sleep 0.1
done

# A stopped server does not notice that its mount is gone, and the next mount can have the
# same number. It is not that mount's server.
echo other >data/folder/file
xarbuild dir data -o other.xar --mount-root "$ROOT" -q
xarexec -m data.xar here >/dev/null
gone=$(member "$held" 'm["server"]["pid"]')
pause "$gone"
umount -l "$held" 2>/dev/null || fusermount3 -uz "$held"
mkdir there
xarexec -m other.xar there >/dev/null
same "archive" "$WORK/other.xar" "$(member "$WORK/there" 'm["archive"]')"
same "the stopped one's state" elsewhere "$(member "$held" 'm["state"]')"
xarexec -u other.xar
same "mounts" "" "$(mounts_below "$WORK")"
kill -CONT "$gone"
