"""What `--install-completion` writes: the script, and in the shell's own file the line that reads it.

A person's `.bashrc` is kept whatever happens: its bytes, its permissions, and the link that it may be. Typer's own
installing writes it in place, in the locale's encoding. PowerShell's profile is left to Typer, which only adds to it.
"""

import os
import shlex
from collections.abc import Callable
from pathlib import Path

from nippo_cli.base.guards import Guard, OutputKind
from nippo_cli.base.outputs import target, unwritable, write


def install_bash(*, prog_name: str, complete_var: str, shell: str) -> Path:
    """Where the script now is, which `.bashrc` reads.

    Raises:
        UsageError: a file can't be written; what was there is as it was.
    """
    script = Path.home() / ".bash_completions" / f"{prog_name}.sh"
    _put(script, lambda _: _script(prog_name, complete_var, shell))
    _add(Path.home() / ".bashrc", {f"source {_quoted(script)}": ""})
    return script


def install_zsh(*, prog_name: str, complete_var: str, shell: str) -> Path:
    """Where the script now is, in a folder that `.zshrc` names.

    Raises: as `install_bash`.
    """
    script = Path.home() / ".zfunc" / f"_{prog_name}"
    _put(script, lambda _: _script(prog_name, complete_var, shell))
    lines = {"fpath+=~/.zfunc; autoload -Uz compinit; compinit": "", "zstyle ':completion:*' menu select": "zstyle"}
    _add(Path.home() / ".zshrc", lines)
    return script


def install_fish(*, prog_name: str, complete_var: str, shell: str) -> Path:
    """Where the script now is; fish finds it there.

    Raises: as `install_bash`.
    """
    script = Path.home() / ".config" / "fish" / "completions" / f"{prog_name}.fish"
    _put(script, lambda _: _script(prog_name, complete_var, shell))
    return script


def _script(prog_name: str, complete_var: str, shell: str) -> bytes:
    from typer._completion_shared import get_completion_script

    made = get_completion_script(prog_name=prog_name, complete_var=complete_var, shell=shell)
    return f"{made}\n".encode()


def _quoted(path: Path) -> str:
    """As earlier versions wrote it, where that can be read."""
    return f"'{path}'" if "'" not in str(path) else shlex.quote(str(path))


def _add(file: Path, lines: dict[str, str]) -> None:
    """Put lines at a file's end that it lacks. A line stands for what says that it is needless (empty: itself)."""

    def added(there: bytes) -> bytes:
        for line, instead in lines.items():
            if os.fsencode(instead or line) not in there:
                there += b"\n" * (there[-1:] not in (b"", b"\n")) + os.fsencode(line) + b"\n"
        return there

    _put(file, added)


def _put(file: Path, made: Callable[[bytes], bytes]) -> None:
    """Write what is made of what a file holds, if that is anything else."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        where = target(str(file), OutputKind(()), force=True, guard=Guard())
        there = file.read_bytes() if file.exists() else b""
        if (content := made(there)) != there:
            write(where, (content,))
    except OSError as error:
        raise unwritable(file, error) from error
