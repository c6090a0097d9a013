"""`nippo landing`: the months as a table, what stands outside, the bridge from last week, what decides, and the record."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from nippo_cli.base.ids import show_id
from nippo_cli.base.language import t
from nippo_cli.landing.table import LandingTable, MonthLanding, Outside
from nippo_cli.line.promised import Pile
from nippo_cli.render.draw import Block, Cell, Column, Details, Heading, Page, Prose, Renderer, Span, Table
from nippo_cli.render.landing import beneath, deciding
from nippo_cli.render.landing.answer import to_json
from nippo_cli.render.landing.months import MOST_BESIDE, MonthTables, anchor_of, filled, gap_cell, month_label
from nippo_cli.render.parts import NONE, AmountUnit, by_deal, left_out, no_deals, unit_of, words
from nippo_cli.results.landing import LandingGroup, LandingPage

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen


def page(result: LandingPage, screen: "Screen") -> Page:
    """The table first: what the months come to against their targets."""
    unit = unit_of_page(result)
    tables, blocks = MonthTables(result, unit, screen), list[Block]()
    months = result.table.months
    for at in range(0, len(months), MOST_BESIDE):
        last = at + MOST_BESIDE >= len(months)
        shown = [*months[at : at + MOST_BESIDE], *([result.table.total] if last and len(months) > 1 else [])]
        blocks.append(tables.whole(shown))
    outside = _outside(result, unit, tables)
    blocks += tables.blocks()
    if screen.opens:
        blocks += deals_of_months(result)
    blocks += beneath.notes(result, unit)
    blocks += outside
    if _has_nothing(result):
        blocks += no_deals(filtered=False)
    if result.groups:
        blocks += _groups(result, unit)
    if result.bridge is not None:
        heading, sums, *rest = beneath.bridge(result, unit)
        blocks += [heading, sums, *(_waterfall(result, unit) if screen.pictures else ()), *rest]
    blocks += deciding.deciders(result, unit)
    blocks += deciding.declarations(result, unit)
    blocks += beneath.need(result, unit)
    blocks += beneath.record(result, unit)
    note = t("landing.note", as_of=words.day_name(result.as_of), basis=filled(result), unit=unit.name)
    return Page([*blocks, *left_out(result.left_out, result.left_out_behind, result.as_of)], t("landing.title"), note)


def _has_nothing(result: LandingPage) -> bool:
    """Whether the diary has no deal for any month, nor had any in the months behind: whoever looks is to learn how to begin."""
    table, total = result.table, result.table.total
    piles = (total.done, total.backlog, total.on_hold, total.fizzled, *(cell.pile for cell in total.by_rank))
    has_deals = bool(table.outside or table.without_amount.deals) or any(one.deals or one.amount for one in piles)
    return not (has_deals or result.record is None or result.record.months)


def unit_of_page(result: LandingPage) -> AmountUnit:
    """The unit of its amounts."""
    return unit_of(result.unit, result.schema.currency, _most(result.table))


def _waterfall(result: LandingPage, unit: AmountUnit) -> Sequence[Block]:
    from nippo_cli.render.landing import waterfall

    return waterfall.pictures(result, unit)


def deals_of_months(result: LandingPage) -> list[Block]:
    """The deals behind each month's figures, to be opened: what was ordered, then those of each rank, then those that stand apart."""
    unit = unit_of_page(result)
    return [_of_month(one, result, unit) for one in result.table.months if one.month is not None]


def _of_month(one: MonthLanding, result: LandingPage, unit: AmountUnit) -> Details:
    """A month's deals in a list that opens, pile by pile."""
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
    summary = t("landing.of_month", month=month_label(one), deals=words.counted("landing.deals", len(deals)))
    return Details(summary, [Table(columns, rows)] if rows else [], anchor_of(one.month or 0))


def _of_pile(label: str, pile: Pile, result: LandingPage, unit: AmountUnit) -> Iterator[Sequence[Cell]]:
    """A row a deal with what it is in the pile with, several invoices of one together; then the money that belongs to no deal."""
    once = by_deal([pile])
    for deal, amount in zip(once.deals, once.amounts, strict=True):
        head = result.heads.get(deal)
        name, customer, owner = (head.name, head.customer, head.owner) if head is not None else ("", "", "")
        yield [label, show_id(deal), name, customer, owner, unit.show(amount)]
    rest = pile.amount - sum(amount or 0 for amount in once.amounts)
    if rest:
        yield [label, "", t("landing.of_no_deal"), "", "", unit.show(rest)]


def _outside(result: LandingPage, unit: AmountUnit, tables: MonthTables) -> list[Block]:
    """What stands in none of the months, in one line, so that every live yen stands somewhere."""
    if not result.table.outside and not result.table.without_amount.deals:
        return []
    said: list[Cell] = [Span(t("landing.outside"), "strong")]
    for one in result.table.outside:
        said += [beneath.BETWEEN, _beside(one, result, unit, tables)]
    lacking = result.table.without_amount
    if lacking.deals:
        count = words.counted("landing.without_amount", len(lacking.deals))
        said += [beneath.BETWEEN, tables.piles(count, t("landing.no_amount"), [lacking])]
    return [Prose(tuple(said))]


def _beside(one: Outside, result: LandingPage, unit: AmountUnit, tables: MonthTables) -> Cell:
    deals = len(one.live.deals) + len(one.on_hold.deals) + len(one.fizzled.deals)
    counted, when = words.counted("landing.deals", deals), _outside_when(one, result)
    said = t("landing.outside_part", when=when, amount=unit.show(one.amount), deals=counted)
    return tables.piles(said, when, (one.live, one.on_hold, one.fizzled))


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
    """A row of the table by owner or kind: target, done, live, fizzled, the sums and the gap."""
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
        gap_cell(total, unit),
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
