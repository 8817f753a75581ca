"""What kind of thing each input is."""

import os
import re
import tarfile
import zipfile

import unpack
from report import refuse
from requirements import is_url
from scripts import interpreter_of

MODULES = "a directory of modules"
ENVIRONMENT = "a virtual environment"
PROJECT = "a project"
WHEEL = "a wheel"
SOURCES = "a source distribution"
ZIP = "a zip file"
MODULE = "a module or script"
REQUIREMENT = "a requirement"

# Of the archives of sources that pip takes.
_TAR = (".tar.gz", ".tgz", ".tar.bz2", ".tbz", ".tar.xz", ".txz", ".tar.lzma", ".tlz")
_TAR += (".tar",)


def kind_of(text):
    if os.path.isdir(text):
        return _kind_of_directory(text)
    if os.path.isfile(text):
        return _kind_of_file(text)
    if is_url(text) or local_with_extras(text):
        return REQUIREMENT
    if os.path.lexists(text) or _looks_like_path(text):
        refuse("cannot pack", text, "there is no such file or directory")
    if not re.match(r"\s*[A-Za-z0-9]", text):
        refuse(
            "cannot pack", text, "neither a file nor a requirement such as black==23.1"
        )
    return REQUIREMENT


def local_with_extras(text):
    """The path in PATH[EXTRA,...] and what is behind it, or None."""
    match = re.fullmatch(r"(.+?)(\[[^\[\]]*\])", text)
    if match and os.path.exists(match.group(1)):
        return match.groups()
    return None


def _kind_of_directory(path):
    def has(name):
        return os.path.exists(os.path.join(path, name))

    if has("pyvenv.cfg"):
        return ENVIRONMENT
    if has("conda-meta"):
        _refuse_installation(path, "a conda environment")
    if any(
        os.path.isfile(os.path.join(path, "lib", name, "os.py"))
        for name in _names_in(os.path.join(path, "lib"))
        if re.fullmatch(r"(python|pypy)\d.*", name)
    ):
        _refuse_installation(path, "an installation of Python")
    return PROJECT if has("setup.py") or _is_built(path) else MODULES


def _refuse_installation(path, what):
    refuse(
        "cannot pack",
        path,
        "it is %s, with libraries outside of its packages: give its interpreter with "
        "--python, and wheels, requirements or its site-packages" % what,
    )


def _names_in(path):
    return os.listdir(path) if os.path.isdir(path) else []


def _is_built(path):
    """Whether a pyproject.toml says how to build a distribution, or what it is called: in
    many there is nothing but what tools want to be told."""
    try:
        with open(os.path.join(path, "pyproject.toml"), "rb") as file:
            text = file.read()
    except OSError:
        return False
    table = rb"""^\s*\[?\s*["']?(project|build-system)["']?\s*[\].=]"""
    return re.search(table, text, re.M) is not None


def _kind_of_file(path):
    if path.endswith(".whl"):
        return WHEEL
    if path.endswith(".py"):
        return MODULE
    if path.endswith(_TAR):
        if not tarfile.is_tarfile(path):
            refuse("cannot read", path, "not a sound tar file")
        return SOURCES
    if zipfile.is_zipfile(path):
        return SOURCES if _is_source_zip(path) else ZIP
    with open(path, "rb") as file:
        head = file.read(4096)
    if interpreter_of(head):
        return MODULE
    if head.startswith(b"PK") or path.endswith((".zip", ".pyz", ".pex")):
        refuse("cannot read", path, "not a sound zip file")
    refuse(
        "cannot pack", path, "neither a wheel, a zip, a project nor a module or script"
    )


def _is_source_zip(path):
    with unpack.open_zip(path) as archive:
        names = archive.namelist()
    return any(re.fullmatch(r"[^/]+/PKG-INFO", name) for name in names)


def _looks_like_path(text):
    path = re.sub(r"\[[^\[\]]*\]$", "", text)
    if "@" in path or re.search(r"[<>=!~]=|[<>;\[]", path):
        return False
    return "/" in path or path.endswith((".whl", ".zip", ".gz", ".pex", ".pyz", ".py"))
