"""Which wheels fit the interpreter that runs this:
https://packaging.python.org/specifications/platform-compatibility-tags/"""

import platform
import re
import sys
import sysconfig


def fit(tags):
    """Whether a wheel with these three tags, from its file name, fits."""
    pythons, abis, platforms = (part.split(".") for part in tags)
    return any(
        _python_fits(python, abi) and _platform_fits(platform_tag)
        for python in pythons
        for abi in abis
        for platform_tag in platforms
    )


def description():
    """What a wheel would have to fit, for messages."""
    return "%s is %s %d.%d on %s" % (
        sys.executable,
        platform.python_implementation(),
        *sys.version_info[:2],
        sysconfig.get_platform(),
    )


def _python_fits(python, abi):
    major, minor = sys.version_info[:2]
    match = re.fullmatch(r"([a-z]+)(\d)(\d*)", python)
    if not match:
        return False
    kind, tag_minor = match.group(1), match.group(3)
    if int(match.group(2)) != major:
        return False
    older = tag_minor == "" or int(tag_minor) <= minor
    if abi == "none":
        return older if kind == "py" else kind == _short_name() and older
    if kind != "cp" or _short_name() != "cp":
        return kind == _short_name() and abi in (sysconfig.get_config_var("SOABI") or "")
    if abi == "abi3":
        return older
    flags = getattr(sys, "abiflags", "")
    return tag_minor == str(minor) and abi == "cp%d%d%s" % (major, minor, flags)


def _short_name():
    return {"cpython": "cp", "pypy": "pp"}.get(sys.implementation.name, "")


def _platform_fits(tag):
    if tag == "any":
        return True
    here = re.sub(r"[-.]", "_", sysconfig.get_platform())
    if tag == here:
        return True
    machine = here.partition("_")[2]
    old = {"manylinux1": (2, 5), "manylinux2010": (2, 12), "manylinux2014": (2, 17)}
    for name, needed in old.items():
        if tag == "%s_%s" % (name, machine):
            return _glibc() >= needed
    match = re.fullmatch(r"manylinux_(\d+)_(\d+)_" + re.escape(machine), tag)
    return bool(match) and _glibc() >= (int(match.group(1)), int(match.group(2)))


def _glibc():
    name, version = platform.libc_ver()
    return tuple(int(n) for n in version.split(".")[:2]) if name == "glibc" else (0, 0)
