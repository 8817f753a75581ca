"""Runs the application of this archive, as a console script of an environment does. It is
short because scripts are compiled at every start. The processes that multiprocessing
spawns execute it too, under another name."""

import _imp
import sys

if __name__ == "__main__":
    found = "%FOUND%"
    if found != "%REQUIRED%" or "__xar_site__" not in sys.modules:
        import __xar_start__

        __xar_start__.prepare(found, "%REQUIRED%", "%VERSION%")
    sys.modules["__xar_site__"].run("%SETTINGS%")
