#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Root with the environment of a user, as sudo -E has it, keeps its caches in its own home.
. "$(dirname "$0")/lib.sh"
needs_root
export XAR_BACKEND=extract
unset XDG_CACHE_HOME

make_user
mkdir "$WORK/app" "$WORK/root-home"
echo 'echo "${0%/*/run.sh}"' >"$WORK/app/run.sh"
head -c 20000 /dev/urandom | base64 >"$WORK/app/data"
install -d -o "$USER_NAME" "$WORK/home" "$WORK/home/held"
# A home of root's that is not that of this machine.
sed "s,^\(root:[^:]*:0:0:[^:]*\):[^:]*:,\1:$WORK/root-home:," /etc/passwd >"$WORK/passwd"
in_roots_home() {
  with_own_mounts sh -c 'mount --bind "$1/passwd" /etc/passwd && shift && exec "$@"' sh "$WORK" "$@"
}
# tries ENVIRONMENT...: a build, a run and a cleaning with it.
tries() {
  in_roots_home env "$@" xarbuild dir "$WORK/app" -o "$WORK/app.xar" --exec run.sh -q
  same "run with $*" "$WORK/root-home/.cache/xar" "$(in_roots_home env "$@" xarexec "$WORK/app.xar")"
  find "$WORK/root-home/.cache/xar" -name '??' -type d | grep -q . || fail "with $* no block is cached in root's home"
  in_roots_home env "$@" xarexec --clean --older-than 0 | grep -q "unpacked archive: $WORK/root-home/" ||
    fail "with $* root's own is not cleaned"
  same "root's files in the user's home with $*" "" "$(find "$WORK/home" -user root)"
  same "where a user's link leads" "" "$(ls -A "$WORK/target")"
  rm -rf "$WORK/root-home/.cache"
}
mkdir "$WORK/target"
tries HOME="$WORK/home"
install -d -o "$USER_NAME" "$WORK/home/.cache"
tries HOME="$WORK/home"
tries XDG_CACHE_HOME="$WORK/home/held/caches" HOME="$WORK/home"
# The user's link to where root may write is the user's choice, not root's.
ln -s "$WORK/target" "$WORK/home/link"
chown -h "$USER_NAME" "$WORK/home/link"
tries XDG_CACHE_HOME="$WORK/home/link" HOME="$WORK/home"
# A folder of root's from earlier is no better: the user can put another in its place.
mkdir -p "$WORK/home/.cache/xar"
before=$(find "$WORK/home" | sort)
in_roots_home env HOME="$WORK/home" xarexec "$WORK/app.xar" | grep -q "^$WORK/root-home/" || fail "the user's home is used"
same "the user's home" "$before" "$(find "$WORK/home" | sort)"

# Its own home, and another's of root's, are root's.
mkdir "$WORK/other"
same "a home of root's" "$WORK/other/.cache/xar" "$(env HOME="$WORK/other" xarexec "$WORK/app.xar")"
