# SPDX-License-Identifier: BSD-2-Clause
# Random trees, packed with random options: the kernel, unsquashfs, the mount and the
# extraction make of each what was packed. More by hand: tests/differential/trees.py.
. "$(dirname "$0")/lib.sh"

needs_root
needs_fuse
[ -w /dev/loop-control ] || skip "no loop mounts: they need root and a loop device"
export TMPDIR="$WORK"
if ! python3 -c 'import os, sys; os.setxattr(sys.argv[1], "trusted.a", b"v"); os.utime(sys.argv[1], (0, 2**32 - 1))
assert os.stat(sys.argv[1]).st_mtime == 2**32 - 1' "$ROOT" 2>/dev/null; then
  skip "the file system has no extended attributes, or no times beyond 2038"
fi

python3 "$HERE/../differential/trees.py" --count 4 >"$WORK/out" 2>&1 ||
  fail "$(cat "$WORK/out")"
