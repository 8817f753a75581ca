#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
. "$(dirname "$0")/lib.sh"
needs_fuse

mkdir "$WORK/app"
echo 'echo alive' >"$WORK/app/run.sh"
xarbuild dir "$WORK/app" -o "$WORK/app.xar" --exec run.sh --mount-root "$ROOT" -q
server() { server_of "$WORK/app.xar" | head -n 1; }
for signal in KILL TERM KILL INT; do
  same "launch" alive "$(xarexec "$WORK/app.xar")"
  pid=$(server)
  [ -n "$pid" ] || fail "no server"
  kill -"$signal" "$pid"
  wait_until test ! -d "/proc/$pid" || fail "the server survives SIG$signal"
  same "launch after SIG$signal" alive "$(xarexec "$WORK/app.xar")"
  same "mounts" 1 "$(count_mounts "$ROOT")"
done

# Stopped, alone and with the archive in use: within a bounded time, far below the
# test's, the launch runs.
at=$(xarexec -m "$WORK/app.xar")
exec 9<"$at/run.sh"
pid=$(server)
pause "$pid"
same "launch with a stopped server" alive "$(timeout 20 xarexec "$WORK/app.xar")"
pause "$pid"
same "mounting with a stopped server" "$at" "$(timeout 20 xarexec -m "$WORK/app.xar")"
same "mounts" 1 "$(count_mounts "$ROOT")"

# In a debugger's hands, where SIGCONT changes nothing: another server takes its place,
# and it goes on serving who uses its mount.
hold "$pid"
same "launch with a traced server" alive "$(timeout 20 xarexec "$WORK/app.xar" 7>&-)"
same "mounts" 1 "$(count_mounts "$ROOT")"
[ "$(server_of "$WORK/app.xar" | sort -u | wc -l)" -eq 2 ] || fail "no server is in its place"
let_go
same "content of the traced server's mount" "echo alive" "$(cat <&9)"
exec 9<&-
wait_until test ! -d "/proc/$pid" || fail "the traced server stays"
pid=$(server)
exec 9<"$at/run.sh"

# Ended politely while in use: who uses it keeps it, and a new one is made.
kill -TERM "$pid"
is_gone() { [ "$(count_mounts "$ROOT")" -eq 0 ]; }
wait_until is_gone || fail "SIGTERM does not unmount"
same "launch beside the old server" alive "$(xarexec "$WORK/app.xar")"
same "content of the old mount" "echo alive" "$(cat <&9)"
exec 9<&-
wait_until test ! -d "/proc/$pid" || fail "the old server stays"
same "launch after the old server" alive "$(xarexec "$WORK/app.xar")"
same "mounts" 1 "$(count_mounts "$ROOT")"

# The last server leaves nothing behind.
kill -TERM "$(server)"
is_clean() { [ -z "$(ls -A "$ROOT/uid-$(id -u)")" ]; }
wait_until is_clean || fail "left: $(ls -A "$ROOT/uid-$(id -u)")"
