"""Stays → bands: which columns of a row each stay fills."""

from collections.abc import Sequence

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.render.draw import Scale

# One column for the short stays, one for the last.
_APART = 2


class Band(NamedTuple):
    """The columns from `start` up to, not including, `stop`, and the places of the stays that share them.

    `short` says that what it shows lasted less than a column.
    """

    start: int
    stop: int
    stays: tuple[int, ...]
    short: bool = False


def bands(axis: Scale, starts: Sequence[int], end: int) -> list[Band]:
    """The bands of one line: in order, without a gap, none over another, each stay in exactly one.

    `starts` are the days on which the stays begin, in order; `end` is the last day of the last one. A stay of less
    than a column still gets one where there is room, and shares it with other such stays where there is none. The
    column after the axis's last is spare: a line that ends there in two stays needs it.
    """
    columns = [axis.column(day) for day in starts]
    stop = max(axis.column(end), columns[-1]) + 1
    drawn: list[Band] = []
    for first, after in _groups(columns):
        last_group = after == len(columns)
        start = max(columns[first], drawn[-1].stop if drawn else 0)
        until = stop if last_group else columns[after]
        drawn.extend(_share(start, max(until, start), first, after, may_grow=last_group))
    return drawn


def _groups(columns: Sequence[int]) -> list[tuple[int, int]]:
    """Runs of stays that begin in the same column, as (first, after last)."""
    edges = [i for i in range(len(columns)) if i == 0 or columns[i] != columns[i - 1]]
    return list(zip(edges, [*edges[1:], len(columns)], strict=True))


def _share(start: int, until: int, first: int, after: int, *, may_grow: bool) -> list[Band]:
    """Columns for stays that begin in one column: all but the last are short."""
    if after - first == 1:
        return [Band(start, max(until, start + 1), (first,))]
    if may_grow:
        until = max(until, start + _APART)
    room = until - start
    if room < _APART:
        return [Band(start, start + 1, tuple(range(first, after)), short=True)]
    return [
        Band(start, start + 1, tuple(range(first, after - 1)), short=True),
        Band(start + 1, until, (after - 1,)),
    ]


def free_run(start: int, stop: int, taken: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """The longest run of columns within a band that none of the `taken` spans (start, stop) covers.

    Of equals it is the first; where everything is taken it is the whole band.
    """
    best = (start, start)
    at = start
    for first, after in [*sorted(span for span in taken if span[0] < span[1]), (stop, stop)]:
        upto = min(max(first, start), stop)
        if upto - at > best[1] - best[0]:
            best = (at, upto)
        at = max(at, min(after, stop))
    return best if best[1] > best[0] else (start, stop)
