# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh
# In CI a test that is skipped fails unless skips_in_ci lists it. Each entry there has a
# reason above it and names a test that exists, and no test is skipped in any other way.
. "$(dirname "$0")/lib.sh"
tests=$(cd "$HERE/.." && pwd)
list="$tests/skips_in_ci"

# result_of COMMAND: how a test ends that runs it, and what it says.
result_of() {
  printf '. "%s/lib.sh"\n%s\necho went on\n' "$HERE" "$1" >"$WORK/a_test.sh"
  code=0
  said=$(sh "$WORK/a_test.sh" 2>&1) || code=$?
  echo "$code $said"
}
unset XAR_TEST_SKIPS
same "without a list" "77 a_test: skipped, no moon" "$(result_of 'skip "no moon"')"
same "a part without a list" "0 a_test: a part is skipped, no moon
went on" "$(result_of 'skip_part "no moon"')"
printf '# Not at this time.\ne2e.a_test: no moon\ne2e.other_test: no sun\n' >"$WORK/list"
export XAR_TEST_SKIPS="$WORK/list"
same "listed" "77 a_test: skipped, no moon" "$(result_of 'skip "no moon"')"
for command in skip skip_part; do
  for reason in "no sun" "no" "no moon at all" ".*"; do
    same "$command for <$reason>, which is not listed" \
      "1 a_test: cannot run here, and is not in $WORK/list: $reason" "$(result_of "$command '$reason'")"
  done
done
unset XAR_TEST_SKIPS

# check_list FILE TESTS: prints what is wrong with it; TESTS has the name of each test.
check_list() {
  awk -v names="$2" '
    BEGIN { while ((getline name < names) > 0) known[name] = 1 }
    /^#/ { why = 1; next }
    /^$/ { why = 0; next }
    !/^[A-Za-z0-9_.\/]+: [^ ]/ { print "not NAME: REASON: " $0; next }
    !why { print "no comment above says why: " $0 }
    { sub(/: .*/, "") }
    !($0 in known) { print "no such test: " $0 }' "$1"
}
find "$HERE" -name '*.sh' -exec basename {} .sh \; | sed 's/^/e2e./' >"$WORK/tests"
grep -rhoE '^TEST(_F|_P)?\([A-Za-z0-9]+, *[A-Za-z0-9]+\)' "$tests/unit" "$tests/integration" |
  sed -E 's/.*\((.*), *(.*)\)/\1.\2/' >>"$WORK/tests"
same "faults of $list" "" "$(check_list "$list" "$WORK/tests")"
printf 'e2e.lib: why not\n\n# Why.\ne2e.none: no moon\ne2e.lib\n' >"$WORK/list"
same "faults of a bad list" "no comment above says why: e2e.lib: why not
no such test: e2e.none
not NAME: REASON: e2e.lib" "$(check_list "$WORK/list" "$WORK/tests")"

# What would be skipped without that list, or switched off.
same "other ways to skip" "" "$(grep -rnE 'GTEST_SKIP|DISABLED_|exit 7[7]' \
  --include='*.cpp' --include='*.hpp' --include='*.sh' --include='*.lib' "$tests" |
  grep -v -e "^$tests/support/scratch.hpp:" -e "^$HERE/lib.sh:" -e "^$HERE/$NAME.sh:")"
