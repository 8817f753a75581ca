#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# A process that closes all descriptors and goes to / still has its modules and data when
# nothing else uses the archive: forked or not, the application or one that it starts.
. "$(dirname "$0")/lib.sh"
needs_fuse

python=${PYTHON:-/usr/bin/python3}
mkdir "$WORK/src"
cat >"$WORK/src/daemon.py" <<'PY'
import gc, os, subprocess, sys

def settle(out):
    os.chdir("/")
    os.closerange(0, 1024)
    for _ in range(3):
        os.open(os.devnull, os.O_RDWR)
    # Files that stand where closed descriptors stood stay open.
    kept = [os.open(os.devnull, os.O_RDONLY) for _ in range(30)]
    gc.collect()
    with open(out + ".settled", "w"):
        pass
    with open(out + ".go") as go:
        go.read()
    try:
        import late
        with open(os.path.join(os.path.dirname(late.__file__), "data")) as file:
            text = "%s %s" % (late.VALUE, file.read().strip())
        for descriptor in kept:
            os.fstat(descriptor)
    except Exception as error:
        text = repr(error)
    with open(out + ".new", "w") as file:
        file.write(text)
    os.rename(out + ".new", out)

def main():
    how, out = sys.argv[1:]
    if how == "child":
        subprocess.Popen([sys.executable, "-c", "import daemon; daemon.settle(%r)" % out])
    elif how == "forked" and os.fork() != 0:
        os._exit(0)
    else:
        os.setsid() if how == "forked" else None
        settle(out)
PY
echo 'VALUE = "late module"' >"$WORK/src/late.py"
echo 'and data' >"$WORK/src/data"
cd "$WORK"
xarbuild python src -o daemon.xar -e daemon:main --python "$python" --mount-root "$ROOT" --zstd-level 1 -q

is_unmounted() { [ "$(count_mounts "$ROOT")" = 0 ]; }
for how in forked same child; do
  mkfifo $how.go
  XAR_MOUNT_TIMEOUT=1 xarexec daemon.xar $how "$WORK/$how" &
  wait_until test -e $how.settled || fail "$how: it does not start"
  # The kernel refuses this while the archive is in use.
  xarexec -u daemon.xar 2>message && fail "$how: the mount is gone"
  grep -q 'in use' message || fail "$how: $(cat message)"
  echo go >$how.go
  wait_until test -e $how || fail "$how: it does not end"
  same "$how" "late module and data" "$(cat $how)"
  wait
  # Nothing stays behind.
  xarexec -u daemon.xar || is_unmounted || fail "$how: the mount stays"
done
