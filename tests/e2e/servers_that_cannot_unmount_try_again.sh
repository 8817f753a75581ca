#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# A server that is told to end, and whose fusermount3 fails, unmounts as soon as that works.
. "$(dirname "$0")/lib.sh"
needs_fuse_for_users

make_user
share_launcher
mkdir "$WORK/data" "$WORK/failing"
echo content >"$WORK/data/file"
xarbuild dir "$WORK/data" -o "$WORK/data.xar" --mount-root "$ROOT" -q
cat >"$WORK/failing/fusermount3" <<END
#!/bin/sh
[ ! -e "$WORK/fails" ] || { echo >>"$WORK/fails" && kill -SEGV \$\$; }
exec $(command -v fusermount3) "\$@"
END
chmod 755 "$WORK/failing/fusermount3"

at=$(as_user env PATH="$WORK/failing:$PATH" xarexec -m "$WORK/data.xar")
: >"$WORK/fails"
chmod 666 "$WORK/fails"
kill "$(own_servers)"
has_failed() { [ "$(wc -l <"$WORK/fails")" -ge 3 ]; }
wait_until has_failed || fail "fusermount3 was not tried again"
same "mounts" "$at" "$(mounts_below "$ROOT")"
rm "$WORK/fails"
wait_until are_ended || fail "the server stays"
same "mounts at the end" "" "$(mounts_below "$ROOT")"
