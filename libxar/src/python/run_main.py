"""Runs the application of this archive.

The interpreter starts with -I -S: without the machine's own packages and without
the user's variables. What the application misses by that is put back here, with as
few imports as can be: this runs at every start.

The file is also imported, under another name, by the processes that multiprocessing
spawns; they need the preparation and nothing else.
"""


def _prepare(root):
    import _frozen_importlib_external as importer
    import builtins
    import sys
    from _io import FileIO

    def get_data(self, path):
        # The usual reader asks each file whether it is a terminal, a request to the
        # server that the kernel cannot answer from its cache.
        with FileIO(path) as file:
            return file.readall()

    importer.FileLoader.get_data = get_data

    if root not in sys.path:
        sys.path.insert(0, root)

    # What the site module would have added to the builtins.
    from _sitebuiltins import Quitter, _Helper

    builtins.exit = Quitter("exit", "Ctrl-D (i.e. EOF)")
    builtins.quit = Quitter("quit", "Ctrl-D (i.e. EOF)")
    builtins.help = _Helper()


def _run(module, function):
    import sys
    from os import environ
    from posixpath import realpath

    root = realpath(environ.get("XAR_RUNTIME_FILES") or __file__.rpartition("/")[0])
    environ["XAR_RUNTIME_FILES"] = root
    sys.argv[0] = environ.get("XAR_INVOKED_NAME", sys.argv[0])
    _prepare(root)
    if not function:
        from runpy import _run_module_as_main

        # What `python -m` calls; the module becomes __main__ itself.
        return _run_module_as_main(module, alter_argv=False)

    from importlib import import_module

    called = import_module(module)
    for name in function.split("."):
        called = getattr(called, name)
    return sys.exit(called())


if __name__ == "__main__":
    _run("%MODULE%", "%FUNCTION%")
else:
    _prepare(__file__.rpartition("/")[0])
