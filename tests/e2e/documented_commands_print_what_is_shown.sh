# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh
# Whoever types what a page shows, one command after the other, gets what it shows. A page
# that gains a command which does not run fails here, unless commands_not_run says why.
. "$(dirname "$0")/lib.sh"
needs_fuse
/usr/bin/python3 -c 'import setuptools, pip, wheel' 2>/dev/null || skip "no python3-pip, -setuptools or -wheel"

root=$(cd "$HERE/../.." && pwd)
export XAR_MOUNT_SEED="e2e-$$"
# Debian's interpreter, whatever others there are.
mkdir "$WORK/bin"
ln -s /usr/bin/python3 "$WORK/bin/python3"
PATH="$WORK/bin:$PATH"

# prepare DOCUMENT: what its reader has before the first command.
prepare() {
  case $1 in
    README.md)
      mkdir -p src/tool
      echo 'def main(): print("usage")' >src/tool/cli.py
      ;;
    docs/howto-ci.md)
      git init -q .
      git -c user.name=one -c user.email=one@example.org commit -q --allow-empty -m first
      mkdir -p build/app/bin node_modules/left-pad
      printf '#!/bin/sh\n' >build/app/bin/app
      chmod +x build/app/bin/app
      echo 'module.exports = 1' >node_modules/left-pad/index.js
      SOURCE_DATE_EPOCH=$(git log -1 --format=%ct) xarbuild dir build/app -o released.xar --exec bin/app -q
      ;;
    examples/tally/README.md)
      mkdir examples
      cp -r "$root/examples/tally" examples/
      ;;
  esac
}

python3 "$HERE/documents.py" list >"$WORK/documents"
[ "$(wc -l <"$WORK/documents")" -gt 15 ] || fail "only these documents: $(cat "$WORK/documents")"
python3 "$HERE/documents.py" check "$HERE/commands_not_run" || fail "see above"
while read -r document; do
  mkdir "$WORK/page"
  (cd "$WORK/page" && prepare "$document") || fail "cannot prepare $document"
  (cd "$WORK/page" && python3 "$HERE/documents.py" in-order "$document" "$HERE/commands_not_run") || fail "see above"
  rm -rf "$WORK/page"
done <"$WORK/documents"
