"""What this build and earlier ones of it write, which does not go in."""

import csv
import io
import os
import pathlib


class OwnOutput:
    def __init__(self, paths):
        self._paths = [os.path.realpath(path) for path in paths]

    def has(self, path):
        """Whether it is one of those files and folders, or a temporary file that becomes
        one of them."""
        folder, name = os.path.split(path)
        folder = os.path.realpath(folder)
        return any(
            folder == os.path.dirname(own)
            and (name == os.path.basename(own) or name.startswith(_temporary(own)))
            for own in self._paths
        )

    def among(self, folder):
        """Those of the files that an earlier build has written into the folder, from which
        an installer takes what it wants."""
        root = os.path.join(os.path.realpath(folder), "")
        return [p for p in self._paths if p.startswith(root) and os.path.isfile(p)]


def is_copy(name, read, originals):
    """Whether a file, which `read` reads, is a copy of one of the originals under the same
    name."""
    for path in originals:
        if os.path.basename(path) == os.path.basename(name):
            with open(path, "rb") as file:
                if file.read() == read():
                    return True
    return False


def remove_copies(folder, originals):
    """Removes copies of the originals from an installed folder, and from what its
    distributions say that they have installed."""
    removed = set()
    for parent, _, names in os.walk(folder):
        for name in names:
            path = pathlib.Path(parent, name)
            if is_copy(name, path.read_bytes, originals):
                path.unlink()
                removed.add(os.path.relpath(path, folder))
    if not removed:
        return
    for record in pathlib.Path(folder).glob("*.dist-info/RECORD"):
        rows = list(csv.reader(io.StringIO(record.read_text("utf-8"), newline="")))
        kept = [row for row in rows if row and os.path.normpath(row[0]) not in removed]
        with record.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(kept)


def _temporary(path):
    """How the names begin of a file that is not finished yet."""
    return "." + os.path.basename(path) + ".xar-"
