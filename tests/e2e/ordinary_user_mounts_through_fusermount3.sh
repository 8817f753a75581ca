#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
. "$(dirname "$0")/lib.sh"
needs_root
needs_fuse
command -v fusermount3 >/dev/null || skip "no fusermount3"
[ "$(stat -c %a /dev/fuse)" = 666 ] || skip "/dev/fuse is not open to users"

# A number without a name is an ordinary user too.
as_user() {
  setpriv --reuid=54321 --regid=54321 --clear-groups \
    env PATH="$WORK/bin:$PATH" XAR_MOUNT_TIMEOUT="${XAR_MOUNT_TIMEOUT-870}" "$@"
}
mkdir "$WORK/bin" "$WORK/app"
cp "$XAR_BIN/xarexec" "$WORK/bin/"
chmod 755 "$WORK/bin"
printf 'echo "ran as $(id -u), new=${XARFUSE_NEW_MOUNT-no}"\n' >"$WORK/app/run.sh"
echo secret >"$WORK/app/private"
chmod 600 "$WORK/app/private"
xarbuild dir "$WORK/app" -o "$WORK/app.xar" --exec run.sh --mount-root "$ROOT" -q

same "first run" "ran as 54321, new=1" "$(as_user xarexec "$WORK/app.xar")"
same "second run" "ran as 54321, new=no" "$(as_user xarexec "$WORK/app.xar")"
same "root's own mount" "ran as 0, new=1" "$(xarexec "$WORK/app.xar")"
at=$(as_user xarexec -m "$WORK/app.xar")
same "owner" "$ROOT/uid-54321" "$(dirname "$at")"
# Who can read the archive can read what is in it.
same "private file" secret "$(as_user cat "$at/private")"
same "mounts" 2 "$(count_mounts "$ROOT")"

# Idle: fusermount3 takes it away, though not while it is in use.
as_user fusermount3 -u "$at"
export XAR_MOUNT_TIMEOUT=1
at=$(as_user xarexec -m "$WORK/app.xar")
as_user sh -c 'cd "$1" && sleep 4 && cat private' sh "$at" >"$WORK/late"
same "content after several time-outs" secret "$(cat "$WORK/late")"
is_gone() { [ "$(count_mounts "$ROOT/uid-54321")" -eq 0 ]; }
wait_until is_gone || fail "still mounted long after its last use"
