"""Installs a wheel into a folder, as the specification of the binary distribution
format says: https://packaging.python.org/specifications/binary-distribution-format/"""

import base64
import csv
import email.parser
import hashlib
import io
import os
import platform
import re
import sys
import sysconfig

import unpack
from report import refuse
from scripts import write_launcher

# Where the interpreter's prefix is in the image; the modules are at its root.
PREFIX = "__xar_python__"


class Wheel:
    def __init__(self, path):
        self.path = path
        self.archive = unpack.open_zip(path)
        self.names = [n for n in self.archive.namelist() if not n.endswith("/")]
        parts = os.path.basename(path)[: -len(".whl")].split("-")
        if len(parts) not in (5, 6):
            self._refuse("its name is not that of a wheel")
        self.name, self.version = parts[:2]
        self.tags = parts[-3:]
        self.info = self._find_info()

    def require_fitting(self):
        """Refuses a wheel for another platform or Python than this one."""
        pythons, abis, platforms = (part.split(".") for part in self.tags)
        fits = any(
            _python_fits(python, abi) and _platform_fits(platform_tag)
            for python in pythons
            for abi in abis
            for platform_tag in platforms
        )
        if not fits:
            self._refuse(
                "it is for %s, and %s is %s on %s: choose another wheel, or another --python"
                % (
                    "-".join(self.tags),
                    sys.executable,
                    "%s %d.%d"
                    % (platform.python_implementation(), *sys.version_info[:2]),
                    sysconfig.get_platform(),
                )
            )

    def requirements(self):
        """Names of the distributions that it needs, extras aside."""
        text = self._read(self.info + "/METADATA").decode("utf-8", "replace")
        headers = email.parser.HeaderParser().parsestr(text)
        for requirement in headers.get_all("Requires-Dist") or []:
            name, _, marker = requirement.partition(";")
            if "extra" not in marker:
                yield normal_name(name)

    def install(self, folder):
        """Unpacks it into `folder`, the root of an image."""
        self._check_record()
        data = self.info[: -len(".dist-info")] + ".data/"
        placed = {name: self._place(name, data) for name in self.names}
        unpack.unpack(self.archive, folder, self.names, placed.get)
        for name in self.names:
            if name.startswith(data + "scripts/"):
                write_launcher(os.path.join(folder, placed[name]))
        self._write_record(folder, placed)

    def _find_info(self):
        roots = {n.split("/")[0] for n in self.names if n.endswith(".dist-info/WHEEL")}
        if len(roots) != 1:
            self._refuse("it has no .dist-info folder with a WHEEL file")
        info = roots.pop()
        text = self._read(info + "/WHEEL").decode("utf-8", "replace")
        version = email.parser.HeaderParser().parsestr(text).get("Wheel-Version", "")
        if version.split(".")[0] != "1":
            self._refuse("its format is of version %s, not 1" % (version or "unknown"))
        return info

    def _place(self, name, data):
        if not name.startswith(data):
            return name
        scheme, _, rest = name[len(data) :].partition("/")
        places = {
            "purelib": "",
            "platlib": "",
            "scripts": PREFIX + "/bin/",
            "headers": PREFIX + "/include/" + self.name + "/",
            "data": PREFIX + "/",
        }
        if scheme not in places or not rest:
            self._refuse("it has %s, of no known kind" % name)
        return places[scheme] + rest

    def _record(self):
        text = self._read(self.info + "/RECORD").decode("utf-8", "replace")
        return [row for row in csv.reader(io.StringIO(text, newline="")) if row]

    def _check_record(self):
        digests = {row[0]: row[1] for row in self._record() if len(row) > 1}
        unsigned = {self.info + "/" + n for n in ("RECORD", "RECORD.jws", "RECORD.p7s")}
        for name in self.names:
            if name in unsigned:
                continue
            method, _, wanted = digests.get(name, "").partition("=")
            if method not in hashlib.algorithms_guaranteed or not wanted:
                self._refuse("its RECORD has no digest of %s" % name)
            digest = hashlib.new(method, self._read(name)).digest()
            if base64.urlsafe_b64encode(digest).rstrip(b"=") != wanted.encode():
                self._refuse("%s is not what its RECORD says" % name)

    def _write_record(self, folder, placed):
        installer = self.info + "/INSTALLER"
        with open(os.path.join(folder, installer), "w", encoding="ascii") as file:
            file.write("xarbuild\n")
        rows = [[installer, "", ""]]
        for row in self._record():
            place = placed.get(row[0])
            if place is None or row[0] == installer:
                continue
            changed = place.startswith(PREFIX + "/bin/")
            rows.append([place, "", ""] if changed else [place] + row[1:])
        with open(os.path.join(folder, self.info, "RECORD"), "w", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(sorted(rows))
        for name in ("INSTALLER", "RECORD"):
            _copy_time(folder, self.info + "/METADATA", self.info + "/" + name)

    def _read(self, name):
        try:
            info = self.archive.getinfo(name)
        except KeyError:
            self._refuse("it has no %s" % name)
        return unpack.read_member(self.archive, info)

    def _refuse(self, advice):
        refuse("cannot install the wheel", self.path, advice)


def normal_name(text):
    """The name at the front of a requirement, spelled as the index spells it."""
    match = re.match(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)", text)
    return re.sub(r"[-_.]+", "-", match.group(1)).lower() if match else ""


def _copy_time(folder, source, target):
    status = os.stat(os.path.join(folder, source))
    os.utime(os.path.join(folder, target), ns=(status.st_mtime_ns, status.st_mtime_ns))


def _python_fits(python, abi):
    """https://packaging.python.org/specifications/platform-compatibility-tags/"""
    major, minor = sys.version_info[:2]
    match = re.fullmatch(r"([a-z]+)(\d)(\d*)", python)
    if not match:
        return False
    kind, tag_minor = match.group(1), match.group(3)
    if int(match.group(2)) != major:
        return False
    older = tag_minor == "" or int(tag_minor) <= minor
    if abi == "none":
        return older if kind == "py" else kind == _short_name() and older
    if kind != "cp" or _short_name() != "cp":
        return kind == _short_name() and abi in (sysconfig.get_config_var("SOABI") or "")
    if abi == "abi3":
        return older
    flags = getattr(sys, "abiflags", "")
    return tag_minor == str(minor) and abi == "cp%d%d%s" % (major, minor, flags)


def _short_name():
    return {"cpython": "cp", "pypy": "pp"}.get(sys.implementation.name, "")


def _platform_fits(tag):
    if tag == "any":
        return True
    here = re.sub(r"[-.]", "_", sysconfig.get_platform())
    if tag == here:
        return True
    machine = here.partition("_")[2]
    old = {"manylinux1": (2, 5), "manylinux2010": (2, 12), "manylinux2014": (2, 17)}
    for name, needed in old.items():
        if tag == "%s_%s" % (name, machine):
            return _glibc() >= needed
    match = re.fullmatch(r"manylinux_(\d+)_(\d+)_" + re.escape(machine), tag)
    return bool(match) and _glibc() >= (int(match.group(1)), int(match.group(2)))


def _glibc():
    name, version = platform.libc_ver()
    return tuple(int(n) for n in version.split(".")[:2]) if name == "glibc" else (0, 0)
