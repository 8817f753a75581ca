#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What a wheel has, and where it goes, beside the same wheel in a virtual environment: of
# the form of wheels no more is asked for than pip asks for.
. "$(dirname "$0")/lib.sh"

python=/usr/bin/python3
$python -c 'import pip, venv' 2>/dev/null || skip "no python3-pip or python3-venv"
version=$($python -c 'import sys; print("%d.%d" % sys.version_info[:2])')
cd "$WORK"
wheel() { $python "$HERE/make_wheel.py" "$@"; }
pack() { xarbuild python --python $python --zstd-level 1 --no-cache -q "$@"; }

# Files with their content, below a folder: of the packages, and of the prefix.
files() {
  (cd "$1" && find . -type f ! -name '*.pyc' ! -path '*.dist-info/RECORD' ! -path '*.dist-info/INSTALLER' \
    ! -path '*.dist-info/REQUESTED' ! -path '*.dist-info/direct_url.json' ! -name '__xar_*' ! -name '__run_xar_*' \
    ! -path './__xar_python__/*' ! -path './bin/*' ! -path './lib/*' ! -name pyvenv.cfg ! -name as_python.py ! -path ./.gitignore \
    -exec md5sum {} +) | sort
}
# compare WHEEL [OPTION...]: the archive has what the environment has.
compare() {
  rm -rf venv packed
  $python -m venv --without-pip venv
  $python -m pip --python venv/bin/python install -q --no-index "$1" 2>pip.log || fail "pip: $(cat pip.log)"
  pack "$@" -o packed.xar -e "thing:main" --force 2>message || fail "$1: $(cat message)"
  same "what is said of $1" "$(cat expected 2>/dev/null)" "$(cat message)"
  xarexec --extract packed.xar packed
  files venv/lib/python*/site-packages >installed.list
  files packed >packed.list
  cmp -s installed.list packed.list || fail "$1: packages: $(diff installed.list packed.list)"
  files venv >installed.list
  files packed/__xar_python__ >packed.list
  cmp -s installed.list packed.list || fail "$1: prefix: $(diff installed.list packed.list)"
}

code='def main(): pass'
it=thing-1.0-py3-none-any.whl
wheel $it thing/__init__.py "$code" thing/_vendor/six.py 'X = 1' thing/_vendor/six-1.0.dist-info/WHEEL 'Wheel-Version: 1.0' \
  thing/_vendor/six-1.0.dist-info/METADATA 'Name: six' thing/_vendor/six-1.0.dist-info/entry_points.txt '[console_scripts]
six = six:main'
compare $it
wheel $it thing.py "$code" thing.data/data/share/thing/text x thing.data/headers/thing.h h other.data/purelib/pure.py 1 \
  thing-1.0.data/platlib/plat.py 2 "thing-1.0.data/data/lib/python$version/site-packages/deep/site.py" 3 "thing-1.0.data/data/conf.ini" c
compare $it
wheel prefix=./ $it thing.py "$code" inner//thing.py 1 inner/./other.py 2
compare $it
wheel unrecorded=extra.txt $it thing.py "$code" extra.txt x
compare $it
wheel $it thing.py 'first = 1' thing.py "$code"
compare $it
wheel $it thing.py "$code" thing-1.0.data/purelib/thing.py "$code # of the data"
compare $it
wheel info=Thing-1.0.dist-info $it thing.py "$code"
compare $it
wheel $it thing.py "$code" text before
$python - $it <<'PY'
import sys, warnings, zipfile
warnings.simplefilter("ignore")
with zipfile.ZipFile(sys.argv[1], "a") as archive:
    archive.writestr("text", "after")
PY
echo "xarbuild: the wheel was changed: $it: text is not what its RECORD says" >expected
compare $it
rm expected

# importlib.metadata knows of the files, also of those that RECORD has not.
wheel unrecorded=extra.txt $it thing.py "$code" extra.txt x thing.data/data/share/thing/text x
pack $it -o packed.xar -e thing --force
xarexec --cat packed.xar thing-1.0.dist-info/RECORD >record
for name in extra.txt thing.py __xar_python__/share/thing/text; do
  grep -q "^$name," record || fail "RECORD has no $name: $(cat record)"
done

# What pip refuses is refused.
for broken in a-1.dist-info/METADATA thing-1.0.data/text thing-1.0.data/nothing/text; do
  wheel $it thing.py "$code" $broken x
  $python -m pip install -q --no-index --target target $it 2>/dev/null && fail "pip takes $broken"
  refused 125 "cannot install the wheel: $it" xarbuild python --python $python $it -o x.xar -e thing
done
wheel info=other-1.0.dist-info $it thing.py "$code"
refused 125 "its other-1.0.dist-info is of another distribution" xarbuild python --python $python $it -o x.xar -e thing
