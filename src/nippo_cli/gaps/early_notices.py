"""早めの連絡: bad news that came early enough to be of use. A push that is told in time is a good thing done."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from itertools import pairwise

from nippo_cli.base.dates import read_when
from nippo_cli.gaps.facts import EntryText
from nippo_cli.line.facts import Promise

# So many days before the first day that was promised a team can still act.
EARLY_DAYS = 14


def early_notices(
    closes: Iterable[Sequence[Promise]],
    texts_of: Callable[[Collection[int]], Mapping[int, EntryText]],
    *,
    since: date,
    as_of: date,
) -> int:
    """How many pushes of an expected close, made in the window (both ends in), were told at least `EARLY_DAYS` before the first
    day that had been promised, by an entry that says why.

    Args:
        closes: each deal's promised closes, oldest first.

    Rule: docs/gaps.md#early-notices
    """
    entries = [
        after.entry
        for promised in closes
        for before, after in pairwise(promised)
        if after.move is not None
        and after.move > 0
        and since <= after.made_on <= as_of
        and (read_when(str(before.value)).first - after.made_on).days >= EARLY_DAYS
    ]
    texts = texts_of(entries) if entries else {}
    return sum(entry in texts and bool(texts[entry].push_reason) for entry in entries)
