"""What is told of a deal apart from its entries: its name, its owner, its holds, and that two are one."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from nippo_cli.base.dates import read_day, read_promise
from nippo_cli.base.errors import NotFound, UsageError, msg
from nippo_cli.base.ids import show_id
from nippo_cli.results.recap import CustomerChange, Done
from nippo_cli.services.context import (
    EVER,
    Workspace,
    expect_plausible,
    find,
    head_of,
    in_force,
    owner_named,
    writing,
)
from nippo_cli.services.writing.deal_customer import customer_changes
from nippo_cli.services.writing.refusals import name_problem

if TYPE_CHECKING:
    from nippo_cli.journal.write import Writer


def rename(workspace: Workspace, said: str, name: str) -> Done:
    """Give a deal another name; the old one stays an alias.

    Raises:
        NotFound, Ambiguous: as `page`. UsageError: the name is empty or another deal's.
    """
    if not name.strip():
        raise UsageError(msg("desk.empty_name"))
    with writing(workspace, begin=False) as writer:
        deal = find(workspace, writer, said)
        if unfit := name_problem(name.strip(), in_force(writer), writer.today):
            raise UsageError(unfit.needs)
        record = writer.rename(deal, name.strip())
    return Done("done.renamed", {"id": show_id(deal), "name": name.strip()}, [record], workspace.dry_run)


def merge(workspace: Workspace, said: str, into: str) -> Done:
    """Make one deal of two: the first one's entries and names become the second's.

    Raises:
        NotFound, Ambiguous: as `page`. UsageError: both are the same deal.
    """
    with writing(workspace, begin=False) as writer:
        deal, other = find(workspace, writer, said), find(workspace, writer, into)
        if deal == other:
            raise UsageError(
                msg("desk.merge_itself", said=said, into=into, id=show_id(deal), called=_called(writer, deal))
            )
        called, other_called = _called(writer, deal), _called(writer, other)
        customer = _customer(writer, deal)
        record = writer.merge(deal, other)
        changed, now = customer_changes(writer), _customer(writer, other)
        before = customer or (writer.once_another(deal, now) if now else None)
        if before is not None and not writer.projection.customer_names.same(before, now):
            changed = [CustomerChange(deal, called, before, now), *changed]
    params: dict[str, object] = {
        "id": show_id(deal),
        "into": show_id(other),
        "called": called,
        "other_called": other_called,
    }
    return Done("done.merged", params, [record], workspace.dry_run, changed)


def assign(workspace: Workspace, said: str, owner: str, *, on: str | None = None) -> Done:
    """Hand a deal to an owner, from a day on (today).

    Raises:
        NotFound, Ambiguous: as `page`. UsageError: no owner is named, or it is the one that the deal has.
    """
    if not owner.strip():
        raise UsageError(msg("desk.empty_name"))
    with writing(workspace, begin=False) as writer:
        deal = find(workspace, writer, said)
        day = read_day(on, today=writer.today, lean="past") if on else writer.today
        expect_plausible(in_force(writer), writer.today, on, day)
        called, head = _called(writer, deal), head_of(writer, deal)
        if head is not None and head.owner == owner.strip() and on is None:
            raise UsageError(msg("writing.same_owner", called=called, owner=head.owner))
        record = writer.assign(deal, owner.strip(), on=day)
    params: dict[str, object] = {"id": show_id(deal), "owner": owner.strip(), "called": called}
    return Done("done.assigned", params, [record], workspace.dry_run)


def assign_all(workspace: Workspace, giver: str, owner: str, *, on: str | None = None) -> Done:
    """Hand all live deals of an owner to another, from a day on (today).

    Raises:
        NotFound, Ambiguous: no owner, or several, answer to the name; or who does owns no live deal. UsageError: no owner is named to hand
            them to, or it is the same one.
    """
    if not owner.strip():
        raise UsageError(msg("desk.empty_name"))
    with writing(workspace, begin=False) as writer:
        whose = owner_named(writer.reader, EVER, giver)
        day = read_day(on, today=writer.today, lean="past") if on else writer.today
        expect_plausible(in_force(writer), writer.today, on, day)
        if whose == owner.strip():
            raise UsageError(msg("writing.hands_to_itself", owner=whose))
        deals = [head.id for head in writer.reader.heads(EVER, live=True, owner=whose)]
        if not deals:
            raise NotFound(msg("writing.owns_none", owner=whose))
        records = [writer.assign(deal, owner.strip(), on=day) for deal in deals]
    params: dict[str, object] = {"from": whose, "owner": owner.strip(), "n": len(deals)}
    return Done("done.assigned_all", params, records, workspace.dry_run)


def hold(workspace: Workspace, said: str, *, until: str, why: str, since: str | None = None) -> Done:
    """Put a deal on hold, from a day (today) to `until`, both included.

    Raises:
        NotFound, Ambiguous: as `page`. UsageError: the reason is empty, or it ends before it begins.
    """
    if not why.strip():
        raise UsageError(msg("desk.hold_why"))
    with writing(workspace, begin=False) as writer:
        deal = find(workspace, writer, said)
        schema = in_force(writer)
        first = read_day(since, today=writer.today, lean="past") if since else writer.today
        last = read_promise(until, today=writer.today, fiscal_year_start=schema.fiscal_year_start).last
        expect_plausible(schema, writer.today, since, first)
        expect_plausible(schema, writer.today, until, last)
        if last < first:
            raise UsageError(msg("desk.hold_backwards", first=first.isoformat(), last=last.isoformat()))
        called = _called(writer, deal)
        record = writer.hold(deal, first, last, why.strip())
    params: dict[str, object] = {"id": show_id(deal), "first": _iso(first), "last": _iso(last), "called": called}
    return Done("done.held", params, [record], workspace.dry_run)


def release(workspace: Workspace, said: str) -> Done:
    """End a deal's hold: today is its first day without.

    Raises:
        NotFound: the deal is not on hold.
    """
    with writing(workspace, begin=False) as writer:
        deal = find(workspace, writer, said)
        head = head_of(writer, deal)
        called = _called(writer, deal)
        held = next((h for h in head.holds if h.first <= writer.today <= h.last), None) if head else None
        if held is None:
            raise NotFound(msg("desk.not_held", said=said))
        if held.first == writer.today:
            record = writer.retract(held.id)
        else:
            record = writer.amend(held.id, {"last": _iso(writer.today - timedelta(days=1))}, why="")
    return Done("done.released", {"id": show_id(deal), "called": called}, [record], workspace.dry_run)


def _called(writer: "Writer", deal: int) -> str:
    """What a person reads beside the id, to see that it is the deal that was meant."""
    head = head_of(writer, deal)
    return head.name if head else ""


def _customer(writer: "Writer", deal: int) -> str:
    head = head_of(writer, deal)
    return head.customer if head else ""


def _iso(on: date) -> str:
    return on.isoformat()
