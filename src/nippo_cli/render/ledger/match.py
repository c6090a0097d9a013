"""`nippo sales match`: which sales may belong to which orders, and what to type for each."""

from typing import TYPE_CHECKING

from nippo_cli.base.ids import show_id
from nippo_cli.base.language import t
from nippo_cli.base.tax import show_rate
from nippo_cli.base.text import quoted
from nippo_cli.line.near_customers import name_as
from nippo_cli.render.draw import Block, Cell, Column as Head, Heading, Page, Prose, Renderer, Span, Table
from nippo_cli.render.parts import shapes, words
from nippo_cli.results.ledger import MatchPage, ProposalRow

if TYPE_CHECKING:
    from nippo_cli.gaps.facts import Sale
    from nippo_cli.render.draw import Screen

COLUMNS = (
    "deal.id", "deal.name", "deal.customer", "deal.owner", "amount", "left", "advanced", "difference", "tax", "days",
    "sales", "by",
)  # fmt: skip


def page(result: MatchPage, _screen: "Screen") -> Page:
    """Each order with the sales that may be its, and the commands that confirm and refuse them."""
    note = t("show.match.note", since=words.day(result.since, result.as_of))
    title = t("show.match.title")
    if not result.rows:
        return Page([Prose(t("show.match.none")), *_near(result)], title, note)
    blocks: list[Block] = [Prose(words.counted("show.match.count", result.total))]
    for row in result.rows:
        blocks += _order(row, result)
    more = result.total - len(result.rows)
    if more:
        blocks += [Prose(f"{words.counted('show.more', more)}  {t('show.more_hint')}")]
    first = result.rows[0]
    sale, deal = show_id(first.proposal.sales[0].id), show_id(first.deal.id)
    blocks += [
        Prose(t("show.match.confirm", command=f"nippo sales match {sale} {deal}")),
        Prose(t("show.match.refuse", command=f"nippo sales match {sale} {deal} --refuse")),
        Prose(t("show.match.exact", command="nippo sales match --exact")),
        *_near(result),
    ]
    return Page(blocks, title, note)


def to_json(result: MatchPage) -> dict[str, object]:
    """The proposals: the order, what the ledger does not show of it yet, and the sales that may be that."""
    return {
        "as_of": result.as_of.isoformat(),
        "since": result.since.isoformat(),
        "currency": shapes.currency(result.schema.currency),
        "total": result.total,
        "proposals": [
            {
                "deal": shapes.deal(row.deal),
                "amount": row.deal.amount,
                "left": _left(row),
                "advanced": row.proposal.rest,
                "difference": row.proposal.difference,
                "tax": show_rate(row.proposal.tax) if row.proposal.tax else None,
                "days": row.proposal.days,
                "sales": [shapes.sale(sale) for sale in row.proposal.sales],
                "by": list(row.proposal.by),
            }
            for row in result.rows
        ],
        "near": [
            {
                "deal": shapes.deal(row.deal),
                "sale": shapes.sale(row.near.proposal.sales[0]),
                "named": row.near.named,
                "named_as": row.near.named_as or None,
                "sold_as": row.near.sold_as or None,
                "why": row.near.why,
                "by": row.near.proposal.by[0],
                "difference": row.near.proposal.difference,
                "tax": show_rate(row.near.proposal.tax) if row.near.proposal.tax else None,
            }
            for row in result.near
        ],
        "total_near": result.total_near,
    }


def _left(row: ProposalRow) -> int:
    return row.proposal.left


def _near(result: MatchPage) -> list[Block]:
    """Sales whose customer's name is only near: why, and what to type if it is the same company, or this one sale is."""
    if not result.near:
        return []
    blocks: list[Block] = [
        Heading(t("show.match.near"), words.counted("show.sales.count", result.total_near)),
        Prose(t("show.match.near_note")),
    ]
    for row in result.near:
        sale, deal = row.near.proposal.sales[0], show_id(row.deal.id)
        blocks += _order(ProposalRow(row.near.proposal, row.deal), result)
        sold, named = name_as(sale.customer, row.near.sold_as), name_as(row.near.named, row.near.named_as)
        blocks.append(Prose(t("show.match.near_why", sale=sold, order=named, why=t(f"customers.near.{row.near.why}"))))
        if row.near.proposal.by == ("customer",):
            command = f"nippo customer alias {quoted(row.near.named)} {quoted(sale.customer)}"
            blocks.append(Prose(t("show.match.near_same", command=command), indent=2))
        blocks.append(Prose(t("show.match.near_one", command=f"nippo sales match {show_id(sale.id)} {deal}"), indent=2))
    more = result.total_near - len(result.near)
    return [*blocks, *([Prose(words.counted("show.more", more))] if more else [])]


def _named(sale: "Sale") -> str:
    """What a row of the ledger is called by; an advance is marked as one."""
    name = words.sale_named(sale)
    return t("show.match.advance", name=name) if sale.kind == "advance" else name


def _order(row: ProposalRow, result: MatchPage) -> list[Block]:
    """An order and the sales that may belong to it."""
    head, currency, as_of = row.deal, result.schema.currency, result.as_of
    won_on = words.day(head.closed_on or head.last_on, as_of)
    parts = [head.customer, head.owner, t("show.match.won", day=won_on, amount=words.money(head.amount, currency))]
    if _left(row) != head.amount:
        parts.append(t("show.match.left", amount=words.money(_left(row), currency)))
    if row.proposal.rest:
        parts.append(t("show.match.rest", amount=words.money(row.proposal.rest, currency)))
    if row.proposal.tax:
        parts.append(t("show.match.tax", rate=show_rate(row.proposal.tax)))
    if row.proposal.difference:
        parts.append(t("show.match.difference", amount=words.money(row.proposal.difference, currency)))
    columns = [
        Head("id", t("show.head.id"), right=True),
        Head("on", t("show.sales.head_on"), right=True),
        Head("reference", t("show.sales.head_reference")),
        Head("customer", t("show.head.customer"), flex=True),
        Head("amount", t("show.head.amount"), right=True),
    ]
    by_another = any(by != "customer" for by in row.proposal.by)
    if by_another:
        columns.append(Head("by", t("show.match.head_by")))
    rows: list[list[Cell]] = [
        [
            show_id(s.id), words.day(s.on, as_of), _named(s), s.customer, words.money(s.amount, currency),
            *([t(f"show.match.by_{by}")] if by_another else []),
        ]
        for s, by in zip(row.proposal.sales, row.proposal.by, strict=True)
    ]  # fmt: skip
    return [
        Heading(f"{show_id(head.id)} {head.name}"),
        Prose(Span("  ".join(part for part in parts if part), "dim")),
        Table(columns, rows),
    ]


RENDERER = Renderer(MatchPage, page=page, to_json=to_json, rows="proposals", columns=COLUMNS)
