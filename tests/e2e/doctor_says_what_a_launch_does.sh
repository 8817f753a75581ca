#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
. "$(dirname "$0")/lib.sh"
needs_fuse_for_users
export XAR_BACKEND=fuse

make_user
mkdir "$WORK/src" "$WORK/bin" "$WORK/chroot"
cp "$XAR_BIN/xarexec" "$WORK/bin/"
chmod 755 "$WORK/bin"
PATH="$WORK/bin:$PATH"
echo 'echo ran' >"$WORK/src/run.sh"
xarbuild dir "$WORK/src" -o "$WORK/app.xar" --exec run.sh --mount-root "$ROOT" -q

# agrees STATUS PATTERN COMMAND...: the doctor ends so and says PATTERN, a basic regular
# expression of a line; a launch works or fails accordingly.
agrees() {
  status=$1 pattern=$2
  shift 2
  code=0
  "$@" xarexec --doctor "$WORK/app.xar" >"$WORK/said" || code=$?
  same "the doctor's status <$*> ($(cat "$WORK/said"))" "$status" "$code"
  grep -q -e "$pattern" "$WORK/said" || fail "<$*> is not told <$pattern>: $(cat "$WORK/said")"
  same "mounts that the doctor leaves <$*> ($(cat "$WORK/unmounting" 2>/dev/null))" 0 "$(count_mounts "$ROOT")"
  code=0
  ran=$("$@" xarexec "$WORK/app.xar" 2>"$WORK/error") || code=$?
  if [ "$status" -eq 0 ]; then
    same "a launch as the doctor has it ($(cat "$WORK/error"))" "0 ran" "$code $ran"
    at=$(sed -n '$s/.*, below //p' "$WORK/said")
    [ -z "$at" ] || same "where" "$at" "$(dirname "$(mounts_below "$ROOT")")"
  else
    same "a launch as the doctor has it" "125 " "$code $ran"
  fi
  xarexec -u "$WORK/app.xar" 2>"$WORK/unmounting" || true
}

agrees 0 "^a launch would mount through FUSE by mount(2), below $ROOT/uid-0$" env
[ ! -e "$ROOT/uid-$(id -u "$USER_NAME")" ] || fail "something is made"
xarexec --doctor "$WORK/app.xar" >/dev/null
agrees 0 "by fusermount3, below $ROOT/uid-$(id -u "$USER_NAME")$" as_user

# Without the device: a /dev with nothing but null in it.
without_device='mount --make-private /dev && mount -t tmpfs none /dev &&
  mknod -m 666 /dev/null c 1 3 && exec "$@"'
agrees 1 "^no   /dev/fuse  *is not there$" unshare -m --propagation unchanged sh -c "$without_device" sh
closed_device='mount --make-private /dev && mount -t tmpfs none /dev &&
  mknod -m 666 /dev/null c 1 3 && mknod -m 600 /dev/fuse c 10 229 &&
  exec setpriv --reuid="$0" --regid="$0" --clear-groups "$@"'
agrees 1 "^no   /dev/fuse  *this user may not open it$" \
  unshare -m --propagation unchanged sh -c "$closed_device" "$USER_NAME"
grep -q "fix: chmod 666 /dev/fuse" "$WORK/said" || fail "no fix: $(cat "$WORK/said")"

# Without the helper, with one that is not setuid, and where setuid has no effect.
agrees 1 "^no   fusermount3  *is not in PATH$" as_user env PATH="$WORK/bin"
cp "$(command -v fusermount3)" "$WORK/bin/fusermount3"
chmod 755 "$WORK/bin/fusermount3"
agrees 1 "fusermount3 is not setuid root$" as_user
grep -q "fix: chown root $WORK/bin/fusermount3 && chmod u+s" "$WORK/said" || fail "no fix: $(cat "$WORK/said")"
rm "$WORK/bin/fusermount3"
agrees 1 "may gain no privileges$" as_user setpriv --no-new-privs

# In a chroot, where the kernel forbids user namespaces.
in_chroot() {
  with_own_mounts sh -c '
    mount --rbind / "$0" && exec chroot --userspec="$1:$1" "$0" env PATH="$PATH" "$2" "$3" "$4"' \
    "$WORK/chroot" "$USER_NAME" "$@"
}
in_chroot xarexec --doctor "$WORK/app.xar" >"$WORK/said"
grep -q "^no   user namespaces  *are forbidden" "$WORK/said" || fail "of a chroot: $(cat "$WORK/said")"

# A root that is not fit, and a folder in it that is somebody else's.
mkdir "$ROOT/uid-$(id -u "$USER_NAME")" 2>/dev/null || chown root "$ROOT/uid-$(id -u "$USER_NAME")"
agrees 1 "^a launch would fail: cannot use: $ROOT/uid-.*belongs to another user" as_user
chmod 755 "$ROOT"
agrees 1 "^no   $ROOT  *no mount root: its mode is not 1777$" env

# Where every backend may be used: what each lacks is said, and nothing mounted is there.
unset XAR_BACKEND
chmod 1777 "$ROOT"
rm -rf "$ROOT"/uid-*
agrees 0 "^a launch would mount through FUSE by mount(2), below" env
xarexec -m "$WORK/app.xar" >/dev/null
xarexec --doctor "$WORK/app.xar" | grep -q "^a launch would use the mount that is there, $ROOT/" || fail "the mount is not found"
xarexec -u "$WORK/app.xar"
own_cache() {
  rm -rf "$WORK/own"
  mkdir -p "$WORK/own/cache"
  chown -R "$USER_NAME" "$WORK/own"
}
# user_without_fuse COMMAND...: unpacking is all that is left.
user_without_fuse() {
  with_own_mounts sh -c "$prepare && $without_device" sh \
    setpriv --reuid="$USER_NAME" --regid="$USER_NAME" --clear-groups env XDG_CACHE_HOME="$WORK/own/cache" "$@"
}
root_without_fuse() {
  # shellcheck disable=SC2154
  with_own_mounts sh -c "$only_work_is_writable && mount -t tmpfs -o ro none \"\$ROOT\" && $prepare && $without_device" sh \
    env XDG_CACHE_HOME="$WORK/own/cache" "$@"
}
export ROOT
prepare=:
own_cache
agrees 0 "^a launch would unpack into $WORK/own/cache/xar$" user_without_fuse
grep -q "^not by fuse: /dev/fuse is not there$" "$WORK/said" || fail "not why: $(cat "$WORK/said")"
# The latter where this itself runs in a chroot.
grep -q -e "^not by userns: FUSE in a user namespace needs /dev/fuse$" -e "^not by userns: user namespaces are forbidden" "$WORK/said" ||
  fail "not why: $(cat "$WORK/said")"
agrees 0 "^a launch would use what is unpacked in $WORK/own/cache/xar/" user_without_fuse
chmod 555 "$WORK/own/cache/xar"
agrees 0 "^a launch would use what is unpacked" user_without_fuse
# Another place is taken where the first cannot be: here that in the mount root.
own_cache
chmod 555 "$WORK/own/cache"
# shellcheck disable=SC2154
prepare=$only_work_is_writable
agrees 0 "^a launch would unpack into $ROOT/xar-$(id -u "$USER_NAME")$" user_without_fuse
grep -q "^not by extract: cannot write in: $WORK/own/cache: Permission denied$" "$WORK/said" ||
  fail "not why: $(cat "$WORK/said")"
rm -rf "$ROOT"/xar-*
chmod 755 "$ROOT"
agrees 1 "^no   $WORK/own/cache/xar  *cannot be used: cannot write in: $WORK/own/cache: Permission denied$" user_without_fuse
grep -q "^a launch would fail: no backend works$" "$WORK/said" || fail "no verdict: $(cat "$WORK/said")"
grep -q "^not by extract: " "$WORK/said" || fail "not why: $(cat "$WORK/said")"
rm -rf "$WORK/own"
agrees 1 "^no   unpacking  *there is no place for it$" user_without_fuse
grep -q "fix: set XDG_CACHE_HOME to a directory" "$WORK/said" || fail "no fix: $(cat "$WORK/said")"
agrees 1 "^no   unpacking  *there is no place for it$" user_without_fuse env -u XDG_CACHE_HOME -u HOME
own_cache
chown -R root "$WORK/own"
prepare='mount -t tmpfs -o ro none "$WORK/own/cache"'
agrees 1 "cannot write in: $WORK/own/cache: Read-only file system$" root_without_fuse
prepare='mount -t tmpfs -o size=4096 none "$WORK/own/cache"'
agrees 1 "has no space to unpack: 4.0 KiB are free, needed are 8.0 KiB$" root_without_fuse
# Without the right to execute, what sh reads runs and a program does not.
prepare='mount -t tmpfs -o noexec none "$WORK/own/cache"'
agrees 0 "^a launch would unpack into" root_without_fuse
mkdir "$WORK/program"
cp /bin/true "$WORK/program/true"
xarbuild dir "$WORK/program" -o "$WORK/app.xar" --exec true -q
code=0
root_without_fuse xarexec --doctor "$WORK/app.xar" >"$WORK/said" || code=$?
same "of a program ($(cat "$WORK/said"))" 1 "$code"
grep -q "it is mounted noexec$" "$WORK/said" || fail "noexec is not told: $(cat "$WORK/said")"
refused 125 "cannot use: " root_without_fuse xarexec "$WORK/app.xar"
grep -q ": see xarexec --doctor $WORK/app.xar$" "$WORK/.stderr" || fail "no advice: $(cat "$WORK/.stderr")"
