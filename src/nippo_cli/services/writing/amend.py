"""Correcting an entry: only what differs is written, and the earlier version is kept."""

from typing import TYPE_CHECKING, Any

from nippo_cli.base.errors import EntryRefused, NippoError, UsageError, msg
from nippo_cli.base.ids import show_id
from nippo_cli.line.checked_entry import check
from nippo_cli.results.recap import Recap
from nippo_cli.services.context import (
    EVER,
    Appended,
    Report,
    Workspace,
    day_of,
    entry_of,
    expect_plausible,
    find,
    head_of,
    implausible,
    in_force,
    writing,
)
from nippo_cli.services.writing.deal_customer import EntryOfLeftDeal, left_deal, other_customer, stated_customer
from nippo_cli.services.writing.recaps import recap
from nippo_cli.services.writing.record import MISSING, deal_among, named_deal, values_of_deal
from nippo_cli.services.writing.slipped_amounts import announced_slip, note_slip

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from nippo_cli.base.errors import Problem
    from nippo_cli.journal.write import Writer
    from nippo_cli.line.facts import DealSummary
    from nippo_cli.results.entries import EntryView
    from nippo_cli.schema.schema import Schema


def amend(workspace: Workspace, said: str, report: Report, *, why: str = "") -> Recap:
    """Correct an entry: what is named changes, the rest stays, the earlier version is kept.

    Raises:
        NotFound: there is no such entry.
        EntryRefused: the entry as corrected breaks the schema it is judged by.
        UsageError: nothing changes; or it names a customer, and is to go to another's deal without a word of that.
        EntryOfLeftDeal: it names a customer, and would take over a deal that another left.
    """
    with writing(workspace, begin=False) as writer:
        entry = entry_of(writer, said)
        body, missing = _corrections(workspace, writer, entry, report)
        if not body:
            raise _unchanged(entry, missing)
        deal = body.get("deal", entry.deal.id if entry.deal else None)
        before, key = head_of(writer, deal), in_force(writer).key("customer")
        # Of a customer that is named in the same breath the answer tells what became.
        if "deal" in body and key not in report.raw:
            own, names = entry.values.get(entry.schema.key("customer") or ""), writer.projection.customer_names
            if other := other_customer(named_deal(before), own, in_force(writer), names):
                raise other.of_entry(entry.id, workspace.places.options)
        said_now = body.get("values", {}) if "deal" not in body else {**entry.values, **body.get("values", {})}
        _expect_not_left(writer, before, report, said_now.get(key), entry.id)
        writer.amend(entry.id, body, why=why)
        now = {**entry.values, **body.get("values", {})} if "deal" in body else body.get("values", {})
        customer = str(now.get(key) or "")
        left = entry.deal.customer if entry.deal and "deal" in body and not customer else ""
        changed = Appended(entry.id, deal, before, False, missing, corrected=True, customer=customer, left=left)
        return recap(workspace, writer, [changed])[0]


def _expect_not_left(writer: "Writer", to: "DealSummary | None", report: Report, customer: object, entry: int) -> None:
    """An entry that names a customer doesn't take over a deal that another customer left, unless that is named by its id, or
    the entry is all that is in it.

    Raises:
        EntryOfLeftDeal: it would.
    """
    names = writer.projection.customer_names
    left = left_deal(named_deal(to), report.deal, str(customer or ""), in_force(writer), names, writer.once_of)
    if left is None:
        return
    there = writer.reader.log(EVER, deal=left.deal.id, limit=2, count=False).entries
    if any(one.id != entry for one in there):
        raise EntryOfLeftDeal(left)


def would_slip(workspace: Workspace, said: str, report: Report) -> "tuple[int, Mapping[str, object]] | None":
    """The amount that a correction would write, and both in words, where it is a hundred times the deal's or a hundredth; None
    where it isn't, and where the correction is refused: the write says so."""
    look = workspace.apart()
    look.dry_run = True
    try:
        amend(look, said, report)
    except NippoError:
        return None
    both = announced_slip(look)
    return (look.sure_amount, both) if both is not None and look.sure_amount is not None else None


def _unchanged(entry: "EntryView", missing: tuple[str, ...]) -> UsageError:
    """Nothing to correct; of an incomplete entry, what it still lacks and how to write it."""
    if not missing:
        return UsageError(msg("desk.nothing_changed", id=show_id(entry.id)))
    fields = entry.schema.by_key
    labels = tuple(fields[key].label if key in fields else key for key in missing)
    message = msg("writing.still_missing", id=show_id(entry.id), fields=labels)
    options = " ".join(f"--{key.replace('_', '-')} …" for key in missing)
    return UsageError(message, hint=msg("desk.complete_it", id=show_id(entry.id), options=options))


def _still_open(
    problems: "Sequence[Problem]", before: "Sequence[Problem]", typed: "Collection[str]", entry: "EntryView"
) -> "tuple[list[Problem], tuple[str, ...]]":
    """What a correction leaves wrong, and the fields that it leaves missing.

    Args:
        before: what was wrong with the entry as it stands.
        typed: the fields that the correction names.
    """
    stood = {p.where.field for p in before if p.needs.key != MISSING} - set(typed)
    problems = [p for p in problems if p.where.field not in stood]
    # What a later schema asks for, an old entry need not have: only what the correction itself leaves open counts.
    lacked = () if entry.incomplete else {p.where.field for p in before if p.needs.key == MISSING}
    missing = tuple(p.where.field for p in problems if p.needs.key == MISSING and p.where.field not in lacked)
    return [p for p in problems if p.needs.key != MISSING or p.where.field in missing], missing


def _whose(entry: "EntryView", report: Report, schema: "Schema") -> str:
    """The customer that is typed, else the entry's own, else its deal's."""
    own = stated_customer(report.raw, schema) or str(entry.values.get(entry.schema.key("customer") or "") or "")
    return own or (entry.deal.customer if entry.deal else "")


def _corrections(
    workspace: Workspace, writer: "Writer", entry: "EntryView", report: Report
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The body of an amend, only what differs, and the fields that are still missing. An empty value takes one out."""
    schema = in_force(writer)
    body: dict[str, Any] = {}
    raw = dict(report.raw)
    said = report.deal or deal_among(raw, schema)
    before = entry.deal.id if entry.deal else None
    deal = find(workspace, writer, said, customer=_whose(entry, report, schema)) if said else before
    if deal != before:
        body["deal"] = deal
    cleared = {key for key, value in raw.items() if value == ""}
    # What a field holds that an older agreement had stays as it is: nobody can judge it now, and nobody typed it.
    known = {key: value for key, value in entry.values.items() if key in schema.by_key}
    combined = {key: value for key, value in {**known, **raw}.items() if key not in cleared}
    head = head_of(writer, deal)
    deal_values = values_of_deal(head, said, schema)
    on = day_of(report.on, writer.today) if report.on else entry.on
    expect_plausible(schema, writer.today, report.on, on)
    values, problems = check(combined, schema, today=on, current=deal_values, defaults=False)
    # What stands is not judged by what nobody typed now.
    problems += implausible({k: v for k, v in values.items() if entry.values.get(k) != v}, schema, writer.today)
    _, before_it = check(known, schema, today=writer.today, current=deal_values, defaults=False)
    typed = {*raw, *(field.key for field in schema.fields if field.label in raw)}
    wrong, missing = _still_open(problems, before_it, typed, entry)
    if len(wrong) > len(missing) or (missing and not (report.later or entry.incomplete)):
        raise EntryRefused(msg("desk.refused", n=len(wrong)), problems=wrong)
    changed = {k: v for k, v in values.items() if entry.values.get(k) != v}
    changed |= dict.fromkeys(sorted(cleared & set(entry.values)), None)
    if changed:
        body["values"] = changed
        note_slip(workspace, schema, deal_values, changed)
    if on != entry.on:
        body["on"] = on.isoformat()
        if on > writer.today:
            workspace.notices.append(msg("desk.ahead", on=on.isoformat()))
    if entry.snapshot and report.on:
        # Whoever says on which day it was says what happened, and no longer what a list held.
        body["snapshot"] = False
    if bool(missing) != entry.incomplete:
        body["incomplete"] = bool(missing)
    return body, missing
