#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# numpy, Pillow and IPython as Debian packages them: extension modules with libraries.
. "$(dirname "$0")/lib.sh"
needs_fuse

python=/usr/bin/python3
packages=/usr/lib/python3/dist-packages
for name in numpy PIL IPython; do
  [ -d $packages/$name ] || skip "python3-numpy, python3-pil or ipython3 is not installed"
done
cd "$WORK"
pack() {
  xarbuild python --python $python --mount-root "$ROOT" --xar-exec "$XAR_BIN/xarexec_fuse" --zstd-level 1 --no-cache -q "$@"
}

mkdir pictures
cp -r $packages/numpy $packages/PIL pictures
cat >pictures/shrink.py <<'PY'
import hashlib, io
import numpy
from PIL import Image

def main():
    picture = Image.fromarray(numpy.arange(4096, dtype=numpy.uint8).reshape(64, 64)).resize((8, 8))
    for kind in "PNG", "JPEG":
        out = io.BytesIO()
        picture.save(out, kind)
        print(kind, hashlib.sha256(out.getvalue()).hexdigest())
    print(numpy.linalg.solve(2 * numpy.eye(2), [4.0, 6.0]))
PY
pack pictures -e shrink:main -o shrink.xar --exclude tests
same "numpy and Pillow" "$(PYTHONPATH=pictures $python -c 'import shrink; shrink.main()')" "$(./shrink.xar)"

# What ipython3 depends on; which of these there are differs from release to release.
mkdir shell
for name in IPython ipython-*-info traitlets prompt_toolkit pygments jedi parso decorator.py pickleshare.py \
  pexpect ptyprocess backcall matplotlib_inline stack_data executing asttokens pure_eval wcwidth six.py; do
  for path in $packages/$name; do
    [ ! -e "$path" ] || cp -r "$path" shell
  done
done
pack shell -c ipython -o ipython.xar
export HOME="$WORK" IPYTHONDIR="$WORK/.ipython"
same "IPython" "$(PYTHONPATH=shell $python -m IPython --no-banner --colors NoColor -c 'print(6 * 7); print(get_ipython().__class__)')" \
  "$(./ipython.xar --no-banner --colors NoColor -c 'print(6 * 7); print(get_ipython().__class__)')"
./ipython.xar --no-banner --colors NoColor -c 'print(6 * 7)' | grep -q 42 || fail "IPython computes nothing"
