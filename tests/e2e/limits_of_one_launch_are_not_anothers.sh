#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The server that a launch leaves behind has none of the launch's limits and priorities, as
# far as it may get rid of them; with those that it must keep, it serves no launch without
# them.
. "$(dirname "$0")/lib.sh"
needs_fuse

mkdir "$WORK/app"
# shellcheck disable=SC2016
printf 'cat "${0%%/*}/data" >/dev/null\necho "ran $(ulimit -f)"\n' >"$WORK/app/run.sh"
head -c 2000000 /dev/urandom >"$WORK/app/data"
xarbuild dir "$WORK/app" -o "$WORK/app.xar" --exec run.sh --mount-root "$ROOT" -q
limit_of() { sed -n "s/^Max $2  *\\([^ ]*\\)  *\\([^ ]*\\) .*/\\1 \\2/p" "/proc/$1/limits"; }
server() { own_servers; }
mask_of() { awk '$1 == "Cpus_allowed:" { print $2 }' "/proc/$1/status"; }

# Limits that a process may raise again, and what else it inherits.
out=$(trap '' TERM HUP && exec prlimit --fsize=0: --cpu=500: --nofile=64: taskset 1 xarexec "$WORK/app.xar")
same "limit that the program has" "ran 0" "$out"
pid=$(server)
for limit in "cpu time" "file size"; do
  same "soft $limit" "$(limit_of "$pid" "$limit" | cut -d' ' -f2)" "$(limit_of "$pid" "$limit" | cut -d' ' -f1)"
done
same "processors" "$(mask_of $$)" "$(mask_of "$pid")"
same "ignored signals" 0000000001000000 "$(awk '$1 == "SigIgn:" { print $2 }' "/proc/$pid/status")"
end_servers

# Hard limits, and niceness. The next launch has a server without them.
as_caller() { "$@"; }
check_next() {
  first=$(server)
  same "launch after that with $1" "ran unlimited" "$(as_caller xarexec "$WORK/app.xar")"
  for pid in $(server); do
    # Root may raise the limits of the first, so that it serves both.
    [ "$pid" != "$first" ] || [ "$(server | wc -l)" -eq 1 ] || continue
    same "processor time of the server after $1" unlimited "$(limit_of "$pid" "cpu time" | cut -d' ' -f2)"
    same "niceness of the server after $1" 0 "$(sed 's/.*) //' "/proc/$pid/stat" | cut -d' ' -f17)"
  done
  end_servers
}
# shellcheck disable=SC2016
limited() { as_caller sh -c 'ulimit -t 100 && exec xarexec "$1"' sh "$WORK/app.xar" >/dev/null; }
nice_launch() { as_caller nice -n 5 xarexec "$WORK/app.xar" >/dev/null; }
limited
check_next "a limit"
nice_launch
check_next "niceness"
if users_can_mount; then
  make_user
  share_launcher
  as_caller() { as_user "$@"; }
  are_two() { [ "$(server | wc -l)" -eq 2 ]; }
  for kind in limited nice_launch; do
    $kind
    same "a user's launch after $kind" "ran unlimited" "$(as_user xarexec "$WORK/app.xar")"
    wait_until are_two || fail "a user's launch uses the server of $kind"
    # Whatever the limits: a server that is there and has none serves all.
    $kind
    wait_until are_two || fail "a launch of $kind does not use the server that is there"
    end_servers
  done
else
  skip_part "users cannot mount"
fi
