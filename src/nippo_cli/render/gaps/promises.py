"""`nippo gap promises`: what was promised for each month, and what became of exactly those deals.

Two tables of months, counts over money; targets where there are any; then the deals that were promised and not won.
"""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from nippo_cli.base.dates import month_name, month_start
from nippo_cli.base.language import t
from nippo_cli.gaps.promises import Missed, MonthOutcome
from nippo_cli.render.draw import Block, Cell, Heading, Prose, Span
from nippo_cli.render.gaps import promise_months, table
from nippo_cli.render.gaps.page import GapRenderer
from nippo_cli.render.gaps.table import Narrow, Wide
from nippo_cli.render.parts import shapes, words
from nippo_cli.results.gap import GapPage, GapRow

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen

_COLUMNS = ("months", "became", "promised_amount", "confidence", "closes")


def note(result: GapPage) -> str:
    """The window; only its full months count."""
    basis = t("landing.without_tax", basis=t(f"landing.basis_{result.counted.basis}"))
    return t("promises.note", as_of=words.day(result.as_of), since=words.day(result.since, result.as_of), basis=basis)


def blocks(result: GapPage, screen: "Screen") -> list[Block]:
    """The months, the targets, and the deals that were promised and not won."""
    count = result.counted
    if not count.months:
        return [Prose(t("promises.no_month")), Prose(t("promises.no_month_hint"), indent=2)]
    if not (count.total.promised.deals or count.total.unpromised.deals or count.aims):
        return [Prose(t("promises.none_match" if result.filtered else "promises.none"))]
    months, currency, basis = _with_total(result), result.schema.currency, count.basis
    lists = table.GapLists(result, "months")
    shown: list[Block] = [
        promise_months.in_time_of_promised(months, basis, currency, lists, screen),
        *_picture(result, screen),
        Heading(t("promises.became"), t("promises.became_note")),
        promise_months.became(months, basis, currency, lists),
        *lists.blocks(),
    ]
    if basis == "sale" and count.total.ledger is None:
        shown.append(Prose(Span(t("landing.no_ledger"), "dim")))
    if count.total.unweighted:
        shown.append(Prose(Span(words.counted("promises.unweighted", count.total.unweighted), "dim")))
    if count.aims:
        note = t(f"promises.aims_note_{basis}")
        shown += [Heading(t("promises.aims"), note), promise_months.aims(count.aims, basis, currency)]
    if result.rows:
        missed = table.findings(result, screen, _WIDE, _NARROW)
        shown += [Heading(words.counted("promises.missed", result.total)), *missed, Prose(t("promises.question"))]
    return shown


def _picture(result: GapPage, screen: "Screen") -> Sequence[Block]:
    from nippo_cli.render.gaps import promise_picture

    return promise_picture.pictures(result.counted, result.schema.currency, screen)


def brief(result: GapPage, screen: "Screen") -> list[Block]:
    """The months, and the deals that were promised and not won."""
    if not result.counted.months:
        return []
    basis, currency = result.counted.basis, result.schema.currency
    lists = table.GapLists(result, "months")
    of_months = promise_months.in_time_of_promised(_with_total(result), basis, currency, lists, screen)
    shown: list[Block] = [of_months, *lists.blocks()]
    if result.rows:
        shown.append(Prose(words.counted("promises.missed", result.total)))
    return [*shown, *table.findings(result, screen, _WIDE, _NARROW)]


def _with_total(result: GapPage) -> Sequence[MonthOutcome]:
    """The months; of several, all together behind them."""
    count = result.counted
    return [*count.months, *([count.total] if len(count.months) > 1 else [])]


def lacking(result: GapPage) -> str:
    """No full month, or nothing promised for one."""
    count = result.counted
    if not count.months:
        return t("promises.no_month")
    return "" if count.total.promised.deals or count.total.unpromised.deals or count.aims else t("promises.none")


def summary(result: GapPage) -> dict[str, object]:
    """By what months are filled, and all of them together."""
    return {"basis": result.counted.basis, **promise_months.month_json(result.counted.total)}


def figures(result: GapPage) -> dict[str, object]:
    """Each month with the deals behind its numbers, and the targets."""
    return {
        "months": [promise_months.month_json(one) for one in result.counted.months],
        "targets": [promise_months.aim_json(aim) for aim in result.counted.aims],
    }


def entries(row: GapRow) -> list[int]:
    """Those that promised the months, and the one that closed the deal."""
    return list(row.detail or ())


def finding(row: GapRow, _result: GapPage) -> dict[str, object]:
    """The months, what became of it, and what had been promised."""
    one: Missed = row.finding
    return {
        "months": [month_name(month) for month in one.months],
        "became": one.became,
        "promised_amount": one.promised_amount,
        "confidence": one.confidence or None,
        "closes": shapes.when(row.head.closes),
    }


def _months(one: Missed, as_of: date) -> str:
    """Those months, without their year where it is that of the day."""
    starts = [month_start(month) for month in one.months]
    if len({on.year for on in starts} | {as_of.year}) == 1:
        return t("show.comma").join(words.month(on.month) for on in starts)
    return t("show.comma").join(words.year_month(on) for on in starts)


def _for_months(row: GapRow, result: GapPage) -> Cell:
    return _months(row.finding, result.as_of)


def _became(row: GapRow, _result: GapPage) -> Cell:
    return t(f"promises.became_{row.finding.became}")


def _promised_amount(row: GapRow, result: GapPage) -> Cell:
    return words.money(row.finding.promised_amount, result.schema.currency)


def _confidence(row: GapRow, result: GapPage) -> Cell:
    """The rank that was promised with, by its name of today."""
    return result.schema.rank_label(row.finding.confidence)


def _closes_if_live(row: GapRow, result: GapPage) -> Cell:
    return table.closes(row, result) if row.head.fate == "live" else ""


def _stage_unless_lost(row: GapRow, result: GapPage) -> Cell:
    """The stage; of a lost deal the row above says it."""
    return table.stage(row, result) if row.head.fate != "lost" else ""


_WIDE = (
    *table.DEAL,
    Wide("months", "promises.for_months", _for_months),
    Wide("became", "promises.now", _became),
    table.STAGE,
    Wide("confidence", "promises.confidence", _confidence),
    Wide("promised_amount", "promises.promised", _promised_amount, right=True),
    table.CLOSES,
    table.AMOUNT,
)
_NARROW = (
    table.WHICH_AND_WHOSE,
    Narrow("months", "promises.months_closes", _for_months, _closes_if_live),
    Narrow("became", "promises.now_stage", _became, _stage_unless_lost),
    Narrow("amount", "promises.amounts", table.amount, _promised_amount, right=True),
)

RENDERER = GapRenderer(
    blocks=blocks,
    brief=brief,
    ask="promises.question",
    note=note,
    lacking=lacking,
    summary=summary,
    figures=figures,
    finding=finding,
    columns=_COLUMNS,
    entries=entries,
)
