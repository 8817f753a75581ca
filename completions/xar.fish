# SPDX-License-Identifier: BSD-2-Clause
# Completion of xarexec and xarbuild in fish. What there is to complete the programs' own
# help says, so that it cannot fall behind them.

# The options in a command's help, if one is being typed: name, tab, description.
function __xar_options
    string match -q -- '-*' (commandline -ct); or return
    $argv --help-all 2>/dev/null | awk '
        /^Environment:/ { exit }
        function tell() { for (i = 1; i <= n; ++i) print names[i] "\t" text; n = 0 }
        /^   / && n { text = $0; sub(/^ +/, "", text); tell() }
        /^  -/ {
            sub(/^ +/, ""); head = $0; sub(/  .*/, "", head); gsub(/, ?-/, " -", head)
            count = split(head, words, " ")
            for (i = 1; i <= count && words[i] ~ /^-/; ++i) names[++n] = words[i]
            if (index($0, "  ")) { text = substr($0, index($0, "  ")); sub(/^ +/, "", text); tell() }
        }'
end

# What the help of a command says that the option before the cursor takes.
function __xar_takes
    __xar_takes_of (commandline -poc)[-1] $argv
end

# What an option takes by the help of a command.
function __xar_takes_of -a option
    string match -q -- '-*' $option; or return
    $argv[2..-1] --help-all 2>/dev/null | awk -v option=$option '
        /^  -/ {
            sub(/^ +/, ""); sub(/  .*/, ""); gsub(/, ?-/, " -")
            takes = ""; here = 0
            for (i = NF; i > 0; --i) if ($i !~ /^-/) takes = $i
            for (i = 1; i <= NF; ++i) here = here || $i == option
            if (here) { print takes; exit }
        }'
end

# Completes what is called so in the help. False if that is not known to be anything.
function __xar_value
    switch "$argv"
        case '{*}'
            string match -rg '\{(.*)\}' -- $argv | string replace UID:GID (id -u):(id -g) | string split ,
        case 'DIR*'
            __fish_complete_directories (commandline -ct)
        case 'FILE*' 'OUT*'
            __fish_complete_path (commandline -ct)
        case 'PATH*'
            set -l source (__xarbuild_source)
            if test -d "$source"
                set -l typed (commandline -ct)
                for path in $source/$typed*
                    set -l name (string replace -- "$source/" '' $path)
                    test -d $path; and echo $name/; or echo $name
                end
            else
                __fish_complete_path (commandline -ct)
            end
        case 'INTERPRETER*' 'COMMAND*' 'CMD*'
            __fish_complete_command
        case ''
            return 1
    end
end

# Completes the word behind the program's name by `first`, and later ones by `later`, which
# are told the program and the word behind it.
function __xar_complete -a first later
    set -l words (commandline -poc)
    if test (count $words) -eq 1
        __xar_options $words[1]
        $first $words[1]
    else
        $later $words[1..2]
    end
end

function __xarbuild_first -a program
    $program --help 2>/dev/null | awk '
        /^(Also|Exit)/ { exit }
        /^  [a-z]/ { name = $1; sub(/^ +[a-z]+ +/, ""); print name "\t" $0 }'
end

# The first operand of `xarbuild dir`.
function __xarbuild_source
    set -l words (commandline -poc)[3..-1]
    while set -q words[1]
        if not string match -q -- '-*' $words[1]
            echo (string trim -r -c / -- $words[1])
            return
        end
        set -l program (commandline -poc)[1..2]
        if test -n "$(__xar_takes_of $words[1] $program)"
            set -e words[1]
        end
        set -e words[1]
    end
end

function __xarbuild_later -a program command
    __xar_value (__xar_takes $program $command); and return
    __xar_options $program $command
    __fish_complete_path (commandline -ct)
end

# Paths in an archive.
function __xarexec_paths -a program archive
    set -l folder (commandline -ct | string match -r '.*/')
    for name in ($program --ls $archive $folder 2>/dev/null)
        echo $folder$name
    end
end

# What is mounted, and where.
function __xarexec_mounts -a program
    $program --list --json 2>/dev/null | string match -arg '"(?:archive|mount_point)": *"([^"\\\\]*)"'
end

# What can stand at the cursor by the usage line of a command.
function __xarexec_operand -a program command
    set -l before (commandline -poc)[3..-1]
    set before (string match -v -- '-*' $before)
    set -l operands ($program $command --help 2>/dev/null |
        string match -rg '^Usage:.*\[OPTION\.\.\.\] (.*)' | string split ' ')
    set -q operands[1]; or return
    set -l at (math "min($(count $before) + 1, $(count $operands))")
    switch "$operands[$at]"
        case '*--all*'
            __fish_complete_path (commandline -ct)
            __xarexec_mounts $program
            echo --all
        case '*PATH*'
            __xarexec_paths $program $before[1]
        case '*DIR*'
            __fish_complete_directories (commandline -ct)
        case '*'
            __fish_complete_path (commandline -ct)
    end
end

function __xarexec_first
    __fish_complete_path (commandline -ct)
end

function __xarexec_later -a program command
    if test "$command" = --backend
        # An option of a launch, and no command.
        set -l count (count (commandline -poc))
        if test $count -eq 2
            __xar_value (__xar_takes $program)
        else
            __fish_complete_path (commandline -ct)
        end
        return
    end
    if not string match -q -- '-*' $command
        # Of the application, which may understand anything.
        __fish_complete_path (commandline -ct)
        return
    end
    # The command's name is no option whose value could be asked for.
    test (count (commandline -poc)) -gt 2; and __xar_value (__xar_takes $program $command); and return
    __xar_options $program $command
    __xarexec_operand $program $command
end

complete -c xarbuild -f -a '(__xar_complete __xarbuild_first __xarbuild_later)'
complete -c xarexec -f -a '(__xar_complete __xarexec_first __xarexec_later)'
complete -c xarexec_fuse -w xarexec
