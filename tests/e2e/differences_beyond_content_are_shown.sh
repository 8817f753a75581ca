# SPDX-License-Identifier: BSD-2-Clause
# --diff shows what programs observe of files besides their content: symlinks' targets,
# which names are of one file, and, where they can be set here, extended attributes,
# capabilities among them.
. "$(dirname "$0")/lib.sh"

for side in a b; do
  mkdir -p "$WORK/$side"
  for name in same attribute gone capable; do echo "$name" >"$WORK/$side/$name"; done
  echo linked >"$WORK/$side/first"
  ln -s same "$WORK/$side/kept"
done
ln -s one "$WORK/a/target"
ln -s two "$WORK/b/target"
ln "$WORK/a/first" "$WORK/a/second"
cp "$WORK/b/first" "$WORK/b/second"

# set_xattr PATH NAME VALUE
set_xattr() {
  python3 -c 'import os, sys; os.setxattr(sys.argv[1], sys.argv[2], os.fsencode(sys.argv[3]))' "$@" 2>/dev/null
}
# A capability as the kernel stores it: version 2, effective, CAP_NET_RAW.
set_capability() {
  python3 -c 'import os, struct, sys
os.setxattr(sys.argv[1], "security.capability", struct.pack("<5I", 0x02000001, 1 << 13, 0, 0, 0))' "$1" 2>/dev/null
}
{
  if set_xattr "$WORK/a/attribute" user.note one; then
    set_xattr "$WORK/b/attribute" user.note two
    set_xattr "$WORK/a/gone" user.note one
    echo "! /attribute  (10 B, attributes)"
  fi
  if set_capability "$WORK/b/capable"; then echo "! /capable  (8 B, attributes)"; fi
  echo "! /first  (7 B, links)"
  if python3 -c 'import os, sys; sys.exit(not os.listxattr(sys.argv[1]))' "$WORK/a/gone"; then
    echo "! /gone  (5 B, attributes)"
  fi
  echo "! /second  (7 B, links)"
  echo "! /target  (target)"
} >"$WORK/expected"
echo "0 added, 0 removed, $(wc -l <"$WORK/expected") changed" >>"$WORK/expected"

for side in a b; do xarbuild dir "$WORK/$side" -o "$WORK/$side.xar" -q; done
status=0
xarexec --diff "$WORK/a.xar" "$WORK/b.xar" >"$WORK/differences" || status=$?
same "status of two that differ" 1 "$status"
diff -u "$WORK/expected" "$WORK/differences" >&2 || fail "other differences"
xarexec --diff "$WORK/a.xar" "$WORK/a.xar" || fail "an archive differs from itself"

# What is not packed is no difference.
for side in a b; do xarbuild dir "$WORK/$side" -o "$WORK/$side.xar" --no-xattrs -q; done
xarexec --diff "$WORK/a.xar" "$WORK/b.xar" >"$WORK/differences" || true
! grep -q attributes "$WORK/differences" || fail "attributes that were left out: $(cat "$WORK/differences")"
