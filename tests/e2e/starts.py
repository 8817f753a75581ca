# SPDX-License-Identifier: BSD-2-Clause
"""Compares how processes of a packed application start with how those of the same wheels in
a virtual environment do: starts.py INSTALLED PACKED, two files that the probe has printed.

What may differ is listed here, with the reason. Everything else must be the same.
"""

import json
import re
import sys

# The places: an archive's packages are at its root, which is what site-packages in its
# environment leads to, and the program is the archive.
PLACES = "packages", "environment", "program"

INTENDED = {
    "environment variables": (
        "tell the application where it is and how it was called (README, xarexec(1))",
        lambda name: name.startswith(("XAR_", "XAREXEC_", "XARFUSE_")),
    ),
    "variables of the shell": (
        "the shell that looks for the interpreter may set its own",
        lambda name: name in ("PWD", "OLDPWD", "SHLVL", "_"),
    ),
    "sys attributes": (
        "keeps the archive in use after all descriptors have been closed",
        lambda name: name == "__xar_mapping__",
    ),
    "modules": (
        "do what no module of Python's own does",
        lambda name: name in ("__xar_site__", "__xar_imports__", "__xar_programs__"),
    ),
    "without site": (
        "an interpreter without the site module cannot know its other name; this one starts it too",
        lambda word: word in ("environment/bin/self", "environment/bin/python3"),
    ),
    "descriptors": (
        "one keeps the archive in use across exec; a mapping has another before Python 3.13",
        lambda target: target == "packages"
        or target.startswith("packages/__xar_modules__"),
    ),
}


def placed(value, places):
    """Paths of the archive and of the environment by the same names."""
    if isinstance(value, dict):
        return {
            placed(key, places): placed(entry, places) for key, entry in value.items()
        }
    if isinstance(value, list):
        return [placed(entry, places) for entry in value]
    if isinstance(value, str):
        for path, name in places:
            value = value.replace(path, name)
        # The numbers of descriptors in the commands that pools start.
        return re.sub(r"[0-9]+", "N", value) if "multiprocessing" in value else value
    return value


def differences(installed, packed, at=""):
    if isinstance(installed, dict) and isinstance(packed, dict):
        for key in sorted({*installed, *packed}):
            missing = "(nothing)"
            yield from differences(
                installed.get(key, missing),
                packed.get(key, missing),
                "%s, %s" % (at, key),
            )
    elif installed != packed:
        yield "%s:\n  installed %s\n  packed    %s" % (at, installed, packed)


def without_intended(state):
    kept = dict(state)
    for name, (_, may_differ) in INTENDED.items():
        group = "environment variables" if name == "variables of the shell" else name
        of = kept.get(group, [])
        if isinstance(of, dict):
            kept[group] = {key: of[key] for key in of if not may_differ(key)}
        else:
            kept[group] = [entry for entry in of if not may_differ(entry)]
    return kept


def states(path):
    with open(path) as file:
        found = json.load(file)
    places = [tuple(place) for place in found.pop("places")]
    return {
        kind: without_intended(placed(state, places)) for kind, state in found.items()
    }


def main():
    installed, packed = map(states, sys.argv[1:])
    found = list(differences(installed, packed))
    if found:
        sys.exit("\n".join(found))
    print(" ".join(installed))


main()
