#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
. "$(dirname "$0")/lib.sh"
needs_fuse_for_users

make_user
uid=$(id -u "$USER_NAME")
mkdir "$WORK/app"
share_launcher
printf 'echo "ran as $(id -u), new=${XARFUSE_NEW_MOUNT-no}"\n' >"$WORK/app/run.sh"
echo secret >"$WORK/app/private"
chmod 600 "$WORK/app/private"
xarbuild dir "$WORK/app" -o "$WORK/app.xar" --exec run.sh --mount-root "$ROOT" -q

same "first run" "ran as $uid, new=1" "$(as_user xarexec "$WORK/app.xar")"
same "second run" "ran as $uid, new=no" "$(as_user xarexec "$WORK/app.xar")"
same "root's own mount" "ran as 0, new=1" "$("$XAR_BIN/xarexec" "$WORK/app.xar")"
at=$(as_user xarexec -m "$WORK/app.xar")
same "owner" "$ROOT/uid-$uid" "$(dirname "$at")"
# Who can read the archive can read what is in it.
same "private file" secret "$(as_user cat "$at/private")"
same "mounts" 2 "$(count_mounts "$ROOT")"

# Idle: fusermount3 takes it away, though not while it is in use.
as_user fusermount3 -u "$at"
export XAR_MOUNT_TIMEOUT=1
at=$(as_user xarexec -m "$WORK/app.xar")
as_user sh -c 'cd "$1" && sleep 4 && cat private' sh "$at" >"$WORK/late"
same "content after several time-outs" secret "$(cat "$WORK/late")"
is_gone() { [ "$(count_mounts "$ROOT/uid-$uid")" -eq 0 ]; }
wait_until is_gone || fail "still mounted long after its last use"
