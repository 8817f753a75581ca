#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What cannot be packed is told in one line, and leaves neither an archive nor a folder.
. "$(dirname "$0")/lib.sh"

python=/usr/bin/python3
cd "$WORK"
mkdir tmp out src other
export TMPDIR="$WORK/tmp"
echo 'def main(): pass' >src/tool.py
echo 'def main(): return 1' >other/tool.py

# no WORDS INPUT...: refused with these words.
no() {
  words=$1
  shift
  refused 125 "$words" xarbuild python -o out/x.xar --python $python "$@"
  same "what <$*> leaves" "" "$(find out tmp -mindepth 1)"
}

write_wheel() { $python "$HERE/make_wheel.py" script=thing=thing:main script=things=thing:main "$@"; }
wheel=thing-1.0-py3-none-any.whl
write_wheel $wheel thing.py 'def main(): pass'
xarbuild python $wheel -o good.xar -c thing --python $python -q

no "no such script: thnig: no packed distribution has it: did you mean thing?" $wheel -c thnig
no "did you mean thing?" $wheel -e thng:main
no "did you mean main?" src -e tool:mian
no "where does it begin? Give -c SCRIPT or -e MODULE[:FUNCTION]: there are thing, things" $wheel
mkdir modules
touch modules/app.py modules/other.py modules/setup.py.orig
no "where does it begin? Give -c SCRIPT or -e MODULE[:FUNCTION], such as -e app" modules
for word in modules/app.py $wheel; do
  refused 2 "no command given: did you mean xarbuild python $word?" xarbuild "$word" -o out/x.xar
done
refused 2 "no command given: did you mean xarbuild dir modules?" xarbuild modules -o out/x.xar
touch modules/requirements.txt
refused 2 "no command given: did you mean xarbuild python modules?" xarbuild modules -o out/x.xar
no "there is no such file or directory" missing/folder
with_python() { # with_python INTERPRETER WORDS
  refused 125 "$2" xarbuild python src -o out/x.xar -e tool --python "$1"
  same "what $1 leaves" "" "$(find out tmp -mindepth 1)"
}
with_python /bin/true "it is no Python 3.9 or newer"
with_python /bin/false "it is no Python 3.9 or newer"
with_python no-such-python "cannot find the interpreter: no-such-python"

for tag in cp27-cp27m-linux_x86_64 cp311-cp311-win_amd64 py2-none-any cp399-cp399-linux_x86_64; do
  other=thing-1.0-$tag.whl
  write_wheel $other
  no "it is for $tag, and $python is CPython" $other -c thing
done
no "its name is not that of a wheel" "$(cp $wheel thing.whl && echo thing.whl)" -c thing
rm $wheel

# Paths that would leave the folder.
for path in ../outside.py /etc/outside.py a/../../outside.py; do
  $python -c 'import sys, zipfile; zipfile.ZipFile("evil.zip", "w").writestr(sys.argv[1], "")' $path
  no "its member $path would be outside of it" evil.zip -e tool
  write_wheel $wheel $path x
  no "its member $path would be outside of it" $wheel -c thing
done
# A symlink first, a file through it then.
$python - <<'PY'
import zipfile
with zipfile.ZipFile("evil.zip", "w") as archive:
    link = zipfile.ZipInfo("link")
    link.create_system, link.external_attr = 3, 0o120777 << 16
    archive.writestr(link, "..")
    archive.writestr("link/outside.py", "")
PY
no "link" evil.zip -e tool
[ ! -e tmp/outside.py ] || fail "a file was written through a symlink"

head -c 1000 good.xar >broken.zip
no "not a sound zip file" broken.zip -e tool
$python - <<'PY'
import zipfile
with zipfile.ZipFile("torn.zip", "w", zipfile.ZIP_DEFLATED) as archive:
    archive.writestr("tool.py", "x = 1\n" * 1000)
data = bytearray(open("torn.zip", "rb").read())
data[45] ^= 0xFF
open("torn.zip", "wb").write(data)
PY
no "cannot unpack: torn.zip: tool.py" torn.zip -e tool
echo text >broken.tar.gz
no "not a sound tar file" broken.tar.gz -e tool
no "tool.py" src other -e tool

# The installer's words are kept.
if $python -c 'import pip' 2>/dev/null; then
  no "No matching distribution found for no-such-thing" no-such-thing==1.0 -c x -- --no-index
  echo 'no-such-thing==1.0' >requirements.txt
  no "No matching distribution found for no-such-thing" -r requirements.txt -c x -- --no-index
  echo 'print(1)' >no-such-thing.py
  no "did you mean the file no-such-thing.py?" no-such-thing==1.0 -c x -- --no-index
  rm no-such-thing.py
  no "no such option: --nonsense" no-such-thing -c x -- --nonsense
fi
[ -x "$(command -v uv)" ] || no "uv: it is not installed" black -c black --installer uv

# What pip itself does not expect is the last line of what it prints.
mkdir broken
printf '[project]\nname = "broken"\nversion = "1"\n[build-system]\nrequires = []\nbuild-backend = "none_such"\n' >broken/pyproject.toml
if $python -c 'import pip' 2>/dev/null; then
  refused 125 "none_such" xarbuild python broken -o out/x.xar -c broken --python $python -- --no-index --no-build-isolation
fi

# An interpreter without pip, as Debian's is without python3-pip.
$python -m venv --without-pip bare
refused 125 "it has no pip: install it" xarbuild python black -o out/x.xar -c black --python bare/bin/python3

# A virtual environment with code that is elsewhere, or of another Python.
mkdir -p venv/lib/python3.4/site-packages
: >venv/pyvenv.cfg
no "it is of python3.4" venv -c x
