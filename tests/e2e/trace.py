# SPDX-License-Identifier: BSD-2-Clause
# trace.py PID...: stops every thread of the processes as a debugger does, says so, and
# holds them until standard input ends.
import ctypes
import os
import sys

PTRACE_ATTACH, PTRACE_DETACH, WALL = 16, 17, 0x40000000
libc = ctypes.CDLL(None, use_errno=True)


def ptrace(request, thread):
    if libc.ptrace(request, thread, None, None) != 0:
        raise OSError(ctypes.get_errno(), "ptrace")


libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
threads = [int(t) for pid in sys.argv[1:] for t in os.listdir(f"/proc/{pid}/task")]
for thread in threads:
    ptrace(PTRACE_ATTACH, thread)
    os.waitpid(thread, WALL)
print("stopped", flush=True)
sys.stdin.read()
for thread in threads:
    ptrace(PTRACE_DETACH, thread)
