"""The real ledger's rows: typed by hand, listed, put to deals."""

from typing import TYPE_CHECKING

from nippo_cli.base.dates import read_day
from nippo_cli.base.errors import NotFound, UsageError, msg
from nippo_cli.base.ids import read_id, show_id
from nippo_cli.base.money import read_money, show_money
from nippo_cli.results.ledger import MatchPage, ProposalRow, SaleRow, SalesPage
from nippo_cli.results.recap import Done
from nippo_cli.services.context import (
    EVER,
    GapQuery,
    Scope,
    Workspace,
    begins,
    ends,
    expect_plausible,
    find,
    head_of,
    in_force,
    reading,
    writing,
)

if TYPE_CHECKING:
    from nippo_cli.gaps.facts import Sale
    from nippo_cli.journal.write import Writer

# Invoices come late and are looked for long after.
DEFAULT_SINCE = "1y"


def add(
    workspace: Workspace,
    *,
    amount: str,
    customer: str | None,
    deal: str | None,
    on: str | None,
    reference: str,
    note: str,
) -> Done:
    """Record one sale. A credit note has a negative amount.

    Raises:
        UsageError: neither a customer nor a deal is named, or the amount or the date can't be read.
        NotFound, Ambiguous: no deal, or several, answer to the name.
    """
    if not customer and not deal:
        raise UsageError(msg("desk.sale_of_whom"))
    with writing(workspace) as writer:
        deal_id = find(workspace, writer, deal, customer=customer or "") if deal else None
        head = head_of(writer, deal_id)
        currency = in_force(writer).currency
        minor = read_money(amount, currency)
        day = read_day(on, today=writer.today, lean="past") if on else writer.today
        expect_plausible(in_force(writer), writer.today, on, day)
        whose = customer or (head.customer if head else "")
        record = writer.add_sale(day, whose, minor, deal=deal_id, reference=reference, note=note)
    params = {
        "id": show_id(record),
        "amount": minor,
        "shown": show_money(minor, currency),
        "on": day.isoformat(),
        "customer": whose,
    }
    return Done("done.sale", params, [record], workspace.dry_run)


def listed(
    workspace: Workspace,
    *,
    since: str | None = None,
    until: str | None = None,
    customer: str | None = None,
    deal: str | None = None,
    unmatched: bool = False,
    limit: int = 0,
) -> SalesPage:
    """The ledger's rows of a window, newest first; `limit` of them (0: all).

    Args:
        customer: a name or a part of it; two different legal forms are two customers.
        deal: only what belongs to it.
        unmatched: only what belongs to no deal.

    Raises:
        UsageError: the window ends before it begins. NotFound, Ambiguous: no deal, or several, answer to the name.
    """
    from nippo_cli.base.customers import holds_customer
    from nippo_cli.journal.read import find_deal_on

    with reading(workspace) as (reader, as_of):
        day = ends(as_of, until)
        first = begins(reader, day, since or DEFAULT_SINCE)
        ledger = reader.ledger(day)
        sales = ledger.sales(first)[::-1]
        if deal is not None:
            whose = ledger.root(find_deal_on(reader.past(day), deal, script=not workspace.interactive))
            sales = [sale for sale in sales if sale.deal == whose]
        if customer:
            sales = [sale for sale in sales if holds_customer(sale.customer, customer)]
        if unmatched:
            sales = [sale for sale in sales if sale.deal is None]
        shown = sales[:limit] if limit else sales
        heads = {h.id: h for h in reader.heads(day, ids={s.deal for s in shown if s.deal is not None})}
        return SalesPage(
            as_of=day.on,
            since=first,
            until=day.on,
            schema=reader.schema(day),
            rows=[SaleRow(s, heads.get(s.deal) if s.deal is not None else None) for s in shown],
            total=len(sales),
            amount=sum(s.amount for s in sales),
        )


def proposals(workspace: Workspace, *, since: str | None = None, limit: int = 0) -> MatchPage:
    """Which sales may belong to which orders; `limit` of them (0: all).

    Raises:
        UsageError: the window ends before it begins.
    """
    from nippo_cli.gaps.unlinked import compared
    from nippo_cli.services.gaps import gap_facts

    with reading(workspace) as (reader, as_of):
        facts = gap_facts(reader, as_of, GapQuery(since or DEFAULT_SINCE, None, Scope()))
        proposed = compared(facts)[0].proposals
        shown = proposed[:limit] if limit else proposed
        heads = facts.heads([p.deal for p in shown])
        rows = [ProposalRow(p, heads[p.deal]) for p in shown]
        return MatchPage(facts.as_of, facts.since, facts.schema, rows, len(proposed))


def match(workspace: Workspace, sale: str, deal: str, *, refuse: bool = False) -> Done:
    """Say that a sale belongs to a deal, or that it never does. `nippo undo` takes it back.

    Raises:
        UsageError: the sale is no id. NotFound, Ambiguous: there is no such sale, or no deal, or several, answer to the
            name.
    """
    with writing(workspace, begin=False) as writer:
        row = _sale(writer, sale)
        whose = writer.deal_of(find(workspace, writer, deal))
        head = head_of(writer, whose)
        record = writer.match(row.id, whose, refuse=refuse)
        shown = show_money(row.amount, in_force(writer).currency)
    params = {
        "sale": show_id(row.id), "deal": show_id(whose), "name": head.name if head else "", "amount": row.amount,
        "shown": shown,
    }  # fmt: skip
    return Done("done.refused" if refuse else "done.matched", params, [record], workspace.dry_run)


def match_exact(workspace: Workspace, *, since: str | None = None) -> Done:
    """Put all proposed sales to their deals whose amounts agree to the last yen, in one go; `nippo undo` takes them all
    back.

    Raises:
        UsageError: the window ends before it begins.
    """
    from nippo_cli.gaps.unlinked import compared
    from nippo_cli.line.facts import AsOf
    from nippo_cli.services.gaps import gap_facts

    with writing(workspace, begin=False) as writer:
        facts = gap_facts(writer.reader, AsOf(writer.today), GapQuery(since or DEFAULT_SINCE, None, Scope()))
        exact = [p for p in compared(facts)[0].proposals if p.difference == 0]
        records = [writer.match(sale.id, p.deal) for p in exact for sale in p.sales]
    params: dict[str, object] = {"n": len(records), "deals": len(exact)}
    return Done("done.matched_exact", params, records, workspace.dry_run)


def retract(workspace: Workspace, sale: str, *, why: str = "") -> Done:
    """Take a row of the ledger back; its record stays in the log, and its source may give it again.

    Raises:
        UsageError: the sale is no id. NotFound: there is no such sale.
    """
    with writing(workspace, begin=False) as writer:
        row = _sale(writer, sale)
        record = writer.retract(row.id, why=why)
    return Done("done.sale_retracted", {"id": show_id(row.id)}, [record], workspace.dry_run)


def _sale(writer: "Writer", said: str) -> "Sale":

    number = read_id(said)
    if number is None:
        raise UsageError(msg("desk.bad_id", said=said))
    row = writer.reader.ledger(EVER).sale(number)
    if row is None:
        raise NotFound(msg("sales.none", said=said), hint=msg("sales.none_hint"))
    return row
