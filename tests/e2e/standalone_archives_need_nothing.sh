#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# In a root that holds nothing but /dev, /proc, a shell and the file.
. "$(dirname "$0")/lib.sh"
needs_root
needs_fuse
! readelf -lW "$XAR_BIN/xarexec" | grep -q INTERP || skip "the launcher is not static"

tree="$WORK/tree"
mkdir -p "$tree/bin" "$tree/dev/shm" "$tree/proc"
chmod 1777 "$tree/dev/shm"
mknod -m 666 "$tree/dev/null" c 1 3
mknod -m 666 "$tree/dev/fuse" c 10 229
(: <"$tree/dev/null") 2>/dev/null || skip "no devices can be made for a root of its own"
# copy PROGRAM TO: with the shared libraries that it needs, at the same places.
copy() {
  cp "$1" "$2"
  ldd "$1" | grep -o '/[^ ]*' | while read -r library; do
    mkdir -p "$tree$(dirname "$library")"
    cp "$library" "$tree$library"
  done
}
copy "$(readlink -f /bin/sh)" "$tree/bin/sh"
# The C library, which the shell has brought, and a bundled Python needs, is of two files.
c_library=$(ldd /bin/sh | grep -o '/[^ ]*/libc\.so[^ ]*')
cp "${c_library%/*}"/libm.so.6 "$tree${c_library%/*}/"
mount -t proc none "$tree/proc"
chroot=$(command -v chroot)
in_tree() { env -i "$chroot" "$tree" "$@"; }

mkdir "$WORK/elf" "$WORK/script" "$WORK/python"
# What the shell needs is all that echo needs.
cp "$(command -v /bin/echo)" "$WORK/elf/program"
xarbuild dir "$WORK/elf" -o "$tree/elf" --exec program --standalone -q
same "an ELF program" "/elf a b" "$(in_tree /elf a b)"

printf 'shift\necho "ran with $*"\n' >"$WORK/script/run.sh"
xarbuild dir "$WORK/script" -o "$tree/script" --exec run.sh --standalone -q
same "a script" "ran with a b" "$(in_tree /script a b)"
same "a script from its folder" "ran with c" "$(in_tree /bin/sh -c 'cd / && ./script c')"

printf 'import json, sys\ndef main():\n    print(json.dumps(sys.argv[1:]), sys.version_info[0])\n' \
  >"$WORK/python/app.py"
xarbuild python "$WORK/python" -o "$tree/python" -e app:main --python /usr/bin/python3 \
  --bundle-python --exclude-stdlib-tests --zstd-level 1 --standalone -q
same "Python with its interpreter" '["a b"] 3' "$(in_tree /python 'a b')"
same "mounts" 3 "$(count_mounts "$tree/dev/shm")"

# Without /proc, too.
for at in $(mounts_below "$tree/dev/shm"); do umount -l "$at"; done
umount "$tree/proc"
same "without /proc" "ran with d" "$(in_tree /script d)"
