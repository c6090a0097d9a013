"""Recording an entry, and correcting one."""

from typing import TYPE_CHECKING, Any

from nippo_cli.base.errors import EntryRefused, NotFound, Problem, UsageError, msg
from nippo_cli.base.ids import show_id
from nippo_cli.base.text import normal_form
from nippo_cli.line.checked_entry import check
from nippo_cli.results.recap import Recap
from nippo_cli.services.context import (
    EVER,
    Appended,
    Report,
    Workspace,
    current_values,
    day_of,
    entry_of,
    find,
    head_of,
    in_force,
    local_time_zone,
    reading,
    writing,
)
from nippo_cli.services.writing.deal_customer import NameHeld, other_customer
from nippo_cli.services.writing.recaps import recap
from nippo_cli.services.writing.refusals import as_problem, day_or_why_not, placed, refusal

if TYPE_CHECKING:
    from nippo_cli.journal.read import NamedDeal
    from nippo_cli.journal.write import Writer
    from nippo_cli.line.facts import DealSummary
    from nippo_cli.results.entries import EntryView
    from nippo_cli.schema.schema import Schema

# The problem of a required field that is not there.
MISSING = "entry.required"


def add(desk: Workspace, report: Report) -> Recap:
    """Record one entry, on disk when this returns.

    Raises:
        EntryRefused: it breaks the schema; all problems at once, and what was typed is kept as a draft.
        NotFound: the deal is unknown, and `new_deal` is not asked for.
        Ambiguous: several deals answer to the name.
    """
    return add_all(desk, [report])[0]


def add_all(desk: Workspace, reports: list[Report]) -> list[Recap]:
    """Record several entries in one transaction: all or none.

    Raises: as `add`.
    """
    from nippo_cli.services.writing.keeping import kept_on_failure

    with kept_on_failure(desk, reports), writing(desk) as writer:
        told = recap(desk, writer, _append_all(desk, writer, reports))
        if desk.draft is not None:
            from nippo_cli.services.writing.drafts import drafts_of
            from nippo_cli.services.writing.recorded_drafts import note

            note(drafts_of(desk), writer, desk.draft)
        return told


def _append_all(desk: Workspace, writer: "Writer", reports: list[Report]) -> list[Appended]:
    """Append each; what is wrong with any is told of all at once, each problem with its place in the file."""
    done: list[Appended] = []
    problems: list[Problem] = []
    refused_new: set[str] = set()
    broken = False
    for report in reports:
        try:
            done.append(_append(desk, writer, report, {one.deal for one in done if one.new_deal and one.deal}))
        except EntryRefused as error:
            problems += [placed(problem, report) for problem in error.problems]
            broken = True
            refused_new |= {normal_form(report.deal)} if report.new_deal and report.deal else set()
        except (NotFound, UsageError) as error:
            if not report.where.file:
                raise
            # A deal that an earlier report of the file would have begun is not unknown as well.
            if report.deal is None or normal_form(report.deal) not in refused_new:
                problems.append(placed(as_problem(error, report), report))
                broken = broken or not isinstance(error, NotFound)
    if problems and not broken:
        raise NotFound(msg("desk.refused", n=len(problems)), problems=problems)
    if problems:
        hint = msg("desk.or_later") if all(p.needs.key == MISSING for p in problems) else None
        raise EntryRefused(msg("desk.refused", n=len(problems)), problems=problems, hint=hint)
    return done


def _append(desk: Workspace, writer: "Writer", report: Report, begun: set[int]) -> Appended:
    """Write one report; `begun` are the deals that the command has begun by now."""
    agreement = in_force(writer)
    raw = dict(report.raw)
    said = report.deal or _deal_among(raw, agreement)
    on, unread = day_or_why_not(report.on, writer.today)
    deal, held = _deal_of(desk, writer, said, report, begun)
    if deal is not None and report.parent:
        raise UsageError(msg("writing.parent_of_old", said=said), hint=msg("writing.parent_of_old_hint"))
    before = head_of(writer, deal)
    standing = _standing(before, said, agreement)
    # What is promised in an entry is read from the entry's own day: `10/20` of a report of 10/1 is that October.
    values, problems = check(raw | _name_of_new(said, deal, agreement), agreement, today=on, standing=standing)
    missing = tuple(p.where.field for p in problems if p.needs.key == MISSING)
    # What a deal that is gone on with has already is not missing.
    wrong = [p for p in problems if p.needs.key != MISSING or not (report.later or held)]
    customer = str(values.get(agreement.key("customer") or "") or "")
    if report.change_customer and not customer:
        raise UsageError(msg("writing.change_to_none"), hint=msg("writing.change_to_none_hint"))
    other = None if report.change_customer else other_customer(_named(before), customer, agreement, begun)
    refused = refusal(unread, [one for one in (held, other) if one], wrong, report)
    if refused:
        raise refused
    if on > writer.today:
        desk.notices.append(msg("desk.ahead", on=on.isoformat()))
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
    return Appended(entry, deal, before, said is not None and before is None, missing, customer=customer)


def _deal_of(
    desk: Workspace, writer: "Writer", said: str | None, report: Report, begun: set[int]
) -> tuple[int | None, NameHeld | None]:
    """The deal that a report goes on with, None for a new one or none; and why no new one can begin. A file may call a deal
    new in each of its entries."""
    from nippo_cli.journal.read import holder

    if not said or not report.new_deal:
        return find(desk, writer, said, begins=True) if said else None, None
    writer.projection.flush()
    holds = holder(writer.cx, said)
    if holds is None or holds.id in begun:
        return holds.id if holds else None, None
    return None, NameHeld(said, holds)


def _named(head: "DealSummary | None") -> "NamedDeal | None":
    from nippo_cli.journal.read import NamedDeal

    return NamedDeal(head.id, head.name, head.customer) if head else None


def _name_of_new(said: str | None, deal: int | None, agreement: "Schema") -> dict[str, object]:
    """The name of a deal that is to begin, as a field: it is read and judged like one."""
    key = agreement.key("deal")
    return {key: said} if key and said and deal is None else {}


def amend(desk: Workspace, said: str, report: Report, *, why: str = "") -> Recap:
    """Correct an entry: what is named changes, the rest stays, the earlier version is kept.

    Raises:
        NotFound: there is no such entry.
        EntryRefused: the entry as corrected breaks the schema it is judged by.
        UsageError: nothing changes; or it names a customer, and is to go to another's deal without a word of that.
    """
    with writing(desk, begin=False) as writer:
        entry = entry_of(writer, said)
        body, missing = _corrections(desk, writer, entry, report)
        if not body:
            raise _unchanged(entry, missing)
        deal = body.get("deal", entry.deal.id if entry.deal else None)
        before, key = head_of(writer, deal), in_force(writer).key("customer")
        # Of a customer that is named in the same breath the answer tells what became.
        if "deal" in body and key not in report.raw:
            own = entry.values.get(entry.agreement.key("customer") or "")
            if other := other_customer(_named(before), own, in_force(writer)):
                raise other.of_entry(entry.id, desk.places.options)
        writer.amend(entry.id, body, why=why)
        now = {**entry.values, **body.get("values", {})} if "deal" in body else body.get("values", {})
        customer = str(now.get(key) or "")
        left = entry.deal.customer if entry.deal and "deal" in body and not customer else ""
        changed = Appended(entry.id, deal, before, False, missing, corrected=True, customer=customer, left=left)
        return recap(desk, writer, [changed])[0]


def _unchanged(entry: "EntryView", missing: tuple[str, ...]) -> UsageError:
    """Nothing to correct; of an incomplete entry, what it still lacks and how to write it."""
    if not missing:
        return UsageError(msg("desk.nothing_changed", id=show_id(entry.id)))
    fields = entry.agreement.by_key
    labels = tuple(fields[key].label if key in fields else key for key in missing)
    found = msg("writing.still_missing", id=show_id(entry.id), fields=labels)
    options = " ".join(f"--{key.replace('_', '-')} …" for key in missing)
    return UsageError(found, hint=msg("desk.complete_it", id=show_id(entry.id), options=options))


def _corrections(
    desk: Workspace, writer: "Writer", entry: "EntryView", report: Report
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The body of an amend, only what differs, and the fields that are still missing. An empty value takes one out."""
    agreement = in_force(writer)
    body: dict[str, Any] = {}
    raw = dict(report.raw)
    said = report.deal or _deal_among(raw, agreement)
    before = entry.deal.id if entry.deal else None
    deal = find(desk, writer, said) if said else before
    if deal != before:
        body["deal"] = deal
    cleared = {key for key, value in raw.items() if value == ""}
    kept = {key: value for key, value in {**entry.values, **raw}.items() if key not in cleared}
    head = head_of(writer, deal)
    standing = _standing(head, said, agreement)
    on = day_of(report.on, writer.today) if report.on else entry.on
    values, problems = check(kept, agreement, today=on, standing=standing, defaults=False)
    missing = tuple(p.where.field for p in problems if p.needs.key == MISSING)
    _, before_it = check(entry.values, agreement, today=writer.today, standing=standing, defaults=False)
    # What a later schema asks for, an old entry need not have: only what the correction itself leaves open counts.
    lacked = () if entry.incomplete else {p.where.field for p in before_it if p.needs.key == MISSING}
    missing = tuple(field for field in missing if field not in lacked)
    wrong = [p for p in problems if p.needs.key != MISSING or p.where.field in missing]
    if len(wrong) > len(missing) or (missing and not (report.later or entry.incomplete)):
        raise EntryRefused(msg("desk.refused", n=len(wrong)), problems=wrong)
    changed: dict[str, Any] = {k: v for k, v in values.items() if entry.values.get(k) != v}
    changed.update(dict.fromkeys(sorted(cleared & set(entry.values)), None))
    if changed:
        body["values"] = changed
    if on != entry.on:
        body["on"] = on.isoformat()
        if on > writer.today:
            desk.notices.append(msg("desk.ahead", on=on.isoformat()))
    if bool(missing) != entry.incomplete:
        body["incomplete"] = bool(missing)
    return body, missing


def deal_of(desk: Workspace, said: str) -> int:
    """The deal that a name stands for.

    Raises:
        NotFound, Ambiguous: none, or several.
    """
    from nippo_cli.journal.read import find_deal

    if not desk.places.journal_db.exists():
        raise NotFound(msg("desk.no_deal_yet", said=said))
    with reading(desk.apart()) as (reader, _):
        return find_deal(reader.cx, said, script=False)


def knows(desk: Workspace, said: str) -> bool:
    """Whether a deal, and only one, answers to a name."""
    try:
        deal_of(desk, said)
    except NotFound:
        return False
    return True


def prepared(desk: Workspace, report: Report) -> tuple["Schema", list[Problem], dict[str, Any]]:
    """What is still wrong with a report or missing from it, without writing: the agreement, the problems, and what its
    deal already has."""
    from nippo_cli.services.context import for_writing

    agreement = for_writing(desk.places)
    raw = dict(report.raw)
    said = report.deal or _deal_among(raw, agreement)
    head: DealSummary | None = None
    today = desk.today(local_time_zone())
    if desk.places.journal_db.exists():
        from nippo_cli.journal.read import find_deal

        with reading(desk.apart()) as (reader, as_of):
            today = as_of.on
            if said and not report.new_deal:
                try:
                    head = reader.head(EVER, find_deal(reader.cx, said, script=not desk.interactive))
                except NotFound:
                    head = None
    standing = _standing(head, said, agreement)
    _, problems = check(raw, agreement, today=day_of(report.on, today), standing=standing)
    return agreement, problems, standing


def _standing(head: "DealSummary | None", said: str | None, agreement: "Schema") -> dict[str, Any]:
    """What the deal already has, a new one its name."""
    key = agreement.key("deal")
    return {**({key: said} if key and said else {}), **current_values(head, agreement)}


def _deal_among(raw: dict[str, object], agreement: "Schema") -> str | None:
    """The deal where it is typed as a field; taken out of the fields."""
    key = agreement.key("deal")
    for name in (key, agreement.by_key[key].label if key else None):
        if name and name in raw:
            said = raw.pop(name)
            return str(said) if said else None
    return None


def _meeting(said: str | None, writer: "Writer") -> int | None:
    if not said:
        return None
    found = entry_of(writer, said)
    return found.meeting or found.id
