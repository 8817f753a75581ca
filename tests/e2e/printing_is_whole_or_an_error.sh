#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What commands print is written in few pieces, and where it cannot be written they fail.
. "$(dirname "$0")/lib.sh"

mkdir "$WORK/data"
cd "$WORK"
i=0
while [ "$i" -lt 1000 ]; do
  : >"data/a-file-with-a-name-$i"
  i=$((i + 1))
done
xarbuild dir data -o data.xar --mount-root "$ROOT" -q
mkdir "$ROOT/uid-$(id -u)"
# Something to clean, each time.
leave_lock() {
  install -m 600 /dev/null "$ROOT/uid-$(id -u)/lockfile.0-seed-0"
  touch -d "2 days ago" "$ROOT/uid-$(id -u)"/lockfile.*
}
for command in "xarexec --ls data.xar" "xarexec --ls -l data.xar" "xarexec --ls data.xar a-file-with-a-name-0" \
  "xarexec --info data.xar" "xarexec --verify data.xar" "xarexec --print-mountpoint data.xar" "xarexec --list" \
  "xarexec --clean --root $ROOT" "xarexec --help" "xarexec --ls --help" "xarexec --version" "xarbuild --help" \
  "xarbuild --version" "xarbuild dir data -o new.xar" "xarbuild dir data -o new.xar --json"; do
  leave_lock
  refused 125 "cannot write to: standard output" sh -c "exec $command >/dev/full"
  leave_lock
  sh -c "$command" >out || fail "<$command> fails"
  [ -s out ] || fail "<$command> prints nothing"
done
# Where nothing is to be printed, nothing is missing.
xarexec --diff data.xar data.xar >/dev/full || fail "fails without a word to print"
xarbuild dir data -o new.xar -q >&- || fail "fails without a standard output"

# A socket keeps the pieces apart.
xarexec --ls data.xar >names
python3 -c '
import socket, subprocess, sys, threading
here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
pieces = []
def receive():
    while piece := here.recv(1 << 20): pieces.append(piece)
thread = threading.Thread(target=receive)
thread.start()
subprocess.run(["xarexec", "--ls", "data.xar"], stdout=there, check=True)
there.close()
thread.join()
if b"".join(pieces) != open("names", "rb").read(): sys.exit("the names differ")
if len(pieces) > 20: sys.exit(f"{len(pieces)} pieces for 1000 names")' || fail "names one by one"

# An error stands where it happened, behind what was printed before it.
mkdir folder
xarbuild dir folder -o empty.xar -q
printf 'x' | dd of=data.xar bs=1 seek=5000 conv=notrunc status=none
xarexec --ls -R data.xar >both 2>&1 || true
case $(head -n 1 both) in
  xarexec:*) [ "$(wc -l <both)" -eq 1 ] || fail "an error before what was printed: $(head -n 3 both)" ;;
esac
