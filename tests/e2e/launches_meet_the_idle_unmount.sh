#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# A launch at the very moment at which its mount goes away for having been idle.
# XAR_TEST_LANES times XAR_TEST_ROUNDS of them.
. "$(dirname "$0")/lib.sh"
needs_fuse

mkdir "$WORK/app"
echo 'cat "$(dirname "$0")/data"' >"$WORK/app/run.sh"
echo right >"$WORK/app/data"
xarbuild dir "$WORK/app" -o "$WORK/app.xar" --exec run.sh --mount-root "$ROOT" -q
export XAR_MOUNT_TIMEOUT=1

# lane NUMBER: mounts of its own, each left for about as long as it takes to go.
lane() {
  round=0
  while [ "$round" -lt "${XAR_TEST_ROUNDS:-3}" ]; do
    answer=$(XAR_MOUNT_SEED="lane$1" timeout 60 xarexec "$WORK/app.xar" 2>&1) || answer="failed: $answer"
    [ "$answer" = right ] || echo "lane $1, round $round: $answer" >>"$WORK/wrong"
    echo >>"$WORK/launches.$1"
    at=$(((round * 7 + $1 * 11) % 60))
    sleep "$(printf '%d.%02d' $((1 + (70 + at) / 100)) $(((70 + at) % 100)))"
    round=$((round + 1))
  done
}
i=0
while [ "$i" -lt "${XAR_TEST_LANES:-12}" ]; do
  lane "$i" &
  i=$((i + 1))
done
wait
same "wrong answers" "" "$(cat "$WORK/wrong" 2>/dev/null)"
same "launches" $((i * ${XAR_TEST_ROUNDS:-3})) "$(cat "$WORK"/launches.* | wc -l)"
is_clean() { [ -z "$(ls -A "$ROOT/uid-$(id -u)")" ]; }
wait_until is_clean || fail "left: $(ls -A "$ROOT/uid-$(id -u)")"
