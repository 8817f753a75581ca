# SPDX-License-Identifier: BSD-2-Clause
"""Makes a wheel of a folder, file by file: pack_wheel.py FOLDER NAME VERSION [SCRIPT=ENTRY...].
It is written to the working directory."""

import base64
import hashlib
import os
import sys
import zipfile

folder, name, version, *scripts = sys.argv[1:]
info = "%s-%s.dist-info/" % (name, version)
files = {
    info
    + "METADATA": b"Metadata-Version: 2.1\nName: %s\nVersion: %s\n"
    % (name.encode(), version.encode()),
    info + "WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    info + "entry_points.txt": "\n".join(["[console_scripts]", *scripts, ""]).encode(),
}
for parent, _, names in os.walk(folder):
    for file in names:
        path = os.path.join(parent, file)
        with open(path, "rb") as content:
            files[os.path.relpath(path, folder)] = content.read()
rows = []
with zipfile.ZipFile("%s-%s-py3-none-any.whl" % (name, version), "w") as wheel:
    for path, content in sorted(files.items()):
        digest = (
            base64.urlsafe_b64encode(hashlib.sha256(content).digest())
            .decode()
            .rstrip("=")
        )
        rows.append("%s,sha256=%s,%d\n" % (path, digest, len(content)))
        wheel.writestr(path, content)
    wheel.writestr(info + "RECORD", "".join(rows) + info + "RECORD,,\n")
