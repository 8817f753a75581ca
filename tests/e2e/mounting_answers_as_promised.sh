#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
. "$(dirname "$0")/lib.sh"
needs_fuse

mkdir -p "$WORK/data/folder"
echo content >"$WORK/data/folder/file"
xarbuild dir "$WORK/data" -o "$WORK/data.xar" --mount-root "$ROOT" -q
same "mode without a target" 644 "$(stat -c %a "$WORK/data.xar")"

at=$(xarexec -n "$WORK/data.xar")
[ ! -e "$ROOT/uid-$(id -u)" ] || fail "-n creates something"
same "long and short option" "$at" "$(xarexec --print-mountpoint "$WORK/data.xar")"
same "-m" "$at" "$(xarexec -m "$WORK/data.xar")"
same "--mount again" "$at" "$(xarexec --mount "$WORK/data.xar")"
same "mounts" 1 "$(count_mounts "$ROOT")"
same "content" content "$(cat "$at/folder/file")"
diff -r "$WORK/data" "$at"
(: >"$at/new") 2>/dev/null && fail "writable"
(echo x >>"$at/folder/file") 2>/dev/null && fail "file is writable"
same "lock file" 600 "$(stat -c %a "$(dirname "$at")/lockfile.$(basename "$at")")"
same "user folder" 755 "$(stat -c %a "$(dirname "$at")")"

same "seed" "$(dirname "$at")/$(sed -n 's/^UUID="\(.*\)"/\1/p;/^#xar_stop/q' "$WORK/data.xar")-seed-mine-ns-$(stat -Lc %i /proc/self/ns/mnt)" \
  "$(XAR_MOUNT_SEED=mine xarexec -n "$WORK/data.xar")"

xarbuild dir "$WORK/data" -o "$WORK/usual.xar" -q
XAR_MOUNT_SEED=e2e-$$ xarexec -m "$WORK/usual.xar" >"$WORK/where"
usual=$(cat "$WORK/where")
case "$usual" in
  /mnt/xarfuse/* | /dev/shm/*) ;;
  *) fail "usual place: $usual" ;;
esac
cmp "$usual/folder/file" "$WORK/data/folder/file"

# The original's and ours: the file's digest names the mount.
uuid=$(sed -n 's/^UUID="\(.*\)"/\1/p;/^#xar_stop/q' "$WORK/data.xar")
same "uuid" "$(tail -c +4097 "$WORK/data.xar" | sha256sum | head -c 32)" "$uuid"
