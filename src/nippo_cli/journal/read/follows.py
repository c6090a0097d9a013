"""Who has read what, and what members follow, as known on a day."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date
from typing import Any, Final

from nippo_cli.base.persons import same_person
from nippo_cli.journal.asof import AsOfView
from nippo_cli.journal.log import rows
from nippo_cli.results.remarks import Acknowledgement, Follow

READERS_OF: Final = """
select a.* from json_each(?) j cross join acknowledgement a on a.about = j.value where a.known_on <= ?
"""
FOLLOWS: Final = "select * from follow where known_on <= ?"


def readers_of(there: AsOfView, records: Collection[int]) -> dict[int, list[Acknowledgement]]:
    """Who says that they have read each of these entries, comments and days' remarks: those who did first, each once."""
    of: defaultdict[int, list[Acknowledgement]] = defaultdict(list)
    stored = rows(there.cx, READERS_OF, (json.dumps(sorted(records)), there.known))
    known = [row for row in stored if row[0] not in there.late.remarks]
    known += [row for row in _late(there, "comment") if row[1] in records]
    for _, about, author, known_on in sorted(known, key=lambda row: (row[3], row[0])):
        if not any(same_person(author, one.author) for one in of[about]):
            of[about].append(Acknowledgement(author, date.fromisoformat(known_on)))
    return dict(of)


def follows_of(there: AsOfView, author: str) -> list[Follow]:
    """What a member follows, deals through merges; each once, in the order in which they began to."""
    stored = rows(there.cx, FOLLOWS, (there.known,))
    known = [row for row in stored if row[0] not in there.late.remarks] + list(_late(there, "follow"))
    own: list[Follow] = []
    for record, deal, customer, who, known_on in sorted(known, key=lambda row: (row[4], row[0])):
        if not same_person(who, author):
            continue
        root = there.root(deal) if deal is not None else None
        if deal is not None and root is None:
            continue
        one = Follow([record], root, there.customers.name(customer) if customer is not None else "", _day(known_on))
        same = next((f for f in own if _is_same(there, f, one)), None)
        if same is None:
            own.append(one)
        else:
            same.records.append(record)
    return own


def _is_same(there: AsOfView, one: Follow, other: Follow) -> bool:
    if one.deal is not None or other.deal is not None:
        return one.deal == other.deal
    return there.customers.same(one.customer, other.customer)


def _day(iso: str) -> date:
    return date.fromisoformat(iso)


def _late(there: AsOfView, kind: str) -> Iterator[tuple[Any, ...]]:
    """The rows of a kind that were taken back since, as they were on the day."""
    from nippo_cli.journal.derive import acknowledgement_row, follow_row

    make = follow_row if kind == "follow" else acknowledgement_row
    for record in sorted(there.late.remarks):
        records = there.records(record)
        if records and records[0].id == record and records[0].kind == kind and (row := make(records)) is not None:
            yield row
