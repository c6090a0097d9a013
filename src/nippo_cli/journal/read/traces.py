"""Which records name a person or a customer, in whatever version and whether or not they were taken back: what an erasure
has to go through. The whole log is read; nothing that is derived from it is relied on but whose deal an entry is in."""

import json
import re
import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, Final, Literal, TypeAlias

from nippo_cli.base.customers import company, same_customer
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.ids import number_of, record_id
from nippo_cli.base.persons import person_key
from nippo_cli.base.progress import Progress
from nippo_cli.base.text import normal_form, search_form, unspaced
from nippo_cli.journal.log import (
    Rec,
    SchemaMigrator,
    body_now,
    every_name,
    one_record,
    recorded_people,
    root,
    rows,
    stored_names,
    stored_persons,
    tree,
)
from nippo_cli.schema.schema import Schema
from nippo_cli.schema.types import type_of

COUNT_RECORDS: Final = "select count(*) from record"
_STEP: Final = 5000
TEXTS: Final = "select id, kind, author, schema, target, source_key, body from record order by id"
CUSTOMERS_OF_DEALS: Final = "select id, customer from deal"
MERGED_AWAY: Final = "select deal from gone where into_deal is not null"
ENTRIES_OF_DEAL: Final = "select id from entry where deal = ?"
SALES_OF_DEAL: Final = "select id from sale where link = ?"
IN_ENTRIES: Final = "select id from entry"
DEAL_OF_ENTRY: Final = "select deal from entry where id = ?"
IS_DEAL: Final = "select 1 from record where id = ? and kind = 'deal'"

# What a person's or customer's name is no part of, whatever it holds: words of nippo's own, days, keys of the schema.
_OWN_WORDS: Final = frozenset(
    ("do", "says", "what", "month", "on", "sha256", "due", "first", "last", "cause", "known_by")
)
_PERSONS: Final = {
    "deal": ("owner",), "target": ("owner",), "declaration": ("owner",), "review": ("by",), "comment": ("of", "who"),
    "person": ("name",),
}  # fmt: skip
_CUSTOMERS: Final = {"customer": ("customer", "name"), "person": ("customer", "to"), "follow": ("customer",)}
# What these target is no deal.
_OF_NO_DEAL: Final = frozenset(("retract", "redact", "customer", "person", "day", "target", "declaration", "batch"))
_ESCAPE: Final = re.compile(r'\\(["\\/bfnrt])')

# How a record comes to be erased: it is asked for by its id; or it names somebody: in a field that is made for it; it is of the
# customer's own deals; somewhere in a text.
How: TypeAlias = Literal["asked", "named", "belongs", "mentioned"]
_STRENGTH: Final = ("named", "belongs", "mentioned")


class Sought(NamedTuple):
    """Whom an erasure is about: names as typed."""

    persons: Sequence[str] = ()
    customers: Sequence[str] = ()

    @property
    def forms(self) -> frozenset[str]:
        """What no text may hold afterwards, in the form that texts are compared in."""
        return frozenset((*map(plain, self.persons), *map(company, self.customers))) - {""}

    def is_in(self, text: str) -> bool:
        """Whether a text holds one of the names, however it is spelled and whatever blanks are in it."""
        bare = plain(text)
        return any(form in bare for form in self.forms)


class Trace(NamedTuple):
    """A record to be erased, with its corrections: an entry, a comment, …; of one that was taken back, or erased, for a
    reason that names somebody, the record that gave the reason. `where` are the keys that hold the name; `says` is what it
    was about, as written. `deal` is the one that it belongs to; None of none."""

    id: int
    kind: str
    how: How
    on: str
    author: str
    deal: int | None
    where: tuple[str, ...]
    says: str


class Traces(NamedTuple):
    """All records that name somebody, oldest first. `authors` and `source_keys` count records that name them outside of their
    bodies, `schemas` are those adopted that do: neither can be erased. `spellings` are the names as they are written, `near`
    are names that are written otherwise, with other letters that are read the same."""

    traces: Sequence[Trace]
    authors: int = 0
    source_keys: int = 0
    schemas: Sequence[int] = ()
    spellings: Sequence[str] = ()
    near: Sequence[str] = ()


def plain(text: str) -> str:
    """A copy in which a name is looked for: its normal form without blanks."""
    return unspaced(normal_form(text))


def mentions(cx: sqlite3.Connection, sought: Sought) -> bool:
    """Whether a journal of whatever format has a record that holds one of the names."""
    return any(
        sought.is_in(_without_escapes(row[0])) for row in cx.execute("select body from record where body is not null")
    )


def numbers_and_instants(cx: sqlite3.Connection, records: Collection[int]) -> list[tuple[int, str]]:
    """By what a copy has records too, under whatever device: they keep their numbers and instants where a diary is issued anew."""
    statement = "select id, recorded_at from record where id in (select value from json_each(?))"
    return [(number_of(record), instant) for record, instant in cx.execute(statement, (json.dumps(sorted(records)),))]


def holds_bodies(cx: sqlite3.Connection, records: Collection[tuple[int, str]]) -> bool:
    """Whether a journal of whatever format still says what some records say, named by `numbers_and_instants`."""
    statement = f"""
    select 1 from record where body is not null and (id & {record_id(1, 0) - 1}, recorded_at) in (
      select json_extract(value, '$[0]'), json_extract(value, '$[1]') from json_each(?)) limit 1
    """
    return cx.execute(statement, (json.dumps([*records]),)).fetchone() is not None


def with_every_name(cx: sqlite3.Connection, sought: Sought) -> Sought:
    """Whom an erasure is about, by every name that records give that customer or person."""
    names = stored_names(cx)
    customers = {names.customer(name) for name in sought.customers} - {None}
    also = [row.name for row in every_name(cx) if row.customer in customers] if customers else []
    keys = set(map(person_key, sought.persons))
    people = recorded_people(stored_persons(cx), names, date.max) if keys else []
    called = [name for one in people if not keys.isdisjoint(map(person_key, one.names)) for name in one.names]
    return Sought(
        tuple(dict.fromkeys((*sought.persons, *called))), tuple(dict.fromkeys((*sought.customers, *also)))
    )  # fmt: skip


def find_traces(cx: sqlite3.Connection, sought: Sought, progress: Progress | None = None) -> Traces:
    """Every record that names whom is sought.

    Args:
        progress: told now and then how many records were looked at, and of how many.
    """
    return _TraceScan(cx, sought).run(progress or (lambda _what, _done, _of: None))


def traces_of(cx: sqlite3.Connection, rec: Rec) -> Traces:
    """What is to be erased of one record, asked for by its id: itself, of a deal whatever gave it a name. `spellings` are the
    persons and customers that it names."""
    records = (
        [r for r in tree(cx, rec.id) if r.kind == "deal" and "name" in r.parsed_body] if rec.kind == "deal" else [rec]
    )
    migrator = SchemaMigrator(cx)
    own = [_completed(cx, Trace(one.id, one.kind, "asked", "", "", None, (), ""), migrator.of) for one in records]
    names: dict[str, None] = {}
    for one in (one for root_ in records for one in tree(cx, root_.id)):
        values = one.parsed_body.get("values")
        schema = migrator.of(one.schema)
        for key, value in values.items() if isinstance(values, Mapping) else ():
            field = schema.by_key.get(key)
            if field is not None and "customer" in (field.type, field.role):
                names[str(value)] = None
            people = type_of(field).people(value) if field is not None else ()
            names.update((str(person.get("name")), None) for person in people)
    return Traces(own, spellings=tuple(name for name in names if name))


def _completed(cx: sqlite3.Connection, trace: Trace, schema_of: Callable[[int], Schema]) -> Trace:
    """A trace with what its first record tells: kind, day, author, deal and what it was about, as it stands."""
    rec = one_record(cx, trace.id)
    if rec is None:
        return trace
    said = body_now([one for one in tree(cx, trace.id) if one.id == trace.id or one.kind == "amend"])
    deal = said.get("deal") if rec.kind in ("entry", "sale") else rec.target
    entry = trace.id if rec.kind == "entry" else rec.target if rec.kind == "comment" else None
    if entry is not None:
        unplaced = deal if rec.kind == "entry" or next(iter(cx.execute(IS_DEAL, (entry,))), None) else None
        deal = next((own for (own,) in cx.execute(DEAL_OF_ENTRY, (entry,))), unplaced)
    if rec.kind == "deal" and rec.target is None:
        deal = rec.id
    return trace._replace(
        kind=rec.kind, on=str(said.get("on", rec.on_date or rec.known_on)), author=rec.author,
        deal=deal if isinstance(deal, int) and rec.kind not in _OF_NO_DEAL else None,
        says=_gist(said, schema_of(rec.schema)),
    )  # fmt: skip


class _TraceScan:
    """One look through the log. `_in_force` are the entries that have a row."""

    def __init__(self, cx: sqlite3.Connection, sought: Sought) -> None:
        self._cx = cx
        self._sought = sought
        self._persons = frozenset(map(plain, sought.persons)) - {""}
        self._customers = frozenset(map(company, sought.customers)) - {""}
        self._apart = stored_names(cx).apart
        self._forms = sought.forms
        self._near_forms = {search_form(form) for form in self._persons | self._customers}
        self._deals = self._own_deals()
        self._entries = {e for deal in self._deals for (e,) in cx.execute(ENTRIES_OF_DEAL, (deal,))}
        self._sales = {s for deal in self._deals for (s,) in cx.execute(SALES_OF_DEAL, (deal,))}
        self._in_force = {e for (e,) in cx.execute(IN_ENTRIES)} if self._deals else set()
        self._schema = cache(SchemaMigrator(cx).of)
        self._spellings: dict[str, None] = {}
        self._near: dict[str, None] = {}

    def run(self, progress: Progress) -> Traces:
        """Look through it."""
        by_record: dict[int, tuple[How, tuple[str, ...]]] = {}
        authors = source_keys = 0
        schemas = []
        names_author = cache(lambda author: plain(str(author)) in self._persons)
        total = self._cx.execute(COUNT_RECORDS).fetchone()[0]
        for done, (record, kind, author, schema, target, source_key, body) in enumerate(rows(self._cx, TEXTS)):
            if done % _STEP == 0:
                progress("redact.looking", done, total)
            authors += names_author(author)
            source_keys += source_key is not None and self._names_somebody(plain(str(source_key)))
            if body is None:
                continue
            bare = plain(_without_escapes(body))
            names_somebody = self._names_somebody(bare)
            if kind == "schema":
                schemas += [record] if names_somebody else []
                continue
            belongs = self._belongs(record, kind, target, body)
            if not (names_somebody or belongs):
                self._note_near(bare, body)
                continue
            first = target if kind == "amend" and target is not None else record
            corrected = one_record(self._cx, first) if first != record else None
            match_ = self._how(corrected.kind if corrected else kind, body, self._schema(schema), belongs=belongs)
            if match_ is not None:
                by_record[first] = _together(by_record.get(first), match_)
        traces = [
            _completed(self._cx, Trace(record, "", how, "", "", None, where, ""), self._schema)
            for record, (how, where) in by_record.items()
        ]
        return Traces(
            sorted(traces, key=lambda trace: (trace.on, trace.id)),
            authors, source_keys, schemas, tuple(self._spellings), tuple(self._near),
        )  # fmt: skip

    def _own_deals(self) -> set[int]:
        """The deals whose customer today is sought, and those merged into them."""
        if not self._customers:
            return set()
        deals = self._cx.execute(CUSTOMERS_OF_DEALS).fetchall()
        own = {deal for deal, customer in deals if self._is_sought(customer)}
        merged = self._cx.execute(MERGED_AWAY).fetchall() if own else []
        return own | {deal for (deal,) in merged if root(self._cx, deal) in own}

    def _is_sought(self, name: str) -> bool:
        """Whether a customer's name is one of those sought: another legal form is another customer's."""
        return company(name) in self._customers and any(
            same_customer(name, one, self._apart) for one in self._sought.customers
        )

    def _is_anothers(self, name: str) -> bool:
        """Whether a customer's name is like one of those sought but for its legal form; such a one is offered."""
        is_anothers = company(name) in self._customers and not self._is_sought(name)
        if is_anothers:
            self._near[name] = None
        return is_anothers

    def _belongs(self, record: int, kind: str, target: int | None, body: str) -> bool:
        """Whether it is an entry of such a deal, or says something of such an entry or deal."""
        if not self._deals:
            return False
        if kind == "entry" and record not in self._in_force:
            # One that was taken back is in no line any more.
            return _parsed(body).get("deal") in self._deals
        own = {
            "entry": record in self._entries, "sale": record in self._sales, "comment": target in self._entries or target in self._deals,
            "hold": target in self._deals, "review": target in self._deals,
            "follow": target in self._deals,
        }  # fmt: skip
        return own.get(kind, False)

    def _how(self, kind: str, body: str, schema: Schema, *, belongs: bool) -> "tuple[How, tuple[str, ...]] | None":
        """How a body names whom is sought, and under which keys; None where it names nobody after all."""
        said = _parsed(body)
        named, where = False, []
        for key, text, is_name in self._texts(kind, said, schema):
            if is_name:
                self._spellings[text] = None
            if is_name or self._sought.is_in(text):
                named |= is_name
                where.append(key)
        # A damaged body may hold the name all the same.
        if not where and not belongs and said:
            return None
        return "named" if named else "belongs" if belongs else "mentioned", tuple(dict.fromkeys(where))

    def _texts(self, kind: str, said: Mapping[str, Any], schema: Schema) -> Iterator[tuple[str, str, bool]]:
        """Each text of a body: under which key it stands, and whether it is one of the names."""
        for key, value in said.items():
            if key == "values" and isinstance(value, Mapping):
                yield from self._texts_of_values(value, schema)
            elif key == "left" and isinstance(value, Mapping):
                continue
            elif key not in _OWN_WORDS:
                for text in _strings(value):
                    person = key in _PERSONS.get(kind, ()) and plain(text) in self._persons
                    whose = key in _CUSTOMERS.get(kind, ("customer",))
                    if not (whose and self._is_anothers(text)):
                        yield key, text, person or (whose and self._is_sought(text))

    def _texts_of_values(self, values: Mapping[str, Any], schema: Schema) -> Iterator[tuple[str, str, bool]]:
        """The texts in an entry's values that may name somebody: each with its key, and whether it is a person's name."""
        for key, value in values.items():
            field = schema.by_key.get(key)
            if field is not None and not type_of(field).personal:
                continue
            is_customer = field is not None and "customer" in (field.type, field.role)
            people = type_of(field).people(value) if field is not None else ()
            names = {person.get("name") for person in people}
            for text in _strings(value):
                person = text in names and plain(text) in self._persons
                if not (is_customer and self._is_anothers(text)):
                    yield key, text, person or (is_customer and self._is_sought(text))

    def _names_somebody(self, bare: str) -> bool:
        """`Sought.is_in` of a text that is `plain`."""
        return any(form in bare for form in self._forms)

    def _note_near(self, bare: str, body: str) -> None:
        """Names of people and customers in a body that are written with other letters; `bare` is what is `plain` of it."""
        near = unspaced(search_form(bare))
        if not any(form in near for form in self._near_forms):
            return
        values = _parsed(body).get("values")
        for text in _strings(values if isinstance(values, Mapping) else {}):
            form = unspaced(search_form(text))
            if form in self._near_forms or search_form(company(text)) in self._near_forms:
                self._near[text] = None


def _together(
    one: tuple[How, tuple[str, ...]] | None, other: tuple[How, tuple[str, ...]]
) -> tuple[How, tuple[str, ...]]:
    """What two records of one tree say together."""
    if one is None:
        return other
    return min(one[0], other[0], key=_STRENGTH.index), tuple(dict.fromkeys((*one[1], *other[1])))


def _gist(said: Mapping[str, Any], schema: Schema) -> str:
    """What a record is about: an entry's facts, a comment's text, a name."""
    values = said.get("values")
    facts = values.get(schema.key("facts") or "") if isinstance(values, Mapping) else None
    own = next((said[key] for key in ("text", "name", "why", "note", "customer", "owner") if said.get(key)), None)
    return str(facts or own or next(_strings(values), ""))


def _parsed(body: str) -> Mapping[str, Any]:
    """A body, read; empty where it is damaged."""
    try:
        said = json.loads(body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _strings(value: Any) -> Iterator[str]:
    """Every text in a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from _strings(part)


def _without_escapes(body: str) -> str:
    """A body as JSON with its line ends as blanks, which no name is parted by."""
    if "\\" not in body:
        return body
    return _ESCAPE.sub(lambda match: match[1] if match[1] in '\\"/' else " ", body)
