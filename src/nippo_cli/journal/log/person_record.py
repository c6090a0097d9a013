"""Who is one person, and at which customers: what records of the kind `person` say.

A person's first record, its begin, says a name that the diary has at a customer, and nothing else: whatever is said of the
person (another name, that they went, who came after them, that they are the same as another) targets it. A person of whom
nothing was said has no record.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from nippo_cli.base.customer_names import CustomerNames
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.person_names import RecordedPerson, Tenure
from nippo_cli.base.persons import person_key
from nippo_cli.journal.log.deal_record import Merge, effective
from nippo_cli.journal.log.record import canonical
from nippo_cli.journal.log.records import Rec
from nippo_cli.journal.log.versions import retracted

DROP_PERSON: Final = "delete from person_said where begin = ?"
PUT_PERSON: Final = "insert into person_said (id, begin, recorded_at, on_date, said) values (?, ?, ?, ?, ?)"
EVERY_PERSON: Final = "select id, begin, recorded_at, on_date, said from person_said"
# What a record has to say so that it says anything: an erased one doesn't.
_NEEDS: Final = {
    "begin": ("name", "customer"), "rename": ("name",), "alias": ("name",), "merge": ("into",),
    "moved": ("customer", "to"), "left": ("customer",), "successor": ("customer", "name"),
}  # fmt: skip


class PersonRecord(NamedTuple):
    """What one record says of a person: the record, the begin that it is about (itself, if it is one), when it was recorded and
    the day that it is of, both ISO, and its body."""

    id: int
    begin: int
    recorded_at: str
    on: str
    said: Mapping[str, Any]

    @property
    def place(self) -> tuple[str, int]:
        """Where it stands in the log."""
        return self.recorded_at, self.id


def stored_persons(cx: sqlite3.Connection) -> list[PersonRecord]:
    """What stands of what was said of persons, as everything that is in the log says it."""
    return [PersonRecord(id_, begin, at, on, json.loads(said)) for id_, begin, at, on, said in cx.execute(EVERY_PERSON)]


def put_person(cx: sqlite3.Connection, begin: int, records: Sequence[Rec]) -> None:
    """Put what stands of what was said of one person in the place of what was there.

    Args:
        records: the begin, and all that targets it.
    """
    cx.execute(DROP_PERSON, (begin,))
    cx.executemany(
        PUT_PERSON,
        ((one.id, one.begin, one.recorded_at, one.on, canonical(one.said)) for one in person_records(begin, records)),
    )


def person_records(begin: int, records: Sequence[Rec]) -> Iterator[PersonRecord]:
    """What stands of what was said of one person, its begin first. That a begin was taken back changes nothing: it says but a
    name that is there anyway."""
    first = records[0] if records else None
    if first is None or first.id != begin or first.damaged or first.kind != "person" or not _says_enough(first):
        return
    taken_back = retracted(list(records))
    for rec in records:
        stands = rec.id == begin or rec.id not in taken_back
        if rec.kind == "person" and not rec.damaged and stands and _says_enough(rec):
            yield PersonRecord(rec.id, begin, rec.recorded_at, rec.on_date or rec.known_on, rec.parsed_body)


def _says_enough(rec: Rec) -> bool:
    """Whether anything is left of it, and this version knows what it does."""
    said = rec.parsed_body
    needs = _NEEDS.get(str(said.get("do")))
    return needs is not None and all(key in said for key in needs)


def recorded_people(said: Iterable[PersonRecord], customers: CustomerNames, on: date) -> list[RecordedPerson]:
    """The persons that records make, in whatever order they are given, as they stand on a day; each once, those merged into
    another with that one.

    Args:
        customers: what customers are called: two devices may have begun one person.
    """
    records = sorted(said, key=lambda one: one.place)
    begins = [one for one in records if one.id == one.begin]
    home = _homes(begins, customers)
    merges = [
        Merge(one.recorded_at, one.id, home[one.begin], home[into])
        for one in records
        if one.said["do"] == "merge" and one.begin in home and (into := one.said["into"]) in home
    ]
    into = effective(merge for merge in merges if merge.deal != merge.into).into
    of_person: defaultdict[int, list[PersonRecord]] = defaultdict(list)
    for one in records:
        if one.begin in home:
            of_person[_end(home[one.begin], into)].append(one)
    return [_person(begin, own, home, customers, on) for begin, own in sorted(of_person.items())]


def _end(begin: int, into: Mapping[int, int]) -> int:
    while begin in into:
        begin = into[begin]
    return begin


def _homes(begins: Sequence[PersonRecord], customers: CustomerNames) -> dict[int, int]:
    """Of each begin the first one of that person: two devices may have begun them, or two customers be one today."""
    home: dict[int, int] = {}
    firsts: defaultdict[str, list[PersonRecord]] = defaultdict(list)
    for one in begins:
        alike = firsts[person_key(one.said["name"])]
        first = next((of for of in alike if customers.same(of.said["customer"], one.said["customer"])), None)
        home[one.id] = first.id if first is not None else one.id
        if first is None:
            alike.append(one)
    return home


def _person(
    begin: int, records: Sequence[PersonRecord], home: Mapping[int, int], customers: CustomerNames, on: date
) -> RecordedPerson:
    """One person of all that was said of them."""
    names: dict[str, None] = {}
    called = ""
    for one in records:
        if one.said["do"] in ("begin", "rename", "alias"):
            names[one.said["name"]] = None
        # Of those merged the one that stays names the person.
        if one.id == begin or (one.said["do"] == "rename" and home[one.begin] == begin):
            called = one.said["name"]
    places = [Tenure(one.said["customer"]) for one in records if one.id == one.begin]
    moves = _Moves(dict.fromkeys(places), customers)
    for one in sorted(records, key=lambda one: (one.on, *one.place)):
        if one.on <= on.isoformat():
            moves.take(one)
    return RecordedPerson(begin, called, tuple(names), tuple(moves.places))


class _Moves:
    """Where a person is, move by move."""

    def __init__(self, places: Iterable[Tenure], customers: CustomerNames) -> None:
        self._customers = customers
        self.places: list[Tenure] = []
        for place in places:
            if self._at(place.customer) is None:
                self.places.append(place)

    def take(self, one: PersonRecord) -> None:
        """What one record says of it; names and merges say nothing."""
        said, on = one.said, date.fromisoformat(one.on)
        if said["do"] == "moved":
            self._end(said["customer"], until=on, to=said["to"])
            at = self._at(said["to"])
            if at is not None:
                self.places.pop(at)
            self.places.append(Tenure(said["to"], since=on))
        elif said["do"] == "left":
            self._end(said["customer"], until=on, to="")
        elif said["do"] == "successor":
            self._end(said["customer"], successor=said["name"])

    def _end(self, customer: str, **changed: Any) -> None:
        at = self._at(customer)
        if at is None:
            self.places.insert(0, Tenure(customer))
            at = 0
        self.places[at] = self.places[at]._replace(**changed)

    def _at(self, customer: str) -> int | None:
        same = (n for n, place in enumerate(self.places) if self._customers.same(place.customer, customer))
        return next(same, None)
