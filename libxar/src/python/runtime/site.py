"""Completes what the site module has set up, and runs the application.

Each interpreter of this archive starts under a name beside which the site module finds
pyvenv.cfg, and so sets it up as that of a virtual environment, whose site-packages is a
link to the archive's root. It comes here through a .pth file. What is left is what such
an environment's interpreter knows from its place, and this one cannot.
"""

import sys
from _frozen_importlib import _load
from _frozen_importlib_external import spec_from_file_location
from os import environ
from posix import close, readlink
from posixpath import dirname, realpath

_FOLDERS = (
    "/lib/python%d.%d/site-packages" % sys.version_info[:2],
    "/lib/python3/dist-packages",  # Debian's, where there is no environment
)
_root = _table = None


def attend_site(here):
    """Called by the site module."""
    global _root
    for folder in _FOLDERS:
        if here.endswith(folder):
            _root = realpath(here)
            _set_up(_root, here, here[: -len(folder)])


def _set_up(root, here, found):
    global _table
    prefix = root + "/__xar_python__"
    _settle_name(prefix, found)
    _put_back_search_paths()
    _hide_libraries(prefix + "/lib/shared")
    _run_program(prefix)
    # The same folder by its shorter name.
    sys.path[sys.path.index(here)] = root
    _table = _load_imports(root).install(root, here)


def _load_imports(root):
    """By its place: a search would list the folder."""
    name = "__xar_imports__"
    return _load(spec_from_file_location(name, "%s/%s.py" % (root, name)))


def _settle_name(prefix, found):
    """The name that the interpreter was started under is of use for a start only."""
    try:
        program = readlink("/proc/self/exe")
        # Environments that are made with this interpreter must outlive the mount.
        sys._base_executable = program
        sys._home = dirname(program)
        opened = sys.executable.removeprefix(found + "/fd").partition("/")[0]
        if opened.isdigit() and readlink("/proc/self/fd/" + opened) == program:
            close(int(opened))
    except OSError:
        pass
    sys.executable = prefix + "/bin/python3"
    if hasattr(sys, "orig_argv") and sys.orig_argv:
        sys.orig_argv[0] = sys.executable


def _put_back_search_paths():
    for name in "PYTHONPATH", "PYTHONHOME":
        kept = environ.pop("XAR_KEPT_" + name, None)
        if kept is not None:
            environ[name] = kept


def _hide_libraries(folder):
    """The loader has read its search path; what is started from here has its own."""
    first, _, others = environ.get("LD_LIBRARY_PATH", "").partition(":")
    if first == folder:
        if others:
            environ["LD_LIBRARY_PATH"] = others
        else:
            del environ["LD_LIBRARY_PATH"]


def _run_program(prefix):
    """Programs start themselves again as `sys.executable` with `sys.argv`. What is no
    Python file but an archive or another program is executed."""
    script = getattr(sys, "argv", [""])[0]
    if script in ("", "-", "-c", "-m") or script == prefix + "/bin/__run_xar_main__.py":
        return
    import __xar_programs__

    __xar_programs__.execute(script, sys.argv[1:])


def run(entry, scripts, exported):
    """Runs `entry`, or of `scripts`, if there are any, the one that was called for."""
    environ["XAR_RUNTIME_FILES"] = _root
    invoked = environ.get("XAR_INVOKED_NAME", sys.argv[0])
    if hasattr(sys, "orig_argv") and sys.argv[0] in sys.orig_argv:
        sys.orig_argv[sys.orig_argv.index(sys.argv[0])] = invoked
    sys.argv[0] = invoked
    for path in sys.path:
        _table.add_finder(path)
    if exported:
        _export(_root)
    if scripts:
        entry = _chosen(scripts, entry)
    _run(_root, entry)


def _export(root):
    for name in "PYTHONPATH", "LD_LIBRARY_PATH":
        others = environ.get(name)
        environ[name] = root + ":" + others if others else root


def _chosen(scripts, default):
    """The script that XAR_SCRIPT or else the name of the file asks for."""
    asked = environ.pop("XAR_SCRIPT", None) or environ.get("XAR_INVOKED_SCRIPT")
    if asked:
        environ["XAR_INVOKED_SCRIPT"] = asked  # for when the program starts itself again
    name = asked or sys.argv[0].rpartition("/")[2]
    entry = scripts.get(name) or scripts.get(name.partition(".")[0])
    if entry is None and not asked:
        entry = default
    if entry is None:
        from difflib import get_close_matches

        near = get_close_matches(name, scripts, 1)
        sys.stderr.write(
            "%s: no script is called %s: %s\n"
            % (
                sys.argv[0],
                name,
                "did you mean %s?" % near[0]
                if near
                else "call it by a link or with XAR_SCRIPT set to one of %s"
                % ", ".join(sorted(scripts)),
            )
        )
        sys.exit(127)
    return entry


def _run(root, entry):
    module, _, function = entry.partition(":")
    if "/" in entry:
        _run_file(root, entry)
    elif not function:
        from runpy import _run_module_as_main

        # What `python -m` calls; the module becomes __main__ itself.
        _run_module_as_main(module, alter_argv=False)
    else:
        called = _imported(module, function.partition(".")[0])
        for name in function.split("."):
            called = getattr(called, name)
        sys.exit(called())


def _run_file(root, entry):
    """Runs a script as `python FILE` does, and executes any other program."""
    path = root + "/" + entry.removeprefix("exec ").removeprefix("./")
    if entry.startswith("exec "):
        from os import execv

        execv(path, [path, *sys.argv[1:]])
    from _frozen_importlib_external import SourceFileLoader

    loader = SourceFileLoader("__main__", path)
    main = sys.modules["__main__"].__dict__
    main.update(__file__=path, __loader__=loader, __spec__=None, __package__=None)
    main.update(__cached__=None, __doc__=None)
    exec(loader.get_code("__main__"), main)


def _imported(module, name):
    """Importing makes next to no garbage: looking for it would take a tenth of the time.
    What has been imported is not looked at again until the end."""
    from atexit import register
    from gc import freeze, get_threshold, set_threshold, unfreeze

    usual = get_threshold()
    ours = (1000000,) + usual[1:]
    set_threshold(*ours)
    try:
        # As `from module import name`: that may be a module, too.
        return __import__(module, fromlist=(name,))
    finally:
        if get_threshold() == ours:
            set_threshold(*usual)
            freeze()
            register(unfreeze)
