#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The real mount(8) and umount(8), /etc/fstab's lines, and mount.fuse.
. "$(dirname "$0")/lib.sh"
needs_root
needs_fuse

# mount(8) looks for helpers in /sbin alone. In a mount namespace of our own that folder
# is another, with all that it had.
if [ -z "${XAR_E2E_INNER-}" ]; then
  export XAR_E2E_INNER=1
  with_own_mounts sh "$0"
  exit
fi
mkdir "$WORK/sbin" "$WORK/data" "$WORK/at" "$WORK/a b"
sbin=$(readlink -f /sbin)
cp -a "$sbin"/mount* "$WORK/sbin/"
mount --bind "$WORK/sbin" "$sbin"
ln -s "$XAR_BIN/xarexec" "$WORK/sbin/mount.xar"
echo content >"$WORK/data/file"
printf 'echo ran\n' >"$WORK/data/run.sh"
chmod +x "$WORK/data/run.sh"
cd "$WORK"
xarbuild dir data -o data.xar --exec run.sh --mount-root "$ROOT" -q

# shown AT: type and options as the mount table has them.
shown() { awk -v at="$1" '$2 == at { print $1, $3, $4 }' /proc/mounts; }

mount -t xar data.xar at
diff -r data at
case "$(shown "$WORK/at")" in
  "$WORK/data.xar fuse."*" ro,nosuid,nodev"*) ;;
  *) fail "shown as <$(shown "$WORK/at")>" ;;
esac
umount at
mount -t xar -o ro,nosuid,nodev,noexec,noatime,nofail,_netdev,x-systemd.automount,timeout=600 data.xar at
(./at/run.sh) 2>/dev/null && fail "noexec is not obeyed"
umount at
mount -fnv -t xar data.xar at >/dev/null
same "mounts after -f" 0 "$(count_mounts "$WORK")"
"$WORK/sbin/mount.xar" data.xar at -s -o rw,offset=4096,frob
umount at

# Everyone may look in where that is asked for, by the files' own permissions.
chmod 600 data/file
xarbuild dir data -o data.xar --exec run.sh --mount-root "$ROOT" -q
nobody() { setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; }
mount -t xar data.xar at
nobody ls at 2>/dev/null && fail "others may look in"
umount at
mount -t xar -o allow_other data.xar at
nobody ls at >/dev/null || fail "allow_other is not obeyed"
nobody cat at/file 2>/dev/null && fail "a private file is not"
umount at

# Errors end with mount(8)'s statuses.
refused 32 "cannot open: missing.xar" mount.xar missing.xar at
refused 32 "unknown mount option: frob" "$WORK/sbin/mount.xar" data.xar at -o rw,frob
refused 1 "no FILE given" "$WORK/sbin/mount.xar"

# /etc/fstab, whose second mount -a finds it done.
printf '%s %s xar timeout=0,nofail 0 0\n' "$WORK/data.xar" "$WORK/a\\040b" >fstab
mount -T fstab -a
mount -T fstab -a
same "mounts of the table" 1 "$(count_mounts "$WORK")"
diff -r data "a b"
umount "a b"

# The type fuse.xar: by a helper of that name, else through mount.fuse, which calls the
# program xar.
ln -s "$XAR_BIN/xarexec" "$WORK/sbin/mount.fuse.xar"
mount -t fuse.xar data.xar at
diff -r data at
umount at
rm "$WORK/sbin/mount.fuse.xar"
if [ -e "$sbin/mount.fuse" ]; then
  # mount(8) leaves it the usual PATH only.
  ln -s "$XAR_BIN/xarexec" "$WORK/sbin/xar"
  mount -t fuse.xar data.xar at
  diff -r data at
  umount at
  mount -t fuse -o ro "xar#$WORK/data.xar" at
  diff -r data at
  umount at
fi
same "mounts" 0 "$(count_mounts "$WORK")"
umount "$sbin"
