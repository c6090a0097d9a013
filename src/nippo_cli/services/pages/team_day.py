"""`nippo log --team`: what everybody wrote of a day, on one page."""

from typing import TYPE_CHECKING

from nippo_cli.base.dates import read_day
from nippo_cli.base.persons import person_key
from nippo_cli.results.news import MemberDay, TeamDay
from nippo_cli.services.context import Workspace, reading
from nippo_cli.services.pages.workdays import WorkDays

if TYPE_CHECKING:
    from nippo_cli.results.entries import EntryView
    from nippo_cli.results.remarks import DayNote


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
        on_deals = [one for one in reader.with_subjects(as_of, remarks.on_deals(day, day)) if one.deal]
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
