#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Whatever is killed, a server or a launch, before, while or after it mounts: the next
# launch is right, and in the end nothing is left.
. "$(dirname "$0")/lib.sh"
needs_fuse

mkdir "$WORK/app"
echo 'echo right' >"$WORK/app/run.sh"
xarbuild dir "$WORK/app" -o "$WORK/app.xar" --exec run.sh --mount-root "$ROOT" -q
servers() { server_of "$WORK/app.xar" | sort -u; }
kill_servers() {
  for server in $(servers); do kill -KILL "$server" 2>/dev/null || true; done
}
# moment ROUND: from 0 to 39 milliseconds, in an order without a pattern.
moment() { sleep "0.0$(printf %02d $(($1 * 17 % 40)))"; }

round=0
while [ "$round" -lt "${XAR_TEST_ROUNDS:-24}" ]; do
  # Half of the rounds begin without a mount.
  [ $((round % 2)) -eq 0 ] || xarexec -u "$WORK/app.xar" 2>/dev/null || true
  xarexec "$WORK/app.xar" >/dev/null 2>&1 &
  launch=$!
  moment "$round"
  case $((round % 3)) in
    0) kill_servers ;;
    1) kill -KILL "$launch" 2>/dev/null || true ;;
    2) kill_servers && kill -KILL "$launch" 2>/dev/null || true ;;
  esac
  same "round $round" right "$(timeout 60 xarexec "$WORK/app.xar")"
  wait "$launch" || true
  [ "$(count_mounts "$ROOT")" -le 1 ] || fail "round $round: mounts: $(mounts_below "$ROOT")"
  round=$((round + 1))
done
for server in $(servers); do kill "$server"; done
is_unserved() { [ -z "$(servers)" ]; }
wait_until is_unserved || fail "servers stay: $(servers)"
same "mounts" 0 "$(count_mounts "$ROOT")"
xarexec --clean --older-than 0 --root "$ROOT" >/dev/null
same "left" "" "$(ls -A "$ROOT/uid-$(id -u)")"
