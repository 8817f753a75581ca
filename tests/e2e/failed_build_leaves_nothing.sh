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

if [ "$(id -u)" -eq 0 ]; then
  mkdir "$WORK/tiny"
  mount -t tmpfs -o size=8m none "$WORK/tiny"
  refused 125 "No space left on device" xarbuild dir "$WORK/src" -o "$WORK/tiny/app.xar"
  same "files on the full disk" "" "$(ls -A "$WORK/tiny")"
  umount "$WORK/tiny"
fi

# A file that grows while it is packed. The writer sees it, or is done before.
( while :; do echo more >>"$WORK/src/run.sh"; done ) &
writer=$!
code=0
xarbuild dir "$WORK/src" -o "$WORK/out/grown.xar" -q 2>"$WORK/err" || code=$?
kill $writer
wait $writer 2>/dev/null || true
same "status with a growing file" 125 "$code"
grep -q -F "run.sh" "$WORK/err" || fail "does not name the file: $(cat "$WORK/err")"
same "files after a growing file" app.xar "$(ls -A "$WORK/out")"
