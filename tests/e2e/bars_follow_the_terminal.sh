#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The bar of a build is never wider than the terminal, follows a change of its width, and is
# not drawn where a line cannot be wiped.
. "$(dirname "$0")/lib.sh"

export TERM=xterm
mkdir "$WORK/src"
cd "$WORK"
# What cannot be compressed takes longest.
head -c 30000000 /dev/urandom >src/noise
on_terminal() { python3 "$HERE/on_terminal.py" "$@"; }
build="xarbuild dir src -o a.xar --no-cache -j 1"

# The longest bar among what has been drawn.
longest_bar() { tr '\r' '\n' | sed -n 's/\x1b\[K.*//; /^\[[= ]*\]/p' | awk 'length > n { n = length } END { print n + 0 }'; }

for columns in 20 60 80 200; do
  # shellcheck disable=SC2086 # words
  on_terminal "$columns" $build --fast >drawn || fail "in $columns columns: $(cat -v drawn)"
  bar=$(longest_bar <drawn)
  [ "$bar" -gt 0 ] || fail "no bar in $columns columns: $(cat -v drawn)"
  [ "$bar" -lt "$columns" ] || fail "a bar of $bar in $columns columns: $(cat -v drawn)"
done

# shellcheck disable=SC2086
on_terminal 40,200 $build --zstd-level 22 >drawn
[ "$(longest_bar <drawn)" -gt 40 ] || fail "the bar stays as it was: $(cat -v drawn)"

for terminal in dumb ''; do
  # shellcheck disable=SC2086
  TERM=$terminal on_terminal 80 $build --fast >drawn
  ! sed 's/\r$//' drawn | LC_ALL=C grep -q '[[:cntrl:]]' || fail "TERM='$terminal': $(cat -v drawn)"
done
