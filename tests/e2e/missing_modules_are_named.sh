#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# A build names the modules that an application will not find when it starts, and no others.
. "$(dirname "$0")/lib.sh"

mkdir -p "$WORK/src/tool/sub" "$WORK/src/space/part"
cd "$WORK"

# warnings WORDS ARGUMENT...: what a build says, a line each of a module, its file and its line.
warnings() {
  wanted=$1
  shift
  xarbuild python "$@" -o out.xar -q --force 2>said || fail "<$*>: $(cat said)"
  same "warnings of <$*>" "$wanted" \
    "$(sed 's/^xarbuild: missing module: \(.*\): \(.*\), line \(.*\), imports it: add what has it to the inputs$/\1 \2 \3/' said)"
}

cat >src/tool/cli.py <<'PY'
"""A tool."""
import os.path, sys, zlib, first_missing
from . import anything
from .nothere import x
from .sub.here import y
from space.part.deep import z
import tool.made.later, second_missing.part as name, first_missing
from typing import TYPE_CHECKING
try:
    import perhaps
except ImportError:
    perhaps = None
if TYPE_CHECKING:
    import for_types
if sys.platform == "other":
    import elsewhere
try:
    import third_missing
finally:
    pass

def main():
    import when_it_is_called
PY
echo >src/tool/__init__.py
echo >src/tool/sub/__init__.py
touch src/tool/sub/here.py
touch src/space/part/deep.py
warnings "first_missing tool/cli.py 2
tool.nothere tool/cli.py 4
tool.made tool/cli.py 7
second_missing tool/cli.py 7
third_missing tool/cli.py 18" src -e tool.cli:main
status=0
PYTHONPATH='' ./out.xar >said 2>&1 || status=$?
same "status" 1 $status
grep -q "^ModuleNotFoundError: No module named 'first_missing'" said || fail "$(cat said)"

# Where the application or the machine may have it, nothing is said.
warnings "" src -e tool.cli:main --inherit-site
echo '__path__.append("/opt/more")' >src/tool/__init__.py
warnings "" src -e tool.cli:main
printf 'import sys\nsys.path.append("/opt/more")\n' >src/tool/__init__.py
warnings "" src -e tool.cli:main
: >src/tool/__init__.py
echo 'import site; site.addsitedir("/opt/more")' >src/more.pth
warnings "" src -e tool.cli:main
echo more >src/more.pth
mkdir src/more
touch src/more/first_missing.py src/more/third_missing.py
warnings "tool.nothere tool/cli.py 4
tool.made tool/cli.py 7
second_missing tool/cli.py 7" src -e tool.cli:main
echo 'def __getattr__(name): raise AttributeError' >src/tool/__init__.py
warnings "second_missing tool/cli.py 7" src -e tool.cli:main

# A script, and a package that is run, whose __init__.py is executed too.
printf 'import json\n\nimport script_needs\n' >my-script.py
warnings "script_needs my-script.py 3" my-script.py
mkdir -p package/run
echo 'import init_needs' >package/run/__init__.py
echo 'from .other import x' >package/run/__main__.py
warnings "init_needs run/__init__.py 1
run.other run/__main__.py 1" package -e run
printf 'def broken(:\n' >package/run/__init__.py
warnings "run.other run/__main__.py 1" package -e run

# What is left out of a packed standard library is missing too.
echo 'import json, sqlite3' >module.py
warnings "" module.py
warnings "sqlite3 module.py 1" module.py --bundle-python --exclude-stdlib sqlite3
exit 0
