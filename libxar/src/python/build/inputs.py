"""What kind of thing each input is."""

import os
import re
import tarfile
import zipfile

from report import refuse

MODULES = "a directory of modules"
ENVIRONMENT = "a virtual environment"
PROJECT = "a project"
WHEEL = "a wheel"
SOURCES = "a source distribution"
ZIP = "a zip file"
MODULE = "a module"
REQUIREMENT = "a requirement"


def kind_of(text):
    if os.path.isdir(text):
        return _kind_of_directory(text)
    if os.path.isfile(text):
        return _kind_of_file(text)
    if os.path.lexists(text) or _looks_like_path(text):
        refuse("cannot pack", text, "there is no such file or directory")
    if not re.match(r"\s*[A-Za-z0-9]", text):
        refuse(
            "cannot pack", text, "neither a file nor a requirement such as black==23.1"
        )
    return REQUIREMENT


def _kind_of_directory(path):
    def has(name):
        return os.path.isfile(os.path.join(path, name))

    if has("pyvenv.cfg"):
        return ENVIRONMENT
    return PROJECT if has("pyproject.toml") or has("setup.py") else MODULES


def _kind_of_file(path):
    if path.endswith(".whl"):
        return WHEEL
    if path.endswith(".py"):
        return MODULE
    if path.endswith((".tar.gz", ".tgz", ".tar.bz2", ".tar.xz")):
        if not tarfile.is_tarfile(path):
            refuse("cannot read", path, "not a sound tar file")
        return SOURCES
    if zipfile.is_zipfile(path):
        return SOURCES if _is_source_zip(path) else ZIP
    with open(path, "rb") as file:
        head = file.read(256)
    if head.startswith(b"PK") or path.endswith((".zip", ".pyz", ".pex")):
        refuse("cannot read", path, "not a sound zip file")
    refuse("cannot pack", path, "neither a wheel, a zip, a project nor a module")


def _is_source_zip(path):
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
    return any(re.fullmatch(r"[^/]+/PKG-INFO", name) for name in names)


def _looks_like_path(text):
    if "@" in text or re.search(r"[<>=!~]=|[<>;\[]", text):
        return False
    return "/" in text or text.endswith((".whl", ".zip", ".gz", ".pex", ".pyz", ".py"))
