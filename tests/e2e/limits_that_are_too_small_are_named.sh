#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# A launch works within the limits of its caller, or says in one line which is too small.
. "$(dirname "$0")/lib.sh"
needs_fuse

mkdir "$WORK/app"
echo 'echo "ran"' >"$WORK/app/run.sh"
xarbuild dir "$WORK/app" -o "$WORK/app.xar" --exec run.sh --mount-root "$ROOT" -q
# Root is held to no number of processes.
launch() { "$@"; }
if [ "$(id -u)" -eq 0 ]; then
  make_user
  share_launcher
  launch() { as_user "$@"; }
fi

for limit in "-f 0" "-n 3" "-n 8" "-v 1000" "-v 10000" "-d 100" "-s 16" "-l 0" "-u 1"; do
  code=0
  # Through a pipe, for a file could not be written to.
  # shellcheck disable=SC2016
  out=$(launch sh -c 'ulimit $1 && exec xarexec "$2"' sh "$limit" "$WORK/app.xar" 2>&1) || code=$?
  case $code in
    0) [ "$out" = ran ] || fail "with ulimit $limit: $out" ;;
    139 | 137) ;; # the kernel cannot even start the program
    *) [ "$(echo "$out" | wc -l)" -eq 1 ] || fail "with ulimit $limit, status $code: $out" ;;
  esac
  end_servers
done
