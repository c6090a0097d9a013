"""`nippo gap mirage`: promised dates that keep moving away or are past, each move with what was learned before it, and
what this team's own record makes of the date that stands."""

from typing import TYPE_CHECKING

from nippo_cli.base.ids import show_id
from nippo_cli.base.language import t, tn
from nippo_cli.gaps.mirage import Mirage, MirageDetail
from nippo_cli.line.facts import DealSummary
from nippo_cli.line.slip import RanOn, Slip
from nippo_cli.render.draw import (
    Block,
    Cell,
    Column,
    Prose,
    Span,
    Table,
)
from nippo_cli.render.gaps.mirage_moves import expected, limits, moves, records
from nippo_cli.render.gaps.page import mark_new, nothing_live
from nippo_cli.render.parts import (
    counts,
    counts_line,
    deal_cells,
    deal_columns,
    deal_table,
    heads,
    named,
    shapes,
    share,
    signed_days,
    stands_since,
    whose,
    words,
)
from nippo_cli.results.gap import GapPage, GapRow
from nippo_cli.schema.schema import Schema

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen

COLUMNS = (
    "signs", "first_promise", "standing_promise", "pushes", "pulls", "slip_days", "past_days", "limit.days",
    "limit.source", "limit.n", "limit.lead_days", "moves", "record.stage", "record.n", "record.median_days",
    "record.p80_days", "record.from", "record.to",
)  # fmt: skip


def blocks(result: GapPage, screen: "Screen") -> list[Block]:
    """The counts, the findings, how each date moved, and what it was held against."""
    count = result.counted
    if not count.live:
        return nothing_live(result)
    if not count.dated:
        return [Prose(t("show.mirage.none_dated")), Prose(t("show.mirage.none_dated_hint"), indent=2)]
    found = brief(result, screen)
    if not result.rows:
        return [*found, *([] if count.found else [Prose(Span(t("show.mirage.none"), "good"))]), *limits(result)]
    return [
        *found,
        Prose(t("show.mirage.question")),
        *moves(result, screen),
        *records(result),
        *limits(result),
    ]


def brief(result: GapPage, screen: "Screen") -> list[Block]:
    """The counts and the findings."""
    lines = _summary(result, screen)
    return [*lines, _table(result, screen)] if result.rows else lines


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
        "found": count.found,
        "found_amount": count.found_amount,
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
    found = [detail.first_entry, *(move.entry for move in detail.moves), row.head.closes_entry]
    return list(dict.fromkeys(entry for entry in found if entry is not None))


def finding(row: GapRow, _result: GapPage) -> dict[str, object]:
    """The promises, the moves between them, and the record of the stage."""
    found, detail = row.found, row.detail
    return {
        "signs": list(found.signs),
        "first_promise": str(found.first_promise),
        "standing_promise": str(found.standing_promise),
        "pushes": found.pushes,
        "pulls": found.pulls,
        "slip_days": found.slip_days,
        "past_days": found.past_days,
        "limit": _limit(found.limit),
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
        "record": _record(detail.record, found),
    }


def sign(found: Mirage, _head: DealSummary, _agreement: Schema) -> str:
    """`先延ばし3回 +178日`, `受注予定日を12日超過`."""
    said = []
    if found.pushes and found.signs != ("past",):
        said.append(f"{tn('timeline.pushes', found.pushes)} {signed_days(found.slip_days)}")
    if found.past_days:
        said.append(t("show.mirage.sign_past", days=words.days_short(found.past_days)))
    return t("show.comma").join(said)


def ask() -> str:
    """What to ask about such a deal."""
    return t("show.mirage.ask")


def _limit(slip: Slip) -> dict[str, object]:
    return {"days": slip.days, "source": slip.source, "n": slip.n, "lead_days": shapes.mean(slip.lead_days)}


def _record(record: RanOn | None, found: Mirage) -> dict[str, object] | None:
    if record is None:
        return None
    first, last = expected(record, found)
    return {
        "stage": record.stage,
        "n": record.n,
        "median_days": shapes.mean(record.median_days),
        "p80_days": record.p80_days,
        "from": first.isoformat(),
        "to": last.isoformat(),
    }


def _summary(result: GapPage, screen: "Screen") -> list[Block]:
    count, currency = result.counted, result.agreement.currency
    dated = counts_line("show.mirage.dated", count.dated, count.dated_amount, currency)
    said = counts_line("show.mirage.found", count.found, count.found_amount, currency)
    new = counts_line("show.gap_live.new", count.new, count.new_amount, currency) if count.found else ""
    found = counts((f"{dated}  ", Span(said, "strong"), share(count.share)), new, screen)
    if count.found:
        signs = t("show.mirage.signs", pushed=f"{count.pushed:,}", slipped=f"{count.slipped:,}", past=f"{count.past:,}")
        found.append(Prose(Span(signs, "dim")))
    return found


def _table(result: GapPage, screen: "Screen") -> Table:
    return deal_table(result, screen, (_columns, _one), (_two_columns, _two))


def _columns() -> list[Column]:
    return [
        *deal_columns(),
        Column("stage", t("show.head.stage")),
        Column("moved", t("show.mirage.head_moved")),
        Column("first", t("show.mirage.head_first"), right=True),
        Column("standing", t("show.mirage.head_standing"), right=True),
        Column("past", t("show.mirage.head_past"), right=True),
        Column("since", t("show.gap_live.head_since"), right=True),
        Column("new", t("show.head.new")),
        Column("amount", t("show.head.amount"), right=True),
    ]


def _one(row: GapRow, result: GapPage) -> list[Cell]:
    found, head, as_of = row.found, row.head, result.as_of
    return [
        *deal_cells(head),
        result.agreement.stage_label(found.stage),
        _moved(found),
        words.when(found.first_promise, as_of),
        words.when(found.standing_promise, as_of),
        words.days_short(found.past_days) if found.past_days else "",
        words.day(found.began_on, as_of),
        mark_new(new=found.new),
        words.money(found.amount, result.agreement.currency),
    ]


def _two_columns() -> list[Column]:
    return [
        Column("deal", heads(t("show.head.deal"), t("show.head.owner")), flex=True),
        Column("stage", heads(t("show.head.stage"), t("show.gap_live.head_since"))),
        Column("moved", heads(t("show.mirage.head_moved"), t("show.mirage.head_standing"))),
        Column("amount", heads(t("show.head.amount"), t("show.mirage.head_past")), right=True),
    ]


def _two(row: GapRow, result: GapPage) -> list[list[Cell]]:
    found, head, as_of = row.found, row.head, result.as_of
    past = t("show.mirage.past", days=words.days_short(found.past_days)) if found.past_days else ""
    return [
        [
            named(head),
            result.agreement.stage_label(found.stage),
            _moved(found),
            words.money(found.amount, result.agreement.currency),
        ],
        [
            whose(head.owner, head.customer),
            stands_since(found, as_of),
            Span(words.when(found.standing_promise, as_of), "dim"),
            Span(past, "warn"),
        ],
    ]


def _moved(found: Mirage) -> str:
    """`2回 +61日`; pulls beside it where there are any."""
    if not found.pushes and not found.pulls:
        return words.NOTHING
    times = tn("show.mirage.times", found.pushes)
    if found.pulls:
        times = t("show.mirage.times_and_pulls", times=times, pulls=found.pulls)
    return f"{times} {signed_days(found.slip_days)}"
