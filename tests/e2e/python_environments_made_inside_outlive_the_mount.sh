#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# `python -m venv` and the venv module inside an archive make environments of the machine's
# interpreter.
. "$(dirname "$0")/lib.sh"
needs_fuse

python=${PYTHON:-/usr/bin/python3}
$python -c 'import venv, ensurepip' 2>/dev/null || skip "no python3-venv"
mkdir "$WORK/src"
cat >"$WORK/src/make.py" <<'PY'
import os, subprocess, sys, venv

def main():
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", "by-command"], check=True)
    venv.create("by-module", symlinks=True)
    venv.create("copied", symlinks=False)
    # An environment of an environment, as tox and nox make them.
    subprocess.run(["by-module/bin/python", "-m", "venv", "--without-pip", "by-another"], check=True)
    print(sys._base_executable, os.path.samefile(sys._base_executable, "/proc/self/exe"))
PY
cd "$WORK"
xarbuild python src -o make.xar -e make:main --python "$python" --mount-root "$ROOT" --xar-exec "$XAR_BIN/xarexec_fuse" --zstd-level 1 -q
same "the interpreter" "$(readlink -f "$python") True" "$(./make.xar)"
xarexec -u make.xar
for made in by-command by-module copied by-another; do
  # What else is written there tells people how it was made.
  grep "^home = " "$made/pyvenv.cfg" | grep -q -F "$ROOT" && fail "$made: $(cat "$made/pyvenv.cfg")"
  same "$made" "True []" "$("$made/bin/python" -c 'import sys; print(sys.prefix.endswith("'"$made"'"), [p for p in sys.path if p.startswith("'"$ROOT"'")])')"
done
