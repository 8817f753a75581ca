#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# A standalone archive is the file that the process executes, whatever it is called by.
. "$(dirname "$0")/lib.sh"
needs_fuse

cd "$WORK"
mkdir src
printf '#!/bin/sh\necho "$*"\n' >src/run.sh
chmod +x src/run.sh
xarbuild dir src -o app --exec run.sh --mount-root "$ROOT" --standalone -q 2>/dev/null

# As the interpreter of a script.
printf '#!%s/app\nno archive\n' "$WORK" >script
printf '#!%s/app word\nno archive\n' "$WORK" >worded
chmod +x script worded
same "the interpreter of a script" "$WORK/app ./script a" "$(./script a)"
same "with a word" "$WORK/app word ./worded a" "$(./worded a)"
same "by PATH" "$WORK/app $WORK/script" "$(PATH="$WORK:$PATH" script)"

# By descriptors. The path that the payload is given leads to the file if any does.
cat >descriptors.py <<'PY'
import os, shutil, sys

def output(target, words):
    reading, writing = os.pipe()
    if (child := os.fork()) == 0:
        os.dup2(writing, 1)
        os.dup2(writing, 2)
        os.execve(target, words, dict(os.environ))
    os.close(writing)
    with open(reading) as file:
        got = file.read()
    os.waitpid(child, 0)
    return got.strip()

def check(what, target, words, wanted):
    got = output(target, words)
    assert got == wanted, (what, got, wanted)

here = os.getcwd()
kept = os.open("app", os.O_RDONLY)
closed = os.open("app", os.O_RDONLY | os.O_CLOEXEC)
check("a descriptor", kept, ["./app", "x"], "./app x")
check("a descriptor under another name", kept, ["other", "x"], here + "/app x")
check("a descriptor that is closed", closed, ["other", "x"], here + "/app x")
for name in f"/proc/self/fd/{closed}", f"/dev/fd/{closed}":
    check(name, name, ["other", "x"], here + "/app x")
    check(name, name, [name, "x"], here + "/app x")
memory = os.memfd_create("app", 0)
os.write(memory, open("app", "rb").read())
check("memory", memory, ["other", "x"], "other x")
shutil.copy("app", "gone")
gone = os.open("gone", os.O_RDONLY)
os.unlink("gone")
check("a removed file", gone, ["./gone", "x"], "./gone x")
PY
python3 descriptors.py

# Without /proc, which sanitizers need, it is found by its names.
[ -z "${XAR_SANITIZE-}" ] || exit 0
needs_root
cat >without_proc.py <<'PY'
import subprocess, sys
for command, wanted in ("./app x", "./app x"), ("./script x", sys.argv[1] + "/app ./script x"):
    got = subprocess.run(command.split(), capture_output=True, text=True)
    assert got.stdout.strip() == wanted, (command, got)
PY
with_own_mounts sh -c 'mount -t tmpfs none /proc && exec python3 without_proc.py "$0"' "$WORK" ||
  fail "not without /proc"
