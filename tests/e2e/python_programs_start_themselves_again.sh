#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# sys.executable with sys.argv, by which reloaders and servers start themselves again, and
# with other programs.
. "$(dirname "$0")/lib.sh"
needs_fuse

python=${PYTHON:-/usr/bin/python3}
mkdir -p "$WORK/src/pack" "$WORK/else where"
cat >"$WORK/src/again.py" <<'PY'
import os, subprocess, sys

def start_again():
    words = eval(os.environ.pop("WORDS"))
    os.environ["AGAIN"] = "1"
    sys.stdout.flush()
    os.execv(words[0], words)

def main(name="main"):
    print(name, os.path.basename(sys.argv[0]), sys.argv[1:], os.environ.get("XAR_SCRIPT"), flush=True)
    if "AGAIN" not in os.environ:
        start_again()

def other():
    main("other")
PY
echo 'import again; again.main(__name__)' >"$WORK/src/pack/__main__.py"
: >"$WORK/src/pack/__init__.py"
cd "$WORK"
pack() {
  xarbuild python --python "$python" --mount-root "$ROOT" --xar-exec "$XAR_BIN/xarexec_fuse" --zstd-level 1 -q --force "$@"
}
# twice WHAT EXPECTED COMMAND...: the program and the one that it starts say the same.
twice() {
  what=$1 expected=$2
  shift 2
  same "$what" "$expected
$expected" "$("$@" 2>&1)"
}

WORDS='[sys.executable] + sys.argv'
export WORDS
pack src -e again:main -o again.xar
twice "by its path" "main again.xar ['a b', ''] None" "$WORK/again.xar" 'a b' ''
twice "by a relative path" "main again.xar [] None" ./again.xar
WORDS='getattr(sys, "orig_argv", [sys.executable] + sys.argv)' twice "as it was started" "main again.xar ['x'] None" ./again.xar x
WORDS='[sys.executable, os.path.basename(sys.argv[0])]' twice "by its bare name" "main again.xar [] None" ./again.xar
WORDS='[sys.executable, "-u", "-X", "utf8", "-W", "error"] + sys.argv' twice "with options" "main again.xar [] None" ./again.xar
chmod -x again.xar
twice "not executable" "main again.xar ['x'] None" xarexec again.xar x
cp again.xar "else where/a gain.xar"
twice "with spaces" "main a gain.xar ['x'] None" xarexec "else where/a gain.xar" x

pack src -e again:main -o again.xar --standalone
twice "standalone" "main again.xar ['x'] None" ./again.xar x
same "standalone by PATH" "main again.xar ['x'] None
main again.xar ['x'] None" "$(PATH=$WORK:$PATH again.xar x)"

pack src -e pack -o pack.xar
WORDS='[sys.executable, "-m", sys.modules["__main__"].__spec__.parent] + sys.argv[1:]'
same "a module" "__main__ pack.xar ['x'] None
__main__ __main__.py ['x'] None" "$(./pack.xar x)"

# One of several programs in a file starts that one again.
WORDS='[sys.executable] + sys.argv'
$python "$HERE/pack_wheel.py" src again 1 main=again:main other=again:other
pack again-1-*.whl -o several.xar -c main --all-scripts
twice "the default" "main several.xar [] None" ./several.xar
XAR_SCRIPT=other twice "by XAR_SCRIPT" "other several.xar [] None" ./several.xar
ln -s several.xar other
twice "by a link" "other other ['x'] None" ./other x
at=$(xarexec -m several.xar)
twice "by a trampoline" "other other ['x'] None" "$at/other" x
# Another archive that is started is not asked for that program.
WORDS='["./second.xar"]'
pack again-1-*.whl -o second.xar -c main --all-scripts
same "another archive" "other several.xar [] None
main second.xar [] None" "$(XAR_SCRIPT=other ./several.xar)"

# What is no Python is executed, and what is Python is not.
WORDS='[sys.executable, "/bin/echo", "x"]'
same "an ELF program" "main again.xar [] None
x" "$(./again.xar)"
printf '#!/bin/sh\n'"''''exec false #'''\n"'import sys; print("Python", sys.argv)\n' >both
chmod +x both
WORDS='[sys.executable, "both", "x"]'
same "a script for both" "main again.xar [] None
Python ['both', 'x']" "$(./again.xar)"
WORDS='[sys.executable, "/dev/stdin"]'
same "a pipe" "main again.xar [] None
piped" "$(echo 'print("piped")' | ./again.xar)"
