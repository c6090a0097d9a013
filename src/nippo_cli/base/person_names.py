"""Who is one person, what they are called, and at which customers they are or were: what records of persons come to. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypeAlias

from nippo_cli.base.customer_names import CustomerNames
from nippo_cli.base.customers import customer_key
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.persons import person_key

# What the names of one person share at a customer: the record that they began with, or the name at that customer.
PersonId: TypeAlias = int | tuple[object, str]


class Tenure(NamedTuple):
    """A customer where a person is or was: from which day and until which, where they went from there ("" where nobody said),
    and who came after them."""

    customer: str
    since: date | None = None
    until: date | None = None
    to: str = ""
    successor: str = ""


class RecordedPerson(NamedTuple):
    """A person of whom records tell: the begin, what they are called by, all their names, and where they were, the last place
    last."""

    id: int
    name: str
    names: Sequence[str]
    places: Sequence[Tenure]


class PeopleNames:
    """What people are called, by whatever name one is known at a customer. Somebody of whom no record tells is called as they
    are written, and is another at every customer.

    Args:
        people: those of whom records tell.
        customers: what customers are called.
    """

    def __init__(self, people: Iterable[RecordedPerson], customers: CustomerNames) -> None:
        self._customers = customers
        self._of_key: defaultdict[str, list[RecordedPerson]] = defaultdict(list)
        self.recorded = tuple(people)
        for person in self.recorded:
            for key in dict.fromkeys(map(person_key, person.names)):
                self._of_key[key].append(person)

    def __bool__(self) -> bool:
        """Whether any person has a record."""
        return bool(self.recorded)

    def person(self, said: str, customer: str) -> RecordedPerson | None:
        """The person of a name at a customer; None where no record tells of one."""
        alike = self._of_key.get(person_key(said), ()) if self.recorded else ()
        return next((one for one in alike if self.place(one, customer) is not None), None)

    def place(self, person: RecordedPerson, customer: str) -> Tenure | None:
        """A person's time at a customer."""
        return next((at for at in person.places if self._customers.same(at.customer, customer)), None)

    def name(self, said: str, customer: str) -> str:
        """What the person of this name is called by at a customer."""
        person = self.person(said, customer)
        return person.name if person is not None else said

    def id(self, said: str, customer: str) -> PersonId:
        """What all names of one person share."""
        person = self.person(said, customer)
        if person is not None:
            return person.id
        return customer_key(self._customers.name(customer)), person_key(said)

    def at(self, customer: str) -> list[RecordedPerson]:
        """Those who are or were at a customer."""
        return [person for person in self.recorded if self.place(person, customer) is not None]
