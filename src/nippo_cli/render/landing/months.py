"""The landing's table: a line down, the months beside each other, and where its figures lead."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeAlias

from nippo_cli.base.dates import month_name, month_start
from nippo_cli.base.language import t
from nippo_cli.landing.shares import firm_ranks
from nippo_cli.landing.table import MonthLanding
from nippo_cli.line.promised import Pile
from nippo_cli.render.draw import Block, Cell, Column, Span, Table, Tone
from nippo_cli.render.landing import beneath
from nippo_cli.render.parts import AmountUnit, DealLists, by_deal, words
from nippo_cli.results.landing import LandingPage

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen

# So many months stand beside each other.
MOST_BESIDE = 6
_Line: TypeAlias = tuple[Cell, list[Cell]]


class MonthTables:
    """Draws the tables of a landing.

    Args:
        unit: that of its amounts.
        lists: whether figures that add up the money of deals lead to just these; else, where anything opens, to all of their month.
    """

    def __init__(self, result: LandingPage, unit: AmountUnit, screen: "Screen", *, lists: bool = True) -> None:
        self._result, self._unit, self._opens = result, unit, screen.opens
        self._heads = {**result.outside, **result.heads}
        self._lists = DealLists("landing", result.schema.currency, opens=screen.opens and lists)

    def whole(self, months: Sequence[MonthLanding]) -> Table:
        """The lines down, the months beside each other."""
        return self._table("", months, self._lines(months))

    def short(self) -> Table:
        """The lines that a meeting needs: the target, the firm line, that by record, and what lies between. Where there is no target,
        what was ordered stands in its place."""
        table = self._result.table
        months = [*table.months[:MOST_BESIDE], *([table.total] if len(table.months) > 1 else [])]
        lines = [next(self._certain(months)), self._firm_line(months), self._record_line(months)]
        if any(one.gap is not None for one in months):
            lines.append(self._gap_line(months))
        return self._table(t("landing.filled", basis=filled(self._result), unit=self._unit.name), months, lines)

    def piles(self, said: Cell, title: str, piles: Iterable[Pile]) -> Cell:
        """A figure of some piles, which leads to their deals where it opens."""
        return self._lists.piled(said, title, by_deal(piles), self._heads)

    def blocks(self) -> list[Block]:
        """The lists that figures lead to."""
        return self._lists.blocks()

    def _table(self, head: str, months: Sequence[MonthLanding], lines: Iterable[_Line]) -> Table:
        columns = [
            Column("line", head),
            *(Column(str(one.month or "total"), month_label(one), right=True) for one in months),
        ]
        rows = [[label, *self._leading(cells, months)] for label, cells in lines]
        return Table(columns, rows, stacks=True)

    def _leading(self, cells: Sequence[Cell], months: Sequence[MonthLanding]) -> list[Cell]:
        """Figures that lead to the deals of their month, where they have no list of their own."""
        if not self._opens:
            return list(cells)
        named = [cell if isinstance(cell, Span) else Span(cell) for cell in cells]
        return [
            cell._replace(link=f"#{anchor_of(one.month)}") if one.month is not None and not cell.link else cell
            for cell, one in zip(named, months, strict=True)
        ]

    def _lines(self, months: Sequence[MonthLanding]) -> Iterator[_Line]:
        """Each line of the table and its cells: what is to be sold and what is, the live money, what it comes to."""
        yield from self._certain(months)
        yield from self._live(months)
        yield from self._sums(months)

    def _certain(self, months: Sequence[MonthLanding]) -> Iterator[_Line]:
        """The lines of what is certain: the target, what is done, the backlog; each with a cell a month."""
        result, show = self._result, self._unit.show
        table = result.table
        if any(one.target.amount is not None for one in table.months):
            whose = next((one.target.whose for one in table.months if one.target.whose), "team")
            yield t(f"landing.target_{whose}"), [show(one.target.amount) for one in months]
            if any(one.target.owners is not None for one in table.months):
                yield Span(t("landing.target_beside"), "dim"), [Span(show(one.target.owners), "dim") for one in months]
        done = t(f"landing.done_{result.basis}")
        yield done, [self._of(show(one.done.amount), one, done, one.done) for one in months]
        if result.basis == "sale":
            backlog = t("landing.backlog")
            yield backlog, [self._of(show(one.backlog.amount), one, backlog, one.backlog) for one in months]

    def _live(self, months: Sequence[MonthLanding]) -> Iterator[_Line]:
        """The lines of live deals: a rank each, those on hold, those that fizzled out."""
        schema, total = self._result.schema, self._result.table.total
        for at, cell in enumerate(total.by_rank):
            if cell.pile.deals:
                rank = schema.rank_label(cell.rank) if cell.rank else t("landing.no_rank")
                piles = [one.by_rank[at].pile for one in months]
                yield beneath.rank_label(cell, schema), self._amounts(rank, months, piles)
        if total.on_hold.deals:
            label = t("landing.on_hold")
            yield Span(label, "dim"), self._amounts(label, months, [one.on_hold for one in months], dim=True)
        if total.fizzled.deals:
            label = t("landing.fizzled")
            yield Span(label, "dim"), self._amounts(label, months, [one.fizzled for one in months], dim=True)

    def _amounts(
        self, label: str, months: Sequence[MonthLanding], piles: Sequence[Pile], *, dim: bool = False
    ) -> list[Cell]:
        tone: Tone = "dim" if dim else "plain"
        return [
            self._of(Span(_amount(pile, self._unit), tone), one, label, pile)
            for one, pile in zip(months, piles, strict=True)
        ]

    def _of(self, said: Cell, month: MonthLanding, label: str, *piles: Pile) -> Cell:
        return self.piles(said, t("landing.of_line", month=month_label(month), line=label), piles)

    def _sums(self, months: Sequence[MonthLanding]) -> Iterator[_Line]:
        """The lines of sums: what is firm, what the record says, what was declared, and the gap to the target."""
        table, show = self._result.table, self._unit.show
        yield self._firm_line(months)
        yield self._record_line(months)
        if table.total.in_month is not None:
            yield t("landing.in_month"), [show(one.in_month) for one in months]
        if table.total.declared is not None:
            yield t("landing.declared"), [show(one.declared) for one in months]
        if table.total.declared_team is not None:
            yield t("landing.declared_team"), [show(one.declared_team) for one in months]
        if any(one.gap is not None for one in table.months):
            yield self._gap_line(months)

    def _firm_line(self, months: Sequence[MonthLanding]) -> _Line:
        """The line of what is done and promised at firm ranks."""
        schema, basis = self._result.schema, self._result.basis
        keys = firm_ranks(schema)
        firm = [rank.key for rank in schema.ranks if rank.key in keys]
        ranks = t("landing.and").join(map(schema.rank_label, firm))
        label = t(f"landing.firm_{basis}", ranks=ranks) if ranks else t(f"landing.firm_done_{basis}")
        cells = [
            self._of(
                Span(self._unit.show(one.firm), "strong"), one, label,
                one.done, one.backlog, *(cell.pile for cell in one.by_rank if cell.rank in firm),
            )
            for one in months
        ]  # fmt: skip
        return Span(label, "strong"), cells

    def _record_line(self, months: Sequence[MonthLanding]) -> _Line:
        return (
            Span(t("landing.by_record"), "strong"),
            [Span(self._unit.show(one.by_record), "strong") for one in months],
        )

    def _gap_line(self, months: Sequence[MonthLanding]) -> _Line:
        return t("landing.gap"), [gap_cell(one, self._unit) for one in months]


def filled(result: LandingPage) -> str:
    """What the months are filled with, and that tax is not in it."""
    return t("landing.without_tax", basis=t(f"landing.basis_{result.basis}"))


def month_label(one: MonthLanding) -> str:
    """The head of a month's column."""
    # No year: a page has twelve months at most.
    return t("landing.total") if one.month is None else words.month(month_start(one.month).month)


def anchor_of(month: int) -> str:
    """Where all deals of a month are."""
    return f"month-{month_name(month)}"


def gap_cell(one: MonthLanding, unit: AmountUnit) -> Cell:
    """What lies between the line by record and the target."""
    shown = unit.show(one.gap, signed=True)
    return Span(shown, "warn") if one.gap is not None and one.gap < 0 else shown


def _amount(pile: Pile, unit: AmountUnit) -> str:
    """Money of deals; a cell of deals none of which names an amount says how many there are."""
    deals = len(pile.deals)
    return unit.show(pile.amount) if pile.amount or not deals else words.counted("landing.deals", deals)
