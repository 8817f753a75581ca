#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
. "$(dirname "$0")/lib.sh"
needs_fuse

mkdir -p "$WORK/data/folder"
echo content >"$WORK/data/file"
xarbuild dir "$WORK/data" -o "$WORK/data.xar" --mount-root "$ROOT" -q
export XAR_MOUNT_TIMEOUT=1
at=$(xarexec -m "$WORK/data.xar")
is_gone() { [ "$(count_mounts "$ROOT")" -eq 0 ]; }

# A working directory, an open file and a mapping each keep it, for several times
# the time-out.
mkfifo "$WORK/go"
sh -c 'cd "$1/folder" && echo in >"$2" && read -r _ && cat ../file' sh "$at" "$WORK/ready" \
  <"$WORK/go" >"$WORK/late" &
user=$!
exec 8>"$WORK/go"
wait_until test -s "$WORK/ready"
sleep 4
same "mounts while a working directory is inside" 1 "$(count_mounts "$ROOT")"
echo >&8
exec 8>&-
wait "$user"
same "content read late" content "$(cat "$WORK/late")"

exec 9<"$at/file"
sleep 4
same "mounts while a file is open" 1 "$(count_mounts "$ROOT")"
exec 9<&-
wait_until is_gone || fail "still mounted long after its last use"

# And the next use just mounts again.
same "again" content "$(cat "$(xarexec -m "$WORK/data.xar")/file")"
wait_until is_gone || fail "still mounted long after its last use"
