#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Checks every #include against the tables of libxar/ARCHITECTURE.md.

usage: check_modules.py SOURCE_FOLDER

A module includes public headers of the modules that its row names, and each one that it names.
The same holds for the headers of libraries. Sub-folders use only those to their left.
"""

import re
import sys
from pathlib import Path

HEADERS = {
    "zstd": r"(zstd|zdict)",
    "libsodium": r"sodium",
    "squashfuse": r"squashfuse/",
    "libfuse3": r"fuse",
    "libarchive": r"archive(_entry)?\.h",
    "CLI11": r"CLI/",
}
PROGRAMS = {"xarbuild", "xarexec"}
# It links against each library of which the launcher replaces parts.
EXEMPT = {"xarexec/link_stubs/probe.cpp"}


def rows_of(text, heading):
    """The cells of each row of the table whose first column is so called, and its last."""
    table = re.search(r"^\| %s \|(.*)\n\|[-|]+\n((?:\|.*\n)+)" % heading, text, re.M)
    if not table:
        sys.exit("ARCHITECTURE.md: no table of modules")
    for line in table[2].splitlines():
        yield [cell.strip() for cell in line.strip("|").split("|")]


def words_of(cell):
    return [] if cell == "–" else [word.strip() for word in cell.split(",")]


class Map:
    """What ARCHITECTURE.md allows."""

    def __init__(self, root):
        text = (root / "libxar/ARCHITECTURE.md").read_text()
        modules = list(rows_of(text, "module"))
        self.uses = {row[0]: words_of(row[2]) for row in modules}
        self.libraries = {row[0]: words_of(row[3]) for row in modules}
        layout = text[text.index("| module | sub-folders |") :]
        self.layers = {row[0]: words_of(row[1]) for row in rows_of(layout, "module")}

    def faults(self):
        above = set()
        for module, used in self.uses.items():
            for name in used:
                if name not in above:
                    yield f"ARCHITECTURE.md: {module} uses {name}, which is not above it"
            above.add(module)


def module_of(path):
    """The module, and the sub-folder in it or None, of a file in the source folder."""
    parts = path.parts
    if parts[0] in PROGRAMS:
        return parts[0], None
    inside = parts[2:] if parts[1] == "src" else parts[3:]
    module = inside[0].removesuffix(".hpp")
    return module, inside[1] if parts[1] == "src" and len(inside) > 2 else None


class Check:
    def __init__(self, root):
        self.root = root
        self.map = Map(root)
        self.faults = list(self.map.faults())
        self.used = set()
        self.files = 0

    def run(self):
        for folder in ("libxar/src", "libxar/include", *sorted(PROGRAMS)):
            for path in sorted((self.root / folder).rglob("*.[ch]pp")):
                name = path.relative_to(self.root)
                if str(name) not in EXEMPT:
                    self.check_file(name, path.read_text())
        self.check_permissions()

    def check_file(self, name, text):
        self.files += 1
        module, layer = module_of(name)
        if module not in self.map.uses and module not in PROGRAMS:
            self.faults.append(f"{name}: {module} is not in ARCHITECTURE.md")
            return
        for included in re.findall(r'^\s*#\s*include\s*[<"]([^>"]+)', text, re.M):
            self.check_include(name, module, layer, included)

    def check_include(self, name, module, layer, included):
        public = re.match(r"xar/([a-z_]+)[./]", included)
        inner = re.match(r"([a-z_]+)/(?:([a-z_]+)/)?", included)
        if public:
            self.check_use(name, module, public[1])
        elif inner and inner[1] in self.map.uses:
            if inner[1] != module:
                self.faults.append(
                    f"{name}: {included} is not a public header of {inner[1]}"
                )
            self.check_layer(name, module, layer, inner[2])
        for library, pattern in HEADERS.items():
            if (
                not public
                and not inner_of_project(included, self.map)
                and re.match(pattern, included)
            ):
                self.check_library(name, module, library)

    def check_use(self, name, module, used):
        if module in PROGRAMS or used == module:
            return
        self.used.add((module, used))
        if used not in self.map.uses[module]:
            self.faults.append(f"{name}: {module} may not use {used}")

    def check_library(self, name, module, library):
        self.used.add((module, library))
        if library not in self.map.libraries.get(module, []):
            self.faults.append(f"{name}: {module} may not use {library}")

    def check_layer(self, name, module, layer, included):
        layers = self.map.layers.get(module)
        if not layers or layer is None:
            return
        if layer not in layers:
            self.faults.append(f"{name}: sub-folder {layer} is not in ARCHITECTURE.md")
        elif included in layers and layers.index(included) > layers.index(layer):
            self.faults.append(f"{name}: {layer} may not use {included}")

    def check_permissions(self):
        for allowed in (self.map.uses, self.map.libraries):
            for module, names in allowed.items():
                for name in names:
                    if (module, name) not in self.used:
                        self.faults.append(
                            f"ARCHITECTURE.md: {module} does not use {name}"
                        )


def inner_of_project(included, modules):
    return included.split("/")[0] in modules.uses and "/" in included


def main():
    check = Check(Path(sys.argv[1]).resolve())
    check.run()
    if check.files == 0:
        sys.exit("no source file found")
    for fault in check.faults:
        print(fault, file=sys.stderr)
    print(f"{check.files} files, {len(check.faults)} faults")
    sys.exit(1 if check.faults else 0)


if __name__ == "__main__":
    main()
