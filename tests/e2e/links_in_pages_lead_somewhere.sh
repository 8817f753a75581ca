# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh
# Every relative link in a Markdown page leads to a file that is there.
. "$(dirname "$0")/lib.sh"

cd "$HERE/../.."
find . \( -path ./build -o -path ./.git \) -prune -o -name '*.md' -print >"$WORK/pages"
while read -r page; do
  grep -o -E -e '\]\([^)# ]+' "$page" | sed 's/^](//' | grep -v '://' >"$WORK/links" || continue
  while read -r link; do
    [ -e "$(dirname "$page")/$link" ] || fail "$page links to <$link>, which is not there"
    echo "$page $link" >>"$WORK/followed"
  done <"$WORK/links"
done <"$WORK/pages"
[ "$(wc -l <"$WORK/followed")" -gt 30 ] || fail "only these links were found: $(cat "$WORK/followed")"
