"""How far a promised close may slip before it counts as a mirage, and how far such dates really ran, each with its n."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from typing import Literal, TypeAlias

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.line.metrics import Metric
from nippo_cli.line.quantile import median, nearest_rank
from nippo_cli.schema.schema import Schema

SlipSource: TypeAlias = Literal["schema", "won_kind", "won", "default"]

LEAST_LEADS = 10
LEAST_RUNS = 8
DEFAULT_SLIP_DAYS = 30
FIFTH = 5
_P80 = 80


class Slip(NamedTuple):
    """The days that a promised close may slip from its first date; `lead_days` is the usual lead time behind them, over
    `n` won deals (None and 0 where none was counted)."""

    days: int
    source: SlipSource
    n: int
    lead_days: float | None = None


class Slips:
    """The slip limits of a schema, by deal kind: the schema's `slip`; else 30 days or a fifth of the usual lead
    time, the larger. The usual lead time is the median of won deals of the same kind (n ≥ 10), else of all (n ≥ 10).

    Args:
        leads: every line's `lead` (`line.metrics`), added up; asked only where the schema states no slip.
    """

    def __init__(self, schema: Schema, leads: Callable[[], Mapping[Metric, int]]) -> None:
        self._stated = schema.slip
        self._leads = leads
        self._by_kind: defaultdict[str, Counter[int]] | None = None
        self._slips: dict[str, Slip] = {}

    def of(self, kind: str) -> Slip:
        """The limit for a deal kind; empty for deals that name none."""
        if kind not in self._slips:
            self._slips[kind] = self._find(kind)
        return self._slips[kind]

    def used(self) -> Mapping[str, Slip]:
        """Every limit that was asked for, by kind."""
        return dict(sorted(self._slips.items()))

    def _find(self, kind: str) -> Slip:
        """The slip of a kind: stated by the schema, else a fifth of the lead times of its won deals, else of all won."""
        if self._stated is not None:
            return Slip(self._stated, "schema", 0)
        if self._by_kind is None:
            self._by_kind = defaultdict(Counter)
            for key, times in self._leads().items():
                if key.what == "lead" and key.won:
                    self._by_kind[key.kind][key.days] += times
        same = self._by_kind.get(kind, Counter()) if kind else Counter[int]()
        if same.total() >= LEAST_LEADS:
            return _fifth(same, "won_kind")
        won: Counter[int] = Counter()
        for lengths in self._by_kind.values():
            won.update(lengths)
        return _fifth(won, "won") if won.total() >= LEAST_LEADS else Slip(DEFAULT_SLIP_DAYS, "default", won.total())


class RanOn(NamedTuple):
    """How far the dates that were promised in a stage really ran, from the promised day to the order: `n` of them."""

    stage: str
    n: int
    median_days: float
    p80_days: int


def ran_on(runs: Mapping[Metric, int], stage: str) -> RanOn | None:
    """The record of one stage; None under 8 dates, too few to say anything.

    Args:
        runs: every line's `run` (`line.metrics`), added up. Won deals alone have one.
    """
    lengths = Counter[int]()
    for key, times in runs.items():
        if key.what == "run" and key.stage == stage:
            lengths[key.days] += times
    middle, far = median(lengths), nearest_rank(lengths, _P80)
    if lengths.total() < LEAST_RUNS or middle is None or far is None:
        return None
    return RanOn(stage, lengths.total(), middle, far)


def _fifth(leads: Counter[int], source: SlipSource) -> Slip:
    lead = median(leads) or 0.0
    # Slips are whole days: to be longer than a fifth is to be longer than its whole part.
    return Slip(max(DEFAULT_SLIP_DAYS, int(lead // FIFTH)), source, leads.total(), lead)
