"""Answers of four gaps: mirage, fizzled, next, aftercare. Their heads and their page come from what the room's tests share."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from nippo_cli.base.dates.when import When, read_when
from nippo_cli.gaps.aftercare import Unheard, UnheardCount
from nippo_cli.gaps.facts import EntryText
from nippo_cli.gaps.fizzled import Fizzled, FizzledCount, FizzledDetail
from nippo_cli.gaps.mirage import Mirage, MirageCount, MirageDetail, PromiseMove
from nippo_cli.gaps.next import NextCount, NoNext
from nippo_cli.line.facts import DealSummary
from nippo_cli.line.norm import Norm, Quiet
from nippo_cli.line.returns import Returned
from nippo_cli.line.slip import RanOn, Slip
from nippo_cli.results.gap import GapPage, GapRow
from nippo_cli.schema.schema import Choice, Field, Schema, Stage

Page = Callable[..., GapPage]

QUIET = Quiet(60, "default", 0)
SLIP = Slip(41, "won_kind", 34, 205.5)
REASONS = Field("why", "延期の理由", "choice", "push_reason", choices=(Choice("next_budget", "次の予算へ"),))


def answers(page: Page, schema: Schema, heads: Sequence[DealSummary], nasty: str) -> dict[str, object]:
    """One answer for each thing that a page may have to say."""
    agreed = schema._replace(fields=(*schema.fields, REASONS))
    return {
        "mirage": page(kind="mirage", schema=agreed, rows=_mirages(heads), total=5, counted=_mirage_count(),
                       left_out={"undated": 6, "incomplete": 3}),
        "mirage_none": page(kind="mirage", rows=(), total=0, counted=_mirage_count(flagged=0), left_out={}),
        "mirage_undated": page(kind="mirage", rows=(), total=0, counted=_mirage_count(dated=0, flagged=0, limits={})),
        "fizzled": page(kind="fizzled", rows=_fizzled(heads, nasty), total=3, left_out={"planned": 2, "on_hold": 1},
                        counted=FizzledCount(42, 1_234_560_000, 3, 345_000_000, 1, 120_000_000, 1, 2, QUIET)),
        "fizzled_none": page(kind="fizzled", rows=(), total=0, left_out={"planned": 1},
                             counted=FizzledCount(42, 5, 0, 0, 0, 0, 1, 1, QUIET)),
        "next": page(kind="next", rows=_next(heads), total=4,
                     counted=NextCount(42, 1_234_560_000, 4, 345_000_000, 1, 3, 2, 128_000_000, 2)),
        "next_none": page(kind="next", rows=(), total=0, counted=NextCount(42, 5, 0, 0, 0, 0, 0, 0, 0)),
        "aftercare": page(kind="aftercare", rows=_unheard(heads), total=2, norms=(_FOLLOW, _DELIVERY),
                          schema=schema._replace(stages=(*schema.stages, Stage("follow", "フォロー", after=True))),
                          left_out={"heard": 3, "before_window": 12, "on_hold": 1},
                          counted=UnheardCount(True, 60, 31, 14, 2, 128_000_000, 1, 0, 1, 3, 12)),
        "aftercare_no_stages": page(kind="aftercare", rows=(), total=0, norms=(),
                                    counted=UnheardCount(False, *[0] * 10)),
        "aftercare_none_won": page(kind="aftercare", rows=(), total=0, norms=(), counted=UnheardCount(True, *[0] * 10)),
    }  # fmt: skip


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _row(found: Any, head: DealSummary, detail: Any = None) -> GapRow:
    return GapRow(found, head, 43, detail)


def _mirage_count(**changed: Any) -> MirageCount:
    found: dict[str, Any] = {
        "live": 42, "dated": 36, "dated_amount": 1_100_000_000, "flagged": 5, "flagged_amount": 345_000_000, "new": 2,
        "new_amount": 128_000_000, "pushed": 3, "slipped": 2, "past": 4,
        "limits": {"new": SLIP, "parts": Slip(30, "won", 60, 88), "": Slip(30, "won", 60, 88)},
    }  # fmt: skip
    return MirageCount(**(found | changed))


def _mirages(heads: Sequence[DealSummary]) -> list[GapRow]:
    """Pushed twice and pulled once, with and without a contact; a coarse date that is past; a date that never moved."""
    september, october = read_when("2026-09-01/2026-09-30"), When.day(_day("2026-10-30"))
    autumn = When.day(_day("2026-10-15"))
    last = When.day(_day("2026-11-30"))
    moves = (
        PromiseMove(When.day(_day("2026-09-25")), october, 35, _day("2026-09-01"), 19, "date_only"),
        PromiseMove(october, autumn, -15, _day("2026-09-20"), 20, "contact"),
        PromiseMove(autumn, last, 46, _day("2026-10-11"), 21, "contact", "next_budget"),
    )
    pushed = Mirage(
        heads[0].id, "approval", _day("2026-10-11"), True, heads[0].amount, ("pushed", "slipped"), september, last, 2, 1,
        61, 0, SLIP,
    )  # fmt: skip
    past = Mirage(
        heads[1].id, "trial", _day("2026-10-01"), True, heads[1].amount, ("past",), september, september, 0, 0, 0, 54,
        SLIP,
    )  # fmt: skip
    long_past = past._replace(deal=heads[2].id, stage="approval", amount=None, new=False, standing_promise=autumn,
                              first_promise=autumn, past_days=39, began_on=_day("2025-10-16"))  # fmt: skip
    return [
        _row(pushed, heads[0], MirageDetail(17, moves, RanOn("approval", 34, 22.5, 61))),
        _row(past, heads[1], MirageDetail(45, (), None)),
        _row(long_past, heads[2], MirageDetail(46, (), RanOn("approval", 34, -3, 20))),
    ]


def _fizzled(heads: Sequence[DealSummary], nasty: str) -> list[GapRow]:
    """One that was last told something, one whose words would steer a terminal, one that was never met."""
    found = Fizzled(heads[0].id, "approval", _day("2026-08-30"), True, heads[0].amount, 142, 60)
    said = EntryText(21, _day("2026-07-04"), "部長は「前向きに検討する」と言った。\n次は役員に話すとのこと。", None)
    never = heads[2]._replace(heard_on=None, last_contact=None, next_step="", next_on=None)
    return [
        _row(found, heads[0], FizzledDetail(said, Returned(142, 3, 41))),
        _row(
            found._replace(deal=heads[1].id, stage="trial", amount=heads[1].amount, new=False),
            heads[1]._replace(next_on=None),
            FizzledDetail(said._replace(facts=nasty), Returned(142, 3, 41)),
        ),
        _row(
            found._replace(deal=never.id, stage="quote", amount=None, silence_days=400),
            never,
            FizzledDetail(None, Returned(400, 0, 0)),
        ),
    ]


def _next(heads: Sequence[DealSummary]) -> list[GapRow]:
    """Overdue, with nothing dated but a step in words, and with nothing at all."""
    late = NoNext(heads[0].id, "approval", _day("2026-11-20"), True, heads[0].amount, "overdue", 4, 4)
    none = NoNext(heads[1].id, "trial", _day("2025-11-20"), False, heads[1].amount, "none", 0, 368)
    return [
        _row(late, heads[0]._replace(next_on=When.day(_day("2026-11-19")))),
        _row(none, heads[1]._replace(next_on=None, next_step="先方からの連絡待ち")),
        _row(
            none._replace(deal=heads[2].id, stage="quote", amount=None), heads[2]._replace(next_on=None, next_step="")
        ),
    ]


_FOLLOW = Norm("follow", "", 60, "schema", 0)
_DELIVERY = Norm("delivery", "", 90, "default", 4)


def _unheard(heads: Sequence[DealSummary]) -> list[GapRow]:
    """Silent in its after-stage since spring; won in August and never followed up."""
    silent = Unheard(heads[0].id, "follow", _day("2026-05-28"), False, heads[0].amount, "silent", 239, _FOLLOW)
    never = Unheard(heads[2].id, "won", _day("2026-11-02"), True, None, "never_entered", 111, _DELIVERY)
    won = {"fate": "won", "closed_on": _day("2025-10-17"), "heard_on": _day("2026-03-29")}
    late = {"fate": "won", "closed_on": _day("2026-08-04"), "heard_on": _day("2026-08-04"), "stage": "won"}
    return [_row(silent, heads[0]._replace(stage="follow", **won)), _row(never, heads[2]._replace(**late))]
