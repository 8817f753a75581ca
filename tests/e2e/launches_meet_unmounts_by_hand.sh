#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Launches whose mount is taken away by hand as soon as nobody uses it, also between its
# making and its first use.
. "$(dirname "$0")/lib.sh"
needs_root
needs_fuse

mkdir "$WORK/app"
cd "$WORK"
# shellcheck disable=SC2016
echo 'cat "$(dirname "$0")/data"' >app/run.sh
echo right >app/data
xarbuild dir app -o app.xar --exec run.sh --mount-root "$ROOT" -q
# Without a pause, which no shell can do. umount2(2), so that none follows a link.
python3 -c '
import ctypes, os, sys
umount = ctypes.CDLL(None).umount2
while not os.path.exists("stop"):
    for _ in range(1000): umount(sys.argv[1].encode(), 8)' "$(xarexec -n app.xar)" &
unmounter=$!
round=0
while [ "$round" -lt "${XAR_TEST_ROUNDS:-60}" ]; do
  answer=$(timeout 60 xarexec app.xar 2>&1) || answer="failed: $answer"
  [ "$answer" = right ] || echo "round $round: $answer" >>wrong
  round=$((round + 1))
done
touch stop
wait "$unmounter"
same "wrong answers" "" "$(cat wrong 2>/dev/null)"
