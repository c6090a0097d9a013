"""Whether somebody wrote of a day of work: oneself, and for who leads the team the others. It is told on the morning page alone."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from nippo_cli.base.language import in_every_language
from nippo_cli.base.persons import same_person
from nippo_cli.services.pages.workdays import WorkDays

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from nippo_cli.journal.read import JournalReader
    from nippo_cli.line.facts import AsOf
    from nippo_cli.results.entries import EntryView

# Whoever wrote nothing for as long writes no diary here, and is not reminded of one.
_WRITES_DAYS = 60
# More are not said to go on in one sweep.
_SWEPT = 200


def unwritten_day(me: str, reader: "JournalReader", as_of: "AsOf") -> date | None:
    """The last working day before, if the writer neither made an entry of it nor said that it was off. Nothing is asked of
    days before they began to write; what they write later of such days begins nothing."""
    yesterday = as_of.on - timedelta(days=1)
    if not _wrote(reader, as_of, me, as_of.on - timedelta(days=_WRITES_DAYS), yesterday):
        return None
    days = WorkDays(reader.schema(as_of))
    for ago in range(_WRITES_DAYS):
        on = yesterday - timedelta(days=ago)
        if not days.maybe(on):
            continue
        if _wrote_of(reader, as_of, me, on):
            return None
        # Whether it was a holiday comes last, for that is the dear question.
        if days.works(on):
            # Nobody reports of days before they began to write.
            return on if _wrote_by(reader, as_of, me, on) else None
    return None


def missing_writers(
    reader: "JournalReader", as_of: "AsOf", me: str, members: "Iterable[str]"
) -> tuple[date, "Sequence[str]"]:
    """The last working day before, and who of the others neither made an entry of it nor said that it was off. Whoever wrote
    nothing in the two months before is not waited for, nor who began to write later."""
    on = WorkDays(reader.schema(as_of)).before(as_of.on)
    first = as_of.on - timedelta(days=_WRITES_DAYS)
    others = {name: None for name in members if not same_person(name, me)}
    return on, [
        name for name in others if not _wrote_of(reader, as_of, name, on) and _wrote(reader, as_of, name, first, on)
    ]


def last_written_day(reader: "JournalReader", as_of: "AsOf", author: str | None = None) -> date | None:
    """The day of the last entry, of one author if one is named; to say in a sweep that a deal goes on is no day's report."""
    last = reader.log(as_of, until=as_of.on, author=author, limit=1, count=False).entries
    if last and _is_swept(last[0]):
        last = [
            one
            for one in reader.log(as_of, until=as_of.on, author=author, limit=_SWEPT, count=False).entries
            if not _is_swept(one)
        ]
    return last[0].on if last else None


def _wrote(reader: "JournalReader", as_of: "AsOf", who: str, since: date, until: date) -> bool:
    if reader.remarks(as_of).days(since, until, who):
        return True
    return bool(reader.log(as_of, since=since, until=until, author=who, limit=1, count=False).entries)


def _wrote_by(reader: "JournalReader", as_of: "AsOf", who: str, on: date) -> bool:
    """Whether somebody's diary had begun by a day: an entry or a remark of the weeks before it was there by then."""
    since = on - timedelta(days=_WRITES_DAYS)
    if reader.remarks(as_of).days(since, on, who):
        return True
    entries = reader.log(as_of, since=since, until=on, author=who, count=False).entries
    return any(one.known_on <= on for one in entries)


def _wrote_of(reader: "JournalReader", as_of: "AsOf", who: str, on: date) -> bool:
    """Whether somebody told of a day: to say in a sweep that a deal goes on tells nothing of it."""
    if not _wrote(reader, as_of, who, on, on):
        return False
    if reader.remarks(as_of).days(on, on, who):
        return True
    entries = reader.log(as_of, since=on, until=on, author=who, count=False).entries
    return not all(map(_is_swept, entries))


def _is_swept(entry: "EntryView") -> bool:
    return entry.values.get(entry.schema.key("facts") or "") in in_every_language("cli.sweep.facts_go")
