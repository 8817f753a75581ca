"""Installs a wheel into a folder as pip does:
https://packaging.python.org/specifications/binary-distribution-format/"""

import base64
import csv
import email.parser
import functools
import hashlib
import io
import os
import re
import stat
import sys

import tags
import unpack
from own_output import is_copy
from report import refuse, warn
from scripts import console_scripts, make_runnable

# Where the interpreter's prefix is in the image; the modules are at its root.
PREFIX = "__xar_python__"

# Folders below the prefix that are the modules' own: what goes there goes to the root.
SITE_PACKAGES = "lib/python%d.%d/site-packages/" % sys.version_info[:2]


class Wheel:
    def __init__(self, path):
        self.path = path
        self.archive = unpack.open_zip(path)
        self._members = {
            name: info
            for name, info in unpack.members(self.archive).items()
            if not info.is_dir()
        }
        parts = os.path.basename(path)[: -len(".whl")].split("-")
        if len(parts) not in (5, 6):
            self._refuse("its name is not that of a wheel")
        self.name = parts[0]
        self.tags = parts[-3:]
        self.info = self._find_info()
        self._refuse_links()
        self.metadata = self._headers(self.info + "/METADATA")

    @property
    def label(self):
        return os.path.basename(self.path)

    def require_fitting(self):
        """Refuses a wheel for another platform or Python than this one."""
        if not tags.fit(self.tags):
            self._refuse(
                "it is for %s, and %s: choose another wheel, or another --python"
                % ("-".join(self.tags), tags.description())
            )

    def requirements(self):
        """What it needs, as its metadata has it."""
        return self.metadata.get_all("Requires-Dist") or []

    def install(self, folder, left_out=()):
        """Unpacks it into `folder`, the root of an image, without copies of the files
        `left_out`."""
        self._compare_with_record()
        wrappers = self._wrapped_scripts()
        # What goes to the root first: pip has the rest replace it.
        names = sorted(self._members, key=_is_data)
        places = {name: self._place(name, wrappers) for name in names}
        for name in names:
            if is_copy(name, functools.partial(self._read, name), left_out):
                places[name] = None
        unpack.unpack(self.archive, folder, places.get)
        for name, place in places.items():
            if place is not None and _scheme_of(name) == "scripts":
                make_runnable(os.path.join(folder, place))
        self._write_record(folder, places)

    def _find_info(self):
        """Its metadata's folder. Only those at the root count: packages may have copies of
        other distributions with theirs."""
        roots = {name.split("/")[0] for name in self._members}
        found = sorted(root for root in roots if root.endswith(".dist-info"))
        if len(found) != 1:
            self._refuse(
                "it has %s at its root" % (" and ".join(found) or "no .dist-info folder")
            )
        if not normal_name(found[0]).startswith(normal_name(self.name)):
            self._refuse("its %s is of another distribution" % found[0])
        version = self._headers(found[0] + "/WHEEL").get("Wheel-Version", "")
        if version.split(".")[0] != "1":
            self._refuse("its format is of version %s, not 1" % (version or "unknown"))
        return found[0]

    def _refuse_links(self):
        """Installing rewrites these files, and must not write to what a link leads to."""
        for name, info in self._members.items():
            if stat.S_ISLNK(info.external_attr >> 16) and (
                name.startswith(self.info + "/") or _scheme_of(name) == "scripts"
            ):
                self._refuse("its %s is a symlink" % name)

    def _wrapped_scripts(self):
        """Names of the scripts that an installer writes itself."""
        path = self.info + "/entry_points.txt"
        if path not in self._members:
            return set()
        text = self._read(path).decode("utf-8", "replace")
        return {name for name, _ in console_scripts(text, self.path)}

    def _place(self, name, wrappers):
        """Its member's path in the image, or None."""
        place = placed(name, self.name)
        if place is None:
            self._refuse("it has %s, of no known kind" % name)
        if _scheme_of(name) == "scripts":
            script = re.sub(r"(-script\.py|\.exe)$", "", os.path.basename(name))
            return None if script in wrappers else place
        return place

    def _record(self):
        text = self._read(self.info + "/RECORD").decode("utf-8", "replace")
        try:
            rows = list(csv.reader(io.StringIO(text, newline="")))
        except csv.Error as error:
            self._refuse("its RECORD is not sound (%s)" % error)
        return {os.path.normpath(row[0]): row[1:] for row in rows if row}

    def _compare_with_record(self):
        """pip compares nothing, and a wheel that was changed by hand is installed."""
        changed = []
        for name, row in self._record().items():
            method, _, wanted = (row[0] if row else "").partition("=")
            if name not in self._members or method not in hashlib.algorithms_guaranteed:
                continue
            if method.startswith("shake"):
                continue  # a digest of any length
            digest = hashlib.new(method, self._read(name)).digest()
            if base64.urlsafe_b64encode(digest).rstrip(b"=") != wanted.encode():
                changed.append(name)
        if changed:
            warn(
                "the wheel was changed",
                self.path,
                "%s is not what its RECORD says" % few(changed),
            )

    def _write_record(self, folder, places):
        installer = self.info + "/INSTALLER"
        with open(os.path.join(folder, installer), "w", encoding="ascii") as file:
            file.write("xarbuild\n")
        record = self._record()
        rows = [[installer, "", ""]]
        for name, place in places.items():
            if place is None or name == installer:
                continue
            row = record.get(name, ["", ""])
            changed = place.startswith(PREFIX + "/bin/")
            rows.append([place, "", ""] if changed else [place] + row)
        path = os.path.join(folder, self.info, "RECORD")
        with open(path, "w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(sorted(rows))
        for name in ("INSTALLER", "RECORD"):
            _copy_time(folder, self.info + "/METADATA", self.info + "/" + name)

    def _headers(self, name):
        text = self._read(name).decode("utf-8", "replace")
        return email.parser.HeaderParser().parsestr(text)

    def _read(self, name):
        if name not in self._members:
            self._refuse("it has no %s" % name)
        return unpack.read_member(self.archive, self._members[name])

    def _refuse(self, advice):
        refuse("cannot install the wheel", self.path, advice)


def normal_name(text):
    """The name at the front of a requirement, spelled as the index spells it."""
    match = re.match(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)", text)
    return re.sub(r"[-_.]+", "-", match.group(1)).lower() if match else ""


def placed(path, distribution):
    """Where a file of an unpacked wheel goes in the image; None if that is not known."""
    if not _is_data(path):
        return path
    _, scheme, rest = (path.split("/", 2) + ["", ""])[:3]
    places = {
        "purelib": "",
        "platlib": "",
        "scripts": PREFIX + "/bin/",
        "headers": "%s/include/site/python%d.%d/%s/"
        % (PREFIX, *sys.version_info[:2], distribution),
        "data": PREFIX + "/",
    }
    if scheme not in places or not rest:
        return None
    if scheme == "data" and rest.startswith(SITE_PACKAGES):
        return rest[len(SITE_PACKAGES) :]
    return places[scheme] + rest


def few(names):
    """The first of some names, for a message."""
    rest = len(names) - 1
    return names[0] + (" and %d other%s" % (rest, "s"[: rest > 1]) if rest else "")


def _is_data(name):
    return name.split("/")[0].endswith(".data")


def _scheme_of(name):
    return name.split("/")[1] if _is_data(name) and "/" in name else None


def _copy_time(folder, source, target):
    status = os.stat(os.path.join(folder, source))
    os.utime(os.path.join(folder, target), ns=(status.st_mtime_ns, status.st_mtime_ns))
