"""What became of deals like one, when they were as old."""

from typing import TYPE_CHECKING

from nippo_cli.results.deals import Precedents

if TYPE_CHECKING:
    from datetime import date

    from nippo_cli.journal.read import JournalReader
    from nippo_cli.line.facts import AsOf, DealSummary
    from nippo_cli.services.context import StatusJudge


def precedents_of(
    reader: "JournalReader", as_of: "AsOf", head: "DealSummary", judge: "StatusJudge"
) -> Precedents | None:
    """What became of deals like a live one; None of a closed one, and where there was none like it."""
    if head.fate != "live" or head.silence_at_least or not reader.any_finished(as_of, judge.quiet.days):
        return None
    return like(
        reader, as_of, head, as_of.on, stage=head.stage, amount=head.amount, met_on=head.last_contact_on, judge=judge
    )


def finished_like(reader: "JournalReader", as_of: "AsOf", head: "DealSummary") -> Precedents | None:
    """The same of a finished deal as it stood on the day before its end; of a fizzled one, at its last contact."""
    from datetime import timedelta

    from nippo_cli.services.context import StatusJudge

    judge = StatusJudge(reader.schema(as_of), reader.norms(as_of), as_of.on)
    on = head.closed_on - timedelta(days=1) if head.closed_on else head.heard_on or head.began_on
    line = reader.line(as_of, head.id)
    if line is None or not head.contacts_known or on < (head.first_contact_on or head.began_on):
        return None
    stays = [stay for stay in line[1].stays if stay.entered_on <= on]
    said = [p.value for p in line[1].promises if p.what == "amount" and p.made_on <= on]
    met = [one.on for one in reader.line_reader(as_of).contacts([head.id])[head.id] if one.on <= on]
    amount = int(said[-1]) if said else None
    if not stays:
        return None
    return like(
        reader, as_of, head, on, stage=stays[-1].stage, amount=amount, met_on=max(met, default=None), judge=judge
    )


def like(
    reader: "JournalReader",
    as_of: "AsOf",
    head: "DealSummary",
    on: "date",
    *,
    stage: str,
    amount: int | None,
    met_on: "date | None",
    judge: "StatusJudge",
) -> Precedents | None:
    """The precedents of a deal that stood so on a day; None where there is none. A look-up in a bounded sample: the
    `AMONG` deals of the kind that ended last. Rule: docs/lessons.md#precedents"""
    if not stage or not head.begin_known:
        # Of a list that says no stage, or no day on which it began: where it stood, or how old it was, nobody knows.
        return None
    from nippo_cli.journal.read import LessonFilter, Quietness
    from nippo_cli.lessons.precedents import AMONG, NEAREST, alike

    first = head.first_contact_on or head.began_on
    age, silence = max(0, (on - first).days), (on - (met_on or first)).days
    finished = reader.finished(as_of)
    sample = finished.latest(LessonFilter(kind=head.kind), Quietness(judge.quiet.days, judge.rest), AMONG)
    old = [one for one in sample if (one.ended_on - one.first_on).days > age and one.deal != head.id]
    nearest = alike(finished.stood(old, age, stage), amount=amount, silence_days=silence)
    if not nearest:
        return None
    heads = {h.id: h for h in reader.heads(as_of, ids=[one.deal for one in nearest[:NEAREST]])}
    return Precedents(
        age_days=age,
        stage=stage,
        amount=amount,
        silence_days=silence,
        fates={fate: sum(one.fate == fate for one in nearest) for fate in ("won", "lost", "fizzled")},
        alike=nearest,
        nearest=[(one, heads[one.deal]) for one in nearest[:NEAREST]],
        looked_at=len(sample),
        most=AMONG,
    )
