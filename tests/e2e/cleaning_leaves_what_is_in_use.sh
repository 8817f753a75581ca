#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
. "$(dirname "$0")/lib.sh"
needs_fuse

mkdir -p "$WORK/data" "$WORK/here"
cd "$WORK"
for name in live dead gone locked; do
  echo "$name" >data/file
  xarbuild dir data -o "$name.xar" --mount-root "$ROOT" -q
done
own="$ROOT/uid-$(id -u)"
lock_of() { echo "$own/lockfile.$(basename "$1")"; }
# Of this test's mount root alone: the usual ones are other tests' too.
clean() { xarexec --clean --root "$ROOT" "$@" | grep -F "$WORK" || true; }

# A server that ends cleans up behind it; one that is killed does not.
is_unserved() { [ -z "$(server_of "$WORK/$1")" ]; }
leave() {
  for server in $(server_of "$WORK/$1"); do kill -KILL "$server"; done
  wait_until is_unserved "$1"
  xarexec -u "$1"
}
live=$(xarexec -m live.xar)
gone=$(xarexec -m gone.xar)
leave gone.xar
locked=$(xarexec -m locked.xar)
leave locked.xar
dead=$(xarexec -m dead.xar)
xarexec -m dead.xar here >/dev/null
for server in $(server_of "$WORK/dead.xar"); do kill -KILL "$server"; done
are_dead() { [ "$(xarexec --list | grep -c " dead .*$WORK/dead.xar")" -eq 2 ]; }
wait_until are_dead || fail "the servers survive"

same "a dry run" "would remove dead mount: $WORK/here
would remove dead mount: $dead" "$(clean --dry-run | sort)"
same "dead mounts" 2 "$(xarexec --list | grep -c " dead .*$WORK/dead.xar")"
# Dead mounts go at once, the rest when it is old.
same "the dead" "removed dead mount: $WORK/here
removed dead mount: $dead" "$(clean | sort)"
same "again" "" "$(clean)"
same "mounts" "$live" "$(mounts_below "$WORK")"

exec 9<"$(lock_of "$locked")"
flock 9
touch -d "2 days ago" "$own"/lockfile.*
same "younger than three days" "" "$(clean --older-than 3d)"
expected="removed old lock: $(lock_of "$dead")
removed old lock: $(lock_of "$gone")
removed unused directory: $dead
removed unused directory: $gone"
same "a dry run" "$(echo "$expected" | sed 's/^removed/would remove/' | sort)" "$(clean -n --older-than 36h | sort)"
same "the old" "$(echo "$expected" | sort)" "$(clean | sort)"
same "what is mounted" live "$(tail -n 1 "$live/file" | sed 's/locked/live/')"
[ -d "$locked" ] || fail "the directory of a held lock is removed"
exec 9<&-
same "what is left then" "removed unused directory: $locked
removed old lock: $(lock_of "$locked")" "$(clean --older-than 0 | grep -v cached)"
[ -d "$live" ] && [ -e "$(lock_of "$live")" ] || fail "a live mount's directory or lock is removed"

# A mount that only another namespace has; its directory may not be taken from under it.
if [ "$(id -u)" -eq 0 ]; then
  mkfifo go
  with_own_mounts sh -c '
    at=$(XAR_MOUNT_SEED=other xarexec -m live.xar) && cd "$at" && pwd && read -r _ && cat file' >other <go &
  other=$!
  exec 8>go
  wait_until test -s other
  touch -d "2 days ago" "$own"/lockfile.*
  same "of another namespace" "" "$(clean)"
  [ -d "$(cat other)" ] || fail "the directory is removed"
  echo >&8
  wait "$other" || fail "the mount is gone from under its user"
  exec 8>&-
fi
leave live.xar
refused 2 "bad age: soon" xarexec --clean --older-than soon
refused 2 "bad age: 3x" xarexec --clean --older-than 3x
# A link or a folder of others is not entered.
mv "$own" "$ROOT/aside"
ln -s aside "$own"
touch -h -d "2 days ago" "$ROOT/aside"/lockfile.*
same "through a link" "" "$(clean --older-than 0 | grep -v cached)"

# In the session's own folder, where archives without a root of their own may be.
mkdir -m 700 runtime runtime/xar
mkdir -m 755 runtime/xar/0-ns-1
install -m 600 /dev/null runtime/xar/lockfile.0-ns-1
touch -d "2 days ago" runtime/xar/lockfile.*
same "in the session's folder" "removed unused directory: $WORK/runtime/xar/0-ns-1
removed old lock: $WORK/runtime/xar/lockfile.0-ns-1" "$(XDG_RUNTIME_DIR=$WORK/runtime clean | grep -F /runtime/)"

# What xarbuild caches, where it has not been used for long.
export XDG_CACHE_HOME="$WORK/cache"
head -c 300000 /dev/urandom | base64 >data/file
xarbuild dir data -o cached.xar -q
kept() { find cache -type f | grep -c .; }
blocks=$(kept)
[ "$blocks" -gt 1 ] || fail "nothing is cached"
same "of fresh blocks" "" "$(clean)"
find cache -type f | head -n 1 | xargs touch -d "40 days ago"
same "a dry run" "would remove 1 cached blocks: $WORK/cache/xar" "$(clean -n)"
same "of one old block" "removed 1 cached blocks: $WORK/cache/xar" "$(clean)"
same "blocks that are left" $((blocks - 1)) "$(kept)"

# Unpacked archives: not the one that a program runs from, holding the descriptor that it
# has inherited, nor one of which only its working directory or a mapping is left.
mkdir app
cat >app/run.sh <<'END'
echo ready >"$2" && read -r _ && cat "$(dirname "$0")/data"
END
echo unpacked >app/data
xarbuild dir app -o app.xar --exec run.sh --mount-root "$ROOT" -q
rm -rf "$XDG_CACHE_HOME"
export XAR_BACKEND=extract
whole() { ls "$XDG_CACHE_HOME"/xar/*.whole; }
age() { touch -d "40 days ago" "$(whole)"; }
mkfifo held
run_program() {
  rm -f ready
  "$@" <held >late &
  program=$!
  exec 8>held
  wait_until test -s ready
}
end_program() {
  echo >&8
  exec 8>&-
  wait "$program" || fail "the program failed"
}
run_program xarexec app.xar "$WORK/ready"
unpacked=$(whole)
unpacked=${unpacked%.whole}
same "of a fresh copy" "" "$(clean --older-than 1d)"
age
same "of one in use" "" "$(clean)"
end_program
same "what it reads" unpacked "$(cat late)"
age
same "a dry run" "would remove unpacked archive: $unpacked" "$(clean -n)"
[ -d "$unpacked" ] || fail "the dry run removes"
same "what nobody uses" "removed unpacked archive: $unpacked" "$(clean)"
same "left in the cache" "" "$(ls -A "$XDG_CACHE_HOME/xar")"
at=$(xarexec -m app.xar)
# shellcheck disable=SC2016
run_program sh -c 'cd "$1" && echo in >"$2" && read -r _ && cat data' sh "$at" "$WORK/ready"
age
same "of a working directory" "" "$(clean)"
end_program
run_program python3 -c '
import mmap, sys
with open(sys.argv[1]) as file: mapped = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)
file.close()
open(sys.argv[2], "w").write("ready")
sys.stdin.readline()' "$at/data" "$WORK/ready"
age
same "of a mapping" "" "$(clean)"
end_program
# What was never finished, unless its maker holds the lock.
rm -rf "$XDG_CACHE_HOME/xar"
mkdir -p "$unpacked" "$(dirname "$unpacked")/.$(basename "$unpacked").abcdef/lib"
exec 9>"$unpacked.lock"
flock 9
same "while it is made" "" "$(clean --older-than 0)"
exec 9>&-
same "what was not finished" "removed unpacked archive: $unpacked" "$(clean --older-than 0)"
same "left in the cache" "" "$(ls -A "$XDG_CACHE_HOME/xar")"
# Cleaning at every moment takes nothing from under the launches.
echo 'cat "$(dirname "$0")/data"' >app/run.sh
xarbuild dir app -o app.xar --exec run.sh --mount-root "$ROOT" -q
i=0
while [ "$i" -lt "${XAR_TEST_ROUNDS:-40}" ]; do
  xarexec --clean --older-than 0 --root "$ROOT" >/dev/null &
  cleaner=$!
  same "launch while cleaning" unpacked "$(xarexec app.xar)"
  same "launch while cleaning" unpacked "$(xarexec app.xar)"
  wait "$cleaner" || fail "cleaning failed"
  i=$((i + 1))
done
# One who cleans has it for a moment, and leaves it: it is not unpacked a second time.
same "launch" unpacked "$(xarexec app.xar)"
unpacked=$(whole)
unpacked=${unpacked%.whole}
before=$(stat -c %i "$unpacked")
flock -x "$unpacked" sh -c 'echo >"$1"; sleep 0.5' sh "$WORK/locked" &
locker=$!
wait_until test -s "$WORK/locked" || fail "no lock"
same "launch beside a lock" unpacked "$(xarexec app.xar)"
same "what has been unpacked" "$before" "$(stat -c %i "$unpacked")"
wait "$locker"
