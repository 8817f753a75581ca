# SPDX-License-Identifier: BSD-2-Clause
"""Tar files that tar(1) does not make so: make_odd_tars.py FOLDER."""

import io
import os
import sys
import tarfile


def write(name, members, **options):
    with tarfile.open(os.path.join(sys.argv[1], name), "w", **options) as tar:
        for path, kind, value in members:
            info = tarfile.TarInfo(path)
            info.mode = 0o755 if kind == "dir" else 0o644
            if kind == "dir":
                info.type = tarfile.DIRTYPE
            elif kind == "link":
                info.type, info.linkname = tarfile.LNKTYPE, value
            elif kind == "symlink":
                info.type, info.linkname = tarfile.SYMTYPE, value
            else:
                info.size = len(value)
            tar.addfile(info, io.BytesIO(value if kind == "file" else b""))


write(
    "any-order.tar",
    [
        ("d/hard", "link", "./d/a"),
        ("/d/a", "file", b"first\n"),
        ("d/a", "file", b"last\n"),
        ("s", "file", b"replaced\n"),
        ("s", "symlink", "d/a"),
        (".//d/./", "dir", None),
    ],
)
write("up.tar", [("../evil", "file", b"x")])
write("up-inside.tar", [("d/../../evil", "file", b"x")])
write("linked-up.tar", [("a", "link", "../../etc/passwd")])
write("no-target.tar", [("a", "link", "b")])
write("below-link.tar", [("d", "symlink", "/tmp"), ("d/x", "file", b"x")])
write("both.tar", [("d/x", "file", b"x"), ("d", "file", b"x")])
write("linked-directory.tar", [("d", "dir", None), ("a", "link", "d")])
write("long-name.tar", [("n" * 300, "file", b"x")], format=tarfile.PAX_FORMAT)
write("bytes.tar", [("\udcff", "file", b"x")], format=tarfile.GNU_FORMAT)
