"""Reports written from the diary: a day's, a week's, a month's."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from nippo_cli.base.dates import add_months, read_day, read_since
from nippo_cli.base.errors import UsageError, msg
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.persons import person_key, same_person
from nippo_cli.line.facts import AsOf, DealHistory, DealSummary
from nippo_cli.results.report import Closed, Period, ReportPage, StageMove
from nippo_cli.services.context import StatusJudge, Workspace, author_named, reading
from nippo_cli.services.pages.workdays import WorkDays

if TYPE_CHECKING:
    from nippo_cli.journal.read import JournalReader
    from nippo_cli.results.deal_status import DealStatus
    from nippo_cli.results.entries import EntryView
    from nippo_cli.results.remarks import Comment
    from nippo_cli.schema.schema import Schema

_WEEK = timedelta(days=6)
_DAY = timedelta(days=1)


class _Span(NamedTuple):
    """A period's days, and the days that its plans fall in; both ends included."""

    since: date
    until: date
    plan_since: date
    plan_until: date


def period_report(
    workspace: Workspace, period: Period, *, on: str | None = None, author: str | None = None
) -> ReportPage:
    """The report of the day, the week (from Monday) or the month that `on` lies in (today).

    What the period's deals say is told as of its last day; of one that is not over yet, as of today.

    Raises:
        UsageError: `on` can't be read.
        NotFound, Ambiguous: nobody who wrote anything, or several, answer to the name.
    """
    with reading(workspace) as (reader, today):
        day = read_day(on, today=today.on, lean="past") if on else today.on
        return _report(reader, today, period, _span(period, day, reader.schema(today)), author)


def report_between(
    workspace: Workspace, since: str | None, until: str | None, *, author: str | None = None
) -> ReportPage:
    """The report of the days from `since` to `until`, both included, as a week's; what is planned, for as many days after them.

    Args:
        since: `until` alone where None.
        until: today where None.

    Raises:
        UsageError: one can't be read, or they are the wrong way round.
        NotFound, Ambiguous: nobody who wrote anything, or several, answer to the name.
    """
    with reading(workspace) as (reader, today):
        schema = reader.schema(today)
        last = read_day(until, today=today.on, lean="past") if until else today.on
        first = read_since(since, today=today.on, fiscal_year_start=schema.fiscal_year_start) if since else last
        if last < first:
            raise UsageError(msg("desk.window_backwards", since=first.isoformat(), as_of=last.isoformat()))
        return _report(reader, today, "week", _Span(first, last, last + _DAY, last + (last - first) + _DAY), author)


def _comments(
    reader: "JournalReader", today: AsOf, span: _Span, entries: "Sequence[EntryView]", author: str | None
) -> "list[Comment]":
    """What was replied to the entries of a period, then to deals and days in it; of deals and days what an author wrote or was told,
    where one is named."""

    def concerns(comment: "Comment") -> bool:
        return author is None or same_person(author, comment.of or "") or same_person(author, comment.author)

    remarks = reader.remarks(today)
    return [
        *remarks.on_entries([e.id for e in entries]),
        *filter(concerns, remarks.on_deals(span.since, span.until)),
        *filter(concerns, remarks.on_days(span.since, span.until)),
    ]


def _report(reader: "JournalReader", today: AsOf, period: Period, span: _Span, author: str | None) -> ReportPage:
    """What a period of an author, or of all, comes to: `2026-11` as of today."""
    schema = reader.schema(today)
    author = author_named(reader, author) if author else None
    as_of = _then(today, span.until)
    last = min(span.until, as_of.on)
    entries = reader.log(as_of, since=span.since, until=last, author=author).entries[::-1]
    notes = reader.remarks(today).days(span.since, span.until, author)
    people = dict[str, str]()
    for name in (*(e.author for e in entries), *(n.author for n in notes)):
        people.setdefault(person_key(name), name)
    authors = list(people.values())
    lines = reader.line_reader(as_of).lines({e.deal.id for e in entries if e.deal is not None})
    return ReportPage(
        period=period,
        as_of=today.on,
        since=span.since,
        until=span.until,
        schema=schema,
        author=author or "",
        authors=authors,
        entries=entries,
        contacts=count_contacts(entries, schema),
        notes=notes,
        comments=_comments(reader, today, span, entries, author),
        moves=_moves(lines, entries),
        new_deals=_new(lines, entries),
        won=_closed(lines, entries, schema, "won"),
        lost=_closed(lines, entries, schema, "lost"),
        planned=_planned(reader, as_of, schema, span, authors if author is None else [author]),
        plan_since=span.plan_since,
        plan_until=span.plan_until,
    )


def _span(period: Period, day: date, schema: "Schema") -> _Span:
    if period == "day":
        return _Span(day, day, day + _DAY, WorkDays(schema).after(day))
    if period == "week":
        first = day - timedelta(days=day.weekday())
        return _Span(first, first + _WEEK, first + _WEEK + _DAY, first + 2 * _WEEK + _DAY)
    first = day.replace(day=1)
    coming = add_months(first, 1)
    return _Span(first, coming - _DAY, coming, add_months(first, 2) - _DAY)


def _then(today: AsOf, until: date) -> AsOf:
    """The day that the period is told as of; what was learned since is not hidden, unless `--as-of` hides it."""
    if until >= today.on:
        return today
    return today._replace(on=until, by=(today.by or today.on) if today.known else None)


def count_contacts(entries: Iterable["EntryView"], schema: "Schema") -> int:
    """Entries that are contacts, those of one meeting once; what a list says is none. Today's word on what is one goes first."""
    met: set[int] = set()
    for entry in entries:
        if entry.snapshot:
            continue
        key = entry.values.get(entry.schema.key("activity") or "")
        now = schema.renamed_activities.get(key, key) if key else None
        activity = schema.activity_by_key.get(now or "") or entry.schema.activity_by_key.get(key or "")
        if activity is None or activity.contact:
            met.add(entry.meeting or entry.id)
    return len(met)


def _moves(lines: Mapping[int, DealHistory], entries: Sequence["EntryView"]) -> list[StageMove]:
    """Each change of stage that one of these entries made, oldest first; a deal's beginning is none, nor is where a list is the
    first to say that it stands."""
    place = {entry.id: n for n, entry in enumerate(entries)}
    moves = [
        StageMove(after.entered_on, after.entry, line.head, before.stage, after.stage, after.step, before.days)
        for line in lines.values()
        for before, after in pairwise(line.stays)
        if after.entry in place and before.stage and after.arrival != "unknown"
    ]
    return sorted(moves, key=lambda move: place[move.entry])


def _new(lines: Mapping[int, DealHistory], entries: Sequence["EntryView"]) -> list[DealSummary]:
    """The deals that began with one of these entries, oldest first; a list in which one stood is no beginning."""
    here = {entry.id for entry in entries}
    new_deals = [
        line.head for line in lines.values() if line.stays and line.stays[0].entry in here and line.head.begin_known
    ]
    return sorted(new_deals, key=lambda head: (head.began_on, head.id))


def _closed(
    lines: Mapping[int, DealHistory], entries: Sequence["EntryView"], schema: "Schema", ends: str
) -> list[Closed]:
    """Each time that one of these entries won, or lost, a deal."""
    views = {entry.id: entry for entry in entries}
    stages = {stage.key for stage in schema.stages if stage.ends == ends}
    closings = [
        Closed(stay.entered_on, line.head, views[stay.entry])
        for line in lines.values()
        for stay in line.stays
        if stay.stage in stages and stay.entry in views
    ]
    return sorted(closings, key=lambda closed: (closed.on, closed.head.id))


def _planned(
    reader: "JournalReader", as_of: AsOf, schema: "Schema", span: _Span, authors: Sequence[str]
) -> list["DealStatus"]:
    """Live deals of these people whose dated next step falls in the days planned for, in order of their days."""
    judge = StatusJudge(schema, reader.norms(as_of), as_of.on)
    people = set(map(person_key, authors))
    planned = []
    for head in reader.heads(as_of, live=True):
        due = head.next_on
        if due is None or due.last < span.plan_since or due.first > span.plan_until:
            continue
        if not authors or person_key(head.owner) in people:
            planned.append(judge.status(head))
    return sorted(planned, key=lambda s: (s.head.next_on.first if s.head.next_on else date.max, s.head.id))
