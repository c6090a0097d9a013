"""`nippo team settle`: one field corrected twice; one deal begun, renamed or handed over twice; by members who knew nothing of it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date
from itertools import chain, combinations
from typing import TYPE_CHECKING, Any

from nippo_cli.base.customers import customer_groups
from nippo_cli.base.ids import slot_of
from nippo_cli.base.persons import same_person
from nippo_cli.line.corrections import Amendment, contradictions
from nippo_cli.results.conflicts import Conflict, ConflictPage, Stance
from nippo_cli.schema.types import Reading, ValueRefused, read, type_of
from nippo_cli.services.context import Workspace, me_of, reading

if TYPE_CHECKING:
    from nippo_cli.journal.read import JournalReader
    from nippo_cli.line.facts import AsOf, DealSummary
    from nippo_cli.results.entries import EntryView
    from nippo_cli.schema.schema import Schema
    from nippo_cli.services.context import Me

_PARTED = " / "


def conflict_page(workspace: Workspace) -> ConflictPage:
    """Those that concern who looks; a lead sees all.

    Raises:
        NotFound: there is no journal.
    """
    with reading(workspace) as (reader, as_of):
        return ConflictPage(as_of.on, reader.schema(as_of), conflicts_in(reader, as_of, me_of(workspace, reader)))


def conflicts_in(reader: "JournalReader", as_of: "AsOf", me: "Me") -> list[Conflict]:
    """The same, of a journal that is read: fields first, by the entries' days, then deals. A journal of no team has none.

    Args:
        me: who looks: those that they wrote a side of, or whose entry or deal it is; of a lead all.
    """
    if not me.role:
        return []
    fields = sorted(
        _fields(reader, as_of, me), key=lambda one: (one.entry.on if one.entry else date.min, one.id, one.field)
    )
    deals = sorted((*_deals(reader, as_of, me), *_statements(reader, as_of, me)), key=lambda one: (one.id, one.field))
    return [one for one in (*fields, *deals) if me.is_lead or _concerns(one, me)]


def _concerns(conflict: Conflict, me: "Me") -> bool:
    entry = conflict.entry
    own = entry is not None and (
        same_person(entry.author, me.name) or (entry.deal is not None and same_person(entry.deal.owner, me.name))
    )
    return own or _is_of_deal(conflict, me) or any(side.mine for side in conflict.sides)


def _is_of_deal(conflict: Conflict, me: "Me") -> bool:
    """Whether it is about a deal of who looks, or one that somebody says is theirs."""
    if conflict.head is None:
        return False
    owners = [conflict.head.owner, *(str(side.value) for side in conflict.sides if conflict.field == "owner")]
    return any(same_person(owner, me.name) for owner in owners)


# --- one field corrected twice


def _fields(reader: "JournalReader", as_of: "AsOf", me: "Me") -> Iterator[Conflict]:
    """Conflicts about an entry's field that two people corrected, those that may be shown."""
    there = reader.conflicts(as_of)
    of_entries = {target: contradictions(there.corrections(target)) for target in there.corrected_unseen()}
    entries = {view.id: view for view in reader.views(as_of, [entry for entry, fields in of_entries.items() if fields])}
    if not entries:
        return
    from nippo_cli.results.visible import ForOthers

    others = ForOthers(reader.schema(as_of), me.name, leads=me.is_lead)
    for entry, fields in of_entries.items():
        for field, corrections in fields.items():
            if entry in entries and others.is_shown_of(entries[entry], field):
                yield _of_field(entries[entry], field, corrections, me)


def _of_field(entry: "EntryView", field: str, corrections: Sequence[Amendment], me: "Me") -> Conflict:
    sides = _stances(corrections, field, me)
    return Conflict("field", sides, entry, field, _both(entry.schema, field, [side.value for side in sides]))


def _stances(corrections: Sequence[Amendment], field: str, me: "Me") -> list[Stance]:
    """Who said the same as another stands with the last who did."""
    sides: dict[str, Stance] = {}
    for one in corrections:
        value = one.changes[field]
        is_mine = same_person(one.author, me.name)
        sides.pop(repr(value), None)
        sides[repr(value)] = Stance(one.author, is_mine, date.fromisoformat(one.known_on), one.record, value)
    return list(sides.values())


def _both(schema: "Schema", key: str, values: Sequence[Any]) -> Any:
    """What a field says of all: texts one behind the other, of lists each item once; None where it can hold one alone."""
    field = schema.by_key.get(key)
    if field is None or any(value is None for value in values):
        return None
    joined: Any = None
    if all(isinstance(value, list) for value in values):
        joined = []
        for item in chain.from_iterable(values):
            joined += [item] if item not in joined else []
    elif type_of(field).takes_any_text and all(isinstance(value, str) for value in values):
        joined = _PARTED.join(values)
    with suppress(ValueRefused):
        return read(field, joined, Reading(date.max, schema)) if joined is not None else None
    return None


# --- one deal called, or handed over, otherwise by two


def _statements(reader: "JournalReader", as_of: "AsOf", me: "Me") -> Iterator[Conflict]:
    there = reader.conflicts(as_of)
    of_deals = {deal: contradictions(there.statements(deal)) for deal in there.stated_unseen()}
    heads = {head.id: head for head in reader.heads(as_of, ids=[deal for deal, fields in of_deals.items() if fields])}
    for deal, head in heads.items():
        for field, statements in of_deals[deal].items():
            now = head.name if field == "name" else head.owner
            sides = _stances(statements, field, me)
            # An owner is of a day: who was said first may be in force.
            yield Conflict("deal_field", sorted(sides, key=lambda one: one.value == now), field=field, head=head)


# --- one deal begun twice


def _deals(reader: "JournalReader", as_of: "AsOf", me: "Me") -> Iterator[Conflict]:
    """Conflicts about deals of one name at one customer, begun on two machines."""
    there = reader.conflicts(as_of)
    together = _at_one_customer(reader, as_of, there.deals_of_one_name())
    ids = sorted(deal for deals in together for deal in deals)
    if not ids:
        return
    heads = {head.id: head for head in reader.heads(as_of, ids=ids)}
    keyed, apart = there.keyed(ids), there.set_apart(ids)
    for deals in together:
        alike = [deal for deal in deals if any(_is_one(deal, other, keyed, apart) for other in deals)]
        sides = [_side(heads[deal], me) for deal in alike if deal in heads]
        if len(sides) > 1:
            yield Conflict("deal", sides)


def _at_one_customer(reader: "JournalReader", as_of: "AsOf", named: Sequence[Sequence[int]]) -> list[list[int]]:
    """Of deals that are called the same, those at one customer, or at none, that were begun on several devices."""
    tags = reader.team_news(as_of).deal_tags([deal for deals in named for deal in deals])
    customers = {customer for _, customer in tags.values() if customer}
    groups = customer_groups(customers, reader.past(as_of).customers.apart)
    together: list[list[int]] = []
    for deals in named:
        by_customer: defaultdict[object, list[int]] = defaultdict(list)
        for deal in deals:
            if deal in tags:
                by_customer[groups.get(tags[deal][1])].append(deal)
        together += [of for of in by_customer.values() if len(set(map(slot_of, of))) > 1]
    return together


def _is_one(one: int, other: int, keyed: set[int], apart: set[frozenset[int]]) -> bool:
    """Whether two deals of one name may be one: they were begun on two devices, no source tells them apart, and nobody said so."""
    two_keys = one in keyed and other in keyed
    return slot_of(one) != slot_of(other) and not two_keys and frozenset((one, other)) not in apart


def _side(head: "DealSummary", me: "Me") -> Stance:
    return Stance(head.owner, same_person(head.owner, me.name), head.began_on, head.id, deal=head)


def pairs_of(conflict: Conflict) -> Iterator[tuple[int, int]]:
    """Each two of its deals."""
    yield from combinations((side.record for side in conflict.sides), 2)
