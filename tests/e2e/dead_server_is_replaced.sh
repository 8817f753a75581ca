#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
. "$(dirname "$0")/lib.sh"
needs_fuse

mkdir "$WORK/app"
echo 'echo alive' >"$WORK/app/run.sh"
xarbuild dir "$WORK/app" -o "$WORK/app.xar" --exec run.sh --mount-root "$ROOT" -q
# The server of the mount: the process that has the archive open.
server() {
  for fd in /proc/[0-9]*/fd/*; do
    [ "$(readlink "$fd" 2>/dev/null)" = "$WORK/app.xar" ] || continue
    fd=${fd#/proc/}
    echo "${fd%%/*}"
    return
  done
}
for signal in KILL TERM KILL INT; do
  same "launch" alive "$(xarexec "$WORK/app.xar")"
  pid=$(server)
  [ -n "$pid" ] || fail "no server"
  kill -"$signal" "$pid"
  wait_until test ! -d "/proc/$pid" || fail "the server survives SIG$signal"
  same "launch after SIG$signal" alive "$(xarexec "$WORK/app.xar")"
  same "mounts" 1 "$(count_mounts "$ROOT")"
done
