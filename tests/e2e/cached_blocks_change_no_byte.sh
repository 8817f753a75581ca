#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What the cache holds, or a cache that is broken, full or not to be written, decides how
# long a build takes and nothing else.
. "$(dirname "$0")/lib.sh"

mkdir "$WORK/src"
seq 200000 >"$WORK/src/numbers"
head -c 300000 /dev/urandom >"$WORK/src/noise"
for i in $(seq 50); do seq "$i" 900 >"$WORK/src/tail$i"; done
head -c 3145728 /dev/zero >"$WORK/src/zeros"
content=$(find "$WORK/src" -type f ! -name zeros -printf '%s\n' | awk '{ sum += $1 } END { print sum }')

# build NAME OPTION...: to $WORK/NAME, with figures in $WORK/NAME.json
build() {
  name=$1
  shift
  xarbuild dir "$WORK/src" -o "$WORK/$name" --json "$@" >"$WORK/$name.json"
}
figure() { sed -E "s/.*\"$2\":([0-9]+).*/\\1/" "$WORK/$1.json"; }
same_bytes() { cmp "$WORK/plain" "$WORK/$1" || fail "other bytes: $1"; }
cache=$WORK/cache/xar

build plain --no-cache
[ ! -e "$cache" ] || fail "--no-cache makes a cache"
build first
same_bytes first
same "bytes from an empty cache" 0 "$(figure first cached_bytes)"
same "mode of the cache" 700 "$(stat -c %a "$cache")"
build second -j 1
same_bytes second
same "bytes from the cache" "$content" "$(figure second cached_bytes)"
build level --zstd-level 3
same "bytes from another level's cache" 0 "$(figure level cached_bytes)"
build blocks --block-size 64K
same "bytes from another block size's cache" 0 "$(figure blocks cached_bytes)"

# A flipped bit, in the digest or behind it, and an entry cut short: packed anew, and
# then right again.
find "$cache" -type f | sort >"$WORK/entries"
python3 - "$WORK/entries" <<'PY'
import sys
for number, path in enumerate(open(sys.argv[1]).read().split()):
    data = bytearray(open(path, "rb").read())
    data[number * 7 % len(data)] ^= 1 << number % 8
    open(path, "wb").write(data if number % 3 else data[:-1])
PY
build broken
same_bytes broken
same "bytes from a broken cache" 0 "$(figure broken cached_bytes)"
build mended
same "bytes from the mended cache" "$content" "$(figure mended cached_bytes)"

# Several at once, into one empty cache.
for n in 1 2 3 4; do build "at_once$n" --cache-dir "$WORK/shared" & done
wait
for n in 1 2 3 4; do same_bytes "at_once$n"; done
build after --cache-dir "$WORK/shared"
same "bytes from the shared cache" "$content" "$(figure after cached_bytes)"
same "what is left of writing it" "" "$(find "$WORK/shared" -name '.*')"

# Where there can be no folder, and where there is no room.
touch "$WORK/file"
build no_folder --cache-dir "$WORK/file/cache"
same_bytes no_folder
if [ "$(id -u)" -eq 0 ]; then
  mkdir "$WORK/tiny"
  mount -t tmpfs -o size=16k none "$WORK/tiny"
  build no_room --cache-dir "$WORK/tiny/cache"
  umount "$WORK/tiny"
  same_bytes no_room
  make_user
  mkdir -m 755 "$WORK/theirs"
  mkdir -m 777 "$WORK/out"
  chmod -R a+rX "$WORK/src"
  as_user xarbuild dir "$WORK/src" -o "$WORK/out/unwritable" -q --cache-dir "$WORK/theirs"
  cmp "$WORK/plain" "$WORK/out/unwritable" || fail "other bytes where the cache cannot be written"
fi
env -u XDG_CACHE_HOME -u HOME xarbuild dir "$WORK/src" -o "$WORK/homeless" -q
same_bytes homeless

# Too much: what has not been used for longest goes. Noise leaves entries of one size.
cache=$WORK/small
mkdir "$WORK/old" "$WORK/new"
head -c 8388608 /dev/urandom >"$WORK/old/noise"
head -c 524288 /dev/urandom >"$WORK/new/noise"
xarbuild dir "$WORK/old" -o "$WORK/old.xar" -q --block-size 4K --cache-dir "$cache"
find "$cache" -type f -exec touch -d '2 days ago' {} +
before=$(find "$cache" -type f | wc -l)
xarbuild dir "$WORK/new" -o "$WORK/new.xar" -q --block-size 4K --cache-dir "$cache" --cache-size 56K
[ "$(find "$cache" -type f | wc -l)" -lt "$before" ] || fail "a full cache only grows"
xarbuild dir "$WORK/new" -o "$WORK/new.xar" --json --block-size 4K --cache-dir "$cache" >"$WORK/new.json"
same "bytes of the last build that are kept" 524288 "$(figure new cached_bytes)"
