"""Who was met at a customer, and whom the diary names at all."""

import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Protocol

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.persons import person_key
from nippo_cli.journal.log import rows, stored_persons
from nippo_cli.journal.read.authors import authors
from nippo_cli.results.entries import EntryView
from nippo_cli.schema.types import type_of

if TYPE_CHECKING:
    from nippo_cli.journal.asof import AsOfView
    from nippo_cli.schema.schema import Schema

# What entries say under some keys, in any version of them that is not erased, as a JSON array of one value a path; one of
# the marks, the keys in quotes, stands in the body of each. Two paths at least: of one alone SQLite tells no array.
SAID: Final = """
select distinct json_extract(body, {paths}) from record where kind in ('entry', 'amend') and ({marks})
"""


_BETWEEN = re.compile(r"[、，,;；\n]")


CORRECTED: Final = "select id from entry where version <> id and on_date <= ? order by id"
# Entries of whose first version the body holds a mark, and what it says under some keys; and all that were corrected, whose
# people later records say. Newest first, in one look.
MEETINGS: Final = """
select e.id, e.on_date, e.recorded_at, e.author, e.meeting, e.deal, e.customer, d.customer, r.schema,
  case when e.version = e.id and json_valid(r.body) then json_extract(r.body, {paths}) end
from entry e join record r on r.id = e.id left join deal d on d.id = e.deal
where e.on_date <= ? and (e.version <> e.id or {marks})
order by e.on_date desc, e.recorded_at desc, e.id desc
"""


# Names of companies that stand elsewhere than in an entry's own customer.
ELSEWHERE: Final = """
select name from customer_name union select customer from sale union select site from deal union
select billed_to from entry where billed_to is not null
"""


class NamedPeople(NamedTuple):
    """Every name that stands in a field of any entry, in the spelling of any of its versions: people met, one's own
    companions and colleagues, and competitors; what people and customers were called later or are called too; who is billed, and sites."""

    people: frozenset[str]
    companions: frozenset[str]
    competitors: frozenset[str]
    customers: frozenset[str]


# Whoever did something, or was to, and whom a deal was ever assigned to.
COLLEAGUES: Final = """
select author from comment union select who from comment union select who from review union select owner from declaration
union select author from hold union select author from day union select author from follow
union select json_extract(body, '$.owner') from record where kind = 'deal' and instr(body, '"assign"') and json_valid(body)
"""


def named(cx: sqlite3.Connection, schema: "Schema") -> NamedPeople:
    """Whom the diary names. It reads every entry, once; corrected and retracted ones too."""
    names: dict[str, set[str]] = {"people": set(), "companions": set(), "competitor": set()}
    roles: dict[str, str] = {}
    for field in schema.fields:
        role = field.role if field.role in ("companions", "competitor") else "people"
        if role != "people" or type_of(field).names_people:
            roles |= dict.fromkeys((field.key, *field.was), role)
    for said in _values_of(cx, list(roles)):
        for told_as, value in zip(roles.values(), said, strict=False):
            names[told_as].update(_names(value))
    names["people"].update(str(record.said["name"]) for record in stored_persons(cx) if record.said.get("name"))
    names["companions"].update((*authors(cx), *(name for (name,) in cx.execute(COLLEAGUES) if name)))
    customers = frozenset(name for (name,) in cx.execute(ELSEWHERE) if name)
    people, companions, competitors = map(frozenset, names.values())
    return NamedPeople(people, companions, competitors, customers)


def _values_of(cx: sqlite3.Connection, keys: Sequence[str]) -> Iterator[Sequence[Any]]:
    """What entries say under these keys, the same hardly more than once: None where they say nothing."""
    if not keys:
        return
    paths = [*(f'$.values."{key}"' for key in keys), "$.nothing"]
    statement = SAID.format(paths=", ".join("?" * len(paths)), marks=" or ".join(["instr(body, ?)"] * len(keys)))
    values = (*paths, *(f'"{key}"' for key in keys))
    try:
        yield from (json.loads(said) for (said,) in rows(cx, statement, values))
    except sqlite3.OperationalError:
        # A damaged body is no JSON. Which, is asked only then: to ask takes as long as to read.
        yield from (json.loads(said) for (said,) in rows(cx, f"{statement} and json_valid(body)", values))


def _names(value: Any) -> Iterator[str]:
    for one in value if isinstance(value, list) else [value]:
        name = str(one.get("name", "")) if isinstance(one, dict) else str(one or "")
        yield from (part for said in _BETWEEN.split(name) if (part := said.strip()))


class WhenMet(Protocol):
    """An entry, as much of it as tells when somebody was met and by whom."""

    @property
    def id(self) -> int:
        """Its id."""

    @property
    def on(self) -> date:
        """Its day."""

    @property
    def recorded_at(self) -> str:
        """When it was recorded."""

    @property
    def author(self) -> str:
        """Who wrote it."""

    @property
    def meeting(self) -> int | None:
        """What it shares with the other entries of one contact."""


class WhenMetRow(NamedTuple):
    """A `WhenMet` by its row."""

    id: int
    on: date
    recorded_at: str
    author: str
    meeting: int | None


class Meeting(NamedTuple):
    """That an entry names somebody as met: the entry, the person as its field has them, and at which customer."""

    entry: WhenMet
    person: Mapping[str, Any]
    customer: str


def meetings(entries: Iterable[EntryView], customer_of: Callable[[EntryView], str]) -> Iterator[Meeting]:
    """Whom each entry names as met, each once, in the order of the entries; one's own companions are not."""
    for view in entries:
        for person in {person_key(p["name"]): p for p in _people(view.values, view.schema)}.values():
            yield Meeting(view, person, customer_of(view))


def meetings_anywhere(
    view: "AsOfView", views: Callable[[Sequence[int]], Iterator[EntryView]], customer_of: Callable[[EntryView], str]
) -> Iterator[Meeting]:
    """Whom entries name as met up to today, newest first: one look at the log, and one at those that were corrected.

    Args:
        views: the entries of some ids.
        customer_of: the customer of an entry that was corrected.
    """
    keys = sorted({key for schema in map(view.migrator.of, view.migrator.ids) for key in _met_in(schema)})
    if not keys:
        return
    paths = [*(f'$.values."{key}"' for key in keys), "$.nothing"]
    statement = MEETINGS.format(paths=", ".join("?" * len(paths)), marks=" or ".join(["instr(r.body, ?)"] * len(keys)))
    corrected = {one.id: one for one in views([entry for (entry,) in view.cx.execute(CORRECTED, (view.day,))])}

    # Whom one names is much the same in many entries.
    @lru_cache(maxsize=4096)
    def people(said: str, schema: int) -> Sequence[Mapping[str, Any]]:
        values = dict(zip(keys, json.loads(said), strict=False))
        return list({person_key(p["name"]): p for p in _people(values, view.migrator.of(schema))}.values())

    apart, bound = view.stale, (*paths, view.day, *(f'"{key}"' for key in keys))
    for entry, on, recorded_at, author, meeting, deal, own, of_deal, schema, said in rows(view.cx, statement, bound):
        if entry in corrected:
            yield from meetings([corrected[entry]], customer_of)
        elif said is not None:
            ref = view.ref(deal) if deal in apart else None
            whose = own or (ref.customer if ref is not None else of_deal) or ""
            row = WhenMetRow(entry, date.fromisoformat(on), recorded_at, author, meeting)
            yield from (Meeting(row, person, whose) for person in people(said, schema))


def _met_in(schema: "Schema") -> Iterator[str]:
    """The fields of a schema that name whom one met."""
    return (field.key for field in schema.fields if field.role != "companions" and type_of(field).names_people)


def _people(values: Mapping[str, Any], schema: "Schema") -> Iterator[Mapping[str, Any]]:
    for key, value in values.items():
        field = schema.by_key.get(key)
        if field is not None and field.role != "companions" and value is not None:
            yield from type_of(field).people(value)
