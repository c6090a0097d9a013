"""What is said of a day: its remarks, or that it was none of work."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from nippo_cli.base.dates import read_day
from nippo_cli.base.errors import EntryRefused, Place, Problem, UsageError, msg
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.results.recap import Done
from nippo_cli.schema.schema import Schema, day_fields, main_field
from nippo_cli.schema.types import Reading, ValueRefused, reader_for
from nippo_cli.services.context import EVER, Workspace, expect_plausible, in_force, note_night, writing

if TYPE_CHECKING:
    from nippo_cli.journal.write import Writer

# A last day without a year that lies before the first is read as the next year's: no leave is so long.
_LONGEST_LEAVE_DAYS = 100


class TypedDay(NamedTuple):
    """What is written of a day, as typed. `text` is what `-m` says: the remarks, or why a day is off; `fields` by key.
    `until` is the last of several days off."""

    on: str | None = None
    text: str | None = None
    fields: dict[str, object] = {}  # noqa: RUF012  a tuple's default, never written into
    off: bool = False
    not_off: bool = False
    until: str | None = None
    by: str | None = None


def write_day(workspace: Workspace, said: TypedDay) -> Done:
    """Write a day's remarks, or that it is off. What was said of the day before and is not named stays.

    Raises:
        UsageError: a date can't be read, or the last day off lies before the first. EntryRefused: a field does not take
        its value.
    """
    with writing(workspace) as writer:
        first = _first(said, writer.today)
        if not said.on:
            note_night(workspace, writer)
        days = _days(first, said.until)
        expect_plausible(in_force(writer), writer.today, said.on, first)
        author = said.by or writer.author
        records = []
        for on in days:
            record = _write_one(writer, on, author, said)
            if record is not None:
                records.append(record)
    if not records:
        raise UsageError(msg("day.nothing_changed", on=first.isoformat()))
    what = "done.day_off" if said.off else "done.day"
    params = {"on": first.isoformat(), "n": len(days), "last": days[-1].isoformat(), "author": author}
    return Done(what if len(days) == 1 else "done.days_off", params, records, workspace.dry_run)


def _first(said: TypedDay, today: date) -> date:
    """The day that is written about. One off may lie ahead as well as behind: without a year it is the nearest."""
    if said.on is None:
        return today
    past = read_day(said.on, today=today, lean="past")
    if not (said.off or said.not_off):
        return past
    ahead = read_day(said.on, today=today, lean="future")
    return min(past, ahead, key=lambda on: abs((on - today).days))


def _days(first: date, until: str | None) -> list[date]:
    if until is None:
        return [first]
    last = read_day(until, today=first, lean="future")
    count = (last - first).days + 1
    if not 1 <= count <= _LONGEST_LEAVE_DAYS:
        raise UsageError(msg("day.until_backwards", first=first.isoformat(), last=last.isoformat()))
    return [first + timedelta(days=n) for n in range(count)]


def _write_one(writer: "Writer", on: date, author: str, said: TypedDay) -> int | None:
    """One day's record: a new one, or a correction of the author's own; None where nothing changes."""
    schema = in_force(writer)
    raw = dict(said.fields)
    if said.text is not None and not said.off:
        raw[main_field(schema).key] = said.text
    values, problems = check_day(raw, schema, on)
    if problems:
        raise EntryRefused(msg("desk.refused", n=len(problems)), problems=problems)
    days = writer.reader.remarks(EVER).days(on, on, author)
    before = days[-1] if days else None
    off = (said.text or "") if said.off else None if said.not_off or before is None else before.off
    filled = {k: v for k, v in {**(before.values if before else {}), **values}.items() if v is not None}
    if before is None:
        return writer.add_day(on, values=filled, off=off, author=author) if filled or off is not None else None
    body: dict[str, Any] = {}
    if filled != before.values:
        body["values"] = filled
    if off != before.off:
        body["off"] = off
    return writer.amend(before.id, body, why="") if body else None


def check_day(raw: dict[str, object], schema: Schema, today: Any) -> tuple[dict[str, Any], list[Problem]]:
    """Values as typed, canonical by key, and every problem; an empty one is None: it takes the field out.

    Args:
        today: the day that is written about, from which `来月` counts.
    """
    fields = {f.key: f for f in day_fields(schema)}
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for key, said in raw.items():
        if said in ("", None, []):
            values[key] = None
            continue
        try:
            values[key] = reader_for(fields[key].field, Reading(today, schema)).read(said)
        except ValueRefused as error:
            problems.append(Problem(Place(key, label=fields[key].field.label), error.said, error.needs))
    return values, problems
