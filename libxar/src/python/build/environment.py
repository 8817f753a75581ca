"""An existing virtual environment: its packages, scripts and data."""

import csv
import fnmatch
import glob
import json
import os
import shutil
import sys

from report import refuse, warn
from scripts import make_runnable, name_of
from wheel import PREFIX, few

# What the tools that make environments put there unasked.
INSTALLERS = ("pip", "setuptools", "wheel", "pkg-resources")

# Files of the environment itself, which the archive has in its own form.
_OWN = (
    "pyvenv.cfg",
    ".gitignore",
    ".lock",
    "CACHEDIR.TAG",
    "pip-selfcheck.json",
    "bin/python*",
    "bin/pypy*",
    "bin/[Aa]ctivate*",
    "bin/deactivate*",
    "bin/pydoc.bat",
    "bin/__pycache__",
    "include/python*",
    "lib/python*/site-packages",
    "lib/pypy*/site-packages",
    "lib/python*/__pycache__",
    "lib64",
    "local",
    "share/python-wheels",
)


class Environment:
    def __init__(self, path, own_output):
        self.path = os.path.normpath(path)
        self._own_output = own_output
        self.packages = self._find_packages()
        # Paths of what distributions have installed outside of the packages, relative to
        # the environment, and whose they are.
        self._installed = {}
        for folder in self.packages:
            for distribution, path in _installed_in(folder):
                self._installed[os.path.relpath(path, self.path)] = distribution

    def require_whole(self, inherits_site):
        """Refuses one with code that is elsewhere: it would not be in the archive."""
        if not inherits_site and self._uses_system():
            self._refuse(
                "it uses the system's packages (include-system-site-packages): make one "
                "that does not, or add --inherit-site"
            )
        for folder in self.packages:
            refuse_editable(self.path, folder)

    def owner_of(self, script):
        """The distribution that has brought a script or program in bin, or None."""
        return self._installed.get("bin/" + script)

    def copy(self, folder):
        """Copies its scripts and programs, what its distributions have installed beside
        their packages, and `share` and `etc` whole. Names what else there is."""
        target = os.path.join(folder, PREFIX)
        left = set()
        for path in self._files():
            top = path.split("/")[0]
            if top == "bin" and os.path.isfile(os.path.join(self.path, path)):
                copy = os.path.join(target, path)
                os.makedirs(os.path.dirname(copy), exist_ok=True)
                shutil.copy2(os.path.join(self.path, path), copy)
                make_runnable(copy)
            elif top in ("share", "etc") or path in self._installed:
                self._copy_data(path, os.path.join(target, path))
            else:
                left.add("/".join(path.split("/")[: 1 + (top in ("bin", "lib"))]))
        if left:
            warn(
                "not packed",
                self.path,
                "no distribution in it says that it has installed " + few(sorted(left)),
            )

    def _find_packages(self):
        wanted = "python%d.%d" % sys.version_info[:2]
        folders = []
        for name in ("lib", "lib64"):
            folder = os.path.join(self.path, name, wanted, "site-packages")
            if os.path.isdir(folder) and not any(
                os.path.samefile(folder, known) for known in folders
            ):
                folders.append(folder)
        if folders:
            return folders
        pattern = os.path.join(glob.escape(self.path), "lib", "python*")
        found = [os.path.basename(path) for path in sorted(glob.glob(pattern))]
        self._refuse(
            "it is of %s, and %s is %s: give its interpreter with --python"
            % (" ".join(found) or "no Python", sys.executable, wanted)
        )

    def _uses_system(self):
        path = os.path.join(self.path, "pyvenv.cfg")
        with open(path, encoding="utf-8", errors="replace") as file:
            for line in file:
                name, _, value = line.partition("=")
                if name.strip().lower() == "include-system-site-packages":
                    return value.strip().lower() == "true"
        return False

    def _files(self):
        """Paths of the files and symlinks that are not the environment's own."""
        for folder, folders, names in os.walk(self.path):
            below = os.path.relpath(folder, self.path) + "/"
            below = "" if below == "./" else below
            links = [n for n in folders if os.path.islink(os.path.join(folder, n))]
            folders[:] = sorted(
                n for n in folders if n not in links and not self._is_left_out(below + n)
            )
            for name in sorted(names + links):
                path = below + name
                if path in self._installed or not self._is_left_out(path):
                    yield path

    def _is_left_out(self, path):
        return _is_own(path) or self._own_output.has(os.path.join(self.path, path))

    def _copy_data(self, path, copy):
        source = os.path.join(self.path, path)
        os.makedirs(os.path.dirname(copy), exist_ok=True)
        inside = os.path.realpath(source).startswith(os.path.realpath(self.path) + "/")
        if os.path.islink(source) and not inside and os.path.isdir(source):
            shutil.copytree(source, copy, ignore_dangling_symlinks=True)
        elif os.path.islink(source) and not inside and os.path.exists(source):
            shutil.copy2(source, copy)
        else:
            shutil.copy2(source, copy, follow_symlinks=False)

    def _refuse(self, advice):
        refuse("cannot pack the environment", self.path, advice)


def refuse_editable(subject, folder):
    """Refuses packages that are only named in the folder: code that is elsewhere would not
    be in the archive."""
    for what in _editables(folder):
        refuse(
            "cannot pack",
            subject,
            "%s is installed as editable: install it without -e" % what,
        )


def _editables(folder):
    pattern = os.path.join(glob.escape(folder), "*")
    for path in sorted(glob.glob(pattern + ".dist-info/direct_url.json")):
        try:
            with open(path, encoding="utf-8") as file:
                if json.load(file)["dir_info"]["editable"] is True:
                    yield name_of(os.path.dirname(path))
        except (OSError, ValueError, LookupError, TypeError):
            continue
    yield from map(os.path.basename, sorted(glob.glob(pattern + ".egg-link")))
    for path in sorted(glob.glob(pattern + ".pth")):
        if os.path.basename(path).startswith("__editable__"):
            yield os.path.basename(path)
        yield from _folders_outside(path, folder)


def _folders_outside(path, folder):
    """Folders elsewhere that a .pth file adds to the modules' path."""
    if not os.path.isfile(path):
        return
    with open(path, encoding="utf-8", errors="replace") as file:
        lines = [line.strip() for line in file]
    root = os.path.realpath(folder) + "/"
    for line in lines:
        if not line or line.startswith(("#", "import ", "import\t")):
            continue
        added = os.path.realpath(os.path.join(folder, line)) + "/"
        if os.path.isdir(added) and (line.startswith("/") or not added.startswith(root)):
            yield line


def _installed_in(folder):
    """(distribution, path) of all that the distributions in a folder say they have
    installed outside of it."""
    pattern = os.path.join(glob.escape(folder), "*")
    for path in sorted(glob.glob(pattern + ".dist-info/RECORD")):
        with open(path, encoding="utf-8", errors="replace", newline="") as file:
            names = [row[0] for row in csv.reader(file) if row]
        yield from _outside(folder, os.path.dirname(path), folder, names)
    for path in sorted(glob.glob(pattern + ".egg-info/installed-files.txt")):
        with open(path, encoding="utf-8", errors="replace") as file:
            names = [line.strip() for line in file]
        yield from _outside(folder, os.path.dirname(path), os.path.dirname(path), names)


def _outside(folder, info, base, names):
    distribution = None
    for name in names:
        if not name.startswith(("../", "/")):
            continue
        path = os.path.normpath(os.path.join(base, name))
        if not path.startswith(folder + "/"):
            distribution = distribution or name_of(info)
            yield distribution, path


def _is_own(path):
    return any(fnmatch.fnmatchcase(path, pattern) for pattern in _OWN)
