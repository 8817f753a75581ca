#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Scripts that are no functions of modules: files with any name, and what wheels and
# environments bring in Python, for sh, and as programs.
. "$(dirname "$0")/lib.sh"
needs_fuse

python=/usr/bin/python3
$python -c 'import pip, venv' 2>/dev/null || skip "no python3-pip or python3-venv"
cd "$WORK"
wheel() { $python "$HERE/make_wheel.py" "$@"; }
pack() {
  xarbuild python --python $python --mount-root "$ROOT" --xar-exec "$XAR_BIN/xarexec_fuse" --zstd-level 1 --no-cache --force -q "$@"
}

# Files with any name.
for name in my-tool.py 01_run.py a.b.py 'two words.py' class.py tool.py without-suffix colon:name.py; do
  cat >"$name" <<'PY'
#!/usr/bin/env python3
import multiprocessing, os, sys
def square(x):
    return x * x
if __name__ == "__main__":
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        print(pool.map(square, [3]), sys.argv[1:], os.path.basename(sys.argv[0]), os.path.basename(__file__), __package__)
PY
  pack "$name" -o app.xar
  package=None
  [ "$name" != tool.py ] || package=
  same "$name" "[9] ['x y'] app.xar $name $package" "$(./app.xar 'x y')"
done
# What wheels bring. The only script is run without -c, and a declared one before files.
wheel sole-1.0-py3-none-any.whl lib.py 'NAME = "lib"' sole.data/scripts/legacy '#!python
import lib, sys; print(lib.NAME, sys.argv[1:])'
pack sole-1.0-py3-none-any.whl -o app.xar
same "a legacy script" "lib ['a']" "$(./app.xar a)"
wheel script=made=lib:main many-1.0-py3-none-any.whl lib.py 'def main(): print("declared")' \
  many.data/scripts/legacy '#!python
import lib; print("legacy")' many.data/scripts/shell '#!/bin/sh
echo "shell $1 $("${0%/*}/legacy")"' many.data/scripts/system '#!/usr/bin/env python3
import lib; print("system")' many.data/scripts/latin '#!python
# -*- coding: latin-1 -*-
print(len("\"'"$(printf '\303\244')"'\""))' many.data/scripts/made '#!/bin/sh
echo "not the declared one"'
pack many-1.0-py3-none-any.whl -o app.xar --all-scripts
same "the only declared script" declared "$(./app.xar)"
for pair in "legacy legacy" "shell shell x legacy" "system system" "made declared" "latin 4"; do
  same "XAR_SCRIPT=${pair%% *}" "${pair#* }" "$(XAR_SCRIPT=${pair%% *} ./app.xar x)"
done
pack many-1.0-py3-none-any.whl -o app.xar -c shell
same "-c shell" "shell a b legacy" "$(./app.xar 'a b')"

# A program: argv, exit status and signals are its own.
$python - <<'PY'
import zipfile
with zipfile.ZipFile("program-1.0-py3-none-any.whl", "w") as archive:
    for name, content in (("program-1.0.dist-info/METADATA", b"Metadata-Version: 2.1\nName: program\nVersion: 1.0\n"),
                          ("program-1.0.dist-info/WHEEL", b"Wheel-Version: 1.0\nTag: py3-none-any\n"),
                          ("program-1.0.dist-info/RECORD", b""),
                          ("program-1.0.data/scripts/program", open("/bin/sh", "rb").read())):
        archive.writestr(name, content)
PY
pack program-1.0-py3-none-any.whl -o app.xar
code=0
printed=$(./app.xar -c 'echo "$1"; exit 7' name 'a  b') || code=$?
same "a program" "a  b 7" "$printed $code"
grep -q '^xar-entry-point = exec __xar_python__/bin/program$' "$(xarexec -m app.xar)/__xar_python__/pyvenv.cfg" || fail "no entry point"

# Distributions with dots in their names, and scripts that two have.
wheel script=dotted=zz:main zz.interface-1.0-py3-none-any.whl zz.py 'def main(): print("dotted")'
wheel script=dashed=yy:main yy-1.0-py3-none-any.whl yy.py ''
pack zz.interface-1.0-py3-none-any.whl -o app.xar
same "a dotted name" dotted "$(./app.xar)"
$python -m venv --without-pip venv
$python -m pip --python venv/bin/python install -q --no-index ./*-1.0-py3-none-any.whl 2>pip.log || fail "$(cat pip.log)"

# Environments, also moved ones, and ones with scripts in the form for long paths.
printf '#!/bin/sh\n'"'''exec' \"%s\" \"\$0\" \"\$@\"\n' '''\nimport lib; print('long')\n" "$WORK/venv/bin/python3" >venv/bin/long
printf '#!/bin/sh\necho by hand\n' >venv/bin/by-hand
chmod 755 venv/bin/long venv/bin/by-hand
mkdir elsewhere
mv venv elsewhere/moved
pack elsewhere/moved -o app.xar --all-scripts -c dotted
for pair in "dotted dotted" "legacy legacy" "long long" "by-hand by hand" "shell shell x legacy"; do
  same "${pair%% *} of an environment" "${pair#* }" "$(XAR_SCRIPT=${pair%% *} ./app.xar x)"
done
# As programs that others start.
at=$(xarexec -m app.xar)
same "by its path" long "$("$at/__xar_python__/bin/long")"
