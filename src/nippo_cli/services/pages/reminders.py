"""What the morning page reminds of besides what is due."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from nippo_cli.base.dates import read_when
from nippo_cli.base.persons import same_person
from nippo_cli.results.reminders import DueCall, DueDeadline, DueLesson, Reminders

if TYPE_CHECKING:
    from collections.abc import Callable, Container

    from nippo_cli.journal.read import JournalReader
    from nippo_cli.line.facts import AsOf, DealSummary
    from nippo_cli.services.context import StatusJudge

_AHEAD_DAYS = 7  # Where the agreement says nothing else of a deadline.
# Longer than this nobody is away; and more is not written in such days, but by an import.
_LONGEST_BREAK, _ENTRIES = 14, 500
_CALL_DAYS = 7  # So long a call stands on the page: its day, and a weekend or a trip after it.


def reminders_of(
    reader: "JournalReader", as_of: "AsOf", judge: "StatusJudge", limit: int, owner: str | None = None,
    first: "Container[int] | None" = None, me: str = "",
) -> Reminders:  # fmt: skip
    """All that a morning reminds of, each section soonest first, behind the deals that come before all others.

    Args:
        limit: how many of each are read (0: all); the others are counted.
        owner: whose deals alone; None is everybody's.
        first: the live deals that come before all others; None is any.
        me: whose finished deals do, too.
    """

    def is_behind(deal: int | None) -> bool:
        # A customer without a deal is everybody's to call.
        return first is not None and deal is not None and deal not in first

    deadlines, more = _deadlines(reader, as_of, judge, limit, owner, is_behind)
    revisits, more_revisits = _revisits(reader, as_of, judge, limit, owner, is_behind, me)
    lessons = sorted(_lessons(reader, as_of, judge, owner), key=lambda one: is_behind(one.status.head.id))
    shown = lessons[:limit] if limit else lessons
    left = {"deadlines": more, "revisits": more_revisits, "lessons": len(lessons) - len(shown)}
    return Reminders(deadlines, revisits, shown, left)


def _deadlines(
    reader: "JournalReader", as_of: "AsOf", judge: "StatusJudge", limit: int, owner: str | None,
    is_behind: "Callable[[int | None], bool]",
) -> tuple[list[DueDeadline], int]:  # fmt: skip
    """The deadlines that fall on the day or within the days that their field speaks of them ahead."""
    ahead = {field.key: _AHEAD_DAYS if field.ahead is None else field.ahead for field in judge.schema.deadlines}
    if not ahead:
        return [], 0
    last = as_of.on + timedelta(days=max(ahead.values()))
    due = [
        (days, deal, field, value)
        for on, deal, field, value in reader.reminders(as_of, owner).deadlines_within(as_of.on, last)
        if (days := (date.fromisoformat(on) - as_of.on).days) <= ahead.get(field, _AHEAD_DAYS)
    ]
    due.sort(key=lambda one: is_behind(one[1]))
    shown = due[:limit] if limit else due
    heads = {head.id: head for head in reader.heads(as_of, ids=sorted({deal for _, deal, *_ in shown}))}
    return [
        DueDeadline(judge.status(heads[deal]), field, read_when(value), days) for days, deal, field, value in shown
    ], len(due) - len(shown)


def _revisits(
    reader: "JournalReader", as_of: "AsOf", judge: "StatusJudge", limit: int, owner: str | None,
    is_behind: "Callable[[int | None], bool]", me: str,
) -> tuple[list[DueCall], int]:  # fmt: skip
    """Who is to be called again today, or was to be in the days before and was not; a customer without a deal is everybody's."""
    first = as_of.on - timedelta(days=_CALL_DAYS - 1)
    schema = judge.schema
    lasts = schema.lifetime is not None or any(kind.lifetime is not None for kind in schema.kinds)
    if not lasts and not reader.reminders(as_of).may_call(first, as_of.on):
        return [], 0
    # Most mornings nobody is to be called.
    from nippo_cli.gaps.revisit import EARLY_DAYS, after_holds, due_calls, first_reasons, unmade
    from nippo_cli.services.context import GapQuery
    from nippo_cli.services.gaps import gap_facts

    facts = gap_facts(reader, as_of, GapQuery())
    held = after_holds(reader.due(as_of, owner).apart(), as_of.on)
    calls = [*due_calls(facts.calls, first, as_of.on), *(call for call in held if call.due_on >= first)]
    if not calls:
        return [], 0
    heads = facts.heads([call.deal for call in calls if call.deal is not None])
    heard = facts.last_contacts(first - timedelta(days=EARLY_DAYS))
    due = sorted(
        first_reasons(unmade(calls, heads, heard)),
        key=lambda call: (
            is_behind(call.deal) and not _is_owned(heads.get(call.deal or 0), me),
            -call.due_on.toordinal(),
            call.customer,
            call.deal or 0,
        ),
    )
    if owner is not None:
        due = [call for call in due if call.deal is None or _is_owned(heads.get(call.deal), owner)]
    shown = []
    for call in due[:limit] if limit else due:
        head = heads.get(call.deal) if call.deal is not None else None
        status = judge.status(head) if head is not None else None
        customer = call.customer or (head.customer if head is not None else "")
        shown.append(DueCall(status, customer, call.why, call.text, (call.due_on - as_of.on).days))
    return shown, len(due) - len(shown)


def _is_owned(head: "DealSummary | None", owner: str | None) -> bool:
    return owner is None or (head is not None and same_person(head.owner, owner))


def _lessons(reader: "JournalReader", as_of: "AsOf", judge: "StatusJudge", owner: str | None) -> list[DueLesson]:
    """The live deals that came to resemble a reviewed loss by an entry of today or of the last working day and since, and those
    that a loss reviewed in these days is like."""
    if judge.schema.key("competitor") is None or not reader.reviews(as_of):
        return []
    from nippo_cli.services.pages.past_losses import PastLosses, competitor_of
    from nippo_cli.services.pages.workdays import WorkDays

    days, losses = WorkDays(judge.schema), PastLosses(reader, as_of)
    first = as_of.on - timedelta(days=1)
    while not days.works(first) and (as_of.on - first).days < _LONGEST_BREAK:
        first -= timedelta(days=1)
    entries = reader.log(as_of, since=first, until=as_of.on, limit=_ENTRIES, count=False).entries
    deals = sorted({view.deal.id for view in entries if view.deal is not None})
    written = {view.id for view in entries}
    named = {view.deal.id for view in entries if view.deal is not None and competitor_of(view)}
    recent = losses.reviewed_since(first)
    alike = {(loss.stage, loss.kind) for loss in recent}
    lessons = []
    for head in reader.heads(as_of, ids=None if alike else deals, live=True):
        is_alike = head.stay_entry in written or head.id in named or (head.stage, head.kind) in alike
        lesson = losses.repeated_by(head) if is_alike and _is_owned(head, owner) else None
        if lesson is not None and (lesson.entry in written or lesson.loss in recent):
            lessons.append(DueLesson(judge.status(head), lesson))
    return sorted(lessons, key=lambda one: (-(one.status.head.amount or 0), one.status.head.id))
