"""Of deals that had been silent for as long, how many came back: counted line by line, and from the tallies."""

from collections import Counter
from datetime import date, timedelta

from hypothesis import given, strategies as st
from lines import begun, line_of, point

from nippo_cli.line.facts import DealHistory
from nippo_cli.line.metrics import metrics_of
from nippo_cli.line.quiet import silence_days
from nippo_cli.line.returns import Returned, Returns

AS_OF = date(2026, 12, 31)
FIRST = date(2026, 1, 1)


def drawn(steps: list[int], end: str) -> DealHistory:
    """A deal met after so many days each time; its last entry may end it."""
    on, points = FIRST, [point(1, FIRST.isoformat(), "lead")]
    for number, days in enumerate(steps, 2):
        on += timedelta(days=days)
        last = number == len(steps) + 1
        points.append(point(number, on.isoformat(), end if last and end else None))
    return line_of(*points, of=begun())


# How many days lay between a deal's contacts, and how it ended: won, lost or not at all.
stories = st.lists(
    st.tuples(st.lists(st.integers(1, 40), min_size=1, max_size=6), st.sampled_from(["", "won", "lost"])),
    min_size=1,
    max_size=12,
)


def silences(days: list[int], end: str) -> list[tuple[int, bool]]:
    """Each silence of a deal, and whether the customer was met again after it: the last of a live one lasts, and whoever
    says no at its end does not come back."""
    met_again = [(silent, True) for silent in days]
    if end == "lost":
        met_again[-1] = (days[-1], False)
    return met_again if end else [*met_again, ((AS_OF - FIRST).days - sum(days), False)]


def by_hand(told: list[tuple[list[int], str]], itself: int, days: int) -> Returned:
    """Over every other deal: silent for so long at all, and met again after a silence of so long."""
    others = [silences(*story) for number, story in enumerate(told) if number != itself]
    of = sum(any(silent >= days for silent, _ in one) for one in others)
    came_back = sum(any(silent >= days and again for silent, again in one) for one in others)
    return Returned(days, came_back, of)


@given(stories)
def test_tallies_count_what_silences_do(told: list[tuple[list[int], str]]):
    """For every live deal, with the days that it has been silent itself."""
    lines = [drawn(*story) for story in told]
    counted: Counter = Counter()
    for line in lines:
        counted.update(metrics_of(line))
    live = [line.head for line in lines if line.head.fate == "live"]
    returns = Returns(counted, counted, [(h.longest_back, silence_days(h, AS_OF)) for h in live])
    for number, line in enumerate(lines):
        if line.head.fate == "live":
            days = silence_days(line.head, AS_OF)
            assert returns.of(days, own_back=line.head.longest_back) == by_hand(told, number, days)


def test_by_hand():
    """Asked of a deal silent for 100 days: one came back after 120 and was won, one was lost after 150, one live deal has
    been silent for 100 too, one for 99 only."""
    won, lost = drawn([120, 5], "won"), drawn([10, 150], "lost")
    counted = metrics_of(won) + metrics_of(lost)
    returns = Returns(counted, counted, [(7, 100), (9, 100), (9, 99)])
    assert returns.of(100, own_back=7) == Returned(100, 1, 3)
