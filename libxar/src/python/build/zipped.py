"""PEX files, shiv's files, zipapps and plain zip files, as something to unpack."""

import json
import os
import re
import zipfile

import tags
import unpack
from report import refuse, warn
from wheel import PREFIX, Wheel, placed

# What a PEX or shiv's file may ask for and no archive does for it, unless it is empty:
# whoever runs it would get something else.
_REFUSED = {
    "inject_args": "it injects arguments: call its entry point from a module of yours that "
    "adds them, and pack that with -e",
    "inject_env": "it injects environment variables: call its entry point from a module of "
    "yours that sets them, and pack that with -e",
    "inject_python_args": "it injects options of the interpreter: give them with "
    "--python-shebang, and build the PEX without",
    "pex_path": "it needs other PEX files: pack those with it, and build it without",
    "preamble": "it runs a preamble first: call that and its entry point from a module of "
    "yours, and pack that with -e",
}
# What another option of xarbuild does.
_TOLD = {
    "inherit_path": "--inherit-site lets the machine's packages count, as it asks for",
    "extend_pythonpath": "--export-paths sets PYTHONPATH for child processes, as it asks for",
}


class Zipped:
    """A zip file with modules in it, and what it says about itself."""

    def __init__(self, path):
        self.path = path
        self.archive = unpack.open_zip(path)
        self._members = unpack.members(self.archive)
        self._pex = self._settings("PEX-INFO")
        self._shiv = None
        if "_bootstrap/__init__.py" in self._members:
            self._shiv = self._settings("environment.json")
        self._check_settings(self._pex or self._shiv or {})

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
        settings = self._pex or self._shiv
        if settings is not None:
            return settings.get("entry_point") or None
        for name in ("__main__.py", "__main__.pyc"):
            if name in self._members:
                self._warn_of_zip(name)
                return "__main__"
        return None

    def script(self):
        """The console script that running it would run, or None."""
        settings = self._pex or self._shiv or {}
        return None if settings.get("entry_point") else settings.get("script")

    def unpack(self, new_folder):
        """Unpacks it into folders that `new_folder` makes. Returns the one with its own
        modules, and those of distributions in it."""
        own = new_folder()
        unpack.unpack(self.archive, own, self._place_own)
        if self._shiv is not None:
            return own, []
        distributions = []
        for name in self._fitting_distributions():
            folder = new_folder()
            distributions.append(folder)
            self._unpack_distribution(name, folder)
        return own, distributions

    def _settings(self, name):
        if name not in self._members:
            return None
        try:
            content = unpack.read_member(self.archive, self._members[name])
            settings = json.loads(content.decode())
        except (ValueError, RecursionError):
            settings = None
        if not isinstance(settings, dict):
            refuse("cannot read", self.path, "its %s is not JSON" % name)
        for key in ("entry_point", "script"):
            if not isinstance(settings.get(key) or "", str):
                refuse("cannot read", self.path, "in its %s %s is no text" % (name, key))
        return settings

    def _check_settings(self, settings):
        for name, advice in _REFUSED.items():
            if settings.get(name):
                refuse("cannot pack", self.path, advice)
        for name, advice in _TOLD.items():
            if settings.get(name) not in (None, False, "", "false", "False"):
                warn("not kept", self.path, advice)

    def _warn_of_zip(self, name):
        text = unpack.read_member(self.archive, self._members[name])
        if b"zipfile" in text or b"zipimport" in text:
            warn(
                "may not run",
                self.path,
                "its %s uses the module zipfile, and in the archive there is no zip file to "
                "open: if it looks into itself, give -e" % name,
            )

    def _place_own(self, path):
        """Where a member that is of no distribution goes. shiv has all in site-packages."""
        parts = path.split("/")
        if self._shiv is not None:
            if parts[0] != "site-packages" or len(parts) == 1:
                return None
            is_package = "site-packages/bin/__init__.py" in self._members
            if parts[1] == "bin" and not is_package:
                parts[0] = PREFIX
                return "/".join(parts)
            return "/".join(parts[1:])
        if self._pex is None:
            return path
        own = (".bootstrap", "PEX-INFO", "__main__.py", "__pex__", ".lib", ".deps")
        return None if parts[0] in own else path

    def _fitting_distributions(self):
        """Names of those for this interpreter: a PEX may have others of the same."""
        if self._pex is None:
            return []
        names = {
            path.split("/")[1] for path in self._members if path.startswith(".deps/")
        }
        fitting = {name for name in names if _fits(name)}
        of = {name.split("-")[0].lower() for name in fitting}
        for name in sorted(names - fitting):
            if name.split("-")[0].lower() not in of:
                refuse(
                    "cannot pack",
                    self.path,
                    "its %s does not fit: %s" % (name, tags.description()),
                )
        return sorted(fitting)

    def _unpack_distribution(self, name, folder):
        """A wheel, or what an installer has made of one."""
        inside = ".deps/" + name
        is_file = inside in self._members and not self._members[inside].is_dir()
        if not is_file:
            prefix = inside + "/"

            def place(path):
                return (
                    _placed(path[len(prefix) :], name)
                    if path.startswith(prefix)
                    else None
                )

            unpack.unpack(self.archive, folder, place)
            return
        unpack.unpack(self.archive, folder, lambda p: name if p == inside else None)
        path = os.path.join(folder, name)
        if os.path.islink(path):
            refuse("cannot unpack", self.path, "its %s is a symlink" % inside)
        if self._pex.get("deps_are_wheel_files"):
            Wheel(path).install(folder)
        elif zipfile.is_zipfile(path):
            unpack.unpack(unpack.open_zip(path), folder, lambda p: _placed(p, name))
        os.unlink(path)


def _fits(name):
    """Whether a distribution of this name fits; one that is not called as a wheel does."""
    parts = name[: -len(".whl")].split("-") if name.endswith(".whl") else []
    return len(parts) not in (5, 6) or tags.fit(parts[-3:])


def _placed(path, name):
    """Where a file of an unpacked distribution goes in the image: PEX keeps what belongs
    beside the packages in a folder of its own."""
    if path == ".prefix" or path.startswith(".prefix/"):
        return PREFIX + path[len(".prefix") :]
    return None if path == ".layout.json" else placed(path, name.split("-")[0])
