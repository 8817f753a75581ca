# SPDX-License-Identifier: BSD-2-Clause
"""The commands that documents show: README.md, docs/, examples/ and the manual pages. Those
of --help are run by examples_of_help_run.sh.

documents.py list                    prints the documents
documents.py in-order DOCUMENT FILE  runs those of its blocks in the working directory, and
                                     compares what they print with what is shown
documents.py single DOCUMENT FILE    runs each of its other ones, in tables and in manual
                                     pages, in a copy of the working directory
documents.py check FILE              sees that all commands in FILE are shown somewhere

FILE lists what is not run: lines "DOCUMENT: COMMAND", with the reason above them in a line
that begins with #.
"""
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = [
    "README.md",
    *sorted(str(p.relative_to(ROOT)) for p in ROOT.glob("docs/*.md")),
    *sorted(str(p.relative_to(ROOT)) for p in ROOT.glob("examples/*/README.md")),
]
MANUALS = sorted(str(p.relative_to(ROOT)) for p in ROOT.glob("docs/man/*"))
DOCUMENTS = PAGES + MANUALS

BLOCK = re.compile(r"^```(console|sh)\n(.*?)^```", re.S | re.M)
# In tables and text, what could be typed as it is.
INLINE = re.compile(r"`(xarbuild (?:dir|python) [^`]* -o [^`]*)`")
# What differs from run to run.
VARYING = [
    (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d"), "DATE"),
    (re.compile(r"\d+\.\d s\b"), "TIME"),
]


def steps(kind, block):
    """(command, lines shown) of each; a here-document is part of its command."""
    command, shown, until = [], [], None
    for line in block.splitlines():
        starts = re.match(r"[$#] ", line) if kind == "console" else line.strip()
        if until:
            command.append(line)
            until = None if line == until else until
        elif starts or (command and command[-1].endswith("\\")):
            if not (command and command[-1].endswith("\\")):
                if command:
                    yield "\n".join(command), shown
                command, shown = [], []
                line = line[2:] if kind == "console" else line
            command.append(line)
            mark = re.search(r"<<'(\w+)'", line)
            until = mark and mark[1]
        else:
            shown.append(line)
    if command:
        yield "\n".join(command), shown


def in_order(document):
    if not document.endswith(".md"):
        return []
    text = (ROOT / document).read_text()
    return [step for kind, block in BLOCK.findall(text) for step in steps(kind, block)]


def single(document):
    if document.endswith(".md"):
        text = BLOCK.sub("", (ROOT / document).read_text())
        return INLINE.findall(text)
    text = (ROOT / document).read_text().replace(r"\e", "\\").replace(r"\(dq", '"')
    blocks = re.findall(r"^\.Bd -literal.*?\n(.*?)^\.Ed", text, re.S | re.M)
    return [
        command
        for block in blocks
        if "$ " in block
        for command, _ in steps("console", block)
    ]


def key(document, command):
    return document + ": " + " ".join(command.replace("\\\n", " ").split())


def listed(path):
    lines = [line for line in Path(path).read_text().splitlines() if line.strip()]
    return {line for line in lines if not line.startswith("#")}


def same(text):
    for pattern, word in VARYING:
        text = pattern.sub(word, text)
    return text.strip()


def execute(document, command, before="", folder="."):
    done = subprocess.run(
        ["bash", "-c", before + command],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
    )
    if done.returncode != 0:
        sys.exit(f"{document}: <{command}> ends with {done.returncode}: {done.stdout}")
    return done.stdout


def run_in_order(document, left_out):
    before = ""  # what a shell that is typed into would remember
    for command, shown in in_order(document):
        if key(document, command) in left_out:
            continue
        printed = execute(document, command, before)
        if shown and same(printed) != same("\n".join(shown)):
            sys.exit(f"{document}: <{command}> prints <{printed}>, not <{shown}>")
        if re.match(r"(export )?\w+=|cd |.* && cd ", command):
            before += command + "\n"


def run_single(document, left_out):
    stage, copy = Path.cwd(), Path.cwd().with_name("copy")
    for command in single(document):
        if key(document, command) in left_out:
            continue
        shutil.copytree(stage, copy, symlinks=True)
        execute(document, command, folder=copy)
        shutil.rmtree(copy)


def check(left_out):
    shown = {
        key(document, command)
        for document in DOCUMENTS
        for command in [c for c, _ in in_order(document)] + single(document)
    }
    if len(shown) < 50:
        sys.exit(f"only these commands are found: {sorted(shown)}")
    for line in sorted(left_out - shown):
        sys.exit(f"listed as not run, but nowhere shown: {line}")


if __name__ == "__main__":
    mode, *names = sys.argv[1:]
    if mode == "list":
        print("\n".join(DOCUMENTS))
    elif mode == "check":
        check(listed(names[0]))
    else:
        {"in-order": run_in_order, "single": run_single}[mode](names[0], listed(names[1]))
