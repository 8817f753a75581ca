# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh
# An option is in the manual page if and only if it is in the program's help, and the
# pages are well written.
. "$(dirname "$0")/lib.sh"

pages=$HERE/../../docs/man
for program in xarbuild xarexec; do
  {
    options_of "$program"
    for subcommand in $(subcommands_of "$program"); do options_of "$program" "$subcommand"; done
  } | sort -u >"$WORK/help"
  # ".It Fl o , Fl -output Ar OUT"; several letters behind one are several options.
  grep -E -e '^\.' "$pages/$program.1" | grep -o -E -e 'Fl -?[A-Za-z][A-Za-z-]*' | sed 's/^Fl /-/' |
    sed -E '/^-[A-Za-z]{2,}$/ { s/^-//; s/(.)/-\1\n/g; s/\n$// }' | sort -u >"$WORK/page"
  [ "$(wc -l <"$WORK/help")" -gt 10 ] || fail "$program --help shows only: $(cat "$WORK/help")"
  differences=$(diff -u "$WORK/help" "$WORK/page" | grep -E '^[-+]-' || true)
  [ -z "$differences" ] ||
    fail "docs/man/$program.1 must have the options of $program --help; only there -, only in the page +:
$differences"
done

command -v mandoc >/dev/null || skip "no mandoc"
for page in "$pages"/*; do
  same "what mandoc has against $(basename "$page")" "" "$(mandoc -T lint -W warning "$page" || true)"
done
