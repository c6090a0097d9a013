"""Whom the diary names, at one customer or at all, and who of them may be one."""

from itertools import chain, islice
from typing import TYPE_CHECKING

from nippo_cli.base.persons import person_key
from nippo_cli.line.near_people import near_people
from nippo_cli.render.draw import MOST_ENTRIES
from nippo_cli.results.customers import NearPeopleList, PeoplePage
from nippo_cli.services.context import Workspace, customer_named, one_named, reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from nippo_cli.journal.read import JournalReader
    from nippo_cli.line.facts import AsOf
    from nippo_cli.results.deals import Person
    from nippo_cli.results.entries import EntryView

_NEAR_SHOWN = 5


def listed(
    workspace: Workspace, said: str | None, person: str | None = None, *, limit: int = 0, opens: bool = False
) -> PeoplePage:
    """Whom the diary names at a customer, or at any: those who are there first, the latest met first, `limit` of them (0: all).

    Args:
        said: the customer.
        person: show this person alone.
        opens: how often a person was met is to open to the meetings.

    Raises:
        NotFound, Ambiguous: no customer or person, or several, answer to the name.
    """
    with reading(workspace) as (reader, as_of):
        customer = customer_named(reader, as_of, said) if said else ""
        if said:
            people: Sequence[Person] = reader.people(as_of, customer)
            people = people if person is None else [person_named(people, person)]
            total = len(people)
        else:
            people, total = reader.latest_met(as_of, limit or None)
        pairs = near_people((one.name, one.customer) for one in people) if said and person is None else []
        shown = people[:limit] if limit else people
        met = meetings_of(reader, as_of, shown) if opens else {}
        return PeoplePage(as_of.on, customer, shown, total, pairs[:_NEAR_SHOWN], len(pairs), met)


def meetings_of(reader: "JournalReader", as_of: "AsOf", people: "Iterable[Person]") -> "dict[int, EntryView]":
    """The entries of people's meetings, by id: of the first of them, as many as a page holds."""
    ids = dict.fromkeys(islice(chain.from_iterable(person.met_in for person in people), MOST_ENTRIES))
    return {view.id: view for view in reader.views(as_of, list(ids))}


def near(workspace: Workspace, said: str | None, *, limit: int = 0) -> NearPeopleList:
    """Who of a customer's people, or of all, may be one person: `limit` pairs (0: all).

    Raises:
        NotFound, Ambiguous: no customer, or several, answer to the name.
    """
    with reading(workspace) as (reader, as_of):
        people = reader.people(as_of, customer_named(reader, as_of, said)) if said else reader.everybody(as_of)
        pairs = near_people((one.name, one.customer) for one in people if one.customer)
        return NearPeopleList(as_of.on, pairs[:limit] if limit else pairs, len(pairs))


def person_named(people: "Sequence[Person]", said: str) -> "Person":
    """The one of these people who answers to a name, or whom an unambiguous part of it names.

    Raises:
        NotFound, Ambiguous: nobody, or several.
    """
    key = person_key(said)
    own = [one for one in people if key in map(person_key, (one.name, *one.names))]
    if len(own) == 1:
        return own[0]
    name = one_named(said, dict.fromkeys(one.name for one in own or people), "person")
    return next(one for one in own or people if one.name == name)
