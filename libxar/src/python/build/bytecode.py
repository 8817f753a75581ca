"""Compiles the modules of an image, so that nothing is compiled when it runs, and writes
down where they are, so that nothing is looked for, and which of them a start needs.

The bytecode is of the kind that is never compared with its source, which in an image
cannot change. Same sources, same bytes: each chunk of modules is compiled by a process
of its own that has done nothing before, since what marshal writes depends on which
strings the process has shared already.

Arguments: a file with NUL-terminated pairs of a path in the image, of modules, folders
(which end in a slash), .pth files and what else could be imported, and its path on disk if
it is to be compiled or read; the folder that receives the image's __pycache__ folders and
the table; a file that receives the paths of the bytecode that a start reads,
NUL-terminated; one that receives sentences about missing modules, or nothing where others
may be found when it runs; and what it starts with: MODULE, MODULE:FUNCTION or the path of a
script in the image.
"""

import _imp
import importlib.util
import marshal
import os
import sys
import warnings
from importlib import _bootstrap_external as external

from missing import missing_modules

CHUNK = 64
CO_OPTIMIZED = 1  # of functions, as against classes


def main():
    listing, folder, startup, missing, *started = sys.argv[1:]
    with open(listing, "rb") as file:
        parts = [os.fsdecode(part) for part in file.read().split(b"\0")[:-1]]
    entries = list(zip(parts[0::2], parts[1::2]))
    modules = [
        (name, source) for name, source in entries if name.endswith(".py") and source
    ]
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
    _write_table(folder, [name for name, _ in entries if not name.endswith(".pth")])
    first = [entry.partition(":")[0] for entry in started if "/" not in entry]
    _write_list(startup, _startup(folder, [name for name, _ in modules], first))
    if missing:
        _write_list(missing, missing_modules(entries, started))


def _write_list(path, texts):
    with open(path, "wb") as file:
        for text in texts:
            file.write(os.fsencode(text) + b"\0")


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
    target = _cached(folder, name)
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


def _cached(folder, name):
    return os.path.join(folder, importlib.util.cache_from_source(name))


# As imports.py has them.
MODULE, PACKAGE, OTHER = 1, 2, 3


def _write_table(folder, names):
    """What each folder has by the name under which it is imported. Folders without any
    compiled module are left to the usual search, except for the root."""
    kinds = {"": {}}
    for name in sorted(names):
        parent, _, last = name.rstrip("/").rpartition("/")
        stem, dot, _ = last.partition(".")
        if name.endswith("/") and dot:
            continue  # no name that could be imported
        known = kinds.setdefault(parent, {})
        sole_module = last == stem + ".py" and stem not in known
        compiled = sole_module and os.path.exists(_cached(folder, name))
        known[stem] = MODULE if compiled else OTHER
    for name in kinds:
        parent, _, last = name.rpartition("/")
        if kinds[name].get("__init__") == MODULE and last in kinds.get(parent, {}):
            kinds[parent][last] = PACKAGE
    table = {
        name: marshal.dumps(known, 2)
        for name, known in kinds.items()
        if name == "" or MODULE in known.values()
    }
    path = os.path.join(folder, "__xar_modules__")
    with open(path, "wb") as file:
        file.write(marshal.dumps(table, 2))
    os.utime(path, (0, 0))


def _startup(folder, names, first):
    """Bytecode of all modules that importing those called `first` imports, as far as that
    can be told from the names in their code. Only the layout depends on it."""
    paths = {}
    for name in names:
        module = name[: -len(".py")].replace("/", ".")
        paths[module.removesuffix(".__init__")] = name
    waiting = ["__xar_imports__", "__xar_site__", *first]
    found = {}
    while waiting:
        module = waiting.pop()
        path = paths.get(module)
        if module in found or path is None:
            continue
        found[module] = importlib.util.cache_from_source(path)
        waiting.append(module.rpartition(".")[0])
        code = _stored_code(os.path.join(folder, found[module]))
        if code is not None:
            is_package = path.endswith("__init__.py")
            package = module if is_package else module.rpartition(".")[0]
            waiting += _imported(code, package, paths, module in first)
    return sorted(found.values())


def _stored_code(path):
    try:
        with open(path, "rb") as file:
            return marshal.loads(memoryview(file.read())[16:])
    except FileNotFoundError:
        return None


def _imported(code, package, known, deep):
    """Names of modules that the code may import when it is executed, of a function only
    if `deep`. What is imported from a module may be a module as well."""
    froms = [name for const in code.co_consts if type(const) is tuple for name in const]
    for name in code.co_names:
        for module in (name, package + "." + name):
            if module in known:
                yield module
                for part in froms:
                    if type(part) is str and module + "." + part in known:
                        yield module + "." + part
    for part in froms:
        if type(part) is str and package + "." + part in known:
            yield package + "." + part
    for const in code.co_consts:
        if hasattr(const, "co_code") and (deep or not const.co_flags & CO_OPTIMIZED):
            yield from _imported(const, package, known, deep)


if __name__ == "__main__":
    main()
