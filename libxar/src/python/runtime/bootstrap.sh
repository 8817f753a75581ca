#!/bin/sh
# Starts the Python application of this archive. Launchers run it as
#   /bin/sh -e DIRECTORY/__xar_bootstrap__.sh ARCHIVE ARGUMENT...
# It has other names too: DIRECTORY/NAME runs one of the application's scripts, and
# DIRECTORY/__xar_python__/bin/python3 is the interpreter with the application's
# packages installed, for the processes that the application starts.
# It uses builtins only: the interpreter is the first process that is started, but for one
# that tells the C library's version where that is in question.
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
prefix=$root/__xar_python__

# find COMMAND: sets python to its path, if there is one.
find() {
  python=$1
  case $1 in
    */*)
      [ -f "$1" ] && [ -x "$1" ]
      return
      ;;
  esac
  set -f
  IFS=:
  for folder in ${PATH-}; do
    python=$folder/$1
    [ -f "$python" ] && [ -x "$python" ] && break
    python=
  done
  unset IFS
  set +f
  [ -n "$python" ]
}

# Whether the file is executed itself, and is no script that starts the interpreter. The
# distribution's own need not be read.
is_program() {
  case $1 in
    /usr/bin/python3.[0-9]*) return ;;
  esac
  first=
  IFS= read -r first <"$1" || :
  case $first in
    '#!'*) return 1 ;;
  esac
}

# Whether the options for the interpreter switch the site module off.
is_without_site() {
  for word; do
    case $word in
      --*) ;;
      -*[cm]*) return 1 ;;
      -*S*) return ;;
      -?*) ;;
      *) return 1 ;;
    esac
  done
  return 1
}

# start ARGUMENT...: the interpreter, under a name beside which it finds pyvenv.cfg. sh
# gives a program the path that it executes as its name, so that has to be a path in this
# archive which leads to the interpreter. The links there lead to a descriptor.
start() {
  case $python in
    "$prefix"/*) exec "$python" "$@" ;;
  esac
  if [ -z "${XAR_PYTHON_INDIRECT-}" ] && [ -d /proc/self/fd ] && [ -r "$python" ] &&
    is_program "$python" && ! is_without_site "$@"; then
    for number in 9 8 7 6 5 4 3; do
      [ -h "/proc/self/fd/$number" ] ||
        eval "exec \"\$prefix/fd$number/%COMMAND%\" \"\$@\" $number<\"\$python\""
    done
  fi
  exec "$python" -I -S "$prefix/as_python.py" "$@"
}

found=
# shellcheck disable=SC2043 # a word or several are put there
for candidate in %PYTHON%; do
  if find "$candidate"; then
    found=$candidate
    break
  fi
done
if [ -z "$found" ]; then
  printf '%s: cannot find the interpreter: %s: install it\n' "$invoked" '%NAME%' >&2
  exit 127
fi

if [ $mode = application ]; then
  XAR_INVOKED_NAME=$invoked
  XAR_RUNTIME_FILES=$root
  XAR_PYTHON_COMMAND=$found
  export XAR_INVOKED_NAME XAR_RUNTIME_FILES XAR_PYTHON_COMMAND
  # The caller's own search paths, for programs that look here for them.
  unset XAR_SAVED_LD_LIBRARY_PATH XAR_SAVED_PYTHONPATH XAR_INVOKED_SCRIPT XAR_PYTHON_INDIRECT
  if [ "${LD_LIBRARY_PATH+set}" ]; then
    export XAR_SAVED_LD_LIBRARY_PATH="$LD_LIBRARY_PATH"
  fi
  if [ "${PYTHONPATH+set}" ]; then
    export XAR_SAVED_PYTHONPATH="$PYTHONPATH"
  fi
fi

# The caller's search paths are for other programs. They are kept from the interpreter,
# which puts them back into the environment once it runs. What the application itself
# has set for the interpreters that it starts counts.
unset XAR_KEPT_PYTHONPATH XAR_KEPT_PYTHONHOME
isolated=%ISOLATED%
if [ $isolated = yes ]; then
  if [ "${PYTHONHOME+set}" ]; then
    export XAR_KEPT_PYTHONHOME="$PYTHONHOME"
    unset PYTHONHOME
  fi
  if [ "${PYTHONPATH+set}${XAR_SAVED_PYTHONPATH+set}" = setset ]; then
    case $PYTHONPATH in
      "$XAR_SAVED_PYTHONPATH")
        export XAR_KEPT_PYTHONPATH="$PYTHONPATH"
        unset PYTHONPATH
        ;;
      *":$XAR_SAVED_PYTHONPATH")
        export XAR_KEPT_PYTHONPATH="$PYTHONPATH"
        PYTHONPATH=${PYTHONPATH%":$XAR_SAVED_PYTHONPATH"}
        ;;
    esac
  fi
fi

# Whether the machine's C library is as new as the packed interpreter needs it.
has_c_library() {
  IFS= read -r needed <"$prefix/lib/glibc" || return 0
  version=$(getconf GNU_LIBC_VERSION 2>/dev/null) || return 0
  version=${version#glibc }
  [ "${version#2.}" -ge "${needed#2.}" ]
}

# The libraries that came with the interpreter. It takes them out of the environment
# once it runs.
if [ -d "$prefix/lib/shared" ]; then
  # Before version 2.34 the C library's name is a link. What is newer is asked for its
  # version where the archive has just been mounted, not at each start.
  if [ -n "${XARFUSE_NEW_MOUNT-}" ] || [ -h /lib/x86_64-linux-gnu/libc.so.6 ] ||
    [ -h /lib/aarch64-linux-gnu/libc.so.6 ] || [ -h /lib64/libc.so.6 ]; then
    has_c_library || {
      printf '%s: cannot start the interpreter: it needs glibc %s, and this machine has %s: %s\n' \
        "$invoked" "$needed" "$version" 'build the archive on as old a system' >&2
      exit 126
    }
  fi
  LD_LIBRARY_PATH=$prefix/lib/shared${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
  export LD_LIBRARY_PATH
fi

if [ $mode = interpreter ]; then
  start "$@"
fi
start %OPTIONS%"$prefix/bin/%MAIN%" "$@"
