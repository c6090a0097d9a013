"""A row that is not like the rows before it, or that can't be taken: read cell by cell, every problem of it said."""

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any, TypeAlias

from nippo_cli.base.errors import Message, Place, Problem, msg
from nippo_cli.exchange.cells import PERSON, CellReader
from nippo_cli.exchange.keyed_rows import KnownValues, key_reader
from nippo_cli.exchange.mapping import ColumnRef, EntryMap, ImportMap, Rules
from nippo_cli.exchange.reckoning import APART
from nippo_cli.line.checked_entry import checker
from nippo_cli.schema.types import ValueRefused

Cells: TypeAlias = Sequence[str]
ReadCell: TypeAlias = Callable[[str], Any]


class EntryPart:
    """What one part of an entry is read from, and how. `name` is the column's, or the columns'."""

    def __init__(self, pick: ColumnRef, places: Mapping[str, int], read: ReadCell) -> None:
        self.name = " + ".join(pick.columns)
        self.cell = cell_of(pick, places)
        self.read = read

    def __call__(self, cells: Cells) -> Any:
        """The part's value; None or "" where it is empty. Raises `ValueRefused`."""
        return self.read(self.cell(cells))


class RowJudge:
    """Judges rows for one entry of the map by `Checker.check`, with all of its rules."""

    def __init__(
        self,
        entry: EntryMap,
        places: Mapping[str, int],
        cell_reader: CellReader,
        known: KnownValues,
        import_map: ImportMap,
    ) -> None:
        schema = cell_reader.schema
        self._known = known
        self._ignores_required = import_map.ignores_required
        self._checker = checker(schema, cell_reader.today)
        self._fields = {
            key: EntryPart(pick, places, cell_reader.raw(pick, schema.by_key[key]))
            for key, pick in entry.fields.items()
        }
        days = ((name, getattr(entry, name)) for name in ("on", "known_on"))
        self._parts = {name: EntryPart(pick, places, cell_reader.day(pick)) for name, pick in days if pick}
        if entry.deal:
            self._parts["deal"] = EntryPart(entry.deal, places, cell_reader.deal(entry.deal))
        if entry.deal_key:
            self._parts["deal_key"] = EntryPart(
                entry.deal_key, places, key_reader(import_map.source, cell_reader.text(entry.deal_key))
            )
        if entry.owner:
            self._parts["owner"] = EntryPart(entry.owner, places, cell_reader.text(entry.owner))
        if entry.author:
            self._parts["author"] = EntryPart(entry.author, places, cell_reader.text(entry.author))
        if entry.incomplete:
            self._parts["incomplete"] = EntryPart(entry.incomplete, places, flagged(cell_reader.text(entry.incomplete)))
        if entry.snapshot:
            self._parts["snapshot"] = EntryPart(entry.snapshot, places, flagged(cell_reader.text(entry.snapshot)))
        self._deal_key, self._customer_key = schema.key("deal"), schema.key("customer")

    def values(self, cells: Cells, deal: str, key_of_deal: str | None) -> dict[str, Any] | list[Problem]:
        """The canonical values of a row whose cells can all be read, defaults among them; or what it lacks."""
        raw = {key: part(cells) for key, part in self._fields.items()}
        values, problems = self._checker.check(
            self._with_deal(raw, deal), self._known.known(deal, self._customer(raw), key_of_deal)
        )
        return [self._placed(p) for p in problems] or values

    def problems(self, cells: Cells, first: Problem | None = None) -> list[Problem]:
        """Everything that is wrong with a row that can't be taken, after what is known to be already."""
        problems = [first] if first else []
        parts = {name: _tried(part, cells, problems) for name, part in self._parts.items()}
        on = self._parts.get("on")
        if on is not None and parts["on"] is None and all(p.where.field != on.name for p in problems):
            problems.append(Problem(Place(field=on.name), "", msg("exchange.needs.date")))
        raw, unread = dict[str, object](), {self._deal_key} if parts.get("deal", "") is None else set[str | None]()
        for key, part in self._fields.items():
            before = len(problems)
            raw[key] = _tried(part, cells, problems)
            if len(problems) > before:
                unread.add(key)
        deal, key_of_deal = parts.get("deal") or "", parts.get("deal_key") or None
        known = self._known.known(deal, self._customer(raw), key_of_deal)
        _, wrong = self._checker.check(self._with_deal(raw, deal), known)
        # What an incomplete entry lacks, and what could not be read, is no further problem.
        return problems + [
            self._placed(p)
            for p in wrong
            if p.where.field not in unread and (p.said or not (self._ignores_required or parts.get("incomplete")))
        ]

    def other_customer(self, cells: Cells, whose: Message) -> Problem:
        """That a row's customer is not its deal's, at the column of the customer."""
        part = self._fields.get(self._customer_key or "")
        said = "" if part is None else str(part(cells) or "")
        return Problem(Place(field=part.name if part else ""), said, whose)

    def _customer(self, raw: Mapping[str, object]) -> str | None:
        said = raw.get(self._customer_key) if self._customer_key else None
        return str(said).strip() if said else None

    def _with_deal(self, raw: dict[str, object], deal: str) -> dict[str, object]:
        if self._deal_key is not None and deal:
            raw[self._deal_key] = deal
        return raw

    def _placed(self, problem: Problem) -> Problem:
        """The problem of a field, at the column that the field is read from."""
        key = problem.where.field
        part = self._parts.get("deal") if key == self._deal_key else self._fields.get(key)
        return problem._replace(where=Place(field=part.name or key)) if part else problem


def condition(rules: Rules, places: Mapping[str, int], cell_reader: CellReader) -> Callable[[Cells], bool] | None:
    """Cells → whether they meet the rules; None where there are none."""
    if not rules:
        return None
    clean = cell_reader.any_text(ColumnRef(()))
    ready = [[(places[r.column], r.texts, r.negated) for r in every] for every in rules]

    def met(cells: Cells) -> bool:
        return any(all((clean(cells[at]) in texts) is not negated for at, texts, negated in every) for every in ready)

    return met


def cell_of(pick: ColumnRef, places: Mapping[str, int]) -> Callable[[Cells], str]:
    """Cells → the one that a pick names; several joined, those that are blank left out unless they are added up."""
    if pick.constant is not None:
        constant = pick.constant
        return lambda _: constant
    at = [places[column] for column in pick.columns]
    if pick.signs or pick.formats == (PERSON,):
        return lambda cells: APART.join(map(cells.__getitem__, at))
    if len(at) == 1:
        return itemgetter(at[0])
    return lambda cells: pick.join.join(cell for cell in map(cells.__getitem__, at) if cell and not cell.isspace())


def flagged(clean: Callable[[str], str]) -> Callable[[str], bool]:
    """Cell → yes or no; an empty one is no. The function raises `ValueRefused`."""

    def read(cell: str) -> bool:
        plain = clean(cell).lower()
        if plain in ("", "false", "no", "0"):
            return False
        if plain in ("true", "yes", "1"):
            return True
        raise ValueRefused(cell, msg("exchange.needs.flag"))

    return read


def _tried(part: EntryPart, cells: Cells, problems: list[Problem]) -> Any:
    """What a part reads; None, with its problem added, where it can't."""
    try:
        return part(cells)
    except ValueRefused as error:
        problems.append(Problem(Place(field=part.name), error.said, error.needs))
        return None
