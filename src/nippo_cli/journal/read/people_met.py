"""Everyone who was met, the latest first, in columns: objects of 308,195 people took 437 MB, these and all else 140."""

from array import array
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby, islice
from typing import Any, Final

from nippo_cli.base.customers import customer_key
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.lazy_list import LazyItems
from nippo_cli.base.person_names import PeopleNames, RecordedPerson
from nippo_cli.base.persons import person_key
from nippo_cli.base.text import normal_form
from nippo_cli.journal.read.people import Meeting, WhenMet
from nippo_cli.results.deals import Person

# Of so many meetings of a person the entries are named.
_MOST_MET: Final = 100
_NONE: Final = -1


class Met(NamedTuple):
    """People who were met, the latest first, each made when it is looked at; and how many there are of them with those that are not
    named."""

    people: Sequence[Person]
    total: int


def met(
    named_met: Iterable[Meeting],
    names: PeopleNames,
    group: Callable[[str], Hashable] = customer_key,
    *,
    most: int | None = None,
    place: Callable[[Person], Person] = lambda person: person,
) -> Met:
    """Everyone who was met, the latest first. Title and say are the last written; a title counts from the day on which it was
    first written.

    Args:
        named_met: newest first.
        names: what people are called.
        group: what all names of a customer share, of whom nobody there has a record.
        most: so many people are named, the latest met ones, and the others counted.
        place: says where somebody is of whom records tell.
    """
    # By the customer, or the record, and the name there: pairs as keys would take 11 MB more.
    people: defaultdict[Hashable, dict[str, int]] = defaultdict(dict)
    counted: set[Hashable] = set()
    columns = _Columns()
    since = date.min
    for view, said, customer in named_met:
        recorded = names.person(said["name"], customer)
        shared, own = (group(customer), person_key(said["name"])) if recorded is None else (recorded.id, "")
        who = people[shared].get(own)
        if who is None:
            # All who were met last on one day are named, or none of them: which come first, their names say.
            if most is not None and view.on < since and len(columns) >= most:
                counted.add((shared, own))
                continue
            since = view.on
            who = people[shared][own] = columns.begin(customer, recorded)
        columns.add(who, view, _Description(said["name"], said.get("title") or "", said.get("decides")))
    total = len(columns) + len(counted)
    # Whoever looks at the people has no journal any more that could be asked.
    placed = {who: place(columns.person(who)) for who in columns.recorded}
    return Met(LazyItems(columns.in_order()[:most], lambda who: placed.get(who) or columns.person(who)), total)


class _Description(NamedTuple):
    """What an entry says of somebody."""

    name: str
    title: str
    decides: bool | None


class _Numbered:
    """Values by number, in the order in which they come: of what many say alike one is held."""

    def __init__(self) -> None:
        self.values: list[Any] = []
        self._numbers: dict[Hashable, int] = {}

    def number(self, value: Hashable) -> int:
        """A value's number."""
        number = self._numbers.setdefault(value, len(self.values))
        if number == len(self.values):
            self.values.append(value)
        return number


class _Columns:
    """People by number, and the meetings of each from the latest on."""

    def __init__(self) -> None:
        self._said, self._names = _Numbered(), _Numbered()
        # Of each person: the customer of the latest meeting, that meeting and the earliest one.
        self._customer, self._latest, self._earliest = array("i"), array("i"), array("i")
        self.recorded: dict[int, RecordedPerson] = {}
        # Of each meeting: the person's one before it, its day, what it says, by whom.
        self._before, self._on, self._what, self._author = array("i"), array("i"), array("i"), array("i")
        # One meeting is one visit, of however many deals it tells: an entry of each.
        self._entry, self._visit = array("q"), array("q")

    def __len__(self) -> int:
        return len(self._latest)

    def begin(self, customer: str, recorded: RecordedPerson | None) -> int:
        """The number of somebody whose latest meeting comes next."""
        who = len(self)
        self._customer.append(self._names.number(customer))
        self._latest.append(len(self._before))
        self._earliest.append(_NONE)
        if recorded is not None:
            self.recorded[who] = recorded
        return who

    def add(self, who: int, view: WhenMet, said: _Description) -> None:
        """A meeting of somebody, before those that were added."""
        at, after = len(self._before), self._earliest[who]
        if after != _NONE:
            self._before[after] = at
        self._earliest[who] = at
        self._before.append(_NONE)
        self._on.append(view.on.toordinal())
        self._what.append(self._said.number(said))
        self._author.append(self._names.number(view.author))
        self._entry.append(view.id)
        self._visit.append(view.meeting or view.id)

    def in_order(self) -> "array[int]":
        """Everybody, the latest met first and those of one day by name: sorted day by day, for so they were begun."""
        order = array("i")
        for _, of_day in groupby(range(len(self)), lambda who: self._on[self._latest[who]]):
            order.extend(sorted(of_day, key=lambda who: (normal_form(self._called(who)), self._at(who))))
        return order

    def person(self, who: int) -> Person:
        """Somebody as the meetings tell it, under the name that records say."""
        titles: list[tuple[str, date]] = []
        visits: dict[int, int] = {}
        authors: dict[str, None] = {}
        decides: bool | None = None
        for at in self._meetings(who):
            on, said = date.fromordinal(self._on[at]), self._said.values[self._what[at]]
            decides = said.decides if decides is None else decides
            if said.title and titles and normal_form(titles[-1][0]) == normal_form(said.title):
                titles[-1] = (titles[-1][0], on)
            elif said.title:
                titles.append((said.title, on))
            authors[self._names.values[self._author[at]]] = None
            visits.setdefault(self._visit[at], self._entry[at])
        recorded = self.recorded.get(who)
        return Person(
            self._called(who), titles[0][0] if titles else "", decides, on, date.fromordinal(self._on[self._latest[who]]),
            len(visits), self._at(who), tuple(reversed(titles)), tuple(authors),
            recorded.names if recorded is not None else (), recorded.places if recorded is not None else (),
            met_in=tuple(islice(visits.values(), _MOST_MET)),
        )  # fmt: skip

    def _meetings(self, who: int) -> Iterator[int]:
        """Somebody's meetings, the latest first; there is one at least."""
        at = self._latest[who]
        while at != _NONE:
            yield at
            at = self._before[at]

    def _called(self, who: int) -> str:
        recorded = self.recorded.get(who)
        name: str = self._said.values[self._what[self._latest[who]]].name if recorded is None else recorded.name
        return name

    def _at(self, who: int) -> str:
        customer: str = self._names.values[self._customer[who]]
        return customer
