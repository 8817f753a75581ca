#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# --json of --ls, --diff, --verify and --doctor says what their text says; names of any bytes
# come through.
. "$(dirname "$0")/lib.sh"

mkdir -p "$WORK/old/lib" "$WORK/new/lib"
cd "$WORK"
printf '#!/bin/sh\n' >old/run.sh
chmod 755 old/run.sh
printf 'four' >old/lib/data
ln -s data old/lib/link
touch "old/a\"b
c"
cp -a old/. new/
printf 'fives' >new/lib/data
rm new/run.sh
touch new/more
xarbuild dir old -o old.xar -q
xarbuild dir new -o new.xar -q

xarexec --ls -R --json old.xar | python3 -c '
import json, sys
nodes = {node["path"]: node for node in json.load(sys.stdin)}
assert set(nodes) == {"a\"b\nc", "lib", "lib/data", "lib/link", "run.sh"}, nodes
assert nodes["lib"]["type"] == "directory" and "size" not in nodes["lib"], nodes["lib"]
assert nodes["lib/data"]["type"] == "file" and nodes["lib/data"]["size"] == 4
assert nodes["lib/link"]["type"] == "symlink" and nodes["lib/link"]["target"] == "data"
assert nodes["run.sh"]["mode"] == "0755" and nodes["run.sh"]["uid"] == 0
' || fail "the listing is $(xarexec --ls -R --json old.xar)"
same "one file" data "$(xarexec --ls --json old.xar lib/data | python3 -c '
import json, sys; (node,) = json.load(sys.stdin); print(node["path"].split("/")[1])')"
mkdir empty
xarbuild dir empty -o empty.xar -q
same "nothing" "[]" "$(xarexec --ls --json empty.xar)"

code=0
xarexec --diff --json old.xar new.xar >diff.json || code=$?
same "status of a difference" 1 "$code"
python3 -c '
import json, sys
difference = json.load(open("diff.json"))
by_path = {each["path"]: each for each in difference["differences"]}
assert difference["summary"] == {"added": 1, "removed": 1, "changed": 1}, difference
assert by_path["more"]["change"] == "added" and by_path["run.sh"]["change"] == "removed"
changed = by_path["lib/data"]
assert changed["change"] == "changed" and changed["aspects"] == ["content"], changed
assert (changed["size_before"], changed["size_after"]) == (4, 5), changed
' || fail "the differences are $(cat diff.json)"
same "no difference" '{"differences":[],"summary":{"added":0,"removed":0,"changed":0}}' "$(xarexec --diff --json old.xar old.xar)"
same "the text's last line" "1 added, 1 removed, 1 changed" "$( (xarexec --diff old.xar new.xar || true) | tail -n 1)"

xarexec --verify --json old.xar | python3 -c '
import json, sys
verified = json.load(sys.stdin)
assert verified == {"file": "old.xar", "sound": True, "files": 3, "directories": 1, "symlinks": 1, "others": 0, "content_bytes": 14, "digest": True}, verified
' || fail "the verification is $(xarexec --verify --json old.xar)"
head -c 4100 old.xar >short.xar
code=0
xarexec --verify --json short.xar >short.json 2>short.err || code=$?
same "status of a damaged one" 125 "$code"
python3 -c '
import json
verified = json.load(open("short.json"))
assert verified["sound"] is False and "short.xar" in verified["error"], verified
' || fail "the verification is $(cat short.json)"
[ -s short.err ] || fail "nobody is told on standard error"

code=0
xarexec --doctor --json old.xar >doctor.json || code=$?
python3 -c '
import json, sys
found = json.load(open("doctor.json"))
assert found["works"] == (int(sys.argv[1]) == 0), found
assert found["findings"] and all(set(each) <= {"subject", "good", "what", "fix"} for each in found["findings"])
assert not found["works"] or found["backend"] in ("fuse", "userns", "extract"), found
assert found["verdict"].startswith("a launch would "), found
' "$code" || fail "the doctor says $(cat doctor.json)"
same "the same verdict" "$( (xarexec --doctor old.xar || true) | tail -n 1)" \
  "$(python3 -c 'import json; print(json.load(open("doctor.json"))["verdict"])')"
