"""Under the table of mirages: how each date moved and what was learned before each move, what the record makes of the date
that stands, and how far a date may slip."""

import math
from datetime import date
from typing import TYPE_CHECKING

from nippo_cli.base.language import t
from nippo_cli.gaps.mirage import Mirage, PromiseMove
from nippo_cli.line.slip import LEAST_RUNS, RanOn, Slip
from nippo_cli.render.draw import (
    Block,
    Cell,
    FactRows,
    Heading,
    Prose,
    Run,
    Span,
)
from nippo_cli.render.draw.glyphs import glyphs
from nippo_cli.render.gaps.table import named_briefly
from nippo_cli.render.parts import kind_label, signed_days, words
from nippo_cli.results.gap import GapPage, GapRow
from nippo_cli.schema.schema import Schema

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen


def moves(result: GapPage, screen: "Screen") -> list[Block]:
    """Each finding's dates one after the other, with what was learned before each, and the record's answer."""
    arrow = f" {glyphs(ascii_only=screen.ascii).moved} "
    pairs: list[tuple[str, Run]] = []
    for name, row in zip(named_briefly(result.rows, screen), result.rows, strict=True):
        said = _chain(row, result, arrow)
        if row.detail.record is not None:
            said = (*said, *_expected(row, result.as_of))
        pairs.append((name, said))
    return [Heading(t("show.mirage.moves")), FactRows(pairs)]


def records(result: GapPage) -> list[Block]:
    """How far the dates that were promised in each stage ran, until the order."""
    by_stage = {row.detail.record.stage: row.detail.record for row in result.rows if row.detail.record is not None}
    too_few = [Prose(Span(t("show.mirage.too_few", n=LEAST_RUNS), "dim"))]
    if not by_stage:
        return [Prose(""), *too_few]
    order = result.schema.ladder
    said = [
        (
            words.stage(result.schema, stage),
            t(
                "show.mirage.record", n=f"{record.n:,}", most=signed_days(record.p80_days),
                median=t("timeline.signed_days", n=_signed(record.median_days)),
            ),
        )
        for stage, record in sorted(by_stage.items(), key=lambda one: order.get(one[0], len(order)))
    ]  # fmt: skip
    lacking = any(row.detail.record is None for row in result.rows)
    return [Heading(t("show.mirage.records")), FactRows(said), *(too_few if lacking else [])]


def limits(result: GapPage) -> list[Block]:
    """The slip limit of each deal kind, and where it comes from; the kinds are named only where they differ."""
    by_slip: dict[Slip, list[str]] = {}
    for kind, slip in result.counted.limits.items():
        by_slip.setdefault(slip, []).append(kind)
    said = []
    for slip, kinds in by_slip.items():
        label = t("show.mirage.any_kind")
        if len(by_slip) > 1:
            label = t("show.comma").join(kind_label(kind, result.schema) for kind in sorted(kinds))
        said.append((label, t("show.norm", days=words.days(slip.days), source=_source(slip))))
    return [Heading(t("show.mirage.limits")), FactRows(said)]


def expected(record: RanOn, one: Mirage) -> tuple[date, date]:
    """The standing promise's last day, moved by the record's median (half a day up) and by its P80."""
    return _moved_by(one, math.ceil(record.median_days)), _moved_by(one, record.p80_days)


def _moved_by(one: Mirage, days: int) -> date:
    # A date may be promised for the end of time.
    return date.fromordinal(min(one.standing_promise.last.toordinal() + days, date.max.toordinal()))


def _chain(row: GapRow, result: GapPage, arrow: str) -> Run:
    """`9/25 → 10/30（日付だけ） → 11/30（接触あり）`."""
    moves, as_of = row.detail.moves, result.as_of
    if not moves:
        return (t("show.mirage.unmoved", day=words.when(row.finding.standing_promise, as_of)),)
    stood = row.finding.first_promise
    said: list[Cell] = [words.when(stood, as_of)]
    for move in moves:
        if move.before != stood:
            # The same said more or less finely in between: no move, but where the next one starts.
            said.append(t("show.mirage.or", day=words.when(move.before, as_of)))
        note = t("show.mirage.note", note=_note(move, result.schema))
        said += [
            f"{arrow}{words.when(move.after, as_of)}",
            Span(note, "warn" if move.days > 0 and move.information == "date_only" else "dim"),
        ]
        stood = move.after
    return tuple(said)


def _note(move: PromiseMove, schema: Schema) -> str:
    """What was learned before a move, that it was a pull, and the reason given."""
    said = [] if move.days > 0 else [t("word.pull")]
    said.append(t(f"show.mirage.{move.information}"))
    field = schema.by_role.get("push_reason")
    if move.reason:
        said.append(schema.label(field, move.reason) if field is not None else move.reason)
    return t("show.comma").join(said)


def _expected(row: GapRow, as_of: date) -> Run:
    first, last = expected(row.detail.record, row.finding)
    if last < as_of:
        return ("  ", t("show.mirage.expected_past", last=words.day(last, as_of)))
    span = words.day(first, as_of) if first == last else t(
        "show.span", first=words.day(first, as_of), last=words.day(last, as_of)
    )  # fmt: skip
    return ("  ", Span(t("show.mirage.expected", span=span), "strong"))


def _signed(days: float) -> str:
    return f"{'+' if days > 0 else '±' if not days else '-'}{words.number(abs(days))}"


def _source(slip: Slip) -> str:
    if slip.lead_days is None:
        return t(f"show.norm_{slip.source}", n=f"{slip.n:,}")
    return t(f"show.mirage.limit_{slip.source}", lead=words.number(slip.lead_days), n=f"{slip.n:,}")
