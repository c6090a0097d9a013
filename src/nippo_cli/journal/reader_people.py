"""Who was met at a customer, and whom the diary names at all."""

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from nippo_cli.answers.deals import Person
from nippo_cli.answers.entries import EntryView
from nippo_cli.frozen import NamedTuple
from nippo_cli.journal import sql_read as read
from nippo_cli.text import fold

if TYPE_CHECKING:
    from nippo_cli.schema.agreement import Agreement, Field

_BETWEEN = re.compile(r"[、，,;；\n]")


class Named(NamedTuple):
    """Every name that stands in a field of any entry, in the spelling of any of its versions: people met, one's own
    companions, and competitors."""

    people: frozenset[str]
    companions: frozenset[str]
    competitors: frozenset[str]


def named(cx: sqlite3.Connection, agreement: "Agreement") -> Named:
    """Whom the diary names. It reads every entry; corrected and retracted ones too."""
    found: dict[str, set[str]] = {"people": set(), "companions": set(), "competitor": set()}
    for field in agreement.fields:
        role = field.role if field.role in ("companions", "competitor") else "people"
        if role != "people" or field.type in ("person", "people"):
            found[role].update(_said(cx, field))
    return Named(*map(frozenset, found.values()))


def _said(cx: sqlite3.Connection, field: "Field") -> Iterator[str]:
    """The names under a field's key and its former ones."""
    for key in (field.key, *field.was):
        bound = {"path": f'$.values."{key}"', "mark": f'"{key}"'}
        for value, kind in cx.execute(read.SAID, bound):
            given = json.loads(value) if kind in ("array", "object") else str(value)
            for one in given if isinstance(given, list) else [given]:
                name = str(one.get("name", "")) if isinstance(one, dict) else str(one)
                yield from (part for said in _BETWEEN.split(name) if (part := said.strip()))


def met(entries: Iterable[EntryView]) -> list[Person]:
    """Everyone whom the entries name as met; one's own companions are not. Title and say are the last written.

    Args:
        entries: newest first.
    """
    found: dict[str, Person] = {}
    for view in entries:
        for key, person in {fold(p["name"]): p for p in _people(view)}.items():
            known = found.get(key)
            if known is None:
                found[key] = Person(
                    person["name"], person.get("title") or "", person.get("decides"), view.on, view.on, 1
                )
                continue
            found[key] = known._replace(
                title=known.title or person.get("title") or "",
                decides=known.decides if known.decides is not None else person.get("decides"),
                first_met_on=view.on,
                entries=known.entries + 1,
            )
    return sorted(found.values(), key=lambda p: (-p.last_met_on.toordinal(), fold(p.name)))


def _people(view: EntryView) -> Iterator[Mapping[str, Any]]:
    for key, value in view.values.items():
        field = view.agreement.by_key.get(key)
        if field is None or field.type not in ("person", "people") or field.role == "companions":
            continue
        yield from (value if isinstance(value, list) else [value])
