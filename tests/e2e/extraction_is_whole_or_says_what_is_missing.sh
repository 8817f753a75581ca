#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
. "$(dirname "$0")/lib.sh"

cd "$WORK"
mkdir -p src/bin src/lib/deep
echo one >src/lib/deep/file
ln src/lib/deep/file src/lib/again
ln -s deep/file src/lib/link
printf '#!/bin/sh\n' >src/bin/run
chmod 750 src/bin/run
chmod 1770 src/lib
truncate -s 40M src/lib/sparse
if [ "$(id -u)" -eq 0 ]; then mknod src/lib/null c 1 3; fi
touch -d '2020-02-02 02:02:02' src/bin/run src/lib
xarbuild dir src -o a.xar -q

# listed DIR: everything but owners, which only root may set.
listed() { (cd "$1" && find . -printf '%p %y %m %n %s %T@ %l\n' | sed 's/\.[0-9]* \([^ ]*\)$/ \1/' | sort); }

xarexec --extract a.xar out >stdout 2>stderr
[ ! -s stdout ] && [ ! -s stderr ] || fail "a good extraction prints <$(cat stdout stderr)>"
same "what was extracted" "$(listed src)" "$(listed out)"
cmp src/lib/deep/file out/lib/deep/file
[ "$(stat -c %b out/lib/sparse)" -lt 100 ] || fail "holes have been filled"

xarexec --extract a.xar parts lib/deep /bin/run
same "parts" ". ./bin ./bin/run ./lib ./lib/deep ./lib/deep/file" \
  "$(cd parts && find . | sort | xargs)"

mkdir there
echo mine >there/file
xarexec --extract a.xar there bin
same "what is there stays" "mine" "$(cat there/file)"
refused 125 "there/bin: File exists" xarexec --extract a.xar there bin
# --force replaces what is there, follows nothing, and leaves the rest.
mkdir -p forced/keep outside
echo mine >forced/keep/mine
xarexec --extract a.xar forced
xarexec --extract --force a.xar forced
same "what is left" mine "$(cat forced/keep/mine)"
first=$(xarexec --ls -R a.xar | while read -r each; do [ -f "forced/$each" ] && echo "$each" && break; done)
rm "forced/$first"
echo precious >outside/target
ln -s "$PWD/outside/target" "forced/$first"
xarexec --extract --force a.xar forced
same "the symlink's target" precious "$(cat outside/target)"
[ ! -L "forced/$first" ] || fail "the symlink is still there"
xarexec --cat a.xar "$first" | cmp - "forced/$first" || fail "not what is in the archive"
rm "forced/$first"
mkdir "forced/$first"
refused 125 "forced/$first: File exists" xarexec --extract --force a.xar forced
rm -r forced
refused 125 "no 'nothing' in: a.xar" xarexec --extract a.xar none nothing
refused 125 "cannot create a directory in: missing" xarexec --extract a.xar missing/dir
[ ! -e none ] || fail "a failed extraction leaves a directory"

# A block that does not decode: nothing stays.
cp a.xar bad.xar
block=$(LC_ALL=C grep -abo -P '\x28\xb5\x2f\xfd' bad.xar | head -1 | cut -d: -f1)
if [ -n "$block" ]; then
  printf 'X' | dd of=bad.xar bs=1 seek="$block" conv=notrunc status=none
  refused 125 "bad.xar" xarexec --extract bad.xar none
  [ ! -e none ] || fail "a failed extraction leaves a directory"
fi
[ -z "$(find . -maxdepth 1 -name '.none*' -o -maxdepth 1 -name '.out*')" ] || fail "leftovers: $(ls -A)"

# In a directory that was there, what is written stays, and it is said that this is not all.
mkdir two partial
seq 1 50000 >two/damaged
echo sound >two/whole
xarbuild dir two -o two.xar -q
printf 'XXXX' | dd of=two.xar bs=1 seek=4200 conv=notrunc status=none # in the first block of data
echo mine >partial/file
refused 125 "'damaged'" xarexec --extract two.xar partial
grep -q -F ": 'partial' is left incomplete" "$WORK/.stderr" || fail "it says <$(cat "$WORK/.stderr")>"
same "what was there" mine "$(cat partial/file)"
refused 125 "partial/damaged: File exists" xarexec --extract two.xar partial damaged
if grep -q incomplete "$WORK/.stderr"; then fail "one that was not touched is called incomplete"; fi

# A full disk, too.
if [ "$(id -u)" -eq 0 ]; then
  mkdir small
  mount -t tmpfs -o size=256k none small
  mkdir big
  head -c 1000000 /dev/urandom >big/noise
  xarbuild dir big -o big.xar -q
  refused 125 "No space left on device" xarexec --extract big.xar small/out
  same "leftovers on a full disk" "" "$(ls -A small)"
  refused 125 "No space left on device: 'small' is left incomplete" xarexec --extract big.xar small
  same "what is left on a full disk" noise "$(ls -A small)"
  umount small

  make_user
  chmod 644 a.xar
  mkdir theirs
  chown "$USER_NAME" theirs
  as_user xarexec --extract a.xar theirs/out 2>stderr
  same "what a user is told" "xarexec: left out: 1 device nodes, which only root can make" "$(cat stderr)"
  rm src/lib/null
  touch -d '2020-02-02 02:02:02' src/lib
  same "what a user gets" "$(listed src)" "$(listed theirs/out)"
  same "whose it is" "$USER_NAME" "$(stat -c %U theirs/out/lib/deep/file)"
fi
