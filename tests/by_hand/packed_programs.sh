#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# mc, git with its clones, Perl with its modules, node with a package from npm and a Java
# program with what jlink makes: each packed by one command without a wrapper, and alike to
# the same files unpacked. Not among the tests, because it needs large packages, and npm's
# registry:
#   apt-get install mc git perl nodejs npm openjdk-17-jdk-headless squashfuse
#   XAR_BIN=$PWD/build/release/bin tests/by_hand/packed_programs.sh
# What is not there is left out, and said. With ORIGINAL=.../xarexec_fuse, which the sources of
# facebookincubator/xar make, the original runs them too:
#   g++ -std=c++17 -I. xar/Logging.cpp xar/XarHelpers.cpp xar/XarLinux.cpp xar/XarExecFuse.cpp -o xarexec_fuse
. "$(dirname "$0")/../e2e/lib.sh"
needs_fuse
# shellcheck source=/dev/null
. "$HERE/../e2e/packing.lib"
cd "$WORK"
# shellcheck disable=SC2034 # of packing.lib
compared=0 unpacked=$WORK/tree environment=
export HOME="$WORK" TERM=xterm LC_ALL=C.UTF-8

has() { command -v "$1" >/dev/null || {
  echo "left out: no $1"
  false
}; }
# done_with NAME: what was compared, and how large it is.
done_with() {
  echo "$1: alike, $(stat -c %s "$1.xar") bytes"
  rm -rf tree
}

if has mc; then
  files_of tree mc mc-data
  rm -rf tree/usr/share/doc tree/usr/share/locale
  # shellcheck disable=SC2034
  environment="MC_DATADIR=$unpacked/etc/mc"
  pack mc tree --run usr/bin/mc --multi-call --env 'MC_DATADIR={root}/etc/mc'
  for option in --version --help --help-all --datadir --nonsense; do alike "$WORK/tree/usr/bin/mc" $option; done
  ln -sf mc.alone mcedit
  same "mcedit by its name" "$("$WORK/tree/usr/bin/mcedit" --help 2>&1 | head -3)" "$(./mcedit --help 2>&1 | head -3)"
  done_with mc
fi

if has git; then
  files_of tree git
  rm -rf tree/usr/share/doc
  environment="GIT_EXEC_PATH=$unpacked/usr/lib/git-core GIT_TEMPLATE_DIR=$unpacked/usr/share/git-core/templates"
  pack git tree --run usr/bin/git --env 'GIT_EXEC_PATH={root}/usr/lib/git-core' \
    --env 'GIT_TEMPLATE_DIR={root}/usr/share/git-core/templates'
  git init -q origin
  git -C origin -c user.name=one -c user.email=one@example.org commit -q --allow-empty -m first
  for arguments in --help "help -g" "clone $WORK/origin" "clone file://$WORK/origin" "-C $WORK/origin log --stat" \
    "-C $WORK/origin fsck" "-C $WORK/origin filter-branch -h"; do
    # shellcheck disable=SC2086 # words
    alike "$WORK/tree/usr/bin/git" $arguments
  done
  done_with git
fi

if has perl; then
  libraries=$(perl -MConfig -e 'print "$Config{archlib} $Config{privlib}"')
  version=$(perl -MConfig -e 'print "$Config{PERL_REVISION}.$Config{PERL_VERSION}"')
  files_of tree perl-base perl "perl-modules-$version" "libperl$version"
  rm -rf tree/usr/share/doc tree/usr/share/man
  archlib=${libraries% *} privlib=${libraries#* }
  environment="PERL5LIB=$unpacked$archlib:$unpacked$privlib"
  pack perl tree --run usr/bin/perl --env "PERL5LIB={root}$archlib:{root}$privlib"
  alike "$WORK/tree/usr/bin/perl" --help
  alike "$WORK/tree/usr/bin/perl" -MPOSIX -MJSON::PP -e 'print encode_json([floor(2.5), @ARGV]), $INC{"POSIX.pm"}, "\n"' x --help
  alike "$WORK/tree/usr/bin/perl" -MData::Dumper -e 'system($^X, "-e", "print 1+1"); print Dumper({a => 1}); die "end\n"'
  done_with perl
fi

if has node && has npm; then
  mkdir -p tree/bin
  cp "$(readlink -f "$(command -v node)")" tree/bin/node
  npm install --silent --no-audit --no-fund --prefix tree semver@7.6.3 >"$WORK/log" 2>&1 || fail "$(cat "$WORK/log")"
  pack semver tree --run bin/node --arg '{root}/node_modules/semver/bin/semver.js'
  semver=$WORK/tree/node_modules/semver/bin/semver.js
  compare_semver() {
    outcome "$WORK/tree/bin/node" "$semver" "$@" >"$WORK/expected"
    for form in xar alone ${ORIGINAL:+orig}; do
      outcome "$WORK/semver.$form" "$@" >"$WORK/actual"
      cmp -s expected actual || fail "<semver.$form $*>: $(diff expected actual)"
    done
  }
  compare_semver --help
  compare_semver -r '>=1.2' 1.1.0 1.3.0 2.0.0
  compare_semver nonsense
  done_with semver
  mkdir -p tree/bin
  cp "$(readlink -f "$(command -v node)")" tree/bin/node
  pack node tree --run bin/node
  echo 'console.log(process.argv.slice(2), process.execPath)' >"$WORK/script.js"
  alike "$WORK/tree/bin/node" --help
  alike "$WORK/tree/bin/node" "$WORK/script.js" a 'b c' --help
  alike "$WORK/tree/bin/node" -e 'process.exit(require("child_process").spawnSync(process.execPath, ["-p", "1+1"], {stdio: "inherit"}).status + 4)'
  done_with node
fi

if has jlink && has javac; then
  mkdir tree
  jlink --add-modules java.base --strip-debug --no-header-files --no-man-pages --output tree/jre 2>/dev/null ||
    jlink --add-modules java.base --output tree/jre
  cat >Hello.java <<'JAVA'
public class Hello {
  public static void main(String[] words) {
    System.out.println(String.join("|", words) + " " + System.getProperty("java.home"));
    System.exit(words.length);
  }
}
JAVA
  javac -d tree/classes Hello.java
  environment=
  pack java tree --run jre/bin/java
  for option in --version --help -X --nonsense; do alike "$WORK/tree/jre/bin/java" $option; done
  done_with java
  mkdir tree && javac -d tree/classes Hello.java && jlink --add-modules java.base --output tree/jre
  pack hello tree --run jre/bin/java --arg=-cp --arg '{root}/classes' --arg Hello
  for form in xar alone ${ORIGINAL:+orig}; do
    outcome "$WORK/hello.$form" a 'b c' --help >actual
    outcome "$WORK/tree/jre/bin/java" -cp "$WORK/tree/classes" Hello a 'b c' --help >expected
    cmp -s expected actual || fail "<hello.$form>: $(diff expected actual)"
  done
  done_with hello
fi
