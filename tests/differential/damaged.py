#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Changes bytes of small images and asks xarexec --verify, xarexec --extract and the
kernel whether each is sound: damaged.py [--count N] [--seed FIRST] [--seconds N]. What
--verify finds sound must be so for the others, and give the same tree. The kernel is asked
about those alone: others make some kernels crash (6.18: an offset in a fragment of 2 GiB
or more). xarexec is taken from PATH; needs mksquashfs, root and loop devices. Exit status
1 if a judgement differs; those images are kept."""

import argparse
import collections
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time

from description import Description, differences

_HEADER = b"""#!/usr/bin/env xarexec_fuse
OFFSET="4096"
UUID="12345678"
VERSION="1"
DEPENDENCIES=""
#xar_stop
""".ljust(
    4096, b"\n"
)
_PLAIN = "-noI -noD -noF -noX"


def make_source(root):
    for folder in ("d", "d/e", "crowd"):
        os.mkdir(os.path.join(root, folder))
    contents = {"a": b"hello\n", "d/f": b"b" * 9000, "d/g": b"ccc", "empty": b""}
    for i in range(60):
        contents["crowd/%03d" % i + "n" * 150] = b"%d" % (i % 3)
    for name, content in contents.items():
        with open(os.path.join(root, name), "wb") as file:
            file.write(content)
    with open(os.path.join(root, "hole"), "wb") as file:
        file.truncate(50000)
    os.link(os.path.join(root, "a"), os.path.join(root, "d/hard"))
    os.symlink("../a", os.path.join(root, "d/up"))
    os.mkfifo(os.path.join(root, "pipe"))
    os.mknod(os.path.join(root, "null"), 0o20666, os.makedev(1, 3))
    for name, key in (("a", "user.note"), ("d", "user.note"), ("d/e", "trusted.x")):
        os.setxattr(os.path.join(root, name), key, b"value" * 5)
    os.setxattr(os.path.join(root, "d/f"), "security.other", b"v" * 300)


def make_images(folder):
    """As few bytes as can be: so most changes matter."""
    source = os.path.join(folder, "source")
    os.mkdir(source)
    make_source(source)
    images = []
    for options in (_PLAIN, _PLAIN + " -no-exports -no-fragments", "-comp gzip"):
        path = os.path.join(folder, "image-%d" % len(images))
        words = ["mksquashfs", source, path, "-noappend", "-no-progress", "-b", "4096"]
        subprocess.run(words + options.split(), check=True, stdout=subprocess.DEVNULL)
        with open(path, "rb") as file:
            images.append(file.read())
    return images


def changed(image, chance):
    """A copy with some bytes, bits or numbers of it changed; most of them in tables."""
    image = bytearray(image)
    data_end = int.from_bytes(image[64:72], "little")  # where the inode table begins
    for _ in range(chance.choice([1, 1, 1, 2, 3])):
        low = data_end if chance.random() < 0.9 else 0
        at = chance.randrange(low, len(image.rstrip(b"\0")))
        kind = chance.randrange(4)
        if kind == 0:
            image[at] = chance.randrange(256)
        elif kind == 1:
            image[at] ^= 1 << chance.randrange(8)
        elif kind == 2:
            image[at] = (image[at] + chance.choice([-1, 1])) % 256
        else:
            other = chance.randrange(low, len(image) - 4)
            image[at : at + 4] = image[other : other + 4]
    return bytes(image)


def asked(*words):
    """None if the program succeeds, else what it says."""
    try:
        done = subprocess.run(words, capture_output=True, timeout=60)
    except subprocess.TimeoutExpired:
        return "does not end"
    if done.returncode == 0:
        return None
    return done.stderr.decode(errors="replace").strip() or "status %d" % done.returncode


class Judges:
    def __init__(self, folder):
        self._archive = os.path.join(folder, "a.xar")
        self._point = os.path.join(folder, "mnt").encode()
        self._extracted = os.path.join(folder, "extracted").encode()
        os.mkdir(self._point)

    def differences(self, image):
        """What they do not agree about, and whether --verify found the image sound."""
        with open(self._archive, "wb") as file:
            file.write(_HEADER + image)
        fault = asked("xarexec", "--verify", self._archive)
        if fault and not fault.startswith("xarexec: "):
            return ["verify: %s" % fault], "refused"
        if fault:
            return [], "refused"
        kernel, kernels = self._by_kernel()
        extract, ours = self._by_extract()
        found = ["kernel: " + kernel] if kernel else []
        found += ["extract: " + extract] if extract else []
        if kernels and ours:
            found += differences(kernels, ours)
        return found, "sound"

    def _by_kernel(self):
        options = "loop,ro,offset=4096"
        words = ["mount", "-t", "squashfs", "-o", options, self._archive, self._point]
        fault = asked(*words)
        if fault:
            return fault, None
        try:
            return None, Description(self._point)
        except (OSError, ValueError, RecursionError) as error:
            return "%s" % error, None
        finally:
            while asked("umount", self._point):
                time.sleep(0.05)

    def _by_extract(self):
        try:
            fault = asked("xarexec", "--extract", self._archive, self._extracted)
            return fault, None if fault else Description(self._extracted)
        finally:
            shutil.rmtree(self._extracted, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=10000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=float("inf"))
    options = parser.parse_args()
    end = time.monotonic() + options.seconds
    folder = tempfile.mkdtemp(prefix="xar-damaged.")
    images = make_images(folder)
    judges = Judges(folder)
    kinds = collections.Counter()
    tried = bad = 0
    for seed in range(options.seed, options.seed + options.count):
        if time.monotonic() > end:
            break
        chance = random.Random(seed)
        image = changed(chance.choice(images), chance)
        found, kind = judges.differences(image)
        tried += 1
        kinds[kind] += 1
        if found:
            bad += 1
            kept = "xar-damaged-%d.squashfs" % seed
            with open(os.path.join(tempfile.gettempdir(), kept), "wb") as file:
                file.write(image)
            print("image %d, kept as %s in %s:" % (seed, kept, tempfile.gettempdir()))
            print("\n".join("  " + one for one in found), flush=True)
    shutil.rmtree(folder)
    for kind, count in kinds.most_common():
        print("%6d %s" % (count, kind))
    print("%d images, %d judged differently" % (tried, bad))
    return 1 if bad or not tried else 0


sys.exit(main())
