#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# With -v or XAR_LOG=debug, a launch and a build tell their steps on standard error, one a
# line, and what failed; otherwise not a word.
. "$(dirname "$0")/lib.sh"
needs_fuse

mkdir "$WORK/src"
cd "$WORK"
echo 'echo "runs $*"' >src/run.sh

# told FILE WORDS: a line of a step has these words.
told() { grep -q -E "^debug [0-9]+\.[0-9]{6} \[[0-9]+\] $2" "$1" || fail "no step <$2>: $(cat "$1")"; }

xarbuild dir src -o app.xar --exec run.sh --mount-root "$ROOT" -v >out 2>err
told err "read what is packed"
told err "compress with zstd level 15"
told err "wrote [0-9]+ bytes"
same "lines on standard output" 1 "$(wc -l <out)"
same "a build without -v" "" "$(xarbuild dir src -o b.xar -q 2>&1)"

for first in "opened .*app\.xar: version .*, mount root $ROOT" "place: $ROOT/" "try fuse $ROOT/" "mounted on $ROOT/" "made $ROOT/" "execute /bin/sh -e $ROOT/.*/run\.sh app\.xar a"; do
  [ -s steps ] || xarexec -v app.xar a >out 2>steps
  told steps "$first"
done
same "what it prints" "runs app.xar a" "$(cat out)"
XAR_LOG=debug xarexec app.xar 2>steps >/dev/null
told steps "found $ROOT/"
! grep -q "try fuse" steps || fail "a later launch mounts: $(cat steps)"
same "a launch without -v" "" "$(xarexec app.xar 2>&1 >/dev/null)"
same "another level" "" "$(XAR_LOG=info xarexec app.xar 2>&1 >/dev/null)"
xarexec --unmount app.xar

# What fails is told, and the last line says it in one sentence that leads further.
chmod 755 "$ROOT"
code=0
XAR_BACKEND=fuse xarexec -v app.xar >out 2>steps || code=$?
chmod 1777 "$ROOT"
same "status" 125 "$code"
told steps "opened .*app\.xar"
tail -n 1 steps | grep -q '^xarexec: cannot mount below: .*: see xarexec --doctor app\.xar$' || fail "the error is $(cat steps)"
