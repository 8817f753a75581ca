#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Programs that wait for all of their children, and what waits for the last process of a
# sandbox, wait for no server: here each would stay for ten minutes.
. "$(dirname "$0")/lib.sh"
needs_fuse
needs_root

mkdir "$WORK/waits" "$WORK/app"
cat >"$WORK/waits/run.py" <<'END'
#!/usr/bin/python3
import os, sys
if os.fork() == 0: os._exit(0)
try:
    while True: os.waitpid(-1, 0)
except ChildProcessError:
    print("all have ended")
END
chmod +x "$WORK/waits/run.py"
printf 'echo "ran $2"\n' >"$WORK/app/run.sh"
echo content >"$WORK/app/file"
xarbuild dir "$WORK/waits" -o "$WORK/waits.xar" --exec run.py --mount-root "$ROOT" -q
for name in app other; do
  xarbuild dir "$WORK/app" -o "$WORK/$name.xar" --exec run.sh --mount-root "$ROOT" -q
  echo "$name" >"$WORK/app/name"
done
export XAR_MOUNT_TIMEOUT=600
backends="fuse extract"
! unshare -U true 2>/dev/null || backends="$backends userns"

# As a container's first process, and as one that takes in orphans.
in_container() {
  # shellcheck disable=SC2016
  with_own_mounts timeout -s KILL 60 unshare -p -f --kill-child sh -c 'mount -t proc none /proc && exec "$@"' sh "$@"
}
adopting() {
  timeout -s KILL 60 python3 -c 'import ctypes, os, sys
ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)
os.execvp(sys.argv[1], sys.argv[1:])' "$@"
}
for backend in $backends; do
  for start in in_container adopting; do
    same "$start, by $backend" "all have ended" \
      "$(XAR_MOUNT_SEED="$start-$backend" $start xarexec --backend "$backend" "$WORK/waits.xar")"
  done
done

# The first process of a sandbox, or one that takes in orphans, which waits until the last
# process has ended.
cat >"$WORK/init.py" <<'END'
import os, subprocess, sys
subprocess.run(sys.argv[1:], check=True)
try:
    while True: os.wait()
except ChildProcessError:
    print("all have ended")
END
for start in in_container adopting; do
  same "$start, above the archive" "ran it
all have ended" "$($start python3 -u "$WORK/init.py" xarexec "$WORK/app.xar" it)"
done

# A tracer of all children ends with the program. Where it decides on system calls by a
# filter, which all children inherit, the server has to be traced: that works, and takes long.
if command -v strace >/dev/null; then
  trace() { timeout -s KILL 60 strace -f -e trace=openat,read,mount -o "$WORK/trace" "$@"; }
  same "traced" "ran it" "$(trace env XAR_MOUNT_SEED=traced xarexec "$WORK/app.xar" it)"
  same "traced by a filter" "ran it" "$(trace --seccomp-bpf \
    env XAR_MOUNT_SEED=filtered XAR_MOUNT_TIMEOUT=1 xarexec "$WORK/app.xar" it)"
  xarexec --unmount "$WORK/app.xar"
else
  skip_part "no strace"
fi

# A mount namespace ends with the last program in it.
is_unserved() { [ -z "$(server_of "$WORK/app.xar")" ]; }
wait_until is_unserved || fail "a server stays from before"
with_own_mounts xarexec "$WORK/app.xar" it >/dev/null
wait_until is_unserved || fail "the server stays in its mount namespace"

# Who has asked for the path of a mount finds it there, though all others have ended.
cat >"$WORK/given.py" <<'END'
import glob, os, subprocess, sys, time
app, other = sys.argv[1:]

def target(link):
    try: return os.readlink(link)
    except OSError: return ""

at = subprocess.run(["xarexec", "-m", app], check=True, capture_output=True, text=True).stdout.strip()
subprocess.run(["xarexec", other, "it"], check=True, stdout=subprocess.DEVNULL)
while any(target(link) == other for link in glob.glob("/proc/[0-9]*/fd/*")): time.sleep(0.1)
print(open(at + "/file").read(), end="")
END
same "a path that was given" content "$(in_container python3 "$WORK/given.py" "$WORK/app.xar" "$WORK/other.xar")"
