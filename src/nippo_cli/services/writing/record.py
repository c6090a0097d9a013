"""Recording entries: all of a command or none, with everything that is wrong told at once."""

from typing import TYPE_CHECKING, Any

from nippo_cli.base.errors import EntryRefused, NotFound, Problem, UsageError, msg
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
    implausible,
    in_force,
    local_time_zone,
    note_night,
    reading,
    writing,
)
from nippo_cli.services.writing.deal_customer import NameHeld, left_deal, other_customer, stated_customer
from nippo_cli.services.writing.recaps import recap
from nippo_cli.services.writing.refusals import as_problem, day_or_why_not, placed, refusal
from nippo_cli.services.writing.slipped_amounts import note_slip

if TYPE_CHECKING:
    from nippo_cli.journal.read import NamedDeal
    from nippo_cli.journal.write import Writer
    from nippo_cli.line.facts import DealSummary
    from nippo_cli.schema.schema import Schema

# The problem of a required field that is not there.
MISSING = "entry.required"


def add(workspace: Workspace, report: Report) -> Recap:
    """Record one entry, on disk when this returns.

    Raises:
        EntryRefused: it breaks the schema; all problems at once, and what was typed is kept as a draft.
        NotFound: the deal is unknown, and `new_deal` is not asked for.
        Ambiguous: several deals answer to the name.
    """
    return add_all(workspace, [report])[0]


def add_all(workspace: Workspace, reports: list[Report]) -> list[Recap]:
    """Record several entries in one transaction: all or none.

    Raises: as `add`.
    """
    from nippo_cli.services.writing.keeping import draft_on_failure

    with draft_on_failure(workspace, reports), writing(workspace) as writer:
        recaps = recap(workspace, writer, _append_all(workspace, writer, reports))
        if workspace.draft is not None:
            from nippo_cli.services.writing.drafts import drafts_of
            from nippo_cli.services.writing.recorded_drafts import note

            note(drafts_of(workspace), writer, workspace.draft)
        return recaps


def _append_all(workspace: Workspace, writer: "Writer", reports: list[Report]) -> list[Appended]:
    """Append each; what is wrong with any is told of all at once, each problem with its place in the file."""
    done: list[Appended] = []
    problems: list[Problem] = []
    refused_new: set[str] = set()
    broken = False
    for report in reports:
        try:
            done.append(_append(workspace, writer, report, {one.deal for one in done if one.new_deal and one.deal}))
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


def _append(workspace: Workspace, writer: "Writer", report: Report, new_deals: set[int]) -> Appended:
    """Write one report; `new_deals` are the deals that the command has begun by now."""
    schema = in_force(writer)
    raw = dict(report.raw)
    said = report.deal or deal_among(raw, schema)
    on, unread = day_or_why_not(report.on, writer.today, schema)
    deal, held = _deal_of(workspace, writer, said, report, new_deals, stated_customer(raw, schema))
    if deal is not None and report.parent:
        raise UsageError(msg("writing.parent_of_old", said=said), hint=msg("writing.parent_of_old_hint"))
    before = head_of(writer, deal)
    deal_values = values_of_deal(before, said, schema)
    # What is promised in an entry is read from the entry's own day: `10/20` of a report of 10/1 is that October.
    values, problems = check(raw | _name_of_new(said, deal, schema), schema, today=on, current=deal_values)
    problems += implausible(values, schema, writer.today)
    missing = tuple(p.where.field for p in problems if p.needs.key == MISSING)
    # What a deal that is gone on with has already is not missing.
    wrong = [p for p in problems if p.needs.key != MISSING or not (report.later or held)]
    customer, names = str(values.get(schema.key("customer") or "") or ""), writer.projection.customer_names
    if report.change_customer and not customer:
        raise UsageError(msg("writing.change_to_none"), hint=msg("writing.change_to_none_hint"))
    to = named_deal(before) if not report.change_customer else None
    other = other_customer(to, customer, schema, names, new_deals)
    left = left_deal(to, said, customer, schema, names, writer.once_of)
    refused = refusal(unread, [one for one in (held, other, left) if one], wrong, report)
    if refused:
        raise refused
    if not report.on:
        note_night(workspace, writer)
    note_slip(workspace, schema, deal_values, values)
    if on > writer.today:
        workspace.notices.append(msg("desk.ahead", on=on.isoformat()))
    parent = find(workspace, writer, report.parent, customer=customer) if report.parent else None
    if said and deal is None:
        deal = writer.begin_deal(said.strip(), customer=customer, parent=parent)
    new_customer = customer if customer and not writer.reader.knows_customer(customer) else ""
    meeting = _meeting(report.meeting, writer)
    entry = writer.add_entry(on, values, deal=deal, author=report.by, meeting=meeting, incomplete=bool(missing))
    if new_customer:
        from nippo_cli.services.writing.near_customers import note_near

        note_near(workspace, writer, [new_customer])
    return Appended(entry, deal, before, said is not None and before is None, missing, customer=customer)


def _deal_of(
    workspace: Workspace, writer: "Writer", said: str | None, report: Report, new_deals: set[int], customer: str
) -> tuple[int | None, NameHeld | None]:
    """The deal that a report goes on with, None for a new one or none; and why no new one can begin. A file may call a deal
    new in each of its entries, and name its customer in one of them."""
    if not said or not report.new_deal:
        return find(workspace, writer, said, begins=True, customer=customer) if said else None, None
    from nippo_cli.journal.read import free_name, holder, namesakes

    if not normal_form(said):
        raise UsageError(msg("desk.empty_name"))
    writer.projection.flush()
    here = [deal for deal in namesakes(writer.cx, said) if deal.id in new_deals]
    if customer:
        # Nobody's goes on with the first customer that is named.
        names = writer.projection.customer_names
        here = [d for d in here if names.same(d.customer, customer)] or [d for d in here if not d.customer]
    if len(here) > 1:
        raise UsageError(msg("writing.several_begun", said=said, customers=[deal.customer for deal in here]))
    if here:
        return here[0].id, None
    holds = holder(writer.cx, said, customer)
    return None, NameHeld(said, holds, free_name(writer.cx, said, customer)) if holds else None


def named_deal(head: "DealSummary | None") -> "NamedDeal | None":
    """A deal by its name and customer alone."""
    from nippo_cli.journal.read import NamedDeal

    return NamedDeal(head.id, head.name, head.customer) if head else None


def _name_of_new(said: str | None, deal: int | None, schema: "Schema") -> dict[str, object]:
    """The name of a deal that is to begin, as a field: it is read and judged like one."""
    key = schema.key("deal")
    return {key: said} if key and said and deal is None else {}


def deal_of(workspace: Workspace, said: str, customer: str = "") -> int:
    """The deal that a name stands for; of several of that name the one of a customer.

    Raises:
        NotFound, Ambiguous: none, or several.
    """
    from nippo_cli.journal.read import find_deal

    if not workspace.places.journal_db.exists():
        raise NotFound(msg("desk.no_deal_yet", said=said))
    with reading(workspace.apart()) as (reader, _):
        return find_deal(reader.cx, said, script=False, customer=customer)


def customer_of(workspace: Workspace, report: Report) -> str:
    """The customer that a report says, "" where it says none."""
    from nippo_cli.services.context import for_writing

    return stated_customer(report.raw, for_writing(workspace.places))


def knows(workspace: Workspace, report: Report) -> bool:
    """Whether a deal, and only one, answers to the name that a report gives."""
    try:
        deal_of(workspace, report.deal or "", customer_of(workspace, report))
    except NotFound:
        return False
    return True


def prepared(workspace: Workspace, report: Report) -> tuple["Schema", list[Problem], dict[str, Any]]:
    """What is still wrong with a report or missing from it, without writing: the schema, the problems, and what its
    deal already has."""
    from nippo_cli.services.context import for_writing

    schema = for_writing(workspace.places)
    raw = dict(report.raw)
    said = report.deal or deal_among(raw, schema)
    head: DealSummary | None = None
    today = workspace.today(local_time_zone())
    if workspace.places.journal_db.exists():
        from nippo_cli.journal.read import find_deal

        with reading(workspace.apart()) as (reader, as_of):
            today = as_of.on
            if said and not report.new_deal:
                try:
                    customer = stated_customer(raw, schema)
                    deal = find_deal(reader.cx, said, script=not workspace.interactive, customer=customer)
                    head = reader.head(EVER, deal)
                except NotFound:
                    head = None
    deal_values = values_of_deal(head, said, schema)
    _, problems = check(raw, schema, today=day_of(report.on, today), current=deal_values)
    return schema, problems, deal_values


def values_of_deal(head: "DealSummary | None", said: str | None, schema: "Schema") -> dict[str, Any]:
    """What the deal already has, a new one its name."""
    key = schema.key("deal")
    return {**({key: said} if key and said else {}), **current_values(head, schema)}


def deal_among(raw: dict[str, object], schema: "Schema") -> str | None:
    """The deal where it is typed as a field; taken out of the fields."""
    key = schema.key("deal")
    for name in (key, schema.by_key[key].label if key else None):
        if name and name in raw:
            said = raw.pop(name)
            return str(said) if said else None
    return None


def _meeting(said: str | None, writer: "Writer") -> int | None:
    if not said:
        return None
    entry = entry_of(writer, said)
    return entry.meeting or entry.id
