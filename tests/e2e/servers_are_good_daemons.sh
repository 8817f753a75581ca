#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# A server that stays behind shows who it is, keeps nothing of the launch that started it,
# and says in the system's log what no program of the archive can know.
. "$(dirname "$0")/lib.sh"
needs_fuse

mkdir "$WORK/app" "$WORK/place" "$WORK/here"
printf 'echo ran\n' >"$WORK/app/run.sh"
head -c 300000 /dev/urandom | base64 >"$WORK/app/data"
xarbuild dir "$WORK/app" -o "$WORK/app.xar" --exec run.sh --mount-root "$ROOT" -q
server() { server_of "$WORK/app.xar" | sort -u; }
stat_of() { sed 's/.*) //' "/proc/$1/stat" | cut -d' ' -f"$2"; }

is_titled() { [ "$(tr -d '\0' <"/proc/$1/cmdline")" = "xar-server: $WORK/app.xar" ]; }

# is_good_daemon PID: whatever the launch had open, and wherever it stood. Who waits for the
# mount is answered before the server takes its title.
is_good_daemon() {
  wait_until is_titled "$1" || fail "its title is $(tr '\0' ' ' <"/proc/$1/cmdline")"
  same "name" xar-server "$(cat "/proc/$1/comm")"
  same "environment that is left" 0 "$(tr '\0' '\n' <"/proc/$1/environ" | grep -c XAR_SECRET)"
  same "working directory" / "$(readlink "/proc/$1/cwd")"
  same "umask" 0022 "$(awk '$1 == "Umask:" { print $2 }' "/proc/$1/status")"
  same "terminal" 0 "$(stat_of "$1" 5)"
  [ "$(stat_of "$1" 4)" != "$(stat_of $$ 4)" ] || fail "it is in the launch's session"
  [ "$(stat_of "$1" 2)" != $$ ] || fail "it is a child of who launches"
  for stream in 0 1 2; do
    same "stream $stream" /dev/null "$(readlink "/proc/$1/fd/$stream")"
  done
  # shellcheck disable=SC2046
  same "other descriptors" "" "$(readlink $(find "/proc/$1/fd" -type l) |
    grep -v -x -F -e /dev/null -e /dev/fuse -e "$WORK/app.xar" -e '/memfd:xar-server (deleted)' |
    grep -v -e "^$ROOT/uid-$(id -u)" -e '^anon_inode:\[\(signalfd\|pidfd\)\]$' || true)"
}
launch() {
  (cd "$WORK/place" && umask 077 && exec 7<"$WORK/app/data" 9>"$WORK/place/open" &&
    XAR_SECRET=1 "$@")
}
same "launch" ran "$(launch xarexec "$WORK/app.xar")"
is_good_daemon "$(server)"
xarexec -u "$WORK/app.xar"
is_unserved() { [ -z "$(server)" ]; }
wait_until is_unserved || fail "the server stays"
launch xarexec -m "$WORK/app.xar" "$WORK/here" >/dev/null
is_good_daemon "$(server)"
# Which signals it uses for itself is nobody's business.
kill -USR1 "$(server)"
kill -TERM "$(server)"
wait_until is_unserved || fail "the server stays"
if unshare -U true 2>/dev/null; then
  same "launch in a namespace" ran "$(launch xarexec --backend userns "$WORK/app.xar")"
  is_good_daemon "$(server)"
  kill "$(server)"
  wait_until is_unserved || fail "the server stays"
fi

# A damaged block: an error for who reads it, one line for the log, and for all others
# nothing changes. The same without a log.
head -c 4096 /dev/zero | dd of="$WORK/app.xar" bs=4096 seek=20 conv=notrunc status=none
damaged() {
  at=$(xarexec -m "$WORK/app.xar")
  for round in 1 2 3; do
    ! cat "$at/data" >/dev/null 2>"$WORK/error" || fail "damage is not seen in round $round"
    grep -q "Input/output error" "$WORK/error" || fail "not said: $(cat "$WORK/error")"
  done
  same "launch of what is damaged elsewhere" ran "$(xarexec "$WORK/app.xar")"
  pid=$(server)
  xarexec -u "$WORK/app.xar"
}
damaged
needs_root
cat >"$WORK/log.py" <<'END'
import os, socket, sys
log = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
log.bind("/dev/log")
os.chmod("/dev/log", 0o666)
print("listens", flush=True)
while (line := log.recv(8192)) != b"end":
    sys.stdout.buffer.write(line + b"\n")
    sys.stdout.flush()
END
# A /dev of its own, in which this test is the log.
inside=$(
  cat <<'END'
mount --make-private /dev && mount -t tmpfs none /dev
for node in null:1:3 zero:1:5 urandom:1:9 fuse:10:229; do
  name=${node%%:*}
  numbers=${node#*:}
  mknod -m 666 "/dev/$name" c "${numbers%:*}" "${numbers#*:}"
done
python3 "$WORK/log.py" >"$WORK/log" &
until [ -s "$WORK/log" ]; do sleep 0.1; done
at=$(xarexec -m "$WORK/app.xar")
for round in 1 2 3; do cat "$at/data" >/dev/null 2>&1 && exit 1; done
find /proc/[0-9]*/fd -lname "$WORK/app.xar" 2>/dev/null | cut -d/ -f3 | sort -u >"$WORK/server"
xarexec -u "$WORK/app.xar"
python3 -c 'import socket; socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b"end", "/dev/log")'
wait
END
)
export WORK
unshare -m --propagation unchanged sh -c "$inside" || fail "damage is not seen"
same "the log" "listens
<11>xar-server[$(cat "$WORK/server")]: cannot read: $WORK/app.xar: it or its disk is damaged: verify it" "$(cat "$WORK/log")"
