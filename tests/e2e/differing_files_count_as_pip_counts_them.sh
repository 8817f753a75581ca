#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Files of one name that differ: of distributions one is packed, that which pip would leave,
# with a warning; of the user's directories none, until one of them is left out.
. "$(dirname "$0")/lib.sh"
needs_fuse

python=/usr/bin/python3
$python -c 'import pip, venv' 2>/dev/null || skip "no python3-pip or python3-venv"
cd "$WORK"
wheel() { $python "$HERE/make_wheel.py" "$@"; }
pack() {
  xarbuild python --python $python --mount-root "$ROOT" --xar-exec "$XAR_BIN/xarexec_fuse" --zstd-level 1 --no-cache --force -q "$@"
}
# as_installed [OPTION...] WHEEL...: of the files called README and both/__init__.py the same is packed.
as_installed() {
  $python -m venv --clear --without-pip venv
  $python -m pip --python venv/bin/python install -q --no-index "$@" 2>pip.log || fail "pip: $(cat pip.log)"
  pack "$@" -o packed.xar -e first 2>message || fail "$*: $(cat message)"
  for name in README both/__init__.py; do
    same "$name of <$*>" "$(cat venv/lib/python*/site-packages/$name)" "$(xarexec --cat packed.xar $name)"
  done
  same "lines about <$*> ($(cat message))" 1 "$(wc -l <message)"
  grep -q "^xarbuild: two inputs differ in: README and 1 other file: of .*\.whl it is packed, of .*\.whl it is not$" message ||
    fail "$(cat message)"
}
same_in_both='both/same.py equal'
# shellcheck disable=SC2086 # words
for requires in none first second; do
  set --
  [ $requires != first ] || set -- requires=second
  wheel "$@" first-1.0-py3-none-any.whl first.py x README 'of first' both/__init__.py '# 1' $same_in_both
  set --
  [ $requires != second ] || set -- 'requires=first>=1'
  wheel "$@" second-1.0-py3-none-any.whl second.py x README 'of second' both/__init__.py '# 2' $same_in_both
  as_installed first-1.0-py3-none-any.whl second-1.0-py3-none-any.whl
  as_installed second-1.0-py3-none-any.whl first-1.0-py3-none-any.whl
done

# The user's own files go before those of distributions.
mkdir src other
echo 'def main(): print("mine")' >src/first.py
pack first-1.0-py3-none-any.whl src -o packed.xar -e first:main 2>message || fail "$(cat message)"
same "the user's" mine "$(./packed.xar)"
grep -q "differ in: first.py: of src it is packed, of first-1.0-py3-none-any.whl it is not" message || fail "$(cat message)"

# An environment's are replaced by those that are installed into it.
wheel second-1.0-py3-none-any.whl README 'of second'
pack venv second-1.0-py3-none-any.whl -o packed.xar -e first 2>message || fail "$(cat message)"
same "what is installed last" "of second" "$(xarexec --cat packed.xar README)"
grep -q "of second-1.0-py3-none-any.whl it is packed, of venv it is not" message || fail "$(cat message)"

# Between two directories the user decides.
echo 'def main(): print("other")' >other/first.py
echo 'VALUE = 1' >other/value.py
mkdir src/deep && echo 'kept' >src/deep/first.py
refused 125 "two inputs differ in: first.py: leave one of them out, for example by --exclude other/first.py" \
  xarbuild python --python $python src other -o x.xar -e first:main
pack ./src/ other -o packed.xar -e first:main --exclude other/first.py
same "without the other" mine "$(./packed.xar)"
same "the rest of the other" "VALUE = 1" "$(xarexec --cat packed.xar value.py)"
pack ./src/ other -o packed.xar -e first:main --exclude src/first.py
same "without the one" other "$(./packed.xar)"
same "a file of that name elsewhere" kept "$(xarexec --cat packed.xar deep/first.py)"

# A file and a directory of one name cannot both be.
mkdir other/deep.d && mkdir -p blocked/first.py
refused 125 "two inputs differ in: first.py" xarbuild python --python $python src blocked -o x.xar -e first
