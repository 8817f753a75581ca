#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What the original launcher does with an archive, done by hand: mount the image at
# 4096 with squashfuse_ll, run the target with sh -e.
. "$(dirname "$0")/lib.sh"
needs_fuse
command -v squashfuse_ll >/dev/null || skip "no squashfuse_ll"

mkdir -p "$WORK/app/modules" "$WORK/at"
echo 'echo "$2 ran"' >"$WORK/app/run.sh"
echo 'import sys; print(sys.argv[1:], "ran")' >"$WORK/app/modules/tool.py"
xarbuild dir "$WORK/app" -o "$WORK/dir.xar" --exec run.sh -q
xarbuild python "$WORK/app/modules" -o "$WORK/python.xar" -e tool --python /usr/bin/python3 -q

run_by_hand() {
  same "line 2 of $1" 'OFFSET="4096"' "$(sed -n 2p "$1")"
  # Its runtime and its strict parser accept these lines and no others in between.
  sed -n '2,/^#xar_stop$/p' "$1" | grep -a -v -E '^([A-Z0-9_]+="[^"]*"|#xar_stop)$' && fail "$1: odd line"
  for name in OFFSET UUID VERSION; do
    grep -a -q "^$name=\"[0-9a-f]*\"\$" "$1" || fail "$1: no $name"
  done
  squashfuse_ll -o offset=4096 "$1" "$WORK/at"
  target=$(sed -n 's/^XAREXEC_TARGET="\(.*\)"$/\1/p;/^#xar_stop/q' "$1")
  /bin/sh -e "$WORK/at/$target" "$1" it
  umount "$WORK/at" 2>/dev/null || fusermount3 -u "$WORK/at"
}
same "a directory's archive" "it ran" "$(run_by_hand "$WORK/dir.xar")"
same "a Python application" "['it'] ran" "$(run_by_hand "$WORK/python.xar")"
