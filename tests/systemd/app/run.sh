#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What the services run. Each mode says "right" if the archive's content is read as it was
# packed, and "wrong" if not; nothing read before is taken from the page cache.
here=${0%/*}
shift

check() {
  dd if="$here/content" iflag=nocache count=0 status=none 2>/dev/null
  set -- "$(sha256sum <"$here/content")" "$(cat "$here/digest")"
  [ -n "$1" ] && [ "$1" = "$2" ]
}
say() { if check; then echo "right $1 in $here"; else echo "wrong $1 in $here"; fi; }
# Twice a second, for as long as the service runs.
serve() {
  n=0
  while :; do
    n=$((n + 1))
    say $n
    sleep 0.5
  done
}

case "${1-}" in
  serve)
    [ -z "${NOTIFY_SOCKET-}" ] || systemd-notify --ready
    serve
    ;;
  daemon) # in the background, as services of the type forking
    serve &
    ;;
  *) say "${1-once}" ;;
esac
