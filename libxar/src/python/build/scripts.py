"""Console scripts: what distributions declare, the files that installers make of it, and
those that distributions bring."""

import configparser
import io
import os
import re
import tokenize

from report import warn

# What an installed script begins with. sh runs the interpreter beside it on the file;
# for Python the second and third line are one string.
LAUNCHER = b"""#!/bin/sh
'''exec' "${0%/*}/python3" "$0" "$@"
' '''
"""

# What stands in front of the path of a program that is no script in Python, where an
# entry point is expected.
PROGRAM = "exec "

_PYTHON = re.compile(rb"pythonw?[0-9.]*t?$")
_WINDOWS = (".bat", ".cmd", ".exe", ".ps1")


def make_runnable(path):
    """Makes a script in Python run with the interpreter of the archive if it was written for
    one that is not there: for that of an environment, or for one that the installer has to
    fill in, as `#!python` in wheels."""
    status = os.stat(path)
    with open(path, "rb") as file:
        content = file.read(4096)
        found = interpreter_of(content)
        if found and _is_of_environment(os.fsdecode(found[0])):
            content += file.read()
            with open(path, "wb") as target:
                target.write(launched(content, found[1]))
            os.utime(path, ns=(status.st_mtime_ns, status.st_mtime_ns))
    os.chmod(path, 0o755)


def make_all_runnable(folder):
    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
        path = os.path.join(folder, name)
        if os.path.isfile(path) and not os.path.islink(path):
            make_runnable(path)


def _is_of_environment(interpreter):
    """Whether an interpreter is that of an environment, perhaps of one that scripts were
    copied from, or is not there any more."""
    if interpreter in ("python", "pythonw") or "$" in interpreter:
        return True
    settings = os.path.join(os.path.dirname(interpreter), "..", "pyvenv.cfg")
    return interpreter.startswith("/") and (
        os.path.exists(settings) or not os.path.exists(interpreter)
    )


def launched(content, lines):
    """The script in Python with as many lines at its beginning replaced by ours."""
    # A line that names the encoding counts among the first two only.
    try:
        encoding = tokenize.detect_encoding(io.BytesIO(content).readline)[0]
        content = content.decode(encoding).encode()
    except (SyntaxError, UnicodeDecodeError):
        pass
    for _ in range(lines):
        content = content.partition(b"\n")[2]
    return LAUNCHER + content


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


def interpreter_of(content):
    """The interpreter of a script in Python (`env` if that looks for it), and how many of
    its lines say so; or None."""
    lines = content.split(b"\n", 3)
    words = lines[0][2:].split() if lines[0].startswith(b"#!") else []
    by_env = bool(words) and os.path.basename(words[0]) == b"env"
    if len(lines) > 3 and lines[1].startswith(b"'''exec' ") and lines[2] == b"' '''":
        # The form for paths that a first line cannot have.
        match = re.match(rb"""'''exec' ("[^"]*"|\S+)""", lines[1])
        return match.group(1).strip(b'"'), 3
    if by_env:
        words = [word for word in words[1:] if not re.match(rb"-|\w+=", word)]
    if words and _PYTHON.match(os.path.basename(words[0])):
        return b"env" if by_env else words[0], 1
    return None


def files_in(folder):
    """(name, how an entry point names it) of the scripts and programs in a folder, which
    is `bin` of the prefix in the image."""
    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
        path = os.path.join(folder, name)
        if not os.path.isfile(path) or name.endswith(_WINDOWS):
            continue
        with open(path, "rb") as file:
            content = file.read(4096)
        is_python = content.startswith(LAUNCHER) or interpreter_of(content)
        yield name, "" if is_python else PROGRAM


def declared(folder):
    """(distribution, script, MODULE:FUNCTION) of the distributions installed in it."""
    for name in sorted(os.listdir(folder)):
        if not name.endswith((".dist-info", ".egg-info")):
            continue
        path = os.path.join(folder, name, "entry_points.txt")
        if not os.path.isfile(path):
            continue
        with open(path, encoding="utf-8", errors="replace") as file:
            text = file.read()
        distribution = name_of(os.path.join(folder, name))
        for script, entry in console_scripts(text, path):
            yield distribution, script, entry


def name_of(info):
    """The distribution's name, as its metadata spells it."""
    for name in ("METADATA", "PKG-INFO"):
        path = os.path.join(info, name)
        if not os.path.isfile(path):
            continue
        with open(path, encoding="utf-8", errors="replace") as file:
            for line in file:
                key, _, value = line.partition(":")
                if key.lower() == "name":
                    return value.strip()
                if not line.strip():
                    break
    return os.path.splitext(os.path.basename(info))[0].split("-")[0]


def console_scripts(text, path):
    """(script, MODULE:FUNCTION) of all that the text of an entry_points.txt declares."""
    parser = configparser.ConfigParser(
        delimiters=("=",), interpolation=None, strict=False
    )
    parser.optionxform = str
    try:
        parser.read_string(text)
    except configparser.Error as error:
        warn("cannot read", path, "no script of it is packed (%s)" % _first_line(error))
        return
    for section in ("console_scripts", "gui_scripts"):
        if not parser.has_section(section):
            continue
        for name, value in sorted(parser.items(section)):
            entry = re.sub(r"\s|\[.*", "", value)
            if re.fullmatch(r"[\w.]+:[\w.]+", entry) and _is_file_name(name):
                yield name, entry
            else:
                warn("no script", name, "%s declares it as %s" % (path, value))


def _is_file_name(name):
    """Whether a file can be called so."""
    return (
        "/" not in name
        and "\0" not in name
        and name not in (".", "..")
        and len(name.encode("utf-8", "replace")) <= 255
    )


def _first_line(error):
    return str(error).split("\n")[0]
