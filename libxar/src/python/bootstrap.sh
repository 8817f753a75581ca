#!/bin/sh
# Starts the Python application of this archive. Launchers run it as
#   /bin/sh -e DIRECTORY/__xar_bootstrap__.sh ARCHIVE ARGUMENT...
# It has other names too: DIRECTORY/NAME runs one of the application's scripts, and
# DIRECTORY/__xar_python__/bin/python3 is the interpreter with the application's
# packages installed, for the processes that the application starts.
# It uses builtins only: the interpreter is the first process that is started.
mode=application
case $0 in
*/__xar_python__/bin/*)
  mode=interpreter
  root=${0%/__xar_python__/bin/*}
  invoked=$0
  ;;
*__xar_bootstrap__.sh)
  root=${0%/*}
  invoked=${1-$0}
  [ $# -eq 0 ] || shift
  ;;
*)
  root=${0%/*}
  invoked=$0
  ;;
esac

python=
# shellcheck disable=SC2043 # a word or several are put there
for candidate in %PYTHON%; do
  if command -v "$candidate" >/dev/null; then
    python=$candidate
    break
  fi
done
if [ -z "$python" ]; then
  printf '%s: cannot find the interpreter: %s: install it\n' "$invoked" '%NAME%' >&2
  exit 127
fi

if [ $mode = application ]; then
  XAR_INVOKED_NAME=$invoked
  XAR_RUNTIME_FILES=$root
  XAR_PYTHON_COMMAND=$python
  export XAR_INVOKED_NAME XAR_RUNTIME_FILES XAR_PYTHON_COMMAND
  # The caller's own search paths, for programs that look here for them. They stay as
  # they are: the interpreter is told on its command line to disregard them.
  unset XAR_SAVED_LD_LIBRARY_PATH XAR_SAVED_PYTHONPATH
  if [ "${LD_LIBRARY_PATH+set}" ]; then
    export XAR_SAVED_LD_LIBRARY_PATH="$LD_LIBRARY_PATH"
  fi
  if [ "${PYTHONPATH+set}" ]; then
    export XAR_SAVED_PYTHONPATH="$PYTHONPATH"
  fi
fi

# The libraries that came with the interpreter. It takes them out of the environment
# once it runs.
if [ -d "$root/__xar_python__/lib/shared" ]; then
  LD_LIBRARY_PATH=$root/__xar_python__/lib/shared${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
  export LD_LIBRARY_PATH
fi

if [ $mode = interpreter ]; then
  exec "$python" -I -S "$root/__xar_python__/as_python.py" "$@"
fi
exec "$python" %OPTIONS% "$root/__run_xar_main__.py" "$@"
