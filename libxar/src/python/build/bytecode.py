"""Compiles the modules of an image, so that nothing is compiled when it runs.

The bytecode is of the kind that is never compared with its source, which in an image
cannot change. Same sources, same bytes: each chunk of modules is compiled by a process
of its own that has done nothing before, since what marshal writes depends on which
strings the process has shared already.

Arguments: a file with NUL-terminated pairs of a module's path in the image and its
path on disk; the folder that receives the image's __pycache__ folders.
"""

import _imp
import importlib.util
import marshal
import os
import sys
import warnings
from importlib import _bootstrap_external as external

CHUNK = 64


def main():
    listing, folder = sys.argv[1:]
    with open(listing, "rb") as file:
        parts = [os.fsdecode(part) for part in file.read().split(b"\0")[:-1]]
    modules = list(zip(parts[0::2], parts[1::2]))
    warnings.simplefilter("ignore")
    chunks = [modules[i : i + CHUNK] for i in range(0, len(modules), CHUNK)]
    running = set()
    for chunk in chunks:
        if len(running) == _cores():
            _reap(running)
        pid = os.fork()
        if pid == 0:
            _compile_all(chunk, folder)
        running.add(pid)
    while running:
        _reap(running)


def _cores():
    return len(os.sched_getaffinity(0))


def _reap(running):
    pid, status = os.wait()
    running.discard(pid)
    if status != 0:
        sys.exit("cannot compile the modules: no space left for their bytecode?")


def _compile_all(chunk, folder):
    try:
        for name, source in chunk:
            _compile(name, source, folder)
    except OSError:
        os._exit(1)
    os._exit(0)


def _compile(name, source, folder):
    with open(source, "rb") as file:
        content = file.read()
    status = os.stat(source)
    code = _compiled_already(source, status) or _compiled(content, name)
    if code is None:
        return
    # Always through marshal once, so that both ways give the same objects; and with a
    # name that does not tell where it was built. The import system puts the real one.
    code = marshal.loads(marshal.dumps(code))
    _imp._fix_co_filename(code, name)
    digest = importlib.util.source_hash(content)
    data = external._code_to_hash_pyc(code, digest, False)
    target = os.path.join(folder, importlib.util.cache_from_source(name))
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with open(target, "wb") as file:
        file.write(data)
    os.utime(target, ns=(status.st_mtime_ns, status.st_mtime_ns))


def _compiled_already(source, status):
    """The code in the source's cached bytecode, if that is of this very source."""
    try:
        with open(importlib.util.cache_from_source(source), "rb") as file:
            data = file.read()
        if external._classify_pyc(data, source, {}) != 0:
            return None
        external._validate_timestamp_pyc(
            data, int(status.st_mtime), status.st_size, source, {}
        )
        return marshal.loads(memoryview(data)[16:])
    except (OSError, ImportError, EOFError, ValueError, TypeError):
        return None


def _compiled(content, name):
    """None for what is not Python, or not of this version: templates, test data."""
    try:
        return compile(content, name, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


if __name__ == "__main__":
    main()
