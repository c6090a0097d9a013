"""Stays counted stage by stage: who came in, what became of them, who stands there, how long it took."""

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from datetime import date
from typing import Literal, TypeAlias

from nippo_cli.base.frozen import NamedTuple, maker
from nippo_cli.line.facts import Stay
from nippo_cli.line.quantile import median, nearest_rank
from nippo_cli.line.rate import Interval, Rate
from nippo_cli.line.trail import Trail, is_order, upto
from nippo_cli.schema.schema import Schema

# How a deal came into a stage, and what became of it there.
# `listed`: a list says that it was there, and nobody knows since when.
Came: TypeAlias = Literal["begun", "onward", "back", "listed"]
StayFate: TypeAlias = Literal["onward", "back", "lost", "fizzled", "still"]
# The figures of a stage that open to their deals.
Figure: TypeAlias = Literal["in", "out", "onward", "won", "back", "lost", "fizzled", "still", "skipped", "standing"]
FIGURES: Sequence[Figure] = (
    "in", "out", "onward", "won", "back", "lost", "fizzled", "still", "skipped", "standing",
)  # fmt: skip


class Window(NamedTuple):
    """The days counted, both ends in."""

    since: date
    until: date


class Passage(NamedTuple):
    """A deal's stay in a stage as the window saw it.

    `became` is how it stands at the window's end, `live` whether the deal is then still in the sale; `to` is the next
    stage and `left_entry` the entry that moved it there, `ordered` whether that was an order. `days` is the length of an
    ended stay, held days taken off; `amount` the deal's at the window's end.
    """

    deal: int
    stage: str
    entered_on: date
    entry: int
    came: Came
    became: StayFate
    amount: int | None
    live: bool = False
    to: str = ""
    left_on: date | None = None
    left_entry: int | None = None
    ordered: bool = False
    days: int | None = None


_passage = maker(Passage)


class PassageSum(NamedTuple):
    """Stays in a stage, of deals that never went back, which the window saw alike.

    `to` is the next stage, None where the stay lasts; `first`: the deals began with it; `inside`: it began in the window;
    `days` its length; `live` whether the deals are still in the sale, `fizzled` whether they are marked so. `n` is how many,
    `amount` what they are worth together and `unknown` how many of them name no amount.
    """

    stage: str
    to: str | None
    first: bool
    inside: bool
    days: int | None
    live: bool
    fizzled: bool
    n: int
    amount: int
    unknown: int


class Skip(NamedTuple):
    """A stage that a move onward passed over, in which the deal had never been: the day and the entry of the move, and
    where it led."""

    deal: int
    stage: str
    to: str
    on: date
    entry: int
    amount: int | None


class StageSteps(NamedTuple):
    """A stage in the window. Money is in the currency's smallest unit.

    `entered` are the stays that began in it: `first` of them with the deal itself, `returned` from a later stage; `deals`
    how many different deals, with `entered_amount` of money.
    What became of them by the window's end adds up: entered = onward + back + lost + fizzled
    + still; `won` of those onward went straight to an order (out of `lost` too). `listed` are beside them: stays that a list of
    the window is the first to tell of, begun nobody knows when.

    `left` are the stays that ended in the window, whenever they began; `median_days`, `p75_days` and `p90_days` are of the `timed`
    ones (a stay in `won` or `lost` has no length). `live` is None for a stage in which no deal is live; otherwise
    live = live_before + entered + listed - left.
    """

    stage: str
    entered: int
    entered_amount: int
    first: int
    returned: int
    deals: int
    onward: int
    won: int
    back: int
    lost: int
    fizzled: int
    still: int
    skipped: int
    listed: int
    left: int
    timed: int
    median_days: float | None
    p75_days: int | None
    p90_days: int | None
    live_before: int | None
    live: int | None
    live_amount: int
    without_amount: int

    @property
    def decided(self) -> int:
        """Of those that entered, the ones that left again."""
        return self.onward + self.back + self.lost

    @property
    def conversion(self) -> float | None:
        """Onward of those decided; None of nothing."""
        return self.onward / self.decided if self.decided else None

    @property
    def interval(self) -> Interval | None:
        """Its 95 % interval (Wilson)."""
        return Rate(self.onward, self.decided).interval


def passages(trail: Trail, schema: Schema, window: Window, fizzled: Container[int]) -> Iterator[Passage | Skip]:
    """Every stay of a deal that the window touches, and every stage that it passed over in it.

    Args:
        fizzled: the deals that are marked so at the window's end.
    """
    since, until = window
    stays, deal, amount = trail.stays, trail.deal, upto(trail.amounts, until)
    by_key = schema.stage_by_key
    last = len(stays) - 1
    for n, stay in enumerate(stays):
        if stay.entered_on > until:
            return
        after = stays[n + 1] if n < last else None
        came = _came(stay, first=n == 0)
        entered = (deal, stay.stage, stay.entered_on, stay.entry, came)
        if not stay.stage or (after is not None and after.entered_on < since):
            continue
        if after is None or after.entered_on > until:
            live = _is_live(stays[: n + 1], schema)
            yield Passage(*entered, "fizzled" if live and deal in fizzled else "still", amount, live)
        else:
            known = by_key.get(after.stage)
            ends = known.ends if known is not None else None
            ordered = ends == "won" and is_order(stay, after, schema)
            # Where a list is the first to say where it has come to, that is no move of a day; which way it went is plain.
            step = after.step or schema.ladder.get(after.stage, 0) - schema.ladder.get(stay.stage, 0)
            became: StayFate = "lost" if ends == "lost" else "back" if step < 0 and not ordered else "onward"
            yield _passage(
                (*entered, became, amount, False, after.stage, after.entered_on, after.entry, ordered, stay.days)
            )
            if became == "onward" and after.step > 1:
                for stage in passed_over(stays, n, schema):
                    yield Skip(deal, stage, after.stage, after.entered_on, after.entry, amount)


def _came(stay: Stay, *, first: bool) -> Came:
    if stay.arrival == "unknown":
        return "listed"
    return "begun" if first else "back" if stay.step < 0 else "onward"


def counted(
    steps: Iterable[Passage | Skip], schema: Schema, window: Window, sums: Iterable[PassageSum] = ()
) -> list[StageSteps]:
    """The figures of every stage, in the schema's order; then of those that it does not know.

    Args:
        sums: stays of other deals, added up.
    """
    counters: defaultdict[str, _StageCounter] = defaultdict(_StageCounter)
    since = window.since
    for several in sums:
        counters[several.stage].add_sum(several, schema)
        for stage in _passed_over_by(several, schema):
            counters[stage].skipped += several.n
    for one in steps:
        if isinstance(one, Skip):
            counters[one.stage].skipped += 1
        else:
            counters[one.stage].add(one, since)
    known = [s.key for s in schema.stages]
    others = sorted(counters.keys() - set(known))
    lives = {*others, *(s.key for s in schema.stages if not s.ends and not s.after)}
    return [counters[stage].steps(stage, lives=stage in lives) for stage in (*known, *others)]


def belongs(one: Passage | Skip, figure: Figure, since: date) -> bool:
    """Whether a passage, or a skip, is one of those that a figure counts; `since` is the window's first day."""
    if isinstance(one, Skip) or figure == "skipped":
        return isinstance(one, Skip) and figure == "skipped"
    if figure == "standing":
        return one.live
    if figure == "out":
        return one.left_on is not None
    if one.came == "listed":
        return False
    if figure == "won":
        return one.ordered and one.entered_on >= since
    return one.entered_on >= since and figure in ("in", one.became)


class _StageCounter:
    """The figures of a stage while they are counted."""

    def __init__(self) -> None:
        self.came: Counter[str] = Counter()
        self.became: Counter[str] = Counter()
        self.days: Counter[int] = Counter()
        self.deals: dict[int, int] = {}
        self.others = self.others_amount = 0
        self.won = self.skipped = self.left = self.before = self.listed = 0
        self.live = self.amount = self.unknown = 0

    def add(self, one: Passage, since: date) -> None:
        if one.came == "listed":
            self.listed += one.entered_on >= since
            self.before += one.entered_on < since
        elif one.entered_on >= since:
            self.came[one.came] += 1
            self.became[one.became] += 1
            self.deals[one.deal] = one.amount or 0
            self.won += one.ordered
        else:
            self.before += 1
        if one.left_on is not None:
            self.left += 1
            if one.days is not None:
                self.days[one.days] += 1
        elif one.live:
            self.live += 1
            self.amount += one.amount or 0
            self.unknown += one.amount is None

    def add_sum(self, several: PassageSum, schema: Schema) -> None:
        n, to = several.n, several.to
        known = schema.stage_by_key.get(to) if to is not None else None
        if several.inside:
            became: StayFate = "fizzled" if several.live and several.fizzled else "still"
            if to is not None:
                became = "lost" if known is not None and known.ends == "lost" else "onward"
            self.came["begun" if several.first else "onward"] += n
            self.became[became] += n
            self.others += n
            self.others_amount += several.amount
            self.won += n if known is not None and known.ends == "won" else 0
        else:
            self.before += n
        if to is not None:
            self.left += n
            if several.days is not None:
                self.days[several.days] += n
        elif several.live:
            self.live += n
            self.amount += several.amount
            self.unknown += several.unknown

    def steps(self, stage: str, *, lives: bool) -> StageSteps:
        became = self.became
        # A live deal may stand in a stage behind the order that never came: then that stage has live deals too.
        stands = lives or self.live > 0
        return StageSteps(
            stage=stage,
            entered=sum(self.came.values()),
            entered_amount=sum(self.deals.values()) + self.others_amount,
            first=self.came["begun"],
            returned=self.came["back"],
            deals=len(self.deals) + self.others,
            onward=became["onward"],
            won=self.won,
            back=became["back"],
            lost=became["lost"],
            fizzled=became["fizzled"],
            still=became["still"],
            skipped=self.skipped,
            listed=self.listed,
            left=self.left,
            timed=sum(self.days.values()),
            median_days=median(self.days),
            p75_days=nearest_rank(self.days, 75),
            p90_days=nearest_rank(self.days, 90),
            live_before=self.before if lives else None,
            live=self.live if stands else None,
            live_amount=self.amount,
            without_amount=self.unknown,
        )


def _is_live(stays: Sequence[Stay], schema: Schema) -> bool:
    """Whether a deal whose last stay these end in is neither won nor lost."""
    for stay in reversed(stays):
        stage = schema.stage_by_key.get(stay.stage)
        if stage is None or not stage.after:
            return stage is None or stage.ends is None
    return True


def passed_over(stays: Sequence[Stay], n: int, schema: Schema) -> Iterator[str]:
    """The stages between the n-th stay and the next, but for `lost`, that the deal had never been in; none where a list is all that
    tells of a part of its way there, on which it may have been in any."""
    if any(stay.arrival != "known" for stay in stays[: n + 2]):
        return
    been = {stay.stage for stay in stays[: n + 1]}
    for stage in _between(stays[n].stage, stays[n + 1].stage, schema):
        if stage not in been:
            yield stage


def _passed_over_by(several: PassageSum, schema: Schema) -> Iterator[str]:
    """The stages that deals which never went back passed over on their way to the next."""
    known = schema.stage_by_key.get(several.to) if several.to is not None else None
    if several.to is not None and (known is None or known.ends != "lost"):
        yield from _between(several.stage, several.to, schema)


def _between(left: str, reached: str, schema: Schema) -> Iterator[str]:
    ladder = schema.ladder
    known = schema.stage_by_key.get(left)
    if known is None or known.ends == "lost":
        return
    for stage in schema.stages[ladder[left] + 1 : ladder.get(reached, 0)]:
        if stage.ends != "lost":
            yield stage.key
