"""Records that may be taken, cut into portions that one transaction each puts in.

Where entries and the deals that they begin follow upon one another, as of an import, they come deal by deal: so each deal's line is
derived once, and not with every transaction that some of its entries happen to be in.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.journal.log import SealedRecord

# So many are put in order at once, and so many letters of what they say: some 30 megabytes.
AT_ONCE: Final = 25_000
AT_ONCE_LETTERS: Final = 16_000_000
# Of a record that has to stay behind those before it.
NO_REPORT: Final = -1


class RecordPortion(NamedTuple):
    """Records to be put in; of each device, by slot, up to which number all are there with them; whether all that was admitted so
    far is."""

    records: Sequence[SealedRecord]
    numbers: Mapping[int, int]
    is_last: bool


class Portions:
    """Records in the order in which they may be taken, of which any that only begin a deal or report of one may come earlier.

    Args:
        admitted: each behind all that it refers to, with its `reported_deal`.
        own: the slot whose numbers this journal gives out itself: there none comes earlier.
    """

    def __init__(self, admitted: Iterator[tuple[SealedRecord, int]], own: int) -> None:
        self._admitted = admitted
        self._own = own
        self._given: Sequence[SealedRecord] = ()
        self._sorted: Sequence[SealedRecord] = ()
        # Places behind which a deal's records end, and those before which the same records stand in both.
        self._deal_ends: list[int] = []
        self._same: list[int] = []
        self._at = self._noted = 0

    def next(self, most: int) -> RecordPortion | None:
        """At most so many, whole deals if possible; None where there are no more."""
        if self._at == len(self._sorted):
            self._fill()
            if not self._sorted:
                return None
        end = min(self._at + most, len(self._sorted))
        whole = self._deal_ends[bisect_right(self._deal_ends, end) - 1]
        end = whole if whole > self._at else end
        records, self._at = self._sorted[self._at : end], end
        upto = self._same[bisect_right(self._same, end) - 1]
        numbers = {record.slot: record.number for record in self._given[self._noted : upto]}
        self._noted = max(self._noted, upto)
        return RecordPortion(records, numbers, end == len(self._sorted))

    def _fill(self) -> None:
        """Put the next ones in order."""
        admitted = [*_some(self._admitted)]
        self._given = [record for record, _ in admitted]
        in_order, self._deal_ends, self._same = list[SealedRecord](), [0], [0]
        by_deal: dict[int, list[SealedRecord]] = {}

        def end_run() -> None:
            for of_deal in by_deal.values():
                in_order.extend(of_deal)
                self._deal_ends.append(len(in_order))
            by_deal.clear()
            self._same.append(len(in_order))

        for record, deal in admitted:
            if deal == NO_REPORT or record.slot == self._own:
                end_run()
                in_order.append(record)
                self._deal_ends.append(len(in_order))
                self._same.append(len(in_order))
            else:
                by_deal.setdefault(deal, []).append(record)
        end_run()
        self._sorted, self._at, self._noted = in_order, 0, 0


def _some(admitted: Iterator[tuple[SealedRecord, int]]) -> Iterator[tuple[SealedRecord, int]]:
    """The next ones, as many as go at once; one at least."""
    letters = 0
    for record, deal in islice(admitted, AT_ONCE):
        yield record, deal
        letters += len(record.body or "")
        if letters >= AT_ONCE_LETTERS:
            return


def reported_deal(record: SealedRecord, body: Mapping[str, Any], named: Sequence[int]) -> int:
    """The deal that a record begins, or, as an entry, is of, where it refers to no other record but its import; 0 of an entry
    without one; `NO_REPORT` of any other record.

    Args:
        body: what it says, read.
        named: the ids in it.
    """
    if record.body is None or record.target is not None:
        return NO_REPORT
    if record.kind == "deal":
        return record.id if not named and body.get("do", "begin") == "begin" else NO_REPORT
    if record.kind != "entry":
        return NO_REPORT
    if not named:
        return 0
    return named[0] if len(named) == 1 and named[0] == body.get("deal") else NO_REPORT
