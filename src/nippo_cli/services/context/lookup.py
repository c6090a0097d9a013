"""What a person names, found inside a transaction: a deal, an entry, a day; and what a deal already has."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from nippo_cli.base.dates import read_when
from nippo_cli.base.errors import NotFound, Place, Problem, UsageError, msg
from nippo_cli.base.ids import read_id, show_id
from nippo_cli.line.facts import AsOf
from nippo_cli.schema.types import type_of
from nippo_cli.services.context.workspace import Workspace

if TYPE_CHECKING:
    from nippo_cli.journal.read import JournalReader
    from nippo_cli.journal.write import Writer
    from nippo_cli.line.facts import DealSummary
    from nippo_cli.results.entries import EntryView
    from nippo_cli.schema.schema import Schema

EVER = AsOf(date.max)


def current_values(head: "DealSummary | None", schema: "Schema") -> dict[str, Any]:
    """What a deal already has, by field key, so that it need not be typed again."""
    if head is None:
        return {}
    values = {
        "customer": head.customer,
        "kind": head.kind,
        "amount": head.amount,
        "closes": str(head.closes) if head.closes else None,
        "confidence": head.confidence,
        "deal": head.name,
    }
    roles = {role: schema.key(role) for role in ("customer", "kind", "amount", "closes", "confidence", "deal")}
    return {key: values[role] for role, key in roles.items() if key and values[role]}


def day_of(said: str | None, today: date) -> date:
    """The day an entry is about: as typed, the latest past one; today where nothing is typed."""
    if not said:
        return today
    from nippo_cli.base.dates import read_day

    return read_day(said, today=today, lean="past")


def expect_plausible(schema: "Schema", today: date, said: str | None, *days: date) -> None:
    """Refuse a day that was typed and is of no year that a diary is about: a slip of the keyboard, as a rule.

    Raises:
        UnreadableDate: one of the days is outside of the schema's `years`. Where nothing was `said`, none is.
    """
    first, last = schema.plausible_years(today)
    if said and not all(first <= day.year <= last for day in days):
        from nippo_cli.base.dates import UnreadableDate

        raise UnreadableDate(said, msg("date.needs.plausible", first=first, last=last))


def implausible(values: Mapping[str, Any], schema: "Schema", today: date) -> list[Problem]:
    """The problem of each date among an entry's values that is of no year that a diary is about."""
    first, last = schema.plausible_years(today)
    needs = msg("date.needs.plausible", first=first, last=last)
    dated = {key: read_when(value) for key, value in values.items() if type_of(schema.by_key[key]).dated}
    return [
        Problem(Place(field=key, label=schema.by_key[key].label), str(when), needs)
        for key, when in dated.items()
        if not (first <= when.first.year and when.last.year <= last)
    ]


def find(workspace: Workspace, writer: "Writer", said: str, *, begins: bool = False, customer: str = "") -> int:
    """The deal of a name, an id or an alias; a part of one only where a person is there to see which. `begins`: whoever
    asks could begin a deal of that name; `customer` decides between deals of one name.

    Raises:
        NotFound, Ambiguous: none, or several.
    """
    from nippo_cli.journal.read import find_deal

    deal = find_deal(writer.cx, said, script=not workspace.interactive, begins=begins, customer=customer)
    # A person was asked which one is meant; who says the customer has said it.
    head = None if workspace.interactive or customer else head_of(writer, deal)
    if head is not None and head.fate != "live":
        from nippo_cli.services.context.scope import tell_of_live_ones

        tell_of_live_ones(workspace, writer.reader.past(EVER), said, deal)
    return deal


def head_of(writer: "Writer", deal: int | None) -> "DealSummary | None":
    """A deal as it stands inside the transaction; None where there is none, or it has no line yet."""
    if deal is None:
        return None
    return writer.reader.head(EVER, deal)


def in_force(writer: "Writer") -> "Schema":
    """The schema that the transaction writes under.

    Raises:
        RuntimeError: none is adopted; `workspace.writing` always adopts one first.
    """
    if writer.schema is None:
        raise RuntimeError("agreement")
    return writer.schema


def entry_of(writer: "Writer", said: str) -> "EntryView":
    """The entry of an id as typed.

    Raises:
        UsageError: it is no id. NotFound: there is no such entry, or it was taken back.
    """
    number = read_id(said)
    if number is None:
        raise UsageError(msg("desk.bad_id", said=said))
    reader = writer.reader
    entry = reader.entry(EVER, number)
    if entry is None or reader.is_retracted(number):
        raise no_entry(reader, EVER, number)
    return entry


def no_entry(reader: "JournalReader", as_of: AsOf, said: int) -> NotFound:
    """That no entry has an id. Deals have ids of the same row of numbers: one that is a deal's is told as such; and so is
    a damaged record, from which nothing is derived."""
    from nippo_cli.services.context.elsewhere import where_else

    damage = reader.damage_notices()
    deal = reader.head(as_of, said)
    hint = msg("writing.is_deal", id=show_id(said), name=deal.name) if deal else next(iter(damage), None)
    hint = hint or where_else(reader, said)
    return NotFound(msg("desk.no_entry", said=show_id(said)), hint=hint)
