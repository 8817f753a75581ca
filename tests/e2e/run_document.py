# SPDX-License-Identifier: BSD-2-Clause
"""run_document.py PAGE: runs the commands of a page's console blocks, in the working
directory, and compares what they print with what the page shows, where it shows anything.
A block behind the line "<!-- not run -->" is for reading only."""
import re
import subprocess
import sys
from pathlib import Path

BLOCK = re.compile(r"(<!-- not run -->\n+)?```console\n(\$ .*?)```", re.S)
# What differs from run to run.
VARYING = [(re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d"), "DATE"), (re.compile(r"\d+\.\d s\b"), "TIME")]


def steps(block):
    """(command, output shown) of each; a here-document is part of its command."""
    command, shown, until = [], [], None
    for line in block.splitlines():
        if until:
            command.append(line)
            until = None if line == until else until
        elif line.startswith("$ ") or (command and command[-1].endswith("\\")):
            if line.startswith("$ "):
                if command:
                    yield "\n".join(command), shown
                command, shown = [], []
            command.append(line.removeprefix("$ "))
            mark = re.search(r"<<'(\w+)'", line)
            until = mark and mark[1]
        else:
            shown.append(line)
    yield "\n".join(command), shown


def same(text):
    for pattern, word in VARYING:
        text = pattern.sub(word, text)
    return text.strip()


page = Path(sys.argv[1])
count = 0
for skipped, block in BLOCK.findall(page.read_text()):
    if skipped:
        continue
    before = ""  # assignments live on, as in a shell that is typed into
    for command, shown in steps(block):
        done = subprocess.run(["bash", "-c", before + command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode != 0:
            sys.exit(f"{page.name}: <{command}> ends with {done.returncode}: {done.stdout}")
        if shown and same(done.stdout) != same("\n".join(shown)):
            sys.exit(f"{page.name}: <{command}> prints <{done.stdout}>, not <{shown}>")
        if re.match(r"\w+=", command):
            before += command + "\n"
        count += 1
if count == 0:
    sys.exit(f"{page.name}: nothing to run")
