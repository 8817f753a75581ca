#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Archives run and are built where no path leads: below a directory that the user may not
# search, in a directory that has been removed, below PATH_MAX, by a descriptor.
. "$(dirname "$0")/lib.sh"
needs_fuse_for_users
make_user
share_launcher
cp "$XAR_BIN/xarbuild" "$WORK/bin/"
XAR_MOUNT_SEED=e2e-$$
export XAR_MOUNT_SEED
unset XDG_RUNTIME_DIR

cd "$WORK"
mkdir src
printf '#!/bin/sh\necho "ran $2"\n' >src/run.sh
chmod +x src/run.sh
build() { xarbuild dir src --exec run.sh --xar-exec "$WORK/bin/xarexec" -q "$@"; }
build -o app.xar
build -o app --standalone 2>/dev/null

# Root and the user have a cache of their own.
mkdir -m 1777 caches
as_user() { XDG_CACHE_HOME=$WORK/caches/user setpriv --reuid="$USER_NAME" --regid="$USER_NAME" --clear-groups "$@"; }

# runs WHAT COMMAND...: with every backend.
runs() {
  what=$1
  shift
  for backend in auto fuse userns extract; do
    if [ $backend = userns ] && ! as_user unshare -Um true 2>/dev/null; then continue; fi
    same "$what, $backend" "ran x" "$(XAR_BACKEND=$backend "$@" x 2>&1)"
  done
}

# Below a directory that the user may not search.
mkdir -p private/shared
chmod 700 private
cp -r app.xar app src private/shared/
chmod 1777 private/shared
cd private/shared
for file in ./app.xar ./app; do
  runs "$file below a private directory" as_user "$file"
done
for arguments in --verify --info --ls -m --doctor; do
  as_user xarexec $arguments app.xar >/dev/null || fail "$arguments below a private directory"
done
as_user xarexec --extract app.xar out
as_user xarbuild dir src -o built.xar -q
as_user xarbuild dir . -o built.xar -q
same "the archive in its own directory" "" "$(as_user xarexec --ls built.xar | grep -x built.xar)"
point=$(as_user xarexec -n app.xar)
as_user xarexec --unmount app.xar
same "after unmounting by a relative path" "" "$(awk -v at="$point" '$2 == at' /proc/mounts)"
cd "$WORK"

# What cannot be looked at is named, in the project's words.
refused 125 "cannot create a directory in: private: Permission denied" as_user xarexec --extract app.xar private/out
refused 125 "cannot pack: $WORK/private/shared: Permission denied" as_user xarbuild dir "$WORK/private/shared" -o built.xar
refused 125 "cannot write: private/shared/built.xar: Permission denied" as_user xarbuild dir src -o private/shared/built.xar

# What says how long mounts stay need not be readable.
# Its server has to go with the namespace, where nobody else finds it.
# shellcheck disable=SC2016
with_own_mounts sh -c 'mount -t tmpfs -o mode=700 none /var/lib
  "$@" ./app.xar x >out 2>&1 && "$@" xarexec -u app.xar' sh \
  setpriv --reuid="$USER_NAME" --regid="$USER_NAME" --clear-groups || true
same "with a private /var/lib" "ran x" "$(cat out)"

# In a removed directory.
mkdir gone
cd gone
rmdir ../gone
for file in ../app.xar ../app; do
  runs "$file from a removed directory" "$file"
done
for arguments in --verify --info --ls -m -n; do
  xarexec $arguments ../app.xar >/dev/null || fail "$arguments from a removed directory"
done
refused 125 "cannot mount on: point: No such file or directory" xarexec -m ../app.xar point
refused 125 "nothing to unmount at: app.xar" xarexec --unmount app.xar
refused 125 "cannot look in: roots: No such file or directory" xarexec --clean --root roots
refused 125 "cannot create a directory in: .: No such file or directory" xarexec --extract ../app.xar out
refused 125 "No such file or directory" xarbuild dir ../src -o built.xar
cd "$WORK"

# Removed, by a descriptor.
cp app.xar removed.xar
exec 8<removed.xar
rm removed.xar
runs "a removed archive" xarexec /dev/fd/8
exec 8<&-

# Below PATH_MAX.
backends="auto fuse extract"
! unshare -Um true 2>/dev/null || backends="$backends userns"
# shellcheck disable=SC2086
python3 - "$WORK" $backends <<'PY'
import os, shutil, subprocess, sys
os.chdir(sys.argv[1])
for _ in range(25):
    os.mkdir("d" * 200)
    os.chdir("d" * 200)
def output(*command, **more):
    done = subprocess.run(command, env=dict(os.environ, **more), capture_output=True, text=True)
    # A sanitizer's runtime complains that the path is too long for it.
    notes = [line for line in done.stderr.splitlines(True) if "reading executable name failed" not in line]
    return done.stdout + "".join(notes)
for name in "app.xar", "app":
    shutil.copy(os.path.join(sys.argv[1], name), name)
    for backend in sys.argv[2:]:
        got = output("./" + name, "x", XAR_BACKEND=backend)
        assert got == "ran x\n", (name, backend, got)
os.mkdir("src")
open("src/file", "w").close()
assert output("xarbuild", "dir", "src", "-o", "built.xar", "-q") == ""
assert output("xarexec", "--ls", "built.xar") == "file\n"
PY
