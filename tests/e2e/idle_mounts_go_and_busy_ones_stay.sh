#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
. "$(dirname "$0")/lib.sh"
needs_fuse

mkdir -p "$WORK/data/folder"
echo content >"$WORK/data/file"
cp /bin/cat "$WORK/data/cat"
export XAR_MOUNT_TIMEOUT=1
is_gone() { [ "$(count_mounts "$ROOT")" -eq 0 ]; }

# Each use alone keeps a mount, for several times the time-out: a working directory, an
# open file, an open listing, a mapping of a file that has been closed, a program.
cat >"$WORK/data/use.py" <<'END'
import mmap, os, subprocess, sys
at, hold, read, ready = sys.argv[1:]

def is_open(fd):
    try: return os.fstat(fd) is not None
    except OSError: return False

inherited = [n for n in map(int, os.listdir("/proc/self/fd")) if n > 2 and is_open(n)]
exec(hold)
for fd in inherited: os.close(fd)
open(ready, "w").close()
sys.stdin.read()
exec(read)
END
printf 'at=$(dirname "$0")\nshift\nexec python3 -c "$(cat "$at/use.py")" "$at" "$@"\n' >"$WORK/data/run.sh"
xarbuild dir "$WORK/data" -o "$WORK/data.xar" --exec run.sh --mount-root "$ROOT" -q
# use SEED HOLD READ: a launch, whose program takes hold of something in its archive by
# the first piece of Python, lets go of what it has inherited, and reads by the second.
use() {
  XAR_MOUNT_SEED=$1 xarexec "$WORK/data.xar" "$2" "$3" "$WORK/ready.$1" <"$WORK/go" >"$WORK/late.$1" &
}
mkfifo "$WORK/go"
use cwd "os.chdir(at + '/folder')" "print(open('../file').read(), end='')"
use file "f = open(at + '/file')" "print(f.read(), end='')"
use listing "l = os.open(at, os.O_RDONLY | os.O_DIRECTORY)" "print(open(os.open('file', os.O_RDONLY, dir_fd=l)).read(), end='')"
use mapping "
with open(at + '/file') as f: m = mmap.mmap(f.fileno(), 0, prot=mmap.PROT_READ)" "print(m[:].decode(), end='')"
use program "p = subprocess.Popen([at + '/cat'], stdin=subprocess.PIPE, close_fds=True)" "p.communicate(b'content\n')"
# The same with a server that does not run meanwhile, as in a suspended machine.
use stopped "f = open(at + '/file')" "print(f.read(), end='')"
exec 8>"$WORK/go"
seeds="cwd file listing mapping program stopped"
for seed in $seeds; do
  wait_until test -e "$WORK/ready.$seed" || fail "no use by $seed"
done
server=$(xarexec --list | awk '/-seed-stopped/ { print $1 }')
pause "$server"
sleep 4
kill -CONT "$server"
sleep 1.5
same "mounts in use" 6 "$(count_mounts "$ROOT")"
exec 8>&-
wait
for seed in $seeds; do
  same "content by $seed" content "$(cat "$WORK/late.$seed")"
done
wait_until is_gone || fail "still mounted long after its last use"

# And the next use just mounts again.
same "again" content "$(xarexec "$WORK/data.xar" "f = open(at + '/file')" "print(f.read(), end='')" "$WORK/ready" </dev/null)"
wait_until is_gone || fail "still mounted long after its last use"
