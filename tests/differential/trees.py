#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Packs random trees with random options and compares each with what the kernel,
unsquashfs, our mount and our extraction make of the archive: trees.py [--count N]
[--seed FIRST] [--seconds N]. xarbuild and xarexec are taken from PATH; needs root and loop
devices. Exit status 1 if anything differs; that tree is kept."""

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time

from description import Description, differences
from odd_tree import OddTree

_BLOCK_SIZES = [4096, 8192, 65536, 131072, 131072, 262144, 1048576]


def run(*words, env=None):
    done = subprocess.run(words, capture_output=True, env=env)
    if done.returncode != 0:
        message = (done.stdout + done.stderr).decode(errors="replace")
        raise RuntimeError("%s: %d: %s" % (words[0], done.returncode, message.strip()))


def unmount(*words):
    """Again while something, such as an indexer, is still in it."""
    for _ in range(100):
        if subprocess.run(words, capture_output=True).returncode == 0:
            return
        time.sleep(0.05)
    raise RuntimeError("cannot unmount: %r" % (words,))


class Trial:
    """One tree and what becomes of it, in a folder of its own."""

    def __init__(self, seed, folder):
        self._random = random.Random("options %d" % seed)
        self._folder = folder
        self._archive = self._path(b"a.xar")
        block_size = self._random.choice(_BLOCK_SIZES)
        OddTree(self._path(b"source"), seed, block_size)
        self._wanted = Description(self._path(b"source"))
        self._environment = dict(os.environ)
        self._environment.pop("SOURCE_DATE_EPOCH", None)
        self.options = ["--block-size", str(block_size)]
        self._choose_options()

    def differences(self):
        found = []
        try:
            self._build("1")
            first = self._read_archive()
            self._build("3")
            if self._read_archive() != first:
                found.append("builds: the bytes differ")
            run("xarexec", "--verify", self._archive)
        except RuntimeError as error:
            return ["%s" % error]
        for name, reader in (
            ("kernel", self._by_kernel),
            ("mount", self._by_mount),
            ("unsquashfs", self._by_unsquashfs),
            ("extract", self._by_extract),
        ):
            try:
                found += ["%s: %s" % (name, one) for one in reader()]
            except (RuntimeError, OSError) as error:
                found.append("%s: %s" % (name, error))
        return found

    def _choose_options(self):
        self.options += self._random.choice(
            [["--fast"], ["--zstd-level", "1"], ["--zstd-level", "9"], []]
        )
        files = self._wanted.files.values()
        if self._random.random() < 0.6:
            self.options += ["--owner", "keep"]
        else:
            for file in files:
                file["uid"] = file["gid"] = 0
        if self._random.random() < 0.3:
            epoch = self._random.choice([0, 1, 1600000000, 2**32 - 1])
            self._environment["SOURCE_DATE_EPOCH"] = str(epoch)
            for file in files:
                file["mtime"] = min(file["mtime"], epoch)
        if self._random.random() < 0.1:
            self.options.append("--no-xattrs")
            for file in files:
                file["xattrs"] = {}
        if self._random.random() < 0.25:
            self.options += ["--exclude", "*5"]
            self._wanted = self._wanted.without(b"5")
        if self._random.random() < 0.3:
            self._write_sort_file()
            self.options += ["--sort", self._path(b"sort")]

    def _write_sort_file(self):
        with open(self._path(b"sort"), "wb") as file:
            for path in self._wanted.files:
                if not path or b"\n" in path or path.startswith(b"#"):
                    continue
                for special in (b"\\", b" ", b"\t", b"\r"):
                    path = path.replace(special, b"\\" + special)
                file.write(b"%s %d\n" % (path, self._random.randint(-5, 9)))

    def _build(self, threads):
        run(
            *("xarbuild", "dir", self._path(b"source"), "-o", self._archive),
            *("-q", "--force", "--cache-dir", self._path(b"cache"), "-j", threads),
            *self.options,
            env=self._environment,
        )

    def _by_kernel(self):
        point = self._new_folder(b"kernel")
        options = "loop,ro,offset=%d" % self._offset()
        run("mount", "-t", "squashfs", "-o", options, self._archive, point)
        try:
            return self._compare(point)
        finally:
            unmount("umount", point)

    def _by_mount(self):
        point = self._new_folder(b"mount")
        run("xarexec", "-m", self._archive, point)
        try:
            return self._compare(point)
        finally:
            unmount("xarexec", "--unmount", point)

    def _by_unsquashfs(self):
        to = self._path(b"unsquashed")
        offset = str(self._offset())
        run("unsquashfs", "-q", "-n", "-o", offset, "-d", to, self._archive)
        return self._compare(to)

    def _by_extract(self):
        to = self._path(b"extracted")
        run("xarexec", "--extract", self._archive, to)
        return self._compare(to)

    def _compare(self, root):
        return differences(self._wanted, Description(root))

    def _path(self, name):
        return os.path.join(self._folder, name)

    def _new_folder(self, name):
        os.mkdir(self._path(name))
        return self._path(name)

    def _read_archive(self):
        with open(self._archive, "rb") as file:
            return file.read()

    def _offset(self):
        head = self._read_archive()[:4096]
        return int(head.split(b'OFFSET="')[1].split(b'"')[0])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=float("inf"))
    options = parser.parse_args()
    os.umask(0o022)
    end = time.monotonic() + options.seconds
    trees = bad = 0
    top = os.fsencode(tempfile.mkdtemp(prefix="xar-trees."))
    for seed in range(options.seed, options.seed + options.count):
        if time.monotonic() > end:
            break
        folder = os.path.join(top, b"%d" % seed)
        os.mkdir(folder)
        trial = Trial(seed, folder)
        found = trial.differences()
        trees += 1
        if found:
            bad += 1
            print("tree %d, kept in %s, %s:" % (seed, folder, trial.options))
            print("\n".join("  " + one for one in found), flush=True)
        else:
            shutil.rmtree(folder)
    if not bad:
        os.rmdir(top)
    print("%d trees, %d with differences" % (trees, bad))
    return 1 if bad or not trees else 0


sys.exit(main())
