"""PEX files, zipapps and plain zip files, as something to unpack."""

import json
import os
import re
import zipfile

import unpack
from report import refuse


class Zipped:
    """A zip file with modules in it, and what it says about itself."""

    def __init__(self, path):
        self.path = path
        self.archive = unpack.open_zip(path)
        self.names = self.archive.namelist()
        self.pex = self._pex_info()

    def shebang(self):
        """The interpreter it is run with, if that says more than "some Python 3"."""
        with open(self.path, "rb") as file:
            line = file.readline(4096)
        if not line.startswith(b"#!"):
            return None
        words = os.fsdecode(line[2:]).split()
        if words and os.path.basename(words[0]) == "env":
            words = words[1:]
        vague = not words or re.fullmatch(r"python3?|.*/env", words[0])
        return None if vague else " ".join(words)

    def entry(self):
        """MODULE or MODULE:FUNCTION that running it would run, or None."""
        if self.pex is None:
            return "__main__" if self._has_main() else None
        entry = self.pex.get("entry_point")
        return entry if entry else None

    def script(self):
        """The console script that running it would run, or None."""
        return (self.pex or {}).get("script")

    def unpack(self, folder):
        """Its modules, and those of every distribution in a PEX, into `folder`."""
        unpack.unpack(self.archive, folder, None, self._place)
        self._unpack_inner_wheels(folder)

    def _has_main(self):
        return any(n in self.names for n in ("__main__.py", "__main__.pyc"))

    def _pex_info(self):
        if "PEX-INFO" not in self.names:
            return None
        info = self.archive.getinfo("PEX-INFO")
        try:
            return json.loads(unpack.read_member(self.archive, info).decode())
        except ValueError:
            refuse("cannot read", self.path, "its PEX-INFO is not JSON")

    def _place(self, name):
        """Where a member goes: PEX keeps each distribution in a folder of .deps, and
        what unpacks them in .bootstrap."""
        if self.pex is None:
            return name
        parts = name.split("/")
        if parts[0] in (".bootstrap", "PEX-INFO", "__main__.py", "__pex__", ".lib"):
            return None
        if parts[0] != ".deps":
            return name
        if len(parts) == 2 and not name.endswith("/"):
            return name
        return "/".join(parts[2:]) or None

    def _unpack_inner_wheels(self, folder):
        deps = os.path.join(folder, ".deps")
        for name in sorted(os.listdir(deps)) if os.path.isdir(deps) else []:
            path = os.path.join(deps, name)
            if os.path.isfile(path) and zipfile.is_zipfile(path):
                unpack.unpack(unpack.open_zip(path), folder)
                os.unlink(path)
        if os.path.isdir(deps):
            os.rmdir(deps)
