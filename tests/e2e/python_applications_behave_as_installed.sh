#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
. "$(dirname "$0")/lib.sh"
needs_fuse

python=/usr/bin/python3
mkdir -p "$WORK/src/pack" "$WORK/elsewhere"
cat >"$WORK/src/tool.py" <<'PY'
import os, subprocess, sys

def report():
    print(sys.argv[1:], os.path.basename(sys.argv[0]), __name__)

def status():
    return int(sys.argv[1])

def quits():
    quit(4)

def raises():
    raise ValueError("on purpose")

def isolation():
    import site
    print([p for p in sys.path if "packages" in p], site.ENABLE_USER_SITE)
    print(os.environ.get("PYTHONPATH"), os.environ.get("XAR_SAVED_PYTHONPATH"),
          os.environ.get("LD_LIBRARY_PATH"), os.environ.get("XAR_SAVED_LD_LIBRARY_PATH"))
    print(subprocess.run([sys.executable, "-c", "import os, sys; print(os.environ['PYTHONPATH'] in sys.path)"],
                         capture_output=True, text=True).stdout.strip())

def runtime():
    assert os.environ["XAR_RUNTIME_FILES"] == os.path.dirname(os.path.realpath(__file__))
    assert os.environ["XAR_INVOKED_NAME"] == sys.argv[0]
    print(os.environ["XAR_PYTHON_COMMAND"])

def square(x):
    return x * x

def parallel():
    import multiprocessing
    for how in "fork", "spawn", "forkserver":
        with multiprocessing.get_context(how).Pool(2) as pool:
            print(how, pool.map(square, [1, 2, 3]))
PY
: >"$WORK/src/pack/__init__.py"
echo 'import sys; print(__name__, __package__, sys.stdin.read())' >"$WORK/src/pack/__main__.py"
cat >"$WORK/src/solo.py" <<'PY'
import multiprocessing
def cube(x):
    return x ** 3
if __name__ == "__main__":
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        print(__name__, __file__.rpartition("/")[2], pool.map(cube, [2]))
PY
build() { # build NAME ENTRY-POINT
  xarbuild python "$WORK/src" -o "$WORK/$1.xar" -e "$2" --python $python --mount-root "$ROOT" \
    --xar-exec "$XAR_BIN/xarexec_fuse" -q
}

build report tool:report
same "arguments" "['a b', ''] report.xar tool" "$("$WORK/report.xar" 'a b' '')"
build status tool:status
for status in 0 1 42; do
  code=0
  "$WORK/status.xar" $status || code=$?
  same "status" $status $code
done
build quits tool:quits
code=0
"$WORK/quits.xar" || code=$?
same "status of quit()" 4 $code

build raises tool:raises
"$WORK/raises.xar" 2>"$WORK/trace" && fail "no failure"
grep -q -F 'raise ValueError("on purpose")' "$WORK/trace" || fail "no source line in the traceback"
grep -q -F 'ValueError: on purpose' "$WORK/trace" || fail "no message in the traceback"

build isolation tool:isolation
same "isolation" "[] False
$WORK/elsewhere $WORK/elsewhere /x /x
False" "$(PYTHONPATH=$WORK/elsewhere LD_LIBRARY_PATH=/x "$WORK/isolation.xar")"
same "nothing saved" "None None None None" "$(env -u LD_LIBRARY_PATH "$WORK/isolation.xar" | sed -n 2p)"

build runtime tool:runtime
same "interpreter" "$(readlink -f $python)" "$("$WORK/runtime.xar")"
build parallel tool:parallel
same "multiprocessing" "fork [1, 4, 9]
spawn [1, 4, 9]
forkserver [1, 4, 9]" "$("$WORK/parallel.xar")"
build main pack
same "a package's __main__" "__main__ pack typed" "$(printf typed | "$WORK/main.xar")"
build solo solo
same "a module as __main__" "__main__ solo.py [8]" "$("$WORK/solo.xar")"

xarbuild python "$WORK/src" -o "$WORK/lost.xar" -e tool:report --python $python --python-shebang no-such-python --mount-root "$ROOT" -q
code=0
xarexec "$WORK/lost.xar" 2>"$WORK/lost" || code=$?
same "status without an interpreter" 127 $code
grep -q -F 'cannot find the interpreter: no-such-python: install it' "$WORK/lost" || fail "$(cat "$WORK/lost")"

# As the original's launcher runs it, and without a single process before Python.
at=$(xarexec -m "$WORK/report.xar")
same "sh -e" "['x'] any.xar tool" "$(/bin/sh -e "$at/__xar_bootstrap__.sh" any.xar x)"
strace -f -e trace=fork,vfork,clone,clone3 -o "$WORK/trace" /bin/sh -e "$at/__xar_bootstrap__.sh" any.xar >/dev/null
grep -E 'fork|clone' "$WORK/trace" && fail "the bootstrap forks"

refused 125 "no such module: nothing" xarbuild python "$WORK/src" -o "$WORK/x.xar" -e nothing
refused 125 "bad entry point: a b" xarbuild python "$WORK/src" -o "$WORK/x.xar" -e "a b"
refused 125 "bad interpreter" xarbuild python "$WORK/src" -o "$WORK/x.xar" -e tool --python-shebang "bin/python"
