#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# One user as a member of several groups: newgrp, sg, a service's Group=. FUSE lets into a
# mount only the group that has mounted.
. "$(dirname "$0")/lib.sh"
needs_fuse_for_users
make_user
share_launcher
user=$(id -u "$USER_NAME")

cd "$WORK"
mkdir src
printf '#!/bin/sh\necho "ran $2"\n' >src/run.sh
chmod +x src/run.sh
xarbuild dir src -o app.xar --exec run.sh --mount-root "$ROOT" --xar-exec "$WORK/bin/xarexec" -q
mkdir -m 1777 caches

# as_groups REAL EFFECTIVE COMMAND...: who runs a set-group-ID program has two.
cat >become.py <<'PY'
import os, sys
real, effective, user = map(int, sys.argv[1:4])
os.setgroups([])
os.setresgid(real, effective, effective)
os.setresuid(user, user, user)
os.execvp(sys.argv[4], sys.argv[4:])
PY
as_groups() {
  real=$1 effective=$2
  shift 2
  XDG_CACHE_HOME=$WORK/caches/$user python3 become.py "$real" "$effective" "$user" "$@"
}

for backend in fuse userns extract auto; do
  if [ $backend = userns ] && ! as_user unshare -Um true 2>/dev/null; then continue; fi
  export XAR_BACKEND=$backend
  for group in "$user" 44 50 44 "$user"; do
    same "$backend, group $group" "ran $group" "$(as_groups "$group" "$group" ./app.xar "$group" 2>&1)"
  done
done
unset XAR_BACKEND

# The first group's mount has the name that the original gives it; each has its own.
first=$(as_groups "$user" "$user" xarexec -m app.xar)
other=$(as_groups 44 44 xarexec -m app.xar)
same "the other group's name" "$first-gid-44" "$other"
same "its name before it is mounted" "$first-gid-60" "$(as_groups 60 60 xarexec -n app.xar)"
as_groups 44 44 cmp src/run.sh "$other/run.sh"

# Whose groups differ can enter no mount: the files are unpacked.
same "two groups" "ran x" "$(as_groups "$user" 44 ./app.xar x 2>&1)"
# A sanitizer's search for leaks traces the process, which is not allowed either.
[ -n "${XAR_SANITIZE-}" ] || for backend in fuse userns; do
  refused 125 "cannot use a FUSE mount: real, effective and saved user and group differ" \
    as_groups "$user" 44 env XAR_BACKEND=$backend xarexec app.xar
done

# Root's too.
for group in 0 44; do
  same "root, group $group" "ran $group" "$(setpriv --regid="$group" --clear-groups ./app.xar "$group" 2>&1)"
done
