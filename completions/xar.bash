# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# Completion of xarbuild and xarexec in bash. What there is to complete the programs'
# own help says, so that it cannot fall behind them.

# _xar_options COMMAND...: a line for each option in the help: its name and what it takes.
_xar_options() {
  "$@" --help 2>/dev/null | awk '
    /^  -/ {
      sub(/^ +/, ""); sub(/  .*/, ""); gsub(/, ?-/, " -")
      takes = ""
      for (i = NF; i > 0; --i) if ($i !~ /^-/) takes = $i
      for (i = 1; i <= NF && $i ~ /^-/; ++i) { sub(/[{=].*/, "", $i); print $i, takes }
    }'
}

# _xar_reply WORDS: those that continue what has been typed.
_xar_reply() { mapfile -t COMPREPLY < <(compgen -W "$1" -- "$cur"); }

# _xar_value TAKES: completes the value of an option. Returns 1 if it takes none.
_xar_value() {
  local choices
  case $1 in
    "") return 1 ;;
    *:\{*\})
      choices=${1#*\{}
      choices=${choices%\}}
      _xar_reply "${choices//,/ }"
      ;;
    DIR* | [A-Z]*DIR) _filedir -d ;;
    FILE* | OUT* | PATH*) _filedir ;;
    INTERPRETER* | COMMAND* | CMD*) mapfile -t COMPREPLY < <(compgen -c -- "$cur") ;;
  esac
}

# _xar_paths ARCHIVE: completes a path in it.
_xar_paths() {
  local folder='' name
  [[ $cur == */* ]] && folder=${cur%/*}/
  compopt -o filenames
  while read -r name; do
    [[ $folder$name == "$cur"* ]] && COMPREPLY+=("$folder$name")
  done < <("${words[0]}" --ls "$1" "$folder" 2>/dev/null)
}

# _xar_complete COMMAND...: an option of it, or the value of the option before.
# Returns 1 where neither can stand.
_xar_complete() {
  local options takes
  options=$(_xar_options "$@")
  takes=$(awk -v option="$prev" '$1 == option { print $2 }' <<<"$options")
  [[ $prev == -* ]] && _xar_value "$takes" && return 0
  [[ $cur == -* ]] || return 1
  _xar_reply "$(cut -d ' ' -f 1 <<<"$options")"
}

_xarbuild() {
  local cur prev words cword
  _init_completion -n : || return
  if ((cword == 1)); then
    _xar_reply "--help --version $("${words[0]}" --help 2>/dev/null |
      awk '/^[A-Z]/ { section = $1 } /^  [a-z]/ && section == "Subcommands:" { print $1 }')"
    return
  fi
  _xar_complete "${words[0]}" "${words[1]}" && return
  if [[ ${words[1]} == dir ]]; then _filedir -d; else _filedir; fi
}

# What follows a command's name: FILE, DIR or PATH, as its usage line has them.
_xarexec_operand() {
  local at=0 i usage archive=''
  for ((i = 2; i < cword; ++i)); do
    [[ ${words[i]} == -* ]] && continue
    archive=${archive:-${words[i]}}
    ((++at))
  done
  usage=$("${words[0]}" "${words[1]}" --help 2>/dev/null | sed -n 's/^Usage:.*\[OPTION\.\.\.\] //p')
  local -a operands
  read -ra operands <<<"$usage"
  ((at < ${#operands[@]})) || at=$((${#operands[@]} - 1))
  case ${operands[at]} in
    *PATH*) _xar_paths "$archive" ;;
    *DIR*) _filedir -d ;;
    *) _filedir ;;
  esac
}

_xarexec() {
  local cur prev words cword
  _init_completion -n : || return
  if ((cword == 1)); then
    if [[ $cur == -* ]]; then
      _xar_reply "$(_xar_options "${words[0]}" | cut -d ' ' -f 1)"
    else
      _filedir
    fi
  elif [[ ${words[1]} != -* ]]; then
    _filedir # of the application, which may understand anything
  else
    # The command's name is no option whose value could be asked for.
    ((cword == 2)) && prev=
    _xar_complete "${words[0]}" "${words[1]}" || _xarexec_operand
  fi
}

complete -F _xarbuild xarbuild
complete -F _xarexec xarexec xarexec_fuse
