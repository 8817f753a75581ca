#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# A small round of bench/stress: whatever is killed, unmounted and cleaned meanwhile, each
# launch is right whose own server is let alone, and nothing is left.
. "$(dirname "$0")/lib.sh"
needs_fuse_for_users
unshare -U true 2>/dev/null || skip "no user namespaces"

python3 "$HERE/../../bench/stress" --launches "${XAR_TEST_LAUNCHES:-120}" --archives 8 --lanes 4 --bin "$XAR_BIN" \
  >"$WORK/report" || fail "$(cat "$WORK/report")"
grep -q ' right: [1-9]' "$WORK/report" || fail "no launch was right: $(cat "$WORK/report")"
grep -q ' ended by SIGKILL: [1-9]' "$WORK/report" || fail "nothing was killed: $(cat "$WORK/report")"
