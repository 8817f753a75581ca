#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
. "$(dirname "$0")/lib.sh"

cd "$WORK"
mkdir -p src/bin src/share/empty
printf '#!/bin/sh\necho ran >"%s/ran"\n' "$WORK" >src/bin/run
chmod 4755 src/bin/run
echo "of the first" >src/share/text
ln src/share/text src/share/again
ln -s ../bin/run src/share/link
ln -s share src/data
touch -d '2020-02-02 02:02:02' src/share/text
touch -d '2021-01-01 00:00:00' src/bin/run src/bin src/share src
SOURCE_DATE_EPOCH=1700000000 xarbuild dir src -o a.xar --exec bin/run --mount-root "$ROOT" -q

export TZ=UTC0
same "what is in the root" "bin data share" "$(xarexec --ls a.xar | xargs)"
same "what is in a directory" "again empty link text" "$(xarexec --ls a.xar /data/ | xargs)"
same "all there is" "bin bin/run data share share/again share/empty share/link share/text" \
  "$(xarexec --ls -R a.xar | xargs)"
same "a long line" "-rwsr-xr-x 1 0 0 $(stat -c %s src/bin/run) 2021-01-01 00:00 run" \
  "$(xarexec --ls a.xar bin -l | xargs)"
xarexec --ls -l a.xar share | grep -q '^lrwxrwxrwx .* link -> \.\./bin/run$' || fail "no link shown"
refused 125 "no 'share/none' in: a.xar" xarexec --ls a.xar share/none

same "a file's content" "of the first" "$(xarexec --cat a.xar data/text)"
xarexec --cat a.xar share/link share/text >two
cat src/bin/run src/share/text | cmp - two
refused 125 "it is not a regular file" xarexec --cat a.xar bin
refused 2 "no PATH given" xarexec --cat a.xar
refused 125 "cannot write to" sh -c 'xarexec --cat a.xar share/text >/dev/full'

digest=$(sed -n 's/^IMAGE_SHA256="\(.*\)"$/\1/p' a.xar | head -1)
xarexec --info a.xar >info
for words in "bin/run" "$digest" "2023-11-14 22:13:20 UTC" "zstd, blocks of 128.0 KiB" \
  "3 files, 3 directories, 2 symlinks"; do
  grep -q -F -e "$words" info || fail "--info does not say <$words> but $(cat info)"
done
xarexec --info a.xar --json >info.json
python3 - "$digest" <<'PY'
import json, os, sys
info = json.load(open("info.json"))
assert info["header"]["image_sha256"] == sys.argv[1], info
assert info["header"]["target"] == "bin/run" and info["header"]["mount_root"].endswith("/root"), info
assert info["python"] is None and info["standalone"] is False, info
assert info["bytes"] == os.path.getsize("a.xar"), info
assert info["image"]["compression"] == "zstd" and info["image"]["block_size"] == 131072, info
assert info["contents"]["files"] == 3 and info["contents"]["bytes"] == sum(
    os.path.getsize(p) for p in ("src/bin/run", "src/share/text")), info
PY

xarexec --verify a.xar | grep -q '^a.xar: sound: 3 files, 3 directories, 2 symlinks, .*, the digest is right$' || fail "not verified"
cp a.xar b.xar
printf 'X' | dd of=b.xar bs=1 seek=4300 conv=notrunc status=none
refused 125 "b.xar" xarexec --verify b.xar

xarexec --diff a.xar a.xar >differences || fail "an archive differs from itself"
[ ! -s differences ] || fail "an archive differs from itself in $(cat differences)"
echo "of the second, longer" >src/share/text
rm src/data
mkdir src/new
chmod 755 src/bin/run
SOURCE_DATE_EPOCH=1700000000 xarbuild dir src -o b.xar --exec bin/run -q
code=0
xarexec --diff a.xar b.xar >differences || code=$?
same "status of two that differ" 1 "$code"
cat >expected <<'TEXT'
! /bin/run  (40 B, permissions)
- /data
+ /new/
! /share/again  (13 B -> 22 B, content)
! /share/text  (13 B -> 22 B, content)
1 added, 1 removed, 3 changed
TEXT
sed -i "s/40 B/$(stat -c %s src/bin/run) B/" expected
cmp expected differences || fail "the difference is $(cat differences)"

# What a Python application was built for, and what it runs.
mkdir app
printf 'def main():\n    raise SystemExit(open("ran", "w"))\n' >app/tool.py
xarbuild python app -o python.xar -e tool:main --python /usr/bin/python3 -q
tag=$(/usr/bin/python3 -c 'import sys; print(sys.implementation.cache_tag)')
version=$(/usr/bin/python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')
xarexec --info python.xar >info
grep -q -x "Python        CPython $version ($tag)" info || fail "no Python: $(cat info)"
grep -q -x "Entry point   tool:main" info || fail "no entry point: $(cat info)"
xarexec --info --json python.xar |
  grep -q -F '"python":{"implementation":"CPython","version":"'"$version"'","bytecode":"'"$tag"'","extensions":null,"entry_point":"tool:main","bundled":false}' ||
  fail "as JSON: $(xarexec --info --json python.xar)"
: >app/native.so
xarbuild python app -o python.xar -e tool:main --python /usr/bin/python3 -q
suffix=$(/usr/bin/python3 -c 'import _imp; print(_imp.extension_suffixes()[0])')
xarexec --info python.xar | grep -q -x -F "Python        CPython $version ($tag), extension modules $suffix" ||
  fail "no extension modules: $(xarexec --info python.xar)"
# A file that is there says what it likes.
mkdir -p odd/__xar_python__
printf 'xar-bytecode = \033[2Jx\nversion\n = \nimplementation = ' >odd/__xar_python__/pyvenv.cfg
xarbuild dir odd -o odd.xar -q
xarexec --info odd.xar | grep -q -x -F 'Python          (\x1b[2Jx)' || fail "odd facts: $(xarexec --info odd.xar)"
rm odd/__xar_python__/pyvenv.cfg
mkdir odd/__xar_python__/pyvenv.cfg
xarbuild dir odd -o odd.xar -q
if xarexec --info odd.xar | grep '^Python'; then fail "a directory tells of a Python"; fi

[ ! -e ran ] || fail "something has been run"
same "mounts" 0 "$(count_mounts "$WORK")"
