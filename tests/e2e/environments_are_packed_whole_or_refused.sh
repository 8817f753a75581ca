#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Of virtual environments all is packed that its distributions have installed, and named
# what else there is; those that need something outside are refused.
. "$(dirname "$0")/lib.sh"
needs_fuse

python=/usr/bin/python3
$python -c 'import pip, venv' 2>/dev/null || skip "no python3-pip or python3-venv"
version=$($python -c 'import sys; print("%d.%d" % sys.version_info[:2])')
cd "$WORK"
wheel() { $python "$HERE/make_wheel.py" "$@"; }
pack() {
  xarbuild python --python $python --mount-root "$ROOT" --xar-exec "$XAR_BIN/xarexec_fuse" --zstd-level 1 --no-cache --force -q \
    -o app.xar "$@" 2>message
}
no() { # no WORDS ENVIRONMENT [OPTION...]
  words=$1
  shift
  refused 125 "$words" xarbuild python --python $python -o x.xar -e app "$@"
}
new() { # new ENVIRONMENT [OPTION...]
  rm -rf "$1"
  $python -m venv --without-pip "$@"
  $python -m pip --python "$1/bin/python" install -q --no-index ./app-1.0-py3-none-any.whl 2>pip.log || fail "$(cat pip.log)"
  site=$1/lib/python$version/site-packages
}

wheel script=app=app:main app-1.0-py3-none-any.whl app.py 'import os, sys
def main():
    print([p for p in sys.argv[1:] if not os.path.exists(os.path.join(sys.prefix, p))])' app.data/data/conf/app.ini x \
  app.data/scripts/python-like '#!/bin/sh' app.data/headers/app.h h app.data/data/libexec/app x app.data/data/lib/app/text x app.data/data/app.ini x app.data/data/share/app/text x
data="conf/app.ini libexec/app lib/app/text app.ini share/app/text bin/python-like include/site/python$version/app/app.h"
new venv
pack venv || fail "$(cat message)"
same "what is said" "" "$(cat message)"
# shellcheck disable=SC2086 # words
same "what is missing" "[]" "$(./app.xar $data)"

# What nobody has installed is named, but for share and etc, and what makers of environments leave.
mkdir -p venv/src/deep venv/etc venv/share/more venv/lib/mine
touch venv/.gitignore venv/.lock venv/CACHEDIR.TAG venv/bin/activate.nu venv/bin/deactivate.bat
touch venv/src/deep/one venv/src/two venv/README venv/etc/conf venv/share/more/text venv/lib/mine/x
ln -s ../conf/app.ini venv/etc/link
echo outside >outside
ln -s "$WORK/outside" venv/share/outside
pack venv || fail "$(cat message)"
same "what is named" "xarbuild: not packed: venv: no distribution in it says that it has installed README and 2 others" "$(cat message)"
# shellcheck disable=SC2086 # words
same "what is missing" "['README', 'src', 'lib/mine']" "$(./app.xar $data README src lib/mine etc/conf etc/link share/more/text share/outside)"

# As others write the settings.
printf 'home = /usr/bin\nimplementation = CPython\nuv = 0.5.1\nversion_info = %s.1\ninclude-system-site-packages = false\nrelocatable = true\n' \
  "$version" >venv/pyvenv.cfg
pack ./venv/ || fail "$(cat message)"

new shared --system-site-packages
no "it uses the system's packages (include-system-site-packages)" shared
printf 'Include-System-Site-Packages=TRUE\n' >shared/pyvenv.cfg
no "it uses the system's packages (include-system-site-packages)" shared
pack shared --inherit-site -e app:main || fail "$(cat message)"

# Editable installs of every kind.
mkdir outside-of-it
echo 'X = 1' >outside-of-it/edited.py
editable() { no "$1 is installed as editable: install it without -e" venv; }
new venv
mkdir "$site/edited-1.dist-info"
printf 'Metadata-Version: 2.1\nName: Edited\nVersion: 1\n' >"$site/edited-1.dist-info/METADATA"
printf '{"url": "file://%s/outside-of-it", "dir_info": {"editable": true}}' "$WORK" >"$site/edited-1.dist-info/direct_url.json"
editable Edited
printf '{"url": "file://%s/outside-of-it", "dir_info": {}}' "$WORK" >"$site/edited-1.dist-info/direct_url.json"
pack venv -e app:main || fail "$(cat message)"
echo '../../../../outside-of-it' >"$site/relative.pth"
editable ../../../../outside-of-it
echo "$WORK/outside-of-it" >"$site/relative.pth"
editable "$WORK/outside-of-it"
rm "$site/relative.pth"
echo 'import __editable___edited_finder' >"$site/__editable__.edited.pth"
editable __editable__.edited.pth
mv "$site/__editable__.edited.pth" "$site/usual.pth"
printf '%s/outside-of-it\n.' "$WORK" >"$site/edited.egg-link"
editable edited.egg-link
refused 125 "edited.egg-link is installed as editable" xarbuild python --python $python "$site" -o x.xar -e app
rm "$site/edited.egg-link" "$site/usual.pth"
mkdir "$site/inside"
echo 'inside' >"$site/fine.pth"
pack venv -e app:main || fail "$(cat message)"
ln -s ../../../../outside-of-it "$site/linked"
pack venv -e app:main || fail "$(cat message)"
same "what a link leads to" "X = 1" "$(xarexec --cat app.xar linked/edited.py)"

# Installations that are no virtual environments have libraries where the archive has none.
mkdir -p conda/conda-meta "conda/lib/python$version/site-packages" "plain/lib/python$version"
no "it is a conda environment" conda
: >"plain/lib/python$version/os.py"
no "it is an installation of Python" plain
mkdir -p modules/lib/micro
: >modules/lib/micro/os.py
cp outside-of-it/edited.py modules
pack modules -e edited || fail "$(cat message)"
