"""What a rank of confidence meant in this team's record: the share of its deals that was won."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.line.metrics import Metric
from nippo_cli.schema.schema import Schema

# Fewer closed deals than this say nothing: the share that the schema states counts.
LEAST = 10
# Ranks of which the schema says at least so much make the firm line.
FIRM = 0.7
ShareSource: TypeAlias = Literal["record", "schema", "none"]


class RankShare(NamedTuple):
    """What part of a rank's money to reckon with, 0–1: by the `record` of `n` closed deals, by the `schema` where these are
    fewer than `LEAST`, or (None) by nothing."""

    value: float | None
    n: int
    source: ShareSource


class RankRecord:
    """The closed deals of each rank, by the month in which they closed: won, and all.

    Args:
        counted: `rank` metrics (`line.metrics`): a closed deal counts under the rank that it had 30 days before its end.
    """

    def __init__(self, counted: Mapping[Metric, int], schema: Schema) -> None:
        self._stated = {rank.key: rank.chance for rank in schema.ranks}
        self._renamed = schema.renamed_ranks
        self._by_month: defaultdict[str, Counter[tuple[int, bool]]] = defaultdict(Counter)
        for metric, n in counted.items():
            self._by_month[self.key(metric.stage)][metric.days, metric.won] += n

    def key(self, rank: str) -> str:
        """Today's key of a rank."""
        return self._renamed.get(rank, rank)

    def share(self, rank: str, before: int | None = None) -> RankShare:
        """A rank's share, of the deals closed before a month, by its number (None: of all)."""
        won = ended = 0
        for (month, is_won), n in self._by_month.get(rank, Counter()).items():
            if before is None or month < before:
                ended += n
                won += n * is_won
        if ended >= LEAST:
            return RankShare(won / ended, ended, "record")
        stated = self._stated.get(rank)
        return RankShare(stated, ended, "none" if stated is None else "schema")


def firm_ranks(schema: Schema) -> frozenset[str]:
    """The keys of the ranks that make the firm line."""
    return frozenset(rank.key for rank in schema.ranks if rank.chance is not None and rank.chance >= FIRM)


def rank_order(schema: Schema, ranks: Iterable[str]) -> list[str]:
    """The schema's ranks in its order, then those of `ranks` that it lacks, then (if it is one of them) no rank at all."""
    known = [rank.key for rank in schema.ranks]
    others = sorted({rank for rank in ranks if rank and rank not in known})
    return [*known, *others, *([""] if "" in set(ranks) else [])]
