#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Whatever a machine lacks, applications run and tell the same: as root and as an
# ordinary user, with all there is, without fusermount3, without user namespaces, without
# /dev/fuse, without either.
. "$(dirname "$0")/lib.sh"
needs_fuse_for_users
unshare -U true 2>/dev/null || skip "no user namespaces"

make_user
mkdir "$WORK/bin" "$WORK/none" "$WORK/shell" "$WORK/elf" "$WORK/python" "$WORK/caches"
chmod 1777 "$WORK/caches"
cp "$XAR_BIN/xarexec" "$WORK/none/"
chmod 755 "$WORK/none" "$WORK/none/xarexec"
# What it says must not depend on where it runs from.
echo 'echo "$0" >"'"$WORK"'/at"' >"$WORK/shell/run.sh"
: >"$WORK/at"
chmod 666 "$WORK/at"
cat >>"$WORK/shell/run.sh" <<'END'
shift
echo "uid $(id -u), in $(pwd), $*, $(cat "$(dirname "$0")/lib/data"), file ${XAR_FILE-none}"
case "$0" in */run.sh) ;; *) echo "runs as $0" ;; esac
[ -n "$XAREXEC_LAUNCH_TIMESTAMP" ] && exit 7
END
mkdir "$WORK/shell/lib"
echo content >"$WORK/shell/lib/data"
cp /bin/echo "$WORK/elf/echo"
printf 'import sys\ndef main():\n    print("python", sys.argv[1:], __file__.endswith("tell.py"))\n' >"$WORK/python/tell.py"
xarbuild dir "$WORK/shell" -o "$WORK/shell.xar" --exec run.sh --mount-root "$ROOT" -q
xarbuild dir "$WORK/elf" -o "$WORK/elf.xar" --exec echo --mount-root "$ROOT" -q
xarbuild python "$WORK/python" -o "$WORK/python.xar" -e tell:main --mount-root "$ROOT" -q

# run WHO HOW COMMAND...: on a machine that lacks something.
run() {
  who=$1 how=$2
  shift 2
  # shellcheck disable=SC2086
  case "$who" in
    root) set -- env XDG_CACHE_HOME="$WORK/caches/root" "$@" ;;
    user) set -- setpriv --reuid="$USER_NAME" --regid="$USER_NAME" --clear-groups env XDG_CACHE_HOME="$WORK/caches/user" "$@" ;;
  esac
  case "$how" in *no_helper*) set -- env PATH="$WORK/none:$WORK/search" "$@" ;; esac
  case "$how" in
    *no_userns*) without_namespaces "$@" ;;
    *no_fuse*) unshare -m --propagation unchanged sh -c "$without_fuse" sh "$@" ;;
    *) "$@" ;;
  esac
}
without_fuse='mount --make-private /dev && mount -t tmpfs none /dev &&
  mknod -m 666 /dev/null c 1 3 && exec "$@"'
# In a user namespace of everybody in which no other can be made.
without_namespaces() {
  rm -f "$WORK/mapped"
  mkfifo "$WORK/mapped"
  # Only what is executed after that has root's rights in it.
  unshare -U -m --propagation slave sh -c 'read -r _ <"$1" && shift && exec "$@"' sh "$WORK/mapped" \
    sh -c 'echo 0 >/proc/sys/user/max_user_namespaces && exec "$@"' sh "$@" &
  inside=$!
  wait_until is_apart
  echo "0 0 65536" >"/proc/$inside/uid_map"
  echo "0 0 65536" >"/proc/$inside/gid_map"
  echo >"$WORK/mapped"
  wait "$inside"
}
is_apart() { [ "$(readlink "/proc/$inside/ns/user")" != "$(readlink /proc/self/ns/user)" ]; }
# The commands that the applications need, but no fusermount3.
mkdir "$WORK/search"
for command in sh env id cat dirname pwd python3 setpriv; do
  ln -s "$(command -v $command)" "$WORK/search/$command"
done
is_unserved() { [ -z "$(server_of "$WORK/shell.xar")" ]; }

# backend WHO HOW: which one the launch takes; what it tells must be right.
cd "$WORK"
backend() {
  for round in first second; do
    code=0
    out=$(run "$1" "$2" "$WORK/none/xarexec" "$WORK/shell.xar" a "b c") || code=$?
    uid=0
    [ "$1" = root ] || uid=$(id -u "$USER_NAME")
    same "$round shell application, $1, $2" "uid $uid, in $WORK, a b c, content, file none, status 7" "$out, status $code"
    same "$round ELF application, $1, $2" "$WORK/elf.xar x" "$(run "$1" "$2" "$WORK/none/xarexec" "$WORK/elf.xar" x)"
    same "$round Python application, $1, $2" "python ['y'] True" "$(run "$1" "$2" "$WORK/none/xarexec" "$WORK/python.xar" y)"
  done
  case "$(cat "$WORK/at")" in
    "$WORK/caches"/*) taken=extract ;;
    "$ROOT"/*.userns/*) taken=userns ;;
    "$ROOT"/*) taken=fuse ;;
    *) taken=userns ;;
  esac
  end_servers
  rm -rf "$WORK/caches"/*
}
# The doctor says beforehand which it will be.
check() {
  run "$1" "$2" "$WORK/none/xarexec" --doctor "$WORK/shell.xar" >"$WORK/said" ||
    fail "the doctor has no hope for $1, $2: $(cat "$WORK/said")"
  case "$3" in
    fuse) words="mount through FUSE by" ;;
    userns) words="mount in a namespace of its own, below $ROOT" ;;
    extract) words="unpack into $WORK/caches" ;;
  esac
  tail -n 1 "$WORK/said" | grep -q "^a launch would $words" ||
    fail "the doctor does not say $3 of $1, $2: $(cat "$WORK/said")"
  backend "$1" "$2"
  same "the backend of $1, $2" "$3" "$taken"
}
check root all fuse
check user all fuse
check root no_helper fuse
check user no_helper userns
check root no_userns fuse
check user no_userns_no_helper extract
check root no_fuse extract
check user no_fuse extract

# One that is asked for is the only one, and takes no other's mount for its own.
launch() { as_user env XDG_CACHE_HOME="$WORK/caches/user" XARFUSE_NEW_MOUNT=1 "$WORK/none/xarexec" --backend "$@"; }
echo 'echo "new ${XARFUSE_NEW_MOUNT-no}, in $(pwd)"; ls -d "$(dirname "$0")/run.sh" >/dev/null' >"$WORK/shell/run.sh"
xarbuild dir "$WORK/shell" -o "$WORK/shell.xar" --exec run.sh --mount-root "$ROOT" -q
for backend in userns fuse extract; do
  same "first of $backend" "new 1, in $WORK" "$(launch "$backend" "$WORK/shell.xar")"
  same "second of $backend" "new no, in $WORK" "$(launch "$backend" "$WORK/shell.xar")"
done
# Killed, stopped: as everywhere.
for server in $(server_of "$WORK/shell.xar"); do pause "$server"; done
for backend in userns fuse; do
  same "stopped server of $backend" "new no, in $WORK" "$(timeout 20 "$WORK/none/xarexec" --version >/dev/null && launch "$backend" "$WORK/shell.xar")"
done
# In a debugger's hands: another takes its place.
# shellcheck disable=SC2046
hold $(server_of "$WORK/shell.xar" | sort -u)
for backend in userns fuse; do
  same "traced server of $backend" "new 1, in $WORK" "$(launch "$backend" "$WORK/shell.xar" 7>&-)"
done
let_go
for server in $(server_of "$WORK/shell.xar"); do kill -KILL "$server"; done
wait_until is_unserved || fail "servers stay"
for backend in userns fuse; do
  same "killed server of $backend" "new 1, in $WORK" "$(launch "$backend" "$WORK/shell.xar")"
done
i=0
for server in $(server_of "$WORK/shell.xar" | sort -u); do kill "$server" && i=$((i + 1)); done
same "servers" 2 "$i"
wait_until is_unserved || fail "servers stay"
i=0
while [ $i -lt "${XAR_TEST_LAUNCHES:-20}" ]; do
  launch userns "$WORK/shell.xar" >"$WORK/out.$i" 2>&1 &
  i=$((i + 1))
done
wait
same "right answers at once" "$i" "$(cat "$WORK"/out.* | grep -c "^new .*, in $WORK$")"
same "mounts made" 1 "$(cat "$WORK"/out.* | grep -c '^new 1')"
end_servers
is_clean() { [ -z "$(ls -A "$ROOT/uid-$(id -u "$USER_NAME")")" ]; }
wait_until is_clean || fail "left: $(ls -A "$ROOT/uid-$(id -u "$USER_NAME")")"
