#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What a start sets up, in the application and in each kind of process that it starts: the
# same as in a virtual environment with the same wheels, but for what starts.py lists.
. "$(dirname "$0")/lib.sh"
needs_fuse

python=${PYTHON:-/usr/bin/python3}
$python -c 'import venv' 2>/dev/null || skip "no python3-venv"
$python -m pip --python "$python" --version >/dev/null 2>&1 || skip "no python3-pip that can install elsewhere"

mkdir -p "$WORK/probe/probe" "$WORK/probe/more"
cat >"$WORK/probe/probe/__init__.py" <<'PY'
import builtins, importlib.machinery, json, os, site, subprocess, sys, sysconfig

def named(hooks):
    return [getattr(hook, "__qualname__", None) or type(hook).__qualname__ for hook in hooks]

def state(ignored=None):
    # First, before anything opens a file.
    descriptors = {number: os.readlink("/proc/self/fd/" + number)
                   for number in os.listdir("/proc/self/fd")
                   if os.path.lexists("/proc/self/fd/" + number)}
    import __main__, gc, probe.inner, signal, warnings, locale
    return {
        "sys.path": sys.path,
        "prefixes": {name: getattr(sys, name, None) for name in
                     ("prefix", "exec_prefix", "base_prefix", "base_exec_prefix", "executable",
                      "platlibdir", "pycache_prefix", "dont_write_bytecode", "_home")},
        # An environment's may be a link to it.
        "sys._base_executable": os.path.realpath(sys._base_executable),
        "sys.flags": {name: getattr(sys.flags, name) for name in dir(sys.flags)
                      if not name.startswith("_") and not callable(getattr(sys.flags, name))},
        "sys.argv": sys.argv,
        "sys.orig_argv": getattr(sys, "orig_argv", None),
        "sys.warnoptions": sys.warnoptions,
        "sys._xoptions": sys._xoptions,
        "sys attributes": sorted(dir(sys)),
        "builtins": sorted(dir(builtins)),
        "import hooks": named(sys.meta_path),
        "path hooks": named(sys.path_hooks),
        "finder of the packages": isinstance(sys.path_importer_cache[os.path.dirname(probe.__path__[0])],
                                             importlib.machinery.FileFinder),
        "hooks": [sys.excepthook is sys.__excepthook__, sys.displayhook is sys.__displayhook__,
                  hasattr(sys, "__interactivehook__"), sys.breakpointhook is sys.__breakpointhook__],
        "environment variables": dict(os.environ),
        "site": {"packages": site.getsitepackages(), "user": site.ENABLE_USER_SITE,
                 "prefixes": site.PREFIXES, "no user packages": site.getusersitepackages()},
        "sysconfig": sysconfig.get_paths(),
        "module": [probe.__file__, probe.__cached__, probe.__path__, type(probe.__loader__).__qualname__,
                   probe.__spec__.origin, probe.__spec__.cached, probe.__package__, type(probe.__spec__).__qualname__,
                   probe.inner.__file__, probe.inner.__spec__.parent, probe.inner.__spec__.has_location,
                   probe.state.__code__.co_filename],
        "pth": [os.environ.get("PROBE_PTH"), "probe_more" in sys.modules],
        "customized": hasattr(builtins, "PROBE_CUSTOMIZED"),
        "main": [__main__.__name__, __main__.__package__, __main__.__spec__ is None],
        "streams": [[stream.encoding, stream.errors, stream.line_buffering, stream.write_through]
                    for stream in (sys.stdin, sys.stdout, sys.stderr)],
        "signals": {str(number): str(signal.getsignal(number)) for number in signal.valid_signals()},
        "gc": [gc.isenabled(), gc.get_debug()],
        "warnings": [str(entry[:4]) for entry in warnings.filters],
        "encodings": [sys.getdefaultencoding(), sys.getfilesystemencoding(), locale.getlocale()],
        "limits": [sys.getrecursionlimit(), sys.getswitchinterval(), os.getcwd()],
        "descriptors": [target for number, target in sorted(descriptors.items())
                        if not target.startswith(("/dev/", "pipe:", "socket:", "/proc/", "anon_inode:"))
                        and not target.endswith((".installed", ".packed"))],
        "modules": sorted(name for name, module in sys.modules.items()
                          if not str(getattr(module, "__file__", None) or sys.base_prefix).startswith(sys.base_prefix)),
    }

def children():
    code = "import json, probe; print(json.dumps(probe.state()))"
    with open("child.py", "w") as file:
        file.write(code)
    for kind, words in (("-m", ["-m", "probe.child"]), ("-c", ["-c", code]), ("a file", ["child.py"]),
                        ("-I", ["-I", "-c", code]), ("-W and -X", ["-Wd", "-X", "dev", "-c", code])):
        done = subprocess.run([sys.executable, *words, "x y"], stdout=subprocess.PIPE, check=True)
        yield kind, json.loads(done.stdout)
    # Without the site module there are no packages, and no probe.
    code = """import subprocess, sys
if sys.argv.pop(): subprocess.run([sys.executable, "-S", __file__, ""], check=True)
print(sys.executable, sys.flags.no_site, *sys.path)"""
    with open("bare.py", "w") as file:
        file.write(code)
    done = subprocess.run([sys.executable, "-S", "bare.py", "again"], stdout=subprocess.PIPE, check=True)
    yield "-S", dict(state(), **{"without site": done.stdout.decode().split()})

def pools():
    import multiprocessing
    for how in "fork", "spawn", "forkserver":
        with multiprocessing.get_context(how).Pool(1) as pool:
            yield how, pool.map(state, [0])[0]

def main():
    found = {"application": state()}
    found.update(children())
    found.update(pools())
    # The longest first: one is in the other.
    packages = os.path.dirname(__path__[0])
    found["places"] = [(site.getsitepackages()[0], "packages"), (sys.prefix, "environment"),
                       (packages, "packages"), (sys.argv[0], "program")]
    print(json.dumps(found))
PY
echo 'import json, probe; print(json.dumps(probe.state()))' >"$WORK/probe/probe/child.py"
: >"$WORK/probe/probe/inner.py"
echo 'import os; os.environ["PROBE_PTH"] = "executed"' >"$WORK/probe/more/probe_more.py"
echo 'import builtins; builtins.PROBE_CUSTOMIZED = 1' >"$WORK/probe/sitecustomize.py"
printf 'more\nimport probe_more\n' >"$WORK/probe/probe.pth"

cd "$WORK"
$python "$HERE/pack_wheel.py" probe probe 1 probe=probe:main
$python -m venv --without-pip venv
$python -m pip --python venv/bin/python3 install -q --no-index probe-1-*.whl 2>message || fail "pip: $(cat message)"
xarbuild python probe-1-*.whl -o probe.xar -c probe --python "$python" --mount-root "$ROOT" \
  --xar-exec "$XAR_BIN/xarexec_fuse" --zstd-level 1 -q

# compare VARIABLE=VALUE...
compare() {
  env "$@" venv/bin/probe 'a b' --option >state.installed || fail "the installed one does not run"
  env "$@" ./probe.xar 'a b' --option >state.packed || fail "the packed one does not run"
  $python "$HERE/starts.py" state.installed state.packed >kinds 2>found || fail "with $*: $(cat found)"
  same "kinds" "application -m -c a file -I -W and -X -S fork spawn forkserver" "$(cat kinds)"
}
unset PYTHONPATH PYTHONHOME
compare A=1
compare PYTHONUNBUFFERED=1 PYTHONWARNINGS=error::BytesWarning PYTHONHASHSEED=7 PYTHONDONTWRITEBYTECODE=1 \
  PYTHONNOUSERSITE=1 PYTHONUTF8=1 PYTHONIOENCODING=latin-1 PYTHONDEVMODE=1
compare PYTHONOPTIMIZE=1 PYTHONPYCACHEPREFIX="$WORK/bytecode"
