#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# A script with inline metadata is packed with the dependencies that this names.
. "$(dirname "$0")/lib.sh"
needs_fuse

python=/usr/bin/python3
$python -c 'import pip' 2>/dev/null || skip "no python3-pip"
cd "$WORK"
$python "$HERE/make_wheel.py" depending-1.0-py3-none-any.whl depending.py 'import needed; VALUE = needed.VALUE + 1'
pack() {
  xarbuild python --python $python --mount-root "$ROOT" --xar-exec "$XAR_BIN/xarexec_fuse" --zstd-level 1 --no-cache --force -q \
    -o tool.xar "$@" -- --no-index --find-links .
}
$python "$HERE/make_wheel.py" needed-1.5-py3-none-any.whl needed.py 'VALUE = 41'
$python "$HERE/make_wheel.py" needed-2.0-py3-none-any.whl needed.py 'VALUE = 0'

# script METADATA-LINE...: tool.py with a block of these lines.
script() {
  {
    printf '#!/usr/bin/env python3\n# /// script\n'
    for line in "$@"; do printf '# %s\n' "$line"; done
    printf '#\n# ///\nimport depending\nprint("value", depending.VALUE)\n'
  } >tool.py
}
script 'requires-python = ">=3.9"' 'dependencies = [' '  "needed<2",  # a comment' \
  "  \"depending ; python_version >= '3'\"," '  "none-such; python_version < '"'3'"'",' ']'
pack tool.py
same "dependencies" "value 42" "$(./tool.xar)"
cp tool.xar first.xar
pack tool.py
cmp first.xar tool.xar || fail "a second build differs"
# Lines as Windows ends them, and a file without the suffix of a module.
sed 's/$/\r/' tool.py >windows.py
pack windows.py
same "Windows' lines" "value 42" "$(./tool.xar)"
cp tool.py tool
pack tool
same "without a suffix" "value 42" "$(./tool.xar)"

# What is no block is a comment.
printf '# /// script\n# dependencies = ["none-such"]\nprint("right")\n' >tool.py
pack tool.py
same "a block that is not closed" right "$(./tool.xar)"
printf '# /// other\n# dependencies = ["none-such"]\n# ///\nprint("right")\n' >tool.py
pack tool.py
same "a block of another kind" right "$(./tool.xar)"

script 'requires-python = ">=4"'
refused 125 "cannot pack the script: tool.py: it requires Python >=4, and " pack tool.py
script 'requires-python = "later"'
refused 125 "its requires-python is no version specifier: 'later'" pack tool.py
script 'dependencies = ["needed"'
refused 125 'its block "# /// script" is not sound TOML' pack tool.py
script 'dependencies = ["-r secret"]'
refused 125 "its dependencies name what is no requirement: '-r secret'" pack tool.py
script 'dependencies = "needed"'
refused 125 "its dependencies are no list" pack tool.py
script 'dependencies = []' '[tool.uv]' 'exclude-newer = "2024-01-01T00:00:00Z"'
refused 125 "settings in [tool.uv] are not supported: exclude-newer" pack tool.py
script 'dependencies = []'
cat tool.py tool.py >twice.py
refused 125 'it has 2 blocks "# /// script": one is allowed' pack twice.py
script 'dependencies = ["none-such"]'
refused 125 "none-such" pack tool.py
