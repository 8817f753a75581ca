#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Root may not look into a user's mount. Its cleaning leaves what belongs to one all the
# same, and removes one that is dead; a directory whose lock file is gone does not stay for
# ever.
. "$(dirname "$0")/lib.sh"
needs_fuse_for_users

make_user
share_launcher
mkdir "$WORK/app"
cd "$WORK"
# shellcheck disable=SC2016
echo 'cat "$(dirname "$0")/data"' >app/run.sh
echo right >app/data
xarbuild dir app -o app.xar --exec run.sh --mount-root "$ROOT" -q
own="$ROOT/uid-$(id -u "$USER_NAME")"
clean() { xarexec --clean --root "$ROOT" "$@" | grep -F "$WORK" || true; }
make_old() { touch -d "2 days ago" "$@"; }

at=$(as_user xarexec -m app.xar)
lock="$own/lockfile.$(basename "$at")"
make_old "$lock"
same "a live mount's" "" "$(clean)"
[ -e "$lock" ] || fail "the lock of a live mount is removed"
same "run" right "$(as_user xarexec app.xar)"
same "mounts" "$at" "$(mounts_below "$own")"
# The record lock alone protects, too, where the directory is not to be seen.
make_old "$lock"
as_user xarexec -u app.xar
is_clear() { [ -z "$(ls -A "$own")" ]; }
wait_until is_clear || fail "left: $(ls -A "$own")"

# A dead one goes; to all but its user and group the kernel says that all is well.
same "mounted again" "$at" "$(as_user xarexec -m app.xar)"
has_server() { [ -n "$(own_servers)" ]; }
wait_until has_server || fail "no server"
for server in $(own_servers); do kill -KILL "$server"; done
is_dead() { xarexec --list | grep -q " dead .*$WORK/app.xar"; }
wait_until is_dead || fail "root does not see that it is dead: $(xarexec --list)"
same "a dry run of a dead one" "would remove dead mount: $at" "$(clean -n)"
same "a dead one" "removed dead mount: $at" "$(clean)"
same "mounts" "" "$(mounts_below "$own")"
same "what it leaves" "removed old lock: $lock
removed unused directory: $at" "$(clean --older-than 0 | grep -v cached | sort)"

# A directory as launchers make it, whose lock file is gone.
name=$(basename "$at")
as_user mkdir -m 755 "$own/$name"
same "a young directory" "" "$(clean)"
make_old "$own/$name"
as_user touch "$own/$name/file"
make_old "$own/$name"
same "one with something in it" "" "$(clean)"
rm "$own/$name/file"
make_old "$own/$name"
as_user mkdir -m 755 "$own/of-the-users-own"
as_user mkdir -m 700 "$own/$name-2"
make_old "$own"/*
same "a dry run" "would remove unused directory: $own/$name" "$(clean -n)"
exec 9<"$own/$name"
flock -s 9
same "one that a server has locked" "" "$(clean)"
exec 9<&-
same "an old one" "removed unused directory: $own/$name" "$(clean)"
same "what others made" "$name-2
of-the-users-own" "$(ls "$own")"

# Users clean up so, too; and launches go on meanwhile.
as_user mkdir -m 755 "$own/$name"
same "the user's cleaning" "removed unused directory: $own/$name" \
  "$(as_user xarexec --clean --older-than 0 --root "$ROOT" | grep -F "$WORK/root")"
rmdir "$own/$name-2" "$own/of-the-users-own"
round=0
while [ "$round" -lt "${XAR_TEST_ROUNDS:-20}" ]; do
  as_user mkdir -m 755 "$own/$name" 2>/dev/null || true
  clean --older-than 0 >/dev/null &
  cleaner=$!
  same "round $round" right "$(as_user xarexec app.xar)"
  wait "$cleaner"
  as_user xarexec -u app.xar
  round=$((round + 1))
done
is_alone() { ! pgrep -u "$USER_NAME" >/dev/null; }
wait_until is_alone || fail "a server stays without a mount"
clean --older-than 0 >/dev/null
same "left" "" "$(ls -A "$own")"
