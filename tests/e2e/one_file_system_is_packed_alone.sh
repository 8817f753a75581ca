# SPDX-License-Identifier: BSD-2-Clause
# --one-file-system packs the directory on which another file system is mounted without
# what is in it, and no file of another one.
. "$(dirname "$0")/lib.sh"

needs_root
mkdir -p "$WORK/src/mounted" "$WORK/src/own"
echo own >"$WORK/src/own/file"
echo covered >"$WORK/src/bound"
mount -t tmpfs none "$WORK/src/mounted"
echo other >"$WORK/src/mounted/file"
mount --bind "$WORK/src/mounted/file" "$WORK/src/bound"

xarbuild dir "$WORK/src" -o "$WORK/all.xar" -q
xarexec --ls -R "$WORK/all.xar" >"$WORK/all" || fail "no list"
grep -q mounted/file "$WORK/all" || fail "what is mounted is left out unasked"
xarbuild dir --one-file-system "$WORK/src" -o "$WORK/one.xar" -q
xarexec --ls -R "$WORK/one.xar" >"$WORK/one" || fail "no list"
grep -q 'mounted$' "$WORK/one" || fail "the directory is not there: $(cat "$WORK/one")"
grep -q own/file "$WORK/one" || fail "its own file is not there"
! grep -q -e mounted/file -e bound "$WORK/one" || fail "files of another one: $(cat "$WORK/one")"
