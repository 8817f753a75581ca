#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The interpreter may be a script or a program that starts another, descriptors may be taken,
# and /proc may be missing: the application and its children are set up all the same.
. "$(dirname "$0")/lib.sh"
needs_fuse

python=${PYTHON:-/usr/bin/python3}
real=$(readlink -f "$python")
mkdir "$WORK/src" "$WORK/bin"
cat >"$WORK/src/way.py" <<'PY'
import json, os, subprocess, sys

def state():
    return [os.path.basename(sys.prefix), os.path.basename(sys.executable), sys.prefix != sys.base_prefix,
            any("dist-packages" in path or path.endswith("site-packages") for path in sys.path),
            "__xar_site__" in sys.modules, os.path.basename(sys._base_executable)]

def main():
    inherited = [n for n in "3456789" if os.path.realpath("/proc/self/fd/" + n) == "/dev/null"]
    code = "import way; print(*way.state())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    print(*state())
    print(done.stdout.strip() + done.stderr)
    print(len(inherited), sys.argv[1:])

def bare():
    print(sys.executable.rpartition("/")[2], sys.argv[1:], "__xar_site__" in sys.modules)
PY
cd "$WORK"
pack() { xarbuild python src --mount-root "$ROOT" --xar-exec "$XAR_BIN/xarexec_fuse" --zstd-level 1 -q "$@"; }
same_starts() { # same_starts WHAT DESCRIPTORS COMMAND...
  what=$1 descriptors=$2
  shift 2
  same "$what" "__xar_python__ python3 True False True ${real##*/}
__xar_python__ python3 True False True ${real##*/}
$descriptors ['a b']" "$("$@" 'a b' 2>&1 </dev/zero)"
}
pack -e way:main -o plain.xar --python "$python"
same_starts "a plain start" 0 ./plain.xar
same_starts "some descriptors are taken" 3 ./plain.xar 9</dev/null 8</dev/null 7</dev/null
same_starts "all descriptors are taken" 7 ./plain.xar 9</dev/null 8</dev/null 7</dev/null 6</dev/null 5</dev/null 4</dev/null 3</dev/null

# As pyenv's, or one that sets variables.
name=python$($python -c 'import sys; print("%d.%d" % sys.version_info[:2])')
printf '#!/bin/sh\nexec %s "$@"\n' "$real" >"bin/$name"
chmod +x "bin/$name"
pack -e way:main -o script.xar --python "$python" --python-shebang "$name"
PATH=$WORK/bin:$PATH same_starts "a script that starts it" 0 ./script.xar
printf '#!/bin/sh\nexec "$(dirname "$0")/real/%s" "$@"\n' "$name" >"bin/$name"
mkdir bin/real
ln -s "$real" "bin/real/$name"
PATH=$WORK/bin:$PATH same_starts "a script that looks beside itself" 0 ./script.xar
if command -v cc >/dev/null; then
  printf '#include <unistd.h>\nint main(int c, char** v) { (void)c; v[0] = "%s"; return execv(v[0], v); }\n' "$real" | cc -x c - -o "bin/$name"
  PATH=$WORK/bin:$PATH same_starts "a program that starts it" 0 ./script.xar
else
  skip_part "no cc"
fi
rm "bin/$name"
ln -s "$real" "bin/$name"
PATH=$WORK/bin:$PATH same_starts "a link" 0 ./script.xar
at=$(xarexec -m script.xar)
code=0
PATH=/nonexistent /bin/sh -e "$at/__xar_bootstrap__.sh" x 2>message || code=$?
same "status where PATH does not have it" 127 $code

pack -e way:main -o options.xar --python "$python" --python-shebang "$real -X dev -S"
same_starts "without the site module" 0 ./options.xar

# By a path that is no real one, as who mounts an archive may have.
at=$(xarexec -m plain.xar)
ln -s "$at" link
same_starts "through a link" 0 /bin/sh -e link/__xar_bootstrap__.sh plain.xar

# Only as root can a name space be had that has no /proc.
pack -e way:bare -o bare.xar --python "$python"
if [ "$(id -u)" = 0 ]; then
  at=$(xarexec -m bare.xar)
  same "without /proc" "python3 ['x'] True" "$(with_own_mounts sh -c "umount -l /proc && exec /bin/sh -e $at/__xar_bootstrap__.sh bare.xar x" 2>&1)"
fi
