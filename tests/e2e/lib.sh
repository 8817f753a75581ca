# SPDX-License-Identifier: BSD-2-Clause
# Sourced by every test here: a folder of its own, $WORK, that goes away with all
# that was mounted below it, and a mount root in it, $ROOT, so that tests never
# meet each other's mounts. The programs are in $XAR_BIN.
# shellcheck shell=sh

set -eu

PATH="$XAR_BIN:$PATH"
WORK=$(mktemp -d "${TMPDIR:-/tmp}/xar-e2e.XXXXXX")
ROOT="$WORK/root"
# Builds must not find what others have left, nor leave anything.
export XDG_CACHE_HOME="$WORK/cache"
mkdir -m 1777 "$ROOT"
chmod 755 "$WORK"
chmod 1777 "$ROOT"
NAME=$(basename "$0" .sh)
HERE=$(cd "$(dirname "$0")" && pwd)
USER_NAME=
STOPPED= # a process that would not end by itself
unset XAR_BACKEND COLUMNS NO_COLOR
# A mount is named after the niceness of the launch that makes it.
[ "$(id -u)" -ne 0 ] || [ "$(nice)" -eq 0 ] || renice -n 0 -p $$ >/dev/null

# Paths of the mounts below a folder, the deepest first.
mounts_below() {
  awk -v at="$1/" 'index($2, at) == 1 { print $2 }' /proc/mounts | sort -r
}

# Servers of this test's archives; a mount in a namespace of its own has no other end. A
# server is told by its record, for it takes its name only after it has begun to serve.
own_servers() {
  for process in $(server_of "/memfd:xar-server *" | sort -u); do
    [ -z "$(find "/proc/$process/fd" -lname "$WORK/*" 2>/dev/null)" ] || echo "$process"
  done
}
are_ended() { [ -z "$(own_servers)" ]; }
# Again until none is left: one may have begun to serve after the first look.
are_ended_by_us() {
  for server in $(own_servers); do
    kill "$server" 2>/dev/null || true
  done
  are_ended
}
end_servers() { wait_until are_ended_by_us || fail "servers stay: $(own_servers)"; }

# With what launches keep for the user in the common places.
remove_user() {
  uid=$(id -u "$USER_NAME")
  userdel "$USER_NAME"
  rm -rf "/tmp/xar-$uid" "/var/tmp/xar-$uid"
  find "/dev/shm/uid-$uid" -maxdepth 1 -name 'lockfile.*' -delete 2>/dev/null || true
  rmdir "/dev/shm/uid-$uid" 2>/dev/null || true
}

clean_up() {
  status=$?
  trap - EXIT
  [ -z "$STOPPED" ] || kill -KILL "$STOPPED" || true
  # Also the common roots, where the archive of a test may have gone by default.
  for at in $(mounts_below "$WORK") $(mounts_below /dev/shm | grep -F -e "seed-e2e-$$" || true); do
    umount -l "$at" 2>/dev/null || fusermount3 -uz "$at" 2>/dev/null || true
  done
  wait_until are_ended_by_us || echo "$NAME: servers stay: $(own_servers)" >&2
  [ -z "$USER_NAME" ] || remove_user
  ! is_mount_point "$WORK" || umount -l "$WORK"
  rm -rf "$WORK" /dev/shm/uid-*/*"seed-e2e-$$"*
  exit "$status"
}
trap clean_up EXIT

is_mount_point() { awk -v at="$1" '$2 == at { found = 1 } END { exit !found }' /proc/mounts; }
# In a chroot, what with_own_mounts mounts has to be below a mount that nobody else has.
if [ "$(id -u)" -eq 0 ] && ! is_mount_point /; then
  mount --bind "$WORK" "$WORK"
  mount --make-private "$WORK"
fi
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

fail() {
  echo "$NAME: $*" >&2
  exit 1
}

# may_skip REASON: fails the test unless it may be skipped. Where XAR_TEST_SKIPS is set, as in
# CI, only what that file lists may be.
may_skip() {
  [ -z "${XAR_TEST_SKIPS-}" ] || grep -q -x -F -e "e2e.$NAME: $*" "$XAR_TEST_SKIPS" ||
    fail "cannot run here, and is not in $XAR_TEST_SKIPS: $*"
}
# skip REASON: ends the test; exit status 77 tells CTest.
skip() {
  may_skip "$@"
  echo "$NAME: skipped, $*"
  exit 77
}
# skip_part REASON: the test goes on without a part of it.
skip_part() {
  may_skip "$@"
  echo "$NAME: a part is skipped, $*"
}

needs_fuse() { [ -r /dev/fuse ] && [ -w /dev/fuse ] || skip "no /dev/fuse"; }
needs_root() { [ "$(id -u)" -eq 0 ] || skip "not root"; }

# Makes an ordinary user, $USER_NAME, whom as_user COMMAND... becomes.
make_user() {
  useradd --no-create-home --home-dir "$WORK" --shell /bin/sh "xar-e2e-$$"
  USER_NAME="xar-e2e-$$"
}
as_user() { setpriv --reuid="$USER_NAME" --regid="$USER_NAME" --clear-groups "$@"; }

# What a user needs to mount, and root to try it.
needs_fuse_for_users() {
  needs_root
  needs_fuse
  command -v fusermount3 >/dev/null || skip "no fusermount3"
  [ "$(stat -c %a /dev/fuse)" = 666 ] || skip "/dev/fuse is not open to users"
  may_gain_privileges || skip "processes may gain no privileges"
}
# Not so in containers of bubblewrap, where fusermount3 does not run as root.
may_gain_privileges() { grep -q '^NoNewPrivs:[[:space:]]*0$' /proc/self/status; }
# The same as needs_fuse_for_users, for parts of tests.
users_can_mount() { (needs_fuse_for_users) >/dev/null 2>&1; }

# with_own_mounts COMMAND...: in a mount namespace whose changes nobody else sees. unshare
# makes that so by the root, which is no mount point in a chroot: there, what is seen is
# mounted in a folder first, and that becomes the root.
with_own_mounts() {
  if is_mount_point /; then
    unshare -m --propagation private "$@"
    return
  fi
  mkdir -p "$WORK/.all"
  unshare -m --propagation unchanged sh -ec '
    mount --rbind / "$0"
    mount --make-rprivate "$0"
    exec chroot "$0" sh -c "cd \"\$0\" && exec \"\$@\"" "$PWD" "$@"' "$WORK/.all" "$@"
}

# Evaluated in the shell that with_own_mounts runs: nothing but $WORK can be written to of all
# the places where archives are mounted and unpacked.
# shellcheck disable=SC2034
only_work_is_writable='
  mount --bind "$WORK" "$WORK" && mount --rbind /tmp /tmp &&
  mount -o remount,bind,ro /tmp && unset TMPDIR XDG_RUNTIME_DIR &&
  for taken in /var/tmp /dev/shm /mnt /root; do mount -t tmpfs -o ro none "$taken" || exit 125; done'
export WORK

# Puts the launcher where every user can run it, $WORK/bin, in front in PATH.
share_launcher() {
  mkdir "$WORK/bin"
  cp "$XAR_BIN/xarexec" "$WORK/bin/"
  chmod 755 "$WORK/bin"
  PATH="$WORK/bin:$PATH"
}

# same WHAT EXPECTED ACTUAL
same() {
  [ "$2" = "$3" ] || fail "$1: expected <$2>, got <$3>"
}

# refused STATUS WORDS COMMAND...: ends so, with one line on standard error that
# has WORDS in it and begins with the program's name, and nothing on standard output.
refused() {
  wanted=$1 words=$2
  shift 2
  code=0
  "$@" >"$WORK/.stdout" 2>"$WORK/.stderr" || code=$?
  same "status of <$*> ($(cat "$WORK/.stderr"))" "$wanted" "$code"
  same "lines of <$*> on standard error ($(cat "$WORK/.stderr"))" 1 "$(wc -l <"$WORK/.stderr")"
  grep -q -F -e "$words" "$WORK/.stderr" || fail "<$*> says <$(cat "$WORK/.stderr")>, not <$words>"
  grep -q -E '^xar(build|exec): ' "$WORK/.stderr" || fail "<$*> does not say who speaks: $(cat "$WORK/.stderr")"
  [ ! -s "$WORK/.stdout" ] || fail "<$*> prints <$(cat "$WORK/.stdout")>"
}

# How many FUSE mounts there are below a folder.
count_mounts() { mounts_below "$1" | grep -c . || true; }

# server_of FILE: the processes that have an archive open, which its servers do.
server_of() { find /proc/[0-9]*/fd -lname "$1" 2>/dev/null | cut -d/ -f3; }

# hold PID...: in a debugger's hands until let_go. What is started meanwhile must not keep
# descriptor 7.
hold() {
  rm -f "$WORK/.hold" "$WORK/.held"
  mkfifo "$WORK/.hold"
  python3 "$HERE/trace.py" "$@" <"$WORK/.hold" >"$WORK/.held" &
  tracer=$!
  exec 7>"$WORK/.hold"
  wait_until test -s "$WORK/.held" || fail "cannot trace $*"
}
let_go() {
  exec 7>&-
  wait "$tracer" || fail "tracing failed"
}

# pause PID: returns when all of its threads have stopped, which takes the kernel a moment.
pause() {
  kill -STOP "$1"
  wait_until is_paused "$1" || fail "$1 does not stop"
}
is_paused() { ! grep -L '^State:.[TtZ]' /proc/"$1"/task/*/status | grep -q .; }

# wait_until COMMAND...: for at most half a minute.
wait_until() {
  tries=0
  until "$@"; do
    tries=$((tries + 1))
    [ "$tries" -lt 300 ] || return 1
    sleep 0.1
  done
}

# header TARGET: in the original's form, for images made by hand.
header() {
  {
    printf '#!/usr/bin/env xarexec_fuse\nOFFSET="4096"\nUUID="%s"\nVERSION="1795440486"\nDEPENDENCIES=""\n' \
      "${UUID:-b78cddc6}"
    printf 'MOUNT_ROOT="%s"\n' "$ROOT"
    [ -z "$1" ] || printf 'XAREXEC_TARGET="%s"\n' "$1"
    printf '#xar_stop\necho This XAR cannot be run by sh\nexit 1\n'
  } >"$WORK/header"
  size=$(wc -c <"$WORK/header")
  cat "$WORK/header"
  head -c $((4096 - size)) /dev/zero | tr '\0' '\n'
}

# options_of COMMAND...: the names of all options in its help, sorted.
options_of() {
  "$@" --help-all | sed -n 's/^  \(-[^ ].*\)$/\1/p' | sed 's/   *.*//' |
    grep -o -E -e '(^|[ ,])--?[A-Za-z][a-z-]*' | tr -d ' ,' | sort -u
}

# subcommands_of PROGRAM: each command that has a help of its own.
subcommands_of() {
  case $1 in
    xarbuild) "$1" --help | sed -n '/^Also/q; s/^  \([a-z][a-z]*\)  .*/\1/p' ;;
    xarexec) "$1" --help | sed -n '/^Also/q; s/^  \(-., \)\{0,1\}\(--[a-z-]*\).*/\2/p' ;;
  esac
}

# gather FOLDER PACKAGE...: what Debian's packages install for Python, with what they depend
# on, which differs between releases; or skips.
gather() {
  gathered=$1
  shift
  mkdir -p "$gathered"
  for package in "$@"; do
    is_installed "$package" || skip "no $package"
  done
  seen=" "
  while [ $# -gt 0 ]; do
    package=$1
    shift
    case $seen in *" $package "*) continue ;; esac
    seen="$seen$package "
    is_installed "$package" || continue
    dpkg-query -L "$package" | sed -n 's,^/usr/lib/python3/dist-packages/,,p' |
      tar -C /usr/lib/python3/dist-packages --no-recursion -cf - -T - | tar -C "$gathered" -xf -
    # shellcheck disable=SC2046
    set -- "$@" $(dpkg-query -W -f '${Depends}' "$package" | tr ',|' '\n' | sed -n 's/^ *\(python3-[a-z0-9.+-]*\).*/\1/p')
  done
}
is_installed() { dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null | grep -q -x installed; }

# as_expected NAME: standard input is what expected/NAME has. XAR_UPDATE_EXPECTED=1 writes
# that file instead: what has changed is to be read in the commit.
as_expected() {
  mkdir -p "$(dirname "$WORK/.actual/$1")"
  cat >"$WORK/.actual/$1"
  if [ -n "${XAR_UPDATE_EXPECTED-}" ]; then
    mkdir -p "$(dirname "$HERE/expected/$1")"
    cp "$WORK/.actual/$1" "$HERE/expected/$1"
  fi
  diff -u "$HERE/expected/$1" "$WORK/.actual/$1" >"$WORK/.difference" ||
    fail "not as expected/$1; if that is meant, run this test with XAR_UPDATE_EXPECTED=1:
$(cat "$WORK/.difference")"
}
