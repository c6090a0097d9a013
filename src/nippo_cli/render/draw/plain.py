"""Plain text for pipes and files: aligned, whole, without colour. Rich is never loaded here."""

from nippo_cli.render.draw.layout import lay_out
from nippo_cli.render.draw.page import Page


def write(page: Page) -> str:
    """The page as text, one newline at its end. Nothing is cut and no paragraph is wrapped, so that `grep` finds it."""
    rows = ["".join(piece.text for piece in row).rstrip() for row in lay_out(page, columns=None, toned=False)]
    return "\n".join(rows) + "\n" if rows else ""
