#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Launchers that are none, and archives that lost their launcher's other half.
. "$(dirname "$0")/lib.sh"

cd "$WORK"
mkdir src
echo 'echo ran' >src/run.sh
build() { xarbuild dir src --exec run.sh --mount-root "$ROOT" -q "$@"; }
build -o app --standalone 2>/dev/null

# Tools for programs take the archive away and leave the launcher.
gone="the archive behind this launcher is gone"
for tool in strip objcopy "strip --strip-unneeded" "objcopy --add-section .more=src/run.sh"; do
  cp app lost
  $tool lost
  refused 125 "$gone: ./lost" ./lost
  refused 125 "$gone: lost" xarexec lost
  refused 125 "$gone: lost" xarexec --info lost
done
head -c "$(stat -c %s "$XAR_BIN/xarexec")" app >lost
refused 125 "$gone: ./lost" ./lost
head -c $(($(stat -c %s app) - 4096)) app >lost
refused 125 "lost" ./lost
refused 125 "it is a launcher, with no archive behind it" xarexec --info "$XAR_BIN/xarexec"
refused 125 "it is a program, and not a standalone archive" xarexec --info "$(readlink -f /bin/sh)"

# What is no launcher, and that nothing is written then.
refused 125 "not a launcher: $(readlink -f /bin/sh)" build -o none --launcher "$(readlink -f /bin/sh)"
refused 125 "not a program: src/run.sh: expected an ELF executable" build -o none --launcher src/run.sh
head -c 4096 "$XAR_BIN/xarexec" >part
refused 125 "cut short: part" build -o none --launcher part
refused 125 "cannot open: missing" build -o none --launcher missing
refused 125 "expected a launcher" build -o none --launcher src
mkdir alone
cp "$XAR_BIN/xarbuild" alone
refused 125 "install xarexec beside xarbuild" alone/xarbuild dir src -o none --standalone
[ ! -e none ] || fail "a refused build leaves a file"

# The launcher of another machine: what the header of this one's says, changed.
python3 - "$XAR_BIN/xarexec" <<'PY'
import sys
data = bytearray(open(sys.argv[1], "rb").read())
data[18:20] = b"\xb7\x00"  # e_machine: EM_AARCH64
open("foreign", "wb").write(data)
PY
build -o theirs --launcher foreign 2>/dev/null
xarexec --info theirs | grep -q "^Standalone .* for aarch64$" || fail "not for the other machine"
xarexec --verify theirs >verified
grep -q "the digest is right" verified || fail "not verified: $(cat verified)"
xarexec --diff app theirs || fail "the launcher changes what is in it"

# A block in a format of zstd's from before SquashFS had zstd, which launchers do not read.
yes 'a line that compresses' | head -10000 >src/text
build -o old.xar
at=$(LC_ALL=C grep -abo -P '\x28\xb5\x2f\xfd' old.xar | head -1 | cut -d: -f1)
for first in % '&' "'"; do
  printf '%s' "$first" | dd of=old.xar bs=1 seek="$at" conv=notrunc status=none
  refused 125 "old.xar" xarexec --cat old.xar text
done
