# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh
# bash, fish and zsh offer every option of every command, the values and files that an
# option takes, and paths inside an archive.
. "$(dirname "$0")/lib.sh"

completions=$HERE/../../completions
bash_completion=/usr/share/bash-completion/bash_completion
cd "$WORK"
mkdir -p tree/sub/deep empty
touch tree/sub/file
xarbuild dir tree -o tree.xar -q
mkdir zsh
cp "$completions/xar.zsh" zsh/_xarexec

# What a shell offers for a line, one word a line.
in_bash() {
  bash --norc -c '
    . "$1"; . "$2"
    COMP_LINE=$3 COMP_POINT=${#3}
    read -ra COMP_WORDS <<<"$3"
    [[ $3 == *" " ]] && COMP_WORDS+=("")
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
    # "complete -F FUNCTION PROGRAM"; compopt only works while a key is being answered.
    read -r _ _ function _ < <(complete -p "${COMP_WORDS[0]}")
    compopt() { :; }
    "$function" 2>&1
    printf "%s\n" "${COMPREPLY[@]}"' bash "$bash_completion" "$completions/xar.bash" "$1"
}
in_fish() {
  HOME=$WORK fish --no-config -c 'source $argv[1]; complete -C $argv[2]' "$completions/xar.fish" "$1" | cut -f 1
}
in_zsh() { python3 "$HERE/complete_in_zsh.py" "$WORK/zsh" "$1" | tr -s ' ' '\n'; }

# offers SHELL LINE WORD...
offers() {
  shell=$1 line=$2
  shift 2
  "in_$shell" "$line" >"$WORK/offered"
  ! grep -q -E "^[^ ]*bash: " "$WORK/offered" || fail "bash says for <$line>: $(cat "$WORK/offered")"
  for word; do
    grep -q -x -F -e "$word" "$WORK/offered" ||
      fail "$shell does not offer <$word> for <$line>, only: $(tr '\n' ' ' <"$WORK/offered")"
  done
}

# options_are_offered SHELL COMMAND...
options_are_offered() {
  shell=$1
  shift
  # Words of options, none of which has a space.
  # shellcheck disable=SC2046
  offers "$shell" "$* --" $(options_of "$@" | grep -e '^--')
}

[ -r "$bash_completion" ] || skip "no bash-completion"
for shell in bash fish zsh; do
  command -v "$shell" >/dev/null || skip "no $shell"
  options_are_offered "$shell" xarexec
  options_are_offered "$shell" xarbuild python
  offers "$shell" "xarbuild " dir python
  offers "$shell" "xarbuild python --installer " pip uv
  offers "$shell" "xarbuild python --owner " root keep
  offers "$shell" "xarexec --backend " auto fuse userns extract
  offers "$shell" "xarexec --backend e" extract
  offers "$shell" "xarexec --mount --backend " fuse
  offers "$shell" "xarexec --unmount " --all tree.xar
  offers "$shell" "xarexec t" tree.xar
  offers "$shell" "xarexec --ls tree.xar sub/" sub/file sub/deep
  offers "$shell" "xarexec --cat tree.xar sub/fi" sub/file
done
for program in xarbuild xarexec; do
  for subcommand in $(subcommands_of "$program"); do
    options_are_offered bash "$program" "$subcommand"
  done
done
offers bash "xarexec --extract tree.xar " empty tree
offers bash "xarexec --backend=f" fuse
offers bash "xarexec --backend fuse t" tree.xar
offers bash "xarexec -u -" --all --lazy -l
offers bash "xarexec --mount --timeout 60 tree.xar " empty tree
for option in --exec --run; do
  offers bash "xarbuild dir tree $option " sub/
  offers bash "xarbuild dir --zstd-level 3 tree $option sub/" sub/file sub/deep/
  offers fish "xarbuild dir tree $option sub/f" sub/file
  offers zsh "xarbuild dir tree $option sub/f" sub/file
  offers bash "xarbuild dir $option " tree
done
offers fish "xarexec --extract tree.xar " empty/ tree/
offers zsh "xarexec --extract tree.xar " empty/ tree/
