"""`nippo landing`: the months as a table, what stands outside, the bridge from last week, what decides, and the record."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, TypeAlias

from nippo_cli.base.dates import month_name, month_start
from nippo_cli.base.ids import show_id
from nippo_cli.base.language import t
from nippo_cli.landing.shares import firm_ranks
from nippo_cli.landing.table import LandingTable, MonthLanding, Outside
from nippo_cli.line.promised import Pile
from nippo_cli.render.draw import Block, Cell, Column, Details, Heading, Page, Prose, Renderer, Span, Table
from nippo_cli.render.landing import beneath, deciding
from nippo_cli.render.landing.answer import to_json
from nippo_cli.render.parts import NONE, AmountUnit, left_out, unit_of, words
from nippo_cli.results.landing import LandingGroup, LandingPage

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen

# So many months stand beside each other.
_BESIDE = 6


def page(result: LandingPage, screen: "Screen") -> Page:
    """The table first: what the months come to against their targets."""
    unit = unit_of_page(result)
    blocks: list[Block] = []
    months = result.table.months
    for at in range(0, len(months), _BESIDE):
        last = at + _BESIDE >= len(months)
        shown = [*months[at : at + _BESIDE], *([result.table.total] if last and len(months) > 1 else [])]
        blocks.append(_months(result, shown, unit, screen))
    if screen.opens:
        blocks += deals_of_months(result)
    blocks += beneath.notes(result, unit)
    blocks += _outside(result, unit)
    if result.groups:
        blocks += _groups(result, unit)
    if result.bridge is not None:
        heading, sums, *rest = beneath.bridge(result, unit)
        blocks += [heading, sums, *(_waterfall(result, unit) if screen.pictures else ()), *rest]
    blocks += deciding.deciders(result, unit)
    blocks += deciding.declarations(result, unit)
    blocks += beneath.need(result, unit)
    blocks += beneath.record(result, unit)
    note = t("landing.note", as_of=words.day_name(result.as_of), basis=_filled(result), unit=unit.name)
    return Page([*blocks, *left_out(result.left_out)], t("landing.title"), note)


def _filled(result: LandingPage) -> str:
    """What the months are filled with, and that tax is not in it."""
    return t("landing.without_tax", basis=t(f"landing.basis_{result.basis}"))


def unit_of_page(result: LandingPage) -> AmountUnit:
    """The unit of its amounts."""
    return unit_of(result.unit, result.schema.currency, _most(result.table))


def _waterfall(result: LandingPage, unit: AmountUnit) -> Sequence[Block]:
    from nippo_cli.render.landing import waterfall

    return waterfall.pictures(result, unit)


def _months(result: LandingPage, months: Sequence[MonthLanding], unit: AmountUnit, screen: "Screen") -> Table:
    """The lines down, the months beside each other."""
    columns = [
        Column("line", ""),
        *(Column(str(one.month or "total"), _head(one), right=True) for one in months),
    ]
    rows = [[label, *_leading(cells, months, screen)] for label, cells in _lines(result, months, unit)]
    return Table(columns, rows, stacks=True)


def short_table(result: LandingPage, screen: "Screen") -> Table:
    """The lines that a meeting needs: the target, the firm line, that by record, and what lies between. Where there is no target,
    what was ordered stands in its place. A figure leads to the deals of its month."""
    unit, table = unit_of_page(result), result.table
    months = [*table.months[:_BESIDE], *([table.total] if len(table.months) > 1 else [])]
    lines = [next(_certain(result, months, unit)), _firm_line(result, months, unit), _record_line(months, unit)]
    if any(one.gap is not None for one in months):
        lines.append(_gap_line(months, unit))
    columns = [
        Column("line", t("landing.filled", basis=_filled(result), unit=unit.name)),
        *(Column(str(one.month or "total"), _head(one), right=True) for one in months),
    ]
    return Table(columns, [[label, *_leading(cells, months, screen)] for label, cells in lines], stacks=True)


def _leading(cells: Sequence[Cell], months: Sequence[MonthLanding], screen: "Screen") -> list[Cell]:
    """Figures that lead to the deals of their month."""
    if not screen.opens:
        return list(cells)
    named = [cell if isinstance(cell, Span) else Span(cell) for cell in cells]
    return [
        cell._replace(link=f"#{_anchor(one.month)}") if one.month is not None else cell
        for cell, one in zip(named, months, strict=True)
    ]


def _anchor(month: int) -> str:
    return f"month-{month_name(month)}"


def deals_of_months(result: LandingPage) -> list[Block]:
    """The deals behind each month's figures, to be opened: what was ordered, then those of each rank, then those that stand apart."""
    unit = unit_of_page(result)
    return [_of_month(one, result, unit) for one in result.table.months if one.month is not None]


def _of_month(one: MonthLanding, result: LandingPage, unit: AmountUnit) -> Details:
    schema = result.schema
    piles: list[tuple[str, Pile]] = [
        (t(f"landing.done_{result.basis}"), one.done),
        (t("landing.backlog"), one.backlog),
        *((schema.rank_label(cell.rank) if cell.rank else t("landing.no_rank"), cell.pile) for cell in one.by_rank),
        (t("landing.on_hold"), one.on_hold),
        (t("landing.fizzled"), one.fizzled),
    ]
    rows = [row for label, pile in piles for row in _of_pile(label, pile, result, unit)]
    columns = [
        Column("line", ""), Column("id", t("show.head.id"), right=True), Column("name", t("show.head.deal"), flex=True),
        Column("customer", t("show.head.customer"), flex=True), Column("owner", t("show.head.owner")),
        Column("amount", unit.name, right=True),
    ]  # fmt: skip
    deals = {deal for _, pile in piles for deal in pile.deals}
    summary = t("landing.of_month", month=_head(one), deals=words.counted("landing.deals", len(deals)))
    return Details(summary, [Table(columns, rows)] if rows else [], _anchor(one.month or 0))


def _of_pile(label: str, pile: Pile, result: LandingPage, unit: AmountUnit) -> Iterator[Sequence[Cell]]:
    """A row a deal with what it is in the pile with, several invoices of one together; then the money that belongs to no deal."""
    sums: dict[int, int | None] = {}
    for deal, amount in zip(pile.deals, pile.amounts, strict=True):
        before = sums.get(deal)
        sums[deal] = amount if before is None else before + (amount or 0)
    for deal, amount in sums.items():
        head = result.heads.get(deal)
        name, customer, owner = (head.name, head.customer, head.owner) if head is not None else ("", "", "")
        yield [label, show_id(deal), name, customer, owner, unit.show(amount)]
    rest = pile.amount - sum(amount or 0 for amount in sums.values())
    if rest:
        yield [label, "", t("landing.of_no_deal"), "", "", unit.show(rest)]


def _head(one: MonthLanding) -> str:
    # No year: a page has twelve months at most.
    return t("landing.total") if one.month is None else words.month(month_start(one.month).month)


_Line: TypeAlias = tuple[Cell, list[Cell]]


def _lines(result: LandingPage, months: Sequence[MonthLanding], unit: AmountUnit) -> Iterator[_Line]:
    """Each line of the table and its cells: what is to be sold and what is, the live money, what it comes to."""
    yield from _certain(result, months, unit)
    yield from _live(result, months, unit)
    yield from _sums(result, months, unit)


def _certain(result: LandingPage, months: Sequence[MonthLanding], unit: AmountUnit) -> Iterator[_Line]:
    table, show = result.table, unit.show
    if any(one.target.amount is not None for one in table.months):
        whose = next((one.target.whose for one in table.months if one.target.whose), "team")
        yield t(f"landing.target_{whose}"), [show(one.target.amount) for one in months]
        if any(one.target.owners is not None for one in table.months):
            yield Span(t("landing.target_beside"), "dim"), [Span(show(one.target.owners), "dim") for one in months]
    yield t(f"landing.done_{result.basis}"), [show(one.done.amount) for one in months]
    if result.basis == "sale":
        yield t("landing.backlog"), [show(one.backlog.amount) for one in months]


def _live(result: LandingPage, months: Sequence[MonthLanding], unit: AmountUnit) -> Iterator[_Line]:
    for at, cell in enumerate(result.table.total.by_rank):
        if cell.pile.deals:
            label = beneath.rank_label(cell, result.schema)
            yield label, [_amount(one.by_rank[at].pile, unit) for one in months]
    total = result.table.total
    if total.on_hold.deals:
        yield Span(t("landing.on_hold"), "dim"), [Span(_amount(one.on_hold, unit), "dim") for one in months]
    if total.fizzled.deals:
        yield Span(t("landing.fizzled"), "dim"), [Span(_amount(one.fizzled, unit), "dim") for one in months]


def _sums(result: LandingPage, months: Sequence[MonthLanding], unit: AmountUnit) -> Iterator[_Line]:
    table, show = result.table, unit.show
    yield _firm_line(result, months, unit)
    yield _record_line(months, unit)
    if table.total.in_month is not None:
        yield t("landing.in_month"), [show(one.in_month) for one in months]
    if table.total.declared is not None:
        yield t("landing.declared"), [show(one.declared) for one in months]
    if table.total.declared_team is not None:
        yield t("landing.declared_team"), [show(one.declared_team) for one in months]
    if any(one.gap is not None for one in table.months):
        yield _gap_line(months, unit)


def _firm_line(result: LandingPage, months: Sequence[MonthLanding], unit: AmountUnit) -> _Line:
    ranks = t("landing.and").join(result.schema.rank_label(rank) for rank in _firm(result))
    firm = t(f"landing.firm_{result.basis}", ranks=ranks) if ranks else t(f"landing.firm_done_{result.basis}")
    return Span(firm, "strong"), [Span(unit.show(one.firm), "strong") for one in months]


def _record_line(months: Sequence[MonthLanding], unit: AmountUnit) -> _Line:
    return Span(t("landing.by_record"), "strong"), [Span(unit.show(one.by_record), "strong") for one in months]


def _gap_line(months: Sequence[MonthLanding], unit: AmountUnit) -> _Line:
    return t("landing.gap"), [_gap(one, unit) for one in months]


def _firm(result: LandingPage) -> list[str]:
    firm = firm_ranks(result.schema)
    return [rank.key for rank in result.schema.ranks if rank.key in firm]


def _amount(pile: Pile, unit: AmountUnit) -> str:
    """Money of deals; a cell of deals none of which names an amount says how many there are."""
    deals = len(pile.deals)
    return unit.show(pile.amount) if pile.amount or not deals else words.counted("landing.deals", deals)


def _gap(one: MonthLanding, unit: AmountUnit) -> Cell:
    shown = unit.show(one.gap, signed=True)
    return Span(shown, "warn") if one.gap is not None and one.gap < 0 else shown


def _outside(result: LandingPage, unit: AmountUnit) -> list[Block]:
    """What stands in none of the months, in one line, so that every live yen stands somewhere."""
    if not result.table.outside and not result.table.without_amount.deals:
        return []
    parts = [_beside(one, result, unit) for one in result.table.outside]
    if result.table.without_amount.deals:
        parts.append(words.counted("landing.without_amount", len(result.table.without_amount.deals)))
    return [Prose((Span(t("landing.outside"), "strong"), "  ", beneath.BETWEEN.join(parts)))]


def _beside(one: Outside, result: LandingPage, unit: AmountUnit) -> str:
    deals = len(one.live.deals) + len(one.on_hold.deals) + len(one.fizzled.deals)
    counted = words.counted("landing.deals", deals)
    return t("landing.outside_part", when=_outside_when(one, result), amount=unit.show(one.amount), deals=counted)


def _outside_when(one: Outside, result: LandingPage) -> str:
    if isinstance(one.month, str):
        return t(f"landing.outside_{one.month}")
    return beneath.month_near(one.month, result)


def _groups(result: LandingPage, unit: AmountUnit) -> list[Block]:
    """Each owner, kind or customer: the months together."""
    columns = [
        Column("name", t(f"landing.by_{result.by}"), flex=True),
        Column("target", t("landing.head_target"), right=True),
        Column("done", t(f"landing.head_done_{result.basis}"), right=True),
        Column("live", t("landing.head_live"), right=True),
        Column("fizzled", t("landing.head_fizzled"), right=True),
        Column("firm", t("landing.head_firm"), right=True),
        Column("by_record", t("landing.head_by_record"), right=True),
        Column("declared", t("landing.head_declared"), right=True),
        Column("gap", t("landing.head_gap"), right=True),
    ]
    shown = [group for group in result.groups if _has_amounts(group.table.total)]
    empty = len(result.groups) - len(shown)
    rows = [_group(group, result, unit) for group in shown]
    # Customers have no targets and declare nothing.
    said = [at for at in range(len(columns)) if any(row[at] != NONE for row in rows)]
    return [
        Heading(t(f"landing.by_{result.by}_title"), t("landing.by_note")),
        *(
            [Table([columns[at] for at in said], [[row[at] for at in said] for row in rows], stacks=True)]
            if rows
            else []
        ),
        *([Prose(Span(words.counted("landing.groups_empty", empty), "dim"))] if empty else []),
    ]


def _has_amounts(total: MonthLanding) -> bool:
    """Whether there is any money to show of a part: done, live, aimed at or declared."""
    live = (total.on_hold, total.fizzled, *(cell.pile for cell in total.by_rank))
    return bool(total.done.amount or any(pile.amount for pile in live) or total.target.amount or total.declared)


def _group(group: LandingGroup, result: LandingPage, unit: AmountUnit) -> list[Cell]:
    total = group.table.total
    name = result.schema.kind_label(group.name) if result.by == "kind" and group.name else group.name
    live = sum(cell.pile.amount for cell in total.by_rank) + total.on_hold.amount
    return [
        name or t("landing.nobody"),
        unit.show(total.target.amount),
        unit.show(total.done.amount),
        unit.show(live),
        unit.show(total.fizzled.amount),
        unit.show(total.firm),
        unit.show(total.by_record),
        unit.show(total.declared),
        _gap(total, unit),
    ]


def _most(table: LandingTable) -> int:
    """The largest amount of the table."""
    return max((table.total.target.amount or 0, table.total.by_record, *(c.pile.amount for c in table.total.by_rank)))


# Of these lists every number is money but the counts.
_MONEY = {
    "months": ("backlog", "fizzled", "gap", "live", "on_hold", "overdue"),
    "record": ("came", "last_year", "mean", "promised"),
    "parts": ("after", "before"),
    "lines": ("bias", "error"),
}

RENDERER = Renderer(
    LandingPage, page=page, to_json=to_json, rows="months",
    money=[f"{name}.{column}" for name, columns in _MONEY.items() for column in columns],
)  # fmt: skip
