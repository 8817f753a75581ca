# SPDX-License-Identifier: BSD-2-Clause
# A tar file of a tree makes the same archive as the tree, whatever its kind. What a tar
# file has in any order, twice or with a slash in front is understood; what leads out of
# it is refused.
. "$(dirname "$0")/lib.sh"

mkdir -p "$WORK/src/d/e" "$WORK/src/empty"
printf '#!/bin/sh\necho "hello $2"\n' >"$WORK/src/run.sh"
chmod 755 "$WORK/src/run.sh"
head -c 300000 /dev/zero | tr '\0' x >"$WORK/src/d/large"
truncate -s 5M "$WORK/src/d/holes"
printf end >>"$WORK/src/d/holes"
ln "$WORK/src/d/large" "$WORK/src/d/e/hard"
ln -s ../run.sh "$WORK/src/d/link"
mkfifo "$WORK/src/pipe"
touch "$WORK/src/$(printf '\377 name')"
chmod 2750 "$WORK/src/d/e"
touch -d @86400 "$WORK/src/run.sh"
if [ "$(id -u)" -eq 0 ]; then
  mknod "$WORK/src/null" c 1 3
  chown 1234:5678 "$WORK/src/d"
fi

archive() { tar -C "$WORK/src" --sparse -cf - "$@"; }
is_same_as_dir() {
  cmp "$WORK/dir.xar" "$1" || fail "another archive than of the directory: $1"
}
xarbuild dir "$WORK/src" -o "$WORK/dir.xar" --owner keep --exec run.sh -q
archive --format=gnu . >"$WORK/gnu.tar"
archive --format=posix --xattrs '--xattrs-include=*' . >"$WORK/posix.tar"
for format in gnu posix; do
  xarbuild tar "$WORK/$format.tar" -o "$WORK/$format.xar" --owner keep --exec run.sh -q
  is_same_as_dir "$WORK/$format.xar"
done
gzip -c "$WORK/posix.tar" | xarbuild tar - -o "$WORK/gz.xar" --owner keep --exec run.sh -q
is_same_as_dir "$WORK/gz.xar"
xz -c "$WORK/gnu.tar" >"$WORK/gnu.tar.xz"
xarbuild tar "$WORK/gnu.tar.xz" -o "$WORK/xz.xar" --owner keep --exec run.sh -q
is_same_as_dir "$WORK/xz.xar"

# What is left out is left out of both, a file of which another name stays aside.
for input in "dir $WORK/src" "tar $WORK/gnu.tar"; do
  # shellcheck disable=SC2086 # two words
  xarbuild $input -o "$WORK/${input%% *}-excluded.xar" --exclude /d/large --exclude 'empt*' -q
done
cmp "$WORK/dir-excluded.xar" "$WORK/tar-excluded.xar" || fail "another is left out of a tar"

python3 "$HERE/make_odd_tars.py" "$WORK"
xarbuild tar "$WORK/any-order.tar" -o "$WORK/order.xar" -q
[ "$(xarexec --cat "$WORK/order.xar" d/hard)" = last ] || fail "the last of two does not count"
[ "$(xarexec --cat "$WORK/order.xar" s)" = last ] || fail "a symlink does not replace a file"
xarbuild tar "$WORK/bytes.tar" -o "$WORK/bytes.xar" -q

# refused NAME WORDS: one sentence, with these words, and no archive.
refused() {
  status=0
  xarbuild tar "$WORK/$1" -o "$WORK/none.xar" >"$WORK/out" 2>&1 || status=$?
  [ "$status" -eq 125 ] || fail "$1: exit status $status"
  grep -q -e "$2" "$WORK/out" || fail "$1: $(cat "$WORK/out")"
  [ "$(wc -l <"$WORK/out")" -eq 1 ] || fail "$1: not one line: $(cat "$WORK/out")"
  [ ! -e "$WORK/none.xar" ] || fail "$1: there is an archive"
}
refused up.tar "cannot pack: ../evil: this name in the tar file leads up by"
refused up-inside.tar "leads up by"
refused linked-up.tar "leads up by"
refused no-target.tar "cannot pack: a: it is another name of b, which the tar file does not have"
refused below-link.tar "cannot pack: d: the tar file has something below it"
refused both.tar "cannot pack: d: it is a directory and another file"
refused linked-directory.tar "another name of a directory"
refused long-name.tar "a name may have 255 bytes"
head -c 4000 "$WORK/gnu.tar" >"$WORK/short.tar"
refused short.tar "not a sound tar file"
gzip -c "$WORK/gnu.tar" | head -c 500 >"$WORK/short.tar.gz"
refused short.tar.gz "not a sound tar file"
echo text >"$WORK/text"
refused text "not a sound tar file"
refused missing.tar "cannot open"
[ -z "$(find "$WORK" -maxdepth 1 -name 'evil*')" ] || fail "something is outside"
