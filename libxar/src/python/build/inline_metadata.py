"""Metadata in the comments of a script, which says what it needs:
https://packaging.python.org/specifications/inline-script-metadata/"""

import re
import sys

from report import refuse

_BEGIN = "# /// script"
_END = "# ///"


def dependencies_of(path):
    """The requirements in the metadata of a script, which has to fit this interpreter."""
    block = _block_of(path)
    if block is None:
        return []
    table = _parse(path, block)
    _require_no_settings(path, table)
    _require_fitting(path, table.get("requires-python"))
    return _requirements(path, table.get("dependencies", []))


def _refuse(path, advice):
    refuse("cannot pack the script", path, advice)


def _block_of(path):
    """The text of the block, or None. One that is not closed is none, as specified."""
    with open(path, encoding="utf-8", errors="replace") as file:
        lines = [line.rstrip("\r\n") for line in file]
    blocks = []
    at = 0
    while at < len(lines):
        if lines[at].rstrip(" \t") != _BEGIN:
            at += 1
            continue
        end = at + 1
        while end < len(lines) and re.fullmatch("#( .*)?", lines[end]):
            end += 1
        inside = [line.rstrip(" \t") for line in lines[at + 1 : end]]
        if _END in inside:
            length = len(inside) - 1 - inside[::-1].index(_END)
            blocks.append("\n".join(line[2:] for line in inside[:length]))
        at = end
    if len(blocks) > 1:
        _refuse(path, 'it has %d blocks "%s": one is allowed' % (len(blocks), _BEGIN))
    return blocks[0] if blocks else None


def _parse(path, text):
    try:
        import tomllib
    except ImportError:  # before Python 3.11
        try:
            from pip._vendor import tomli as tomllib
        except ImportError:
            _require_pip(path)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        _refuse(path, 'its block "%s" is not sound TOML: %s' % (_BEGIN, error))


def _require_pip(path):
    _refuse(
        path,
        "%s has no pip, which understands what the script depends on: install it, on "
        "Debian python3-pip" % sys.executable,
    )


def _require_no_settings(path, table):
    """Settings of an installer change what is installed."""
    tool = table.get("tool", {})
    settings = tool.get("uv", {}) if isinstance(tool, dict) else {}
    if settings:
        names = ", ".join(sorted(settings)) if isinstance(settings, dict) else "uv"
        _refuse(path, "settings in [tool.uv] are not supported: " + names)


def _require_fitting(path, wanted):
    if wanted is None:
        return
    try:
        from pip._vendor.packaging.specifiers import SpecifierSet
    except ImportError:
        _require_pip(path)
    here = "%d.%d.%d" % sys.version_info[:3]
    try:
        fits = SpecifierSet(wanted).contains(here, prereleases=True)
    except (ValueError, AttributeError, TypeError):
        _refuse(path, "its requires-python is no version specifier: %r" % (wanted,))
    if not fits:
        _refuse(
            path,
            "it requires Python %s, and %s is %s: name another with --python"
            % (wanted, sys.executable, here),
        )


def _requirements(path, dependencies):
    if not dependencies:
        return []
    try:
        from pip._vendor.packaging.requirements import Requirement
    except ImportError:
        _require_pip(path)
    if not isinstance(dependencies, list):
        _refuse(path, "its dependencies are no list")
    for text in dependencies:
        try:
            Requirement(text)
        except (ValueError, TypeError):
            _refuse(path, "its dependencies name what is no requirement: %r" % (text,))
    return dependencies
