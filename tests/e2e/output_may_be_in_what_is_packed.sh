#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# An archive may be written into the directory that it is made of. It is not in itself, and
# building it again gives the same bytes.
. "$(dirname "$0")/lib.sh"
export PYTHONDONTWRITEBYTECODE=1

# twice FILE COMMAND...: makes the same FILE again, beside leftovers of a build that was killed.
twice() {
  made=$1
  shift
  "$@" || fail "<$*>"
  cp "$made" "$WORK/first"
  cp "$made" "$(dirname "$made")/.$(basename "$made").xar-1-0"
  "$@" || fail "<$*>, a second time"
  cmp "$WORK/first" "$made" || fail "<$*> makes another file the second time"
  rm "$(dirname "$made")/.$(basename "$made").xar-1-0"
}
names() { xarexec --ls -R "$1" | sort | xargs; }

mkdir -p "$WORK/src/sub/deep" "$WORK/elsewhere"
cd "$WORK/src"
echo 'echo hi' >run.sh
chmod +x run.sh
echo other >sub/app.xar
touch -d '2020-02-02 02:02:02' run.sh sub/app.xar
twice app.xar xarbuild dir . -o app.xar --exec run.sh -q --no-cache
same "content" "run.sh sub sub/app.xar sub/deep" "$(names app.xar)"
grep -a -q "^VERSION=\"$(date -d '2020-02-02 02:02:02' +%s)\"\$" app.xar && fail "the time of sub/deep counts"

# Wherever it is in it, and by whatever path.
twice sub/deep/a.xar xarbuild dir . -o sub/deep/a.xar -q --no-cache --exclude /app.xar
same "content" "run.sh sub sub/app.xar sub/deep" "$(names sub/deep/a.xar)"
rm sub/deep/a.xar
ln -s src/sub ../way
twice sub/b.xar xarbuild dir "$WORK/src" -o ../way/b.xar -q --no-cache --exclude /app.xar
same "content" "run.sh sub sub/app.xar sub/deep" "$(names sub/b.xar)"
rm sub/b.xar
twice app.xar xarbuild dir ../src/sub/.. -o "$WORK/way/../app.xar" -q --no-cache --force

# What keeps blocks for later builds is none of the files either.
twice app.xar xarbuild dir . -o app.xar -q --cache-dir cache/
same "content" "run.sh sub sub/app.xar sub/deep" "$(names app.xar)"
[ -d cache ] || fail "there is no cache"
rm -r cache

# A file of the same name elsewhere in it goes in, and so does an older archive that is not written now.
xarbuild dir . -o new.xar -q
same "content" "app.xar run.sh sub sub/app.xar sub/deep" "$(names new.xar)"

# Directories of modules, with the build's own files in them.
mkdir -p "$WORK/modules/temporary"
cd "$WORK/modules"
echo 'print("hello")' >hello.py
export TMPDIR="$WORK/modules/temporary"
twice hello.xar xarbuild python . -o hello.xar -e hello -q
xarexec --ls -R hello.xar | grep -E '^(hello.xar|temporary/)' && fail "what the build writes is in it"
unset TMPDIR
cd "$WORK"

# A virtual environment.
python3 -m venv --without-pip venv
mkdir -p venv/share/data
echo data >venv/share/data/file
site=$(echo venv/lib/python*/site-packages)
echo 'print("hello")' >"$site/hello.py"
for output in venv/hello.xar venv/bin/hello.xar venv/share/data/hello.xar "$site/hello.xar"; do
  twice "$output" xarbuild python venv -o "$output" -e hello -q 2>"$WORK/warnings"
  same "warnings" "" "$(cat "$WORK/warnings")"
  xarexec --ls -R "$output" | grep hello.xar && fail "$output is in itself"
  rm "$output"
done

# A project, which an installer copies as it likes: here with all that is in its package.
/usr/bin/python3 -c 'import setuptools, pip, wheel' 2>/dev/null || skip "no python3-pip, -setuptools or -wheel"
mkdir -p project/src/app
cd project
cat >setup.py <<'PY'
from setuptools import setup
setup(name="app", version="1", packages=["app"], package_dir={"": "src"},
      package_data={"app": ["*"]}, entry_points={"console_scripts": ["app = app:main"]})
PY
echo 'def main(): print("hello")' >src/app/__init__.py
echo data >src/app/data
for output in app.xar src/app/app.xar; do
  twice "$output" xarbuild python . -o "$output" -c app -q --python /usr/bin/python3 -- --no-index --no-build-isolation
  names=$(names "$output")
  case " $names " in *" app/data "*) ;; *) fail "there is no app/data: $names" ;; esac
  case " $names " in *app.xar*) fail "$output is in itself: $names" ;; esac
  xarexec --cat "$output" app-1.dist-info/RECORD | grep app.xar && fail "$output is in the list of installed files"
  rm "$output"
done
exit 0
