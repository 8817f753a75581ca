#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Machines without /dev/fuse, and users without fusermount3.
. "$(dirname "$0")/lib.sh"
needs_root
needs_fuse
export XAR_BACKEND=fuse

mkdir "$WORK/src" "$WORK/bin"
echo 'echo ran' >"$WORK/src/run.sh"
xarbuild dir "$WORK/src" -o "$WORK/app.xar" --exec run.sh --mount-root "$ROOT" -q

# A /dev with nothing but null in it, in a mount namespace of its own. Made private
# there by hand: unshare would have to own the root, which it does not in a chroot.
without_fuse='mount --make-private /dev && mount -t tmpfs none /dev &&
  mknod -m 666 /dev/null c 1 3 && exec "$@"'
refused 125 "/dev/fuse" unshare -m --propagation unchanged sh -c "$without_fuse" sh \
  xarexec "$WORK/app.xar"

cp "$XAR_BIN/xarexec" "$WORK/bin/"
chmod 755 "$WORK/bin"
refused 125 "there is no fusermount3: install the package fuse3" \
  setpriv --reuid=65534 --regid=65534 --clear-groups env PATH="$WORK/bin" \
  xarexec "$WORK/app.xar"
same "mounts" 0 "$(count_mounts "$ROOT")"
