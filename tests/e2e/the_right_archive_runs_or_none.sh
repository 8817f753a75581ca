#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Archives of one UUID, and archives that change, by their own content each.
. "$(dirname "$0")/lib.sh"
needs_fuse
command -v mksquashfs >/dev/null || skip "no mksquashfs"

# foreign NAME WORDS: an archive of the original's form; all have the same UUID.
foreign() {
  mkdir -p "$WORK/src.$1"
  printf 'echo %s\n' "$2" >"$WORK/src.$1/run.sh"
  rm -f "$WORK/image"
  mksquashfs "$WORK/src.$1" "$WORK/image" -comp zstd -noappend -quiet -no-progress -all-time 0 -mkfs-time 0
  { header run.sh && cat "$WORK/image"; } >"$WORK/$1.new"
  mv "$WORK/$1.new" "$WORK/$1.xar"
}
foreign first one
foreign second two
round=0
while [ "$round" -lt "${XAR_TEST_ROUNDS:-3}" ]; do
  for which in first:one second:two; do
    same "archive of a shared UUID" "${which#*:}" "$(xarexec "$WORK/${which%:*}.xar")"
  done
  round=$((round + 1))
done
same "mounts" 2 "$(count_mounts "$ROOT")"
[ "$(xarexec -n "$WORK/first.xar")" != "$(xarexec -n "$WORK/second.xar")" ] || fail "one directory for two archives"
same "mounts shown" "$(xarexec -n "$WORK/second.xar")" "$(xarexec -m "$WORK/second.xar")"

# Replaced while something runs in it: the one that runs keeps what it has.
at=$(xarexec -m "$WORK/first.xar")
mkfifo "$WORK/go"
sh -c 'cd "$1" && echo in >"$2" && read -r _ && cat run.sh' sh "$at" "$WORK/ready" <"$WORK/go" >"$WORK/late" &
user=$!
exec 8>"$WORK/go"
wait_until test -s "$WORK/ready"
foreign first three
same "replaced archive" three "$(xarexec "$WORK/first.xar")"
same "the other one" two "$(xarexec "$WORK/second.xar")"
echo >&8
exec 8>&-
wait "$user"
same "what ran before" "echo one" "$(cat "$WORK/late")"

# Removed while mounted: who is in it stays in it.
at=$(xarexec -m "$WORK/second.xar")
rm "$WORK/second.xar"
same "removed archive" "echo two" "$(cat "$at/run.sh")"
refused 125 "cannot open" xarexec "$WORK/second.xar"

# Written over in place, to the same size.
foreign first seven
same "before" seven "$(xarexec "$WORK/first.xar")"
cp "$WORK/first.xar" "$WORK/copy.xar"
foreign other eight
sleep 0.1
cat "$WORK/other.xar" >"$WORK/copy.xar"
same "overwritten archive" eight "$(xarexec "$WORK/copy.xar")"
same "the original of the copy" seven "$(xarexec "$WORK/first.xar")"
