#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
. "$(dirname "$0")/lib.sh"
needs_fuse

mkdir "$WORK/app"
echo 'echo "right ${XARFUSE_NEW_MOUNT-0}"' >"$WORK/app/run.sh"
xarbuild dir "$WORK/app" -o "$WORK/app.xar" --exec run.sh --mount-root "$ROOT" -q

i=0
while [ "$i" -lt "${XAR_TEST_LAUNCHES:-200}" ]; do
  xarexec "$WORK/app.xar" >"$WORK/out.$i" 2>&1 &
  i=$((i + 1))
done
wait
same "right answers" "$i" "$(cat "$WORK"/out.* | grep -c '^right [01]$')"
same "new mounts" 1 "$(cat "$WORK"/out.* | grep -c '^right 1$')"
same "mounts" 1 "$(count_mounts "$ROOT")"
