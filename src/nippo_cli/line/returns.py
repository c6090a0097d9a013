"""How many deals that had been silent for as long as one is now ever came back."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from itertools import accumulate

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.line.metrics import Metric


class Returned(NamedTuple):
    """Of `of` deals that had been silent for `days` or longer, `came_back` were met again."""

    days: int
    came_back: int
    of: int


class Returns:
    """Answers for any number of days, from counts that are sorted once.

    A deal came back from a silence if a contact ended it; a closed deal's last silence, and that of a live one until
    now, are silences from which it has not.

    Args:
        back: every line's `back` (`line.metrics`), added up: of each deal the longest silence that a contact ended.
        silent: every closed line's `silent` likewise: the longest of all.
        live: of each live deal its longest silence that a contact ended, and its present one, in days.
    """

    def __init__(
        self, back: Mapping[Metric, int], silent: Mapping[Metric, int], live: Iterable[tuple[int, int]]
    ) -> None:
        pairs = list(live)
        self._back = _AtLeast((key.days, n) for key, n in back.items() if key.what == "back")
        self._closed = _AtLeast((key.days, n) for key, n in silent.items() if key.what == "silent")
        self._live_back = _AtLeast((back_days, 1) for back_days, _ in pairs)
        self._live_now = _AtLeast((now, 1) for _, now in pairs)
        self._live_both = _AtLeast((min(pair), 1) for pair in pairs)

    def of(self, days: int, *, own_back: int) -> Returned:
        """Of deals silent for `days` (≥ 1) or longer, how many came back; a live deal that has been silent for so long,
        and whose longest silence before was `own_back`, is asked about and left out itself."""
        came_back = self._back(days)
        closed = self._closed(days) - (came_back - self._live_back(days))
        live = self._live_now(days) - self._live_both(days)
        itself = own_back >= days
        return Returned(days, came_back - itself, came_back + closed + live - 1)


class _AtLeast:
    """How many of the values counted are at least so large."""

    def __init__(self, counted: Iterable[tuple[int, int]]) -> None:
        ordered = sorted(counted)
        self._values = [value for value, _ in ordered]
        self._before = [0, *accumulate(n for _, n in ordered)]

    def __call__(self, least: int) -> int:
        return self._before[-1] - self._before[bisect_left(self._values, least)]
