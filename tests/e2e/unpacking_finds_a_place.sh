#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Where nothing can be mounted, archives are unpacked in the first place that can be used,
# whatever of the others is missing, full, read-only, noexec or another user's.
. "$(dirname "$0")/lib.sh"
needs_root
export XAR_BACKEND=extract
unset XDG_CACHE_HOME XDG_RUNTIME_DIR TMPDIR CACHE_DIRECTORY STATE_DIRECTORY RUNTIME_DIRECTORY

share_launcher
make_user
uid=$(id -u "$USER_NAME")
mkdir "$WORK/app" "$WORK/own"
chmod 755 "$WORK/app" "$WORK/own"
# Tells where it runs from, without the names below the folder.
printf '#!/bin/sh\necho "${0%%/*/run.sh}${XARFUSE_NEW_MOUNT+ made}"\n' >"$WORK/app/run.sh"
chmod 755 "$WORK/app/run.sh"
xarbuild dir "$WORK/app" -o "$WORK/app.xar" --exec run.sh -q
cp /bin/true "$WORK/app/program"
xarbuild dir "$WORK/app" -o "$WORK/program.xar" --exec program -q

# alone COMMAND...: in a mount namespace with only $WORK to write in, where $prepare has
# been evaluated, with no environment but what the command makes.
alone() {
  # shellcheck disable=SC2154
  with_own_mounts sh -ec "$only_work_is_writable; eval \"\$prepare\"
    exec env -i PATH=\"\$PATH\" XAR_BACKEND=extract \"\$@\"" sh "$@"
}
export uid prepare USER_NAME
become() { alone setpriv --reuid="$USER_NAME" --regid="$USER_NAME" --clear-groups env "$@"; }
# own NAME...: directories of the user's in $WORK/own.
own() {
  rm -rf "$WORK/own"/*
  for name in "$@"; do install -d -o "$USER_NAME" -m 700 "$WORK/own/$name"; done
}
prepare=:

# Each of the places, in their order: those before it are not there.
own cache home service state runtime session tmp
all="XDG_CACHE_HOME=$WORK/own/cache HOME=$WORK/own/home CACHE_DIRECTORY=$WORK/own/none:$WORK/own/service
  STATE_DIRECTORY=$WORK/own/state RUNTIME_DIRECTORY=$WORK/own/runtime XDG_RUNTIME_DIR=$WORK/own/session
  TMPDIR=$WORK/own/tmp"
for place in cache/xar home/.cache/xar service/xar state/xar runtime/xar session/xar-cache "tmp/xar-$uid"; do
  # shellcheck disable=SC2086
  same "first of $place" "$WORK/own/$place made" "$(become $all xarexec "$WORK/app.xar")"
  # shellcheck disable=SC2086
  same "again of $place" "$WORK/own/$place" "$(become $all xarexec "$WORK/app.xar")"
  same "mode of $place" "700 $uid" "$(stat -c '%a %u' "$WORK/own/$place")"
  # shellcheck disable=SC2086
  become $all xarexec --clean --older-than 0 | grep -q "removed unpacked archive: $WORK/own/$place/" ||
    fail "what is in $place is not cleaned away"
  chmod 500 "$WORK/own/${place%%/*}"
  chown root "$WORK/own/${place%%/*}"
done

# What is common to all users, with no environment.
for place in /tmp /var/tmp /dev/shm; do
  prepare="mount -t tmpfs -o mode=1777 none $place"
  # That hides the archive and the launcher.
  [ "$place" != /tmp ] || prepare='mkdir -p -m 1777 "$WORK/tmp" && cp -a "$WORK/app.xar" "$WORK/tmp/" &&
    cp "$WORK/bin/xarexec" "$WORK/tmp/" && mount --bind "$WORK/tmp" /tmp'
  at=$WORK
  [ "$place" != /tmp ] || at=/tmp
  [ "$place" != /tmp ] || PATH="/tmp:$PATH"
  same "$place" "$place/xar-$uid made" "$(become xarexec "$at/app.xar")"
  for home in / /nonexistent; do
    same "$place, with HOME=$home" "$place/xar-$uid made" "$(become HOME=$home xarexec "$at/app.xar")"
    rm -rf "$WORK/tmp"
  done
done
# Of root, who has no home either.
prepare='mount -t tmpfs -o mode=1777 none /dev/shm'
same "of root" "/dev/shm/xar-0 made" "$(alone xarexec "$WORK/app.xar")"

# Another user's preparation in a directory of all users is passed over, and the folder
# beside it is found again.
twice='xarexec "$WORK/app.xar" && xarexec "$WORK/app.xar" && ls -A /dev/shm/prize; ls -ld /dev/shm/xar-*'
for taken in 'mkdir -m 777 /dev/shm/xar-$uid' 'ln -s /dev/shm/prize /dev/shm/xar-$uid' 'echo >/dev/shm/xar-$uid' \
  'install -d -m 777 -o $uid /dev/shm/xar-$uid' \
  'mkdir -m 777 /dev/shm/xar-$uid && mkdir -m 777 /dev/shm/xar-$uid-000000 && ln -s prize /dev/shm/xar-$uid-AAAAAA'; do
  prepare="mount -t tmpfs -o mode=1777 none /dev/shm && install -d -m 700 -o \$uid /dev/shm/prize && $taken"
  become WORK="$WORK" sh -c "$twice" >"$WORK/out"
  same "$taken ($(cat "$WORK/out"))" 2 "$(grep -c "^/dev/shm/xar-$uid-......\( made\)\{0,1\}$" "$WORK/out")"
  same "different ones after $taken ($(cat "$WORK/out"))" 1 "$(sed -n 's/ made$//p' "$WORK/out" | wc -l)"
  same "names in all after $taken" 1 "$(grep -c "$uid-......$" "$WORK/out" | sed 's/.*/1/')"
done
# A directory in which all may write is none where the owner alone may remove.
own tmp
prepare='chmod 777 "$WORK/own/tmp"; mount -t tmpfs -o mode=1777 none /dev/shm'
same "without the sticky bit" "/dev/shm/xar-$uid made" "$(become TMPDIR="$WORK/own/tmp" xarexec "$WORK/app.xar")"

# A file system that is full, or takes no programs.
own cache
prepare='mount -t tmpfs -o mode=1777 none /dev/shm; mount -t tmpfs -o "size=4096,uid=$uid" none "$WORK/own/cache"'
same "on a full disk" "/dev/shm/xar-$uid made" "$(become XDG_CACHE_HOME="$WORK/own/cache" xarexec "$WORK/app.xar")"
prepare='mount -t tmpfs -o mode=1777 none /dev/shm; mount -t tmpfs -o "noexec,uid=$uid" none "$WORK/own/cache"'
same "not where it is noexec" "/dev/shm/xar-$uid made" "$(become XDG_CACHE_HOME="$WORK/own/cache" xarexec "$WORK/app.xar")"
become XDG_CACHE_HOME="$WORK/own/cache" xarexec "$WORK/program.xar" || fail "a program does not run"
prepare='mount -t tmpfs -o "noexec,uid=$uid" none "$WORK/own/cache"'
refused 125 "cannot use: $WORK/own/cache/xar: its file system is mounted noexec: see xarexec --doctor" \
  become XDG_CACHE_HOME="$WORK/own/cache" sh -c "xarexec '$WORK/program.xar'"
same "for want of another" 0 "$(become XDG_CACHE_HOME="$WORK/own/cache" sh -c 'xarexec -m "$1" | wc -l >/dev/null; echo $?' sh "$WORK/app.xar")"

# A damaged archive is no place's fault, and unpacked nowhere.
own cache home
prepare=:
cp "$WORK/app.xar" "$WORK/bad.xar"
printf x | dd of="$WORK/bad.xar" bs=1 seek=$(($(stat -c %s "$WORK/bad.xar") - 8)) conv=notrunc status=none
refused 125 "the image is not what its header says" become XDG_CACHE_HOME="$WORK/own/cache" HOME="$WORK/own/home" xarexec "$WORK/bad.xar"
[ ! -e "$WORK/own/home/.cache" ] || fail "it was tried elsewhere, too"

# Nowhere: one sentence.
own
refused 125 "cannot use: $WORK/app.xar: " become HOME=/nonexistent xarexec "$WORK/app.xar"
grep -q ": see xarexec --doctor $WORK/app.xar$" "$WORK/.stderr" || fail "no advice: $(cat "$WORK/.stderr")"
[ "$(wc -c <"$WORK/.stderr")" -lt 200 ] || fail "too long: $(cat "$WORK/.stderr")"
