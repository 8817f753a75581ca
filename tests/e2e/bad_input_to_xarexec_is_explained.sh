#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
. "$(dirname "$0")/lib.sh"
needs_fuse

mkdir "$WORK/src" "$WORK/odd"
echo 'exit 3' >"$WORK/src/run.sh"
printf '#!/no/such/interpreter\n' >"$WORK/src/orphan"
chmod +x "$WORK/src/orphan"
printf '#!/usr/bin/python3\n' >"$WORK/src/unexec"
ln -s nowhere "$WORK/src/dangle"
cd "$WORK"
build() { xarbuild dir src --mount-root "$ROOT" -q "$@"; }
build -o good.xar --exec run.sh
offset=4096

# nothing_left STATUS WORDS COMMAND...: refused, and nothing is mounted.
nothing_left() {
  refused "$@"
  same "mounts after <$*>" 0 "$(count_mounts "$ROOT")"
}

nothing_left 125 "cannot open: missing.xar: No such file or directory" xarexec missing.xar
nothing_left 125 "lib.sh: expected '#!'" xarexec "$HERE/lib.sh"
nothing_left 125 "Is a directory" xarexec src
nothing_left 125 "no FILE given" xarexec
nothing_left 2 "no FILE given" xarexec -m
nothing_left 125 "--frob" xarexec --frob good.xar

head -c 3000 good.xar >short.xar
nothing_left 125 "cut short: short.xar" xarexec short.xar
head -c $offset good.xar >short.xar
nothing_left 125 "short.xar" xarexec short.xar
head -c $((offset + 96)) good.xar >short.xar
nothing_left 125 "cut short: short.xar" xarexec short.xar
size=$(stat -c %s good.xar)
head -c $((size - 4096)) good.xar >short.xar
nothing_left 125 "cut short: short.xar" xarexec short.xar

sed '2s/4096/8192/' good.xar >offset.xar
nothing_left 125 "offset.xar" xarexec offset.xar
sed '2s/4096/4097/' good.xar >offset.xar
nothing_left 125 "line 2: OFFSET: expected a positive multiple of 4096" xarexec offset.xar

# patched OFFSET BYTES: the good archive with some bytes of its image replaced.
patched() {
  cp good.xar bad.xar
  # shellcheck disable=SC2059 # escapes are meant
  printf "$2" | dd of=bad.xar bs=1 seek=$((offset + $1)) conv=notrunc status=none
}
patched 0 'HSQS'
nothing_left 125 "not a SquashFS image: bad.xar" xarexec bad.xar
patched 20 '\011\000'
nothing_left 125 "compression" xarexec bad.xar
patched 28 '\005\000'
nothing_left 125 "cannot read SquashFS 5.0: bad.xar" xarexec bad.xar
# A table far behind the end of the image.
patched 48 '\377\377\377\377\000\000\000\000'
nothing_left 125 "bad.xar" xarexec bad.xar

# On the backend that needs a root; the others do without.
export XAR_BACKEND=fuse
mkdir -m 755 rootless
for mode in 755 777; do
  chmod $mode rootless
  xarbuild dir src -o root.xar --exec run.sh --mount-root "$WORK/rootless" -q
  nothing_left 125 "cannot mount below: $WORK/rootless: expected a directory of mode 1777" xarexec root.xar
done
chmod 1777 rootless
ln -s / "rootless/uid-$(id -u)"
nothing_left 125 "uid-$(id -u)" xarexec root.xar
rm "rootless/uid-$(id -u)"
mkdir -m 777 "rootless/uid-$(id -u)"
chmod 777 "rootless/uid-$(id -u)"
nothing_left 125 "expected a directory of mode 0755" xarexec root.xar
nothing_left 125 "bad time-out: XAR_MOUNT_TIMEOUT" env XAR_MOUNT_TIMEOUT=soon xarexec good.xar

code=0
xarexec good.xar || code=$?
same "the payload's own status" 3 "$code"
# targets NAME: a.xar with a target of so long a name, which xarbuild would refuse.
targets() { LC_ALL=C sed "/^XAREXEC_TARGET=/s/run\.sh/$1/" good.xar >a.xar && chmod +x a.xar; }
targets orphan
refused 126 "its interpreter is not installed" xarexec a.xar
targets unexec
refused 126 "not executable: chmod +x it before building the archive" xarexec a.xar
targets dangle
refused 127 "cannot execute" xarexec a.xar
targets gone.x
refused 127 "gone.x: No such file or directory" xarexec a.xar
