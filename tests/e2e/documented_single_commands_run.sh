# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh
# Each command in a table or a manual page runs as it is shown, where what it names is there.
# One that does not fails here, unless commands_not_run says why.
. "$(dirname "$0")/lib.sh"
needs_fuse
/usr/bin/python3 -c 'import setuptools, pip, venv, wheel' 2>/dev/null ||
  skip "no python3-pip, -setuptools, -wheel or -venv"
[ -e "$(/usr/bin/python3 -c 'import sysconfig; print(sysconfig.get_path("include"))')/Python.h" ] || skip "no python3-dev"

root=$(cd "$HERE/../.." && pwd)
export XAR_MOUNT_SEED="e2e-$$"
mkdir "$WORK/bin" "$WORK/index"
ln -s /usr/bin/python3 "$WORK/bin/python3"
PATH="$WORK/bin:$PATH"
# What pip would ask the index for is in a directory, and projects are built with what is there.
export PIP_NO_INDEX=1 PIP_FIND_LINKS="$WORK/index" PIP_NO_BUILD_ISOLATION=0

wheel() { python3 "$HERE/make_wheel.py" "$@"; }
wheel script=black=black:main "$WORK/index/black-23.1-py3-none-any.whl" black.py 'def main(): print("black")'
cp -r "$root/examples/tally" "$WORK/tally"
for project in "$WORK/tally/dependency" "$WORK/tally"; do
  python3 -m pip wheel -q --no-deps -w "$WORK/index" "$project" >"$WORK/log" 2>&1 || fail "$(cat "$WORK/log")"
done
program() {
  printf '#!/bin/sh\necho "$@"\n' >"$1"
  chmod +x "$1"
}

# prepare DOCUMENT: what its reader has.
prepare() {
  echo 'def main(): print("tool")' >tool.py
  case $1 in
    docs/howto-python.md)
      mkdir dist src
      cat >setup.py <<'PY'
from setuptools import setup
setup(name="app", version="1.0", py_modules=["app"], extras_require={"server": []},
      entry_points={"console_scripts": ["app = app:main"]})
PY
      echo 'def main(): print("app")' >app.py
      cp app.py src/app.py
      cp app.py my-tool.py
      echo black >requirements.txt
      wheel script=app=app:main dist/app-1.0-py3-none-any.whl app.py 'def main(): print("app")'
      python3 -m venv --without-pip venv
      python3 -m pip install -q --no-warn-script-location --root-user-action ignore --target "$(echo venv/lib/python*/site-packages)" dist/app-1.0-py3-none-any.whl
      python3 -m zipapp src -m app:main -o app.pex
      ;;
    docs/from-pex*)
      cp -r "$root/examples/tally/." .
      cp -r "$WORK/index" wheels
      cp wheels/tally-* wheels/columns-* .
      echo tally >requirements.txt
      mkdir dir
      cp tool.py src/
      cp tool.py dir/
      python3 -m zipapp dir -m tool:main -o tool.pyz
      cp tool.pyz tally.pex
      ;;
    *)
      mkdir -p app src data root/usr/bin
      program app/run.sh
      program root/usr/bin/git
      cp tool.py src/
      echo 'print("script")' >script.py
      echo 'print("main")' >__main__.py
      echo 1,2 >data/table.csv
      echo black >requirements.txt
      cp -r "$WORK/index" wheels
      xarbuild dir app -o app.xar --exec run.sh -q
      xarbuild dir data -o data.xar -q
      cp data.xar old.xar
      cp data.xar new.xar
      ;;
  esac
}

python3 "$HERE/documents.py" list >"$WORK/documents"
while read -r document; do
  mkdir "$WORK/page"
  (cd "$WORK/page" && prepare "$document") || fail "cannot prepare $document"
  (cd "$WORK/page" && python3 "$HERE/documents.py" single "$document" "$HERE/commands_not_run") || fail "see above"
  rm -rf "$WORK/page"
done <"$WORK/documents"
