#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What --sort names stands where its priority puts it, in the same tree. Noise is stored
# as it is, so that a file's first bytes can be found in the archive.
. "$(dirname "$0")/lib.sh"

mkdir -p "$WORK/src/folder"
for file in a b folder/c folder/d z; do
  { echo "BEGINNING OF $file" && head -c 200000 /dev/urandom; } >"$WORK/src/$file"
done
order() { grep -a -o 'BEGINNING OF [a-z/]*' "$1" | cut -d ' ' -f 3 | tr '\n' ' '; }

xarbuild dir "$WORK/src" -o "$WORK/plain.xar" -q
same "order by folder" "a b z folder/c folder/d " "$(order "$WORK/plain.xar")"
printf '# hot\nfolder 5\nfolder/d 7\nz 6\na -1\n' >"$WORK/sort"
xarbuild dir "$WORK/src" -o "$WORK/sorted.xar" -q --sort "$WORK/sort"
same "order by priority" "folder/d z folder/c b a " "$(order "$WORK/sorted.xar")"
xarexec --extract "$WORK/sorted.xar" "$WORK/out" >/dev/null
diff -r "$WORK/src" "$WORK/out" || fail "other content"

echo 'folder first' >"$WORK/sort"
refused 125 "line 1" xarbuild dir "$WORK/src" -o "$WORK/refused.xar" --sort "$WORK/sort"
