# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh
# Whoever types what the README and the how-to pages show gets what they show.
. "$(dirname "$0")/lib.sh"
needs_fuse

export XAR_MOUNT_SEED="e2e-$$"
for page in README.md docs/howto-directory.md docs/howto-python.md docs/howto-data.md; do
  mkdir "$WORK/page"
  (cd "$WORK/page" && python3 "$HERE/run_document.py" "$HERE/../../$page") || fail "see above"

  rm -rf "$WORK/page"
done
