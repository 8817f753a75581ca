# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh
# docs/benchmarks.md and its pictures are what bench/run draws from the results beside them,
# and tell a reader nothing of targets, which are printed where it measures.
. "$(dirname "$0")/lib.sh"

root=$(cd "$HERE/../.." && pwd)
mkdir "$WORK/pages"
PYTHONDONTWRITEBYTECODE=1 python3 "$root/bench/run" --draw "$WORK/pages"
diff "$WORK/pages/benchmarks.md" "$root/docs/benchmarks.md" || fail "the page is not that of its results: bench/run --draw"
for results in "$root"/docs/benchmarks/*.json; do
  name=$(basename "$results" .json)
  cmp "$WORK/pages/benchmarks/$name.svg" "$root/docs/benchmarks/$name.svg" ||
    fail "$name.svg is not that of its results: bench/run --draw"
done
! grep -n -i -E 'target|to reach|missed' "$root/docs/benchmarks.md" || fail "the page tells of targets"
