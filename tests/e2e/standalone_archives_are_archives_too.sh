#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Every command treats an archive with a launcher in front as it treats others.
. "$(dirname "$0")/lib.sh"
needs_fuse

cd "$WORK"
mkdir -p src/bin
printf '#!/bin/sh\nshift\necho "args: $*, new=${XARFUSE_NEW_MOUNT-no}"\n' >src/bin/run
chmod 755 src/bin/run
echo content >src/file
build() { xarbuild dir src --exec bin/run --mount-root "$ROOT" --xar-exec "$XAR_BIN/xarexec_fuse" -q "$@"; }
build -o app --standalone 2>warning
build -o app.xar
size=$(stat -c %s "$XAR_BIN/xarexec")

# It runs, without anything in its environment.
same "what runs" "args: a b --help -m, new=1" "$(env -i ./app 'a b' --help -m)"
same "the second run" "args: , new=no" "$(./app)"
same "by the launcher" "args: c, new=no" "$(xarexec app c)"
same "the other form" "args: , new=1" "$(./app.xar)"
same "by PATH" "args: d, new=no" "$(PATH="$WORK:$PATH" app d)"
mkdir empty
same "from elsewhere" "args: e, new=no" "$(cd empty && env -i ../app e)"
same "by a descriptor" "args: f, new=no" "$(python3 -c '
import os
os.execve(os.open("app", os.O_RDONLY | os.O_CLOEXEC), ["app", "f"], {})')"
at=$(xarexec -m app)
same "mounts, of both forms" 2 "$(count_mounts "$ROOT")"
cmp src/file "$at/file"

# It can be looked into, also by other programs at the offset that it names.
xarexec --info app >info
grep -q "^Standalone    yes, with a launcher of .* for $(uname -m)$" info || fail "--info says $(cat info)"
xarexec --info --json app >info.json
offset=$(
  python3 - "$size" <<'PY'
import json, os, sys
info = json.load(open("info.json"))
head = info["header"]
page = lambda n: (n + 4095) // 4096 * 4096
assert info["standalone"] is True and info["machine"] == os.uname().machine, info
assert head["position"] % 4096 == 0 and head["position"] <= page(int(sys.argv[1])), info
assert head["offset"] == head["position"] + 4096, info
data = open("app", "rb").read()
assert data[head["position"]:].startswith(b"#!/") and data[head["offset"]:].startswith(b"hsqs")
print(head["offset"])
PY
)
xarexec --info --json app.xar | grep -q '"standalone":false' || fail "the other form is standalone"
xarexec --verify app | grep -q "^app: sound: 2 files, 1 directory, .*, the digest is right$" || fail "not verified"
xarexec --diff app app.xar || fail "the two forms differ"
same "--ls" "bin file" "$(xarexec --ls app | xargs)"
same "--cat" content "$(xarexec --cat app file)"
xarexec --extract app out
diff -r src out
unsquashfs -q -n -d unsquashed -o "$offset" app >/dev/null
diff -r src unsquashed

# Under xarexec's name it is one, so that its user needs no other.
ln -s app xarexec
same "its launcher's --ls" "bin file" "$(./xarexec --ls app.xar | xargs)"
same "its launcher's run" "args: g, new=no" "$(./xarexec app.xar g)"
refused 125 "no FILE given" ./xarexec

# The same input makes the same file, whatever the launcher carried before.
build -o again --standalone 2>warning
cmp app again
build -o again --launcher app 2>warning
cmp app again
same "its permissions" 755 "$(stat -c %a app)"

# One system call more than by a launcher that is started already, for the ELF header.
if command -v strace >/dev/null; then
  strace -o by_itself ./app >/dev/null
  strace -o by_launcher xarexec app.xar >/dev/null
  calls() { awk '/execve/ { n++ } n == 1' "$1" | grep -c -v -e SIGCHLD; }
  [ "$(calls by_itself)" -le $(($(calls by_launcher) + 2)) ] ||
    fail "$(calls by_itself) system calls before the payload, and $(calls by_launcher) by a launcher"
else
  skip_part "no strace"
fi

# A static launcher is small, and nothing is said about it; another one is warned of.
if readelf -lW "$XAR_BIN/xarexec" | grep -q INTERP; then
  grep -q "is not linked statically" warning || fail "no warning of a dynamic launcher"
else
  [ ! -s warning ] || fail "a good launcher is warned of: $(cat warning)"
  # Newer libraries than Debian 12's are larger.
  most=2500000
  grep -q '^VERSION_ID="12"' /etc/os-release || most=2700000
  [ "$size" -le $most ] || fail "the launcher has $size bytes, more than $most"
fi
