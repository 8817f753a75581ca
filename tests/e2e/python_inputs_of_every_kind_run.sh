#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Environments, source distributions, zips and zipapps, beside each other; what a file
# remembers of its interpreter; and the same bytes from another place.
. "$(dirname "$0")/lib.sh"
needs_fuse

python=/usr/bin/python3
version=$($python -c 'import sys; print("%d.%d" % sys.version_info[:2])')
cd "$WORK"
pack() {
  xarbuild python --python $python --mount-root "$ROOT" --xar-exec "$XAR_BIN/xarexec_fuse" --zstd-level 1 --no-cache -q "$@"
}

# A zip keeps modes and symlinks.
$python - <<'PY'
import zipfile
with zipfile.ZipFile("tool.zip", "w") as archive:
    def add(name, mode, content):
        info = zipfile.ZipInfo(name)
        info.create_system, info.external_attr = 3, mode << 16
        archive.writestr(info, content)
    add("tool.py", 0o100644, "import os, sys\nhere = os.path.dirname(__file__)\n"
        "def main():\n    print(os.readlink(here + '/link'), os.access(here + '/run', os.X_OK), sys.version_info[:2])\n")
    add("run", 0o100755, "#!/bin/sh\n")
    add("link", 0o120777, "run")
PY
pack tool.zip -o zip.xar -e tool:main
same "a zip" "run True (${version%.*}, ${version#*.})" "$(./zip.xar)"

# A zipapp keeps what it starts, and the interpreter it asks for.
mkdir app
printf 'import sys\ndef main():\n    print("zipapp", sys.argv[1:], sys.flags.dev_mode)\n' >app/tool.py
$python -m zipapp app -m tool:main -p "/usr/bin/python$version -X dev" -o tool.pyz
pack tool.pyz -o zipapp.xar
same "a zipapp" "zipapp ['x'] True" "$(./zipapp.xar x 2>/dev/null)"

# A virtual environment, with what is in it.
$python -m venv --without-pip venv
site=$(echo venv/lib/python*/site-packages)
cp app/tool.py "$site"
mkdir "$site/tool-1.dist-info" "$site/extra"
printf 'Metadata-Version: 2.1\nName: tool\nVersion: 1\n' >"$site/tool-1.dist-info/METADATA"
printf '[console_scripts]\ntool = tool:main\n' >"$site/tool-1.dist-info/entry_points.txt"
pack venv -o venv.xar
same "a virtual environment" "zipapp [] False" "$(./venv.xar)"

# .pth files count.
echo 'VALUE = "from a .pth"' >"$site/extra/added.py"
echo extra >"$site/more.pth"
printf 'def main():\n    import added\n    print(added.VALUE)\n' >"$site/tool.py"
pack venv -o pth.xar
same "a .pth file" "from a .pth" "$(./pth.xar)"

# A source distribution.
if $python -c 'import setuptools, pip, wheel' 2>/dev/null; then
  mkdir sdist
  cp app/tool.py sdist
  echo 'from setuptools import setup; setup(name="tool", version="1", py_modules=["tool"], entry_points={"console_scripts": ["tool = tool:main"]})' >sdist/setup.py
  (cd sdist && $python setup.py -q sdist 2>/dev/null)
  pack sdist/dist/tool-1.tar.gz -o sdist.xar -- --no-index --no-build-isolation
  same "a source distribution" "zipapp ['y'] False" "$(./sdist.xar y)"
fi

# pip as Debian keeps it for other environments.
for wheel in /usr/share/python-wheels/pip-*.whl; do
  [ -e "$wheel" ] || continue
  pack "$wheel" -o pip.xar -c pip
  same "pip" "$(echo "$wheel" | sed 's/.*pip-\([^-]*\)-.*/pip \1/')" "$(./pip.xar --version | cut -d' ' -f1,2)"
done

# The machine's packages and the user's variables, only when asked for.
printf 'import os, sys\ndef main():\n    print(os.environ["PYTHONPATH"] in sys.path, any(p.endswith("dist-packages") for p in sys.path))\n' >app/tool.py
pack app -e tool:main -o isolated.xar
pack app -e tool:main -o inheriting.xar --inherit-site
same "isolated" "False False" "$(PYTHONPATH=$WORK ./isolated.xar)"
same "inheriting" "True $(PYTHONPATH=$WORK:$WORK/app $python -c 'import sys; print(any(p.endswith("dist-packages") for p in sys.path))')" \
  "$(PYTHONPATH=$WORK ./inheriting.xar)"

# Another Python is told from the right one before anything is imported.
mkdir other
cp -r "$(xarexec -m isolated.xar)/." other/
sed "s/\"cpython-[0-9]*\"/\"cpython-38\"/g;s/\"CPython [0-9.]*\"/\"CPython 3.8\"/" other/__xar_python__/bin/__run_xar_main__.py >changed
cp changed other/__xar_python__/bin/__run_xar_main__.py
code=0
/bin/sh -e other/__xar_bootstrap__.sh tool.xar 2>message || code=$?
same "status under another Python" 126 $code
same "lines about another Python" 1 "$(wc -l <message)"
grep -q "tool.xar: cannot run with .*, which is Python $version (.*): it was built for CPython 3.8 (cpython-38): install that" message ||
  fail "$(cat message)"

# The same bytes, whoever builds it, where and when.
mkdir elsewhere copy tmp
cp -r -p app copy/app
(umask 077 && TMPDIR=$WORK/tmp TZ=Asia/Tokyo pack copy/app -e tool:main -o elsewhere/isolated.xar)
cmp isolated.xar elsewhere/isolated.xar || fail "another file from another place"
pack tool.zip -o elsewhere/zip.xar -e tool:main
cmp zip.xar elsewhere/zip.xar || fail "another file from the same zip"
for file in *.xar; do
  xarexec --extract "$file" "$WORK/look"
  ! grep -r -q -e xarbuild\\. -e "$WORK" look || fail "$file tells where it was built: $(grep -r -l -e xarbuild\\. -e "$WORK" look)"
  rm -rf look
done
