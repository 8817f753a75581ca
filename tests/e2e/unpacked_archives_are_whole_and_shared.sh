#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The last backend: unpacked once, by one of many, whole or not at all.
. "$(dirname "$0")/lib.sh"
export XAR_BACKEND=extract

mkdir -p "$WORK/app/lib/deep" "$WORK/cache"
echo 'echo "right $(cat "$(dirname "$0")/lib/deep/file") ${XARFUSE_NEW_MOUNT-0}"' >"$WORK/app/run.sh"
echo content >"$WORK/app/lib/deep/file"
# xarbuild keeps what it remembers in the same cache.
xarbuild dir "$WORK/app" -o "$WORK/app.xar" --exec run.sh --no-cache -q

i=0
while [ $i -lt "${XAR_TEST_LAUNCHES:-40}" ]; do
  xarexec "$WORK/app.xar" >"$WORK/out.$i" 2>&1 &
  i=$((i + 1))
done
wait
same "right answers" "$i" "$(cat "$WORK"/out.* | grep -c '^right content [01]$')"
same "of those that unpacked" 1 "$(cat "$WORK"/out.* | grep -c ' 1$')"
at=$(xarexec -m "$WORK/app.xar")
same "what is in the cache" "$(printf '%s\n' "$(basename "$at")" "$(basename "$at").whole")" "$(ls -A "$WORK/cache/xar")"
same "mode of the cache" 700 "$(stat -c %a "$WORK/cache/xar")"

# The archive's facts say where it is, without a use of it.
touch -d "2 days ago" "$at.whole"
xarexec --info "$WORK/app.xar" | grep -q "^Unpacked in  *$at$" || fail "not where: $(xarexec --info "$WORK/app.xar")"
xarexec --info --json "$WORK/app.xar" | grep -q "\"unpacked\": *\"$at\"" || fail "not where: $(xarexec --info --json "$WORK/app.xar")"
[ -n "$(find "$at.whole" -mtime +0)" ] || fail "to be told of counts as a use"

# What a program that thins out caches has taken is there again.
rm "$at/lib/deep/file"
same "after a loss deep inside" "right content 1" "$(xarexec "$WORK/app.xar")"
rm -r "${at:?}/lib"
same "after a loss" "right content 1" "$(xarexec "$WORK/app.xar")"
rm "$at.whole"
same "without the manifest" "right content 1" "$(xarexec "$WORK/app.xar")"
rm -r "$at"
mkdir "$WORK/cache/xar/.$(basename "$at").aBcDeF"
same "without the tree" "right content 1" "$(xarexec "$WORK/app.xar")"
same "leftovers" 2 "$(find "$WORK/cache/xar" -mindepth 1 -maxdepth 1 | grep -c .)"

# A run keeps the tree that it began with when another finds a loss and unpacks anew.
mkdir "$WORK/held"
echo 'cd "$(dirname "$0")" && echo ready && read -r go && cat file' >"$WORK/held/run.sh"
echo content >"$WORK/held/file"
echo lost >"$WORK/held/other"
xarbuild dir "$WORK/held" -o "$WORK/held.xar" --exec run.sh -q
mkfifo "$WORK/go"
xarexec "$WORK/held.xar" <"$WORK/go" >"$WORK/held.out" &
held=$!
exec 8>"$WORK/go"
wait_until test -s "$WORK/held.out"
tree=$(xarexec -m "$WORK/held.xar" 8>&-)
rm "$tree/other"
same "beside a run" content "$(echo go | xarexec "$WORK/held.xar" 8>&- | tail -n 1)"
echo go >&8
exec 8>&-
wait "$held"
same "the run that was there" content "$(tail -n 1 "$WORK/held.out")"
rm "$tree/other"
same "after it" content "$(echo go | xarexec "$WORK/held.xar" | tail -n 1)"
same "trees that nobody uses" "" "$(find "$WORK/cache/xar" -name '.*.old-*')"

# Another content by the same name is another tree; a damaged one is none.
sed -i 's/right/other/' "$WORK/app/run.sh"
xarbuild dir "$WORK/app" -o "$WORK/app.xar" --exec run.sh -q
same "replaced archive" "other content 1" "$(xarexec "$WORK/app.xar")"
same "the same again" "other content 0" "$(xarexec "$WORK/app.xar")"
cp "$WORK/app.xar" "$WORK/bad.xar"
printf x | dd of="$WORK/bad.xar" bs=1 seek=$(($(stat -c %s "$WORK/bad.xar") - 8)) conv=notrunc status=none
before=$(ls -A "$WORK/cache/xar")
refused 125 "the image is not what its header says" xarexec "$WORK/bad.xar"
same "what a damaged archive leaves" "$before" "$(ls -A "$WORK/cache/xar")"

# What an application may not do to its files in a mount it may not do here either.
same "directories that can be written to" "" "$(find "$WORK"/cache/xar/*-* -perm /222 ! -name '*.whole')"

refused 125 "unknown backend: XAR_BACKEND: expected auto, fuse, userns or extract" env XAR_BACKEND=magic xarexec "$WORK/app.xar"
refused 125 "bad value: --backend magic" xarexec --backend magic "$WORK/app.xar"
refused 2 "not to be seen from outside" xarexec -m --backend userns "$WORK/app.xar"
