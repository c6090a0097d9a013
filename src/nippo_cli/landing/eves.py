"""Months as they were seen on their eves: what was promised for each, of which rank, and what of it was won within it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Self

from nippo_cli.base.dates import month_number
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.landing.facts import LandingFacts
from nippo_cli.landing.shares import LEAST, RankRecord
from nippo_cli.line.promised import Promised

# Months of which the share won within the month is made.
YEAR = 12


class EveRecord(NamedTuple):
    """Of what was promised on the eves of months: deals and money, and what of both was won within the month that it was
    promised for. Deals that named no amount count as deals alone."""

    promised: int
    won: int
    promised_amount: int
    won_amount: int

    @property
    def share(self) -> float | None:
        """The money that was won over the money that was promised; None of fewer than `LEAST` deals, or of no money."""
        return self.won_amount / self.promised_amount if self.promised >= LEAST and self.promised_amount else None


class EveShares:
    """What of a month's promises was won within it, by rank where that says enough, else of all ranks together."""

    def __init__(self, all_ranks: EveRecord, by_rank: Mapping[str, EveRecord]) -> None:
        self.all = all_ranks
        self.by_rank = by_rank

    @classmethod
    def unknown(cls) -> Self:
        """Where nobody asked."""
        return cls(EveRecord(0, 0, 0, 0), {})

    def expected(self, rank: str, amount: int) -> int | None:
        """What money of a rank comes to within its month; None where too little is known."""
        of_rank = self.by_rank.get(rank)
        share = of_rank.share if of_rank is not None else None
        share = self.all.share if share is None else share
        return None if share is None else round(amount * share)


def past_months(as_of_month: int, count: int) -> Sequence[int]:
    """So many full months before one, oldest first."""
    return range(as_of_month - count, as_of_month)


def eve_shares(facts: LandingFacts, promised: Mapping[int, Sequence[Promised]], record: RankRecord) -> EveShares:
    """The shares of the last twelve full months.

    Args:
        promised: what was promised for each month, at least those twelve.
    """
    months = past_months(month_number(facts.as_of), YEAR)
    asked = [(month, one) for month in months for one in promised.get(month, ()) if not one.on_hold]
    won_in = facts.won_months({one.deal for _, one in asked}, months[0])
    counts: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for month, one in asked:
        won = won_in.get(one.deal) == month
        row = counts[record.key(one.confidence)]
        row[0] += 1
        row[1] += won
        row[2] += one.amount or 0
        row[3] += (one.amount or 0) if won else 0
    by_rank = {rank: EveRecord(*row) for rank, row in counts.items()}
    whole = EveRecord(*(sum(row[at] for row in counts.values()) for at in range(4)))
    return EveShares(whole, by_rank)
