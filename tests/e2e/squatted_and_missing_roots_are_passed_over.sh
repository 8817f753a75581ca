#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Nobody's preparation in a folder where everybody may write decides where an archive
# is mounted.
. "$(dirname "$0")/lib.sh"
needs_fuse_for_users
export XAR_BACKEND=fuse

make_user
uid=$(id -u "$USER_NAME")
mkdir "$WORK/app" "$WORK/session" "$WORK/prize"
share_launcher
chmod 700 "$WORK/session"
chown "$USER_NAME" "$WORK/session"
echo 'echo ran from "$0"' >"$WORK/app/run.sh"
xarbuild dir "$WORK/app" -o "$WORK/usual.xar" --exec run.sh -q
xarbuild dir "$WORK/app" -o "$WORK/app.xar" --exec run.sh --mount-root "$ROOT" -q

# Where the header names the root there is no other.
own="$ROOT/uid-$uid"
mkdir -m 755 "$own"
refused 125 "it belongs to another user" as_user xarexec "$WORK/app.xar"
rmdir "$own"
ln -s "$WORK/prize" "$own"
refused 125 "cannot open: $own" as_user xarexec "$WORK/app.xar"
rm "$own"
as_user mkdir -m 777 "$own"
refused 125 "expected a directory of mode 0755" as_user xarexec "$WORK/app.xar"
as_user rmdir "$own"
mkdir -m 755 "$own"
chown "$USER_NAME" "$own"
name=$(basename "$(as_user xarexec -n "$WORK/app.xar")")
as_user ln -s "$WORK/prize" "$own/$name"
refused 125 "cannot" as_user xarexec "$WORK/app.xar"
as_user rm "$own/$name"
as_user ln -s "$WORK/prize/file" "$own/lockfile.$name"
refused 125 "cannot open the lock file" as_user xarexec "$WORK/app.xar"
[ -z "$(ls "$WORK/prize")" ] || fail "a symlink was followed: $(ls "$WORK/prize")"

no_server() { [ -z "$(server_of "$WORK/usual.xar")" ]; }

# Elsewhere the next root is taken: here the session's folder, the last of them. In a
# mount namespace of its own /dev/shm is somebody else's.
command -v fusermount3 >/dev/null || skip "no fusermount3"
in_session() {
  with_own_mounts sh -c '
    mount -t tmpfs -o mode=1777 none /dev/shm && shift && eval "$prepare" && exec "$@"' sh \
    prepare setpriv --reuid="$USER_NAME" --regid="$USER_NAME" --clear-groups \
    env XDG_RUNTIME_DIR="$WORK/session" XAR_MOUNT_TIMEOUT=1 XAR_MOUNT_SEED=e2e-$$ "$@"
}
for prepare in "mkdir /dev/shm/uid-$uid" "ln -s / /dev/shm/uid-$uid" "chmod 777 /dev/shm"; do
  export prepare
  out=$(in_session sh -c 'xarexec "$1" && xarexec "$1"' sh "$WORK/usual.xar")
  same "runs from the session's folder" 2 "$(echo "$out" | grep -c "^ran from $WORK/session/xar/.*/run.sh$")"
done
same "mode" 700 "$(stat -c %a "$WORK/session/xar")"

# Servers there end as everywhere, and clean up behind them.
is_clean() { [ -z "$(ls -A "$WORK/session/xar")" ]; }
wait_until is_clean || fail "left: $(ls "$WORK/session/xar")"
wait_until no_server || fail "a server stays"

# A root on a full disk, or on one that is only read: unpacked instead, with nothing mounted.
unset XAR_BACKEND
is_unserved() { [ -z "$(server_of "$WORK/app.xar")" ]; }
for options in size=4096,nr_inodes=3 ro; do
  mount -t tmpfs -o "mode=1777,$options" none "$ROOT"
  same "with a root of $options" "ran from $XDG_CACHE_HOME" \
    "$(xarexec "$WORK/app.xar" | sed 's|/xar/.*||')"
  same "mounts" 0 "$(count_mounts "$ROOT")"
  is_unserved || fail "a server is left"
  umount "$ROOT"
  rm -rf "$XDG_CACHE_HOME"
done

# With every backend allowed, another user's folder below the only root stops no launch, nor
# does its absence in the doctor's words: root, who has no other root, and a user.
unset XAR_BACKEND
all_backends() {
  with_own_mounts sh -c 'mount -t tmpfs -o mode=1777 none /dev/shm && mount -t tmpfs none /mnt && eval "$prepare" &&
    mkdir -p /dev/shm/cache && chmod 1777 /dev/shm/cache && shift && exec "$@"' sh prepare "$@"
}
try='said=$(xarexec --doctor "$1" | tail -n 1) && echo "$said" && xarexec "$1" && xarexec "$1"'
for who in 0 "$uid"; do
  for taken in "install -d -o 4711 /dev/shm/uid-$who" "ln -s / /dev/shm/uid-$who" "echo >/dev/shm/uid-$who"; do
    prepare=$taken
    out=$(all_backends setpriv --reuid="$who" --regid="$who" --clear-groups env -u XDG_RUNTIME_DIR HOME=/dev/shm \
      XDG_CACHE_HOME=/dev/shm/cache sh -c "$try" sh "$WORK/usual.xar")
    same "of $who with $taken" "a launch would unpack into /dev/shm/cache/xar
2" "$(echo "$out" | sed -n 1p)
$(echo "$out" | grep -c '^ran from /dev/shm/cache/xar/.*/run.sh$')"
  done
done
