#compdef xarexec xarexec_fuse xarbuild
# SPDX-License-Identifier: BSD-2-Clause
# Completion of xarexec and xarbuild in zsh. What there is to complete the programs' own
# help says, so that it cannot fall behind them.

# _xar_read_help COMMAND...: fills $options with "name:description" and $takes with what
# each option takes.
_xar_read_help() {
  local line head text name
  local -a words names
  for line in ${(f)"$("$@" --help-all 2>/dev/null)"}; do
    [[ $line == Environment:* ]] && break
    if [[ $line == '  -'* ]]; then
      line=${line##[ ]##}
      head=${line%%  *}
      text=${${line#$head}##[ ]#}
      words=(${=${head//, #-/ -}})
      names=()
      while [[ ${words[1]-} == -* ]]; do
        names+=(${words[1]})
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
    \{*\}) compadd -- ${(s:,:)${${${1#*\{}%\}}/UID:GID/$UID:$GID}} ;;
    DIR*) _files -/ ;;
    FILE*|OUT*) _files ;;
    PATH*)
      [[ -d ${source-} ]] || { _files; return }
      local -a names=($source/${PREFIX}*(N))
      compadd -S '' -- ${names#$source/}
      ;;
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

# What is mounted, and where.
_xarexec_mounts() {
  ${(Q)words[1]} --list --json 2>/dev/null | grep -o -E '"(archive|mount_point)": *"[^"\\]*"' | cut -d '"' -f 4
}

# What can stand at the cursor by the usage line of a command.
_xarexec_operand() {
  local usage=${(M)${(f)"$(${(Q)words[1]} $words[2] --help 2>/dev/null)"}:#Usage:*}
  local -a operands=(${=usage#*OPTION...\] })
  local -a before=(${${words[3,CURRENT-1]}:#-*})
  local at=$(( $#before + 1 < $#operands ? $#before + 1 : $#operands ))
  case ${operands[at]-} in
    *--all*) _files; compadd -- --all $(_xarexec_mounts) ;;
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
      /^(Also|Exit)/ { exit }
      /^  [a-z]/ { name = $1; sub(/^ +[a-z]+ +/, ""); print name ":" $0 }')"})
    _describe subcommand subcommands
    return
  fi
  if (( CURRENT == 2 )); then
    _xar_read_help $program
  elif [[ $service != xarbuild && $words[2] == --backend ]]; then
    # An option of a launch, and no command.
    _xar_read_help $program
    if (( CURRENT == 3 )); then _xar_value ${takes[--backend]}; else _files; fi
    return
  elif [[ $service == xarbuild || $words[2] == -* ]]; then
    _xar_read_help $program $words[2]
    local last=$words[CURRENT-1] source='' word
    local -i skip=0
    for word in ${words[3,CURRENT-1]}; do
      if (( skip )); then
        skip=0
      elif [[ $word == -* ]]; then
        [[ -n ${takes[$word]-} ]] && skip=1
      else
        source=${word%/}
        break
      fi
    done
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
