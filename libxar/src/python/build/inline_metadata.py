"""Metadata in the comments of a script, which says what it needs:
https://packaging.python.org/specifications/inline-script-metadata/"""

import re

from report import refuse

_BLOCK = re.compile(r"^# /// script[ \t]*\r?\n(#(| .*)\r?\n)+# ///[ \t]*\r?$", re.M)


def require_none(path):
    """Refuses a script with such metadata, which would be ignored."""
    with open(path, encoding="utf-8", errors="replace", newline="") as file:
        if _BLOCK.search(file.read()):
            refuse(
                "cannot pack the script",
                path,
                'what its block "# /// script" asks for is not supported yet: remove the '
                "block, and give its dependencies as further inputs",
            )
