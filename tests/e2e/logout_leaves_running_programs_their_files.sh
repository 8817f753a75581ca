#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# At a user's last logout the system may remove all that is the user's below a mount root,
# as logind's RemoveIPC does in /dev/shm. Programs that run on keep their files, and what
# comes later works.
. "$(dirname "$0")/lib.sh"
needs_fuse_for_users
make_user
share_launcher

mkdir "$WORK/app"
# shellcheck disable=SC2016
printf 'echo ready >"$2"\nread -r go <"$3"\ncat "${0%%/*}/data"\n' >"$WORK/app/run.sh"
echo content >"$WORK/app/data"
xarbuild dir "$WORK/app" -o "$WORK/app.xar" --exec run.sh --mount-root "$ROOT" -q
chmod 777 "$WORK"
mkfifo -m 666 "$WORK/go"
log_out() {
  find "$ROOT" -mindepth 1 -depth -user "$USER_NAME" -exec sh -c '
    for path; do [ -d "$path" ] && rmdir "$path" || rm -f "$path"; done' sh {} + 2>/dev/null || true
}
backends=fuse
! as_user unshare -U true 2>/dev/null || backends="fuse userns"
for backend in $backends; do
  rm -f "$WORK/ready"
  as_user xarexec --backend "$backend" "$WORK/app.xar" "$WORK/ready" "$WORK/go" >"$WORK/out" 2>&1 &
  wait_until test -s "$WORK/ready" || fail "no launch by $backend: $(cat "$WORK/out")"
  log_out
  echo go >"$WORK/go"
  wait $! || fail "by $backend: $(cat "$WORK/out")"
  same "by $backend, after the logout" content "$(cat "$WORK/out")"
  rm -f "$WORK/ready"
  as_user xarexec --backend "$backend" "$WORK/app.xar" "$WORK/ready" "$WORK/go" >"$WORK/out" 2>&1 &
  wait_until test -s "$WORK/ready" || fail "no launch by $backend afterwards: $(cat "$WORK/out")"
  echo go >"$WORK/go"
  wait $! || fail "by $backend, the next: $(cat "$WORK/out")"
  same "by $backend, the next" content "$(cat "$WORK/out")"
  end_servers
  as_user xarexec --clean --older-than 0s >/dev/null
  log_out
  same "left by $backend" "" "$(find "$ROOT" -mindepth 2)"
done
