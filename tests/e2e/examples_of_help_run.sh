#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Both examples at the end of each help run as they are shown, in the folder of somebody who
# has an application, data and a script.
. "$(dirname "$0")/lib.sh"
needs_fuse
command -v mountpoint >/dev/null || skip "no mountpoint"

ln -s "$XAR_BIN/xarexec" "$WORK/mount.xar"
PATH="$WORK:$PATH"
# Other tests' mounts, and those of the user, are out of reach.
export XAR_MOUNT_SEED="seed-e2e-$$"

# The folder, anew: an example must not rely on one before.
prepare() {
  rm -rf "$WORK/here"
  mkdir -p "$WORK/here/app/lib" "$WORK/here/app/scripts" "$WORK/here/data" "$WORK/here/src" \
    "$WORK/here/root/usr/bin" "$WORK/here/mnt"
  cd "$WORK/here"
  printf '#!/bin/sh\necho runs\n' >app/run.sh
  chmod +x app/run.sh
  echo text >app/lib/text
  echo text >app/scripts/text
  printf '2,b\n1,a\n' >data/table.csv
  printf 'def main():\n    print("runs")\n' >src/tool.py
  printf 'print("runs")\n' >script.py
  cp app/run.sh root/usr/bin/git
  tar -C app -czf app.tar.gz .
  xarbuild dir app -o app.xar --exec run.sh --mount-root "$ROOT" -q
  xarbuild dir data -o data.xar --mount-root "$ROOT" -q
  cp app.xar old.xar
  cp app.xar new.xar
}

count=0
run_examples() {
  "$@" --help | sed '1,/^Examples:/d; s/^  //' >"$WORK/examples"
  while read -r example; do
    prepare
    case $example in
      # Nothing of other users of this machine is to be unmounted or removed.
      *" --unmount --all"* | *" --clean --older-than"*) continue ;;
      # Where nothing is mounted, there is nothing to unmount.
      *" --unmount data.xar") xarexec --mount data.xar >/dev/null ;;
    esac
    sh -c "$example" >"$WORK/out" 2>&1 </dev/null || fail "<$example>, of the help of <$*>: $(cat "$WORK/out")"
    count=$((count + 1))
    for at in $(mounts_below "$WORK/here") $(mounts_below "$ROOT"); do xarexec --unmount --lazy "$at"; done
  done <"$WORK/examples"
}
run_examples mount.xar
for program in xarbuild xarexec; do
  run_examples "$program"
  for command in $(subcommands_of "$program"); do run_examples "$program" "$command"; done
done
[ "$count" -ge 28 ] || fail "only $count examples have run"
