#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# --version says which release, which commit and which libraries a program is made of; from
# a tarball, also inside another project's repository, no commit.
. "$(dirname "$0")/lib.sh"

for program in xarbuild xarexec; do
  $program --version >"$WORK/$program"
  sed -n 1p "$WORK/$program" | grep -q -x -E "$program $XAR_VERSION( \([0-9a-f]{12,}(-dirty)?\))?" ||
    fail "$program says <$(cat "$WORK/$program")>"
  # Those of the pkg-config files that the header was written from, as this test runs.
  for library in libzstd libsodium CLI11; do
    sed -n 2p "$WORK/$program" | grep -q -F "$library $(pkg-config --modversion $library)" ||
      fail "$program does not name its $library"
  done
done
same "squashfuse" 1 "$(grep -c -F "Built with squashfuse $(pkg-config --modversion squashfuse), fuse3 " "$WORK/xarexec")"

cd "$WORK"
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE
git init -q source
commit() { git -C source -c user.name=a -c user.email=a@b.invalid commit -q --allow-empty -m "$1"; }
# said SOURCE: what the header that is written from there says of xarexec.
said() {
  cmake -DSOURCE="$WORK/$1" -DVERSION=1.2.3 -DHEADER="$WORK/versions.hpp" -P "$HERE/../../cmake/WriteVersion.cmake"
  sed -n 's/.*k_xarexec = "\(xarexec [^\\"]*\).*/\1/p' versions.hpp
}
same "no commit yet" "xarexec 1.2.3" "$(said source)"
echo one >source/file
git -C source add file
commit first
git -C source tag v9
head=$(git -C source rev-parse HEAD | cut -c1-12)
same "commit" "xarexec 1.2.3 ($head)" "$(said source)"
touch -d @1 versions.hpp
same "again" "xarexec 1.2.3 ($head)" "$(said source)"
same "time of a header that stays" 1 "$(stat -c %Y versions.hpp)"
touch source/untracked
same "file of nobody's" "xarexec 1.2.3 ($head)" "$(said source)"
echo two >source/file
same "changed file" "xarexec 1.2.3 ($head-dirty)" "$(said source)"
mkdir source/tarball
same "tarball" "xarexec 1.2.3" "$(said source/tarball)"
mkdir bin
for tool in sed pkg-config cmake; do ln -s "$(command -v $tool)" bin/; done
same "no git" "xarexec 1.2.3" "$(PATH=$WORK/bin said source)"
