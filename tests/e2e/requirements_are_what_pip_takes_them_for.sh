#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Requirements in all forms that pip knows, with the only script of what was asked for, and
# wheels that do not fit each other.
. "$(dirname "$0")/lib.sh"
needs_fuse

python=/usr/bin/python3
$python -c 'import setuptools, pip, wheel' 2>/dev/null || skip "no python3-pip, -setuptools or -wheel"
cd "$WORK"
wheel() { $python "$HERE/make_wheel.py" "$@"; }
pack() {
  xarbuild python --python $python --mount-root "$ROOT" --xar-exec "$XAR_BIN/xarexec_fuse" --zstd-level 1 --no-cache --force -q \
    -o app.xar "$@" 2>message
}
# runs OUTPUT INPUT... [-- OPTION...]: packed without -c.
runs() {
  expected=$1
  shift
  pack "$@" || fail "$*: $(cat message)"
  same "<$*>" "$expected" "$(./app.xar)"
}
mkdir wheels project project/settings
wheel script=dep=dep:main wheels/dep-1.0-py3-none-any.whl dep.py 'VALUE = 5
def main(): print("dep")'
cat >project/setup.py <<'PY'
from setuptools import setup
setup(name="app", version="1", py_modules=["app"], extras_require={"x": ["dep"]}, entry_points={"console_scripts": ["app = app:main"]})
PY
cat >project/app.py <<'PY'
def main():
    try:
        import dep
        print("app", dep.VALUE)
    except ImportError:
        print("app alone")
PY
set -- --no-index --no-build-isolation --find-links wheels

# Local things with extras, and addresses.
runs "app alone" project -- "$@"
$python -m pip wheel -q --no-deps "$@" -w . ./project 2>pip.log || fail "$(cat pip.log)"
for input in 'project[x]' './project[x]' "$WORK/project[x]" 'app-1-py3-none-any.whl[x]' 'app[x]' "app[x] @ file://$WORK/project"; do
  runs "app 5" "$input" -- "$@" --find-links .
done
runs "app alone" "file://$WORK/app-1-py3-none-any.whl" -- "$@"
if [ -x "$(command -v git)" ]; then
  (cd project && git init -q && git add app.py setup.py && git -c user.name=a -c user.email=a@b commit -q -m x)
  runs "app alone" "git+file://$WORK/project" -- "$@"
else
  skip_part "no git"
fi
refused 125 "cannot pack: missing/app[x]: there is no such file or directory" \
  xarbuild python --python $python 'missing/app[x]' -o x.xar

# Files: those that others name, paths, addresses, continued lines.
mkdir files
echo '-r files/second.txt' >first.txt
printf -- '--find-links wheels # where they are\napp[x] \\\n  >= 1\n' >files/second.txt
sed -i 's,files/,,' first.txt && mv first.txt files
printf './app-1-py3-none-any.whl # here\n' >path.txt
printf 'file://%s/project\n' "$WORK" >address.txt
runs "app 5" -r files/first.txt -- "$@" --find-links .
runs "app 5" -r "file://$WORK/files/second.txt" -- "$@" --find-links .
runs "app alone" -r path.txt -- "$@"
runs "app alone" -r address.txt -- "$@"
refused 125 "cannot read: missing.txt" xarbuild python --python $python -r missing.txt -o x.xar

# With digests: also of what is given beside the file, but of nothing else.
printf 'dep==1.0 --hash=sha256:%s\n' "$(sha256sum wheels/dep-*.whl | cut -d' ' -f1)" >hashed.txt
runs "app 5" project -r hashed.txt -c app -- "$@"
wheel script=user=user:main 'requires=dep>=1' user-1.0-py3-none-any.whl user.py 'def main(): import dep; print("user", dep.VALUE)'
runs "user 5" user-1.0-py3-none-any.whl -r hashed.txt -c user -- "$@"
sed -i 's/256:./256:0/' hashed.txt
! pack project -r hashed.txt -c app -- "$@" || fail "a wrong digest is taken"
grep -q -i "hash" message || fail "$(cat message)"

# Wheels that do not fit each other, or this Python: pip says so.
wheel 'requires=other>=2' one-1.0-py3-none-any.whl one.py ''
wheel other-1.0-py3-none-any.whl other.py ''
wheel other-2.1-py3-none-any.whl other.py ''
wheel 'more=Requires-Python: >=3.99' late-1.0-py3-none-any.whl late.py ''
! pack one-1.0-py3-none-any.whl other-1.0-py3-none-any.whl -e one -- --no-index || fail "too old a wheel is taken"
grep -q "conflicting dependencies" message || fail "$(cat message)"
! pack other-1.0-py3-none-any.whl other-2.1-py3-none-any.whl -e other -- --no-index || fail "two versions are taken"
! pack late-1.0-py3-none-any.whl -e late -- --no-index || fail "a wheel for another Python is taken"
pack one-1.0-py3-none-any.whl other-2.1-py3-none-any.whl -e one -- --no-index || fail "$(cat message)"

# A pyproject.toml may be about tools only.
printf '[tool.black]\nline-length = 90\n' >project/settings/pyproject.toml
echo 'def main(): print("modules")' >project/settings/plain.py
runs modules project/settings -e plain:main
