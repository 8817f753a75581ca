#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# --unmount --lazy of a mount in use: a program that runs from it still finds its files by
# path, the next run has a mount of its own, and the old one goes with its last user.
. "$(dirname "$0")/lib.sh"
needs_fuse

mkdir "$WORK/app" "$WORK/here"
cd "$WORK"
cat >app/run.sh <<'END'
echo "$0" >"$2" && read -r _ && cat "$(dirname "$0")/data"
END
echo right >app/data
xarbuild dir app -o app.xar --exec run.sh --mount-root "$ROOT" -q
mkfifo go
is_mounted() { mounts_below "$ROOT" | grep -q -x -F "$1"; }
is_gone() { ! is_mounted "$1"; }

# begin COMMAND...: runs the archive until end; $old is its mount.
begin() {
  rm -f ready
  "$@" "$WORK/ready" <go >late &
  program=$!
  exec 8>go
  wait_until test -s ready || fail "the program does not start"
  old=$(dirname "$(cat ready)")
}
end() {
  echo >&8
  exec 8>&-
  wait "$program" || fail "$1: the program has lost its files"
  same "$1" right "$(cat late)"
}

begin xarexec app.xar
xarexec --unmount --lazy app.xar
xarexec --unmount --lazy app.xar
new=$(xarexec -m app.xar)
[ "$new" != "$old" ] || fail "a later run uses the mount"
same "a second one" "$new" "$(xarexec -m app.xar)"
end "after --lazy"
wait_until is_gone "$old" || fail "the mount stays without users"
is_mounted "$new" || fail "the later mount is gone"
xarexec -u "$new"
same "mounts" "" "$(mounts_below "$ROOT")"

# One that nobody uses goes at once.
unused=$(xarexec -m app.xar)
xarexec -u -l app.xar
is_gone "$unused" || fail "an unused mount stays"

# One that is held goes at once, too, and what is open stays readable.
xarexec -m app.xar here >/dev/null
exec 7<here/data
xarexec -u -l here
same "the directory" "" "$(ls here)"
same "an open file" right "$(cat <&7)"
exec 7<&-

# The same for a user who unmounts through fusermount3.
if users_can_mount; then
  make_user
  share_launcher
  touch ready
  chmod 777 "$WORK"
  begin as_user xarexec app.xar
  as_user xarexec --unmount --lazy app.xar
  new=$(as_user xarexec -m app.xar)
  [ "$new" != "$old" ] || fail "a later run of the user's uses the mount"
  end "a user's after --lazy"
  wait_until is_gone "$old" || fail "a user's mount stays without users"
  as_user xarexec -u --all
  is_alone() { ! pgrep -u "$USER_NAME" >/dev/null; }
  wait_until is_alone || fail "a server stays without a mount"
else
  skip_part "users cannot mount"
fi
are_ended || wait_until are_ended || fail "servers stay: $(own_servers)"
xarexec --clean --older-than 0 --root "$ROOT" >/dev/null
same "left" "" "$(find "$ROOT" -mindepth 2)"
