"""Requirements, projects and source distributions to wheels, by the interpreter's own
pip, or to an installed folder by uv."""

import difflib
import glob
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import sys

from report import refuse
from requirements import is_url


class Pip:
    def __init__(self, workspace, options):
        self._workspace = workspace
        self._options = options
        self._calls = 0

    def build(self, project):
        """The wheel of a project or source distribution, without what it needs."""
        return self._wheels(["--no-deps", os.path.abspath(project)], project)[0]

    def resolve(self, requirements, files, wheels, hashed):
        """Wheels of all that is named and of all that those need. With `hashed`, nothing is
        taken without a digest, as the files want it."""
        arguments = list(requirements)
        if hashed and wheels:
            arguments += ["-r", self._write_digests(wheels)]
        else:
            arguments += map(os.path.abspath, wheels)
        for file in files:
            arguments += ["-r", file if is_url(file) else os.path.abspath(file)]
        subject = " ".join([*requirements, *files, *wheels])
        return self._wheels(arguments, subject, _files_meant(requirements))

    def _write_digests(self, wheels):
        """A requirements file with the wheels that are here already."""
        path = os.path.join(self._workspace, "wheels.txt")
        with open(path, "w", encoding="utf-8") as file:
            for wheel in wheels:
                with open(wheel, "rb") as content:
                    digest = hashlib.sha256(content.read()).hexdigest()
                name = os.path.basename(wheel).split("-")[0]
                place = pathlib.Path(os.path.abspath(wheel)).as_uri()
                file.write("%s @ %s --hash=sha256:%s\n" % (name, place, digest))
        return path

    def _wheels(self, arguments, subject, hint=""):
        self._require()
        self._calls += 1
        folder = os.path.join(self._workspace, "wheels-%d" % self._calls)
        command = [sys.executable, "-I", "-m", "pip", "--disable-pip-version-check"]
        command += ["--no-input", "wheel", "--wheel-dir", folder]
        _run(command + self._options + arguments, subject, "ERROR: ", hint)
        return sorted(glob.glob(os.path.join(glob.escape(folder), "*.whl")))

    def _require(self):
        command = [sys.executable, "-I", "-c", "import pip"]
        if subprocess.run(command, stderr=subprocess.DEVNULL).returncode != 0:
            refuse(
                "cannot resolve requirements",
                sys.executable,
                "it has no pip: install it, on Debian python3-pip, or give wheels",
            )


def install_with_uv(folder, requirements, files, options):
    """Installs everything named, and what it needs, into `folder`."""
    uv = shutil.which("uv")
    if uv is None:
        refuse("cannot resolve requirements", "uv", "it is not installed: use pip")
    command = [uv, "pip", "install", "--quiet", "--python", sys.executable]
    command += ["--target", folder, "--link-mode", "copy"]
    for file in files:
        command += ["-r", file if is_url(file) else os.path.abspath(file)]
    _run(command + options + requirements, " ".join([*requirements, *files]), "")


def _files_meant(requirements):
    """For who has mistyped the name of a file, which is then a requirement."""
    try:
        files = os.listdir(".")
    except OSError:
        return ""
    for text in requirements:
        meant = difflib.get_close_matches(text, files, 1)
        if meant:
            return ": or did you mean the file %s?" % meant[0]
    return ""


def _run(command, subject, mark, hint=""):
    """Runs an installer; if it fails, its own words are the reason, and then `hint`."""
    environment = dict(os.environ)
    # What a build writes must not depend on when and where it happens: the date of
    # every file in a wheel, and the folders that compilers note for debuggers.
    environment.setdefault("SOURCE_DATE_EPOCH", "315532800")
    environment.setdefault("CFLAGS", "-g0")
    done = subprocess.run(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    if done.returncode == 0:
        return
    lines = [
        re.sub(r"\x1b\[[0-9;]*m", "", line).strip() for line in done.stdout.split("\n")
    ]
    lines = [line for line in lines if line]
    words = [line[len(mark) :] for line in lines if line.startswith(mark)]
    if words and words[-1] == "Exception:":
        # A traceback of the installer's own follows, which says what it is at its end.
        words[-1] = lines[-1]
    reason = "; ".join(words or lines[-3:])
    refuse("cannot install", subject, (reason or "status %d" % done.returncode) + hint)
