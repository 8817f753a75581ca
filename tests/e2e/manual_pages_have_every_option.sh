# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh
# An option is in the manual page if and only if it is in the program's help, and the
# pages are well written, and installed.
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

# Each is installed with its program, and under every name of it.
for program in xarexec xarbuild; do
  DESTDIR='' cmake --install "$XAR_BUILD" --prefix "$WORK/$program" --component "$program" >"$WORK/log" || fail "$(cat "$WORK/log")"
done
for page in xarexec.1 xarexec_fuse.1 xar.5 mount.xar.8 mount.fuse.xar.8; do
  gzip -t "$WORK/xarexec/share/man/man${page##*.}/$page.gz" || fail "$page is not installed"
done
gzip -t "$WORK/xarbuild/share/man/man1/xarbuild.1.gz" || fail "xarbuild.1 is not installed"
for page in README.md docs/howto-directory.md docs/troubleshooting.md libxar/FORMAT.md; do
  [ -s "$WORK/xarexec/share/doc/xarexec/$page" ] || fail "$page is not installed"
done
same "pages" "$(find "$pages" -type f -printf '%f\n' | sort | xargs)" \
  "$(find "$WORK/xarexec" "$WORK/xarbuild" -path '*/man/*' -type f -name '*.gz' -printf '%f\n' | sed 's/\.gz$//' | sort | xargs)"

command -v mandoc >/dev/null || skip "no mandoc"
for page in "$pages"/*; do
  same "what mandoc has against $(basename "$page")" "" "$(mandoc -T lint -W warning "$page" || true)"
done
