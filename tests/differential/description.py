# SPDX-License-Identifier: BSD-2-Clause
"""A tree on disk as a value: all that a program can observe of it."""

import errno
import hashlib
import os
import stat


# Of one file, in bytes. The sizes of damaged ones may be any.
_MOST_READ = 64 << 20
# Of directories; damaged ones may be in themselves.
_DEEPEST = 300


class Description:
    """`files` is what each path has, `links` the groups of names that are one file."""

    def __init__(self, root):
        self.files = {}
        self._inodes = {}
        self._add(root, b"")
        self._finish()

    def without(self, suffix):
        """This, without the names that end with `suffix` and what is below them."""
        left = {
            path: dict(file)
            for path, file in self.files.items()
            if not any(part.endswith(suffix) for part in path.split(b"/"))
        }
        inodes = {}
        for inode, paths in self._inodes.items():
            inodes[inode] = [path for path in paths if path in left]
        other = object.__new__(Description)
        other.files, other._inodes = left, inodes
        other._finish()
        return other

    def _finish(self):
        self.links = sorted(sorted(paths) for paths in self._inodes.values() if paths)
        for paths in self.links:
            for path in paths:
                self.files[path]["links"] = len(paths)
        for path, file in self.files.items():
            if stat.S_ISDIR(file["mode"]):
                file["links"] = 2
        for path, file in self.files.items():
            if path and stat.S_ISDIR(file["mode"]):
                self.files[os.path.dirname(path)]["links"] += 1

    def _add(self, path, relative):
        if relative.count(b"/") > _DEEPEST:
            raise ValueError("directories have no end")
        status = os.lstat(path)
        mode = status.st_mode
        file = {"mode": mode, "uid": status.st_uid, "gid": status.st_gid}
        file["mtime"] = status.st_mtime_ns // 10**9
        file["xattrs"] = _xattrs(path)
        if stat.S_ISREG(mode):
            file["size"] = status.st_size
            file["content"] = _digest(path)
        elif stat.S_ISLNK(mode):
            file["target"] = os.readlink(path)
        elif stat.S_ISBLK(mode) or stat.S_ISCHR(mode):
            file["device"] = status.st_rdev
        self.files[relative] = file
        self._inodes.setdefault((status.st_dev, status.st_ino), []).append(relative)
        if stat.S_ISDIR(mode):
            for name in os.listdir(path):
                self._add(os.path.join(path, name), os.path.join(relative, name))


def differences(wanted, found):
    """What two descriptions differ in, as sentences; at most five."""
    sentences = []
    for path in sorted(set(wanted.files) | set(found.files)):
        if path not in found.files or path not in wanted.files:
            gone = "missing" if path not in found.files else "not in the source"
            sentences.append("%r: %s" % (path, gone))
            continue
        for name, value in wanted.files[path].items():
            other = found.files[path].get(name)
            if other != value:
                sentences.append("%r: %s: %r, not %r" % (path, name, other, value))
    if wanted.links != found.links:
        sentences.append("hard links differ")
    return sentences[:5]


def _xattrs(path):
    try:
        names = os.listxattr(path, follow_symlinks=False)
    except OSError as error:
        if error.errno != errno.ENOTSUP:
            raise
        return {}  # a file system without any
    kept = [n for n in names if n.startswith(("user.", "trusted.", "security."))]
    return {name: os.getxattr(path, name, follow_symlinks=False) for name in kept}


def _digest(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while file.tell() < _MOST_READ and (piece := file.read(1 << 20)):
            digest.update(piece)
    return digest.hexdigest()
