#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
. "$(dirname "$0")/lib.sh"

mkdir -p "$WORK/src/a/b"
seq 300000 >"$WORK/src/a/numbers"
head -c 300000 /dev/urandom >"$WORK/src/a/b/noise"
for i in $(seq 200); do echo "file $i" >"$WORK/src/a/b/$i"; done
ln -s numbers "$WORK/src/a/link"
build() { xarbuild dir "$WORK/src" -q "$@"; }

build -o "$WORK/1.xar"
build -o "$WORK/2.xar" -j 8
build -o "$WORK/3.xar" -j 1
(umask 077 && TZ=Asia/Tokyo LC_ALL=C.UTF-8 build -o "$WORK/4.xar")
cp -a "$WORK/src" "$WORK/copy"
xarbuild dir "$WORK/copy" -o "$WORK/5.xar" -q
for n in 2 3 4 5; do
  cmp "$WORK/1.xar" "$WORK/$n.xar" || fail "build $n differs"
done
SOURCE_DATE_EPOCH=1234567890 xarbuild dir "$WORK/src" -o "$WORK/6.xar" -q
grep -a -q '^VERSION="1234567890"$' "$WORK/6.xar" || fail "VERSION is not SOURCE_DATE_EPOCH"
