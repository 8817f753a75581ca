#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Makes a wheel by hand: make_wheel.py [OPTION=VALUE...] FILE.whl [MEMBER CONTENT]...

info=FOLDER names the .dist-info folder, requires=TEXT is a requirement and may be repeated,
script=NAME=ENTRY declares a console script, more=FIELD: VALUE is another line of the
metadata, unrecorded=MEMBER is not in RECORD, prefix=TEXT stands before each member's name
but those of the .dist-info folder. A member may be given several times.
"""

import base64
import hashlib
import sys
import warnings
import zipfile

words = sys.argv[1:]
options = {"requires": [], "script": [], "more": [], "unrecorded": []}
single = {}
while not words[0].endswith(".whl"):
    name, _, value = words.pop(0).partition("=")
    if name in options:
        options[name].append(value)
    else:
        single[name] = value
path, *extra = words
name, version = path.rpartition("/")[2].split("-")[:2]
info = single.get("info", "%s-%s.dist-info" % (name, version)) + "/"
tag = path[: -len(".whl")].split("-", 2)[2]

metadata = ["Metadata-Version: 2.1", "Name: " + name, "Version: " + version]
metadata += ["Requires-Dist: " + text for text in options["requires"]] + options["more"]
members = [(single.get("prefix", "") + n, c) for n, c in zip(extra[::2], extra[1::2])]
members.append((info + "METADATA", "\n".join(metadata) + "\n"))
members.append(
    (info + "WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: %s\n" % tag)
)
if options["script"]:
    declared = "[console_scripts]\n" + "".join(s + "\n" for s in options["script"])
    members.append((info + "entry_points.txt", declared))

rows = []
for member, content in members:
    digest = base64.urlsafe_b64encode(hashlib.sha256(content.encode()).digest())
    if member not in options["unrecorded"]:
        rows.append(
            "%s,sha256=%s,%d\n" % (member, digest.rstrip(b"=").decode(), len(content))
        )
members.append((info + "RECORD", "".join(rows) + info + "RECORD,,\n"))
warnings.simplefilter("ignore")  # members of one name
with zipfile.ZipFile(path, "w") as archive:
    for member, content in members:
        item = zipfile.ZipInfo(member)
        item.create_system = 3
        item.external_attr = (0o100755 if "/scripts/" in member else 0o100644) << 16
        archive.writestr(item, content)
