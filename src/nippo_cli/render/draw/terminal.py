"""A page on a terminal, through Rich. Text comes already safe from `layout`, and goes on as `rich.text.Text`:
neither markup nor emoji codes nor highlighting are read out of it.
"""

from collections.abc import Iterator
from io import StringIO
from itertools import islice
from typing import TYPE_CHECKING

from nippo_cli.render.draw.layout import lay_out
from nippo_cli.render.draw.page import Page, Tone

if TYPE_CHECKING:
    from nippo_cli.render.draw.page import Screen

LEAST_COLUMNS = 40
_AT_ONCE = 500

# Each colour reads on white and on black at 4 : 1 or better; Rich takes the nearest where there are only sixteen.
STYLES: dict[Tone, str] = {
    "plain": "",
    "dim": "color(243)",
    "strong": "bold",
    "good": "color(28)",
    "warn": "color(130)",
    "bad": "color(161)",
}


def write(page: Page, screen: "Screen") -> Iterator[str]:
    """The page as a terminal shows it, some hundred rows at a time. Colour that is asked for without a terminal cuts and
    wraps nothing."""
    from rich.console import Console
    from rich.text import Text

    columns = max(screen.columns, LEAST_COLUMNS) if screen.terminal else None
    out = StringIO()
    # The rows are laid out already. Without a size Rich would read COLUMNS and LINES, whatever stands in them.
    console = Console(
        file=out, force_terminal=True, color_system="auto" if screen.color else None, width=columns or 80, height=25,
        markup=False, emoji=False, highlight=False, legacy_windows=False,
    )  # fmt: skip
    laid_out = lay_out(page, columns=columns, rule="-" if screen.ascii else "─")
    while some := list(islice(laid_out, _AT_ONCE)):
        rows = []
        for row in some:
            text = Text()
            for piece in row:
                text.append(piece.text, STYLES[piece.tone] if screen.color else None)
            text.rstrip()
            rows.append(text)
        console.print(Text("\n").join(rows), soft_wrap=True)
        yield out.getvalue()
        out.seek(0)
        out.truncate()
