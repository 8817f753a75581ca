#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What an ordinary user has mounted in a namespace of its own, where others see nothing of
# it, is listed, is unmounted only if nobody uses it, and may go away at any moment.
. "$(dirname "$0")/lib.sh"
needs_root
needs_fuse
[ "$(stat -c %a /dev/fuse)" = 666 ] || skip "/dev/fuse is not open to users"
unshare -U true 2>/dev/null || skip "no user namespaces"

make_user
# Where the user may be, too: a shell says so elsewhere, in the midst of what is compared.
cd "$WORK"
mkdir "$WORK/bin" "$WORK/app"
cp "$XAR_BIN/xarexec" "$WORK/bin/"
chmod 755 "$WORK/bin"
PATH="$WORK/bin:$PATH"
export XAR_BACKEND=userns
echo 'echo "new ${XARFUSE_NEW_MOUNT-no}" && shift && "$@" && ls "$(dirname "$0")" >/dev/null' >"$WORK/app/run.sh"
xarbuild dir "$WORK/app" -o "$WORK/app.xar" --exec run.sh --mount-root "$ROOT" -q
launch() { as_user xarexec "$WORK/app.xar" "$@"; }
# member EXPRESSION: of what the user has listed for the archive, m.
member() {
  as_user xarexec --list --json | python3 -c '
import json, sys
m = next((m for m in json.load(sys.stdin) if m["archive"] == sys.argv[1]), None)
print(eval(sys.argv[2]))' "$WORK/app.xar" "$1"
}

same "launch" "new 1" "$(launch true)"
same "state" elsewhere "$(member 'm["state"]')"
same "users" "[]" "$(member 'm["users"]')"
# On a directory of the system that no user can remove, if it has one that is closed to users.
case $(member 'm["mount_point"]') in
  "$ROOT"/*) ! [ -d /sys/kernel/tracing ] || fail "it is mounted where users may remove it" ;;
esac
same "server" "$(server_of "$WORK/app.xar" | sort -u)" "$(member 'm["server"]["pid"]')"

mkfifo "$WORK/go"
touch "$WORK/pid"
chown "$USER_NAME" "$WORK/pid"
# shellcheck disable=SC2016
launch sh -c 'echo $$ >"$0" && read -r _' "$WORK/pid" <"$WORK/go" >"$WORK/late" &
user=$!
exec 8>"$WORK/go"
wait_until test -s "$WORK/pid"
same "users in use" True "$(member "any(u['pid'] == $(cat "$WORK/pid") or u['command'] == 'sh' for u in m['users'])")"
refused 125 "in use by" as_user xarexec -u "$WORK/app.xar"
same "state after a refusal" elsewhere "$(member 'm["state"]')"
# Lazily: who uses it keeps it, the next launch has one of its own.
as_user xarexec -u --lazy "$WORK/app.xar"
same "launch beside it" "new 1" "$(launch true)"
echo >&8
exec 8>&-
wait "$user" || fail "what used the mount has lost it"
same "what used the mount" "new no" "$(cat "$WORK/late")"

# Gone as soon as it is said, and no other user's business.
as_user xarexec -u "$WORK/app.xar"
is_unserved() { [ -z "$(server_of "$WORK/app.xar")" ]; }
is_unserved || wait_until is_unserved || fail "the server stays"
same "listed" None "$(member m)"
refused 125 "nothing to unmount" as_user xarexec -u "$WORK/app.xar"

# Launches at the moment at which it goes, by name: each keeps its files.
round=0
while [ "$round" -lt "${XAR_TEST_ROUNDS:-8}" ]; do
  launch true >/dev/null || fail "round $round: a launch failed"
  # Not lazily it may be refused, or find nothing.
  [ $((round % 2)) -eq 0 ] && option=--lazy || option=
  # shellcheck disable=SC2086
  as_user xarexec -u $option "$WORK/app.xar" 2>/dev/null &
  unmounter=$!
  answer=$(launch true 2>&1) || fail "round $round: $answer"
  case $answer in
    "new 1" | "new no") ;;
    *) fail "round $round: $answer" ;;
  esac
  wait "$unmounter" || true
  round=$((round + 1))
done
# Perhaps the last round's has gone already.
as_user xarexec -u --lazy "$WORK/app.xar" 2>/dev/null || true
wait_until is_unserved || fail "a server stays"
is_clean() { [ -z "$(ls -A "$ROOT/uid-$(id -u "$USER_NAME")")" ]; }
wait_until is_clean || fail "left: $(ls -A "$ROOT/uid-$(id -u "$USER_NAME")")"
