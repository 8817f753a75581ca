#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Colours are there on a terminal and on request; there is no control character in a pipe, on
# a dumb terminal, or where NO_COLOR says so.
. "$(dirname "$0")/lib.sh"

export TERM=xterm
mkdir -p "$WORK/old/lib" "$WORK/new"
cd "$WORK"
echo a >old/a
echo a >old/lib/a
echo b >new/a
xarbuild dir old -o old.xar -q --mount-root "$ROOT"
xarbuild dir new -o new.xar -q --mount-root "$ROOT"
on_terminal() { python3 "$HERE/on_terminal.py" 80 sh -c "$1 || true"; }
escape=$(printf '\033')
# A bar wipes itself away by control characters, which are no colours.
colours() { grep -c "$escape\[[0-9]*m" || true; }
controls() { sed 's/\r$//' | LC_ALL=C grep -c '[[:cntrl:]]' || true; }

for command in "xarexec --diff old.xar new.xar" "xarexec --doctor" "xarexec --ls -R old.xar" "xarexec --ls -l old.xar"; do
  [ "$(on_terminal "$command" | colours)" -gt 0 ] || fail "no colour on a terminal: $command"
  [ "$( ($command --color always || true) | colours)" -gt 0 ] || fail "no colour on request: $command"
  [ "$(NO_COLOR=1 on_terminal "$command --color always" | colours)" -gt 0 ] || fail "no colour on request: $command"
  same "colours without them of $command" 0 "$(on_terminal "$command --color never" | colours)"
  same "colours with NO_COLOR of $command" 0 "$(NO_COLOR=1 on_terminal "$command" | colours)"
  same "colours with an empty NO_COLOR of $command" 1 "$(NO_COLOR='' on_terminal "$command" | colours | grep -c '[1-9]')"
  same "control characters on a dumb terminal of $command" 0 "$(TERM=dumb on_terminal "$command" | controls)"
  same "control characters in a pipe of $command" 0 "$( ($command 2>&1 || true) | controls)"
done
for command in "xarbuild dir old -o x.xar" "xarbuild dir old --dry-run" "xarexec --help" "xarbuild dir --help-all" \
  "xarexec --verify old.xar" "xarexec --list" "xarexec --info old.xar" "xarbuild --fats" "xarexec none.xar"; do
  same "control characters in a pipe of $command" 0 "$( ($command 2>&1 || true) | controls)"
  same "control characters on a dumb terminal of $command" 0 "$(TERM=dumb on_terminal "$command" | controls)"
done
refused 2 "bad value: --color blue: expected auto, always or never" xarexec --doctor --color blue
