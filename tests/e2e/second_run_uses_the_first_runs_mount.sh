#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
. "$(dirname "$0")/lib.sh"
needs_fuse

mkdir "$WORK/app"
printf '#!/bin/sh\nshift\necho "hello $* from $0, new=${XARFUSE_NEW_MOUNT-no}"\n' >"$WORK/app/run.sh"
chmod +x "$WORK/app/run.sh"
xarbuild dir "$WORK/app" -o "$WORK/app.xar" --exec run.sh --mount-root "$ROOT" \
  --xar-exec "$XAR_BIN/xarexec_fuse" -q

first=$("$WORK/app.xar" you)
second=$("$WORK/app.xar" you)
at=$(xarexec -n "$WORK/app.xar")
same "first run" "hello you from $at/run.sh, new=1" "$first"
same "second run" "hello you from $at/run.sh, new=no" "$second"
same "mounts" 1 "$(count_mounts "$ROOT")"
same "mount type" "ro fuse.squashfuse_ll" \
  "$(awk -v at="$at" '$2 == at { split($4, o, ","); print o[1], $3 }' /proc/mounts)"
grep -q -F -e "$at fuse.squashfuse_ll ro,nosuid,nodev" /proc/mounts || fail "not nosuid,nodev"
