"""What requirements say: files of them, and what distributions need of each other. They
are resolved by the installer; this tells only whether it has to be asked."""

import os
import re
import sys

from report import refuse, warn
from wheel import normal_name

_NAMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\s*(\[[^]]*\]\s*)?([<>=!~;@(,]|--|$)")
_FILE = re.compile(r"(?:-r|--requirement)(?:\s*=\s*|\s*)(\S.*)")


class Files:
    """Requirements files, with those that they name."""

    def __init__(self, paths):
        self.names = set()  # normal names of the distributions that they ask for by name
        self.hashed = False
        self._read = set()
        for path in paths:
            if not is_url(path) and not os.path.isfile(path):
                refuse("cannot read", path, "there is no such file")
            self._add(path)

    def _add(self, path):
        if is_url(path) or os.path.realpath(path) in self._read:
            return
        self._read.add(os.path.realpath(path))
        try:
            with open(path, encoding="utf-8", errors="replace") as file:
                text = file.read().replace("\\\n", "")
        except OSError:
            return  # the installer says so
        for line in text.splitlines():
            self._add_line(
                re.sub(r"(^|\s+)#.*$", "", line).strip(), os.path.dirname(path)
            )

    def _add_line(self, line, folder):
        self.hashed = self.hashed or "--hash" in line or line == "--require-hashes"
        other = _FILE.match(line)
        if other:
            self._add(os.path.join(folder, other.group(1).strip()))
        elif _NAMED.match(line):
            self.names.add(normal_name(line))


def is_url(text):
    return re.match(r"[A-Za-z][A-Za-z0-9+.-]*:/", text) is not None


def is_met(wheels):
    """Whether the wheels have all that they need, so that no installer has to be asked."""
    versions = {normal_name(w.name): w.metadata.get("Version", "") for w in wheels}
    if len(versions) < len(wheels):
        return False  # two of one distribution
    texts = [text for wheel in wheels for text in wheel.requirements()]
    pythons = [w.metadata["Requires-Python"] for w in wheels]
    pythons = [text for text in pythons if text]
    if not texts and not pythons:
        return True
    try:
        # The installer's own library of versions and markers.
        from pip._vendor.packaging.requirements import Requirement
        from pip._vendor.packaging.specifiers import SpecifierSet
    except ImportError:
        return _is_met_by_name(wheels, texts, versions)
    here = "%d.%d.%d" % sys.version_info[:3]
    try:
        return all(_is_one_met(Requirement(text), versions) for text in texts) and all(
            SpecifierSet(text).contains(here, prereleases=True) for text in pythons
        )
    except ValueError:
        return False  # not understood: the installer says so


def _is_one_met(requirement, versions):
    if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
        return True
    version = versions.get(normal_name(requirement.name))
    if version is None or requirement.extras or requirement.url:
        return False
    return requirement.specifier.contains(version, prereleases=True)


def _is_met_by_name(wheels, texts, versions):
    needed = [text for text in texts if "extra" not in text.partition(";")[2]]
    missing = [text for text in needed if normal_name(text) not in versions]
    if not missing and any(
        re.search("[<>=~]", text.partition(";")[0]) for text in needed
    ):
        warn(
            "not compared",
            wheels[0].path,
            "%s has no pip, which knows whether the wheels fit each other"
            % sys.executable,
        )
    return not missing


def install_order(wheels):
    """The wheels as pip installs them: what others need before them, and else the last by
    name first."""
    left = {normal_name(wheel.name): wheel for wheel in wheels}
    order = []
    while left:
        ready = [name for name, wheel in left.items() if not _needs(wheel, left)]
        # Those that need each other are in no better order.
        for name in sorted(ready or left, reverse=True):
            order.append(left.pop(name))
    return order


def roots_of(wheels):
    """Normal names of the distributions that no other needs: those were asked for."""
    names = {normal_name(wheel.name) for wheel in wheels}
    needed = set()
    for wheel in wheels:
        needed |= _needs(wheel, names)
    return names - needed


def _needs(wheel, names):
    needed = {normal_name(text) for text in wheel.requirements()}
    return needed & set(names) - {normal_name(wheel.name)}
