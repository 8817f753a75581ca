#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Arguments, environment, umask, working directory, standard input, exit status
# and signals, for each way to execute a target.
. "$(dirname "$0")/lib.sh"
needs_fuse

mkdir "$WORK/app"
cat >"$WORK/app/report.py" <<'PY'
import os, sys
umask = os.umask(0)
inherited = [f for f in os.listdir("/proc/self/fd")
             if int(f) > 2 and os.path.exists("/proc/self/fd/" + f)
             and os.readlink("/proc/self/fd/" + f).startswith(os.environ["MOUNT"])]
print(sys.argv[1:], os.getcwd(), "%03o" % umask, sys.stdin.read(), os.environ.get("MINE"),
      len(inherited), os.environ["XAREXEC_LAUNCH_TIMESTAMP"].partition(".")[2].__len__())
end = os.environ.get("END", "0")
sys.stdout.flush()
if end.startswith("-"):
    os.kill(os.getpid(), int(end[1:]))
sys.exit(int(end))
PY
{
  echo "#!/usr/bin/python3"
  cat "$WORK/app/report.py"
} >"$WORK/app/script"
printf 'exec /usr/bin/python3 "${0%%/*}/report.py" "$@"\n' >"$WORK/app/plain"
printf '#!/bin/sh\nexec /usr/bin/python3 "${0%%/*}/report.py" "$@"\n' >"$WORK/app/shell"
cat >"$WORK/elf.c" <<'C'
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
int main(int argc, char **argv) {
  char script[4096];
  (void)argc;
  char *copy = strdup(argv[0]);
  snprintf(script, sizeof script, "%s/script", dirname(copy));
  argv[0] = script;
  return execv(script, argv);
}
C
${CC:-cc} -o "$WORK/app/elf" "$WORK/elf.c"
chmod +x "$WORK/app/script" "$WORK/app/elf"

expect="['XAR', '-m', '', 'a b', '*'] $WORK/here 027 typed mine 1 6"
mkdir "$WORK/here"
for target in script plain shell elf; do
  xarbuild dir "$WORK/app" -o "$WORK/$target.xar" --exec "$target" --mount-root "$ROOT" -q
  MOUNT=$(xarexec -n "$WORK/$target.xar")
  export MOUNT
  got=$(cd "$WORK/here" && umask 027 && printf typed | MINE=mine xarexec "$WORK/$target.xar" -m '' 'a b' '*')
  same "$target" "$expect" "$(echo "$got" | sed "s|'$WORK/$target.xar'|'XAR'|")"
  for end in 0 1 7 125 255; do
    code=0
    END=$end xarexec "$WORK/$target.xar" </dev/null >/dev/null || code=$?
    same "status of $target" "$end" "$code"
  done
  # Killed by a signal is seen as killed by it, not as a status above 128.
  death=$(END=-15 python3 -c 'import subprocess, sys
print(subprocess.run(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL).returncode)' \
    xarexec "$WORK/$target.xar")
  same "death of $target" -15 "$death"
done

# sh -e, as the original runs its targets: an archive may rely on it.
printf 'false\necho went on\n' >"$WORK/app/stops"
xarbuild dir "$WORK/app" -o "$WORK/stops.xar" --exec stops --mount-root "$ROOT" -q
code=0
out=$(xarexec "$WORK/stops.xar") || code=$?
same "sh -e" "1:" "$code:$out"

# Closed standard streams stay closed: none of our descriptors takes their place.
printf 'ls -l /proc/self/fd/0 2>/dev/null && echo taken || echo closed\n' >"$WORK/app/closed"
xarbuild dir "$WORK/app" -o "$WORK/closed.xar" --exec closed --mount-root "$ROOT" -q
same "closed standard input, new mount" closed "$(xarexec "$WORK/closed.xar" <&-)"
same "closed standard input, old mount" closed "$(xarexec "$WORK/closed.xar" <&-)"
