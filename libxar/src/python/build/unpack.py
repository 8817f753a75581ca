"""Unpacks zip files: modes and symlinks kept, nothing outside the folder, and no
date that depends on the machine's time zone."""

import calendar
import os
import shutil
import stat
import zipfile
import zlib

from report import refuse

# What zipfile raises for members that are broken, encrypted or of unknown methods.
FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError)


def open_zip(path):
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, NotImplementedError) as error:
        refuse("cannot read", path, "not a sound zip file (%s)" % error)


def unpack(archive, folder, names=None, rename=lambda name: name):
    """Writes the members called `names`, or all, below `folder`, each where `rename`
    puts it (None: nowhere)."""
    wanted = None if names is None else set(names)
    links = []
    for info in archive.infolist():
        if wanted is not None and info.filename not in wanted:
            continue
        name = rename(_checked_name(archive, info))
        if name is None:
            continue
        path = os.path.join(folder, name)
        if info.is_dir():
            os.makedirs(path, exist_ok=True)
        elif stat.S_ISLNK(info.external_attr >> 16):
            links.append((path, read_member(archive, info)))
        else:
            _write(archive, info, path)
    # Last, so that no file is written through one of them.
    for path, target in links:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if os.path.lexists(path):
            refuse("cannot unpack", archive.filename, "two members are called " + path)
        os.symlink(target, path)


def _checked_name(archive, info):
    name = info.filename
    parts = name.rstrip("/").split("/")
    if (
        name.startswith("/")
        or "\0" in name
        or "\\" in name
        or any(part in ("", ".", "..") for part in parts)
    ):
        refuse(
            "cannot unpack",
            archive.filename,
            "its member %s would be outside of it" % name,
        )
    return name


def read_member(archive, info):
    """The member's content; its checksum is compared."""
    try:
        return archive.read(info)
    except FAULTS as error:
        refuse("cannot unpack", archive.filename, "%s: %s" % (info.filename, error))


def _write(archive, info, path):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    try:
        with archive.open(info) as source, open(path, "xb") as target:
            shutil.copyfileobj(source, target)
    except FileExistsError:
        refuse("cannot unpack", archive.filename, "it has %s twice" % info.filename)
    except FAULTS as error:
        refuse("cannot unpack", archive.filename, "%s: %s" % (info.filename, error))
    mode = info.external_attr >> 16
    # Archives from systems without modes say 0.
    # The image has one owner: what only he may read nobody else could run.
    os.chmod(path, (mode & 0o755) | 0o444 if mode else 0o644)
    time = calendar.timegm(info.date_time + (0, 0, 0))
    os.utime(path, (time, time))
