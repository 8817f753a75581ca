"""Executes what the interpreter of an archive was given as its script, if that is no
Python file: an archive, or another program."""

import os
import stat
import sys

_HEADER_SIZE = 4096


def execute(script, arguments):
    """Returns if the script is one for the interpreter."""
    start = _start_of(script)
    if start.startswith(b"\x7fELF") or _is_trampoline(script):
        command = [script]
    elif start.startswith(b"#!") and b"\n#xar_stop\n" in start:
        command = _archive_command(script, start)
    else:
        return
    if script == os.environ.get("XAR_INVOKED_NAME"):
        chosen = os.environ.get("XAR_INVOKED_SCRIPT")
        if chosen:
            os.environ["XAR_SCRIPT"] = chosen
    try:
        os.execvp(command[0], command + arguments)
    except OSError as error:
        sys.stderr.write("%s: %s: %s\n" % (sys.executable, command[0], error.strerror))
        os._exit(126)


def _start_of(path):
    """Of a file only: what is in a pipe is read once."""
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            return b""
        with open(path, "rb", buffering=0) as file:
            return file.read(_HEADER_SIZE)
    except (OSError, ValueError):
        return b""


def _is_trampoline(path):
    return os.path.basename(os.path.realpath(path)) == "__xar_bootstrap__.sh"


def _archive_command(path, header):
    """An archive need not be executable: `xarexec FILE` runs it as well."""
    path = path if "/" in path else "./" + path
    if os.access(path, os.X_OK):
        return [path]
    first = os.fsdecode(header.partition(b"\n")[0][2:])
    return [*first.split(None, 1), path]
