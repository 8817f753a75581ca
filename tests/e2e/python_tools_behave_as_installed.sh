#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# coverage, pytest, virtualenv, pip, setuptools and wheel as Debian packages them: they run
# others' code, start themselves again and make environments. Packed and installed do the same.
. "$(dirname "$0")/lib.sh"
needs_fuse

python=/usr/bin/python3
cd "$WORK"
gather testing python3-coverage python3-pytest-xdist python3-pytest-cov
gather making python3-virtualenv python3-pip python3-setuptools python3-wheel
pack() { # pack FOLDER NAME ENTRY-POINT
  xarbuild python "$1" -o "$2.xar" -e "$3" --python $python --mount-root "$ROOT" --xar-exec "$XAR_BIN/xarexec_fuse" --fast -q
}
# What may differ: times, and the names of programs and places.
plain() {
  sed -E -e 's/[0-9]+\.[0-9]+ ?s(ec)?/TIME/g;s/[0-9a-f]{6,}/HASH/g' \
    -e "s,$ROOT/[^ /]*/[^ /]*,PLACE,g;s,/usr/lib/python3/dist-packages,PLACE,g;s,$WORK/(installed|packed),HERE,g"
}
# both NAME SCRIPT: in a folder of each kind, where `tool` is the one or the other.
both() {
  name=$1
  for kind in installed packed; do
    rm -rf "$kind"
    mkdir -p $kind/bin
    if [ $kind = packed ]; then
      ln -s "$WORK/$name.xar" $kind/bin/tool
    else
      printf '#!/bin/sh\nexec %s -m %s "$@"\n' $python "$name" >$kind/bin/tool
      chmod +x $kind/bin/tool
    fi
    (cd $kind && PATH=$PWD/bin:$PATH && timeout 250 sh -eu -c "$2") >$kind.out 2>&1 || fail "$name, $kind: $(cat $kind.out)"
    plain <$kind.out >$kind.plain
  done
  [ -s installed.plain ] || fail "$name says nothing"
  cmp -s installed.plain packed.plain || fail "$name: $(diff installed.plain packed.plain)"
}

cat >code.py <<'PY'
import multiprocessing, os, sys

def covered(x):
    return x * 2

def uncovered():
    return 1

if __name__ == "__main__":
    import helper
    with multiprocessing.get_context("fork").Pool(1) as pool:
        print(helper.NAME, pool.map(covered, [1, 2]), sys.argv, os.path.basename(sys.path[0]) == os.path.basename(os.getcwd()))
        pool.close()
        pool.join()  # the worker writes what it has covered when it ends by itself
PY
echo 'NAME = "helper"' >helper.py
cat >test_it.py <<'PY'
import code_of, pytest, sys

@pytest.mark.parametrize("x", range(6))
def test_doubles(x, tmp_path):
    assert code_of.covered(x) == 2 * x

def test_fails():
    assert code_of.covered(1) == 3, "on purpose"

def test_child(pytester):
    pytester.makepyfile("def test_inner(): assert 'pytest' in __import__('sys').modules")
    pytester.runpytest_subprocess().assert_outcomes(passed=1)
PY
echo 'pytest_plugins = "pytester"' >conftest.py

pack testing coverage coverage.__main__:main
both coverage '
  cp ../code.py ../helper.py .
  printf "[run]\nbranch = 1\ninclude = ./*\n" >.coveragerc
  tool run code.py a b
  tool report
  printf "concurrency = multiprocessing\nparallel = 1\n" >>.coveragerc
  tool run -m code x
  tool combine -q
  tool report -m
  printf "[run]\n" >.coveragerc
  tool run code.py
  tool annotate --include="./*" && cat code.py,cover'
pack testing pytest pytest:console_main
both pytest '
  cp ../test_it.py ../conftest.py . && cp ../code.py code_of.py
  tool -q -p no:cacheprovider --no-header || echo status $?
  tool -q -n 2 -p no:cacheprovider --no-header | grep -v -e "gw[0-9]" -e "^[.F]* *\[" | sort || echo status $?
  tool -q --cov=code_of --cov-report=term-missing -k doubles -p no:cacheprovider | grep -v "^platform"
  tool -q -n 2 --cov=code_of --cov-report=term -k doubles -p no:cacheprovider | grep -e "^code_of" -e passed'

pack making virtualenv virtualenv.__main__:run_with_catch
both virtualenv '
  tool --quiet --without-pip --no-setuptools --no-wheel made 2>/dev/null || tool --quiet --no-pip --no-setuptools --no-wheel made
  made/bin/python -c "import sys; print(sys.prefix, sys.base_prefix, [p for p in sys.path if sys.base_prefix not in p])"
  grep -e "^home" -e "^base-prefix" made/pyvenv.cfg'
xarexec -u virtualenv.xar
same "an environment after the mount" "$WORK/packed/made" "$(packed/made/bin/python -c 'import sys; print(sys.prefix)')"

mkdir -p project/thing
echo 'def main(): print("a thing")' >project/thing/__init__.py
cat >project/setup.py <<'PY'
from setuptools import setup
setup(name="thing", version="1.2", packages=["thing"], entry_points={"console_scripts": ["thing = thing:main"]})
PY
# It warns root outside environments.
export PIP_ROOT_USER_ACTION=ignore
pack making pip pip._internal.cli.main:main
both pip "
  cp -r ../project .
  $python -m venv --without-pip venv
  tool wheel -q --no-index --no-build-isolation --no-deps --wheel-dir . ./project
  $python -c 'import sys, zipfile; print(*zipfile.ZipFile(sys.argv[1]).namelist(), sep=\"\n\")' thing-1.2-*.whl
  tool --python venv/bin/python3 install -q --no-index thing-1.2-*.whl
  venv/bin/thing
  tool --python venv/bin/python3 list --format=freeze
  tool install -q --no-index --target there thing-1.2-*.whl
  ls there there/thing
  PYTHONPATH=there $python -c 'import thing; thing.main()'"
