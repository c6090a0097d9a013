"""`nippo tidy`: what of the diary is to be put in order, each with the command that settles it."""

import re
from collections import defaultdict
from collections.abc import Container, Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from nippo_cli.base.ids import show_id
from nippo_cli.base.text import quoted
from nippo_cli.line.disuse import Disuse, disuse
from nippo_cli.line.near_deals import near_deals
from nippo_cli.line.near_people import near_people
from nippo_cli.results.tidy import TidyKind, TidyPage, TidyPart, TidyRow
from nippo_cli.services.context import Workspace, reading
from nippo_cli.services.pages.customers import near_in

if TYPE_CHECKING:
    from datetime import date

    from nippo_cli.journal.read import JournalReader
    from nippo_cli.line.facts import AsOf, DealSummary
    from nippo_cli.results.entries import EntryView
    from nippo_cli.schema.schema import Schema

_COMMA = re.compile("[、，,]")
_YEAR = 365
# So many entries, the latest of the year, tell what of the agreement is used; of a diary that is younger than a quarter none do.
_ENTRIES = 5000
_QUARTER = 90


def tidy(workspace: Workspace, *, limit: int = 0) -> TidyPage:
    """Everything that is worth ten minutes a quarter; `limit` rows of each kind (0: all)."""
    with reading(workspace) as (reader, as_of):
        schema, since = reader.schema(as_of), as_of.on - timedelta(days=_YEAR)
        entries = reader.log(as_of, since=since, until=as_of.on, limit=_ENTRIES, count=False).entries
        judged_on = _judged_on(reader, as_of, entries)
        used = disuse(schema, (view.values for view in entries if judged_on is None))
        live = sorted(reader.heads(as_of, live=True), key=lambda head: (-(head.amount or 0), head.id))
        closed = [head for fate in ("won", "lost") for head in reader.heads(as_of, fate=fate, closed_since=since)]
        kinds: dict[TidyKind, Sequence[TidyRow]] = {
            "fields": list(_fields(used, schema)),
            "choices": list(_choices(used, schema)),
            "customers": list(_customers(reader, as_of)),
            "people": list(_people(reader, as_of)),
            "deals": list(_deals([*live, *closed], reader.past(as_of).customers.apart)),
            "incomplete": list(_incomplete(reader, as_of)),
            "no_customer": [_lacking(head) for head in live if not head.customer],
            "no_amount": [_lacking(head) for head in live if head.amount is None and schema.key("amount")],
            "reviews": list(_reviews(reader, as_of, [head for head in closed if head.fate == "lost"])),
        }
        parts = [
            TidyPart(kind, _here(rows[:limit] if limit else rows, workspace), len(rows))
            for kind, rows in kinds.items()
            if rows
        ]
        return TidyPage(as_of.on, since, schema, len(entries), parts, judged_on)


def _judged_on(reader: "JournalReader", as_of: "AsOf", entries: "Sequence[EntryView]") -> "date | None":
    """The day from which on fields and choices are judged by the entries; None where it has come, or there are none."""
    before = reader.log(as_of, until=as_of.on - timedelta(days=_QUARTER), limit=1, count=False)
    return None if before.entries or not entries else min(view.on for view in entries) + timedelta(days=_QUARTER)


def _here(rows: "Sequence[TidyRow]", workspace: Workspace) -> list[TidyRow]:
    """The rows with commands that reach this journal from wherever they are typed."""
    here = f"nippo{workspace.places.options} "
    return [row._replace(command=f"{here}{row.command.removeprefix('nippo ')}") for row in rows]


def _fields(used: Disuse, schema: "Schema") -> Iterator[TidyRow]:
    for one in used.fields:
        label = schema.by_key[one.key].label
        params = {"field": one.key, "label": label, "filled": one.filled, "entries": one.entries, "idle": one.idle}
        yield TidyRow(params, f"nippo schema edit {quoted(label)} --drop-field")


def _choices(used: Disuse, schema: "Schema") -> Iterator[TidyRow]:
    """A row a field, with all its choices that nobody took."""
    by_field: defaultdict[str, list[str]] = defaultdict(list)
    for one in used.choices:
        by_field[one.field].append(one.choice)
    filled = {one.field: one.filled for one in used.choices}
    for key, choices in by_field.items():
        field = schema.by_key[key]
        unused = [choice for choice in schema.choices(field) if choice.key in choices]
        labels = [choice.label for choice in unused]
        params = {"field": key, "label": field.label, "choices": choices, "labels": labels, "filled": filled[key]}
        named = ",".join(c.key if _COMMA.search(c.label) else c.label for c in unused)
        yield TidyRow(params, f"nippo schema edit {quoted(field.label)} --drop {quoted(named)}")


def _customers(reader: "JournalReader", as_of: "AsOf") -> Iterator[TidyRow]:
    for pair in near_in(reader, as_of):
        command = " ".join(("nippo customer merge", *map(quoted, pair.merged)))
        as_ = {key: said for key, said in (("one_as", pair.one_as), ("other_as", pair.other_as)) if said}
        yield TidyRow({"one": pair.one, "other": pair.other, **as_}, command)


def _people(reader: "JournalReader", as_of: "AsOf") -> Iterator[TidyRow]:
    for pair in near_people((one.name, one.customer) for one in reader.everybody(as_of) if one.customer):
        command = f"nippo customer people {quoted(pair.customer)} {quoted(pair.one)} --merge {quoted(pair.other)}"
        yield TidyRow({"customer": pair.customer, "one": pair.one, "other": pair.other}, command)


def _deals(heads: "Sequence[DealSummary]", apart: Container[str]) -> Iterator[TidyRow]:
    for one, other in near_deals(heads, apart):
        params = {
            "deal": show_id(one.id), "name": one.name, "other_deal": show_id(other.id), "other_name": other.name,
            "customer": one.customer,
        }  # fmt: skip
        yield TidyRow(params, f"nippo deal merge {show_id(other.id)} {show_id(one.id)}")


def _incomplete(reader: "JournalReader", as_of: "AsOf") -> Iterator[TidyRow]:
    for view in reader.log(as_of, incomplete=True).entries:
        params = {"entry": show_id(view.id), "on": view.on.isoformat(), "name": view.deal.name if view.deal else ""}
        yield TidyRow(params, f"nippo edit {show_id(view.id)}")


def _lacking(head: "DealSummary") -> TidyRow:
    """A live deal that lacks something: its last entry is where it can be said."""
    entry = head.last_contact or head.stay_entry
    params = {"deal": show_id(head.id), "name": head.name, "customer": head.customer, "owner": head.owner}
    return TidyRow(params, f"nippo edit {show_id(entry)}")


def _reviews(reader: "JournalReader", as_of: "AsOf", lost: "Sequence[DealSummary]") -> Iterator[TidyRow]:
    """Deals lost within the year of which nothing was learned, those worth most first."""
    known = reader.reviews(as_of)
    for head in sorted(lost, key=lambda h: (-(h.amount or 0), h.id)):
        if head.id not in known:
            params = {"deal": show_id(head.id), "name": head.name, "customer": head.customer, "amount": head.amount}
            yield TidyRow(params, f"nippo deal review {show_id(head.id)}")
