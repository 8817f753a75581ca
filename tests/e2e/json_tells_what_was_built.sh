#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The figures of --json are those that others find: of the file, of the image, of the source.
. "$(dirname "$0")/lib.sh"

cd "$WORK"
mkdir -p src/below/empty
seq 100000 >src/numbers
cp src/numbers src/below/again
ln src/numbers src/linked
ln -s numbers src/symlink
head -c 300000 /dev/urandom >src/noise
head -c 500000 /dev/zero >src/zeros
mkfifo src/fifo
name='odd "name".xar'
xarbuild dir src -o "$name" --json >first.json
xarbuild dir src -o "$name" --json >second.json
xarbuild dir src -o standalone --standalone --json >standalone.json 2>/dev/null
for file in "$name" standalone; do
  offset=$(xarexec --info --json "$file" | sed 's/.*"offset":\([0-9]*\).*/\1/')
  unsquashfs -s -o "$offset" "$file" >"$file.said"
  unsquashfs -lls -o "$offset" "$file" | grep -c "squashfs-root/" >"$file.names"
done
python3 - "$name" <<'PY'
import json, os, re, sys

fields = ["output", "bytes", "image_bytes", "files", "directories", "symlinks", "others", "content_bytes", "duplicate_bytes",
          "cached_bytes", "milliseconds"]
for made, output in (("first", sys.argv[1]), ("second", sys.argv[1]), ("standalone", "standalone")):
    text = open(made + ".json").read()
    assert text.count("\n") == 1 and text.endswith("\n"), text
    figures = json.loads(text)
    assert list(figures) == fields, figures
    said = open(output + ".said").read()
    size = int(re.search(r"^Filesystem size (\d+) bytes", said, re.M).group(1))
    inodes = int(re.search(r"^Number of inodes (\d+)", said, re.M).group(1))
    info = json.loads(os.popen("xarexec --info --json '%s'" % output).read())
    assert figures["output"] == output, figures
    assert figures["bytes"] == os.path.getsize(output), figures
    assert size <= figures["image_bytes"] < size + 4096, (figures, size)
    assert figures["image_bytes"] == figures["bytes"] - info["header"]["offset"], (figures, info)
    names = int(open(output + ".names").read())
    kinds = ("files", "directories", "symlinks", "others")
    assert (sum(figures[kind] for kind in kinds), inodes) == (names, names), (figures, names, inodes)
    assert all(figures[kind] == info["contents"][kind] for kind in kinds), (figures, info)
    numbers = os.path.getsize("src/numbers")
    assert figures["content_bytes"] == 2 * numbers + 800000, figures
    assert figures["duplicate_bytes"] == numbers, figures
    # What the first has compressed: neither whole blocks of zeros, nor what is there twice.
    cached = 0 if made == "first" else numbers + 300000 + 500000 % 131072
    assert figures["cached_bytes"] == cached, figures
    assert 0 <= figures["milliseconds"] < 300000, figures
PY
same "with --quiet" "" "$(xarbuild dir src -o "$name" -q)"
