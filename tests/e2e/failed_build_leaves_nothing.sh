#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Ctrl-C, a full disk, a source that changes: no output, no temporary file, and an
# existing output stays as it was.
. "$(dirname "$0")/lib.sh"

mkdir "$WORK/src" "$WORK/out"
# It compresses, with work: noise alone would be stored before the signal comes.
head -c 60000000 /dev/urandom | base64 >"$WORK/src/noise"
echo 'echo old' >"$WORK/src/run.sh"
mkdir "$WORK/small"
cp "$WORK/src/run.sh" "$WORK/small"
xarbuild dir "$WORK/small" -o "$WORK/out/app.xar" --exec run.sh -q
before=$(sha256sum <"$WORK/out/app.xar")

for signal in HUP=1 INT=2 TERM=15; do
  number=${signal#*=}
  signal=${signal%=*}
  # A shell starts background jobs with SIGINT ignored; env gives them the default.
  env --default-signal=INT xarbuild dir "$WORK/src" -o "$WORK/out/app.xar" --zstd-level 19 -q &
  pid=$!
  sleep 0.5
  kill -"$signal" "$pid"
  code=0
  wait "$pid" || code=$?
  same "status after SIG$signal" "$((128 + number))" "$code"
  same "files after SIG$signal" app.xar "$(ls -A "$WORK/out")"
  same "output after SIG$signal" "$before" "$(sha256sum <"$WORK/out/app.xar")"
done

# At any moment, up to the last: either nothing has happened, or the build was done.
mkdir "$WORK/quick" "$WORK/moments"
head -c 2000000 /dev/urandom | base64 >"$WORK/quick/noise"
cp "$WORK/src/run.sh" "$WORK/quick"
build_quick() { env --default-signal=INT xarbuild dir "$WORK/quick" -o "$WORK/moments/app.xar" --exec run.sh -q --no-cache; }
build_quick
complete=$(sha256sum <"$WORK/moments/app.xar")
moments=$(awk 'BEGIN { srand(); for (i = 0; i < 16; ++i) print rand() * 0.4 }')
for moment in $moments; do
  cp "$WORK/out/app.xar" "$WORK/moments/app.xar"
  if [ "${signal-}" = INT ]; then signal=TERM; else signal=INT; fi
  build_quick &
  pid=$!
  sleep "$moment"
  kill -"$signal" "$pid" 2>/dev/null || true
  code=0
  wait "$pid" 2>/dev/null || code=$?
  same "files after SIG$signal at $moment" app.xar "$(ls -A "$WORK/moments")"
  case $code:$(sha256sum <"$WORK/moments/app.xar") in
    0:"$complete" | 130:"$before" | 143:"$before") ;;
    # It came when all was done.
    130:"$complete" | 143:"$complete") ;;
    *) fail "SIG$signal at $moment: status $code and an output that is neither the old nor the new" ;;
  esac
done

if [ "$(id -u)" -eq 0 ]; then
  mkdir "$WORK/tiny"
  # Full at every write, from the first block over the tables to the last page.
  mkdir "$WORK/medium"
  head -c 700000 /dev/urandom >"$WORK/medium/noise"
  for i in $(seq 300); do echo "$i" >"$WORK/medium/a-rather-long-name-of-a-file-$i"; done
  xarbuild dir "$WORK/medium" -o "$WORK/out/medium.xar" -q
  pages=$(($(wc -c <"$WORK/out/medium.xar") / 4096))
  rm "$WORK/out/medium.xar"
  for size in 4 $(seq 8 32 $((pages * 4 - 24))) $(seq $((pages * 4 - 20)) 4 $((pages * 4 - 4))); do
    mount -t tmpfs -o "size=${size}k" none "$WORK/tiny"
    refused 125 "No space left on device" xarbuild dir "$WORK/medium" -o "$WORK/tiny/app.xar"
    same "files on the full disk of $size KiB" "" "$(ls -A "$WORK/tiny")"
    umount "$WORK/tiny"
  done

  make_user
  mkdir -m 777 "$WORK/theirs"
  mkdir -m 755 "$WORK/locked"
  echo secret >"$WORK/locked/secret"
  chmod 600 "$WORK/locked/secret"
  refused 125 "secret" as_user xarbuild dir "$WORK/locked" -o "$WORK/theirs/app.xar"
  same "files after an unreadable one" "" "$(ls -A "$WORK/theirs")"
fi

# A file that grows while it is packed. The writer sees it, or is done before.
(while :; do echo more >>"$WORK/src/run.sh"; done) &
writer=$!
code=0
xarbuild dir "$WORK/src" -o "$WORK/out/grown.xar" -q 2>"$WORK/err" || code=$?
kill $writer
wait $writer 2>/dev/null || true
same "status with a growing file" 125 "$code"
grep -q -F "run.sh" "$WORK/err" || fail "does not name the file: $(cat "$WORK/err")"
same "files after a growing file" app.xar "$(ls -A "$WORK/out")"
