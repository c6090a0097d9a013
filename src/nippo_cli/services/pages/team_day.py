"""`nippo log --team`: what everybody wrote of a day, on one page."""

from typing import TYPE_CHECKING

from nippo_cli.base.dates import read_day
from nippo_cli.base.persons import person_key
from nippo_cli.results.news import MemberDay, TeamDay
from nippo_cli.services.context import Workspace, reading
from nippo_cli.services.pages.workdays import WorkDays

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nippo_cli.journal.read.remarks import RemarkReader
    from nippo_cli.results.entries import EntryView
    from nippo_cli.results.remarks import Comment, DayNote


def team_report(workspace: Workspace, *, on: str | None = None) -> TeamDay:
    """The team's report of a day (today): member by member what they wrote, their remarks, that they were off; with the comments on
    it and who has read it. Whoever wrote nothing is not on it.

    Raises:
        UsageError: the day can't be read.
    """
    with reading(workspace) as (reader, as_of):
        day = read_day(on, today=as_of.on, lean="past") if on else as_of.on
        entries = reader.log(as_of, since=day, until=day).entries[::-1]
        remarks = reader.remarks(as_of)
        notes = remarks.days(day, day)
        by_person: dict[str, tuple[str, list[EntryView], list[DayNote]]] = {}
        for entry in entries:
            by_person.setdefault(person_key(entry.author), (entry.author, [], []))[1].append(entry)
        for note in notes:
            by_person.setdefault(person_key(note.author), (note.author, [], []))[2].append(note)
        written = [*(entry.id for entry in entries), *(note.id for note in notes)]
        # What was said of a deal that was taken back went with it.
        on_deals = [
            one for one in reader.with_subjects(as_of, _with_asked(remarks, remarks.on_deals(day, day))) if one.deal
        ]
        schema = reader.schema(as_of)
        days = WorkDays(schema)
        return TeamDay(
            as_of=as_of.on,
            on=day,
            schema=schema,
            members=[MemberDay(*by_person[key]) for key in sorted(by_person, key=lambda key: by_person[key][0])],
            comments=[
                *remarks.on_entries([entry.id for entry in entries]), *(one.comment for one in on_deals), *remarks.on_days(day, day),
            ],
            readers=reader.readers_of(as_of, written),
            deals={one.comment.deal: one.deal for one in on_deals if one.deal and one.comment.deal},
            workday_before=days.before(day) if not by_person and not days.works(day) else None,
        )  # fmt: skip


def _with_asked(remarks: "RemarkReader", said: "Sequence[Comment]") -> "list[Comment]":
    """The same, after what they answer, of whichever day that is: an answer alone says little."""
    there: dict[int, Comment] = {}
    for one in said:
        thread = [one]
        while (parent := thread[-1].parent) is not None and parent not in there:
            asked = remarks.comment(parent)
            if asked is None:
                break
            thread.append(asked)
        there |= {known.id: known for known in thread[::-1]}
    return list(there.values())
