"""Who was met at a customer, or anywhere, under the names and at the places that records of persons say."""

from collections.abc import Iterator

from nippo_cli.base.customers import customer_key
from nippo_cli.base.lazy_list import LazyItems
from nippo_cli.journal.asof import AsOfView
from nippo_cli.journal.read.customers import customers
from nippo_cli.journal.read.log import LogReader, Wanted, customer_of
from nippo_cli.journal.read.people import Meeting, meetings, meetings_anywhere
from nippo_cli.journal.read.people_met import Met, met
from nippo_cli.results.deals import Person
from nippo_cli.results.entries import EntryView


def people_at(view: AsOfView, log: LogReader, customer: str) -> list[Person]:
    """Who was met at a customer, or is or was there by a record and was met elsewhere: those who are there first, the latest met
    first."""
    names = view.people
    named_met = list(meetings(log.entries(Wanted(until=view.as_of.on, customer=customer)), lambda _: customer))
    own = {person.id for person in names.at(customer)}
    elsewhere = {place.customer for person in names.at(customer) for place in person.places} - {customer}
    for other in sorted(elsewhere):
        if not view.customers.same(other, customer):
            named_met += [one for one in _at(view, log, other) if _id(view, one) in own]
    if elsewhere:
        # An entry may be both customers': it names one, in a deal of the other.
        once = {(one.entry.id, one.person["name"]): one for one in reversed(named_met)}
        named_met = sorted(
            once.values(), key=lambda one: (one.entry.on, one.entry.recorded_at, one.entry.id), reverse=True
        )
    people = [_placed(view, person, customer) for person in met(named_met, names, lambda _: customer).people]
    return sorted(people, key=lambda person: person.here is not None and person.here.until is not None)


def everybody(view: AsOfView, log: LogReader, most: int | None = None) -> Met:
    """Who was met anywhere, the latest met first, each at the customer where they are: `most` of them, the others counted."""
    called = view.customers.name

    def whose(entry: EntryView) -> str:
        return called(customer_of(entry) or (entry.deal.customer if entry.deal else ""))

    groups = view.customers.groups([*map(called, customers(view)), ""])
    # Of several spellings the one that states its legal form.
    fuller = {group: name for name, group in sorted(groups.items(), key=lambda one: customer_key(one[0])[1] != "")}
    if view.as_of.known:
        named_met = meetings(log.entries(Wanted(until=view.as_of.on)), whose)
    else:
        named_met = (
            one._replace(customer=called(one.customer)) for one in meetings_anywhere(view, log.views.of, whose)
        )
    # Where those are who were met at a customer, known before they are looked at.
    at: dict[str, str] = {}

    def at_last(said: str) -> str:
        name = called(said)
        return fuller.get(groups.get(name, customer_key(name)), name)

    def group(name: str) -> tuple[str, str]:
        if name not in at:
            at[name] = at_last(name)
        return groups.get(name, customer_key(name))

    def place(one: Person) -> Person:
        name = at_last(one.places[-1].customer)
        return _placed(view, one, name)._replace(customer=name)

    people, total = met(named_met, view.people, group, most=most, place=place)
    return Met(LazyItems(people, lambda one: one if one.places else one._replace(customer=at[one.customer])), total)


def _at(view: AsOfView, log: LogReader, customer: str) -> Iterator[Meeting]:
    return meetings(log.entries(Wanted(until=view.as_of.on, customer=customer)), lambda _: customer)


def _id(view: AsOfView, one: Meeting) -> int | None:
    person = view.people.person(one.person["name"], one.customer)
    return person.id if person is not None else None


def _placed(view: AsOfView, person: Person, customer: str) -> Person:
    """A person with what records say of their time at a customer."""
    same, called = view.customers.same, view.customers.name
    here = next((place for place in person.places if same(place.customer, customer)), None)
    came_from = next((place.customer for place in person.places if place.to and same(place.to, customer)), "")
    return person._replace(
        customer=called(customer),
        here=here._replace(customer=called(here.customer), to=called(here.to)) if here is not None else None,
        came_from=called(came_from) if here is not None and here.since is not None else "",
    )
