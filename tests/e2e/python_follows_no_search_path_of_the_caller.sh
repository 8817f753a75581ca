#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# PYTHONPATH and PYTHONHOME of the caller are for other programs; what the application sets
# for its own interpreters counts.
. "$(dirname "$0")/lib.sh"
needs_fuse

python=${PYTHON:-/usr/bin/python3}
mkdir -p "$WORK/src/pack" "$WORK/caller/pack" "$WORK/extra"
cat >"$WORK/src/pack/__init__.py" <<'PY'
import os, subprocess, sys

CODE = "import os, pack.part; print(pack.part.NAME, os.environ.get('PYTHONPATH'), os.environ.get('PYTHONHOME'))"

def child(**variables):
    environment = {**os.environ, **variables}
    code = CODE + "\ntry: import own; print(own.NAME)\nexcept ImportError: print('no own')"
    return subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)

def show(done):
    print(done.stdout.replace("\n", " ") + done.stderr)

def main():
    exec(CODE)
    show(child())
    theirs, ours = os.environ.get("PYTHONPATH"), os.environ["OWN"]
    show(child(PYTHONPATH=ours))
    show(child(PYTHONPATH=ours + (":" + theirs if theirs else "")))
    show(subprocess.run([sys.executable, "-c", CODE], env={}, capture_output=True, text=True))
    # A child of a child.
    code = "import subprocess, sys; sys.exit(subprocess.run([sys.executable, '-c', %r]).returncode)" % CODE
    show(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True))
    import multiprocessing
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        print(pool.apply(os.getenv, ("PYTHONPATH",)), pool.apply(os.getenv, ("PYTHONHOME",)))
PY
echo 'NAME = "the right one"' >"$WORK/src/pack/part.py"
echo 'raise SystemExit("the wrong one")' | tee "$WORK/caller/pack/__init__.py" >"$WORK/caller/site.py"
echo 'NAME = "own"' >"$WORK/extra/own.py"
cd "$WORK"
xarbuild python src -o pack.xar -e pack:main --python "$python" --mount-root "$ROOT" --xar-exec "$XAR_BIN/xarexec_fuse" --zstd-level 1 -q
own=$WORK/extra
export OWN="$own"
unset PYTHONPATH PYTHONHOME
same "without any" "the right one None None
the right one None None no own 
the right one $own None own 
the right one $own None own 
the right one None None 
the right one None None 
None None" "$(./pack.xar)"
caller=$WORK/caller
same "with both" "the right one $caller /nonexistent
the right one $caller /nonexistent no own 
the right one $own /nonexistent own 
the right one $own:$caller /nonexistent own 
the right one None None 
the right one $caller /nonexistent 
$caller /nonexistent" "$(PYTHONPATH=$caller PYTHONHOME=/nonexistent ./pack.xar)"
