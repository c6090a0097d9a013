"""What `--install-completion` and `--show-completion` give a shell: scripts that ask `cli.completing`.

Typer's own hand the line over in pieces that lose names with blanks, and have zsh run what comes back.
"""

# What comes back is read line by line: as an unquoted `$(…)`, `*` would become the names of files. `$2` is what bash puts
# a candidate in place of. It runs in bash 3.2, which has no compopt.
BASH = r"""
%(complete_func)s() {
    local candidate
    COMPREPLY=()
    # Live deals come before finished ones: bash 4.4 and newer leave the order as it is.
    compopt -o nosort 2>/dev/null
    while IFS= read -r candidate; do
        # A blank keeps apart what bash would type a part of; where each is typed in turn, there is no need of it.
        if [[ -z ${candidate} || ( ${candidate} == ' ' && ${COMP_TYPE-} == 37 ) ]]; then continue; fi
        COMPREPLY+=("${candidate}")
        if [[ ${candidate} == *= ]]; then compopt -o nospace 2>/dev/null; fi
    done <<< "$( COMP_LINE="${COMP_LINE:0:COMP_POINT}" _NIPPO_TEXT="$2" _NIPPO_TYPE="${COMP_TYPE-}" \
                 %(autocomplete_var)s=complete_bash "$1" 2>/dev/null )"
    return 0
}

complete -o default -o bashdefault -F %(complete_func)s %(prog_name)s
"""

ZSH = r"""
#compdef %(prog_name)s

%(complete_func)s() {
  local -a words_before names shown
  local line tab=$'\t'
  words_before=("${(@Q)words[1,CURRENT-1]}" "${(Q)PREFIX}")
  while IFS= read -r line; do
    names+=("${line%%%%${tab}*}")
    shown+=("${line/${tab}/  -- }")
  done < <(_NIPPO_WORDS="${(pj:\n:)words_before}" _NIPPO_QUOTE="${compstate[quote]}" \
           %(autocomplete_var)s=complete_zsh "${words[1]}" 2>/dev/null)
  if (( ${#names} )); then
    compadd -U -V offered -l -d shown -a names
    # What was typed stays where not all of several begin with it: first they are listed, then chosen from.
    if [[ ${#names} -gt 1 && ${compstate[insert]} == *unambiguous* \
          && -n ${${(L)names}:#"${(L)words_before[-1]}"*} ]]; then
      compstate[insert]=${compstate[old_list]:+menu}
    fi
  else
    _files
  fi
}

compdef %(complete_func)s %(prog_name)s
# Read at the first TAB, from where it was installed: that TAB is answered, too.
if (( ${+compstate} )); then
  %(complete_func)s "$@"
fi
"""

FISH = r"""
function %(complete_func)s
    set -l before (commandline -opc | string collect)
    # In quotes it is there as a line of its own even if nothing of it was typed yet.
    set -l word (commandline -ct)
    set -l found (env _NIPPO_WORDS="$before"\n"$word" %(autocomplete_var)s=complete_fish %(prog_name)s 2>/dev/null)
    if test (count $found) -gt 0
        printf '%%s\n' $found
    else
        __fish_complete_path (commandline -ct)
    end
end

complete --command %(prog_name)s --no-files --keep-order --arguments "(%(complete_func)s)"
"""


def use_own() -> None:
    """Have Typer's options install and show these in place of its own."""
    from typer import _completion_shared as shared

    from nippo_cli.cli.completion import install as ours

    shared._completion_scripts.update(bash=BASH, zsh=ZSH, fish=FISH)  # noqa: SLF001  Typer has no public way
    shared.install_bash, shared.install_zsh, shared.install_fish = (
        ours.install_bash,
        ours.install_zsh,
        ours.install_fish,
    )
