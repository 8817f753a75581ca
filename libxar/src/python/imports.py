"""Finds and reads the modules of this archive without asking the file system what was
known when it was built.

The usual import system looks at a folder's date before each search of it, lists it, looks
at each source to see if the bytecode is older, and asks each file that it opens whether it
is a terminal, which the kernel cannot answer from its cache. An archive does not change, so
a table says what is where. All else stays the import system's own: what is found gets the
usual loader, in the usual order, and what the table does not tell is looked for as ever.
"""

import sys
from marshal import loads
from posix import O_CLOEXEC, O_RDONLY, close, fstat, open, read

import _frozen_importlib_external as external
from _frozen_importlib import ModuleSpec
from _imp import _fix_co_filename

# What the table has of a name: compiled modules, and others for the usual search.
MODULE, PACKAGE, OTHER = 1, 2, 3

_TABLE = "__xar_modules__"
_SUFFIX = ".%s.pyc" % sys.implementation.cache_tag
_UNCHECKED = external.MAGIC_NUMBER + b"\1\0\0\0"
_ENOUGH = 1 << 16  # bytes, for most modules


class Finder(external.FileFinder):
    """Of one folder of the archive."""

    def __init__(self, path, kinds):
        super().__init__(path, *external._get_supported_file_loaders())
        self._kinds = kinds

    def find_spec(self, fullname, target=None):
        name = fullname.rpartition(".")[2]
        kind = self._kinds.get(name)
        if kind is None:
            return None
        if kind == OTHER:
            return super().find_spec(fullname, target)
        folder, stem = self.path, name
        if kind == PACKAGE:
            folder, stem = folder + "/" + name, "__init__"
        source = "%s/%s.py" % (folder, stem)
        loader = external.SourceFileLoader(fullname, source)
        spec = ModuleSpec(fullname, loader, origin=source, is_package=kind == PACKAGE)
        spec.has_location = True
        spec.cached = "%s/__pycache__/%s%s" % (folder, stem, _SUFFIX)
        if kind == PACKAGE:
            spec.submodule_search_locations.append(folder)
        return spec


def install(root):
    """From now on modules below `root` are imported that way. May be called again."""
    if isinstance(sys.path_importer_cache.get(root), Finder):
        return
    if sys.flags.optimize:
        return  # bytecode without assertions is not in the archive
    table = _read_table(root)
    if table is None:
        return
    _speed_up_loaders(root + "/")

    def find_folder(path):
        kinds = table.get(path[len(root) + 1 :]) if path.startswith(root) else None
        if kinds is None or path[len(root) : len(root) + 1] not in ("", "/"):
            raise ImportError
        return Finder(path, loads(kinds))

    sys.path_hooks.insert(0, find_folder)
    sys.path_importer_cache[root] = find_folder(root)


def _read_table(root):
    try:
        return loads(_content(root + "/" + _TABLE))
    except OSError:
        return None


def _content(path):
    file = open(path, O_RDONLY | O_CLOEXEC)
    try:
        content = read(file, _ENOUGH)
        if len(content) < _ENOUGH:
            return content
        parts = [content]
        rest = fstat(file).st_size - _ENOUGH + 1
        while parts[-1]:
            parts.append(read(file, max(rest, _ENOUGH)))
            rest -= len(parts[-1])
        return b"".join(parts)
    finally:
        close(file)


def _speed_up_loaders(inside):
    usual_code = external.SourceLoader.get_code
    usual_data = external.FileLoader.get_data

    def get_code(self, fullname):
        path = self.path
        if not path.startswith(inside) or self.name != fullname:
            return usual_code(self, fullname)
        folder, _, name = path.rpartition("/")
        try:
            data = _content("%s/__pycache__/%s%s" % (folder, name[:-3], _SUFFIX))
        except OSError:
            return usual_code(self, fullname)
        if not data.startswith(_UNCHECKED):
            return usual_code(self, fullname)
        code = loads(memoryview(data)[16:])
        _fix_co_filename(code, path)
        return code

    def get_data(self, path):
        if type(path) is not str or "\0" in path:
            return usual_data(self, path)
        return _content(path)

    external.FileLoader.get_data = get_data
    external.SourceFileLoader.get_code = get_code
