#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
. "$(dirname "$0")/lib.sh"
needs_fuse_for_users

make_user
mkdir "$WORK/data" "$WORK/root-has" "$WORK/user-has" "$WORK/another"
share_launcher
echo content >"$WORK/data/file"
chown "$USER_NAME" "$WORK/user-has" "$WORK/another"
xarbuild dir "$WORK/data" -o "$WORK/data.xar" --mount-root "$ROOT" -q

xarexec -m "$WORK/data.xar" "$WORK/root-has" >/dev/null
as_user xarexec -m "$WORK/data.xar" "$WORK/user-has" >/dev/null
as_user xarexec -m "$WORK/data.xar" >/dev/null
refused 125 "it belongs to another user, 0" as_user xarexec -u "$WORK/root-has"
refused 125 "cannot mount on" as_user xarexec -m "$WORK/data.xar" "$WORK"
same "mounts" 3 "$(count_mounts "$WORK")"

# Busy, as fusermount3 knows it.
mkfifo "$WORK/go"
chmod 666 "$WORK/go"
as_user sh -c 'exec 8<"$1/file" && echo $$ && read -r _' sh "$WORK/user-has" <"$WORK/go" >"$WORK/pid" &
exec 9>"$WORK/go"
wait_until test -s "$WORK/pid"
refused 125 "cannot unmount: $WORK/user-has: in use by $(cat "$WORK/pid") (sh)" as_user xarexec -u "$WORK/user-has"
echo >&9
exec 9>&-
wait

# By the archive's name: their own of it.
as_user xarexec --unmount "$WORK/data.xar"
same "mounts" 1 "$(count_mounts "$WORK")"

# All of them: one's own again. Root may take any, by name.
as_user xarexec -m "$WORK/data.xar" "$WORK/user-has" >/dev/null
as_user xarexec -m "$WORK/data.xar" "$WORK/another" >/dev/null
xarexec --unmount "$WORK/another"
same "mounts" 2 "$(count_mounts "$WORK")"
as_user xarexec --unmount --all
same "mounts" 1 "$(count_mounts "$WORK")"
[ -e "$WORK/root-has/file" ] || fail "root's mount is gone"
as_user xarexec --unmount --all
xarexec --unmount "$WORK/root-has"

# Their servers leave with the last user; the user can only go after them.
is_alone() { ! pgrep -u "$USER_NAME" >/dev/null; }
wait_until is_alone || fail "a server stays without a mount"
