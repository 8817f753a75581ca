#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The help of each command is as expected, fits a terminal of 24 lines, and is as wide as
# the terminal; --help-all explains every option.
. "$(dirname "$0")/lib.sh"

commands() {
  for program in xarbuild xarexec; do
    echo "$program"
    for command in $(subcommands_of "$program"); do echo "$program $command"; done
  done
  echo "$WORK/mount.xar"
}
ln -s "$XAR_BIN/xarexec" "$WORK/mount.xar"

# no_longer_than COLUMNS: no line of standard input is; examples are never broken.
no_longer_than() {
  longer=$(sed '/^Examples:/,$d' | awk -v most="$1" 'length > most')
  [ -z "$longer" ] || fail "longer than $1 columns: $longer"
}

commands >"$WORK/commands"
[ "$(wc -l <"$WORK/commands")" -gt 14 ] || fail "only these commands: $(cat "$WORK/commands")"
while read -r command; do
  file=$(basename "$command" | tr -s ' -' '-').txt
  # shellcheck disable=SC2086 # a program and a command
  $command --help >"$WORK/help"
  as_expected "help/$file" <"$WORK/help"
  lines=$(wc -l <"$WORK/help")
  [ "$lines" -le 24 ] || fail "$command --help has $lines lines"
  sed -n 1p "$WORK/help" | grep -q '^[A-Z].*\.$' || fail "$command --help does not begin with a sentence"
  same "lines of examples of $command" 2 "$(sed '1,/^Examples:/d' "$WORK/help" | grep -c '^  [a-z]')"
  for words in "$command --help" "$command --help-all"; do
    for columns in 60 80 200; do
      COLUMNS=$columns $words >"$WORK/help"
      no_longer_than $((columns < 100 ? columns : 100)) <"$WORK/help"
      ! grep -q -E '\{false\}|TEXT|REQUIRED|SIZE \[b' "$WORK/help" || fail "$words: $(cat "$WORK/help")"
    done
  done
done <"$WORK/commands"

same "help, short" "$(xarbuild dir --help)" "$(xarbuild dir -h)"
