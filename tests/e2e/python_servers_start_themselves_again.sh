#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# flask --debug, Django's runserver, gunicorn's SIGUSR2 and python-daemon, as Debian packages
# them: the packed ones load changed code, and replace and outlive the process they came from.
. "$(dirname "$0")/lib.sh"
needs_fuse

python=/usr/bin/python3
cd "$WORK"
gather flask python3-flask
gather django python3-django
gather gunicorn python3-gunicorn
gather daemon python3-daemon
pack() { # pack NAME ENTRY-POINT
  xarbuild python "$1" -o "$1.xar" -e "$2" --python $python --mount-root "$ROOT" --xar-exec "$XAR_BIN/xarexec_fuse" --fast -q
}
free_port() { $python -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
fetch() { $python -c 'import sys, urllib.request; print(urllib.request.urlopen(sys.argv[1], timeout=10).read().decode(), end="")' "http://127.0.0.1:$port/" 2>/dev/null; }
serves() { [ "$(fetch)" = "$1" ]; }
STARTED=
# start NAME COMMAND...: in a session of its own, which end_all ends.
start() {
  name=$1
  shift
  setsid "$@" >"$name.log" 2>&1 </dev/null &
  STARTED="$STARTED $!"
}
end_all() {
  for session in $STARTED; do
    for process in $(ps -o pid= -s "$session"); do kill "$process" 2>/dev/null || true; done
  done
  clean_up
}
trap end_all EXIT

# A reloader compares the times of files, once it knows them, with those that it knows.
change() { # change FILE: from the first to the second
  sed 's/first/second/' "$1" >changed
  mv changed "$1"
  changed=$1 tries_of_change=0
}
serves_second() {
  [ $((tries_of_change % 20)) -ne 0 ] || touch -d "+$((tries_of_change + 1)) minutes" "$changed"
  tries_of_change=$((tries_of_change + 1))
  serves second
}

pack flask flask.__main__:main
mkdir site
cd site
printf 'import flask\napp = flask.Flask(__name__)\n@app.route("/")\ndef page(): return "first"\n' >app.py
port=$(free_port)
PYTHONDONTWRITEBYTECODE=1 start ../flask ../flask.xar --debug run --port "$port"
wait_until serves first || fail "flask: $(tail -n 3 ../flask.log)"
change app.py
wait_until serves_second || fail "flask has not loaded the change: $(tail -n 3 ../flask.log)"
cd "$WORK"

pack django django.core.management:execute_from_command_line
./django.xar startproject mysite
cd mysite
printf 'from django.http import HttpResponse\nfrom django.urls import path\nurlpatterns = [path("", lambda request: HttpResponse("first"))]\n' >mysite/urls.py
port=$(free_port)
DJANGO_SETTINGS_MODULE=mysite.settings PYTHONPATH=. PYTHONDONTWRITEBYTECODE=1 start ../django ../django.xar runserver --pythonpath . "127.0.0.1:$port"
wait_until serves first || fail "Django: $(tail -n 3 ../django.log)"
change mysite/urls.py
wait_until serves_second || fail "Django has not loaded the change: $(tail -n 3 ../django.log)"
cd "$WORK"

pack gunicorn gunicorn.app.wsgiapp:run
printf 'import os\ndef app(environ, start_response):\n    start_response("200 OK", [])\n    return [("%%d\\n" %% os.getppid()).encode()]\n' >served.py
port=$(free_port)
start gunicorn ./gunicorn.xar --bind "127.0.0.1:$port" --pid "$WORK/pid" served:app
wait_until fetch >/dev/null || fail "gunicorn: $(cat gunicorn.log)"
old=$(cat pid)
same "gunicorn's arbiter" "$old" "$(fetch)"
kill -USR2 "$old"
wait_until test -s pid.2 || fail "gunicorn has started no other: $(cat gunicorn.log)"
new=$(cat pid.2)
kill -TERM "$old"
wait_until serves "$new" || fail "the new gunicorn does not serve: $(cat gunicorn.log)"
kill -0 "$old" 2>/dev/null && wait_until sh -c "! kill -0 $old 2>/dev/null" || true
kill -TERM "$new"

cat >daemon/service.py <<'PY'
import daemon, os, sys, time

def main():
    out = os.path.abspath(sys.argv[1])
    detach = {"forked": None, "kept": False}[sys.argv[2]]
    with daemon.DaemonContext(detach_process=detach, working_directory="/"):
        open(out + ".settled", "w").close()
        with open(out + ".go") as go:
            go.read()
        import late
        with open(out + ".new", "w") as file:
            file.write(late.NAME)
        os.rename(out + ".new", out)
PY
echo 'NAME = "late"' >daemon/late.py
pack daemon service:main
for how in forked kept; do
  mkfifo $how.go
  start daemon env XAR_MOUNT_TIMEOUT=1 ./daemon.xar $how $how
  wait_until test -e $how.settled || fail "python-daemon, $how: $(cat daemon.log)"
  xarexec -u daemon.xar 2>message && fail "python-daemon, $how: the mount is gone"
  grep -q 'in use' message || fail "python-daemon, $how: $(cat message)"
  echo go >$how.go
  wait_until test -e $how || fail "python-daemon, $how: it has not ended"
  same "python-daemon, $how" late "$(cat $how)"
done
