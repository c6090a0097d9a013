"""`nippo sales list`: the ledger's rows, newest first, and the deals that they belong to."""

from typing import TYPE_CHECKING

from nippo_cli.base.ids import show_id
from nippo_cli.base.language import t
from nippo_cli.render.draw import Block, Cell, Column, Page, Prose, Renderer, Span, Table
from nippo_cli.render.parts import narrow, shapes, whose, words
from nippo_cli.results.ledger import SaleRow, SalesPage

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen

COLUMNS = (
    "id", "on", "kind", "customer", "amount", "gross", "tax", "reference", "note", "deal.id", "deal.name", "deal.customer", "deal.owner",
)  # fmt: skip


def page(result: SalesPage, screen: "Screen") -> Page:
    """A row a sale; the total beside the title."""
    title, currency = t(f"show.sales.title{'.advances' if result.kind == 'advance' else ''}"), result.schema.currency
    note = t(
        "show.sales.note",
        span=words.between(result.since, result.until),
        count=words.counted("show.sales.count", result.total),
        amount=words.money(result.amount, currency),
    )
    apart = _apart(result)
    if not result.rows:
        hints = apart or [Prose(t("show.unlinked.no_ledger_hint"), indent=2)]
        return Page([Prose(t("show.sales.none")), *hints], title, note)
    more, hint = result.total - len(result.rows), t("show.more_hint")
    if narrow(screen):
        rows = [cells for row in result.rows for cells in _two(row, result)]
        return Page([Table(_two_columns(), rows, more, hint), *apart], title, note)
    return Page([Table(_columns(), [_one(row, result) for row in result.rows], more, hint), *apart], title, note)


def to_json(result: SalesPage) -> dict[str, object]:
    """The rows, and what all that match add up to."""
    return {
        "as_of": result.as_of.isoformat(),
        "since": result.since.isoformat(),
        "until": result.until.isoformat(),
        "currency": shapes.currency(result.schema.currency),
        "total": result.total,
        "amount": result.amount,
        "kind": result.kind,
        "advances": {"sales": result.advances, "amount": result.advanced},
        "sales": [
            {**shapes.sale(row.sale), "deal": shapes.deal(row.deal) if row.deal is not None else None}
            for row in result.rows
        ],
    }


def _apart(result: SalesPage) -> list[Block]:
    """What the total leaves out: advances. Of advances, that they are no revenue."""
    if result.kind == "advance":
        return [Prose(Span(t("show.sales.no_revenue"), "dim"))]
    if not result.advances:
        return []
    amount = words.money(result.advanced, result.schema.currency)
    return [Prose(Span(words.counted("show.sales.advances", result.advances, amount=amount), "dim"))]


def _columns() -> list[Column]:
    return [
        Column("id", t("show.head.id"), right=True),
        Column("on", t("show.sales.head_on"), right=True),
        Column("reference", t("show.sales.head_reference")),
        Column("customer", t("show.head.customer"), flex=True),
        Column("note", t("show.sales.head_note"), flex=True),
        Column("deal", t("show.head.deal"), flex=True),
        Column("amount", t("show.head.amount"), right=True),
    ]


def _one(row: SaleRow, result: SalesPage) -> list[Cell]:
    """A sale's row: id, day, reference, customer, note, deal, amount."""
    sale = row.sale
    return [
        show_id(sale.id),
        words.day(sale.on, result.as_of),
        sale.reference,
        sale.customer,
        sale.note,
        _deal(row, result),
        words.money(sale.amount, result.schema.currency),
    ]


def _two_columns() -> list[Column]:
    return [
        Column("reference", words.pair("show.sales.head_reference", "show.head.customer"), flex=True),
        Column("deal", words.pair("show.head.deal", "show.sales.head_note"), flex=True),
        Column("amount", words.pair("show.head.amount", "show.sales.head_on"), right=True),
    ]


def _two(row: SaleRow, result: SalesPage) -> list[list[Cell]]:
    sale = row.sale
    return [
        [
            f"{show_id(sale.id)} {words.sale_named(sale)}",
            _deal(row, result),
            words.money(sale.amount, result.schema.currency),
        ],
        [whose(sale.customer), Span(sale.note, "dim"), Span(words.day(sale.on, result.as_of), "dim")],
    ]


def _deal(row: SaleRow, result: SalesPage) -> Cell:
    if row.deal is None:
        return Span(t("show.sales.no_deal"), "warn")
    return f"{show_id(row.deal.id)} {words.deal(row.deal, beside=row.sale.customer, apart=result.apart)}"


RENDERER = Renderer(SalesPage, page=page, to_json=to_json, rows="sales", columns=COLUMNS, cells={"kind": "cell.sale."})
