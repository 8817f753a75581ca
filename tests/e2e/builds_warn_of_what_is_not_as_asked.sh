#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What a build changes or leaves out without having been asked to, and patterns without
# effect: a line each, also where it is to be quiet, and an archive all the same.
. "$(dirname "$0")/lib.sh"

cd "$WORK"
mkdir -p src/lib
echo one >src/one
echo two >src/lib/two
build() { xarbuild dir src -o a.xar -q --no-cache "$@" 2>said; }
said() { same "what is said with $1" "$2" "$(cat said)"; }

build
said nothing ""
build --exclude lib/two --exclude one
said "patterns that match" ""
build --exclude ./lib/none --exclude / --exclude one
said "patterns that match nothing" "xarbuild: nothing left out: ./lib/none: this pattern matches no name
xarbuild: nothing left out: /: this pattern matches no name"

printf '# comment\r\nlib/two\r\n' >list
build --exclude-from list
said "a list from Windows" ""
same "what is left" "lib one" "$(xarexec --ls -R a.xar | xargs)"
printf 'lib\n' | build --exclude-from /dev/stdin
said "a list from a pipe" ""
same "what is left" "one" "$(xarexec --ls -R a.xar)"
printf 'lib/two 5\r\n' | build --sort /dev/stdin
said "a sort file from a pipe" ""

touch -d 1969-06-01 src/one
build
said "a time before 1970" "xarbuild: time changed: one: an archive has times from 1970 to 2106"
xarexec --ls -l a.xar one | TZ=UTC0 grep -q 19 || fail "the time is $(xarexec --ls -l a.xar one)"
touch -d 1955-06-01 src/lib/two
SOURCE_DATE_EPOCH=1000000000 build
said "two such" "xarbuild: time changed: lib/two and 1 other: an archive has times from 1970 to 2106"
same "the version" 'VERSION="1000000000"' "$(grep -a -m1 '^VERSION=' a.xar)"
touch src/one src/lib/two

setfacl -m u:12345:rw,g::r,m::rw src/one 2>/dev/null || skip "no access control lists here"
chmod g=rw,o= src/one
build
said "an access control list" "xarbuild: access control list left out: src/one: an archive has none"
xarexec --ls -l a.xar one | grep -q '^-rw-r-----' || fail "the mode is $(xarexec --ls -l a.xar one)"
build --no-xattrs
said "a list that is not wanted" ""
xarexec --ls -l a.xar one | grep -q '^-rw-r-----' || fail "the mode is $(xarexec --ls -l a.xar one)"
