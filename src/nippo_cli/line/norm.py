"""How long a stay may last before it counts as stalled, and how long a silence may, each with its source and n."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Literal, TypeAlias

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.line.metrics import Metric, MetricKind
from nippo_cli.line.quantile import kaplan_meier, nearest_rank
from nippo_cli.schema.schema import Schema

NormSource: TypeAlias = Literal["kind", "schema", "won_kind", "won", "kaplan_meier", "default"]

LEAST_STAYS = 10
LEAST_GAPS = 20
DEFAULT_NORM_DAYS = 30
DEFAULT_QUIET_DAYS = 60
_P75, _P90, _P95 = 75, 90, 95


class Norm(NamedTuple):
    """Days, where they come from, and over how many stays (0 where nothing was counted)."""

    stage: str
    kind: str
    days: int
    source: NormSource
    n: int


class Quiet(NamedTuple):
    """The quiet limit in days, its source, and over how many gaps."""

    days: int
    source: Literal["schema", "won", "default"]
    n: int


class Norms:
    """The norms of a schema, learned where it states none.

    Either may be a function, asked only for what is needed: where a schema states its norms, that is nothing.

    Args:
        counted: every line's `seen`, added up; or of `what` and `stage` (empty for gaps) as much of it.
        censored: by stage, the lengths so far (days → times) of the stays that last on `as_of`.
    """

    def __init__(
        self,
        schema: Schema,
        counted: Mapping[Metric, int] | Callable[[MetricKind, str], Mapping[Metric, int]],
        censored: Mapping[str, Mapping[int, int]] | Callable[[str], Mapping[int, int]],
    ) -> None:
        self._schema = schema
        self._censored = censored if callable(censored) else lambda stage: censored.get(stage, {})
        self._counted = counted if callable(counted) else lambda _what, _stage: counted
        self._stays: dict[str, dict[tuple[str, bool], Counter[int]]] = {}
        self._norms: dict[tuple[str, str], Norm | None] = {}
        self._quiet: Quiet | None = None

    def of(self, stage: str, kind: str) -> Norm | None:
        """The norm of a stage for a deal kind; None where the kind does not stall, and where nobody knows the stage."""
        if (stage, kind) not in self._norms:
            self._norms[stage, kind] = self._find(stage, kind)
        return self._norms[stage, kind]

    def used(self) -> list[Norm]:
        """Every norm that was asked for, in the order of the stages and kinds."""
        ladder, kinds = self._schema.ladder, list(self._schema.kind_by_key)
        norms = [n for n in self._norms.values() if n is not None]
        return sorted(
            norms,
            key=lambda n: (ladder.get(n.stage, len(ladder)), kinds.index(n.kind) if n.kind in kinds else -1, n.kind),
        )

    def quiet(self) -> Quiet:
        """The quiet limit: the schema's; the P95 of won deals' contact gaps (n ≥ 20); 60 days."""
        if self._quiet is None:
            self._quiet = self._find_quiet()
        return self._quiet

    def _find_quiet(self) -> Quiet:
        if self._schema.quiet is not None:
            return Quiet(self._schema.quiet, "schema", 0)
        counted = self._counted("gap", "")
        return learned_quiet(Counter({s.days: times for s, times in counted.items() if s.what == "gap"}))

    def _find(self, stage: str, kind: str) -> Norm | None:
        own = self._schema.kind_by_key.get(kind)
        if not stage or (own is not None and not own.stalls):
            return None
        if own is not None and stage in own.norms:
            return Norm(stage, kind, own.norms[stage], "kind", 0)
        stated = self._schema.stage_by_key.get(stage)
        if stated is not None and stated.norm is not None:
            return Norm(stage, kind, stated.norm, "schema", 0)
        return self._learned(stage, kind)

    def _learned(self, stage: str, kind: str) -> Norm:
        """The norm that closed stays teach: of the kind's won deals, else of all won, else of all that ended; the first
        that are enough."""
        same = self._lengths(stage, kind, won=True)
        if kind and same.total() >= LEAST_STAYS:
            return Norm(stage, kind, nearest_rank(same, _P90) or 0, "won_kind", same.total())
        won = self._lengths(stage, None, won=True)
        if won.total() >= LEAST_STAYS:
            return Norm(stage, kind, nearest_rank(won, _P90) or 0, "won", won.total())
        ended = won + self._lengths(stage, None, won=False)
        if ended.total() >= LEAST_STAYS:
            censored = self._censored(stage)
            days = kaplan_meier(ended, censored, _P75)
            if days is not None:
                return Norm(stage, kind, days, "kaplan_meier", ended.total() + sum(censored.values()))
        return Norm(stage, kind, DEFAULT_NORM_DAYS, "default", ended.total())

    def _lengths(self, stage: str, kind: str | None, *, won: bool) -> Counter[int]:
        """Ended stays by days: of one kind, or of all."""
        if stage not in self._stays:
            lengths = self._stays[stage] = {}
            for key, times in self._counted("stay", stage).items():
                if key.what == "stay" and key.stage == stage:
                    lengths.setdefault((key.kind, key.won), Counter())[key.days] += times
        return _sum(t for (k, w), t in self._stays[stage].items() if w == won and kind in (None, k))


def _sum(counters: Iterable[Counter[int]]) -> Counter[int]:
    total: Counter[int] = Counter()
    for one in counters:
        total.update(one)
    return total


def learned_quiet(gaps: Counter[int]) -> Quiet:
    """The quiet limit that won deals' contact gaps teach (days → times): their P95, 60 days of fewer than 20."""
    days = nearest_rank(gaps, _P95)
    if days is None or gaps.total() < LEAST_GAPS:
        return Quiet(DEFAULT_QUIET_DAYS, "default", gaps.total())
    return Quiet(days, "won", gaps.total())
