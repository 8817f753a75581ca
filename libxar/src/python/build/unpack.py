"""Unpacks zip files: modes and symlinks kept, nothing outside the folder, and no
date that depends on the machine's time zone."""

import calendar
import lzma
import os
import shutil
import stat
import struct
import zipfile
import zlib

from report import refuse

# What zipfile raises for files and members that are broken, encrypted or of unknown
# methods: some of it comes from what it is written with.
FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,
    NotImplementedError,
    ValueError,
)


def open_zip(path):
    try:
        return zipfile.ZipFile(path)
    except FAULTS as error:
        refuse("cannot read", path, "not a sound zip file (%s)" % error)


def members(archive):
    """Its members by their paths in normal form, without a slash at the end. Of members
    with the same path the last one counts, as for Python's own readers of zip files."""
    found = {}
    for info in archive.infolist():
        path = _checked_path(archive, info)
        if path:
            found[path] = info
    return found


def unpack(archive, folder, place=lambda path: path):
    """Writes the members below `folder`, each at the path that `place` gives for its own
    (None: not at all)."""
    links = []
    for path, info in members(archive).items():
        placed = place(path)
        if placed is None:
            continue
        target = os.path.join(folder, placed)
        if info.is_dir():
            _make_folder(archive, target, path)
        elif stat.S_ISLNK(info.external_attr >> 16):
            links.append((target, path, read_member(archive, info)))
        else:
            _make_folder(archive, os.path.dirname(target), path)
            _write(archive, info, target)
    # Last, so that no file is written through one of them.
    for target, path, content in links:
        parent = os.path.dirname(target)
        _make_folder(archive, parent, path)
        if os.path.lexists(target) or _leads_elsewhere(parent, folder):
            _refuse_two(archive, path)
        try:
            os.symlink(content, target)
        except (OSError, ValueError) as error:
            _refuse_member(archive, path, error)


def _checked_path(archive, info):
    name = info.filename
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if name.startswith("/") or "\0" in name or "\\" in name or ".." in parts:
        refuse(
            "cannot unpack",
            archive.filename,
            "its member %s would be outside of it" % name,
        )
    return "/".join(parts)


def read_member(archive, info):
    """The member's content; its checksum is compared."""
    try:
        return archive.read(info)
    except FAULTS as error:
        _refuse_member(archive, info.filename, error)


def _make_folder(archive, path, member):
    try:
        os.makedirs(path, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        _refuse_two(archive, member)
    except OSError as error:
        _refuse_member(archive, member, error)


def _leads_elsewhere(path, folder):
    """Whether a symlink stands between the folder and the path below it."""
    inside = os.path.join(os.path.realpath(folder), os.path.relpath(path, folder))
    return os.path.realpath(path) != os.path.normpath(inside)


def _write(archive, info, path):
    try:
        with archive.open(info) as source, open(path, "wb") as target:
            shutil.copyfileobj(source, target)
    except IsADirectoryError:
        _refuse_two(archive, info.filename)
    except FAULTS as error:
        _refuse_member(archive, info.filename, error)
    mode = info.external_attr >> 16
    # Archives from systems without modes say 0.
    # The image has one owner: what only he may read nobody else could run.
    os.chmod(path, (mode & 0o755) | 0o444 if mode else 0o644)
    year, month, day, *rest = info.date_time
    # A date of zeros is written by tools that want none; four bits hold more than twelve
    # months.
    month = min(max(month, 1), 12)
    time = calendar.timegm((year, month, max(day, 1), *rest, 0, 0, 0))
    os.utime(path, (time, time))


def _refuse_member(archive, member, error):
    # The message of a system call's failure names a file of ours.
    reason = getattr(error, "strerror", None) or error
    refuse("cannot unpack", archive.filename, "%s: %s" % (member, reason))


def _refuse_two(archive, path):
    refuse("cannot unpack", archive.filename, "%s is a file and a folder in it" % path)
