"""Which of the schemas that a log holds are in force one after another, and how values written under one become those of
another.

A schema names the one `before` it. In a team two people may have changed the same one, and each newcomer brought a first one
along. The line of the team is the founder's: from its first schema on, of two children the later in the order of the log is in
force. All others are read, never in force. Where nobody founded a team all schemas are one line, in the order of the log.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.schema.schema import Schema

# In the order of the log.
ADOPTED: Final = "select id, before, founds, known_on from agreement order by recorded_at, id"
PUT_PLACE: Final = "update agreement set place = ?2 where id = ?1 and place is not ?2"


class Adopted(NamedTuple):
    """A schema of the log; `founds`: a team was begun with it. `known_on` is ISO."""

    id: int
    before: int | None
    founds: int
    known_on: str


def adopted(cx: sqlite3.Connection) -> list[Adopted]:
    """All of a log, in its order."""
    return [Adopted(*row) for row in cx.execute(ADOPTED)]


def put_places(cx: sqlite3.Connection) -> None:
    """Note of each schema its place on the line, from 1; none beside it."""
    all_adopted = adopted(cx)
    places = {schema: place for place, schema in enumerate(team_line(all_adopted), 1)}
    for one in all_adopted:
        cx.execute(PUT_PLACE, (one.id, places.get(one.id)))


def team_line(all_adopted: Sequence[Adopted], known: str | None = None) -> list[int]:
    """The schemas that were in force, oldest first.

    Args:
        all_adopted: in the order of the log.
        known: only those known by this day (ISO); where the line began later, its first.
    """
    founder = next((one for one in all_adopted if one.founds), None)
    if founder is None:
        by_then = [one.id for one in all_adopted if known is None or one.known_on <= known]
        return by_then or [one.id for one in all_adopted[:1]]
    line = [_way_up(founder.id, {one.id: one.before for one in all_adopted})[-1]]
    last_child = {one.before: one.id for one in all_adopted if known is None or one.known_on <= known}
    while (child := last_child.get(line[-1])) is not None and child not in line:
        line.append(child)
    return line


def _way_up(schema: int, before: Mapping[int, int | None]) -> list[int]:
    """A schema and those before it, the nearest first, as far as they are there."""
    way = [schema]
    while (up := before.get(way[-1])) is not None and up in before and up not in way:
        way.append(up)
    return way


class Way(NamedTuple):
    """How values get from one schema to another: the schemas that are left one after another, each with the one before it; then
    those that are met."""

    back: list[tuple[int, int]]
    on: list[int]


def way_between(all_adopted: Sequence[Adopted], line: Sequence[int], written: int, upto: int) -> Way:
    """From the schema that values were written under to a later one; nowhere where that one came first."""
    if written in line or not any(one.founds for one in all_adopted):
        ids = list(line) if written in line and upto in line else [one.id for one in all_adopted]
        # One that is lost was adopted before those with a higher id.
        low = ids.index(written) + 1 if written in ids else sum(one < written for one in ids)
        high = ids.index(upto) + 1 if upto in ids else len(ids)
        return Way([], ids[low:high])
    before = {one.id: one.before for one in all_adopted}
    ahead = _way_up(upto, before)
    up = _way_up(written, before)
    met = next((one for one in up if one in ahead), None)
    if met is None:
        # A newcomer's: nothing leads from it to the team's; words that are the same mean the same.
        return Way([], ahead[-2::-1])
    return Way(list(pairwise(up[: up.index(met) + 1])), ahead[: ahead.index(met)][::-1])


def undone(schema: Schema, before: Schema) -> Schema:
    """The schema before one, as if it came after it: what that one had renamed gets its former key back."""
    return before._replace(
        stages=_former(before.stages, schema.stages),
        kinds=_former(before.kinds, schema.kinds),
        activities=_former(before.activities, schema.activities),
        ranks=_former(before.ranks, schema.ranks),
        fields=tuple(
            field._replace(choices=_former(field.choices, _choices_of(field.key, schema)))
            for field in _former(before.fields, schema.fields)
        ),
    )


def _choices_of(key: str, schema: Schema) -> Sequence[Any]:
    field = next((f for f in schema.fields if f.key == key or key in f.was), None)
    return field.choices if field is not None else ()


def _former(before: Sequence[Any], after: Sequence[Any]) -> tuple[Any, ...]:
    today = {item.key for item in before}
    return tuple(
        item._replace(was=tuple(one.key for one in after if item.key in one.was and one.key not in today))
        for item in before
    )
