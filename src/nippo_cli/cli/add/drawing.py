"""Blocks on the terminal that is asked on, without Rich: the first question has to come at once."""

import os
from typing import TYPE_CHECKING

from nippo_cli.render.draw import Page, lay_out

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nippo_cli.render.draw import Block, Tone

# The colours of render/draw/terminal.py as a terminal takes them.
SGR: "dict[Tone, str]" = {
    "plain": "", "dim": "38;5;243", "strong": "1", "good": "38;5;28", "warn": "38;5;130", "bad": "38;5;161",
}  # fmt: skip
# The same as prompt_toolkit names them.
STYLES: "dict[Tone, str]" = {
    "plain": "", "dim": "fg:#767676", "strong": "bold", "good": "fg:#008700", "warn": "fg:#af5f00", "bad": "fg:#d7005f",
}  # fmt: skip


def written(blocks: "Sequence[Block]", columns: int, *, color: bool) -> str:
    """The blocks as text, wrapped to the columns, each row ended."""
    rows = []
    for row in lay_out(Page(blocks), columns=columns):
        parts = [f"\x1b[{SGR[p.tone]}m{p.text}\x1b[0m" if color and SGR[p.tone] else p.text for p in row]
        rows.append("".join(parts).rstrip() + "\n")
    return "".join(rows)


def fragments(blocks: "Sequence[Block]", columns: int) -> list[tuple[str, str]]:
    """The blocks as prompt_toolkit takes them, each row ended."""
    parts: list[tuple[str, str]] = []
    for row in lay_out(Page(blocks), columns=columns):
        parts += [(STYLES[p.tone], p.text) for p in row]
        parts.append(("", "\n"))
    return parts


def encodable(text: str, encoding: str) -> bool:
    """Whether a terminal of this encoding can show a text."""
    try:
        text.encode(encoding)
    except (LookupError, UnicodeEncodeError):
        return False
    return True


def moves_its_cursor() -> bool:
    """Whether the terminal that the environment names can redraw a question."""
    return os.name == "nt" or os.environ.get("TERM", "dumb").lower() not in ("", "dumb", "unknown")
