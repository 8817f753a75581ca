#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# A service manager ends a service by killing all that is in its cgroup. Another service of
# the same user that runs the same archive must keep its files.
. "$(dirname "$0")/lib.sh"
needs_fuse
needs_root

mkdir "$WORK/app"
printf 'read -r go <"%s"\ncat "${0%%/*}/data"\n' "$WORK/go" >"$WORK/app/run.sh"
head -c 300000 /dev/urandom >"$WORK/app/data"
xarbuild dir "$WORK/app" -o "$WORK/app.xar" --exec run.sh --mount-root "$ROOT" -q
mkfifo "$WORK/go"

# Version 1 has a hierarchy for service managers; version 2 has one for all.
groups=/sys/fs/cgroup/systemd
[ -d "$groups" ] || groups=/sys/fs/cgroup
first="$groups/xar-e2e-$$-first"
second="$groups/xar-e2e-$$-second"
stop() { while read -r process; do kill -KILL "$process" 2>/dev/null || true; done <"$1/cgroup.procs"; }
is_empty() { [ -z "$(cat "$1/cgroup.procs")" ]; }
remove_group() {
  [ -d "$1" ] || return 0
  stop "$1"
  wait_until is_empty "$1" && rmdir "$1"
}
trap 'remove_group "$first"; remove_group "$second"; clean_up' EXIT
mkdir "$first" "$second" 2>/dev/null || skip "cgroups cannot be made"
# launch GROUP FILE: in the cgroup, in the background.
launch() { sh -c 'echo $$ >"$1/cgroup.procs" && exec xarexec "$2"' sh "$1" "$WORK/app.xar" >"$2" & }
has_mounts() { [ "$(count_mounts "$ROOT")" = "$1" ]; }
sh -c 'echo $$ >"$1/cgroup.procs"' sh "$first" 2>/dev/null || skip "processes cannot be moved into cgroups"

launch "$first" "$WORK/by-first"
wait_until has_mounts 1 || fail "nothing is mounted"
launch "$second" "$WORK/by-second"
wait_until has_mounts 2 || fail "the services share a mount"
stop "$first"
wait_until is_empty "$first" || fail "the first service stays"
echo go >"$WORK/go"
wait $!
cmp "$WORK/app/data" "$WORK/by-second"
