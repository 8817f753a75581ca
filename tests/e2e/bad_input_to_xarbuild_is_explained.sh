#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
. "$(dirname "$0")/lib.sh"

mkdir -p "$WORK/src/folder" "$WORK/out"
echo 'echo hi' >"$WORK/src/run.sh"
cd "$WORK"

# no_output STATUS WORDS ARGUMENTS...: refused, and nothing is left in out/.
no_output() {
  refused "$@"
  same "left behind by <$*>" "" "$(ls -A "$WORK/out")"
}

no_output 125 "cannot pack: missing: there is no such directory" xarbuild dir missing -o out/a.xar
no_output 125 "cannot pack: src/run.sh: it is not a directory" xarbuild dir src/run.sh -o out/a.xar
chmod +x src/run.sh
no_output 125 "cannot pack: src/run.sh: it is not a directory: give the one that it is in, and --run run.sh" xarbuild dir src/run.sh -o out/a.xar
for source in src src/ ./src "$WORK/src"; do
  for option in --exec --run; do
    no_output 125 "/run.sh: it is to be a path in $source: did you mean run.sh?" xarbuild dir "$source" -o out/a.xar $option "${source%/}/run.sh"
  done
done
chmod -x src/run.sh
no_output 125 "cannot execute: nothing: there is no such file" xarbuild dir src -o out/a.xar --exec nothing
no_output 125 "cannot execute: folder: it is not a regular file" xarbuild dir src -o out/a.xar --exec folder
no_output 125 "cannot execute: ../src/run.sh" xarbuild dir src -o out/a.xar --exec ../src/run.sh
no_output 125 "cannot execute: .: it is not a regular file" xarbuild dir src -o out/a.xar --exec ""
no_output 125 "expected a value without quotes" xarbuild dir src -o out/a.xar --mount-root '/a"b'
no_output 125 "expected an absolute path" xarbuild dir src -o out/a.xar --mount-root relative
no_output 2 "--zstd-level" xarbuild dir src -o out/a.xar --zstd-level much
for level in 0 23; do
  no_output 2 "22" xarbuild dir src -o out/a.xar --zstd-level $level
done
for size in 0 4095 2K 2M 100000 8G; do
  no_output 2 "block size" xarbuild dir src -o out/a.xar --block-size $size
done
no_output 125 "its directory does not exist" xarbuild dir src -o out/none/a.xar
no_output 2 "no -o OUT given: see xarbuild dir --help" xarbuild dir src
no_output 2 "see xarbuild --help" xarbuild
no_output 2 "bad time: SOURCE_DATE_EPOCH" env SOURCE_DATE_EPOCH=x xarbuild dir src -o out/a.xar

touch "src/with
newline"
no_output 125 'with\x0anewline' xarbuild dir src -o out/a.xar --exec "with
newline"
rm "src/with
newline"

echo precious >out/notes
refused 125 "will not replace: out/notes: it is not a XAR" xarbuild dir src -o out/notes
same "untouched" precious "$(cat out/notes)"
xarbuild dir src -o out/notes --force -q
xarbuild dir src -o out/notes -q --exec run.sh
same "mode" 755 "$(stat -c %a out/notes)"
refused 125 "it is not a regular file" xarbuild dir src -o out --force

# As a user from whom something can be locked away.
if [ "$(id -u)" -eq 0 ]; then
  make_user
  as=as_user
  chown -R "$USER_NAME" src out
  cp "$XAR_BIN/xarbuild" .
  PATH="$WORK:$PATH"
else
  as=
fi
rm out/notes
mkdir -m 0 src/locked
no_output 125 "cannot open the folder: src/locked: Permission denied" $as xarbuild dir src -o out/a.xar
rmdir src/locked
echo secret >src/secret
chmod 0 src/secret
no_output 125 "src/secret: Permission denied" $as xarbuild dir src -o out/a.xar
rm -f src/secret
chmod 0 src
no_output 125 "cannot open: src: Permission denied" $as xarbuild dir src -o out/a.xar
chmod 755 src

(umask 077 && xarbuild dir src -o tight.xar --exec run.sh -q)
same "mode under umask 077" 700 "$(stat -c %a tight.xar)"
