#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# A program that knows nothing of XAR gets what it would get unpacked, and what the build
# was told to give it.
. "$(dirname "$0")/lib.sh"

cd "$WORK"
mkdir -p app/bin
cat >app/bin/show <<'SH'
#!/bin/sh
for argument; do printf '<%s>' "$argument"; done
printf ' %s\n' "${GREETING-}"
SH
printf '#!/bin/sh\necho "other $*"\n' >app/bin/other
chmod +x app/bin/*

# shows EXPECTED COMMAND...: with ROOT for the directory where the files are.
shows() {
  expected=$1
  shift
  said=$("$@" | sed "s|<[^<>]*/uid-[^<>/]*/[^<>/]*|<ROOT|g")
  same "<$*>" "$expected" "$said"
}

xarbuild dir app -o plain.xar --run bin/show --mount-root "$ROOT" -q
shows "<--help><a b> " ./plain.xar --help 'a b'
shows " " ./plain.xar
xarbuild dir app -o given.xar --run ./bin//show --mount-root "$ROOT" -q \
  --arg=--home --arg '{root}/share' --arg "it's \$HOME {x} {env:1}" --env 'GREETING={env:WORD}, {root' --env WORD=overwritten
shows "<--home><ROOT/share><it's \$HOME {x} {env:1}><user's> hello, {root" env WORD=hello ./given.xar "user's"

xarbuild dir app -o many.xar --run bin/show --multi-call --mount-root "$ROOT" -q
ln -s many.xar other
ln -s many.xar unknown
shows "other x" ./other x
shows "<x> " ./unknown x
xarbuild dir app -o alone --run bin/show --multi-call --standalone --mount-root "$ROOT" -q
ln -sf alone other
shows "other x" ./other x
shows "<x> " ./alone x

refused 2 "--arg requires --run" xarbuild dir app -o no.xar --arg x
refused 2 "--exec excludes --run" xarbuild dir app -o no.xar --exec bin/show --run bin/show
refused 2 "bad variable: x: expected NAME=VALUE" xarbuild dir app -o no.xar --run bin/show --env x
chmod -x app/bin/other
refused 125 "cannot execute: bin/other: it is not executable: chmod +x it" xarbuild dir app -o no.xar --run bin/other
echo '#!/no/such/interpreter' >app/bin/show
xarbuild dir app -o no.xar --exec bin/show -q 2>warning
same "a missing interpreter" "xarbuild: bin/show needs /no/such/interpreter, which this machine does not have: the archive runs only where it is installed" "$(cat warning)"
