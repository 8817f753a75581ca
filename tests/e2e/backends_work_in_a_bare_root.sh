#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# In a root with a shell, the launcher and nothing else, as in a chroot or an image from
# scratch: as root and as a user, without /proc, /dev/fuse, /dev. It always runs if there is
# somewhere to write, by the backend that the doctor names.
. "$(dirname "$0")/lib.sh"
needs_root
needs_fuse
! readelf -lW "$XAR_BIN/xarexec" | grep -q INTERP || skip "the launcher is not static"

tree="$WORK/tree"
mkdir -p "$tree/bin"
# copy PROGRAM: with the shared libraries that it needs, at the same places.
copy() {
  cp "$1" "$tree/bin/"
  ldd "$1" | grep -o '/[^ ]*' | while read -r library; do
    mkdir -p "$tree$(dirname "$library")"
    cp "$library" "$tree$library"
  done
}
copy "$(readlink -f /bin/sh)"
mv "$tree/bin/$(basename "$(readlink -f /bin/sh)")" "$tree/bin/sh"
copy "$(command -v setpriv)"
cp "$XAR_BIN/xarexec" "$tree/bin/"
# What is started first in the root: becomes the user and goes on.
cat >"$tree/bin/enter" <<'END'
id=$1
shift
cd /
export XDG_CACHE_HOME=/home/cache PATH=/bin
exec /bin/setpriv --reuid="$id" --regid="$id" --clear-groups "$@"
END
mkdir "$WORK/app"
# Where it runs from, without what is the machine's own.
cat >"$WORK/app/run.sh" <<'END'
case "$0" in
  /*.userns/run.sh) echo "userns $2" ;;
  /dev/shm/uid-*/run.sh) echo "fuse $2" ;;
  /home/*/xar/*/run.sh) echo "extract $2" ;;
  *) echo "$0" ;;
esac
END
# By a name of its own its servers are found, in whatever root.
archive="/app-$$.xar"
export archive
xarbuild dir "$WORK/app" -o "$tree$archive" --exec run.sh -q

# Given to "sh -e" in a mount namespace, with the tree as $1: what makes the root.
has_proc='mount -t proc none "$1/proc"; '
has_fuse='mknod -m 666 "$1/dev/fuse" c 10 229; '
has_null='mknod -m 666 "$1/dev/null" c 1 3; '
has_shm='mkdir -m 1777 "$1/dev/shm"; '
# in_root WHO HOW PARTS COMMAND...: in a fresh copy of the tree with these parts, which is
# entered by HOW: chroot, plain, which is a chroot to a directory that is no mount point, or
# pivot.
in_root() {
  who=$1 how=$2 parts=$3
  shift 3
  case "$who" in
    root) id=0 ;;
    user) id=4711 ;;
  esac
  # shellcheck disable=SC2016
  with_own_mounts sh -ec '
    tree=$1 parts=$2 how=$3 id=$4
    shift 4
    mount -t tmpfs none "$tree/../at"
    at="$tree/../at"
    [ "$how" != plain ] || at="$at/plain"
    mkdir -p "$at"
    cp -a "$tree/." "$at"
    tree=$(cd "$at" && pwd)
    mkdir "$tree/proc" "$tree/dev" "$tree/home" "$tree/old"
    chown "$id:$id" "$tree/home"
    cd "$tree" && eval "set -- \"$tree\" \"\$@\"; $parts"
    shift
    if [ "$how" = pivot ]; then
      pivot_root . old
      exec /bin/sh -e /bin/enter "$id" "$@"
    fi
    exec chroot . /bin/sh -e /bin/enter "$id" "$@"' sh "$tree" "$parts" "$how" "$id" "$@"
}
mkdir "$WORK/at"

# runs WHO HOW PARTS RUNG
runs() {
  # shellcheck disable=SC2016
  out=$(in_root "$1" "$2" "$3" /bin/sh -c '
    said=$(/bin/xarexec --doctor "$archive") || echo "the doctor ends with $?: $said"
    case "${said##*
}" in
      "a launch would mount through FUSE by mount(2)"*) echo fuse ;;
      "a launch would mount in a namespace"*) echo userns ;;
      "a launch would unpack into"*) echo extract ;;
      *) echo "$said" ;;
    esac
    /bin/xarexec "$archive" once && /bin/xarexec "$archive" again' 2>&1) || true
  same "$1, $2, $3" "$4
$4 once
$4 again" "$out"
}
runs root chroot "$has_proc$has_fuse$has_null$has_shm" fuse
runs root chroot "$has_fuse$has_null$has_shm" fuse
runs root plain "$has_proc$has_fuse$has_null$has_shm" fuse
runs root chroot "$has_fuse$has_shm" fuse
runs root chroot "$has_proc$has_null$has_shm" extract
runs root chroot "" extract
runs user chroot "$has_proc$has_fuse$has_null$has_shm" extract
runs user chroot "" extract
if unshare -U true 2>/dev/null; then
  runs user pivot "$has_proc$has_fuse$has_null$has_shm" userns
  runs user pivot "$has_fuse$has_null$has_shm" extract
fi

# Nowhere to write: said by the launch and by the doctor.
refused 125 "see xarexec --doctor $archive" in_root user chroot "" \
  /bin/sh -c 'unset XDG_CACHE_HOME HOME; exec /bin/xarexec "$archive"'
[ "$(wc -c <"$WORK/.stderr")" -lt 180 ] || fail "too long: $(cat "$WORK/.stderr")"
code=0
in_root user chroot "" /bin/sh -c 'unset XDG_CACHE_HOME HOME; exec /bin/xarexec --doctor "$archive"' >"$WORK/said" || code=$?
same "the doctor's status ($(cat "$WORK/said"))" 1 "$code"

# Before the folder goes that their roots are mounted on: a mount that has lost its place in
# that way cannot be taken away.
servers() { find /proc/[0-9]*/fd -lname "*$archive" 2>/dev/null | cut -d/ -f3 | sort -u; }
for server in $(servers); do kill "$server"; done
are_gone() { [ -z "$(servers)" ]; }
wait_until are_gone || fail "servers stay: $(servers)"
