#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# With systemd as PID 1, services of all usual hardening options and the units of the page
# about services run the same archive at once, and stopping one leaves the others right.
. "$(dirname "$0")/lib.sh"
needs_root
needs_fuse
command -v systemd-nspawn >/dev/null || skip "no systemd-nspawn"
[ -n "${XAR_TEST_SYSTEMD_TREE-}" ] || skip "no tree with systemd in XAR_TEST_SYSTEMD_TREE"

"$HERE/../systemd/run" --tree "$XAR_TEST_SYSTEMD_TREE" >"$WORK/said" 2>&1 || fail "$(cat "$WORK/said")"
