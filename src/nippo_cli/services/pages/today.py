"""Bare `nippo`: what today asks for."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from nippo_cli.line.span import passes_on
from nippo_cli.results.deal_status import DealStatus
from nippo_cli.results.recap import DueStep, TodayPage
from nippo_cli.services.context import StatusJudge, Workspace, lost, reading
from nippo_cli.services.pages.comments import open_comments
from nippo_cli.services.pages.unreviewed import unreviewed
from nippo_cli.services.pages.workdays import WorkDays

if TYPE_CHECKING:
    from nippo_cli.journal.read import JournalReader
    from nippo_cli.line.facts import AsOf

_SOON_DAYS = 7
_INCOMPLETE_SHOWN = 5
# Whoever wrote nothing for as long writes no diary here, and is not reminded of one.
_WRITES_DAYS = 60


def morning(desk: Workspace) -> TodayPage:
    """What waits, what is due, what is about to happen within a week; nothing of all that where there is no journal
    yet.

    Raises:
        NotFound: the journal is lost, and copies of it are there.
    """
    if not desk.places.journal_db.exists():
        if (gone := lost(desk)) is not None:
            raise gone
        return _nothing_yet(desk)
    with reading(desk) as (reader, as_of):
        agreement = reader.agreement(as_of)
        judge = StatusJudge(agreement, reader.norms(as_of), as_of.on)
        live = judge.statuses(reader.heads(as_of, live=True))
        waiting = reader.log(as_of, incomplete=True, limit=_INCOMPLETE_SHOWN)
        latest = reader.log(as_of, until=as_of.on, limit=1)
        return TodayPage(
            as_of=as_of.on,
            agreement=agreement,
            journal=str(desk.places.journal_db),
            due=_due(judge, live),
            soon=_soon(judge, live),
            incomplete=waiting.entries,
            incomplete_total=waiting.total,
            live=len(live),
            last_entry_on=latest.entries[0].on if latest.entries else None,
            norms=judge.norms.used(),
            comments=open_comments(reader, as_of),
            quiet=_quiet(judge, live),
            closing=_closing(judge, live),
            holds=_holds(judge, live),
            drafts=_drafts(desk),
            unwritten=_unwritten(desk, reader, as_of),
            unreviewed=unreviewed(reader, as_of),
        )


def _nothing_yet(desk: Workspace) -> TodayPage:
    from nippo_cli.services.context import for_writing

    return TodayPage(
        as_of=desk.now.astimezone().date(),
        agreement=for_writing(desk.places),
        journal=str(desk.places.journal_db),
        due=(),
        soon=(),
        incomplete=(),
        incomplete_total=0,
        live=0,
        last_entry_on=None,
        norms=(),
        drafts=_drafts(desk),
        begun=False,
    )


def _due(judge: StatusJudge, live: list[DealStatus]) -> list[DueStep]:
    """Steps whose last day is today or has passed; a step written today is not overdue yet but due."""
    due = [
        DueStep(s, (s.head.next_on.last - judge.as_of).days)
        for s in live
        if s.held is None and s.head.next_on is not None and s.head.next_on.last <= judge.as_of
    ]
    return sorted(due, key=lambda d: (d.days, d.standing.head.id))


def _soon(judge: StatusJudge, live: list[DealStatus]) -> list[DueStep]:
    """Stays within their norm today that will be beyond it in a week."""
    soon = []
    for standing in live:
        if standing.stalled or standing.held or standing.stay_days is None or standing.limit_days is None:
            continue
        left = standing.limit_days - standing.stay_days
        closed = judge.rest.count(judge.as_of, judge.as_of + timedelta(days=_SOON_DAYS))
        if left + closed < _SOON_DAYS:
            soon.append(DueStep(standing, left + 1 + closed))
    return sorted(soon, key=lambda d: (d.days, d.standing.head.id))


def _quiet(judge: StatusJudge, live: list[DealStatus]) -> list[DueStep]:
    """Deals that will have been silent for longer than the quiet limit within a week, unless a step lies ahead then."""
    found = []
    for standing in live:
        head = standing.head
        if standing.outcome == "fizzled" or standing.held is not None:
            continue
        passes = passes_on(head.last_contact_on or head.began_on, judge.quiet.days, judge.rest, head.holds)
        days = (passes - judge.as_of).days
        if 0 < days <= _SOON_DAYS and (head.next_on is None or head.next_on.last < passes):
            found.append(DueStep(standing, days))
    return sorted(found, key=lambda d: (d.days, d.standing.head.id))


def _closing(judge: StatusJudge, live: list[DealStatus]) -> list[DueStep]:
    """Deals whose expected close, or the end of it where it is a span, falls within a week."""
    found = [DueStep(s, (s.head.closes.last - judge.as_of).days) for s in live if s.head.closes is not None]
    return sorted((d for d in found if 0 <= d.days < _SOON_DAYS), key=lambda d: (d.days, d.standing.head.id))


def _holds(judge: StatusJudge, live: list[DealStatus]) -> list[DueStep]:
    """Deals whose hold ends within a week."""
    found = [DueStep(s, (s.held.last - judge.as_of).days) for s in live if s.held is not None]
    return sorted((d for d in found if d.days < _SOON_DAYS), key=lambda d: (d.days, d.standing.head.id))


def _drafts(desk: Workspace) -> list[str]:
    """The numbers of what was begun and not saved, the last begun first. One that an editor holds has two files."""
    folder = desk.places.state / "drafts"
    try:
        found = {int(p.stem) for p in folder.iterdir() if p.suffix in (".json", ".yaml") and p.stem.isdecimal()}
    except OSError:
        return []
    return [str(number) for number in sorted(found, reverse=True)]


def _unwritten(desk: Workspace, reader: "JournalReader", as_of: "AsOf") -> date | None:
    """The last working day before, if the writer neither made an entry of it nor said that it was off."""
    me = desk.author or reader.meta("author") or desk.machine_user
    yesterday = as_of.on - timedelta(days=1)
    if not _wrote(reader, as_of, me, as_of.on - timedelta(days=_WRITES_DAYS), yesterday):
        return None
    days = WorkDays(reader.agreement(as_of))
    for ago in range(_WRITES_DAYS):
        on = yesterday - timedelta(days=ago)
        if not days.maybe(on):
            continue
        if _wrote(reader, as_of, me, on, on):
            return None
        # Whether it was a holiday comes last, for that is the dear question.
        if days.works(on):
            return on
    return None


def _wrote(reader: "JournalReader", as_of: "AsOf", me: str, since: date, until: date) -> bool:
    if reader.remarks(as_of).days(since, until, me):
        return True
    return bool(reader.log(as_of, since=since, until=until, author=me, limit=1, count=False).entries)
