"""Bare `nippo`: what today asks for."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from nippo_cli.line.facts import AsOf
from nippo_cli.line.quantile import median
from nippo_cli.line.span import passes_on
from nippo_cli.results.deal_status import DealStatus
from nippo_cli.results.entries import Unreviewed
from nippo_cli.results.recap import DueStep, TodayPage
from nippo_cli.services.context import StatusJudge, Workspace, lost, reading
from nippo_cli.services.pages.comments import open_comments
from nippo_cli.services.pages.workdays import WorkDays

if TYPE_CHECKING:
    from nippo_cli.journal.read import JournalReader


_SOON_DAYS = 7
_INCOMPLETE_SHOWN = 5
# Whoever wrote nothing for as long writes no diary here, and is not reminded of one.
_WRITES_DAYS = 60
# So long after its end a customer can still be asked, and remembers.
_FRESH_DAYS = 90
_UNREVIEWED_SHOWN = 3


def morning(workspace: Workspace) -> TodayPage:
    """What waits, what is due, what is about to happen within a week; nothing of all that where there is no journal
    yet.

    Raises:
        NotFound: the journal is lost, and copies of it are there.
    """
    if not workspace.places.journal_db.exists():
        if (journal_lost := lost(workspace)) is not None:
            raise journal_lost
        return _nothing_yet(workspace)
    with reading(workspace) as (reader, as_of):
        schema = reader.schema(as_of)
        judge = StatusJudge(schema, reader.norms(as_of), as_of.on)
        live = judge.statuses(reader.heads(as_of, live=True))
        waiting = reader.log(as_of, incomplete=True, limit=_INCOMPLETE_SHOWN)
        latest = reader.log(as_of, until=as_of.on, limit=1)
        return TodayPage(
            as_of=as_of.on,
            schema=schema,
            journal=str(workspace.places.journal_db),
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
            drafts=_drafts(workspace),
            unwritten=_unwritten(workspace, reader, as_of),
            unreviewed=_unreviewed(reader, as_of),
        )


def _nothing_yet(workspace: Workspace) -> TodayPage:
    """The page of a place without a journal."""
    from nippo_cli.services.context import for_writing

    return TodayPage(
        as_of=workspace.now.astimezone().date(),
        schema=for_writing(workspace.places),
        journal=str(workspace.places.journal_db),
        due=(),
        soon=(),
        incomplete=(),
        incomplete_total=0,
        live=0,
        last_entry_on=None,
        norms=(),
        drafts=_drafts(workspace),
        has_journal=False,
    )


def _due(judge: StatusJudge, live: list[DealStatus]) -> list[DueStep]:
    """Steps whose last day is today or has passed; a step written today is not overdue yet but due."""
    due = [
        DueStep(s, (s.head.next_on.last - judge.as_of).days)
        for s in live
        if s.held is None and s.head.next_on is not None and s.head.next_on.last <= judge.as_of
    ]
    return sorted(due, key=lambda d: (d.days, d.status.head.id))


def _soon(judge: StatusJudge, live: list[DealStatus]) -> list[DueStep]:
    """Stays within their norm today that will be beyond it in a week."""
    soon = []
    for status in live:
        if status.stalled or status.held or status.stay_days is None or status.limit_days is None:
            continue
        left = status.limit_days - status.stay_days
        closed = judge.rest.count(judge.as_of, judge.as_of + timedelta(days=_SOON_DAYS))
        if left + closed < _SOON_DAYS:
            soon.append(DueStep(status, left + 1 + closed))
    return sorted(soon, key=lambda d: (d.days, d.status.head.id))


def _quiet(judge: StatusJudge, live: list[DealStatus]) -> list[DueStep]:
    """Deals that will have been silent for longer than the quiet limit within a week, unless a step lies ahead then."""
    due = []
    for status in live:
        head = status.head
        if status.outcome == "fizzled" or status.held is not None:
            continue
        passes = passes_on(head.last_contact_on or head.began_on, judge.quiet.days, judge.rest, head.holds)
        days = (passes - judge.as_of).days
        if 0 < days <= _SOON_DAYS and (head.next_on is None or head.next_on.last < passes):
            due.append(DueStep(status, days))
    return sorted(due, key=lambda d: (d.days, d.status.head.id))


def _closing(judge: StatusJudge, live: list[DealStatus]) -> list[DueStep]:
    """Deals whose expected close, or the end of it where it is a span, falls within a week."""
    due = [DueStep(s, (s.head.closes.last - judge.as_of).days) for s in live if s.head.closes is not None]
    return sorted((d for d in due if 0 <= d.days < _SOON_DAYS), key=lambda d: (d.days, d.status.head.id))


def _holds(judge: StatusJudge, live: list[DealStatus]) -> list[DueStep]:
    """Deals whose hold ends within a week."""
    due = [DueStep(s, (s.held.last - judge.as_of).days) for s in live if s.held is not None]
    return sorted((d for d in due if d.days < _SOON_DAYS), key=lambda d: (d.days, d.status.head.id))


def _drafts(workspace: Workspace) -> list[str]:
    """The numbers of what was begun and not saved, the last begun first. One that an editor holds has two files."""
    folder = workspace.places.state / "drafts"
    try:
        numbers = {int(p.stem) for p in folder.iterdir() if p.suffix in (".json", ".yaml") and p.stem.isdecimal()}
    except OSError:
        return []
    return [str(number) for number in sorted(numbers, reverse=True)]


def _unwritten(workspace: Workspace, reader: "JournalReader", as_of: "AsOf") -> date | None:
    """The last working day before, if the writer neither made an entry of it nor said that it was off."""
    me = workspace.author or reader.meta("author") or workspace.machine_user
    yesterday = as_of.on - timedelta(days=1)
    if not _wrote(reader, as_of, me, as_of.on - timedelta(days=_WRITES_DAYS), yesterday):
        return None
    days = WorkDays(reader.schema(as_of))
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


def _unreviewed(reader: "JournalReader", as_of: AsOf) -> Unreviewed | None:
    """Deals lost within `_FRESH_DAYS`, worth the schema's `review_over` or more (without one: the median of closed
    deals), of which nothing was learned yet; None where there is none. A deal without an amount is never asked about."""
    since = as_of.on - timedelta(days=_FRESH_DAYS)
    lost = [head for head in reader.heads(as_of, fate="lost", closed_since=since) if head.amount is not None]
    if not lost:
        return None
    stated = reader.schema(as_of).review_over
    amounts = reader.finished(as_of).amounts() if stated is None else {}
    over = stated if stated is not None else int(median(amounts) or 0)
    known = reader.reviews(as_of)
    losses = [head for head in lost if (head.amount or 0) >= over and head.id not in known]
    if not losses:
        return None
    losses.sort(key=lambda head: (-(head.amount or 0), head.id))
    source = "schema" if stated is not None else "median"
    return Unreviewed(losses[:_UNREVIEWED_SHOWN], len(losses), over, source, sum(amounts.values()))
