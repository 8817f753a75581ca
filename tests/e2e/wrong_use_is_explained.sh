#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Words that a program does not understand are one line that says what is wrong, what may have
# been meant, and which help to read; the status is 2, of a launch 125.
. "$(dirname "$0")/lib.sh"

mkdir -p "$WORK/here/app" "$WORK/here/notes"
cd "$WORK/here"
echo 'exit 0' >app/run.sh
xarbuild dir app -o app.xar -q --exec run.sh
ln -s "$XAR_BIN/xarexec" mount.xar
PATH="$PATH:."

# For each line of the list: the command, what it says, and its status.
while read -r command; do
  code=0
  sh -c "$command" >out 2>err </dev/null || code=$?
  printf '$ %s\n' "$command"
  cat out err
  echo "status $code"
  [ "$(wc -l <err)" -eq 1 ] || fail "<$command> says: $(cat out err)"
done <"$HERE/wrong_use.txt" >"$WORK/log"
as_expected errors/wrong_use.txt <"$WORK/log"
