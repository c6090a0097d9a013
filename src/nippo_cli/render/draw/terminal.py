"""A page on a terminal, through Rich. Text comes already safe from `layout`, and goes on as `rich.text.Text`:
neither markup nor emoji codes nor highlighting are read out of it.
"""

from io import StringIO
from typing import TYPE_CHECKING

from nippo_cli.render.draw.layout import lay_out
from nippo_cli.render.draw.page import Page, Tone

if TYPE_CHECKING:
    from nippo_cli.render.draw.page import Screen

LEAST_COLUMNS = 40

# Each colour reads on white and on black at 4 : 1 or better; Rich takes the nearest where there are only sixteen.
STYLES: dict[Tone, str] = {
    "plain": "",
    "dim": "color(243)",
    "strong": "bold",
    "good": "color(28)",
    "warn": "color(130)",
    "bad": "color(161)",
}


def write(page: Page, screen: "Screen") -> str:
    """The page as a terminal shows it. Colour that is asked for without a terminal cuts and wraps nothing."""
    from rich.console import Console
    from rich.text import Text

    columns = max(screen.columns, LEAST_COLUMNS) if screen.terminal else None
    rows = []
    for row in lay_out(page, columns=columns, rule="-" if screen.ascii else "─"):
        text = Text()
        for piece in row:
            text.append(piece.text, STYLES[piece.tone] if screen.color else None)
        text.rstrip()
        rows.append(text)
    if not rows:
        return ""
    out = StringIO()
    # The rows are laid out already. Without a size Rich would read COLUMNS and LINES, whatever stands in them.
    console = Console(
        file=out, force_terminal=True, color_system="auto" if screen.color else None, width=columns or 80, height=25,
        markup=False, emoji=False, highlight=False, legacy_windows=False,
    )  # fmt: skip
    console.print(Text("\n").join(rows), soft_wrap=True)
    return out.getvalue()
