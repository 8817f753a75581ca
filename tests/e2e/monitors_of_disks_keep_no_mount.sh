#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Who asks again and again how full each file system is, as df and monitors do, does not
# keep a mount that nobody uses.
. "$(dirname "$0")/lib.sh"
needs_fuse

mkdir "$WORK/app"
echo content >"$WORK/app/file"
xarbuild dir "$WORK/app" -o "$WORK/app.xar" --mount-root "$ROOT" -q
export XAR_MOUNT_TIMEOUT=1
is_gone() { [ "$(count_mounts "$1")" -eq 0 ]; }
ask() { while :; do stat -f "$1" >/dev/null 2>&1 || true; done; }
# goes WHO COMMAND...: the mount that the command makes, while all ask about it.
goes() {
  who=$1
  shift
  at=$("$@" xarexec -m "$WORK/app.xar")
  [ "$(count_mounts "$ROOT")" -eq 1 ] || fail "nothing is mounted by $who"
  ask "$at" &
  asking=$!
  wait_until is_gone "$ROOT" || {
    kill "$asking"
    fail "the mount of $who stays"
  }
  kill "$asking"
  wait "$asking" 2>/dev/null || true
}
goes "the caller" env
users_can_mount || skip "users cannot mount"
make_user
share_launcher
goes "an ordinary user" setpriv --reuid="$USER_NAME" --regid="$USER_NAME" --clear-groups
