"""The forms that nippo brings: a day's and a week's report, in each language."""

from importlib.resources import files
from pathlib import Path
from typing import Final

from nippo_cli.base.errors import UsageError, msg
from nippo_cli.base.guards import Guard, OutputKind
from nippo_cli.base.language import current
from nippo_cli.base.outputs import target, write
from nippo_cli.base.text import normal_form

# What each may be called, its key first.
_CALLED: Final = {"daily": ("daily", "day", "日報"), "weekly": ("weekly", "week", "週報")}


def write_example(to: Path, like: str | None) -> None:
    """Write one of them where nothing is yet.

    Args:
        like: which one; None for the one that the file's name means.

    Raises:
        UsageError: there is no such form, the name is no workbook's, or something is there. OSError: it can't be written.
    """
    said = normal_form(like if like is not None else to.stem)
    kind = next((kind for kind, called in _CALLED.items() if any(normal_form(name) in said for name in called)), None)
    if kind is None:
        raise UsageError(msg("forms.which_example", said=like if like is not None else to.name))
    if to.suffix.casefold() != ".xlsx":
        raise UsageError(msg("forms.ending", path=str(to), ending=".xlsx"))
    where = target(str(to), OutputKind(()), force=False, guard=Guard())
    if to.exists():
        raise UsageError(msg("forms.there", path=str(to)), hint=msg("output.another"))
    write(where, [example(kind, current())])


def example(kind: str, language: str) -> bytes:
    """The form of a kind, in a language."""
    return (files("nippo_cli.exchange.forms") / "examples" / f"{kind}.{language}.xlsx").read_bytes()
