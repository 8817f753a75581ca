#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
. "$(dirname "$0")/lib.sh"
needs_fuse

mkdir "$WORK/app" "$WORK/archives"
cd "$WORK"
count=${XAR_TEST_ARCHIVES:-100}
i=0
while [ "$i" -lt "$count" ]; do
  echo "echo $i" >app/run.sh
  xarbuild dir app -o "archives/$i.xar" --exec run.sh --mount-root "$ROOT" --no-cache -q
  i=$((i + 1))
done
for archive in archives/*; do xarexec "$archive" >"$WORK/out.$(basename "$archive")" 2>&1 & done
wait
for archive in archives/*; do
  name=$(basename "$archive" .xar)
  same "answer of $archive" "$name" "$(cat "$WORK/out.$name.xar")"
done
same "mounts" "$count" "$(count_mounts "$ROOT")"
xarexec --list | grep " mounted .*$WORK/archives/" >listed
same "listed" "$count" "$(wc -l <listed)"
# shellcheck disable=SC2046
kill $(awk '{ print $1 }' listed)
is_clean() { [ -z "$(ls -A "$ROOT/uid-$(id -u)")" ]; }
wait_until is_clean || fail "left: $(ls -A "$ROOT/uid-$(id -u)")"
