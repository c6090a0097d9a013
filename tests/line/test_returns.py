"""Of deals that had been silent for as long, how many came back: counted line by line, and from the tallies."""

from collections import Counter
from datetime import date, timedelta

from hypothesis import given, strategies as st
from lines import begun, line_of, point

from nippo_cli.line.facts import DealHistory
from nippo_cli.line.metrics import Metric, metrics_of
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


def test_silences_counted_by_hand():
    """Four closed deals came back from 5, 10, 20 and 20 days at the longest and were silent for 5, 30, 20 and 40 at their
    end or before it; three live ones came back from 8, 25 and 0 days and are silent for 12, 3 and 50 now."""
    back = Counter({Metric("back", "", "", False, days): n for days, n in ((5, 1), (10, 1), (20, 2), (8, 1), (25, 1))})
    silent = Counter({Metric("silent", "", "", False, days): 1 for days in (5, 30, 20, 40)})
    returns = Returns(back, silent, [(8, 12), (25, 3), (0, 50)])
    # From 12 days or more three came back: two closed ones and the live one of 25. Of the closed ones that were silent so
    # long (30, 20, 40) one never came back; of the live ones 12 and 50 last. Whoever asks is the one silent for 50 days.
    assert returns.of(12, own_back=0) == Returned(12, 3, 5)
    # The one of 12 days asks about eight: it came back from eight before, and is left out of both.
    assert returns.of(8, own_back=8) == Returned(8, 4, 5)
    assert returns.of(41, own_back=0) == Returned(41, 0, 0)
