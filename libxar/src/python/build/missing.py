"""Modules that an application imports when it starts, and that are neither in the image
nor in the standard library. Only what is certain counts: imports that nothing makes
conditional, in the modules that it starts with."""

import ast
import os
import sys
import sysconfig
from importlib import machinery

# A module whose source has one of these words may make others importable.
_MAKES_MODULES = (
    "__path__",
    "addsitedir",
    "meta_path",
    "path_hooks",
    "sys.modules",
    "sys.path",
)
# .pth files with code that adds no module: ours, those of setuptools, and of namespace
# packages.
_HARMLESS = ("__xar_site__.pth", "distutils-precedence.pth", "-nspkg.pth")


def missing_modules(entries, started):
    """Sentences about the modules that are missing. `entries` are (path in the image, path
    on disk or nothing) of what could be imported and of .pth files, a folder's with a slash
    behind it; `started` are MODULE, MODULE:FUNCTION or paths of scripts in the image."""
    try:
        image = _Image(entries)
    except _Unknown:
        return []
    found = {}
    for path, package in _sources(image, started):
        for name, line in _imports(image.text(path), package):
            missing = _missing_part(image, name)
            if missing:
                found.setdefault(missing, (path, line))
    return [
        "missing module: %s: %s, line %d, imports it: add what has it to the inputs"
        % (name, path, line)
        for name, (path, line) in found.items()
    ]


class _Unknown(Exception):
    """Where modules are looked for depends on what runs."""


class _Image:
    def __init__(self, entries):
        self._disk = dict(entries)
        # Folders, and modules without the suffixes of their files.
        self._names = {_stem(path) for path in self._disk}
        self._roots = [""]
        for path in sorted(self._disk):
            if path.endswith(".pth") and "/" not in path:
                self._add_roots(path)

    def find(self, dotted):
        """The path in the image of a module or package, without a suffix, or None."""
        for root in self._roots:
            path = root + dotted.replace(".", "/")
            if path in self._names:
                return path
        return None

    def has(self, stem):
        return stem in self._names

    def source(self, stem):
        """The path of what is executed when it is imported, if it is one file in Python."""
        for path in (stem + "/__init__.py", stem + ".py"):
            if self._disk.get(path):
                return path
        return None

    def text(self, path):
        try:
            with open(self._disk[path], "rb") as file:
                return file.read()
        except (KeyError, OSError):
            return b""

    def may_make_modules(self, stem):
        """Whether a package or module may have parts that are not files beside it."""
        source = self.source(stem)
        if source is None:
            # A folder without a file of its own has only what is in it.
            return stem + "/" not in self._disk or stem + "/__init__" in self._names
        return _makes_modules(self.text(source)) or b"__getattr__" in self.text(source)

    def _add_roots(self, path):
        for line in self.text(path).decode("utf-8", "replace").splitlines():
            line = line.strip()
            if not line or line.startswith("#") or path.endswith(_HARMLESS):
                continue
            root = os.path.normpath(line)
            if line.startswith(("import ", "import\t")) or root + "/" not in self._disk:
                raise _Unknown
            self._roots.append(root + "/")


def _stem(path):
    folder, _, name = path.rstrip("/").rpartition("/")
    return (folder + "/" if folder else "") + name.partition(".")[0]


def _sources(image, started):
    """Paths of the sources that a start executes for certain, and their packages. Ends
    where one may make modules."""
    found = {}
    for entry in started:
        for path, package in _sources_of(image, entry):
            if _makes_modules(image.text(path)):
                break
            found[path] = package
    return found.items()


def _sources_of(image, entry):
    if "/" in entry:
        yield os.path.normpath(entry), None
        return
    module, _, function = entry.partition(":")
    parts = module.split(".")
    for end in range(1, len(parts) + 1):
        dotted = ".".join(parts[:end])
        stem = image.find(dotted)
        path = stem and image.source(stem)
        if path is None:
            continue
        is_package = path.endswith("/__init__.py")
        yield path, dotted if is_package else dotted.rpartition(".")[0]
        if is_package and end == len(parts) and not function:
            yield stem + "/__main__.py", dotted


def _makes_modules(text):
    return any(word.encode() in text for word in _MAKES_MODULES)


def _imports(text, package):
    """(absolute name, line) of the modules that executing the text imports."""
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in _certain(body):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif node.level == 0:
            yield node.module, node.lineno
        elif package and node.module:
            parts = package.split(".")
            base = parts[: len(parts) - node.level + 1]
            if base:
                yield ".".join([*base, node.module]), node.lineno


def _certain(body):
    """The statements that import, and that nothing around them makes conditional."""
    for node in body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            yield node
        elif isinstance(node, ast.Try) and not node.handlers:
            yield from _certain(node.body)


def _missing_part(image, name):
    """The first of the packages around a module, and it, that is not there, or None."""
    parts = name.split(".")
    if image.find(parts[0]) is None:
        known = parts[0].startswith("__") or _is_standard(image, parts[0])
        return None if known else parts[0]
    for end in range(2, len(parts) + 1):
        if image.find(".".join(parts[:end])) is None:
            parent = image.find(".".join(parts[: end - 1]))
            return None if image.may_make_modules(parent) else ".".join(parts[:end])
    return None


def _is_standard(image, name):
    """Whether the standard library has it: the one in the image, or else what the
    interpreter's own finders find, of whose path only the standard library counts."""
    if name in sys.builtin_module_names or machinery.FrozenImporter.find_spec(name):
        return True
    packed = "__xar_python__/lib/python%d.%d/" % sys.version_info[:2]
    if image.has(packed + "os"):
        return image.has(packed + name) or image.has(packed + "lib-dynload/" + name)
    folders = [sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib")]
    folders += [os.path.join(folder, "lib-dynload") for folder in folders]
    folders += [path for path in sys.path if path.endswith(".zip")]
    return machinery.PathFinder.find_spec(name, folders) is not None
