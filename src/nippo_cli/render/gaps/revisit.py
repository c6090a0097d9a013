"""`nippo gap revisit`: who is to be called again, and which old quotes came alive."""

from typing import TYPE_CHECKING

from nippo_cli.base.ids import show_id
from nippo_cli.base.language import t
from nippo_cli.gaps.revisit import WHYS, CallAgain, CallCount
from nippo_cli.render.draw import Block, Cell, Heading, Prose, Span
from nippo_cli.render.gaps import table
from nippo_cli.render.gaps.page import GapRenderer
from nippo_cli.render.gaps.table import Narrow, Wide
from nippo_cli.render.parts import words
from nippo_cli.results.gap import GapPage, GapRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nippo_cli.render.draw import Screen

_COLUMNS = ("why", "customer", "text")


def blocks(result: GapPage, screen: "Screen") -> list[Block]:
    """The count, who is to be called, and who will be in the next months."""
    return [
        *brief(result, screen),
        Prose(t("show.revisit.question")) if asks(result) else Prose(Span(t("show.revisit.none"), "good")),
        *_ahead(result, screen),
    ]


def brief(result: GapPage, screen: "Screen") -> list[Block]:
    """Who is to be called, counted by why; then the quotes that came alive, which need no call; then each."""
    count: CallCount = result.counted
    if not count.due:
        return []
    return [*_counted(count, result), *table.findings(result, screen, _WIDE, _NARROW)]


def asks(result: GapPage) -> bool:
    """Whether anybody is to be called: a quote that came alive needs no call."""
    return calls_due(result.counted) > 0


def calls_due(count: CallCount) -> int:
    """How many are to be called."""
    return count.due - count.by_why.get("alive", 0)


def _counted(count: CallCount, result: GapPage) -> list[Block]:
    """How many calls are due, with their money and by why; and how many of deals that are alive."""
    currency, rows = result.schema.currency, list[Block]()
    parts = t("show.dot").join(
        t("show.revisit.part", why=t(f"show.revisit.why_{why}"), n=f"{count.by_why[why]:,}")
        for why in WHYS
        if why != "alive" and count.by_why[why]
    )
    if calls_due(count):
        due = table.counts_line("show.revisit.found", calls_due(count), count.amount - count.alive_amount, currency)
        rows.append(Prose((Span(due, "strong"), f"  {parts}")))
    if alive_n := count.by_why.get("alive", 0):
        alive = table.counts_line("show.revisit.found_alive", alive_n, count.alive_amount, currency)
        rows.append(Prose(Span(alive, "strong")))
    return rows


def _ahead(result: GapPage, screen: "Screen") -> list[Block]:
    """Who comes up next, the soonest first, as many as the screen shows of a table."""
    ahead: Sequence[CallAgain] = result.figures or ()
    if not ahead:
        return []
    shown = ahead[: screen.limit] if screen.limit else ahead
    rows: list[Block] = [Prose(_ahead_row(one, result), indent=2, mark="-") for one in shown]
    rest = len(ahead) - len(shown)
    if rest > 0:
        more = f"{words.counted('show.more', rest)}  {t('show.more_hint')}"
        rows.append(Prose(Span(more, "dim"), indent=2))
    return [Heading(t("show.revisit.ahead"), words.counted("show.count", len(ahead))), *rows]


def _ahead_row(one: CallAgain, result: GapPage) -> tuple[Cell, ...]:
    day = words.day_name(one.began_on, result.as_of)
    why = t(f"show.revisit.why_{one.why}")
    deal = f"{show_id(one.deal)} {one.name}" if one.deal is not None else ""
    whom = "  ".join(filter(None, (deal, one.customer)))
    return (f"{day}  {whom}  {why}", Span(f"  {one.text}", "dim"))


def summary(result: GapPage) -> dict[str, object]:
    """How many calls are due, with their money, by why."""
    count: CallCount = result.counted
    return {
        "found": count.due,
        "found_amount": count.amount,
        "new": count.new,
        **{why: count.by_why.get(why, 0) for why in WHYS},
    }


def figures(result: GapPage) -> dict[str, object]:
    """Who comes up within a year, the soonest first."""
    return {
        "ahead": [
            {
                "on": one.began_on.isoformat(),
                "deal": show_id(one.deal) if one.deal is not None else None,
                "name": one.name or None,
                "customer": one.customer or None,
                "why": one.why,
                "text": one.text or None,
                "amount": one.amount,
            }
            for one in result.figures or ()
        ]
    }


def entries(row: GapRow) -> list[int]:
    """The entry that plans the call; else that of the last contact with the deal."""
    one: CallAgain = row.finding
    if one.entry is not None:
        return [one.entry]
    return [row.about.last_contact] if row.about is not None and row.about.last_contact is not None else []


def finding(row: GapRow, _result: GapPage) -> dict[str, object]:
    """Why, whom, and what was written of it."""
    one: CallAgain = row.finding
    return {"why": one.why, "customer": one.customer or None, "text": one.text or None}


def _id(row: GapRow, _result: GapPage) -> Cell:
    return show_id(row.about.id) if row.about is not None else ""


def _deal(row: GapRow, _result: GapPage) -> Cell:
    return row.about.name if row.about is not None else ""


def _customer(row: GapRow, _result: GapPage) -> Cell:
    return str(row.finding.customer)


def _owner(row: GapRow, _result: GapPage) -> Cell:
    return row.about.owner if row.about is not None else ""


def _why(row: GapRow, _result: GapPage) -> Cell:
    one: CallAgain = row.finding
    return t(f"show.revisit.why_{one.why}")


def _text(row: GapRow, _result: GapPage) -> Cell:
    return str(row.finding.text)


def _which(row: GapRow, result: GapPage) -> Cell:
    """`12 Press line`, or the customer alone."""
    return table.deal_named(row, result) if row.about is not None else _customer(row, result)


def _whose(row: GapRow, result: GapPage) -> Cell:
    """Why as it was written; else the owner, for the customer stands beside."""
    return _text(row, result) or _owner(row, result)


_WIDE = (
    Wide("due", "show.revisit.head_due", table.began, right=True),
    Wide("why", "show.revisit.head_why", _why),
    Wide("id", "show.head.id", _id, right=True),
    Wide("deal", "show.head.deal", _deal, flex=True),
    Wide("customer", "show.head.customer", _customer, flex=True),
    Wide("owner", "show.head.owner", _owner),
    Wide("text", "show.revisit.head_text", _text, flex=True),
    table.NEW,
    table.AMOUNT,
)
_NARROW = (
    Narrow("due", ("show.revisit.head_due", "show.revisit.head_why"), table.began, _why),
    Narrow("deal", ("show.head.deal", "show.revisit.head_text"), _which, _whose, flex=True),
    Narrow("amount", ("show.head.amount", "show.head.customer"), table.amount, _customer, right=True),
)

RENDERER = GapRenderer(
    blocks=blocks,
    brief=brief,
    ask="show.revisit.question",
    asks=asks,
    summary=summary,
    figures=figures,
    finding=finding,
    columns=_COLUMNS,
    entries=entries,
)
