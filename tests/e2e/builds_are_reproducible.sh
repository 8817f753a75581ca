#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
. "$(dirname "$0")/lib.sh"

mkdir -p "$WORK/src/a/b"
seq 300000 >"$WORK/src/a/numbers"
head -c 300000 /dev/urandom >"$WORK/src/a/b/noise"
for i in $(seq 200); do echo "file $i" >"$WORK/src/a/b/$i"; done
ln -s numbers "$WORK/src/a/link"
build() { xarbuild dir "$WORK/src" -q "$@"; }

build -o "$WORK/1.xar"
build -o "$WORK/2.xar" -j 8
build -o "$WORK/3.xar" -j 1
(umask 077 && TZ=Asia/Tokyo LC_ALL=C.UTF-8 build -o "$WORK/4.xar")
cp -a "$WORK/src" "$WORK/copy"
xarbuild dir "$WORK/copy" -o "$WORK/5.xar" -q
for n in 2 3 4 5; do
  cmp "$WORK/1.xar" "$WORK/$n.xar" || fail "build $n differs"
done

# A copy whose files were made in another order, with other inode numbers, listed
# otherwise, and on another file system.
for i in $(seq 30); do seq "$i" 20000 >"$WORK/src/a/tail$((i % 7))-$i"; done
for i in $(seq 5); do cp "$WORK/src/a/b/noise" "$WORK/src/same$i"; done
ln "$WORK/src/same1" "$WORK/src/a/b/linked"
ln "$WORK/src/a/link" "$WORK/src/linked-link"
truncate -s 3M "$WORK/src/a/hole"
printf end >>"$WORK/src/a/hole"
touch -d '2020-02-02 02:02:02' "$WORK/src/same2" "$WORK/src/a"
mkdir "$WORK/elsewhere"
if [ "$(id -u)" -eq 0 ]; then mount -t tmpfs none "$WORK/elsewhere"; fi
python3 - "$WORK/src" "$WORK/elsewhere/shuffled" "$WORK/shuffled" <<'PY'
import os, random, shutil, sys
source, *copies = sys.argv[1:]
for seed, copy in enumerate(copies):
    random.seed(seed)
    folders, files = [], []
    for folder, _, names in os.walk(source):
        folders.append(folder)
        files += [os.path.join(folder, name) for name in names]
    there = lambda path: copy + path[len(source):]
    for folder in folders:
        os.mkdir(there(folder))
    random.shuffle(files)
    made, spare = {}, []
    for number, path in enumerate(files):
        # Names that go away again move those that stay.
        spare.append("%s/spare%d" % (os.path.dirname(there(path)), number))
        open(spare[-1], "w").close()
        inode = os.lstat(path).st_ino
        if inode in made:
            os.link(made[inode], there(path), follow_symlinks=False)
        else:
            shutil.copy2(path, there(path), follow_symlinks=False)
            made[inode] = there(path)
    for path in spare:
        os.unlink(path)
    random.shuffle(folders)
    for folder in folders:
        shutil.copystat(folder, there(folder))
    def order(root):
        """As a folder is listed, and by inode numbers."""
        for folder in folders:
            names = os.listdir(root + folder[len(source):])
            number = lambda name: os.lstat(root + folder[len(source):] + "/" + name).st_ino
            yield names, sorted(names, key=number)
    assert list(order(source)) != list(order(copy))
PY
build -o "$WORK/7.xar" --no-cache
n=7
for source in "$WORK/shuffled" "$WORK/elsewhere/shuffled"; do
  for options in "-j 1 --no-cache" "-j 8 --no-cache" "-j 1" "-j 8" "-j 1" "-j 8"; do
    n=$((n + 1))
    # shellcheck disable=SC2086 # words
    xarbuild dir "$source" -o "$WORK/$n.xar" -q $options
    cmp "$WORK/7.xar" "$WORK/$n.xar" || fail "$source, $options: other bytes"
    rm "$WORK/$n.xar"
  done
done

SOURCE_DATE_EPOCH=1234567890 xarbuild dir "$WORK/src" -o "$WORK/6.xar" -q
grep -a -q '^VERSION="1234567890"$' "$WORK/6.xar" || fail "VERSION is not SOURCE_DATE_EPOCH"
