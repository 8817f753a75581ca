# SPDX-License-Identifier: BSD-2-Clause
"""Reads inputs from a socket and unpacks each as xarbuild does, as a wheel or another zip
file: zip_reader.py SOURCES COUNTERS. Answers "y" to one that is unpacked or refused; ends
with a traceback at any other. Counts lines run in SOURCES in the file open as COUNTERS."""

import mmap
import os
import shutil
import socket
import struct
import sys
import tempfile
import zlib

sources = sys.argv[1]
sys.path.insert(0, sources)
sys.dont_write_bytecode = True

import inputs  # noqa: E402
import requirements  # noqa: E402
import scripts  # noqa: E402
from report import BuildFacts  # noqa: E402
from wheel import PREFIX, Wheel  # noqa: E402
from zipped import Zipped  # noqa: E402

counters = mmap.mmap(int(sys.argv[2]), 0)


def trace(frame, event, _):
    code = frame.f_code
    if not code.co_filename.startswith(sources):
        return None
    if event == "line":
        index = (zlib.crc32(code.co_filename.encode()) + 31 * frame.f_lineno) % len(
            counters
        )
        counters[index] = min(counters[index] + 1, 255)
    return trace


def unpack(path, ground):
    """As collect.py does."""

    def new_folder():
        return tempfile.mkdtemp(dir=ground)

    kind = inputs.kind_of(path)
    if kind == inputs.WHEEL:
        wheel = Wheel(path)
        wheel.require_fitting()
        requirements.is_met([wheel])
        folders = [new_folder()]
        wheel.install(folders[0])
    elif kind == inputs.ZIP:
        archive = Zipped(path)
        own, others = archive.unpack(new_folder)
        folders = [own, *others]
        facts = BuildFacts()
        for value in (archive.entry(), archive.script(), archive.shebang()):
            if value:
                facts.add("value", value)
    else:
        return
    for folder in folders:
        scripts.make_all_runnable(os.path.join(folder, PREFIX, "bin"))
        for _, name, entry in scripts.declared(folder):
            scripts.write_script(os.path.join(folder, name), entry)
        list(scripts.files_in(os.path.join(folder, PREFIX, "bin")))


def read_one(content, folder):
    # A file beside the ground, whose name is that of a wheel if the first byte says so.
    name = "demo-1.0-py3-none-any.whl" if content[:1] == b"w" else "demo.zip"
    path = os.path.join(folder, name)
    with open(path, "wb") as file:
        file.write(content[1:])
    ground = os.path.join(folder, "ground")
    os.mkdir(ground)
    # What is unpacked may name it in symlinks, and must not write to it.
    other = os.path.join(folder, "other")
    with open(other, "w"):
        pass
    os.chmod(other, 0o600)
    try:
        unpack(path, ground)
    except SystemExit as end:
        # What refuses says so in one sentence.
        if not isinstance(end.code, str):
            raise
    found = sorted(os.listdir(folder))
    assert found == sorted([name, "ground", "other"]), found
    status = os.stat(other)
    assert status.st_size == 0 and status.st_mode & 0o777 == 0o600, status
    shutil.rmtree(ground)
    os.unlink(path)
    os.unlink(other)


def main():
    sys.setrecursionlimit(3000)
    connection = socket.socket(fileno=os.dup(0))
    stream = connection.makefile("rb")
    with tempfile.TemporaryDirectory() as folder:
        while True:
            head = stream.read(4)
            if len(head) < 4:
                return
            content = stream.read(struct.unpack("=I", head)[0])
            sys.settrace(trace)
            try:
                read_one(content, folder)
            finally:
                sys.settrace(None)
            connection.sendall(b"y")


main()
