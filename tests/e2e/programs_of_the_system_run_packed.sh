#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# git, perl and ls, each packed by one command without a wrapper, say what they say unpacked.
# tests/by_hand/packed_programs.sh has larger ones.
. "$(dirname "$0")/lib.sh"
needs_fuse
# shellcheck source=/dev/null
. "$HERE/packing.lib"
cd "$WORK"
# shellcheck disable=SC2034 # of packing.lib
compared=0 unpacked=$WORK/tree environment=

mkdir -p tree/bin
cp /bin/ls /bin/cat tree/bin
pack ls tree --run bin/ls --multi-call
for arguments in "-ld /" "--help" "--version" "-l /nowhere"; do
  # shellcheck disable=SC2086 # words
  alike "$WORK/tree/bin/ls" $arguments
done
echo content >input
ln -s ls.alone cat
same "by another name" content "$(./cat <input)"
rm -r tree

if dpkg-query -W perl-base >/dev/null 2>&1; then
  files_of tree perl-base
  modules=$(perl -MConfig -e 'print "$Config{archlib}-base"' | sed 's|/perl/[0-9.]*-base|/perl-base|')
  # shellcheck disable=SC2034
  environment=PERL5LIB=$unpacked$modules
  pack perl tree --run usr/bin/perl --env "PERL5LIB={root}$modules"
  alike "$WORK/tree/usr/bin/perl" --help
  alike "$WORK/tree/usr/bin/perl" -v
  alike "$WORK/tree/usr/bin/perl" -MIO::Handle -e 'print "$INC{q(IO/Handle.pm)} @ARGV\n"; exit 3' 'a b' --help
  # shellcheck disable=SC2016
  printf '%s\n' 'print "$0 @ARGV\n"; print scalar <STDIN>;' >script.pl
  alike "$WORK/tree/usr/bin/perl" "$WORK/script.pl" one two
  rm -r tree
fi

if dpkg-query -W git >/dev/null 2>&1; then
  files_of tree git
  rm -rf tree/usr/share/doc
  # shellcheck disable=SC2034
  environment="GIT_EXEC_PATH=$unpacked/usr/lib/git-core GIT_TEMPLATE_DIR=$unpacked/usr/share/git-core/templates"
  pack git tree --run usr/bin/git --env 'GIT_EXEC_PATH={root}/usr/lib/git-core' \
    --env 'GIT_TEMPLATE_DIR={root}/usr/share/git-core/templates'
  export GIT_AUTHOR_NAME=one GIT_AUTHOR_EMAIL=one@example.org GIT_AUTHOR_DATE='1700000000 +0000'
  export GIT_COMMITTER_NAME=one GIT_COMMITTER_EMAIL=one@example.org GIT_COMMITTER_DATE='1700000000 +0000'
  export HOME="$WORK" GIT_CONFIG_NOSYSTEM=1
  for arguments in --version --help "help -a" --exec-path "log --oneline" nonsense; do
    # shellcheck disable=SC2086 # words
    alike "$WORK/tree/usr/bin/git" $arguments
  done
  alike "$WORK/tree/usr/bin/git" -c \
    'alias.all=!git init -q . && git commit -q --allow-empty -m first && git log' all
fi
[ "$compared" -ge 4 ] || fail "only $compared outputs were compared"
