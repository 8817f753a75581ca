#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Without /etc/mtab fusermount3 unmounts nothing for users; who tries is told so.
. "$(dirname "$0")/lib.sh"
needs_fuse_for_users

make_user
share_launcher
mkdir "$WORK/data" "$WORK/etc" "$WORK/here"
cd "$WORK"
for file in passwd group nsswitch.conf fuse.conf ld.so.cache ld.so.conf; do
  [ ! -e "/etc/$file" ] || cp "/etc/$file" etc/
done
echo content >data/file
xarbuild dir data -o data.xar --mount-root "$ROOT" -q
chown "$USER_NAME" here
at=$(as_user xarexec -m data.xar)
as_user xarexec -m data.xar here >/dev/null

# without_mtab COMMAND...: in the same mounts, but for /etc.
without_mtab() {
  # shellcheck disable=SC2016
  with_own_mounts sh -c 'mount --bind etc /etc && exec "$@"' sh \
    setpriv --reuid="$(id -u "$USER_NAME")" --regid="$(id -g "$USER_NAME")" --clear-groups "$@"
}
for option in "" --lazy; do
  for point in "$at" "$WORK/here"; do
    refused 125 "fusermount3: failed to open /etc/mtab" without_mtab xarexec -u $option "$point"
    grep -q "ln -s /proc/self/mounts /etc/mtab" "$WORK/.stderr" || fail "no advice: $(cat "$WORK/.stderr")"
  done
done
same "mounts" 2 "$(count_mounts "$WORK")"
as_user xarexec -u --all
same "mounts" 0 "$(count_mounts "$WORK")"
is_alone() { ! pgrep -u "$USER_NAME" >/dev/null; }
wait_until is_alone || fail "a server stays without a mount"
