"""The real ledger's rows: typed by hand, listed, put to deals."""

from typing import TYPE_CHECKING

from nippo_cli.base.dates import read_day
from nippo_cli.base.errors import NotFound, UsageError, msg
from nippo_cli.base.ids import read_id, show_id
from nippo_cli.base.money import read_money, show_money
from nippo_cli.base.tax import net_of, read_rate, show_rate
from nippo_cli.results.ledger import MatchPage, NearRow, ProposalRow, SaleRow, SalesPage
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
    tell_of_live_ones,
    writing,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from nippo_cli.gaps.facts import Sale
    from nippo_cli.journal.asof import AsOfView
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
    advance: bool = False,
    tax: str | None = None,
) -> Done:
    """Record one sale. A credit note has a negative amount.

    Args:
        advance: it is money before the goods, and never revenue.
        tax: the rate of the tax that is in the amount and is taken off it; as the schema says where nothing is.

    Raises:
        UsageError: neither a customer nor a deal is named, or the amount, the rate or the date can't be read.
        NotFound, Ambiguous: no deal, or several, answer to the name.
    """
    if not customer and not deal:
        raise UsageError(msg("desk.sale_of_whom"))
    with writing(workspace) as writer:
        deal_id = find(workspace, writer, deal, customer=customer or "") if deal else None
        head = head_of(writer, deal_id)
        currency = in_force(writer).currency
        rate = in_force(writer).tax_in_ledger if tax is None else read_rate(tax)
        net = net_of(read_money(amount, currency), rate)
        day = read_day(on, today=writer.today, lean="past") if on else writer.today
        expect_plausible(in_force(writer), writer.today, on, day)
        whose = customer or (head.customer if head else "")
        record = writer.add_sale(
            day, whose, net.amount, deal=deal_id, reference=reference, note=note, kind="advance" if advance else "sale",
            gross=net.gross, tax=net.tax,
        )  # fmt: skip
    params: dict[str, object] = {
        "id": show_id(record),
        "amount": net.amount,
        "shown": show_money(net.amount, currency),
        "on": day.isoformat(),
        "customer": whose,
    }
    if net.gross is not None:
        params |= {"gross": net.gross, "shown_gross": show_money(net.gross, currency), "rate": show_rate(net.tax)}
    taxed = "_taxed" if net.gross is not None else ""
    return Done(f"done.{'advance' if advance else 'sale'}{taxed}", params, [record], workspace.dry_run)


def listed(
    workspace: Workspace,
    *,
    since: str | None = None,
    until: str | None = None,
    customer: str | None = None,
    deal: str | None = None,
    unmatched: bool = False,
    advances: bool = False,
    limit: int = 0,
) -> SalesPage:
    """The ledger's rows of a window, newest first; `limit` of them (0: all).

    Args:
        customer: a name or a part of it; two different legal forms are two customers.
        deal: only what belongs to it.
        unmatched: only what belongs to no deal.
        advances: the advances instead of what is revenue.

    Raises:
        UsageError: the window ends before it begins. NotFound, Ambiguous: no deal, or several, answer to the name.
    """
    with reading(workspace) as (reader, as_of):
        day = ends(as_of, until)
        first = begins(reader, day, since or DEFAULT_SINCE)
        ledger = reader.ledger(day)
        past = reader.past(day)
        deals = None if deal is None else (ledger.root(_named(workspace, past, deal)),)
        is_asked = _rows_of(past.customers.name(customer) if customer else None, deals, unmatched=unmatched)
        revenue, paid_before = (
            list(filter(is_asked, rows))[::-1] for rows in (ledger.sales(first), ledger.advances(first))
        )
        sales = paid_before if advances else revenue
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
            kind="advance" if advances else "sale",
            advances=len(paid_before),
            advanced=sum(s.amount for s in paid_before),
            apart=past.customers.apart_names,
        )


def _named(workspace: Workspace, past: "AsOfView", said: str) -> int:
    """The deal that answers to a name; live ones of the name are told of beside a finished one.

    Raises:
        NotFound, Ambiguous: none does, or several.
    """
    from nippo_cli.journal.read import find_deal_on

    named = find_deal_on(past, said, script=not workspace.interactive)
    tell_of_live_ones(workspace, past, said, named)
    return named


def _rows_of(
    customer: "str | None", deals: "Collection[int | None] | None", *, unmatched: bool
) -> "Callable[[Sale], bool]":
    """Whether a row is of the customer and of one of the deals, where these are asked about; with `unmatched`, whether it is of no deal."""
    from nippo_cli.base.customers import holds_customer

    def is_asked(sale: "Sale") -> bool:
        return (
            (deals is None or sale.deal in deals)
            and (customer is None or holds_customer(sale.customer, customer))
            and not (unmatched and sale.deal is not None)
        )

    return is_asked


def proposals(workspace: Workspace, *, since: str | None = None, limit: int = 0) -> MatchPage:
    """Which sales may belong to which orders, and which would if their customers' names were not only near; `limit` of
    each (0: all).

    Raises:
        UsageError: the window ends before it begins.
    """
    from nippo_cli.gaps.matching import tax_rates
    from nippo_cli.gaps.near_sales import near_sales
    from nippo_cli.gaps.unlinked import compared, refused
    from nippo_cli.services.gaps import gap_facts

    with reading(workspace) as (reader, as_of):
        facts = gap_facts(reader, as_of, GapQuery(since or DEFAULT_SINCE, None, Scope()))
        held = compared(facts)[0]
        past = reader.past(as_of)
        near = near_sales(
            held.loose, held.waiting, refused(facts.ledger.matches()), tax_rates(facts.schema.ledger), facts.ledger.apart,
            past.customers, past.names_of_customers(),
        )  # fmt: skip
        shown = held.proposals[:limit] if limit else held.proposals
        shown_near = near[:limit] if limit else near
        heads = facts.heads([p.deal for p in (*shown, *(one.proposal for one in shown_near))])
        return MatchPage(
            facts.as_of, facts.since, facts.schema, [ProposalRow(p, heads[p.deal]) for p in shown], len(held.proposals),
            [NearRow(one, heads[one.proposal.deal]) for one in shown_near], len(near),
        )  # fmt: skip


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
    back. What agrees with tax alone is left for a person: the tax would be revenue.

    Raises:
        UsageError: the window ends before it begins.
    """
    from nippo_cli.gaps.unlinked import compared
    from nippo_cli.line.facts import AsOf
    from nippo_cli.services.gaps import gap_facts

    with writing(workspace, begin=False) as writer:
        facts = gap_facts(writer.reader, AsOf(writer.today), GapQuery(since or DEFAULT_SINCE, None, Scope()))
        exact = [p for p in compared(facts)[0].proposals if p.difference == 0 and not p.tax]
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
