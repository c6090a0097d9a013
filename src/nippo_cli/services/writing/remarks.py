"""What is said beside the entries: comments on them and on days, and a day's own remarks."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from nippo_cli.base.dates import read_day
from nippo_cli.base.errors import EntryRefused, NotFound, Place, Problem, UsageError, msg
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.ids import read_id, show_id
from nippo_cli.results.recap import Done
from nippo_cli.results.remarks import Comment
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


def comment(
    workspace: Workspace,
    target: str,
    text: str,
    *,
    due: str | None = None,
    by: str | None = None,
    of: str | None = None,
) -> Done:
    """Reply to an entry, a comment (by its id) or a day.

    Raises:
        UsageError: the text is empty, or the target neither an id nor a day. NotFound: there is no such record.
    """
    if not text.strip():
        raise UsageError(msg("comment.empty"))
    with writing(workspace, begin=False) as writer:
        until = read_day(due, today=writer.today, lean="future") if due else None
        if until:
            expect_plausible(in_force(writer), writer.today, due, until)
        number = read_id(target)
        if number is None:
            day = _day(target, writer.today)
            record = writer.add_day_comment(
                day, text.strip(), of=of or _writer_of(writer, day, by or writer.author), due=until, author=by
            )
            return Done(
                "done.commented_day", {"id": show_id(record), "on": day.isoformat()}, [record], workspace.dry_run
            )
        answers = _comment_of(writer, number) is not None
        if not answers:
            _must_be_entry(writer, number, target)
        record = writer.add_comment(number, text.strip(), due=until, author=by)
    what = "done.answered" if answers else "done.commented"
    return Done(what, {"id": show_id(record), "to": show_id(number)}, [record], workspace.dry_run)


def settle(workspace: Workspace, target: str) -> Done:
    """Say that a comment needs no answer any more.

    Raises:
        NotFound: there is no such comment.
    """
    with writing(workspace, begin=False) as writer:
        remark = _named(writer, target)
        if remark.done:
            raise UsageError(msg("comment.done_already", id=show_id(remark.id)))
        record = writer.amend(remark.id, {"done": True}, why="")
    return Done("done.comment_done", {"id": show_id(remark.id)}, [record], workspace.dry_run)


def correct(workspace: Workspace, target: str, *, text: str | None, due: str | None, why: str = "") -> Done:
    """Mend what a comment says, or by when it asks for an answer.

    Raises:
        NotFound: there is no such comment. UsageError: nothing changes.
    """
    with writing(workspace, begin=False) as writer:
        remark = _named(writer, target)
        body: dict[str, Any] = {}
        if text is not None and text.strip() and text.strip() != remark.text:
            body["text"] = text.strip()
        if due is not None:
            until = read_day(due, today=writer.today, lean="future") if due else None
            if until:
                expect_plausible(in_force(writer), writer.today, due, until)
            if until != remark.due:
                body["due"] = until.isoformat() if until else None
        if not body:
            raise UsageError(msg("comment.nothing_changed", id=show_id(remark.id)))
        record = writer.amend(remark.id, body, why=why)
    return Done("done.comment_corrected", {"id": show_id(remark.id)}, [record], workspace.dry_run)


def take_back(workspace: Workspace, target: str, *, why: str = "") -> Done:
    """Take a comment back; its record stays in the log.

    Raises:
        NotFound: there is no such comment.
    """
    with writing(workspace, begin=False) as writer:
        remark = _named(writer, target)
        record = writer.retract(remark.id, why=why)
    return Done("done.comment_retracted", {"id": show_id(remark.id)}, [record], workspace.dry_run)


def erase(workspace: Workspace, target: str, *, why: str) -> Done:
    """Erase what a comment says, for good; that there was one stays in the log.

    Raises:
        NotFound: there is no such comment.
    """
    from nippo_cli.services.writing.erasing import erase_records

    with writing(workspace, begin=False) as writer:
        remark = _named(writer, target)
        (record,) = erase_records(writer, [remark.id], why)
    return Done("done.comment_erased", {"id": show_id(remark.id)}, [record], workspace.dry_run)


def _day(said: str, today: date) -> date:
    from nippo_cli.base.dates import UnreadableDate

    try:
        return read_day(said, today=today, lean="past")
    except UnreadableDate:
        raise UsageError(msg("comment.neither", said=said)) from None


def _writer_of(writer: "Writer", day: date, commenter: str) -> str:
    """Whose day it is: the one other person who wrote that day; empty where there are several, or none."""
    reader = writer.reader
    wrote = {v.author for v in reader.log(EVER, since=day, until=day).entries}
    wrote |= {n.author for n in reader.remarks(EVER).days(day, day)}
    others = wrote - {commenter} or wrote
    return next(iter(others)) if len(others) == 1 else ""


def _comment_of(writer: "Writer", record: int) -> Comment | None:

    return writer.reader.remarks(EVER).comment(record)


def _named(writer: "Writer", said: str) -> Comment:
    record = read_id(said)
    remark = _comment_of(writer, record) if record is not None else None
    if remark is None:
        raise NotFound(msg("comment.none", said=said), hint=msg("comment.none_hint"))
    return remark


def _must_be_entry(writer: "Writer", record: int, said: str) -> None:

    reader = writer.reader
    if reader.entry(EVER, record) is None or reader.is_retracted(record):
        raise NotFound(msg("comment.no_target", said=said), hint=msg("desk.see_log"))


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
