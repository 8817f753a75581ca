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
from _frozen_importlib_external import SourceFileLoader
from _imp import _fix_co_filename

# What the table has of a name: compiled modules, and others for the usual search.
MODULE, PACKAGE, OTHER = 1, 2, 3

_TABLE = "__xar_modules__"
_SUFFIX = ".%s.pyc" % sys.implementation.cache_tag
_UNCHECKED = external.MAGIC_NUMBER + b"\1\0\0\0"
_ENOUGH = 1 << 16  # bytes, for most modules


class Finder(external.FileFinder):
    """Of one folder of the archive."""

    def __init__(self, path, kinds, table):
        self.__dict__.update(table.model)  # as its usual constructor makes them
        self.path = path
        self._kinds = kinds
        self._table = table
        self._is_settled = False

    def find_spec(self, fullname, target=None):
        if not self._is_settled:
            self._is_settled = True
            if self._table.has_others_in_front():
                return self._find_by_hooks(fullname, target)
        name = fullname.rpartition(".")[2]
        kind = self._kinds.get(name)
        if kind is None:
            return None
        if kind == OTHER:
            return self._find_other(fullname, target)
        folder, stem = self.path, name
        if kind == PACKAGE:
            folder, stem = folder + "/" + name, "__init__"
        source = "%s/%s.py" % (folder, stem)
        loader = SourceFileLoader(fullname, source)
        spec = ModuleSpec(fullname, loader, origin=source, is_package=kind == PACKAGE)
        spec.has_location = True
        spec.cached = "%s/__pycache__/%s%s" % (folder, stem, _SUFFIX)
        if kind == PACKAGE:
            spec.submodule_search_locations.append(folder)
            self._table.add_finder(folder)
        return spec

    def _find_by_hooks(self, fullname, target):
        """Hooks that came after this finder was made are asked as if it had not been:
        usually a finder is made for the first search."""
        del sys.path_importer_cache[self.path]
        finder = external.PathFinder._path_importer_cache(self.path)
        return finder and finder.find_spec(fullname, target)

    def _find_other(self, fullname, target):
        spec = super().find_spec(fullname, target)
        if spec is not None and spec.loader is None:  # part of a namespace package
            for folder in spec.submodule_search_locations:
                self._table.add_finder(folder)
        return spec


class Table:
    """What each folder of the archive has."""

    def __init__(self, content, roots):
        self.model = vars(
            external.FileFinder("/", *external._get_supported_file_loaders())
        )
        self._folders = loads(content)
        self._roots = [root + "/" for root in roots]
        self._hooks = sys.path_hooks[:]

    def has_others_in_front(self):
        """Whether there are hooks that Python's own did not leave everything to."""
        return sys.path_hooks[: len(self._hooks)] != self._hooks

    def add_finder(self, path):
        """For a folder that has one, as long as nobody else wants to be asked first. The
        import system finds it where it keeps those that it has made."""
        if path in sys.path_importer_cache or self.has_others_in_front():
            return
        for root in self._roots:
            if (path + "/").startswith(root):
                kinds = self._folders.get(path[len(root) :])
                if kinds is not None:
                    sys.path_importer_cache[path] = Finder(path, loads(kinds), self)
                return


def install(root, alias):
    """From now on modules below `root`, which has another name too, are imported that
    way. Returns the table."""
    file = open(root + "/" + _TABLE, O_RDONLY | O_CLOEXEC)
    try:
        _keep(file)
        table = Table(_rest(file), (root, alias))
    finally:
        close(file)
    # Other bytecode is not in the archive.
    if not sys.flags.optimize and not sys.pycache_prefix:
        _speed_up_loaders((root + "/", alias + "/"))
        table.add_finder(root)
    return table


def _keep(file):
    """Maps the file. Daemons close their descriptors and go to the root: then this alone
    tells the kernel that the archive is in use."""
    try:
        from mmap import PROT_READ, mmap
    except ImportError:
        return
    if sys.version_info >= (3, 13):
        mapping = mmap(file, 1, prot=PROT_READ, trackfd=False)
    else:
        mapping = mmap(file, 1, prot=PROT_READ)
    # Until the very end: its descriptor, which is closed along with it, may by then be
    # another's.
    sys.__xar_mapping__ = mapping


def _content(path):
    file = open(path, O_RDONLY | O_CLOEXEC)
    try:
        return _rest(file)
    finally:
        close(file)


def _rest(file):
    content = read(file, _ENOUGH)
    if len(content) < _ENOUGH:
        return content
    parts = [content]
    rest = fstat(file).st_size - _ENOUGH + 1
    while parts[-1]:
        parts.append(read(file, max(rest, _ENOUGH)))
        rest -= len(parts[-1])
    return b"".join(parts)


def _speed_up_loaders(inside):
    """Of the very class that the import system uses, as long as nobody has changed what
    that does. Classes that are derived from it have their own ways of reading."""
    usual_code = SourceFileLoader.get_code
    usual_data = SourceFileLoader.get_data
    usual = _ways_of_loading()

    def get_code(self, fullname):
        path = self.path
        if (
            type(self) is not SourceFileLoader
            or not path.startswith(inside)
            or self.name != fullname
            or _ways_of_loading() != usual
        ):
            return usual_code(self, fullname)
        folder, _, name = path.rpartition("/")
        try:
            data = self.get_data("%s/__pycache__/%s%s" % (folder, name[:-3], _SUFFIX))
        except OSError:
            return usual_code(self, fullname)
        if not data.startswith(_UNCHECKED):
            return usual_code(self, fullname)
        code = loads(memoryview(data)[16:])
        _fix_co_filename(code, path)
        return code

    def get_data(self, path):
        if type(self) is not SourceFileLoader or type(path) is not str or "\0" in path:
            return usual_data(self, path)
        return _content(path)

    SourceFileLoader.get_data = get_data
    SourceFileLoader.get_code = get_code


def _ways_of_loading():
    return (
        external.cache_from_source,
        SourceFileLoader.path_stats,
        SourceFileLoader.source_to_code,
    )
