"""Answers about months: what was promised for them, and how far the deals first met in them came."""

from collections import Counter
from datetime import date
from random import Random
from typing import Any

from nippo_cli.base.dates.calendar import month_name, month_number
from nippo_cli.gaps.activity import ActivityCount, Pair, held_against, triangle
from nippo_cli.gaps.aims import Aim
from nippo_cli.gaps.promises import BECAME, Missed, MonthOutcome, PromiseCount, add_up
from nippo_cli.line.metrics import Metric
from nippo_cli.line.promised import Pile
from nippo_cli.results.gap import GapPage, GapRow

SEP, OCT = (month_number(date(2026, month, 1)) for month in (9, 10))


def page(base: GapPage, kind: str, counted: Any, **changed: Any) -> GapPage:
    """A gap's page, on the day and under the agreement of another."""
    plain: dict[str, Any] = {"norms": (), "rows": (), "total": 0, "left_out": {}}
    return base._replace(kind=kind, counted=counted, **(plain | changed))


def pile(deals: tuple[int, ...], amount: int, without_amount: int = 0) -> Pile:
    """Deals of which the first is worth it all and the last ones name nothing."""
    worth = (amount, *(0 for _ in deals[1:]))
    return Pile(deals, amount, without_amount, (*worth[: len(deals) - without_amount], *(None,) * without_amount))


def kept(month: int, ledger: int | None = None, **became: Pile) -> MonthOutcome:
    """A month in which each sixth deal was promised without an amount."""
    piles = {name: became.get(name, Pile()) for name in BECAME}
    deals = tuple(deal for one in piles.values() for deal in one.deals)
    amount = sum(one.amount for one in piles.values())
    return MonthOutcome(
        month, pile(deals, amount, len(deals) // 6), amount * 6 // 10, len(deals) // 6, piles, piles["won"],
        piles["won"].amount, pile((90, 91), 3_400_000), ledger, 1,
    )  # fmt: skip


def promises(base: GapPage, ledger: int | None = 51_480_000, *, aims: bool = True, **changed: Any) -> GapPage:
    """Two months, one of them with every outcome; two of nine deals shown."""
    months = [
        kept(SEP, ledger, won=pile((1, 2, 3), 1_251_480_000), later=pile((4,), 9_000_000), lost=pile((5, 6), 31_000_000),
             fizzled=pile((7,), 700_000), open=pile((8,), 128_000_000), gone=pile((9,), 0)),
        kept(OCT, ledger and 0, lost=pile((12,), 128_000_000), open=pile((40,), 34_500_000)),
    ]  # fmt: skip
    targets = [
        Aim(OCT, "", 60_000_000, 41_000_000, 162_500_000),
        Aim(OCT, "佐々木", 60_000_000, 38_000_000, 34_500_000),
        Aim(OCT, "田中", None, 3_000_000, 128_000_000),
    ]
    rows = [
        GapRow(
            Missed(12, "approval", date(2026, 10, 1), True, 128_000_000, (SEP, OCT), "open", 118_000_000, "B"), base.rows[0].head, 43,
            (19, 230),
        ),
        GapRow(
            Missed(40, "trial", date(2026, 11, 1), True, 34_500_000, (OCT,), "fizzled", None, ""), base.rows[1].head, 43, (47,)
        ),
    ]  # fmt: skip
    found = {"rows": rows, "total": 9, "left_out": {"on_hold": 2, "gone": 1}}
    return page(base, "promises", PromiseCount(months, add_up(months), targets if aims else ()), **(found | changed))


def cohorts() -> Counter[Metric]:
    """Fourteen months of deals; of those first met in June hardly any was ever quoted."""
    random, found = Random(4), Counter[Metric]()
    for month in range(OCT - 13, OCT + 1):
        broke = month == OCT - 4
        name, size = month_name(month), 30 + random.randint(0, 10)
        found[Metric("cohort", "", name, False, 0)] = size
        for stage, share, lag in (
            ("lead", 1.0, 0),
            ("visit", 0.8, 0),
            ("quote", 0.5, 1),
            ("won", 0.3, 3),
            ("lost", 0.3, 3),
        ):
            found[Metric("cohort", stage, name, False, lag)] = round(size * (0.05 if broke and lag else share))
    return found


def activity(base: GapPage, months: int = 30, **changed: Any) -> GapPage:
    """Demos show in orders two months later; visits and lost leads in nothing."""
    random = Random(7)
    phone, visit, lead = ({OCT - ago: random.randint(0, 12) for ago in range(months)} for _ in range(3))
    orders = {month: phone.get(month - 2, 0) * 2 + random.randint(0, 8) for month in phone}
    series = {("did", "phone"): phone, ("did", "visit"): visit, ("did", "inhouse"): dict.fromkeys(phone, 4),
              ("enter", "lead"): lead}  # fmt: skip
    tests: list[Pair] = held_against(
        series, {"orders": orders, "sales": visit and orders}, written=phone.keys(), upto=OCT
    )
    sold = {(month_name(OCT - 5), 3): 128_000_000, (month_name(OCT - 3), 1): 4_500_000}
    stages = [stage.key for stage in base.schema.stages]
    shown = triangle(cohorts(), sold, stages, upto=OCT, stage="won")
    return page(base, "activity", ActivityCount(shown, tests, OCT), **changed)


def answers(base: GapPage) -> dict[str, GapPage]:
    """One answer of each kind, by the name of its golden; `base` is any gap's page with two rows."""
    nothing = triangle({}, None, [stage.key for stage in base.schema.stages], upto=OCT, stage="won")
    return {
        "promises": promises(base),
        "promises_plain": promises(base, None, aims=False, rows=(), total=0, left_out={}),
        "promises_no_month": page(base, "promises", PromiseCount((), add_up(()), ())),
        "promises_none": page(base, "promises", PromiseCount([e := kept(OCT)._replace(unpromised=Pile())], e, ())),
        "activity": activity(base),
        "activity_short": activity(base, 8),
        "activity_none": page(base, "activity", ActivityCount(nothing, (), OCT)),
    }


NAMES = (
    "promises", "promises_plain", "promises_no_month", "promises_none", "activity", "activity_short", "activity_none",
)  # fmt: skip
