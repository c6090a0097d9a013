"""Answers about the steps of the sale and broken lines: figures that make every cell of a page say something."""

from collections.abc import Sequence
from datetime import date, timedelta

from nippo_cli.gaps.broken import BrokenLine, BrokenSign, StatedRules, counted
from nippo_cli.line.facts import DealSummary
from nippo_cli.line.months import MonthCell, MonthEnd, month_ends
from nippo_cli.line.norm import Quiet
from nippo_cli.line.steps import Passage, Skip, StageSteps, Window
from nippo_cli.results.gap import GapPage, GapRow
from nippo_cli.results.steps import LiveDealAge, StepsDeals, StepsMonths, StepsPage, StepsRow
from nippo_cli.schema.schema import Schema


def answers(schema: Schema, heads: Sequence[DealSummary], as_of: date) -> dict[str, object]:
    """Each answer by the name of its golden file."""
    window = Window(as_of - timedelta(days=365), as_of)
    page = StepsPage(
        as_of, window, schema, Quiet(62, "won", 34), _stages(schema), "", {}, {"incomplete": 3}, filtered=False,
        live_deals=[LiveDealAge(of.id, of.stage, days) for of, days in zip(heads, (61, 44, 12, 0), strict=False)], longest=heads,
    )  # fmt: skip
    groups = {"": _stages(schema)[:1], "佐々木": _stages(schema)[1:4], "田中": _stages(schema)}
    empty = [s._replace(**dict.fromkeys(("entered", "left", "skipped"), 0), live=0, live_before=0) for s in page.stages]
    return {
        "steps": page,
        "steps_by_owner": page._replace(
            by="owner", groups=groups, window=Window(window.since, as_of - timedelta(days=3))
        ),
        "steps_by_kind": page._replace(by="kind", groups={"": groups[""], "new": groups["佐々木"]}),
        "steps_empty": page._replace(stages=empty, left_out={}, live_deals=()),
        "steps_months": StepsMonths(as_of, schema, _months(schema, as_of), {}, filtered=False),
        "steps_months_empty": StepsMonths(
            as_of, schema, [MonthEnd(on, {}) for on in month_ends(as_of, 13)], {}, filtered=True
        ),
        **_deals(schema, heads, as_of, window),
        **_broken(schema, heads, as_of),
    }


def _stages(schema: Schema) -> list[StageSteps]:
    found = []
    for n, stage in enumerate(schema.stages):
        live = not stage.ends and not stage.after
        onward, back, lost, fizzled, still = (40 - 5 * n, n % 3, 2 * n, n % 2, 3 + n) if live else (0, 0, 0, 0, 6)
        entered = onward + back + lost + fizzled + still
        found.append(
            StageSteps(
                stage=stage.key, entered=entered, entered_amount=1_200_000 * entered, first=entered if n == 0 else 0,
                returned=back, deals=entered - back, onward=onward, won=onward if n == 4 else 0, back=back, lost=lost,
                fizzled=fizzled, still=still, skipped=11 * (n == 2), listed=0, left=entered - still, timed=onward if live else 0,
                median_days=9.5 + n if live else None, p75_days=20 + n if live else None,
                p90_days=40 + n if live else None,
                live_before=fizzled if live else None, live=fizzled + still if live else None,
                live_amount=123_456_000 * n if live else 0, without_amount=n if live else 0,
            )
        )  # fmt: skip
    return found


def _months(schema: Schema, as_of: date) -> list[MonthEnd]:
    return [
        MonthEnd(on, {
            stage.key: MonthCell(*((n * (place + 1), 8_500_000 * n, n, n // 2, 0) if not stage.ends and not stage.after
                              else (0, 0, n % (place + 1), 0, 0)))
            for place, stage in enumerate(schema.stages[:7])
        })
        for n, on in enumerate(month_ends(as_of, 13))
    ]  # fmt: skip


def _deals(schema: Schema, heads: Sequence[DealSummary], as_of: date, window: Window) -> dict[str, object]:
    came, left = as_of - timedelta(days=60), as_of - timedelta(days=20)
    passed = [
        Passage(heads[0].id, "quote", came, 19, "onward", "back", heads[0].amount, False, "trial", left, 21, False, 40),
        Passage(heads[1].id, "quote", came, 47, "back", "fizzled", heads[1].amount, True),
    ]
    skips = [Skip(heads[2].id, "trial", "quote", left, heads[2].stay_entry, heads[2].amount)]
    moved = [StepsRow(head, one) for head, one in zip(heads, passed, strict=False)]
    page = StepsDeals(as_of, window, schema, "quote", "in", moved, 9, {"incomplete": 3})
    skipped = [StepsRow(heads[2], skips[0])]
    return {
        "steps_deals": page,
        "steps_skipped": page._replace(stage="trial", figure="skipped", rows=skipped, total=1, left_out={}),
        "steps_no_deals": page._replace(figure="won", rows=(), total=0, left_out={}),
    }


def _broken(schema: Schema, heads: Sequence[DealSummary], as_of: date) -> dict[str, object]:
    early, late = as_of - timedelta(days=200), as_of - timedelta(days=20)
    signs = [
        (
            BrokenSign("skipped", "trial", "quote", early, 31),
            BrokenSign("unrecorded", "quote", "amount", early, 31),
            BrokenSign("returned", "approval", "visit", late, 38),
        ),
        (BrokenSign("skipped", "quote", "approval", late, 52),),
        (BrokenSign("returned", "quote", "lead", early, 7),),
    ]
    found = [
        BrokenLine(head.id, head.stage, own[0].on, own[0].on >= as_of - timedelta(days=90), head.amount, own)
        for head, own in zip(heads, signs, strict=True)
    ]
    count = counted(found, 42, 5, StatedRules(must=True, may_return_to=True, evidence=True))
    page = GapPage(
        kind="broken", as_of=as_of, since=as_of - timedelta(days=90), schema=schema, norms=(),
        rows=[GapRow(one, head, 12) for one, head in zip(found, heads, strict=True)],
        total=9, counted=count, left_out={"incomplete": 3}, filtered=False,
    )  # fmt: skip
    nothing = count._replace(stated=StatedRules(must=False, may_return_to=False, evidence=False), broken=0, signs={})
    none = count._replace(broken=0, broken_amount=0, new=0, signs={})
    return {
        "broken": page,
        "broken_none": page._replace(rows=(), total=0, counted=none, left_out={}),
        "broken_no_deals": page._replace(rows=(), total=0, counted=none._replace(live=0, closed=0), left_out={}),
        "broken_nothing_agreed": page._replace(rows=(), total=0, counted=nothing, left_out={}),
    }
