"""`nippo gap unlinked`: what the diary and the ledger do not agree on, and both added up to the yen.

A finding is of a deal or of a row of the ledger; what may belong together is told beside it, never counted.
"""

from typing import TYPE_CHECKING

from nippo_cli.base.ids import show_id
from nippo_cli.base.language import t
from nippo_cli.render.draw import (
    Block,
    Cell,
    Column,
    Details,
    Heading,
    Prose,
    Span,
    Table,
    Tone,
)
from nippo_cli.render.gaps import table
from nippo_cli.render.gaps.page import GapRenderer
from nippo_cli.render.gaps.table import Narrow, Wide
from nippo_cli.render.parts import MOST_LISTED, DealLists, named, shapes, whose, words
from nippo_cli.results.gap import GapPage, GapRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nippo_cli.gaps.facts import Sale
    from nippo_cli.gaps.unlinked import Balance, LedgerPart, Unlinked
    from nippo_cli.render.draw import Screen

_COLUMNS = (
    "case", "invoiced", "advanced", "difference", "due_on", "sale.id", "sale.on", "sale.customer", "sale.amount", "sale.reference",
    "sale.note", "sales", "proposal.deal.id", "proposal.sales", "proposal.difference",
)  # fmt: skip


def blocks(result: GapPage, screen: "Screen") -> list[Block]:
    """The findings, the question, and the ledger and the orders added up."""
    balance: Balance = result.counted
    if not balance.ledger.n and not balance.won.n:
        return _nothing(result)
    lists = _Lists(result)
    return [
        *_listed(result, screen),
        *([Prose(t("show.unlinked.question"))] if result.rows else []),
        *_proposed(balance, lists),
        Heading(t("show.unlinked.of_ledger")),
        _ledger(balance, lists),
        *_advances(balance, lists),
        Heading(t("show.unlinked.of_orders")),
        _orders(balance, lists),
        *lists.blocks(),
    ]


def brief(result: GapPage, screen: "Screen") -> list[Block]:
    """The findings, and how many sales may belong to orders."""
    lists = _Lists(result)
    return [*_listed(result, screen), *_proposed(result.counted, lists), *lists.blocks()]


def _listed(result: GapPage, screen: "Screen") -> list[Block]:
    """How many findings there are and the findings; of a diary without a ledger, that there is none."""
    lines: list[Block] = []
    if result.total:
        lines.append(Prose(Span(words.counted("show.unlinked.found", result.total), "strong")))
    elif result.counted.ledger.n:
        lines.append(Prose(Span(t("show.unlinked.none"), "good")))
    if not result.counted.ledger.n:
        lines += [Prose(t("show.unlinked.no_ledger")), Prose(t("show.unlinked.no_ledger_hint"), indent=2)]
    return [*lines, *table.findings(result, screen, _WIDE, _NARROW)]


def _proposed(balance: "Balance", lists: "_Lists") -> list[Block]:
    n = balance.proposed.n
    return [Prose(lists.figure(words.counted("show.unlinked.proposed", n), "proposed", n))] if n else []


def lacking(result: GapPage) -> str:
    """No ledger to hold orders against."""
    return "" if result.counted.ledger.n else t("show.unlinked.no_ledger")


def summary(result: GapPage) -> dict[str, object]:
    """The balance: sales and orders with their money, as in the two sums of docs/gaps.md."""
    balance: Balance = result.counted

    def part(of: "LedgerPart", what: str) -> dict[str, int]:
        return {what: of.n, "amount": of.amount}

    return {
        "ledger": part(balance.ledger, "sales"),
        "matched": part(balance.matched, "sales"),
        "unmatched": part(balance.unmatched, "sales"),
        "proposed": part(balance.proposed, "sales"),
        "won": part(balance.won, "deals"),
        "before": part(balance.before, "sales"),
        "settled": part(balance.settled, "deals"),
        "backlog": part(balance.backlog, "deals"),
        "late": part(balance.late, "deals"),
        "difference": part(balance.difference, "deals"),
        "without_amount": balance.without_amount,
        "advances": part(balance.advances, "sales"),
    }


def entries(row: GapRow) -> list[int]:
    """The entry that closed the deal; none of a sale alone."""
    return [row.detail.closing_entry] if row.detail.closing_entry is not None else []


def finding(row: GapRow, _result: GapPage) -> dict[str, object]:
    """What is held against what, the ledger's rows, and what may belong together."""
    one: Unlinked = row.finding
    alone = one.case in ("no_deal", "not_won")
    proposal = one.proposal
    return {
        "case": one.case,
        "invoiced": one.invoiced,
        "advanced": one.advanced,
        "difference": one.difference,
        "due_on": shapes.day(one.due_on),
        "sale": shapes.sale(one.sales[0]) if alone else None,
        "sales": shapes.ids([s.id for s in one.sales]),
        "proposal": {
            "deal": shapes.deal(row.detail.proposed),
            "sales": shapes.ids([s.id for s in proposal.sales]),
            "difference": proposal.difference,
        }
        if proposal is not None and row.detail.proposed is not None
        else None,
    }


def _nothing(result: GapPage) -> list[Block]:
    if result.filtered:
        return [Prose(t("show.unlinked.none_match"))]
    return [Prose(t("show.unlinked.nothing")), Prose(t("show.unlinked.no_ledger_hint"), indent=2)]


def _ledger(balance: "Balance", lists: "_Lists") -> Table:
    rows = [
        _sum("matched", balance.matched, lists),
        _sum("unmatched", balance.unmatched, lists),
    ]
    if balance.proposed.n:
        rows.append(_sum("of_which_proposed", balance.proposed, lists, tone="dim"))
    rows.append(_sum("ledger", balance.ledger, lists, tone="strong"))
    return Table(_sum_columns("sales"), rows)


def _advances(balance: "Balance", lists: "_Lists") -> list[Block]:
    """What is no part of the ledger's sum: money that came before the goods."""
    if not balance.advances.n:
        return []
    amount = words.money(balance.advances.amount, lists.currency)
    said = Span(words.counted("show.sales.advances", balance.advances.n, amount=amount), "dim")
    return [Prose(lists.figure(said, "advances", balance.advances.n))]


def _orders(balance: "Balance", lists: "_Lists") -> Table:
    rows = [_sum("matched", balance.matched, lists, counted=False)]
    if balance.before.n:
        rows.append(_sum("before", balance.before, lists, counted=False))
    if balance.settled.n:
        rows.append(_sum("settled", balance.settled, lists))
    rows.append(_sum("backlog", balance.backlog, lists))
    rows += [_sum("late", balance.late, lists)] if balance.late.n else []
    rows.append(_sum("difference", balance.difference, lists))
    rows.append(_sum("won", balance.won, lists, tone="strong"))
    return Table(_sum_columns("deals"), rows)


def _sum_columns(what: str) -> list[Column]:
    return [
        Column("what", t("show.unlinked.head_part")),
        Column(what, t(f"show.unlinked.head_{what}"), right=True),
        Column("amount", t("show.head.amount"), right=True),
    ]


def _sum(what: str, of: "LedgerPart", lists: "_Lists", *, tone: Tone = "plain", counted: bool = True) -> list[Cell]:
    said = t(f"show.unlinked.sum_{what}")
    texts = (f"{of.n:,}" if counted else "", words.money(of.amount, lists.currency))
    part = "proposed" if what == "of_which_proposed" else what
    return [Span(said, tone), *(lists.figure(Span(text, tone), part, of.n, said) if text else "" for text in texts)]


class _Lists:
    """Gives the sums their sales or deals.

    Args:
        of: the page.
    """

    def __init__(self, of: GapPage) -> None:
        self._of, self.currency = of, of.schema.currency
        self._known = of.behind.piled if of.behind is not None else None
        self._deals = DealLists(of.kind, self.currency, opens=self._known is not None)
        self._sales = dict[str, Details]()

    def figure(self, said: Cell, part: str, n: int, title: str = "") -> Cell:
        """What a part of the balance adds up, which leads to its sales or deals where it opens."""
        behind = self._of.counted.behind.get(part, ())
        if self._known is None or not behind:
            return said
        title = title or t(f"show.unlinked.sum_{_TITLES.get(part, part)}")
        some = behind[:MOST_LISTED]
        sales = [one for one in some if not isinstance(one, int)]
        if not sales:
            heads = [self._known[deal] for deal in some if deal in self._known]
            return self._deals.figure(said, title, heads, n=n)
        if part not in self._sales:
            self._sales[part] = self._list_of(part, title, sales, n)
        return (said if isinstance(said, Span) else Span(said))._replace(link=f"#{self._sales[part].anchor}")

    def blocks(self) -> list[Block]:
        """The lists of those that were asked for."""
        return [*self._sales.values(), *self._deals.blocks()]

    def _list_of(self, part: str, title: str, sales: "Sequence[Sale]", n: int) -> Details:
        rows = [Prose(self._row(sale), mark=show_id(sale.id)) for sale in sales]
        if n > len(sales):
            rows.append(Prose(Span(words.counted("show.more", n - len(sales)), "dim")))
        count = words.counted("show.count", n)
        title = t("show.gap.deals_behind", title=title, deals=count)
        return Details(title, rows, f"{self._of.kind}-{part}", called=True)

    def _row(self, sale: "Sale") -> str:
        on, amount = words.day(sale.on, self._of.as_of), words.money(sale.amount, self.currency)
        return "  ".join(filter(None, (on, sale.customer, words.sale_named(sale), amount)))


# What a part is called whose name stands in no sum of its own.
_TITLES = {"proposed": "of_which_proposed", "advances": "ledger"}


# --- a finding's cells: of a deal, or of a sale that belongs to none


def _id(row: GapRow, _result: GapPage) -> Cell:
    return show_id(row.finding.sales[0].id if row.about is None else row.about.id)


def _name(row: GapRow, _result: GapPage) -> Cell:
    return words.sale_named(row.finding.sales[0]) if row.about is None else row.about.name


def _customer(row: GapRow, _result: GapPage) -> str:
    customer: str = (row.finding.sales[0] if row.about is None else row.about).customer
    return customer


def _which(row: GapRow, result: GapPage) -> Cell:
    if row.about is not None:
        return named(row.about)
    return f"{_id(row, result)} {_name(row, result)}"


def _whose(row: GapRow, result: GapPage) -> Cell:
    return whose(row.about.owner if row.about else "", _customer(row, result))


def _case(row: GapRow, _result: GapPage) -> Cell:
    return t(f"show.unlinked.{row.finding.case}")


def _on(row: GapRow, result: GapPage) -> str:
    """When the order was to be in the ledger, or when the sale was entered."""
    one: Unlinked = row.finding
    if one.due_on is not None and not one.sales:
        return t("show.unlinked.due", day=words.day(one.due_on, result.as_of))
    return t("show.unlinked.entered", day=words.day(one.sales[-1].on, result.as_of))


def _on_marked(row: GapRow, result: GapPage) -> Cell:
    return table.marked_new(_on(row, result), new=row.finding.new)


def _won(row: GapRow, result: GapPage) -> Cell:
    return words.money(None if row.finding.case == "no_deal" else row.finding.amount, result.schema.currency)


def _invoiced(row: GapRow, result: GapPage) -> Cell:
    return words.money(row.finding.invoiced if row.finding.sales else None, result.schema.currency)


def _difference_cell(row: GapRow, result: GapPage) -> Cell:
    return words.money(row.finding.difference, result.schema.currency)


def _proposal(row: GapRow, _result: GapPage) -> Cell:
    """The deal, or the sales, that may belong to it."""
    proposal = row.finding.proposal
    if proposal is None:
        return ""
    if row.about is None:
        return t("show.unlinked.may_deal", id=show_id(proposal.deal))
    return t("show.unlinked.may_sale", ids=" ".join(show_id(s.id) for s in proposal.sales))


_WIDE = (
    Wide("id", "show.head.id", _id, right=True),
    Wide("what", "show.unlinked.head_what", _name, flex=True),
    Wide("customer", "show.head.customer", _customer, flex=True),
    Wide("owner", "show.head.owner", lambda row, _: row.about.owner if row.about else ""),
    Wide("case", "show.unlinked.head_case", _case),
    Wide("on", "show.unlinked.head_on", _on, right=True),
    table.NEW,
    Wide("won", "show.unlinked.head_won", _won, right=True),
    Wide("invoiced", "show.unlinked.head_invoiced", _invoiced, right=True),
    Wide("difference", "show.unlinked.head_difference", _difference_cell, right=True),
    Wide("proposal", "show.unlinked.head_proposal", _proposal),
)
_NARROW = (
    Narrow("what", ("show.unlinked.head_what", "show.head.owner"), _which, _whose, flex=True),
    Narrow("case", ("show.unlinked.head_case", "show.unlinked.head_on"), _case, _on_marked),
    Narrow("won", ("show.unlinked.head_won", "show.unlinked.head_invoiced"), _won, _invoiced, right=True),
    Narrow("difference", ("show.unlinked.head_difference", "show.unlinked.head_proposal"), _difference_cell, _proposal,
           right=True),
)  # fmt: skip

RENDERER = GapRenderer(
    blocks=blocks,
    brief=brief,
    ask="show.unlinked.ask",
    lacking=lacking,
    summary=summary,
    finding=finding,
    columns=_COLUMNS,
    entries=entries,
)
