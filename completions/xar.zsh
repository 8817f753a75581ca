#compdef xarexec xarexec_fuse xarbuild
# SPDX-License-Identifier: BSD-2-Clause
# Completion of xarexec and xarbuild in zsh. What there is to complete the programs' own
# help says, so that it cannot fall behind them.

# _xar_read_help COMMAND...: fills $options with "name:description" and $takes with what
# each option takes.
_xar_read_help() {
  local line head text name
  local -a words names
  for line in ${(f)"$("$@" --help 2>/dev/null)"}; do
    if [[ $line == '  -'* ]]; then
      line=${line##[ ]##}
      head=${line%%  *}
      text=${${line#$head}##[ ]#}
      words=(${=${head//, #-/ -}})
      names=()
      while [[ ${words[1]-} == -* ]]; do
        names+=(${words[1]%%[\{=]*})
        shift words
      done
      for name in $names; do takes[$name]=${words[1]-}; done
    elif [[ $line == '   '* ]]; then
      text=${line##[ ]##}
    else
      names=()
    fi
    [[ -n $text ]] || continue
    for name in $names; do options+=("$name:$text"); done
    names=()
  done
}

# Completes what is called so in the help.
_xar_value() {
  case $1 in
    *:\{*\}) compadd -- ${(s:,:)${${1#*\{}%\}}} ;;
    DIR*) _files -/ ;;
    FILE*|OUT*|PATH*) _files ;;
    INTERPRETER*|COMMAND*|CMD*) _command_names -e ;;
    *) _message "$1" ;;
  esac
}

# Paths in an archive.
_xarexec_paths() {
  local folder
  [[ $PREFIX == */* ]] && folder=${PREFIX%/*}/
  local -a names=(${(f)"$(${(Q)words[1]} --ls ${(Q)1} $folder 2>/dev/null)"})
  compadd -S '' -- $folder$^names
}

# What can stand at the cursor by the usage line of a command.
_xarexec_operand() {
  local usage=${(M)${(f)"$(${(Q)words[1]} $words[2] --help 2>/dev/null)"}:#Usage:*}
  local -a operands=(${=usage#*OPTION...\] })
  local -a before=(${${words[3,CURRENT-1]}:#-*})
  local at=$(( $#before + 1 < $#operands ? $#before + 1 : $#operands ))
  case ${operands[at]-} in
    *PATH*) _xarexec_paths $before[1] ;;
    *DIR*) _files -/ ;;
    *) _files ;;
  esac
}

_xar_complete() {
  setopt local_options extended_glob
  local program=${(Q)words[1]}
  local -a options before=($words[1])
  local -A takes
  if [[ $service == xarbuild ]] && (( CURRENT == 2 )); then
    _xar_read_help $program
    [[ $PREFIX == -* ]] && _describe -o option options && return
    local -a subcommands=(${(f)"$($program --help 2>/dev/null | awk '
      /^[A-Z]/ { section = $1 }
      /^  [a-z]/ && section == "Subcommands:" { name = $1; sub(/^ +[a-z]+ +/, ""); print name ":" $0 }')"})
    _describe subcommand subcommands
    return
  fi
  if (( CURRENT == 2 )); then
    _xar_read_help $program
  elif [[ $service == xarbuild || $words[2] == -* ]]; then
    _xar_read_help $program $words[2]
    local last=$words[CURRENT-1]
    if (( CURRENT > 3 )) && [[ -n ${takes[$last]-} ]]; then
      _xar_value ${takes[$last]}
      return
    fi
  fi
  [[ $PREFIX == -* ]] && _describe -o option options && return
  if [[ $service != xarbuild && CURRENT -gt 2 && $words[2] == -* ]]; then
    _xarexec_operand
  else
    _files
  fi
}

_xar_complete "$@"
