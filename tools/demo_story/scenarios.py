"""Which deals the demo tells of: whose they are, how they end, and how long they stay in each stage."""

import random
from datetime import date, timedelta
from typing import Literal, TypeAlias

from demo_story.bilingual import Text
from demo_story.words import Cast, Customer, Goods, cast, goods
from nippo_cli.base.frozen import NamedTuple

Ending: TypeAlias = Literal["won", "lost", "fizzled", "stalled", "held", "open"]

MONTHS_DAYS = 548
# How long a stay may last before the default schema calls it stalled.
_LIMITS = {"quote": 30, "approval": 45}
# Stage, its usual days in this trade, and how often a deal passes through it.
_STEPS: dict[str, tuple[tuple[str, int, float], ...]] = {
    "new": (
        ("inquiry", 7, 1), ("first_visit", 14, 1), ("hearing", 21, 1), ("demo", 30, 0.8), ("proposal", 21, 0.85),
        ("quote", 21, 1), ("approval", 30, 0.9), ("verbal", 14, 0.6),
    ),
    "renewal": (("hearing", 21, 1), ("proposal", 14, 0.5), ("quote", 21, 1), ("approval", 21, 0.8)),
    "parts": (("inquiry", 5, 1), ("quote", 10, 1)),
}  # fmt: skip
_COUNTS: tuple[tuple[Ending, str, int], ...] = (
    ("won", "new", 7), ("won", "renewal", 4), ("won", "parts", 3),
    ("lost", "new", 25), ("lost", "renewal", 2), ("lost", "parts", 1),
    ("fizzled", "new", 5), ("stalled", "new", 3), ("held", "new", 2),
    ("open", "new", 12), ("open", "renewal", 3), ("open", "parts", 2),
)  # fmt: skip
_LAST_STEPS: dict[Ending, tuple[tuple[str, int], ...]] = {
    "lost": (("hearing", 3), ("demo", 4), ("proposal", 4), ("quote", 8), ("approval", 3)),
    "fizzled": (("hearing", 3), ("demo", 1), ("proposal", 3), ("quote", 4)),
    "stalled": (("approval", 3), ("quote", 1)),
    "held": (("hearing", 1), ("proposal", 2)),
    "open": (("first_visit", 1), ("hearing", 3), ("demo", 3), ("proposal", 3), ("quote", 3), ("approval", 2),
             ("verbal", 1)),
}  # fmt: skip


class PlannedStay(NamedTuple):
    """A stage and its first day; it lasts until the next one begins."""

    stage: str
    on: date


class Scenario(NamedTuple):
    """A deal before it is written down. `until` is the day of its last entry before any after-care; `pushes` is
    how often its expected close moves later."""

    name: str
    customer: Customer
    goods: Goods
    owner: str
    ending: Ending
    stays: tuple[PlannedStay, ...]
    until: date
    pushes: int
    star: bool = False


class Course(NamedTuple):
    """How a showcase deal runs: its stages with their days, and the days from its end (or `today`) back."""

    ending: Ending
    goods: str
    customer: str
    steps: tuple[tuple[str, int], ...]
    ended_ago: int
    pushes: int


# A quick win with after-care and an up-sell; one that slips and stands still; one lost at the very end.
_STARS = (
    Course(
        "won", "外観検査装置", "鳴沢",
        (("inquiry", 4), ("first_visit", 7), ("hearing", 11), ("demo", 14), ("proposal", 7), ("quote", 9),
         ("approval", 12)),
        236, 0,
    ),
    Course(
        "stalled", "パレタイザ", "雲雀",
        (("inquiry", 6), ("first_visit", 19), ("hearing", 34), ("demo", 28), ("proposal", 41), ("quote", 24),
         ("approval", 104)), 5, 4,
    ),
    Course(
        "lost", "搬送ロボット", "笹倉",
        (("inquiry", 5), ("first_visit", 15), ("hearing", 26), ("demo", 33), ("proposal", 38), ("quote", 29),
         ("approval", 52)), 64, 2,
    ),
)  # fmt: skip


def scenarios(today: date, seed: int) -> list[Scenario]:
    """All deals, the showcase first. Each begins within the last eighteen months and is drawn by its own dice."""
    people, sold = cast(), goods()
    taken: set[str] = set()
    planned = [_star(shape, people, sold, today, taken) for shape in _STARS]
    order = random.Random(f"{seed}/customers")
    for ending, kind, count in _COUNTS:
        for each in range(count):
            dice = random.Random(f"{seed}/{ending}/{kind}/{each}")
            planned.append(_scenario(dice, order, ending, [g for g in sold if g.kind == kind], people, today, taken))
    return planned


def norm_days(stage: str) -> int:
    """The usual days of a stage of a new deal."""
    return next((days for name, days, _ in _STEPS["new"] if name == stage), 30)


def _star(shape: Course, people: Cast, sold: tuple[Goods, ...], today: date, taken: set[str]) -> Scenario:
    """A showcase deal, its stages laid backwards from the day on which it ended."""
    customer = next(c for c in people.customers if c.short == shape.customer)
    what = next(g for g in sold if g.name == shape.goods)
    on = today - timedelta(days=shape.ended_ago + sum(days for _, days in shape.steps))
    stays = []
    for stage, days in shape.steps:
        stays.append(PlannedStay(stage, on))
        on += timedelta(days=days)
    if shape.ending != "stalled":
        stays.append(PlannedStay(shape.ending, on))
    name = _name(customer, what, taken)
    return Scenario(
        name, customer, what, _rep(people, customer), shape.ending, tuple(stays), on, shape.pushes, star=True
    )


def _scenario(
    dice: random.Random,
    order: random.Random,
    ending: Ending,
    sold: list[Goods],
    people: Cast,
    today: date,
    taken: set[str],
) -> Scenario:
    """A deal that ends in a given way: its product, customer and stages as its dice fall."""
    what = dice.choice(sold)
    customer = order.choice([c for c in people.customers if c.sector in what.sectors])
    name = _name(customer, what, taken)
    steps = _walk(dice, ending, what.kind)
    length = sum(days for _, days in steps)
    ago = _ended_ago(dice, ending, length)
    on = today - timedelta(days=ago + length)
    stays = []
    for stage, days in steps:
        stays.append(PlannedStay(stage, on))
        on += timedelta(days=days)
    if ending in ("won", "lost"):
        stays.append(PlannedStay(ending, on))
    pushes = {"won": (0, 1), "lost": (0, 2), "fizzled": (1, 2), "stalled": (2, 4), "held": (0, 1), "open": (0, 1)}
    moved = dice.randint(*pushes[ending]) if what.kind == "new" else 0
    return Scenario(name, customer, what, _rep(people, customer), ending, tuple(stays), on, moved)


def _walk(dice: random.Random, ending: Ending, kind: str) -> list[tuple[str, int]]:
    """The stages up to the last before the end, with days near the usual and now and then far beyond."""
    steps = [(stage, days) for stage, days, chance in _STEPS[kind] if dice.random() < chance]
    if kind == "new" and ending != "won":
        names = [s for s, _ in _LAST_STEPS[ending]]
        last = dice.choices(names, [weight for _, weight in _LAST_STEPS[ending]])[0]
        ladder = [stage for stage, _, _ in _STEPS["new"]]
        before = [(s, days) for s, days in steps if ladder.index(s) < ladder.index(last)]
        steps = [*before, (last, norm_days(last))]
    elif ending == "open":
        steps = steps[: dice.randint(1, len(steps))]
    walked = [(stage, _stay(dice, days)) for stage, days in steps]
    stage, days = walked[-1][0], steps[-1][1]
    if kind == "new" and "quote" in [s for s, _ in steps[:-1]] and dice.random() < 0.3:
        # The quote is out when the specification changes: back to the proposal, and a second quote.
        again = 1 + [s for s, _ in walked].index("quote")
        walked[again:again] = [("proposal", _stay(dice, 16)), ("quote", _stay(dice, 14))]
    if ending == "open":
        walked[-1] = (stage, dice.randint(1, max(2, round(days * 0.7))))
    elif ending == "stalled":
        walked[-1] = (stage, _LIMITS[stage] + dice.randint(18, 75))
    elif ending == "held":
        walked[-1] = (stage, dice.randint(8, days))
    elif ending == "fizzled":
        walked[-1] = (stage, dice.randint(12, 40))
    return walked


def _stay(dice: random.Random, usual: int) -> int:
    stretch = dice.uniform(1.5, 2.4) if dice.random() < 0.08 else min(dice.lognormvariate(-0.5, 0.4), 1.3)
    return max(2, round(usual * stretch))


def _ended_ago(dice: random.Random, ending: Ending, length: int) -> int:
    """Days from the last entry to today, so that the deal begins within the eighteen months."""
    if ending == "open":
        return dice.choice((0, 0, 1, 2, 3, 4, 6, 8))
    if ending == "stalled":
        return dice.randint(4, 20)
    if ending == "held":
        return dice.randint(12, 30)
    if ending == "fizzled":
        return dice.randint(72, max(80, min(240, MONTHS_DAYS - 20 - length)))
    return dice.randint(3, max(4, MONTHS_DAYS - 10 - length))


def _rep(people: Cast, customer: Customer) -> str:
    return people.reps[people.customers.index(customer) % len(people.reps)]


def _name(customer: Customer, what: Goods, taken: set[str]) -> str:
    name = Text("{short} {what}", "{short} {what}").format_map({"short": customer.short, "what": what.name})
    for more in (Text("", ""), Text(" 増設", " extension"), Text(" 第2期", " phase 2"), Text(" 第3期", " phase 3")):
        if name + more not in taken:
            taken.add(name + more)
            return name + more
    raise ValueError(name)
