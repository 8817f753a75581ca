# SPDX-License-Identifier: BSD-2-Clause
"""complete_in_zsh.py FOLDER LINE: prints what an interactive zsh lists for a line that
is being typed, with the functions in a folder. zsh completes only on a terminal."""
import os
import pty
import select
import sys
import time

LIST, ERASE = b"\x14", b"\x15"


def read_until(terminal, word):
    got = b""
    end = time.monotonic() + 60
    while word not in got:
        if time.monotonic() > end:
            sys.exit(f"zsh never said {word!r}, only {got!r}")
        if select.select([terminal], [], [], 1)[0]:
            got += os.read(terminal, 65536)
    return got


folder, line = sys.argv[1:]
child, terminal = pty.fork()
if child == 0:
    os.environ.update(TERM="dumb", COLUMNS="150", LINES="100", HOME=folder)
    os.execvp("zsh", ["zsh", "-f", "-i"])
setup = f"""LISTMAX=1000; fpath=({folder} $fpath); autoload -U compinit; compinit -u -d {folder}/dump
bindkey '^T' list-choices; PROMPT='ty''pe>'
"""
os.write(terminal, setup.encode())
# Only with the prompt does the shell take keys one after the other.
read_until(terminal, b"type>")
os.write(terminal, line.encode() + LIST + ERASE + b"echo do''ne\n")
listing = read_until(terminal, b"done\r")
sys.stdout.write(listing.decode(errors="replace").replace("\r", ""))
os.write(terminal, b"exit\n")
os.waitpid(child, 0)
