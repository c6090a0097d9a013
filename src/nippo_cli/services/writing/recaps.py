"""What the writer gets back: the deal's line after the entry."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Literal

from nippo_cli.line.facts import AsOf
from nippo_cli.results.recap import Recap
from nippo_cli.services.context import StatusJudge, Workspace
from nippo_cli.services.writing.deal_customer import customer_changes, customer_of_entry, note_namesakes

if TYPE_CHECKING:
    from nippo_cli.journal.read import JournalReader
    from nippo_cli.journal.write import Writer
    from nippo_cli.lessons.repeated_loss import RepeatedLoss
    from nippo_cli.line.facts import DealSummary
    from nippo_cli.results.deal_status import DealStatus
    from nippo_cli.results.deals import Precedents
    from nippo_cli.results.entries import EntryView
    from nippo_cli.schema.schema import Schema
    from nippo_cli.services.context import Appended


def recap(workspace: Workspace, writer: "Writer", appended: Sequence["Appended"]) -> list[Recap]:
    """A recap of each entry, from what the transaction has written so far."""
    reader, as_of = writer.reader, AsOf(writer.today)
    schema = reader.schema(as_of)
    judge = StatusJudge(schema, reader.norms(as_of), as_of.on)
    changes, deals = customer_changes(writer), {done.deal for done in appended}
    note_namesakes(workspace, writer, {one.after for one in changes}, {one.deal for one in changes if one.deal})
    recaps = []
    for place, done in enumerate(appended):
        # What became of a deal is told once, beside the first entry of it; of one that an entry left, beside that.
        own = [one for one in changes if one.deal == done.deal or (place == 0 and one.deal not in deals)]
        changes = [one for one in changes if one not in own]
        moved, other = customer_of_entry(writer, done)
        recapped = _one(workspace, reader, as_of, judge, done)
        recaps.append(recapped._replace(customers=[*own, *moved], other_customer=other))
    return recaps


def _one(workspace: Workspace, reader: "JournalReader", as_of: AsOf, judge: StatusJudge, done: "Appended") -> Recap:
    """What is told of one entry that was written: where its deal now stands, and at most one sign."""
    head = reader.head(as_of, done.deal) if done.deal is not None else None
    status = judge.status(head) if head else None
    moved_from = _moved_from(done.before, status)
    entry = reader.entry(AsOf(date.max), done.entry)
    if entry is None:
        raise LookupError(done.entry)
    sign = _sign(done.before, status, moved=moved_from is not None)
    calm = status is not None and status.head.fate == "live" and sign is None and not done.missing and not done.new_deal
    return Recap(
        as_of=as_of.on,
        schema=judge.schema,
        entry=entry,
        status=status,
        moved_from=moved_from,
        new_deal=done.new_deal,
        next_stage=next_stage(judge.schema, status) if status else None,
        sign=sign,
        missing=done.missing,
        dry_run=workspace.dry_run,
        corrected=done.corrected,
        precedents=_precedents(reader, as_of, judge, status) if status is not None and calm else None,
        lesson=_lesson(reader, as_of, entry, status),
    )


def _lesson(
    reader: "JournalReader", as_of: AsOf, entry: "EntryView", status: "DealStatus | None"
) -> "RepeatedLoss | None":
    """The loss that the deal came to resemble by this entry, or that was reviewed since the one before."""
    if status is None:
        return None
    from nippo_cli.services.pages import competitor_of

    came_alike = status.head.stay_entry == entry.id or competitor_of(entry)
    if not came_alike and not reader.reviewed_since(status.head.id, entry.id):
        return None
    from nippo_cli.services.pages import repeated_loss

    lesson = repeated_loss(reader, as_of, status.head)
    return lesson if lesson is not None and lesson.entry == entry.id else None


def _precedents(reader: "JournalReader", as_of: AsOf, judge: StatusJudge, status: "DealStatus") -> "Precedents | None":
    """What became of deals like it, where there are enough of them to be worth a line."""
    from nippo_cli.lessons import LEAST_MEDIAN
    from nippo_cli.services.pages import precedents_of

    precedents = precedents_of(reader, as_of, status.head, judge)
    return precedents if precedents is not None and precedents.n >= LEAST_MEDIAN else None


def next_stage(schema: "Schema", status: "DealStatus") -> str | None:
    """The stage after the deal's: the next step of the sale, `won` at its end, the next after-stage once won."""
    place = schema.ladder.get(status.head.stage)
    if place is None or status.head.fate == "lost":
        return None
    for stage in schema.stages[place + 1 :]:
        if stage.ends != "lost" and (stage.after or status.head.fate == "live"):
            return stage.key
    return None


def _moved_from(before: "DealSummary | None", status: "DealStatus | None") -> str | None:
    if before is None or status is None or before.stage == status.head.stage:
        return None
    return before.stage


def _sign(
    before: "DealSummary | None", status: "DealStatus | None", *, moved: bool
) -> Literal["stalled", "overdue", "fizzled", "pushed"] | None:
    """At most one sign: a promise just pushed, beside progress too; else a stay beyond its norm, a step overdue."""
    if status is None:
        return None
    if before is not None and status.head.pushes > before.pushes:
        return "pushed"
    if moved:
        return None
    if status.stalled:
        return "stalled"
    return "overdue" if status.next_overdue_days else None
