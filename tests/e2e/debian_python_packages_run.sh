#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# black and Django as Debian packages them: real applications, whole.
. "$(dirname "$0")/lib.sh"
needs_fuse

packages=/usr/lib/python3/dist-packages
[ -d $packages/black ] && [ -d $packages/django ] || skip "black or python3-django is not installed"
build() { # build NAME ENTRY-POINT
  xarbuild python $packages -o "$WORK/$1.xar" -e "$2" --python /usr/bin/python3 \
    --mount-root "$ROOT" --xar-exec "$XAR_BIN/xarexec_fuse" --zstd-level 1 -q
}
cd "$WORK"

build black black:patched_main
version=$(dpkg-query -W -f '${Version}' black | sed 's/[-+].*//')
./black.xar --version | grep -q -F "black.xar, $version" || fail "black says $(./black.xar --version)"
printf 'x = {  "a":37 }\n' >untidy.py
./black.xar -q untidy.py
same "formatted" 'x = {"a": 37}' "$(cat untidy.py)"

build django-admin django.core.management:execute_from_command_line
same "Django" "$(PYTHONPATH=$packages /usr/bin/python3 -m django --version)" "$(./django-admin.xar --version)"
./django-admin.xar startproject mysite
[ -f mysite/manage.py ] && [ -f mysite/mysite/settings.py ] || fail "no project"
same "mounts of two archives" 2 "$(count_mounts "$ROOT")"
