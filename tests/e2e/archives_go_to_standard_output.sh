#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# `-o -` writes the archive, the same bytes, to standard output, and what there is to say to
# standard error; a terminal does not get it.
. "$(dirname "$0")/lib.sh"

mkdir "$WORK/src"
cd "$WORK"
echo 'echo hi' >src/run.sh
xarbuild dir src -o file.xar --exec run.sh -q
xarbuild dir src -o - --exec run.sh >pipe.xar 2>err
cmp file.xar pipe.xar || fail "not the same bytes"
grep -q '^-: .* from .*, 1 file' err || fail "it says $(cat err)"
same "no file of that name" "" "$(find . -name -)"
same "quiet" "" "$(xarbuild dir src -o - -q 2>&1 >/dev/null)"
xarbuild dir src -o - --standalone -q >standalone.xar
xarexec --verify standalone.xar >/dev/null
refused 125 "cannot write to: standard output" sh -c 'xarbuild dir src -o - -q >/dev/full'
# A file of that name has a path.
xarbuild dir src -o ./- -q
[ -f ./- ] || fail "no file ./-"

code=0
TERM=xterm python3 "$HERE/on_terminal.py" 80 xarbuild dir src -o - >terminal || code=$?
same "status on a terminal" 2 "$code"
grep -q 'will not write an archive to a terminal: redirect it' terminal || fail "on a terminal: $(cat -v terminal)"
