#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Import hooks, loaders derived from Python's own and changes to those: the same modules
# pass through them as in a plain folder.
. "$(dirname "$0")/lib.sh"
needs_fuse

python=${PYTHON:-/usr/bin/python3}
mkdir -p "$WORK/src/app/part" "$WORK/src/space/one"
cat >"$WORK/src/app/__init__.py" <<'PY'
import importlib.machinery, importlib.util, importlib._bootstrap_external as external, sys
from importlib.machinery import FileFinder, SourceFileLoader, SOURCE_SUFFIXES

NAMES = "app.inner", "app.part", "app.part.deep", "top", "space.one", "space.one.deep"

class Replacing(SourceFileLoader):
    def source_to_code(self, data, path, *rest, **options):
        return compile(bytes(data).replace(b"as written", b"replaced"), path, "exec", dont_inherit=True)
    def get_code(self, fullname):
        # Bytecode of its own kind, beside the usual.
        usual = external.cache_from_source
        external.cache_from_source = lambda path, *a, **k: importlib.util.cache_from_source(path, optimization="hook")
        try:
            return super().get_code(fullname)
        finally:
            external.cache_from_source = usual

class Decrypting(SourceFileLoader):
    def get_data(self, path):
        return super().get_data(path).replace(b"as written", b"decrypted")
    def path_stats(self, path):
        raise OSError  # no bytecode

def loaded():
    return [getattr(importlib.import_module(name), "TEXT") for name in NAMES]

def by_loader(kind):
    found = []
    for name in NAMES:
        spec = importlib.util.find_spec(name)
        spec.loader = kind(spec.name, spec.origin)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        found.append(module.TEXT)
    return found

def replacing():
    return by_loader(Replacing)

def decrypting():
    return by_loader(Decrypting)

def hook_in_front():
    sys.path_hooks.insert(0, FileFinder.path_hook((Decrypting, SOURCE_SUFFIXES)))
    sys.path_importer_cache.clear()
    return loaded()

def hook_for_new_folders():
    # Those that have been looked into already keep their finders.
    sys.path_hooks.insert(0, FileFinder.path_hook((Decrypting, SOURCE_SUFFIXES)))
    return loaded()

def hook_instead():
    sys.path_hooks[-1] = FileFinder.path_hook((Replacing, SOURCE_SUFFIXES))
    sys.path_importer_cache.clear()
    return loaded()

def finder_in_front():
    class Finder(importlib.machinery.PathFinder):
        @classmethod
        def find_spec(cls, name, path=None, target=None):
            spec = super().find_spec(name, path, target)
            if spec and type(spec.loader) is SourceFileLoader:
                spec.loader = Replacing(spec.loader.name, spec.loader.path)
            return spec
    sys.meta_path.insert(0, Finder)
    return loaded()

def changed_reading():
    usual = SourceFileLoader.get_data
    def get_data(self, path):
        return usual(self, path).replace(b"as written", b"by change!")
    SourceFileLoader.get_data = get_data
    return loaded()

def changed_compiling():
    SourceFileLoader.source_to_code = Replacing.source_to_code
    SourceFileLoader.path_stats = Decrypting.path_stats
    return loaded()

def changed_bytecode():
    external.cache_from_source = lambda path, *a, **k: "/nonexistent"
    SourceFileLoader.source_to_code = Replacing.source_to_code
    return loaded()

def unchanged():
    return loaded() + [sorted({type(sys.modules[name].__loader__).__qualname__ for name in NAMES})]

def main():
    print(globals()[sys.argv[1]]())
PY
for module in app/inner app/part/__init__ app/part/deep top space/one/__init__ space/one/deep; do
  echo 'TEXT = "as written"' >"$WORK/src/$module.py"
done
cd "$WORK"
$python "$HERE/pack_wheel.py" src app 1 app=app:main
$python -m venv --without-pip venv
site=$(venv/bin/python3 -c 'import site; print(site.getsitepackages()[0])')
cp -r src/. "$site"
printf '#!%s\nfrom app import main; main()\n' "$WORK/venv/bin/python3" >venv/bin/app
chmod +x venv/bin/app
xarbuild python app-1-*.whl -o app.xar --python "$python" --mount-root "$ROOT" --xar-exec "$XAR_BIN/xarexec_fuse" --zstd-level 1 -q
for what in unchanged replacing decrypting hook_in_front hook_for_new_folders hook_instead finder_in_front changed_reading \
  changed_compiling changed_bytecode; do
  # As in the archive, whose bytecode is not compared with its source.
  $python -m compileall -q -f --invalidation-mode unchecked-hash "$site"
  expected=$(PYTHONDONTWRITEBYTECODE=1 venv/bin/app $what) || fail "$what: the installed one fails"
  [ $what = unchanged ] || [ "$expected" != "$unchanged" ] || fail "$what changes nothing"
  [ $what != unchanged ] || unchanged=$expected
  same "$what" "$expected" "$(./app.xar $what 2>&1)"
done
