"""Console scripts: what distributions declare, and the files that installers make of it."""

import configparser
import os
import re

# What an installed script begins with. sh runs the interpreter beside it on the file;
# for Python the second and third line are one string.
LAUNCHER = b"""#!/bin/sh
'''exec' "${0%/*}/python3" "$0" "$@"
' '''
"""


def write_launcher(path):
    """Makes the script of a wheel runnable: its `#!python` is for the installer."""
    with open(path, "rb") as file:
        content = file.read()
    if content.startswith(b"#!python"):
        status = os.stat(path)
        with open(path, "wb") as file:
            file.write(LAUNCHER + content.partition(b"\n")[2])
        os.utime(path, ns=(status.st_mtime_ns, status.st_mtime_ns))
    os.chmod(path, 0o755)


def write_script(path, entry):
    """What an installer writes for a declared console script."""
    module, _, function = entry.partition(":")
    top = function.partition(".")[0]
    with open(path, "wb") as file:
        file.write(
            LAUNCHER
            + b"import sys\n"
            + ("from %s import %s\n" % (module, top)).encode()
            + b'if __name__ == "__main__":\n'
            + ("    sys.exit(%s())\n" % function).encode()
        )
    os.chmod(path, 0o755)
    os.utime(path, (0, 0))


def is_script(path):
    """Whether a file is a script in Python that has been made runnable."""
    with open(path, "rb") as file:
        return file.read(len(LAUNCHER)) == LAUNCHER


def declared(folder):
    """(distribution, script, MODULE:FUNCTION) of the distributions installed in it."""
    for name in sorted(os.listdir(folder)):
        if not name.endswith((".dist-info", ".egg-info")):
            continue
        path = os.path.join(folder, name, "entry_points.txt")
        if os.path.isfile(path):
            for script, entry in _console_scripts(path):
                yield name.split("-")[0].split(".")[0], script, entry


def _console_scripts(path):
    parser = configparser.ConfigParser(
        delimiters=("=",), interpolation=None, strict=False
    )
    parser.optionxform = str
    try:
        parser.read(path, encoding="utf-8")
    except (configparser.Error, UnicodeDecodeError):
        return
    for section in ("console_scripts", "gui_scripts"):
        if not parser.has_section(section):
            continue
        for name, value in sorted(parser.items(section)):
            entry = re.sub(r"\s|\[.*", "", value)
            if re.fullmatch(r"[\w.]+:[\w.]+", entry) and "/" not in name:
                yield name, entry
