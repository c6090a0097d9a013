"""`nippo gap mirage`: promised dates that keep moving away or are past, each move with what was learned before it, and
what this team's own record makes of the date that stands."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from nippo_cli.base.ids import show_id
from nippo_cli.base.language import t, tn
from nippo_cli.gaps.mirage import Mirage, MirageDetail
from nippo_cli.line.slip import RanOn, Slip
from nippo_cli.render.draw import Block, Cell, Prose, Span
from nippo_cli.render.gaps import table
from nippo_cli.render.gaps.mirage_moves import expected, limits, moves, records
from nippo_cli.render.gaps.page import GapRenderer
from nippo_cli.render.gaps.table import Narrow, Wide
from nippo_cli.render.parts import sentence, shapes, signed_days, words
from nippo_cli.results.gap import GapPage, GapRow

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen

_COLUMNS = (
    "signs", "first_promise", "standing_promise", "pushes", "pulls", "slip_days", "past_days", "limit.days",
    "limit.source", "limit.n", "limit.lead_days", "moves", "record.stage", "record.n", "record.median_days",
    "record.p80_days", "record.from", "record.to",
)  # fmt: skip


def blocks(result: GapPage, screen: "Screen") -> list[Block]:
    """The counts, the findings, how each date moved, and what it was held against."""
    if not result.counted.live:
        return table.nothing_live(result)
    if not result.counted.dated:
        return [Prose(t("show.mirage.none_dated")), Prose(t("show.mirage.none_dated_hint"), indent=2)]
    return [
        *brief(result, screen),
        *table.question(result, "show.mirage.question", none="show.mirage.none"),
        *([*moves(result, screen), *records(result)] if result.rows else []),
        *limits(result),
    ]


def brief(result: GapPage, screen: "Screen") -> list[Block]:
    """The counts and the findings."""
    count = result.counted
    lines = table.counts_above(
        result,
        screen,
        ("show.mirage.dated", count.dated, count.dated_amount),
        ("show.mirage.found", count.flagged, count.flagged_amount),
        ("show.gap_live.new", count.new, count.new_amount),
        among=lambda head: head.closes is not None,
    )
    if count.flagged:
        lines += _by_sign(result)
    return [*lines, *table.findings(result, screen, _WIDE, _NARROW)]


def _shows(sign: str) -> Callable[[Mirage], bool]:
    return lambda one: sign in one.signs


def _by_sign(result: GapPage) -> list[Block]:
    """How many of each sign there are; a deal may show several."""
    count, lists = result.counted, table.GapLists(result, "signs")
    figures = {
        sign: lists.matching(f"{n:,}", t(f"show.mirage.listed_{sign}"), _shows(sign))
        for sign, n in (("pushed", count.pushed), ("slipped", count.slipped), ("past", count.past))
    }
    return [Prose(sentence("show.mirage.signs", "dim", **figures)), *lists.blocks()]


def lacking(result: GapPage) -> str:
    """No live deal says when it is expected to close."""
    return t("show.mirage.none_dated") if result.counted.live and not result.counted.dated else ""


def summary(result: GapPage) -> dict[str, object]:
    """Deals live and dated, findings by sign, with their money."""
    count = result.counted
    return {
        "live": count.live,
        "dated": count.dated,
        "dated_amount": count.dated_amount,
        "found": count.flagged,
        "found_amount": count.flagged_amount,
        "share": shapes.rate(count.share),
        "new": count.new,
        "new_amount": count.new_amount,
        "pushed": count.pushed,
        "slipped": count.slipped,
        "past": count.past,
    }


def figures(result: GapPage) -> dict[str, object]:
    """The slip limits that deals were held against, by deal kind."""
    return {"limits": [{"kind": kind or None, **_limit(slip)} for kind, slip in result.counted.limits.items()]}


def entries(row: GapRow) -> list[int]:
    """The first promise, each move, and the entry of the date that stands."""
    detail: MirageDetail = row.detail
    named = [detail.first_entry, *(move.entry for move in detail.moves), row.head.closes_entry]
    return list(dict.fromkeys(entry for entry in named if entry is not None))


def finding(row: GapRow, _result: GapPage) -> dict[str, object]:
    """The promises, the moves between them, and the record of the stage."""
    one, detail = row.finding, row.detail
    return {
        "signs": list(one.signs),
        "first_promise": str(one.first_promise),
        "standing_promise": str(one.standing_promise),
        "pushes": one.pushes,
        "pulls": one.pulls,
        "slip_days": one.slip_days,
        "past_days": one.past_days,
        "limit": _limit(one.limit),
        "moves": [
            {
                "from": str(move.before),
                "to": str(move.after),
                "days": move.days,
                "made_on": move.made_on.isoformat(),
                "entry": show_id(move.entry),
                "information": move.information,
                "reason": move.reason,
            }
            for move in detail.moves
        ],
        "record": _record(detail.record, one),
    }


def _limit(slip: Slip) -> dict[str, object]:
    return {"days": slip.days, "source": slip.source, "n": slip.n, "lead_days": shapes.mean(slip.lead_days)}


def _record(record: RanOn | None, one: Mirage) -> dict[str, object] | None:
    """What the team's record makes of the standing promise; None where it has too few deals."""
    if record is None:
        return None
    first, last = expected(record, one)
    return {
        "stage": record.stage,
        "n": record.n,
        "median_days": shapes.mean(record.median_days),
        "p80_days": record.p80_days,
        "from": first.isoformat(),
        "to": last.isoformat(),
    }


def _moved(row: GapRow, _result: GapPage) -> Cell:
    """`2回 +61日`; pulls beside it where there are any."""
    one = row.finding
    if not one.pushes and not one.pulls:
        return words.NOTHING
    times = tn("show.mirage.times", one.pushes)
    if one.pulls:
        times = t("show.mirage.times_and_pulls", times=times, pulls=one.pulls)
    return f"{times} {signed_days(one.slip_days)}"


def _first_promise(row: GapRow, result: GapPage) -> Cell:
    return words.when(row.finding.first_promise, result.as_of)


def _current_promise(row: GapRow, result: GapPage) -> Cell:
    return words.when(row.finding.standing_promise, result.as_of)


def _past(row: GapRow, _result: GapPage) -> Cell:
    return words.days_short(row.finding.past_days) if row.finding.past_days else ""


def _past_day(row: GapRow, result: GapPage) -> Cell:
    days = _past(row, result)
    return Span(t("show.mirage.past", days=days) if days else "", "warn")


_WIDE = (
    *table.DEAL,
    table.STAGE,
    Wide("moved", "show.mirage.head_moved", _moved),
    Wide("first", "show.mirage.head_first", _first_promise, right=True),
    Wide("standing", "show.mirage.head_standing", _current_promise, right=True),
    Wide("past", "show.mirage.head_past", _past, right=True),
    table.SINCE,
    table.NEW,
    table.AMOUNT,
)
_NARROW = (
    table.WHICH_AND_WHOSE,
    table.STAGE_SINCE,
    Narrow("moved", ("show.mirage.head_moved", "show.mirage.head_standing"), _moved, _current_promise),
    Narrow("amount", ("show.head.amount", "show.mirage.head_past"), table.amount, _past_day, right=True),
)

RENDERER = GapRenderer(
    blocks=blocks,
    brief=brief,
    ask="show.mirage.ask",
    lacking=lacking,
    summary=summary,
    figures=figures,
    finding=finding,
    columns=_COLUMNS,
    entries=entries,
)
