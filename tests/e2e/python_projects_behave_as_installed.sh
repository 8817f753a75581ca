#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# A project with two console scripts, data, an extension module and a dependency, beside
# the same project installed into a virtual environment.
. "$(dirname "$0")/lib.sh"
needs_fuse

python=/usr/bin/python3
$python -c 'import setuptools, pip, venv, wheel' 2>/dev/null || skip "no python3-pip, -setuptools, -wheel or -venv"
[ -e "$($python -c 'import sysconfig; print(sysconfig.get_path("include"))')/Python.h" ] || skip "no python3-dev"

cp -r "$HERE/../../examples/tally" "$WORK/tally"
mkdir -p "$WORK/probe/probes/data" "$WORK/probe/spaces/one"
cat >"$WORK/probe/probes/__init__.py" <<'PY'
import os, pkgutil, runpy, signal, subprocess, sys
from importlib import metadata, resources

def square(x):
    return x * x

def fails():
    raise ValueError("on purpose")  # this line is shown

def show(*words):
    print(*words, flush=True)

def main():
    # Not while importing: whether a pool's process, which imports this too, comes to its end
    # or is ended first is a matter of chance.
    global kept
    kept = Kept()
    kept.itself = kept
    return globals()["probe_" + sys.argv[1]](*sys.argv[2:])

def probe_multiprocessing():
    import multiprocessing
    for how in "fork", "spawn", "forkserver":
        with multiprocessing.get_context(how).Pool(2) as pool:
            show(how, pool.map(square, [1, 2, 3]))

def probe_executable():
    code = "import tally.cli, tally._count, sys; print(tally._count.count_words('a b'), sys.argv)"
    for options in [], ["-I"], ["-m"]:
        words = ["probes.child"] if options == ["-m"] else ["-c", code]
        done = subprocess.run([sys.executable, *options, *words, "x"], capture_output=True, text=True)
        show(done.stdout, done.stderr)
    show("leaks", [n for n in ("PYTHONPATH", "LD_LIBRARY_PATH", "PYTHONHOME") if n in os.environ])
    show(subprocess.run(["/usr/bin/python3", "-c", "import tally"], capture_output=True).returncode)

def probe_data():
    show(resources.files("probes").joinpath("data/text").read_text())
    with resources.as_file(resources.files("probes") / "data") as folder:
        show(sorted(os.listdir(folder)))
    show(pkgutil.get_data("probes", "data/text"))
    with open(os.path.join(os.path.dirname(__file__), "data", "text")) as file:
        show(file.read())

def probe_metadata():
    show(metadata.version("tally"), metadata.requires("tally"), metadata.metadata("tally")["Summary"])
    show(sorted(e.name for e in metadata.entry_points(group="console_scripts") if e.module.startswith("tally")))
    show(sorted(str(f) for f in metadata.files("columns") if f.suffix == ".py"))
    show(sorted({d.metadata["Name"] for d in metadata.distributions()} & {"tally", "columns"}))
    show([f.name for f in metadata.files("tally") if f.suffix == ".so" and f.locate().exists()] != [])

def probe_packages():
    import tally
    show(sorted(m.name for m in pkgutil.iter_modules(tally.__path__)))
    show(sorted(m.name for m in pkgutil.walk_packages(tally.__path__, "tally.")))
    import spaces.one, spaces
    show(spaces.one.NAME, spaces.__spec__.origin, len(list(spaces.__path__)))
    import importlib.util
    show(importlib.util.find_spec("probes.missing"), importlib.util.find_spec("missing"))
    show(sorted(runpy.run_module("probes.child")["words"]))
    importlib.invalidate_caches()
    import probes.child
    show(type(probes.child.__loader__).__name__, probes.child.__spec__.has_location)
    show(os.path.basename(probes.child.__cached__), os.path.basename(probes.child.__file__))
    show(probes.__loader__.is_package("probes"), probes.__package__, probes.child.__package__)

def probe_source():
    import inspect, traceback
    show(inspect.getsource(square))
    try:
        fails()
    except ValueError:
        show([line.strip() for line in traceback.format_exc().splitlines()][-3:])
    try:
        import probes.broken
    except ImportError as error:
        show(len(traceback.extract_tb(error.__traceback__)), error)

def probe_pdb():
    import pdb
    pdb.run("square(3)", globals(), {})

def probe_signal():
    os.kill(os.getpid(), signal.SIGTERM)

def probe_interrupt():
    os.kill(os.getpid(), signal.SIGINT)

def probe_exit(status):
    sys.exit(int(status) if status.isdigit() else status)

def probe_builtins():
    import atexit, gc
    atexit.register(show, "at exit")
    show(exit.__class__.__name__, help.__class__.__name__, __name__, sys.flags.optimize)
    show(gc.get_threshold(), gc.isenabled(), gc.get_freeze_count() >= 0)

class Kept:
    def __del__(self):
        show("finalized")
PY
echo 'import sys; words = ["b", "a"]; print(__name__, sys.argv[1:])' >"$WORK/probe/probes/child.py"
echo 'import no_such_module' >"$WORK/probe/probes/broken.py"
echo 'NAME = "one of a namespace"' >"$WORK/probe/spaces/one/__init__.py"
printf 'content' >"$WORK/probe/probes/data/text"
cat >"$WORK/probe/setup.py" <<'PY'
from setuptools import setup
setup(name="probes", version="1", packages=["probes", "spaces.one"], package_data={"probes": ["data/*"]},
      install_requires=["tally"], entry_points={"console_scripts": ["probes = probes:main"]})
PY

wheels=$WORK/wheels
$python -m pip wheel -q --no-index --no-build-isolation --no-deps --wheel-dir "$wheels" \
  "$WORK/tally/dependency" "$WORK/tally" "$WORK/probe" 2>"$WORK/pip" || fail "pip: $(cat "$WORK/pip")"
$python -m venv --without-pip "$WORK/venv"
$python -m pip --python "$WORK/venv/bin/python" install -q --no-index --find-links "$wheels" probes 2>"$WORK/pip" ||
  fail "pip: $(cat "$WORK/pip")"
pack() {
  xarbuild python --python $python --mount-root "$ROOT" --xar-exec "$XAR_BIN/xarexec_fuse" --zstd-level 1 -q "$@"
}
cd "$WORK"
pack probes -o probes.xar -- --no-index --find-links "$wheels"

# Same output, same last line of complaint, same status, in both.
compare() {
  for kind in installed packed; do
    command=./probes.xar
    [ $kind = packed ] || command=venv/bin/probes
    status=0
    echo 'where' | timeout 60 $command "$@" >"$kind.out" 2>"$kind.err" || status=$?
    # Places and the launcher's own frames differ, and must.
    {
      cat $kind.out
      tail -n 1 $kind.err
      echo "status $status"
    } |
      sed -e "s,$ROOT/[^ ]*/,PLACE/,g;s,$WORK/venv/lib/python[0-9.]*/site-packages/,PLACE/,g" >"$kind"
  done
  cmp -s installed packed || fail "$*: $(diff installed packed)"
}
for probe in multiprocessing executable data metadata packages source signal interrupt builtins "exit 0" "exit 7" "exit words"; do
  # shellcheck disable=SC2086 # words
  compare $probe
done
./probes.xar pdb </dev/null >pdb.out 2>&1 || true
grep -q '<string>(1)' pdb.out || fail "pdb: $(cat pdb.out)"

# As the original's launcher runs it.
at=$(xarexec -m ./probes.xar)
same "sh -e" "$(venv/bin/probes data)" "$(/bin/sh -e "$at/__xar_bootstrap__.sh" ./probes.xar data)"

# Every console script in one file: by a link's name, by XAR_SCRIPT, by the trampolines.
pack "$wheels"/tally-*.whl "$wheels"/columns-*.whl -o tally.xar -c tally --all-scripts
ln -s tally.xar common-words
echo "the cat and the hat" >text
same "the default" "$(venv/bin/tally <text)" "$(./tally.xar <text)"
same "by a link" "$(venv/bin/common-words)" "$(./common-words)"
same "by XAR_SCRIPT" "$(venv/bin/common-words)" "$(XAR_SCRIPT=common-words ./tally.xar)"
at=$(xarexec -m ./tally.xar)
same "by a trampoline" "$(venv/bin/common-words)" "$("$at/common-words")"
code=0
XAR_SCRIPT=common-word ./tally.xar 2>message || code=$?
same "status for an unknown script" 127 $code
same "lines about an unknown script" 1 "$(wc -l <message)"
grep -q 'no script is called common-word: did you mean common-words?' message || fail "$(cat message)"

# What programs that are started get, when asked for.
pack "$wheels"/*.whl -o exported.xar -c probes --export-paths
./exported.xar executable >exported
grep -q "leaks \['PYTHONPATH', 'LD_LIBRARY_PATH'\]" exported || fail "$(cat exported)"
