#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# An archive that is written to while it is mounted gives errors, and nobody else's bytes;
# what does not change its content does no harm.
. "$(dirname "$0")/lib.sh"
needs_fuse

# Files of whole blocks, none of which is brought along with another.
cd "$WORK"
for version in 1 2; do
  mkdir $version
  for name in a b c d e f g h; do head -c 300000 /dev/urandom >$version/$name; done
  printf '#!/bin/sh\n' >$version/run.sh
  chmod +x $version/run.sh
  xarbuild dir $version -o $version.xar --exec run.sh --mount-root "$ROOT" -q
  xarbuild dir $version -o $version.app --exec run.sh --mount-root "$ROOT" --standalone -q 2>/dev/null
done
same "sizes of the two" "$(stat -c %s 1.xar)" "$(stat -c %s 2.xar)"

unreadable() {
  ! cat "$at/$1" >out 2>error || fail "$form: $1 is read from what is not the archive"
  grep -q "Input/output error" error || fail "$form: $1: $(cat error)"
}

for form in xar app; do
  cp -p 1.$form used
  ! [ $form = app ] || ./used
  at=$(xarexec -m used)
  cmp "$at/a" 1/a

  # Permissions, links, names, times, and the same content once more.
  chmod 700 used
  ln used linked
  cmp "$at/b" 1/b || fail "$form: after chmod and ln"
  mv used moved && touch moved && mv moved used
  cmp "$at/c" 1/c || fail "$form: after mv and touch"
  cat 1.$form >used
  cmp "$at/d" 1/d || fail "$form: after the same content"

  # Other content, though the size, and in the end the time, are those from before.
  cat 2.$form >used
  unreadable e
  touch -r 1.$form used
  unreadable e
  cmp "$at/a" 1/a || fail "$form: what had been read is no longer there"
  dd if=1.$form of=used bs=65536 count=1 conv=notrunc status=none
  unreadable e
  : >used
  unreadable e
  # As it was.
  cat 1.$form >used
  cmp "$at/f" 1/f || fail "$form: after the right content is back"
  # Replaced by another file: the mount is the old one's, a launch mounts the new one.
  cp 2.$form new
  mv new used
  cmp "$at/g" 1/g || fail "$form: after it was replaced"
  cmp "$(xarexec -m used)/g" 2/g || fail "$form: the new one"
  rm -f linked
done

# Without a digest in its header, sizes and times have to do.
sed 's/^IMAGE_SHA256=/OTHER_SHA256=/' 1.xar >used
at=$(xarexec -m used)
chmod 700 used
ln used linked
cmp "$at/a" 1/a || fail "without a digest: after chmod and ln"
touch -d '1 hour ago' used
unreadable b
