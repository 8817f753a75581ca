"""Makes an interpreter behave as if the packages of this archive were installed, and
runs the application.

The interpreter starts with -I -S: without the machine's own packages and without
the user's variables. What the application misses by that is put back here, with as
few imports as can be: this runs at every start.
"""

import builtins
import sys
from os import environ

import __xar_imports__


def prepare(root):
    __xar_imports__.install(root)
    prefix = root + "/__xar_python__"
    # As in a virtual environment. Processes that are started with this executable find
    # the packages too, without any variable that others would inherit.
    sys.prefix = sys.exec_prefix = prefix
    sys.executable = prefix + "/bin/python3"
    _hide_libraries(prefix + "/lib/shared")

    # What the site module adds to the builtins.
    if not hasattr(builtins, "quit"):
        from _sitebuiltins import Quitter, _Helper

        builtins.exit = Quitter("exit", "Ctrl-D (i.e. EOF)")
        builtins.quit = Quitter("quit", "Ctrl-D (i.e. EOF)")
        builtins.help = _Helper()


def attend_site():
    """Called by the site module in processes started with sys.executable, which may come
    by twice."""
    import posix

    here = __file__.rpartition("/")[0]
    root = here.removesuffix(
        "/__xar_python__/lib/python%d.%d/site-packages" % sys.version_info[:2]
    )
    root = root.removesuffix("/__xar_python__/lib/python3/dist-packages")
    if here not in sys.path:
        return
    sys.path[sys.path.index(here)] = root
    # Such a process may outlive the one that keeps the mount.
    posix.open(root, posix.O_PATH | posix.O_DIRECTORY | posix.O_CLOEXEC)
    prepare(root)


def run(root, entry, scripts, paths, exported):
    """Runs `entry`, or of `scripts`, if there are any, the one that was called for.
    `paths` are .pth files at the root."""
    environ["XAR_RUNTIME_FILES"] = root
    sys.argv[0] = environ.get("XAR_INVOKED_NAME", sys.argv[0])
    prepare(root)
    if paths:
        from site import addpackage

        known = set(sys.path)
        for name in paths:
            addpackage(root, name, known)
    if exported:
        _export(root)
    if scripts:
        entry = _chosen(scripts, entry)
    _run(root, entry)


def _hide_libraries(folder):
    """The loader has read its search path; what is started from here has its own."""
    first, _, others = environ.get("LD_LIBRARY_PATH", "").partition(":")
    if first == folder:
        if others:
            environ["LD_LIBRARY_PATH"] = others
        else:
            del environ["LD_LIBRARY_PATH"]


def _export(root):
    for name in "PYTHONPATH", "LD_LIBRARY_PATH":
        others = environ.get(name)
        environ[name] = root + ":" + others if others else root


def _chosen(scripts, default):
    """The script that XAR_SCRIPT or else the name of the file asks for."""
    asked = environ.pop("XAR_SCRIPT", None)
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
    if "/" in module:
        from runpy import run_path

        run_path(root + "/" + module, run_name="__main__")
    elif not function:
        from runpy import _run_module_as_main

        # What `python -m` calls; the module becomes __main__ itself.
        _run_module_as_main(module, alter_argv=False)
    else:
        called = _imported(module)
        for name in function.split("."):
            called = getattr(called, name)
        sys.exit(called())


def _imported(module):
    """Importing makes next to no garbage: looking for it would take a tenth of the time.
    What has been imported is not looked at again until the end."""
    from atexit import register
    from gc import freeze, get_threshold, set_threshold, unfreeze

    usual = get_threshold()
    ours = (1000000,) + usual[1:]
    set_threshold(*ours)
    try:
        __import__(module)
        return sys.modules[module]
    finally:
        if get_threshold() == ours:
            set_threshold(*usual)
            freeze()
            register(unfreeze)
