"""Past deals that stood as a deal stands, when they were as old.

Rule: docs/lessons.md#precedents
"""

from collections.abc import Iterable
from datetime import date
from math import log2

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.lessons.finished import Stood
from nippo_cli.line.facts import Outcome

# Amounts are similar within this factor, silences within half of the deal's own and never less than a week.
FACTOR = 2
LEAST_BAND_DAYS = 7
NEAREST = 3
# They are looked for among so many deals, those of the kind that ended last: each `add` and each deal's page asks.
AMONG = 200


class Like(NamedTuple):
    """A finished deal that stood alike at that age: its amount and its silence (calendar days) then, and how far it is
    from the deal, 0 to 2."""

    deal: int
    fate: Outcome
    ended_on: date
    amount: int | None
    silence_days: int
    distance: float


def band(silence_days: int) -> int:
    """By how many days a silence may differ."""
    return max(LEAST_BAND_DAYS, silence_days // 2)


def alike(stood: Iterable[Stood], *, amount: int | None, silence_days: int) -> list[Like]:
    """Those with a similar amount, where both are known, and a similar silence: the nearest first, of equals the one
    that ended last.

    The distance adds the difference of the silences, over how much they may differ, to that of the amounts, in
    doublings; an amount unknown on either side counts as one doubling.
    """
    within = band(silence_days)
    deals = []
    for one in stood:
        silence = (one.on - (one.last_contact_on or one.of.first_on)).days
        apart = _doublings(amount, one.amount)
        if abs(silence - silence_days) <= within and apart <= log2(FACTOR):
            distance = abs(silence - silence_days) / within + apart
            deals.append(Like(one.of.deal, one.of.fate, one.of.ended_on, one.amount, silence, distance))
    deals.sort(key=lambda like: (like.distance, -like.ended_on.toordinal(), -like.deal))
    return deals


def _doublings(amount: int | None, other: int | None) -> float:
    if not amount or not other or amount < 0 or other < 0:
        return log2(FACTOR)
    # A hair's breadth for rounding: exactly twice as much is still similar.
    return max(0.0, abs(log2(amount / other)) - 1e-12)
