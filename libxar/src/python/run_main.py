"""Runs the application of this archive: the first Python that is executed.

It refuses an interpreter that the application was not built for, by means that any
Python 3 understands, and leaves the rest to modules that are compiled already.

The file is also imported, under another name, by the processes that multiprocessing
spawns; they need the preparation and nothing else.
"""
import sys


def _require(version, tag, suffix):
    found = sys.implementation.cache_tag
    if suffix:
        from _imp import extension_suffixes

        found, tag = extension_suffixes()[0], suffix
    if found != tag:
        from os import environ

        sys.stderr.write(
            "%s: cannot run with %s, which is Python %d.%d (%s): it was built for %s (%s): "
            "install that, or build the archive with --bundle-python\n"
            % (
                environ.get("XAR_INVOKED_NAME", sys.argv[0]),
                sys.executable,
                sys.version_info[0],
                sys.version_info[1],
                found,
                version,
                tag,
            )
        )
        sys.exit(126)


def _install_imports(root):
    """Loaded by its place: a search would list the folder."""
    from _frozen_importlib import _load
    from _frozen_importlib_external import spec_from_file_location

    name = "__xar_imports__"
    if name not in sys.modules:
        _load(spec_from_file_location(name, "%s/%s.py" % (root, name)))
    sys.modules[name].install(root)


_root = __file__.rpartition("/")[0]
if __name__ == "__main__":
    _require("%REQUIRED%")
    from posixpath import realpath

    _root = realpath(_root)
if _root not in sys.path:
    sys.path.insert(0, _root)
_install_imports(_root)
import __xar_site__

if __name__ == "__main__":
    __xar_site__.run(_root, "%SETTINGS%")
else:
    __xar_site__.prepare(_root)
