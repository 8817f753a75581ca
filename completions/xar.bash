# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# Completion of xarbuild and xarexec in bash. What there is to complete the programs' own
# help says, so that it cannot fall behind them.

# _xar_options COMMAND...: a line for each option in the help: its name and what it takes.
_xar_options() {
  "$@" --help-all 2>/dev/null | awk '
    /^Environment:/ { exit }
    /^  -/ {
      sub(/^ +/, ""); sub(/  .*/, ""); gsub(/, ?-/, " -")
      takes = ""
      for (i = NF; i > 0; --i) if ($i !~ /^-/) takes = $i
      for (i = 1; i <= NF && $i ~ /^-/; ++i) print $i, takes
    }'
}

# _xar_commands PROGRAM: the commands in its help, short names included.
_xar_commands() {
  "$1" --help 2>/dev/null | awk '
    /^(Also|Exit)/ { exit }
    /^  [-a-z]/ { sub(/^ +/, ""); sub(/  .*/, ""); gsub(/,/, ""); print $1; if ($2 ~ /^--/) print $2 }'
}

# _xar_takes OPTION: what it takes, by $options.
_xar_takes() { awk -v option="$1" '$1 == option { print $2; exit }' <<<"$options"; }

# _xar_operands FROM: puts the words from there to the cursor that are neither options nor
# their values into $operands.
_xar_operands() {
  local i
  operands=()
  for ((i = $1; i < cword; ++i)); do
    case ${words[i]} in
      --*=*) ;;
      -?*) [[ -z $(_xar_takes "${words[i]}") ]] || ((++i)) ;;
      *) operands+=("${words[i]}") ;;
    esac
  done
}

# _xar_reply WORDS: those that continue what has been typed.
_xar_reply() { mapfile -t COMPREPLY < <(compgen -W "$1" -- "$cur"); }

# _xar_files_in FOLDER: paths of files in it, relative to it.
_xar_files_in() {
  local name
  compopt -o filenames
  while read -r name; do
    [[ -d $1/$name ]] && name+=/
    COMPREPLY+=("$name")
  done < <(cd "$1" 2>/dev/null && compgen -f -- "$cur")
  [[ ${#COMPREPLY[@]} -ne 1 || ${COMPREPLY[0]} != */ ]] || compopt -o nospace
}

# _xar_value TAKES: completes the value of an option. Returns 1 if it takes none.
_xar_value() {
  local choices
  case $1 in
    "") return 1 ;;
    \{*\})
      choices=${1#\{}
      choices=${choices%\}}
      choices=${choices//UID:GID/$(id -u):$(id -g)}
      _xar_reply "${choices//,/ }"
      __ltrim_colon_completions "$cur"
      ;;
    DIR*) _filedir -d ;;
    FILE* | OUT*) _filedir ;;
    PATH*) if [[ -d ${operands[0]-} ]]; then _xar_files_in "${operands[0]}"; else _filedir; fi ;;
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

# _xar_complete FROM: an option, or the value of the option before, by $options. $operands
# are those from the word FROM on. Returns 1 where neither can stand.
_xar_complete() {
  _xar_operands "$1"
  if [[ $prev == -* ]] && ((cword > $1 || ${#split} > 0)); then
    _xar_value "$(_xar_takes "$prev")" && return 0
  fi
  [[ $cur == -* ]] || return 1
  _xar_reply "$(cut -d ' ' -f 1 <<<"$options")"
}

_xarbuild() {
  local cur prev words cword split='' options
  local -a operands
  _init_completion -s -n : || return
  [[ $split == true ]] || split=''
  if ((cword == 1)); then
    _xar_reply "--help --help-all --version $(_xar_commands "${words[0]}")"
    return
  fi
  options=$(_xar_options "${words[0]}" "${words[1]}")
  _xar_complete 2 && return
  if [[ ${words[1]} == dir ]]; then _filedir -d; else _filedir; fi
}

# What is mounted, and where, for a command that wants one of them.
_xar_mounts() {
  local name
  compopt -o filenames
  while read -r name; do
    [[ $name == "$cur"* ]] && COMPREPLY+=("$name")
  done < <("${words[0]}" --list --json 2>/dev/null | grep -o -E '"(archive|mount_point)": *"[^"\\]*"' | cut -d '"' -f 4)
}

# What follows a command's name: FILE, DIR or PATH, as its usage line has them.
_xarexec_operand() {
  local at=${#operands[@]} usage
  usage=$("${words[0]}" "$1" --help 2>/dev/null | sed -n 's/^Usage:.*\[OPTION\.\.\.\] *//p')
  local -a wanted
  read -ra wanted <<<"$usage"
  ((${#wanted[@]} > 0)) || return
  ((at < ${#wanted[@]})) || at=$((${#wanted[@]} - 1))
  case ${wanted[at]} in
    *--all*)
      _filedir
      _xar_mounts
      [[ -n $cur ]] || COMPREPLY+=(--all)
      ;;
    *PATH*) _xar_paths "${operands[0]}" ;;
    *DIR*) _filedir -d ;;
    *) _filedir ;;
  esac
}

# Which of the options in front of the cursor names a command, in $command, at $at.
_xarexec_find_command() {
  local commands
  commands=$(_xar_commands "${words[0]}")
  command=''
  for ((at = 1; at < cword; ++at)); do
    [[ ${words[at]} == -* ]] || return
    if grep -q -x -F -e "${words[at]}" <<<"$commands"; then
      command=${words[at]}
      return
    fi
    [[ -z $(_xar_takes "${words[at]}") ]] || ((++at))
  done
}

_xarexec() {
  local cur prev words cword split='' options command at
  local -a operands
  _init_completion -s -n : || return
  [[ $split == true ]] || split=''
  options=$(_xar_options "${words[0]}")
  _xarexec_find_command
  if [[ -n $command ]]; then
    options=$(_xar_options "${words[0]}" "$command")
    _xar_complete $((at + 1)) || _xarexec_operand "$command"
  elif ((at < cword)); then
    _filedir # of the application, which may understand anything
  elif [[ $prev == -* ]] && _xar_value "$(_xar_takes "$prev")"; then
    return
  elif [[ $cur == -* ]]; then
    _xar_reply "$(cut -d ' ' -f 1 <<<"$options")"
  else
    _filedir
  fi
}

complete -F _xarbuild xarbuild
complete -F _xarexec xarexec xarexec_fuse
