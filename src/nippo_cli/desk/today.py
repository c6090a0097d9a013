"""Bare `nippo`: what today asks for."""

from datetime import timedelta

from nippo_cli.answers.recap import DueStep, TodayPage
from nippo_cli.answers.standing import Standing
from nippo_cli.desk.desk import Desk, reading
from nippo_cli.desk.standing import Judge
from nippo_cli.desk.unreviewed import unreviewed

_SOON_DAYS = 7
_INCOMPLETE_SHOWN = 5


def morning(desk: Desk) -> TodayPage:
    """Steps due today or overdue, deals about to pass their norm, entries still to be completed; nothing of all that
    where there is no journal yet."""
    if not desk.places.journal_db.exists():
        return _nothing_yet(desk)
    with reading(desk) as (reader, as_of):
        agreement = reader.agreement(as_of)
        judge = Judge(agreement, reader.norms(as_of), as_of.on)
        live = judge.standings(reader.heads(as_of, live=True))
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
            unreviewed=unreviewed(reader, as_of),
        )


def _nothing_yet(desk: Desk) -> TodayPage:
    from nippo_cli.desk.agreed import for_writing

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
    )


def _due(judge: Judge, live: list[Standing]) -> list[DueStep]:
    """Steps whose last day is today or has passed; a step written today is not overdue yet but due."""
    due = [
        DueStep(s, (s.head.next_on.last - judge.as_of).days)
        for s in live
        if s.held is None and s.head.next_on is not None and s.head.next_on.last <= judge.as_of
    ]
    return sorted(due, key=lambda d: (d.days, d.standing.head.id))


def _soon(judge: Judge, live: list[Standing]) -> list[DueStep]:
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
