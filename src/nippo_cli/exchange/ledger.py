"""The ledger's rows and targets, as other programs write them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import TypeAlias

from nippo_cli.base.dates import UnreadableDate, When, read_promise
from nippo_cli.base.errors import Place, Problem, msg
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.tax import net_less, net_of
from nippo_cli.base.text import normal_form
from nippo_cli.exchange.cells import CellReader
from nippo_cli.exchange.flat import (
    FlatRow,
    amounts,
    currencies,
    names,
    read_rows,
)
from nippo_cli.exchange.flat_map import SALES, TARGETS, FlatMap
from nippo_cli.exchange.judging import Cells, ReadCell
from nippo_cli.exchange.mapping import ColumnRef
from nippo_cli.exchange.sifting import Rejected, ShortRows, Skipped, reject_row
from nippo_cli.exchange.source import Source
from nippo_cli.gaps.facts import SaleKind
from nippo_cli.schema.parts import Field
from nippo_cli.schema.types import Reading, ValueRefused, reader_for
from nippo_cli.schema.types.scalars import truth

_FAR = 400


class SaleDraft(NamedTuple):
    """A row of the ledger that can be written, but for the deal that it names (`deal_said`, empty for none)."""

    line: int
    cells: Cells
    key: str
    on: date
    known_on: date
    customer: str
    amount: int
    deal_said: str
    reference: str
    note: str
    kind: SaleKind
    gross: int | None
    tax: int


class TargetDraft(NamedTuple):
    """A target that can be written: of an owner, else of a kind by its key, else of the team; `month` is `2026-10`, `known_on`
    None for today."""

    line: int
    cells: Cells
    owner: str
    kind: str
    month: str
    amount: int
    known_on: date | None


Sales: TypeAlias = Iterator[SaleDraft | Skipped | Rejected | ShortRows]
Targets: TypeAlias = Iterator[TargetDraft | Skipped | Rejected | ShortRows]


def read_sales(source: Source, flat_map: FlatMap, cell_reader: CellReader) -> Sales:
    """Each row as a sale. It is known on its own date unless the map gives another, and is of a customer or a deal. Tax that is
    in the amounts, by a column, else by the map or else by the schema, is taken off."""
    currency = cell_reader.schema.currency
    pick = flat_map.picks["amount"]
    rate = cell_reader.schema.tax_in_ledger if pick.tax is None else pick.tax
    flat_map = replace(flat_map, picks={**flat_map.picks, "amount": pick._replace(tax=None)})
    readers = {
        "amount": amounts(cell_reader, currency), "currency": currencies(cell_reader, currency), "kind": _kinds(cell_reader),
        "customer": names(cell_reader), "deal": names(cell_reader), "reference": names(cell_reader),
        "amount_tax": amounts(cell_reader, currency),
    }  # fmt: skip
    for row in read_rows(source, flat_map, SALES, cell_reader, readers):
        if not isinstance(row, FlatRow):
            yield row
            continue
        said = row.values
        customer, deal = said.get("customer") or "", said.get("deal") or ""
        if not customer and not deal:
            yield reject_row(source, row.line, row.cells, [Problem(Place(), "", msg("exchange.flat.whom"))])
            continue
        tax = said.get("amount_tax")
        net = net_of(said["amount"], rate) if "amount_tax" not in said else net_less(said["amount"], tax or 0)
        yield SaleDraft(
            row.line, row.cells, row.key, said["on"], said.get("known_on") or said["on"], customer, net.amount, deal,
            said.get("reference") or "", said.get("note") or "", said.get("kind") or "sale", net.gross, net.tax,
        )  # fmt: skip


def read_targets(source: Source, flat_map: FlatMap, cell_reader: CellReader) -> Targets:
    """Each row as a target, of an owner, the team or a kind. Two rows of one of these and one month are one too many."""
    currency = cell_reader.schema.currency
    readers = {
        "amount": amounts(cell_reader, currency), "currency": currencies(cell_reader, currency), "owner": names(cell_reader),
        "month": _months(cell_reader), "team": _teams(cell_reader), "kind": _deal_kinds(cell_reader),
    }  # fmt: skip
    met: set[tuple[str, str, str]] = set()
    for row in read_rows(source, flat_map, TARGETS, cell_reader, readers):
        if not isinstance(row, FlatRow):
            yield row
            continue
        owner, kind, month = row.values.get("owner") or "", row.values.get("kind") or "", row.values["month"]
        of_team = bool(row.values.get("team"))
        if normal_form(owner) in _TEAM:
            owner, of_team = "", True
        one = normal_form(owner), kind, month
        problem = None
        if owner and (of_team or kind):
            problem = Problem(Place(), owner, msg("exchange.flat.target_of_one"))
        elif not (owner or of_team or kind):
            field = " + ".join(flat_map.picks["owner"].columns) if "owner" in flat_map.picks else ""
            problem = Problem(Place(field=field), "", msg("exchange.flat.needs_owner"))
        elif one in met:
            problem = Problem(Place(), f"{owner or kind} {month}".strip(), msg("exchange.flat.target_twice"))
        if problem is not None:
            yield reject_row(source, row.line, row.cells, [problem])
            continue
        met.add(one)
        yield TargetDraft(row.line, row.cells, owner, kind, month, row.values["amount"], row.values.get("known_on"))


# What stands where an owner would, or marks a row, where the target is everybody's.
_TEAM = frozenset(map(normal_form, ("team", "the team", "whole team", "全社", "チーム", "チーム全体", "全体")))


def _teams(cell_reader: CellReader) -> Callable[[ColumnRef], ReadCell]:
    """How a column that marks the team's rows is read: a yes, or what a team is called."""

    def reader(pick: ColumnRef) -> ReadCell:
        clean = cell_reader.text(pick)

        def read(cell: str) -> bool:
            text = clean(cell)
            return bool(text) and (normal_form(text) in _TEAM or truth(text))

        return read

    return reader


def _deal_kinds(cell_reader: CellReader) -> Callable[[ColumnRef], ReadCell]:
    """How a column of deal kinds is read: by key, label or a former one; nothing said is any kind."""
    schema = cell_reader.schema
    field = schema.by_role.get("kind") or Field("kind", "", "choice", "kind")
    kind = reader_for(field, Reading(cell_reader.today, schema))

    def reader(pick: ColumnRef) -> ReadCell:
        clean = cell_reader.text(pick)

        def read(cell: str) -> str:
            text = clean(cell)
            return str(kind.read(text)) if text else ""

        return read

    return reader


def month_of(said: str, *, today: date, fiscal_year_start: int) -> str:
    """A whole month as people type it, as `2026-10`; without a year the next that is not over.

    Raises:
        UnreadableDate: it is no month.
    """
    when = read_promise(said, today=today, fiscal_year_start=fiscal_year_start)
    if not is_month(when):
        raise UnreadableDate(said, msg("target.needs.month"))
    return when.first.isoformat()[:7]


def is_month(of: When) -> bool:
    """Whether it is a calendar month from its first day to its last."""
    same = (of.first.year, of.first.month) == (of.last.year, of.last.month)
    return same and of.first.day == 1 and date.fromordinal(of.last.toordinal() + 1).day == 1


def read_kind(said: str) -> SaleKind:
    """What a row is, as ledgers call it: `売上`, `前受金`, `着手金`; nothing said is a sale.

    Raises:
        ValueRefused: it is neither.
    """
    plain = normal_form(said)
    for kind, words in _KINDS.items():
        if plain in words:
            return kind
    raise ValueRefused(said, msg("exchange.flat.kind"))


_KINDS: Mapping[SaleKind, tuple[str, ...]] = {
    "sale": ("", "sale", "sales", "revenue", "売上", "売上高"),
    "advance": ("advance", "down payment", "deposit", "前受金", "前受", "前金", "着手金", "中間金", "内金", "手付金"),
}


def _kinds(cell_reader: CellReader) -> Callable[[ColumnRef], ReadCell]:
    """How a column that says what a row is is read."""

    def reader(pick: ColumnRef) -> ReadCell:
        clean = cell_reader.text(pick)
        return lambda cell: read_kind(clean(cell))

    return reader


def _months(cell_reader: CellReader) -> Callable[[ColumnRef], ReadCell]:
    """How a month is read: with its year, since what `10月` means would hang on the day of the import."""
    start, today = cell_reader.schema.fiscal_year_start, cell_reader.today
    later = date.fromordinal(today.toordinal() + _FAR)

    def reader(pick: ColumnRef) -> ReadCell:
        clean = cell_reader.text(pick)

        def read(cell: str) -> str:
            text = clean(cell)
            if not text:
                return ""
            try:
                month, again = (month_of(text, today=day, fiscal_year_start=start) for day in (today, later))
            except UnreadableDate:
                raise ValueRefused(text, msg("target.needs.month")) from None
            if month != again:
                raise ValueRefused(text, msg("exchange.needs.year"))
            return month

        return read

    return reader
