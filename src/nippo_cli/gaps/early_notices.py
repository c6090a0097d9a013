"""早めの連絡: bad news that came early enough to be of use. A push that is told in time is a good thing done."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from itertools import pairwise

from nippo_cli.base.dates import read_when
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.gaps.facts import EntryText
from nippo_cli.line.facts import Promise

# So many days before the first day that was promised a team can still act.
EARLY_DAYS = 14


class EarlyNotice(NamedTuple):
    """The entry that told of a push in time, its deal and its day."""

    deal: int
    entry: int
    on: date


def early_notices(
    closes: Mapping[int, Sequence[Promise]],
    texts_of: Callable[[Collection[int]], Mapping[int, EntryText]],
    *,
    since: date,
    as_of: date,
) -> list[EarlyNotice]:
    """The pushes of an expected close, made in the window (both ends in), that were told at least `EARLY_DAYS` before the first
    day that had been promised, by an entry that says why; the latest first.

    Args:
        closes: each deal's promised closes, oldest first.

    Rule: docs/gaps.md#early-notices
    """
    notices = [
        EarlyNotice(deal, after.entry, after.made_on)
        for deal, promised in closes.items()
        for before, after in pairwise(promised)
        if after.move is not None
        and after.move > 0
        and since <= after.made_on <= as_of
        and (read_when(str(before.value)).first - after.made_on).days >= EARLY_DAYS
    ]
    texts = texts_of([one.entry for one in notices]) if notices else {}
    with_reason = [one for one in notices if one.entry in texts and texts[one.entry].push_reason]
    return sorted(with_reason, key=lambda one: (one.on, one.entry), reverse=True)
