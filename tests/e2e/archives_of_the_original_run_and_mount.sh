#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Archives made by hand with mksquashfs behind a header in the original's form, in
# every compression that it may have used.
. "$(dirname "$0")/lib.sh"
needs_fuse

mkdir -p "$WORK/app/sub"
printf 'echo "ran $2"\n' >"$WORK/app/run.sh"
seq 100000 >"$WORK/app/sub/numbers"
: >"$WORK/app/sub/empty"
ln -s numbers "$WORK/app/sub/link"
ln "$WORK/app/sub/numbers" "$WORK/app/hard"
find "$WORK/app" -exec touch -h -d @1600000000 {} +

n=0
for how in "-comp gzip" "-comp xz" "-comp zstd" "-comp lz4" "-comp lzo" "-noI -noX" "-noD -noF" \
  "-comp xz -b 1M" "-no-fragments" "-no-exports"; do
  n=$((n + 1))
  # shellcheck disable=SC2086 # several words on purpose
  mksquashfs "$WORK/app" "$WORK/image" -noappend -no-progress -quiet $how >/dev/null
  {
    UUID=abc$n header run.sh
    cat "$WORK/image"
  } >"$WORK/app.xar"
  same "run with $how" "ran x" "$(xarexec "$WORK/app.xar" x)"
  diff -r --no-dereference "$WORK/app" "$(xarexec -m "$WORK/app.xar")" || fail "content with $how"
done

{
  UUID=eee header ""
  cat "$WORK/image"
} >"$WORK/only.xar"
at=$(xarexec -m "$WORK/only.xar")
cmp "$at/sub/numbers" "$WORK/app/sub/numbers"
refused 125 "it holds only files" xarexec "$WORK/only.xar"
