"""Reviews as they were known on a day."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Final

from nippo_cli.journal.asof import AsOfView
from nippo_cli.journal.derive import review_row
from nippo_cli.journal.log import rows
from nippo_cli.line.review import Review

# The columns of the table, then when each was recorded.
REVIEWS: Final = """
select v.*, r.recorded_at from review v cross join record r on r.id = v.id where v.known_on <= ? and v.on_date <= ?
"""
# Of one deal; those of deals merged into others are looked at one by one.
REVIEWS_OF: Final = f"{REVIEWS} and (v.deal = ? or v.deal in (select deal from gone where into_deal is not null))"


def reviews(there: AsOfView) -> dict[int, list[Review]]:
    """All reviews by the deal that they are about through merges, oldest first. What was corrected or taken back since
    the day is derived again from the log."""
    return _by_root(there, _rows(there, REVIEWS))


def reviews_of(there: AsOfView, deal: int) -> list[Review]:
    """The reviews of one deal and of those merged into it, oldest first."""
    return _by_root(there, _rows(there, REVIEWS_OF, deal)).get(deal, [])


def _by_root(there: AsOfView, told: Iterable[tuple[Any, ...]]) -> dict[int, list[Review]]:
    found: defaultdict[int, list[Review]] = defaultdict(list)
    for row in sorted(told, key=lambda row: (row[2], str(row[-1]), row[0])):
        root = there.root(row[1])
        if root is not None:
            found[root].append(_review(row))
    return dict(found)


def _rows(there: AsOfView, statement: str, *deal: int) -> Iterator[tuple[Any, ...]]:
    late = there.late.reviews
    for row in rows(there.cx, statement, (there.known, there.day, *deal)):
        if row[0] not in late:
            yield row
    for record in sorted(late):
        records = there.records(record)
        known = review_row(records) if records and records[0].id == record else None
        if known is not None and known[2] <= there.day:
            yield (*known, records[0].recorded_at)


def _review(row: tuple[Any, ...]) -> Review:
    record, deal, on, known_on, *said = row
    return Review(record, deal, date.fromisoformat(on), date.fromisoformat(known_on), *said)
