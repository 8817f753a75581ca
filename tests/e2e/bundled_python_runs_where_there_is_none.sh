#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# An application with its interpreter, on a system that consists of sh and the C library.
. "$(dirname "$0")/lib.sh"
needs_root

python=/usr/bin/python3
mkdir "$WORK/src"
cat >"$WORK/src/tool.py" <<'PY'
import os, subprocess, sys

def square(x):
    return x * x

def main():
    import ctypes, decimal, hashlib, json, lzma, sqlite3, ssl, zlib
    print(json.dumps(sys.argv[1:]), sqlite3.connect(":memory:").execute("select 6 * 7").fetchone()[0])
    for name in "LD_LIBRARY_PATH", "PYTHONHOME", "PYTHONPATH":
        print(name, os.environ.get(name))
    done = subprocess.run([sys.executable, "-c", "import ssl, tool; print(tool.square(3))"], capture_output=True, text=True)
    print(done.stdout + done.stderr, end="")
    print(subprocess.run(["/bin/sh", "-c", "echo ${LD_LIBRARY_PATH-none}"], capture_output=True, text=True).stdout, end="")
    from multiprocessing import get_context
    for how in "fork", "spawn", "forkserver":
        with get_context(how).Pool(1) as pool:
            print(how, pool.map(square, [4]))
    inside = [m.__file__.startswith(os.environ["XAR_RUNTIME_FILES"] + "/") for m in (os, json, ssl, decimal)]
    print("inside", all(inside), sys.version_info[:2] == (int(sys.argv[1]), int(sys.argv[2])))
    try:
        import test
    except ImportError:
        print("no tests")
    try:
        import tkinter
    except ImportError:
        print("no tkinter")
    else:
        found = tkinter.Tcl().eval("info library")
        tk = os.path.join(os.path.dirname(found), "tk%s" % tkinter.TkVersion, "tk.tcl")
        print("tkinter", found.startswith(os.environ["XAR_RUNTIME_FILES"]), os.path.exists(tk))
PY
xarbuild python "$WORK/src" -o "$WORK/tool.xar" -e tool:main --python $python --bundle-python \
  --exclude-stdlib-tests --zstd-level 1 -q
jail=$WORK/jail
mkdir -p "$jail/bin" "$jail/tmp" "$jail/proc" "$jail/dev/shm"
for file in /bin/sh $(ldd $python | grep -o '/[^ ]*/\(ld-linux[^ ]*\|libc\.so\.6\|libm\.so\.6\)'); do
  mkdir -p "$jail/${file%/*}"
  cp -L "$file" "$jail/$file"
done
: >"$jail/dev/null"
mount --bind /proc "$jail/proc"
xarexec --extract "$WORK/tool.xar" "$jail/app"

tkinter='no tkinter'
! $python -c 'import tkinter' 2>/dev/null || tkinter='tkinter True True'
expected='["3", "11"] 42
LD_LIBRARY_PATH None
PYTHONHOME None
PYTHONPATH None
9
none
fork [16]
spawn [16]
forkserver [16]
inside True True
no tests
'"$tkinter"
run() { env -i PATH=/bin "$@"; }
inside="$(command -v chroot) $jail /bin/sh -e /app/__xar_bootstrap__.sh /tool.xar"
version=$($python -c 'import sys; print(*sys.version_info[:2])')
expected=$(printf '%s' "$expected" | sed "1s/.*/[\"${version% *}\", \"${version#* }\"] 42/")
# shellcheck disable=SC2086 # words
same "without any Python" "$expected" "$(run $inside $version 2>&1)"

# Where the C library is too old, that is said, in one line.
printf '#!/bin/sh\necho glibc 2.3\n' >"$jail/bin/getconf"
chmod +x "$jail/bin/getconf"
code=0
# shellcheck disable=SC2086 # words
run XARFUSE_NEW_MOUNT=1 $inside $version >"$WORK/said" 2>&1 || code=$?
same "the status with an old C library" 126 "$code"
needed=$(cat "$jail/app/__xar_python__/lib/glibc")
same "what is said" "/tool.xar: cannot start the interpreter: it needs glibc $needed, and this machine has 2.3: build the archive on as old a system" \
  "$(cat "$WORK/said")"
printf '#!/bin/sh\necho glibc %s\n' "$needed" >"$jail/bin/getconf"
# shellcheck disable=SC2086 # words
same "with one that is new enough" "$expected" "$(run XARFUSE_NEW_MOUNT=1 $inside $version 2>&1)"
rm "$jail/bin/getconf"

# The caller's own search path is what the programs get that are started.
# shellcheck disable=SC2086 # words
run LD_LIBRARY_PATH=/mine $inside $version >"$WORK/mine"
same "the caller's LD_LIBRARY_PATH" "LD_LIBRARY_PATH /mine" "$(sed -n 2p "$WORK/mine")"
