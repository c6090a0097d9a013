"""Recording an entry, correcting one, taking the last command back."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from nippo_cli.answers.recap import Done, Recap
from nippo_cli.dates import read_day
from nippo_cli.desk.desk import Desk, reading, writing
from nippo_cli.desk.drafts import keep_draft
from nippo_cli.desk.recaps import recap
from nippo_cli.errors import EntryRefused, NotFound, Place, Problem, UsageError, msg
from nippo_cli.ids import read_id, show_id
from nippo_cli.line.draft import check
from nippo_cli.line.facts import AsOf

if TYPE_CHECKING:
    from nippo_cli.answers.entries import EntryView
    from nippo_cli.journal.writer import Writer
    from nippo_cli.line.facts import Head
    from nippo_cli.schema.agreement import Agreement

_EVER = AsOf(date.max)
_MISSING = "entry.required"


class Report(NamedTuple):
    """One entry as typed. `raw` is by field key or label; `later` saves it though something is missing."""

    raw: Mapping[str, object] = MappingProxyType({})
    deal: str | None = None
    on: str | None = None
    by: str | None = None
    new_deal: bool = False
    parent: str | None = None
    meeting: str | None = None
    later: bool = False
    where: Place = Place()


def add(desk: Desk, report: Report) -> Recap:
    """Record one entry, on disk when this returns.

    Raises:
        EntryRefused: it breaks the schema; all problems at once, and what was typed is kept as a draft.
        NotFound: the deal is unknown, and `new_deal` is not asked for.
        Ambiguous: several deals answer to the name.
    """
    return add_all(desk, [report])[0]


def add_all(desk: Desk, reports: list[Report]) -> list[Recap]:
    """Record several entries in one transaction: all or none.

    Raises: as `add`.
    """
    try:
        with writing(desk) as writer:
            return recap(desk, writer, [_append(desk, writer, report) for report in reports])
    except (EntryRefused, NotFound, UsageError) as error:
        raise keep_draft(desk, reports, error) from None


class Appended(NamedTuple):
    """What was written, for the recap. `before` is the deal's head before the entry, None for a new deal."""

    entry: int
    deal: int | None
    before: "Head | None"
    new_deal: bool
    missing: tuple[str, ...]
    corrected: bool = False


def _append(desk: Desk, writer: "Writer", report: Report) -> Appended:
    agreement = in_force(writer)
    raw = dict(report.raw)
    said = report.deal or _deal_among(raw, agreement)
    on = day_of(report.on, writer.today)
    if on > writer.today:
        desk.notices.append(msg("desk.ahead", on=on.isoformat()))
    deal = _find_or_none(desk, writer, said, new=report.new_deal) if said else None
    before = head_of(writer, deal)
    values, problems = check(raw, agreement, today=writer.today, standing=standing_values(before, agreement))
    missing = tuple(p.where.field for p in problems if p.needs.key == _MISSING)
    wrong = [p for p in problems if p.needs.key != _MISSING or not report.later]
    if wrong:
        raise EntryRefused(msg("desk.refused", n=len(wrong)), problems=wrong)
    parent = find(desk, writer, report.parent) if report.parent else None
    if said and deal is None:
        deal = writer.begin_deal(said, parent=parent)
    entry = writer.add_entry(
        on,
        values,
        deal=deal,
        author=report.by,
        meeting=_meeting(report.meeting, writer),
        incomplete=bool(missing),
    )
    return Appended(entry, deal, before, said is not None and before is None, missing)


def standing_values(head: "Head | None", agreement: "Agreement") -> dict[str, Any]:
    """What a deal already has, by field key, so that it need not be typed again."""
    if head is None:
        return {}
    found = {
        "customer": head.customer,
        "kind": head.kind,
        "amount": head.amount,
        "closes": str(head.closes) if head.closes else None,
        "confidence": head.confidence,
        "deal": head.name,
    }
    roles = {role: agreement.key(role) for role in ("customer", "kind", "amount", "closes", "confidence", "deal")}
    return {key: found[role] for role, key in roles.items() if key and found[role]}


def day_of(said: str | None, today: date) -> date:
    """The day an entry is about: as typed, the latest past one; today where nothing is typed."""
    return read_day(said, today=today, lean="past") if said else today


def amend(desk: Desk, said: str, report: Report, *, why: str = "") -> Recap:
    """Correct an entry: what is named changes, the rest stays, the earlier version is kept.

    Raises:
        NotFound: there is no such entry.
        EntryRefused: the entry as corrected breaks the schema it is judged by.
    """
    with writing(desk) as writer:
        entry = _entry(writer, said)
        body, missing = _corrections(desk, writer, entry, report)
        if not body:
            raise UsageError(msg("desk.nothing_changed", id=show_id(entry.id)))
        deal = body.get("deal", entry.deal.id if entry.deal else None)
        before = head_of(writer, deal)
        writer.amend(entry.id, body, why=why)
        changed = Appended(entry.id, deal, before, new_deal=False, missing=missing, corrected=True)
        return recap(desk, writer, [changed])[0]


def _corrections(
    desk: Desk, writer: "Writer", entry: "EntryView", report: Report
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The body of an amend, only what differs, and the fields that are still missing. An empty value takes one out."""
    agreement = in_force(writer)
    body: dict[str, Any] = {}
    raw = dict(report.raw)
    said = report.deal or _deal_among(raw, agreement)
    before = entry.deal.id if entry.deal else None
    deal = _find_or_none(desk, writer, said, new=report.new_deal) if said else before
    if said and deal is None:
        deal = writer.begin_deal(said)
    if deal != before:
        body["deal"] = deal
    cleared = {key for key, value in raw.items() if value == ""}
    kept = {key: value for key, value in {**entry.values, **raw}.items() if key not in cleared}
    standing = standing_values(head_of(writer, deal), agreement)
    values, problems = check(kept, agreement, today=writer.today, standing=standing, defaults=False)
    missing = tuple(p.where.field for p in problems if p.needs.key == _MISSING)
    if len(problems) > len(missing) or (missing and not (report.later or entry.incomplete)):
        raise EntryRefused(msg("desk.refused", n=len(problems)), problems=problems)
    changed: dict[str, Any] = {k: v for k, v in values.items() if entry.values.get(k) != v}
    changed.update(dict.fromkeys(sorted(cleared & set(entry.values)), None))
    if changed:
        body["values"] = changed
    on = day_of(report.on, writer.today) if report.on else entry.on
    if on != entry.on:
        body["on"] = on.isoformat()
    if bool(missing) != entry.incomplete:
        body["incomplete"] = bool(missing)
    return body, missing


def retract(desk: Desk, said: str, *, why: str = "") -> Done:
    """Take an entry back; its record stays in the log.

    Raises:
        NotFound: there is no such entry.
    """
    with writing(desk) as writer:
        entry = _entry(writer, said)
        record = writer.retract(entry.id, why=why)
    return Done("done.retracted", {"id": show_id(entry.id)}, [record], desk.dry_run)


def erase(desk: Desk, said: str, *, why: str) -> Done:
    """Erase what an entry says, in all its versions; that there was one, and why it went, stays in the log.

    Raises:
        NotFound: there is no such entry.
    """
    with writing(desk) as writer:
        entry = _entry(writer, said)
        record = writer.redact(entry.id, why)
    return Done("done.erased", {"id": show_id(entry.id)}, [record], desk.dry_run)


def undo(desk: Desk) -> Done:
    """Take the last command back, an import included.

    Raises:
        NotFound: there is nothing to take back.
    """
    if not desk.places.journal_db.exists():
        raise NotFound(msg("desk.nothing_to_undo"))
    with writing(desk) as writer:
        taken = writer.last_command()
        records = writer.undo()
    what = "done.undone_import" if any(r.kind == "batch" for r in taken) else "done.undone"
    return Done(what, {"n": len(records), "id": show_id(records[-1])}, records, desk.dry_run)


def deal_of(desk: Desk, said: str) -> int:
    """The deal that a name stands for.

    Raises:
        NotFound, Ambiguous: none, or several.
    """
    from nippo_cli.journal.names import find_deal

    if not desk.places.journal_db.exists():
        raise NotFound(msg("desk.no_deal_yet", said=said))
    with reading(desk.apart()) as (reader, _):
        return find_deal(reader.cx, said, script=False)


def prepared(desk: Desk, report: Report) -> tuple["Agreement", list[Problem], dict[str, Any]]:
    """What is still wrong with a report or missing from it, without writing: the agreement, the problems, and what its
    deal already has."""
    from nippo_cli.desk.agreed import for_writing

    agreement = for_writing(desk.places)
    raw = dict(report.raw)
    said = report.deal or _deal_among(raw, agreement)
    head: Head | None = None
    today = desk.today("UTC")
    if desk.places.journal_db.exists():
        from nippo_cli.journal.names import find_deal

        with reading(desk.apart()) as (reader, as_of):
            today = as_of.on
            if said and not report.new_deal:
                try:
                    head = reader.head(_EVER, find_deal(reader.cx, said, script=not desk.interactive))
                except NotFound:
                    head = None
    _, problems = check(raw, agreement, today=today, standing=standing_values(head, agreement))
    return agreement, problems, standing_values(head, agreement)


def _deal_among(raw: dict[str, object], agreement: "Agreement") -> str | None:
    """The deal where it is typed as a field; taken out of the fields."""
    key = agreement.key("deal")
    for name in (key, agreement.by_key[key].label if key else None):
        if name and name in raw:
            said = raw.pop(name)
            return str(said) if said else None
    return None


def _find_or_none(desk: Desk, writer: "Writer", said: str, *, new: bool) -> int | None:
    """The deal of a name; None for a new one that is asked for. A deal that has the name already is that one."""
    from nippo_cli.journal.names import find_deal

    try:
        return find_deal(writer.cx, said, script=new or not desk.interactive)
    except NotFound:
        if new:
            return None
        raise


def find(desk: Desk, writer: "Writer", said: str) -> int:
    """The deal of a name, an id or an alias; a part of one only where a person is there to see which.

    Raises:
        NotFound, Ambiguous: none, or several.
    """
    from nippo_cli.journal.names import find_deal

    return find_deal(writer.cx, said, script=not desk.interactive)


def head_of(writer: "Writer", deal: int | None) -> "Head | None":
    """A deal as it stands inside the transaction; None where there is none, or it has no line yet."""
    from nippo_cli.journal.reader import Reader

    if deal is None:
        return None
    writer.projection.settle()
    return Reader(writer.cx).head(_EVER, deal)


def in_force(writer: "Writer") -> "Agreement":
    """The agreement that the transaction writes under.

    Raises:
        RuntimeError: none is adopted; `desk.writing` always adopts one first.
    """
    if writer.agreement is None:
        raise RuntimeError("agreement")
    return writer.agreement


def _entry(writer: "Writer", said: str) -> "EntryView":
    """The entry of an id as typed.

    Raises:
        UsageError: it is no id. NotFound: there is no such entry, or it was taken back.
    """
    from nippo_cli.journal.reader import Reader

    found = read_id(said)
    if found is None:
        raise UsageError(msg("desk.bad_id", said=said))
    reader = Reader(writer.cx)
    entry = reader.entry(_EVER, found)
    if entry is None or reader.is_retracted(found):
        raise NotFound(msg("desk.no_entry", said=said), hint=msg("desk.see_log"))
    return entry


def _meeting(said: str | None, writer: "Writer") -> int | None:
    if not said:
        return None
    found = _entry(writer, said)
    return found.meeting or found.id
