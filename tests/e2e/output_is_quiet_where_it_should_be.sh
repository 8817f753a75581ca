#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# One line about a build, a bar on terminals only, and not a word from a launch.
. "$(dirname "$0")/lib.sh"

mkdir "$WORK/src"
echo 'true' >"$WORK/src/run.sh"
cd "$WORK"
xarbuild dir src -o a.xar --exec run.sh --mount-root "$ROOT" >out 2>err
same "lines on standard output" 1 "$(wc -l <out)"
same "standard error" "" "$(cat err)"
grep -q -E '^a\.xar: [0-9.]+ KiB from 5 B, 1 file, [0-9.]+ s$' out || fail "the line is <$(cat out)>"
# How much smaller it is, where it is, and that nothing is run.
mkdir data
seq 100000 >data/numbers
xarbuild dir data -o data.xar >out
grep -q -E '^data\.xar: [0-9.]+ KiB from [0-9.]+ KiB \([0-9.]+%\), 1 file, [0-9.]+ s; nothing in it is run: xarexec -m mounts it$' out ||
  fail "the line is <$(cat out)>"
same "quiet" "" "$(xarbuild dir src -o b.xar -q 2>&1)"
for program in xarbuild xarexec; do
  $program --help | grep -q -F "Exit status" || fail "$program --help says nothing of exit statuses"
done
# A comparison has a bar, and wipes it away before it prints a line, and in the end.
head -c 3000000 /dev/zero >src/zeros
xarbuild dir src -o large.xar -q
on_terminal() { TERM=xterm python3 -c 'import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))' "$@"; }
on_terminal xarexec --diff large.xar large.xar | cat -v >terminal
grep -q -E '^\^M\[[ =]*\] .* of 2\.9 MiB.*\^M\^\[\[K$' terminal || fail "the bar is <$(cat terminal)>"
: >src/zzz
xarbuild dir src -o larger.xar -q
on_terminal xarexec --diff large.xar larger.xar | cat -v >terminal
grep -q -E '\^M\^\[\[K(\^\[\[32m)?\+ /zzz  \(0 B\)(\^\[\[m)?\^M$' terminal || fail "a line beside the bar is <$(cat terminal)>"
same "a comparison elsewhere" "" "$(xarexec --diff large.xar large.xar 2>&1)"
if [ -w /dev/fuse ]; then
  same "first launch" "" "$(xarexec a.xar 2>&1)"
  same "second launch" "" "$(xarexec a.xar 2>&1)"
fi
