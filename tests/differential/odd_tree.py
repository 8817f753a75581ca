# SPDX-License-Identifier: BSD-2-Clause
"""Random trees of everything that a file system may hold and a writer may get wrong."""

import os
import random
import stat

_NAMES = [b"-rf", b"...", b" ", b"a b", b"\n", b"a\\b", b'"q"', b"'", b"*", b"[x]", b"~"]
_NAMES += [b".hidden", b"%s%n", b"\x7f", b"\xff\xfe", b"\xed\xa0\x80", "ñ日本".encode()]
_LETTERS = b"abcdefghijklmnopqrstuvwxyz0123456789._-"
_IDS = [0, 1, 1000, 65534, 100000, 4000000000, 4294967294]
_TIMES = [0, 1, 2**31 - 1, 2**31, 2**32 - 1, 1700000000]


class OddTree:
    """Makes a tree in a new directory. The same seed makes the same tree."""

    def __init__(self, root, seed, block_size):
        self._random = random.Random(seed)
        self._block = block_size
        self._directories = []
        self._files = []
        self._contents = []
        self._make_directory(root)
        self._fill(root)
        self._deepen(root)
        for path in self._files + self._directories:
            self._set_attributes(path)
        for path in self._files + self._directories[::-1]:
            self._set_time(path)

    def _fill(self, root):
        is_flat = self._random.random() < 0.25
        for _ in range(self._random.choice([0, 1, 5, 20, 60, 150, 150, 400])):
            # Often one of the latest: trees become deep.
            recent = self._directories[-6:]
            among = recent if self._random.random() < 0.4 else self._directories
            parent = root if is_flat else self._random.choice(among)
            path = os.path.join(parent, self._name())
            if len(path) < 3000 and not os.path.lexists(path):
                self._make_one(path)

    def _deepen(self, root):
        at = root
        for i in range(self._random.choice([0, 0, 0, 40])):
            at = os.path.join(at, b"level%d" % i)
            if os.path.lexists(at):
                return
            self._make_directory(at)

    def _name(self):
        kind = self._random.random()
        if kind < 0.6:
            return (
                bytes(self._random.choices(_LETTERS, k=self._random.randint(1, 14)))
                + b"_"
            )
        if kind < 0.75:
            any_byte = [byte for byte in range(1, 256) if byte != ord("/")]
            return bytes(self._random.choices(any_byte, k=self._random.randint(3, 30)))
        if kind < 0.8:
            return bytes(self._random.choices(b"xyz", k=255))
        return self._random.choice(_NAMES)

    def _make_one(self, path):
        kind = self._random.random()
        if kind < 0.15:
            self._make_directory(path)
            return
        if kind < 0.23:
            length = self._random.choice([1, 7, 255, 4095])
            os.symlink(self._random.choice([b"../up", b"/abs", b"t" * length]), path)
        elif kind < 0.3:
            types = [stat.S_IFIFO, stat.S_IFBLK, stat.S_IFCHR, stat.S_IFSOCK]
            major = self._random.choice([0, 1, 8, 255, 256, 4095])
            minor = self._random.choice([0, 1, 255, 256, 65536, 1048575])
            mode = self._random.choice(types) | 0o600
            os.mknod(path, mode, os.makedev(major, minor))
        elif kind < 0.42 and self._files:
            os.link(self._random.choice(self._files), path, follow_symlinks=False)
        elif kind < 0.5:
            self._write_holes(path)
        else:
            self._write(path)
        self._files.append(path)

    def _make_directory(self, path):
        os.mkdir(path, 0o755)
        self._directories.append(path)

    def _write(self, path):
        """Content that is new, that of another file, or nearly that."""
        content = self._content()
        if self._contents and self._random.random() < 0.25:
            content = self._random.choice(self._contents)
            content = content[: len(content) - self._random.randint(0, 1)]
        self._contents.append(content)
        with open(path, "wb") as file:
            file.write(content)

    def _write_holes(self, path):
        block = self._block
        size = self._random.choice([block, 3 * block, 5 * block + 17, 1 << 20, 3 << 20])
        with open(path, "wb") as file:
            file.truncate(size)
            for _ in range(self._random.randint(0, 3)):
                file.seek(self._random.randrange(size))
                file.write(self._content()[: size - file.tell()])

    def _content(self):
        around = self._random.choice([0, 4096, self._block, 2 * self._block])
        size = max(0, around + self._random.randint(-2, 2))
        if self._random.random() < 0.4:
            size = self._random.randint(0, min(3 * self._block, 200000))
        kind = self._random.random()
        if kind < 0.25:
            return bytes(size)
        if kind < 0.5:
            return self._random.randbytes(size)
        piece = self._random.randbytes(self._random.randint(1, 40))
        content = piece * (size // len(piece) + 1)
        if kind < 0.75:
            content = bytes(4096) + content + self._random.randbytes(100) + content
        return content[:size]

    def _set_attributes(self, path):
        status = os.lstat(path)
        if self._random.random() < 0.5:
            owner, group = self._random.choices(_IDS, k=2)
            os.chown(path, owner, group, follow_symlinks=False)
        if self._random.random() < 0.4 and not stat.S_ISLNK(status.st_mode):
            os.chmod(path, self._random.randint(0, 0o7777))
        if self._random.random() < 0.2:
            for _ in range(self._random.choice([1, 1, 2, 5])):
                self._set_xattr(path, status.st_mode)

    def _set_xattr(self, path, mode):
        prefixes = ["trusted.", "security."]
        if stat.S_ISREG(mode) or stat.S_ISDIR(mode):
            prefixes.append("user.")
        name = self._random.choice(["a", "bb", "c" * self._random.randint(1, 200), "é"])
        # Five of the largest fit into a block of ext4's.
        values = [b"", b"v", b"same" * 50, self._random.randbytes(500)]
        try:
            os.setxattr(
                path,
                self._random.choice(prefixes) + name,
                self._random.choice(values),
                follow_symlinks=False,
            )
        except OSError:
            pass  # this file system has no room for more

    def _set_time(self, path):
        seconds = self._random.choice(_TIMES + [self._random.randrange(2**32)])
        part = self._random.choice([0, 999999999])
        os.utime(path, ns=(0, seconds * 10**9 + part), follow_symlinks=False)
