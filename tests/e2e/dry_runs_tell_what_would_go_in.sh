#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# --dry-run writes nothing and says what a build would pack, how large it is, and why.
. "$(dirname "$0")/lib.sh"

mkdir -p "$WORK/app/lib" "$WORK/src"
cd "$WORK"
printf '#!/bin/sh\necho hi\n' >app/run.sh
chmod +x app/run.sh
head -c 3000 /dev/zero >app/lib/zeros
ln -s zeros app/lib/link
echo x >app/notes.tmp
printf 'print("hi")\n' >src/tool.py

xarbuild dir app -o app.xar --exec run.sh --exclude '*.tmp' --dry-run >out 2>err
same "what is written" "" "$(find . -name '*.xar')"
same "standard error" "" "$(cat err)"
same "what would go in" "            lib/
            lib/link -> zeros
   2.9 KiB  lib/zeros
      18 B  run.sh  (executed)
app.xar: not written: 2 files, 1 directory, 1 symlink, 2.9 KiB before compression
left out by pattern: *.tmp" "$(cat out)"

xarbuild dir app --dry-run --json | python3 -c '
import json, sys
plan = json.load(sys.stdin)
sizes = {each["path"]: each.get("bytes") for each in plan["entries"]}
assert sizes == {"lib": None, "lib/link": None, "lib/zeros": 3000, "notes.tmp": 2, "run.sh": 18}, plan
assert plan["dry_run"] is True and plan["files"] == 3 and plan["symlinks"] == 1 and plan["directories"] == 1, plan
' || fail "the plan is $(xarbuild dir app --dry-run --json)"

# What a build would refuse, a trial refuses.
refused 125 "cannot execute: nothing" xarbuild dir app --exec nothing --dry-run
refused 125 "no such directory" xarbuild dir nowhere --dry-run

# What it names is what a build packs.
xarbuild python src -e tool --dry-run --json >plan.json
xarbuild python src -e tool -o tool.xar -q
python3 -c '
import json, subprocess
planned = json.load(open("plan.json"))
listed = json.loads(subprocess.check_output(["xarexec", "--ls", "-R", "--json", "tool.xar"]))
assert {each["path"] for each in planned["entries"]} == {each["path"] for each in listed}
reasons = {each["path"]: each.get("reason") for each in planned["entries"]}
assert "made by xarbuild" in reasons.values() and reasons[planned["target"]] == "executed", reasons
' || fail "the plan is $(cat plan.json)"

# Files of a distribution are there because of it, and bytecode because of its source.
python3 "$HERE/make_wheel.py" script=thing=thing:main thing-1.5-py3-none-any.whl thing.py 'def main(): pass'
xarbuild python thing-1.5-py3-none-any.whl -c thing --dry-run >out
[ "$(grep -c 'thing.*(thing 1\.5)$' out)" -ge 3 ] || fail "the distribution is not named: $(cat out)"
grep -q '__pycache__/thing\..*\.pyc  (thing 1\.5)$' out || fail "bytecode has no reason: $(cat out)"
