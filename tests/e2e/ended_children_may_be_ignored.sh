#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Supervisors that ignore the end of their children hand that on to what they start: the
# program of the archive is to get it, and a launch is not to stumble over it.
. "$(dirname "$0")/lib.sh"
needs_fuse
ignoring() {
  python3 -c 'import os, signal, sys
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
os.execvp(sys.argv[1], sys.argv[1:])' "$@"
}

# A program, because shells wait for children of their own. It gets the archive's path for
# its first argument, in which it finds nothing.
mkdir "$WORK/app" "$WORK/here"
cp "$(command -v grep)" "$WORK/app/grep"
xarbuild dir "$WORK/app" -o "$WORK/app.xar" --exec grep --mount-root "$ROOT" -q
ignored() { "$@" "$WORK/app.xar" -h -a -e '^SigIgn:' /proc/self/status | cut -f2; }
backends="fuse extract"
! unshare -U true 2>/dev/null || backends="$backends userns"
usual=$(grep -h '^SigIgn:' /proc/self/status | cut -f2)
expected=$(ignoring grep -h '^SigIgn:' /proc/self/status | cut -f2)
[ $((0x$expected >> 16 & 1)) = 1 ] || fail "it is not ignored"
for backend in $backends; do
  same "by $backend" "$expected" "$(ignored ignoring xarexec --backend "$backend")"
done
same "by fuse again" "$expected" "$(ignored ignoring xarexec --backend fuse)"
same "not ignored" "$usual" "$(ignored xarexec --backend fuse)"
ignoring xarexec -m "$WORK/app.xar" "$WORK/here" >/dev/null
diff -r "$WORK/app" "$WORK/here"
