#!/bin/sh
# Starts the Python application of this archive. Launchers run it as
#   /bin/sh -e DIRECTORY/__xar_bootstrap__.sh ARCHIVE ARGUMENT...
# It uses builtins only: the interpreter is the first process that is started.
XAR_INVOKED_NAME=${1-$0}
[ $# -eq 0 ] || shift
XAR_RUNTIME_FILES=${0%/*}
XAR_PYTHON_COMMAND=%PYTHON%
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

if ! command -v "$XAR_PYTHON_COMMAND" >/dev/null; then
  printf '%s: cannot find the interpreter: %s: install it\n' \
    "$XAR_INVOKED_NAME" "$XAR_PYTHON_COMMAND" >&2
  exit 127
fi
exec "$XAR_PYTHON_COMMAND" -I -S "$XAR_RUNTIME_FILES/__run_xar_main__.py" "$@"
