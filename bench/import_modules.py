# SPDX-License-Identifier: BSD-2-Clause
# Imports from a directory that holds the standard library until COUNT of its modules have
# been, and prints the seconds that took: /usr/bin/python3 -I -S import_modules.py DIR COUNT.
import logging
import os
import pathlib
import sys
import time
import warnings

# They print, open windows, need what is not installed or are all alike.
UNWANTED = {
    "antigravity",
    "this",
    "idlelib",
    "tkinter",
    "turtle",
    "turtledemo",
    "test",
    "lib2to3",
    "ensurepip",
    "encodings",
    "__phello__",
    "__main__",
    "__pycache__",
    "distutils",
    "pydoc_data",
    "msilib",
}


def module_names():
    """From the interpreter's own library, so that the other one is met only by importing."""
    home = pathlib.Path(os.__file__).parent
    found = [
        *home.glob("[a-z]*.py"),
        *home.glob("[a-z]*/[a-z]*.py"),
        *home.glob("xml/*/[a-z]*.py"),
    ]
    parts = sorted(file.relative_to(home).with_suffix("").parts for file in found)
    return [
        ".".join(p) for p in parts if not UNWANTED.intersection(p) and "-" not in p[0]
    ]


def imported_from(library, names):
    return sum(
        str(getattr(sys.modules[name], "__file__", "")).startswith(library)
        for name in names
    )


warnings.simplefilter("ignore")
logging.disable()
library, wanted = sys.argv[1], int(sys.argv[2])
names = module_names()
sys.path[:] = [library, f"{library}/lib-dynload"]
before = set(sys.modules)
begin = time.perf_counter()
for name in names:
    try:
        __import__(name)
    except ImportError:  # another system's
        pass
    if len(sys.modules) - len(before) >= wanted * 1.2:  # some are in the interpreter
        break
took = time.perf_counter() - begin
if imported_from(library, set(sys.modules) - before) < wanted:
    sys.exit(
        f"imported {imported_from(library, set(sys.modules) - before)} modules of {wanted} from {library}"
    )
print(f"{took:.6f}")
