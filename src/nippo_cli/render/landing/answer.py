"""The landing as JSON: amounts in the currency's smallest unit, with the deals behind them."""

from collections.abc import Sequence

from nippo_cli.base.dates import month_name
from nippo_cli.base.ids import show_id
from nippo_cli.landing.bridge import Bridge, BridgePart
from nippo_cli.landing.deciding import GapClosing
from nippo_cli.landing.eves import EveRecord
from nippo_cli.landing.facts import Backlog, Declaration
from nippo_cli.landing.record import LandingRecord
from nippo_cli.landing.table import LandingTable, MonthLanding, Outside, RankCell
from nippo_cli.line.promised import Pile
from nippo_cli.render.parts import ball_json, shapes
from nippo_cli.results.landing import Decider, LandingGroup, LandingPage, YearNeed
from nippo_cli.schema.schema import Schema


def to_json(result: LandingPage) -> dict[str, object]:
    """The months, what stands outside them, the bridge and the record."""
    table = result.table
    return {
        "as_of": result.as_of.isoformat(),
        "basis": result.basis,
        "unit": result.schema.currency.code,
        "currency": shapes.currency(result.schema.currency),
        "span": result.span,
        "months": [_month(one) for one in table.months],
        "total": _month(table.total),
        "outside": _outside(table),
        "won_in_month": _won_in_month(result.won_in_month),
        "by": result.by,
        "groups": [_group(group) for group in result.groups],
        "bridge": _bridge(result.bridge, result) if result.bridge else None,
        "deciding": {
            "month": month_name(result.month) if result.month is not None else None,
            "total": result.deciders_total,
            "closing": _closing(result.closing),
            "deals": [_decider(one, result.schema) for one in result.deciders],
        },
        "declarations": [_declaration(one) for one in result.declarations],
        "need": _need(result.need),
        "backlog": None if result.backlog is None else [_backlog(one) for one in result.backlog],
        "advances": result.advances,
        "record": [] if result.record is None else _record(result.record),
        "record_scores": None if result.record is None else _scores(result.record),
        "left_out": {reason: n for reason, n in result.left_out.items() if n},
    }


def _outside(table: LandingTable) -> dict[str, object]:
    by_month = {one.month: one for one in table.outside}
    return {
        "months": [
            {"month": month_name(one.month), **_beside(one)} for one in table.outside if isinstance(one.month, int)
        ],
        "overdue": _beside(by_month.get("overdue")),
        "undated": _beside(by_month.get("undated")),
        "without_amount": shapes.ids(table.without_amount.deals),
    }


def _won_in_month(of: EveRecord | None) -> dict[str, object] | None:
    """What was promised for a month on its eve and won in it, as data; None where there is no record."""
    return (
        None
        if of is None
        else {
            "promised": of.promised,
            "won": of.won,
            "promised_amount": of.promised_amount,
            "won_amount": of.won_amount,
            "share": shapes.rate(of.share),
        }
    )


def _decider(one: Decider, schema: Schema) -> dict[str, object]:
    head = one.head
    return {
        **shapes.deal(head),
        "amount": head.amount,
        "confidence": head.confidence or None,
        "next_step": head.next_step or None,
        "next_on": shapes.when(head.next_on),
        "signs": [sign.kind for sign in one.signs],
        "ball": ball_json(one.ball, schema),
    }


def _closing(closing: GapClosing | None) -> dict[str, object] | None:
    return None if closing is None else closing._asdict()


def _declaration(one: Declaration) -> dict[str, object]:
    return {
        "id": show_id(one.id), "month": month_name(one.month), "owner": one.owner or None, "team": one.team,
        "amount": one.amount, "note": one.note, "on": one.known_on.isoformat(),
    }  # fmt: skip


def _backlog(one: Backlog) -> dict[str, object]:
    return {
        "deal": show_id(one.deal),
        "remaining": one.remaining,
        "month": month_name(one.month) if one.month is not None else None,
        "accepts": shapes.day(one.accepts_last),
    }


def _month(one: MonthLanding) -> dict[str, object]:
    """A month of the landing as data."""
    return {
        "month": month_name(one.month) if one.month is not None else None,
        "target": one.target.amount,
        "target_of": one.target.whose or None,
        "target_of_owners": one.target.owners,
        "ordered": one.done.amount,
        "ordered_deals": shapes.ids(one.done.deals),
        "backlog": one.backlog.amount,
        "by_rank": [_rank(cell) for cell in one.by_rank],
        "on_hold": one.on_hold.amount,
        "fizzled": one.fizzled.amount,
        "on_hold_deals": shapes.ids(one.on_hold.deals),
        "fizzled_deals": shapes.ids(one.fizzled.deals),
        "firm": one.firm,
        "by_record": one.by_record,
        "in_month": one.in_month,
        "declared": one.declared,
        "declared_team": one.declared_team,
        "gap": one.gap,
    }


def _rank(cell: RankCell) -> dict[str, object]:
    return {
        "rank": cell.rank or None,
        "amount": cell.pile.amount,
        "n": cell.share.n,
        "share": shapes.rate(cell.share.value),
        "source": cell.share.source,
        "deals": shapes.ids(cell.pile.deals),
        "without_amount": cell.pile.without_amount,
    }


def _beside(one: Outside | None) -> dict[str, object]:
    """A month outside, its three piles together and apart."""
    nothing = Pile()
    live, on_hold, fizzled = (one.live, one.on_hold, one.fizzled) if one else (nothing, nothing, nothing)
    return {
        "amount": live.amount + on_hold.amount + fizzled.amount,
        "live": live.amount,
        "on_hold": on_hold.amount,
        "fizzled": fizzled.amount,
        "deals": shapes.ids((*live.deals, *on_hold.deals, *fizzled.deals)),
    }


def _group(group: LandingGroup) -> dict[str, object]:
    return {"name": group.name, **_month(group.table.total), "months": [_month(one) for one in group.table.months]}


def _bridge(crossed: Bridge, result: LandingPage) -> dict[str, object]:
    return {
        "from": crossed.since.isoformat(),
        "to": crossed.until.isoformat(),
        "before": crossed.before,
        "after": crossed.after,
        "parts": [_part(part, result) for part in crossed.parts],
    }


def _part(part: BridgePart, result: LandingPage) -> dict[str, object]:
    """A part of the bridge as data: what changed, of which deal, from what to what, and why."""
    head = result.heads.get(part.deal) if part.deal is not None else None
    months = part.change in ("moved", "moved_in", "moved_out", "overdue", "won", "reopened")
    before, after = (_month_or_day(part.before), _month_or_day(part.after)) if months else (part.before, part.after)
    if part.change == "withdrawn" and isinstance(part.after, int):
        # The deal that it was merged into.
        after = show_id(part.after)
    reason = result.reasons.get((part.change, part.deal)) if part.deal is not None else None
    is_there = head is not None and head.id == part.deal
    return {
        "change": part.change,
        "deal": shapes.deal(head) if is_there and head is not None else _id_alone(part.deal),
        "amount": part.amount,
        "before": before,
        "after": after,
        "reason": reason.key if reason else None,
        "reason_of": reason.role if reason else None,
    }


def _id_alone(deal: int | None) -> dict[str, object] | None:
    return {"id": show_id(deal)} if deal is not None else None


def _month_or_day(when: object) -> object:
    return month_name(when) if isinstance(when, int) else when


def _need(need: YearNeed | None) -> dict[str, object] | None:
    if need is None:
        return None
    return {
        "target": need.target, "done": need.done, "remaining": need.remaining, "live": need.live, "n": need.ended,
        "win_rate": shapes.rate(need.share), "pipeline": need.pipeline,
    }  # fmt: skip


def _record(of: LandingRecord) -> Sequence[dict[str, object]]:
    return [{"month": month_name(one.month), **one.said, "came": one.came} for one in of.months]


def _scores(of: LandingRecord) -> dict[str, object]:
    return {
        "lines": [{"line": score.line, "n": score.n, "error": score.error, "bias": score.bias} for score in of.scores],
        "best": of.best or None,
        "low": of.low,
        "high": of.high,
    }
