# SPDX-License-Identifier: BSD-2-Clause
"""on_terminal.py COLUMNS[,COLUMNS] COMMAND...: runs it on a terminal that wide and prints what
it writes there. With a second width, the terminal gets that once a bar has been drawn; when
a bar of the new width has come, the command is ended."""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time


def set_width(terminal, columns):
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))


def longest_bar(output):
    return max(
        map(len, re.findall(rb"\r(\[[= ]+\][^\r\x1b]*)\x1b\[K", output)), default=0
    )


widths = [int(word) for word in sys.argv[1].split(",")]
ready, go = os.pipe()
child, terminal = pty.fork()
if child == 0:
    # The width is set before the command looks.
    os.close(go)
    os.read(ready, 1)
    os.close(ready)
    os.execvp(sys.argv[2], sys.argv[2:])
os.close(ready)
set_width(terminal, widths[0])
os.close(go)
output, resized_at, end = b"", None, time.monotonic() + 120
while time.monotonic() < end:
    if not select.select([terminal], [], [], 1)[0]:
        continue
    try:
        got = os.read(terminal, 65536)
    except OSError:
        got = b""
    if not got:
        break
    output += got
    if len(widths) > 1 and resized_at is None and longest_bar(output) > 0:
        set_width(terminal, widths[1])
        resized_at = len(output)
    elif resized_at is not None and longest_bar(output[resized_at:]) > widths[0]:
        os.kill(child, signal.SIGTERM)
sys.stdout.buffer.write(output)
sys.stdout.flush()
status = os.waitpid(child, 0)[1]
sys.exit(0 if len(widths) > 1 else os.waitstatus_to_exitcode(status))
