"""When somebody is to be called again, as it was known on a day."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from nippo_cli.base.customers import customer_key
from nippo_cli.journal.asof import AsOfView
from nippo_cli.journal.derive import RevisitRow, revisit_of_review, revisits_of_customer
from nippo_cli.journal.log import rows
from nippo_cli.line.facts import Revisit

# The columns of the table, then when each was recorded.
REVISITS: Final = "select v.*, r.recorded_at from revisit v cross join record r on r.id = v.id where v.known_on <= ?"


# Of one deal; those of deals merged into others are looked at one by one.
REVISITS_OF: Final = f"{REVISITS} and (v.about = ? or v.about in (select deal from gone where into_deal is not null))"


def revisits(there: AsOfView, deal: int | None = None) -> list[Revisit]:
    """The day that stands of every deal, through merges, and of every customer: the last that was said. What was taken away
    again is left out; the soonest first.

    Args:
        deal: the one deal that is asked about; None for all.
    """
    last: dict[object, tuple[str, RevisitRow, str]] = {}
    for *columns, recorded_at in _known(there, deal):
        row: RevisitRow = tuple(columns)  # type: ignore[assignment]
        record, about, customer = row[0], row[1], row[2]
        # Of a damaged record the instant may be anything.
        said = (str(recorded_at), record)
        name = there.customers.name(customer) if customer is not None else ""
        key: object = customer_key(name) if name else there.root(about)
        if key is not None and (key not in last or said > (last[key][0], last[key][1][0])):
            last[key] = (str(recorded_at), row, name)
    stated = [_revisit(row, name, there) for _, row, name in last.values() if row[3] is not None]
    asked = [one for one in stated if deal is None or one.deal == deal]
    return sorted(asked, key=lambda one: (one.on, one.id))


def _known(there: AsOfView, deal: int | None) -> Iterator[tuple[object, ...]]:
    """The rows known on the day; what was corrected or taken back since is derived again from the log."""
    late = there.late
    asked = (REVISITS, (there.known,)) if deal is None else (REVISITS_OF, (there.known, deal))
    for row in rows(there.cx, *asked):
        if row[0] not in late.reviews and not (row[2] is not None and row[1] in late.customers):
            yield row
    for record in sorted(late.reviews):
        records = there.records(record)
        known = revisit_of_review(records) if records and records[0].id == record else None
        if known is not None:
            yield (*known, records[0].recorded_at)
    for begin in sorted(late.customers):
        records = there.records(begin)
        recorded = {rec.id: rec.recorded_at for rec in records}
        for known in revisits_of_customer(records) if records and records[0].id == begin else ():
            yield (*known, recorded[known[0]])


def _revisit(row: RevisitRow, customer: str, there: AsOfView) -> Revisit:
    record, about, named, on, known_on, author, why = row
    deal = there.root(about) if named is None else None
    return Revisit(
        record, deal, customer, date.fromisoformat(str(on)), date.fromisoformat(known_on), author, why
    )  # fmt: skip
