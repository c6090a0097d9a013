"""`nippo gap unlinked`: what the diary and the ledger do not agree on, and both added up to the yen.

A finding is of a deal or of a row of the ledger; what may belong together is told beside it, never counted.
"""

from datetime import date
from typing import TYPE_CHECKING

from nippo_cli.base.ids import show_id
from nippo_cli.base.language import t
from nippo_cli.gaps.finding import Finding
from nippo_cli.line.facts import DealSummary
from nippo_cli.render.draw import (
    Block,
    Cell,
    Column,
    Heading,
    Prose,
    Span,
    Table,
)
from nippo_cli.render.gaps.page import mark_new
from nippo_cli.render.parts import deal_table, heads, named, sale_json, sale_named, shapes, whose, words
from nippo_cli.results.gap import GapPage, GapRow
from nippo_cli.schema.schema import Currency, Schema

if TYPE_CHECKING:
    from nippo_cli.gaps.unlinked import Balance, LedgerPart, Unlinked
    from nippo_cli.render.draw import Screen

COLUMNS = (
    "case", "invoiced", "difference", "due_on", "sale.id", "sale.on", "sale.customer", "sale.amount", "sale.reference",
    "sale.note", "sales", "proposal.deal.id", "proposal.sales", "proposal.difference",
)  # fmt: skip


def blocks(result: GapPage, screen: "Screen") -> list[Block]:
    """The findings, the question, and the ledger and the orders added up."""
    balance: Balance = result.counted
    if not balance.ledger.n and not balance.won.n:
        return _nothing(result)
    found = _found(result, screen)
    if result.rows:
        found.append(Prose(t("show.unlinked.question")))
    if balance.proposed.n:
        found.append(Prose(words.counted("show.unlinked.proposed", balance.proposed.n)))
    currency = result.agreement.currency
    found += [Heading(t("show.unlinked.of_ledger")), _ledger(balance, currency)]
    return [*found, Heading(t("show.unlinked.of_orders")), _orders(balance, currency)]


def brief(result: GapPage, screen: "Screen") -> list[Block]:
    """The findings, and how many sales may belong to orders."""
    found = _found(result, screen)
    if result.counted.proposed.n:
        found.append(Prose(words.counted("show.unlinked.proposed", result.counted.proposed.n)))
    return found


def _found(result: GapPage, screen: "Screen") -> list[Block]:
    found: list[Block] = []
    if result.total:
        found.append(Prose(Span(words.counted("show.unlinked.found", result.total), "strong")))
    elif result.counted.ledger.n:
        found.append(Prose(Span(t("show.unlinked.none"), "good")))
    if not result.counted.ledger.n:
        found += [Prose(t("show.unlinked.no_ledger")), Prose(t("show.unlinked.no_ledger_hint"), indent=2)]
    return [*found, _table(result, screen)] if result.rows else found


def lacking(result: GapPage) -> str:
    """No ledger to hold orders against."""
    return "" if result.counted.ledger.n else t("show.unlinked.no_ledger")


def summary(result: GapPage) -> dict[str, object]:
    """The balance: sales and orders with their money, as in the two sums of docs/gaps.md."""
    balance: Balance = result.counted

    def part(of: "LedgerPart", things: str) -> dict[str, int]:
        return {things: of.n, "amount": of.amount}

    return {
        "ledger": part(balance.ledger, "sales"),
        "matched": part(balance.matched, "sales"),
        "unmatched": part(balance.unmatched, "sales"),
        "proposed": part(balance.proposed, "sales"),
        "won": part(balance.won, "deals"),
        "before": part(balance.before, "sales"),
        "backlog": part(balance.backlog, "deals"),
        "late": part(balance.late, "deals"),
        "difference": part(balance.difference, "deals"),
        "without_amount": balance.without_amount,
    }


def entries(row: GapRow) -> list[int]:
    """The entry that closed the deal; none of a sale alone."""
    return [row.detail.closing_entry] if row.detail.closing_entry is not None else []


def finding(row: GapRow, _result: GapPage) -> dict[str, object]:
    """What is held against what, the ledger's rows, and what may belong together."""
    found: Unlinked = row.found
    alone = found.case in ("no_deal", "not_won")
    proposal = found.proposal
    return {
        "case": found.case,
        "invoiced": found.invoiced,
        "difference": _difference(found),
        "due_on": found.due_on.isoformat() if found.due_on else None,
        "sale": sale_json(found.sales[0]) if alone else None,
        "sales": shapes.ids([s.id for s in found.sales]),
        "proposal": {
            "deal": shapes.deal(row.detail.proposed),
            "sales": shapes.ids([s.id for s in proposal.sales]),
            "difference": proposal.difference,
        }
        if proposal is not None and row.detail.proposed is not None
        else None,
    }


def sign(found: Finding, head: DealSummary, agreement: Schema) -> str:
    """What is amiss, in a few words: `売上なし 期限から15日`."""
    del head
    return _sign(found, agreement.currency)  # type: ignore[arg-type]  # a finding of this kind


def ask() -> str:
    """The question of one deal."""
    return t("show.unlinked.ask")


def _sign(found: "Unlinked", currency: Currency) -> str:
    label = t(f"show.unlinked.{found.case}")
    if found.case == "no_sale":
        return t("show.unlinked.sign_late", case=label, days=words.days(found.measure))
    return f"{label} {words.money(_difference(found) if found.case == 'differs' else found.invoiced, currency)}"


def _difference(found: "Unlinked") -> int | None:
    """What was won less what the ledger shows; of a sale alone there is nothing to compare."""
    if found.case in ("no_deal", "not_won") or found.amount is None:
        return None
    return found.amount - found.invoiced


def _nothing(result: GapPage) -> list[Block]:
    if result.filtered:
        return [Prose(t("show.unlinked.none_match"))]
    return [Prose(t("show.unlinked.nothing")), Prose(t("show.unlinked.no_ledger_hint"), indent=2)]


def _ledger(balance: "Balance", currency: Currency) -> Table:
    rows = [
        _sum("matched", balance.matched, currency),
        _sum("unmatched", balance.unmatched, currency),
    ]
    if balance.proposed.n:
        rows.append(_sum("of_which_proposed", balance.proposed, currency, tone="dim"))
    rows.append(_sum("ledger", balance.ledger, currency, tone="strong"))
    return Table(_sum_columns("sales"), rows)


def _orders(balance: "Balance", currency: Currency) -> Table:
    rows = [_sum("matched", balance.matched, currency, counted=False)]
    if balance.before.n:
        rows.append(_sum("before", balance.before, currency, counted=False))
    rows.append(_sum("backlog", balance.backlog, currency))
    rows += [_sum("late", balance.late, currency)] if balance.late.n else []
    rows.append(_sum("difference", balance.difference, currency))
    rows.append(_sum("won", balance.won, currency, tone="strong"))
    return Table(_sum_columns("deals"), rows)


def _sum_columns(things: str) -> list[Column]:
    return [
        Column("what", t("show.unlinked.head_part")),
        Column(things, t(f"show.unlinked.head_{things}"), right=True),
        Column("amount", t("show.head.amount"), right=True),
    ]


def _sum(what: str, of: "LedgerPart", currency: Currency, *, tone: str = "plain", counted: bool = True) -> list[Cell]:
    texts = (t(f"show.unlinked.sum_{what}"), f"{of.n:,}" if counted else "", words.money(of.amount, currency))
    return [Span(text, tone) for text in texts]  # type: ignore[arg-type]  # a tone of the page


def _table(result: GapPage, screen: "Screen") -> Table:
    return deal_table(result, screen, (_columns, _one), (_two_columns, _two))


def _columns() -> list[Column]:
    return [
        Column("id", t("show.head.id"), right=True),
        Column("what", t("show.unlinked.head_what"), flex=True),
        Column("customer", t("show.head.customer"), flex=True),
        Column("owner", t("show.head.owner")),
        Column("case", t("show.unlinked.head_case")),
        Column("on", t("show.unlinked.head_on"), right=True),
        Column("new", t("show.head.new")),
        Column("won", t("show.unlinked.head_won"), right=True),
        Column("invoiced", t("show.unlinked.head_invoiced"), right=True),
        Column("difference", t("show.unlinked.head_difference"), right=True),
        Column("proposal", t("show.unlinked.head_proposal")),
    ]


def _one(row: GapRow, result: GapPage) -> list[Cell]:
    found, head, currency = row.found, row.about, result.agreement.currency
    sale = found.sales[0] if head is None else None
    return [
        show_id(head.id if head else sale.id if sale else 0),
        head.name if head else sale_named(sale) if sale else "",
        head.customer if head else sale.customer if sale else "",
        head.owner if head else "",
        t(f"show.unlinked.{found.case}"),
        _on(found, result.as_of),
        mark_new(new=found.new),
        words.money(_won(found), currency),
        words.money(_invoiced(found), currency),
        words.money(_difference(found), currency),
        _proposal(row),
    ]


def _two_columns() -> list[Column]:
    return [
        Column("what", heads(t("show.unlinked.head_what"), t("show.head.owner")), flex=True),
        Column("case", heads(t("show.unlinked.head_case"), t("show.unlinked.head_on"))),
        Column(
            "won",
            heads(t("show.unlinked.head_won"), t("show.unlinked.head_invoiced")),
            right=True,
        ),
        Column(
            "difference",
            heads(t("show.unlinked.head_difference"), t("show.unlinked.head_proposal")),
            right=True,
        ),
    ]


def _two(row: GapRow, result: GapPage) -> list[list[Cell]]:
    """Two rows a finding: what is asked about, then what it rests on."""
    found, head, currency = row.found, row.about, result.agreement.currency
    on = _on(found, result.as_of)
    name = named(head) if head else f"{show_id(found.sales[0].id)} {sale_named(found.sales[0])}"
    return [
        [
            name,
            t(f"show.unlinked.{found.case}"),
            words.money(_won(found), currency),
            words.money(_difference(found), currency),
        ],
        [
            whose(head.owner, head.customer) if head else whose(found.sales[0].customer),
            Span(t("show.stalled.since_new", since=on), "warn") if found.new else Span(on, "dim"),
            Span(words.money(_invoiced(found), currency), "dim"),
            Span(_proposal(row), "dim"),
        ],
    ]


def _on(found: "Unlinked", as_of: date) -> str:
    if found.due_on is not None and not found.sales:
        return t("show.unlinked.due", day=words.day(found.due_on, as_of))
    return t("show.unlinked.entered", day=words.day(found.sales[-1].on, as_of))


def _won(found: "Unlinked") -> int | None:
    return None if found.case == "no_deal" else found.amount


def _invoiced(found: "Unlinked") -> int | None:
    return found.invoiced if found.sales else None


def _proposal(row: GapRow) -> str:
    proposal = row.found.proposal
    if proposal is None:
        return ""
    if row.about is None:
        return t("show.unlinked.may_deal", id=show_id(proposal.deal))
    return t("show.unlinked.may_sale", ids=" ".join(show_id(s.id) for s in proposal.sales))
