"""`nippo customer`: all customers."""

from typing import TYPE_CHECKING

from nippo_cli.base.language import t
from nippo_cli.render.draw import Cell, Column, Page, Prose, Renderer, Span, Table
from nippo_cli.render.parts import deal_rows, shapes, words
from nippo_cli.results.customers import CustomerList, CustomerRow

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen

COLUMNS = (
    "name", "owner", "live", "live_amount", "won", "won_amount", "revenue", "last_contact_on", "silence_days", "contact_unknown",
)  # fmt: skip


def page(result: CustomerList, screen: "Screen") -> Page:
    """A customer in two rows where there is little room: who and how long silent, then whose and what was bought."""
    title = t("customers.title")
    asked = t("customers.silent", days=words.days(result.silent_days)) if result.silent_days is not None else ""
    note = t("customers.note", count=words.counted("customers.count", result.total), as_of=words.day(result.as_of))
    if not result.rows:
        none = (
            [Prose(t("customers.none_silent"))]
            if asked
            else [Prose(t("customers.none")), Prose(t("show.log.none_hint"), indent=2)]
        )
        return Page(none, title, note)
    more, hint = result.total - len(result.rows), t("show.more_hint")
    if deal_rows.narrow(screen):
        rows = [row for one in result.rows for row in _two(one, result)]
        table = Table(_two_columns(), rows, more, hint)
    else:
        table = Table(_columns(), [_one(one, result) for one in result.rows], more, hint)
    return Page([table], title, f"{note}  {asked}".rstrip())


def to_json(result: CustomerList) -> dict[str, object]:
    """The customers, and how many match."""
    return {
        "as_of": result.as_of.isoformat(),
        "currency": shapes.currency(result.currency),
        "silent_days": result.silent_days,
        "total": result.total,
        "customers": [_row_json(row) for row in result.rows],
    }


def _row_json(row: CustomerRow) -> dict[str, object]:
    """A customer's row as data."""
    return {
        "name": row.name,
        "owner": row.owner or None,
        "live": row.live,
        "live_amount": row.live_amount,
        "won": row.won,
        "won_amount": row.won_amount,
        "revenue": row.revenue,
        "last_contact_on": shapes.day(row.last_contact_on),
        "silence_days": row.silence_days,
        "contact_unknown": row.contact_unknown,
    }


def _columns() -> list[Column]:
    return [
        Column("name", t("show.head.customer"), flex=True),
        Column("live", t("customers.head.live"), right=True),
        Column("live_amount", t("show.head.amount"), right=True),
        Column("won", t("customers.head.won"), right=True),
        Column("revenue", t("customers.head.revenue"), right=True),
        Column("last", t("show.customer.last_contact"), right=True),
        Column("silence", t("customers.head.silence"), right=True),
        Column("owner", t("show.head.owner")),
    ]


def _one(row: CustomerRow, of: CustomerList) -> list[Cell]:
    return [
        row.name, _count(row.live), _money(row.live_amount, of), _won(row, of), _money(row.revenue, of), _last(row, of),
        _silence(row), row.owner,
    ]  # fmt: skip


def _two_columns() -> list[Column]:
    return [
        Column("name", t("show.head.pair", first=t("show.head.customer"), second=t("show.head.owner")), flex=True),
        Column("live", words.pair("customers.head.live", "customers.head.won"), right=True),
        Column("amount", words.pair("show.head.amount", "customers.head.revenue"), right=True),
        Column("silence", words.pair("customers.head.silence", "show.customer.last_contact"), right=True),
    ]


def _two(row: CustomerRow, of: CustomerList) -> list[list[Cell]]:
    return [
        [row.name, _count(row.live), _money(row.live_amount, of), _silence(row)],
        [
            deal_rows.whose(row.owner),
            Span(_won(row, of), "dim"),
            Span(_money(row.revenue, of), "dim"),
            Span(_last(row, of), "dim"),
        ],
    ]


def _count(n: int) -> str:
    return f"{n:,}" if n else ""


def _money(n: int, of: CustomerList) -> str:
    return words.money(n, of.currency) if n else ""


def _won(row: CustomerRow, of: CustomerList) -> str:
    return " ".join(part for part in (_count(row.won), _money(row.won_amount, of)) if part)


def _silence(row: CustomerRow) -> str:
    if row.silence_days is None:
        return t("show.stage_unknown" if row.contact_unknown else "show.customer.never")
    return t("show.days_least", n=row.silence_days) if row.contact_unknown else words.days(row.silence_days)


def _last(row: CustomerRow, of: CustomerList) -> str:
    return words.day(row.last_contact_on, of.as_of) if row.last_contact_on else ""


RENDERER = Renderer(CustomerList, page=page, to_json=to_json, rows="customers", columns=COLUMNS)
