"""Text that a spreadsheet would run as a formula, and the sign that keeps it from doing so."""

from typing import Final

# Japanese spreadsheets take the full-width signs for the same.
_SIGNS: Final = tuple("=+-@＝＋－＠")
# What some spreadsheets skip before a sign; and, in front of all, the signs of those that were defused before.
_SKIPPED: Final = " \t\r\n\v\f\u3000\xa0'"
_BEGINNINGS: Final = ("\t", "\r")


def defused(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: `'` before what begins with `= + - @`, a tab or a carriage return."""
    return "'" + cell if _is_formula(cell) else cell


def undefused(cell: str) -> str:
    """A cell without the `'` that `defused` put before it: what went in comes out."""
    return cell[1:] if cell[:1] == "'" and _is_formula(cell[1:]) else cell


def _is_formula(cell: str) -> bool:
    return cell.lstrip(_SKIPPED).startswith(_SIGNS) or cell.lstrip("'").startswith(_BEGINNINGS)
