"""Starts this very interpreter again, under the name by which it finds the packages of
the archive: it then looks for pyvenv.cfg beside itself. This takes twice as long as the
way that sh goes where it can."""

import os
import sys

_prefix = __file__.rpartition("/")[0]
try:
    os.execv(sys.executable, [_prefix + "/bin/self", *sys.argv[1:]])
except FileNotFoundError:
    # There is no /proc, which that name leads through. The application starts as well as
    # it can without; other processes do not.
    if sys.argv[1:2] != [_prefix + "/bin/__run_xar_main__.py"]:
        raise
    import runpy

    del sys.argv[0]
    runpy.run_path(sys.argv[0], run_name="__main__")
