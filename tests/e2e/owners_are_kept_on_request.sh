#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# More owners than an image's basic tables are usually seen with, each kept.
. "$(dirname "$0")/lib.sh"
needs_root

mkdir "$WORK/src"
for i in $(seq 300); do
  : >"$WORK/src/$i"
  chown "$((100000 + i)):$((200000 + i))" "$WORK/src/$i"
done
owners() { find "$1" -type f -printf '%f %U %G\n' | sort; }

xarbuild dir "$WORK/src" -o "$WORK/a.xar" -q --owner keep
unsquashfs -q -n -o 4096 -d "$WORK/out" "$WORK/a.xar" >/dev/null
owners "$WORK/src" >"$WORK/expected"
owners "$WORK/out" >"$WORK/actual"
diff "$WORK/expected" "$WORK/actual" || fail "other owners"
