#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
. "$(dirname "$0")/lib.sh"
needs_fuse

mkdir -p "$WORK/data/folder" "$WORK/here" "$WORK/a b" "$WORK/there"
echo content >"$WORK/data/folder/file"
printf 'echo ran\n' >"$WORK/data/run.sh"
chmod +x "$WORK/data/run.sh"
cd "$WORK"
xarbuild dir data -o data.xar --exec run.sh --mount-root "$ROOT" -q
is_mounted() { awk -v at="$1" '$2 == at { n++ } END { exit !n }' /proc/mounts; }
is_free() { ! is_mounted "$1"; }

# Held in spite of the runs' time-out.
same "-m FILE DIR" here "$(XAR_MOUNT_TIMEOUT=1 xarexec -m data.xar here)"
diff -r data here
sleep 3
is_mounted "$WORK/here" || fail "not held"
refused 125 "mounted already on: $WORK/here" xarexec -m data.xar here
refused 125 "No such file" xarexec -m data.xar nowhere

# One that runs share, and one of a name with a space, side by side with it.
shared=$(xarexec -m data.xar)
xarexec --mount data.xar "a b/" --timeout 0 >/dev/null
same "mounts" 3 "$(count_mounts "$WORK")"

# Busy ones stay, and it is said who keeps them.
tail -f here/folder/file >/dev/null &
user=$!
uses() { find "/proc/$1/fd" -lname "$2" | grep -q .; }
wait_until uses "$user" "$WORK/here/folder/file"
refused 125 "in use by $user (tail): end them first, or add --lazy" xarexec --unmount here
refused 125 "in use by $user (tail)" xarexec --unmount "$WORK/here/"
is_mounted "$WORK/here" || fail "unmounted while in use"
(cd "a b/folder" && refused 125 "cannot unmount: $WORK/a b: in use by" xarexec --unmount "../../a b" </dev/null) ||
  fail "an unmount from inside"
xarexec --unmount --lazy here
is_free "$WORK/here" || fail "still mounted"
kill "$user"
wait "$user" || true

xarexec --unmount "a b"
same "mounts" 1 "$(count_mounts "$WORK")"
is_mounted "$shared" || fail "the wrong one is unmounted"
refused 125 "nothing to unmount at: a b" xarexec --unmount "a b"

# By the archive: all its mounts, whatever the path to it.
xarexec -m data.xar here >/dev/null
ln -s data.xar link.xar
xarexec --unmount ./link.xar
same "mounts" 0 "$(count_mounts "$WORK")"

# With a time-out, when it is idle, and not before.
xarexec -m --timeout 1 data.xar here >/dev/null
exec 9<here/folder/file
sleep 3
is_mounted "$WORK/here" || fail "unmounted while in use"
exec 9<&-
wait_until is_free "$WORK/here" || fail "still mounted long after its time-out"

# Its options.
xarexec -m -o noexec,timeout=60 data.xar here >/dev/null
(./here/run.sh) 2>/dev/null && fail "noexec is not obeyed"
xarexec -u here
refused 2 "unknown mount option: frob" xarexec -m -o frob data.xar here
refused 2 "bad time-out: --timeout" xarexec -m --timeout soon data.xar here

# The mount of a dead server gives way, also where an earlier one's server is still there.
# A namespace of another test may have a copy of an earlier mount, and keep its server.
earlier=$(server_of "$WORK/data.xar")
xarexec -m data.xar here >/dev/null
server=$(server_of "$WORK/data.xar" | sort -u | grep -v -x -F -e "${earlier:-none}")
exec 9<here/folder/file
xarexec -u -l here
STOPPED=$server
pause "$STOPPED"
xarexec -m data.xar here >/dev/null
kill_other() { [ "$1" = "$server" ] || kill -KILL "$1" 2>/dev/null || true; }
for other in $(server_of "$WORK/data.xar"); do kill_other "$other"; done
is_dead() { ! ls here >/dev/null 2>&1; }
wait_until is_dead || fail "the second server survives"
xarexec -m data.xar here >/dev/null
same "mounts over a dead one" 1 "$(count_mounts "$WORK")"
exec 9<&-
for server in $(server_of "$WORK/data.xar"); do kill -KILL "$server" 2>/dev/null || true; done
wait_until is_dead || fail "the server survives"
STOPPED=
xarexec -m data.xar here >/dev/null
same "mounts" 1 "$(count_mounts "$WORK")"
diff -r data here
xarexec -u here
refused 2 "expected a FILE, a DIR or --all" xarexec --unmount
refused 2 "expected a FILE, a DIR or --all" xarexec --unmount --all data.xar
