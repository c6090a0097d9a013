"""The two drawings of cohorts: what share of each month's deals came how far, and how soon; of few deals how many (`1/6`)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nippo_cli.base.dates import month_start
from nippo_cli.base.language import t
from nippo_cli.base.text import cut, pad, width
from nippo_cli.gaps.activity import AGES, Cohort, TriangleCell
from nippo_cli.lessons import LEAST_RATE
from nippo_cli.render.draw import Cell as Piece, Run, Span, TextLines
from nippo_cli.render.parts import words

if TYPE_CHECKING:
    from nippo_cli.line.rate import AgainstRest
    from nippo_cli.render.draw import Screen
    from nippo_cli.schema.schema import Currency, Schema

_ROOM = 4  # of a number; its mark stands behind it
_CELL = _ROOM + 1
_LEAST_LABEL = 8
_THOUSAND, _UNITS = 1000, 3


def marks(screen: "Screen") -> tuple[str, str]:
    """The marks of what lies below and above the interval."""
    return ("v", "^") if screen.ascii else ("▼", "▲")


def how_far(shown: Sequence[Cohort], schema: "Schema", screen: "Screen") -> TextLines:
    """A column a cohort, read downwards: its deals, the share in % that reached each stage, and the ledger's money."""
    labels = [stage.label for stage in schema.stages]
    sold = [cohort.sold for cohort in shown if cohort.sold is not None]
    power = _power(sold, 10**schema.currency.digits)
    money = t("activity.sales", unit=_unit(power, schema.currency)) if sold else ""
    room = max(map(width, [*labels, money, t("activity.cohort")])) + 1
    if screen.terminal:
        room = min(room, max(screen.columns - _CELL * min(len(shown), 12), _LEAST_LABEL))
        shown = shown[-max(1, (screen.columns - room) // _CELL) :]
    starts = [month_start(cohort.month) for cohort in shown]
    years = [str(on.year) if i == 0 or on.month == 1 else "" for i, on in enumerate(starts)]
    rows: list[Run] = [
        _row("", room, [Span(_right(year), "dim") for year in years]),
        _row(t("activity.cohort"), room, [Span(_right(words.month(on.month)), "dim") for on in starts]),
        _row(t("activity.deals"), room, [_right(f"{cohort.size}") for cohort in shown]),
    ]
    for stage, label in zip(schema.stages, labels, strict=True):
        bad: AgainstRest = "above" if stage.ends == "lost" else "below"
        rows.append(_row(label, room, [_share(cohort.reached[stage.key], screen, bad) for cohort in shown]))
    if sold:
        divisor = _THOUSAND**power * 10**schema.currency.digits
        rows.append(_row(money, room, [_right(f"{round((c.sold or 0) / divisor)}") for c in shown]))
    return TextLines(rows)


def by_age(shown: Sequence[Cohort], screen: "Screen", *, lost: bool = False) -> TextLines:
    """A row a cohort: the share in % by the end of each month from the first contact; blank where it is yet to come.
    `lost` says that the stage is one to stay away from."""
    bad: AgainstRest = "above" if lost else "below"
    labels = [words.year_month(month_start(cohort.month)) for cohort in shown]
    head = t("activity.first_met")
    room = max(map(width, [*labels, head])) + 1
    ages = AGES + 1
    if screen.terminal:
        ages = max(1, min(ages, (screen.columns - room) // _CELL - 1))
    heads: list[Piece] = [Span(_right(t("activity.n")), "dim")]
    rows: list[Run] = [_row(head, room, heads + [Span(_right(str(n)), "dim") for n in range(ages)])]
    for cohort, label in zip(shown, labels, strict=True):
        cells = [_share(cell, screen, bad) for cell in cohort.by_age[:ages]]
        rows.append(_row(label, room, [_right(f"{cohort.size}"), *cells]))
    return TextLines(rows)


def _row(label: str, room: int, cells: Sequence[Piece]) -> Run:
    return (Span(pad(cut(label, room - 1), room), "dim"), *cells)


def _right(text: str) -> str:
    return pad(text, _ROOM, right=True) + " "


def _share(cell: TriangleCell, screen: "Screen", bad: "AgainstRest") -> Piece:
    _, n = cell.share
    if not n:
        return _right(words.NOTHING)
    number = pad(share_number(cell), _ROOM, right=True)
    if not cell.mark:
        return number + " "
    below, above = marks(screen)
    return Span(number + (below if cell.mark == "below" else above), "warn" if cell.mark == bad else "good")


def share_number(cell: TriangleCell) -> str:
    """The share in %; of few deals how many."""
    hits, n = cell.share
    return f"{hits}/{n}" if n < LEAST_RATE else f"{hits / n * 100:.0f}"


def _power(sold: Sequence[int], whole: int) -> int:
    """By how many thousands money is divided, so that each amount takes at most four digits; `whole` makes one unit."""
    most, power = max(map(abs, sold), default=0) // whole, 0
    while most >= 10**_ROOM and power < _UNITS:
        most, power = most // _THOUSAND, power + 1
    return power


def _unit(power: int, currency: "Currency") -> str:
    yen = currency.code == "JPY"
    return t(f"activity.unit_{power}", code=t("activity.yen") if yen else currency.code)
