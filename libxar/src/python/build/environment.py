"""An existing virtual environment: its packages, scripts and data."""

import glob
import os
import shutil
import sys

from report import refuse
from scripts import LAUNCHER
from wheel import PREFIX

# What the tools that make environments put there unasked.
INSTALLERS = ("pip", "setuptools", "wheel", "pkg-resources")


def packages_in(path):
    """Its site-packages folder. Refuses one of another Python."""
    wanted = "python%d.%d" % sys.version_info[:2]
    folder = os.path.join(path, "lib", wanted, "site-packages")
    if os.path.isdir(folder):
        _refuse_editable(path, folder)
        return folder
    found = [
        os.path.basename(p)
        for p in sorted(glob.glob(os.path.join(glob.escape(path), "lib", "python*")))
    ]
    refuse(
        "cannot pack the environment",
        path,
        "it is of %s, and %s is %s: give its interpreter with --python"
        % (" ".join(found) or "no Python", sys.executable, wanted),
    )


def copy_scripts(path, folder):
    """Its scripts in Python, each with a first line that finds the interpreter."""
    source = os.path.join(path, "bin")
    target = os.path.join(folder, PREFIX, "bin")
    mark = b"#!" + os.fsencode(os.path.abspath(source)) + b"/python"
    for name in sorted(os.listdir(source)) if os.path.isdir(source) else []:
        file = os.path.join(source, name)
        if (
            os.path.islink(file)
            or not os.path.isfile(file)
            or name.startswith("activate")
        ):
            continue
        with open(file, "rb") as script:
            content = script.read()
        if not content.startswith(mark):
            continue
        os.makedirs(target, exist_ok=True)
        with open(os.path.join(target, name), "wb") as script:
            script.write(LAUNCHER + content.partition(b"\n")[2])
        os.chmod(os.path.join(target, name), 0o755)
        shutil.copystat(file, os.path.join(target, name))


def copy_data(path, folder):
    for name in ("share", "etc"):
        source = os.path.join(path, name)
        if os.path.isdir(source):
            shutil.copytree(source, os.path.join(folder, PREFIX, name), symlinks=True)


def _refuse_editable(path, folder):
    """Code that is elsewhere would not be in the archive."""
    for name in sorted(glob.glob(os.path.join(glob.escape(folder), "*.pth"))):
        with open(name, errors="replace") as file:
            lines = [line.strip() for line in file]
        outside = [line for line in lines if line.startswith("/") and os.path.isdir(line)]
        if os.path.basename(name).startswith("__editable__") or outside:
            refuse(
                "cannot pack the environment",
                path,
                "%s is installed as editable: install it without -e"
                % (outside[0] if outside else os.path.basename(name)),
            )
