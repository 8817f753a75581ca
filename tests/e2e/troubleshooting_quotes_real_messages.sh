# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh
# Each message that the troubleshooting page explains is still one that is said.
. "$(dirname "$0")/lib.sh"

root=$HERE/../..
# Literals that the compilers join are joined, so that a line's end does not part a message.
find "$root/libxar/src" "$root/xarexec" "$root/xarbuild" '(' -name '*.cpp' -o -name '*.py' ')' -exec cat {} + |
  tr '\n' ' ' | sed -E 's/" +"//g' >"$WORK/sources"
sed -n 's/^### `\(.*\)`$/\1/p' "$root/docs/troubleshooting.md" >"$WORK/messages"
[ "$(wc -l <"$WORK/messages")" -gt 20 ] || fail "only these messages: $(cat "$WORK/messages")"
sed 's/ *… */\n/g' "$WORK/messages" | while read -r part; do
  [ -z "$part" ] || grep -q -F -e "$part" "$WORK/sources" || fail "nothing says <$part>"
done
