#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Zip files that other packagers make: those of shiv and of pex, with all that is in them, and
# refusals where they do what no archive does.
. "$(dirname "$0")/lib.sh"
needs_fuse

python=/usr/bin/python3
cd "$WORK"
wheel() { $python "$HERE/make_wheel.py" "$@"; }
pack() {
  xarbuild python --python $python --mount-root "$ROOT" --xar-exec "$XAR_BIN/xarexec_fuse" --zstd-level 1 --no-cache --force -q \
    -o app.xar "$@" 2>message
}
# zip FILE [MEMBER CONTENT]...: a content that begins with @ names a file.
zip() {
  rm -f "$1"
  $python - "$@" <<'PY'
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w") as archive:
    for name, content in zip(sys.argv[2::2], sys.argv[3::2]):
        archive.writestr(name, open(content[1:], "rb").read() if content.startswith("@") else content)
PY
}
# packed [INPUT...]: without a word.
packed() {
  pack "$@" || fail "$*: $(cat message)"
  same "what is said of <$*>" "" "$(cat message)"
}

# shiv's: packages in a folder of their own, and how it begins in a file.
shiv() {
  settings=$1
  shift
  zip shiv.pyz __main__.py 'import _bootstrap' _bootstrap/__init__.py 'import zipfile' environment.json "$settings" \
    site-packages/app.py 'import sys
def main():
    print("app", sys.argv[1:])' site-packages/bin/tool '#!/nowhere/bin/python3
import app
print("tool")' "$@"
}
shiv '{"entry_point": "app:main", "script": null, "build_id": "x"}'
packed shiv.pyz
same "an entry point" "app ['x']" "$(./app.xar x)"
xarexec --ls app.xar | grep -q -e _bootstrap/ -e environment.json -e site-packages/app && fail "shiv's own files are packed"
shiv '{"entry_point": null, "script": "tool"}'
packed shiv.pyz
same "a script" tool "$(./app.xar)"
same "by its path" tool "$("$(xarexec -m app.xar)/__xar_python__/bin/tool")"
shiv '{"entry_point": "app:main", "preamble": "before.py"}'
refused 125 "it runs a preamble first" xarbuild python --python $python shiv.pyz -o x.xar
shiv '{"entry_point": "app:main", "extend_pythonpath": true}'
pack shiv.pyz || fail "$(cat message)"
grep -q "shiv.pyz: --export-paths sets PYTHONPATH for child processes" message || fail "$(cat message)"
shiv '["no settings"]'
refused 125 "its environment.json is not JSON" xarbuild python --python $python shiv.pyz -o x.xar

# A PEX: distributions in folders, with scripts and data beside; as zip files; as wheels.
wheel raw-1.0-py3-none-any.whl raw.py 'X = "raw"' raw.data/scripts/raw-tool '#!python
import raw; print("tool of", raw.X)'
zip made-1.0-py3-none-any.whl made.py 'X = "made"' .prefix/share/made/text x made-1.0.dist-info/METADATA 'Name: made'
pex() {
  settings=$1
  shift
  zip app.pex PEX-INFO "$settings" __main__.py 'import zipfile' .bootstrap/pex/x.py '' __pex__/__init__.py '' app.py 'import sys
def main():
    import folder, same
    print("app", folder.X, same.X, sys.argv[1:])' .deps/folder-1.0-py3-none-any.whl/folder.py 'X = "folder"' \
    .deps/folder-1.0-py3-none-any.whl/README one \
    .deps/folder-1.0-py3-none-any.whl/.prefix/bin/folder-tool '#!/nowhere/python
import folder
print("tool of", folder.X)' .deps/same-1.0-py3-none-any.whl/same.py 'X = "same"' \
    .deps/same-1.0-py2-none-any.whl/same.py 'syntax error' .deps/same-1.0-py3-none-any.whl/.layout.json '{}' \
    .deps/same-1.0-py3-none-any.whl/same-1.0.data/scripts/data-tool '#!python
print("tool of data")' "$@"
}
pex '{"entry_point": "app:main"}'
packed app.pex --all-scripts
same "a PEX" "app folder same ['x']" "$(./app.xar x)"
for pair in "folder-tool tool of folder" "data-tool tool of data"; do
  same "a script of a PEX" "${pair#* }" "$(XAR_SCRIPT=${pair%% *} ./app.xar)"
done
pex '{"entry_point": "app:main"}' .deps/same-1.0-py3-none-any.whl/README two .deps/made-1.0-py3-none-any.whl @made-1.0-py3-none-any.whl
pack app.pex || fail "$(cat message)"
grep -q "two inputs differ in: README: of app.pex it is packed" message || fail "$(cat message)"
same "data of a PEX" x "$(xarexec --cat app.xar __xar_python__/share/made/text)"
same "a zip file in a PEX" 'X = "made"' "$(xarexec --cat app.xar made.py)"
pex '{"script": "raw-tool", "deps_are_wheel_files": true}' .deps/raw-1.0-py3-none-any.whl @raw-1.0-py3-none-any.whl
packed app.pex
same "a wheel in a PEX" "tool of raw" "$(./app.xar)"
pex '{"entry_point": "app:main"}' .deps/old-1.0-py2-none-any.whl/old.py ''
refused 125 "its old-1.0-py2-none-any.whl does not fit" xarbuild python --python $python app.pex -o x.xar
while read -r setting words; do
  pex "{\"entry_point\": \"app:main\", $setting}"
  refused 125 "$words" xarbuild python --python $python app.pex -o x.xar
done <<'LIST'
"inject_args":["--bound"] it injects arguments
"inject_env":[["A","b"]] it injects environment variables
"inject_python_args":["-u"] it injects options of the interpreter
"pex_path":"/other.pex" it needs other PEX files
LIST
pex '{"entry_point": "app:main", "inject_args": [], "inject_env": {}, "pex_path": "", "inherit_path": "false"}'
packed app.pex
pex '{"entry_point": "app:main", "inherit_path": "prefer"}'
pack app.pex || fail "$(cat message)"
grep -q -e "--inherit-site lets the machine's packages count" message || fail "$(cat message)"

# A zipapp that may look into itself.
zip own.pyz __main__.py 'import sys, zipfile
zipfile.ZipFile(sys.argv[0])'
pack own.pyz || fail "$(cat message)"
grep -q "may not run: own.pyz: its __main__.py uses the module zipfile" message || fail "$(cat message)"

# Members with odd paths, and those that would be written elsewhere.
zip odd.zip ./tool.py 'def main(): print("first")' tool.py 'def main(): print("last")' inner//./file x
packed odd.zip -e tool:main
same "odd paths" "last x" "$(./app.xar) $(xarexec --cat app.xar inner/file)"
zip odd.zip tool.py/inner x tool.py 'def main(): pass'
refused 125 "tool.py is a file and a folder in it" xarbuild python --python $python odd.zip -o x.xar -e tool
$python - <<'PY'
import zipfile
def link(archive, name, target):
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, 0o120777 << 16
    archive.writestr(info, target)
with zipfile.ZipFile("links.zip", "w") as archive:
    link(archive, "up", "..")
    link(archive, "up/planted", "/etc/passwd")
with zipfile.ZipFile("outside.zip", "w") as archive:
    archive.writestr("tool.py", "def main(): pass")
    link(archive, "secret", "/etc/passwd")
PY
refused 125 "up/planted is a file and a folder in it" xarbuild python --python $python links.zip -o x.xar -e tool
pack outside.zip -e tool:main || fail "$(cat message)"
grep -q "symlinks lead out of it: outside.zip: secret" message || fail "$(cat message)"
xarexec --extract app.xar look
[ -L look/secret ] || fail "a symlink of a zip file was followed"
