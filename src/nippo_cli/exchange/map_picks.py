"""Where the fields of an entry come from: columns of a file, as its map says them."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

from nippo_cli.exchange.cells import CellReader
from nippo_cli.exchange.days import MONTH
from nippo_cli.exchange.mapping import ColumnRef
from nippo_cli.exchange.proposing import Understood, choice_cells, readable
from nippo_cli.exchange.sampling import Sample
from nippo_cli.schema.types import type_of

Pick: TypeAlias = Mapping[str, Any] | str
Fields: TypeAlias = dict[str, Any]

UNITS: Final = {10**3: "千円", 10**4: "万円", 10**6: "百万円", 10**8: "億円"}


def day_pick(column: str, understood: Understood) -> Pick:
    """A column of days, with how they are written where that must be said."""
    read = understood.days.get(column)
    said: dict[str, Any] = {"column": column}
    if read is not None and read.formats:
        said["format"] = list(read.formats)
    if read is not None and read.written is not None:
        said["written"] = read.written.isoformat()
    if read is not None and read.unread:
        said["empty"] = list(read.unread)
    return said if len(said) > 1 else column


class FieldPicks:
    """Says of fields which column fills them in.

    `emptied`: of columns of choices the cells that are none, with how many of the rows looked at have each.
    """

    def __init__(self, sample: Sample, understood: Understood, cell_reader: CellReader) -> None:
        self._sample = sample
        self._understood = understood
        self._roles = understood.roles
        self._cells = cell_reader
        self._schema = cell_reader.schema
        self.emptied: dict[tuple[str, str], int] = {}

    def constants(self) -> Fields:
        """What a profile says of all its rows, where the schema has a choice of that name."""
        said = self._understood.profile.profile.constants if self._understood.profile else {}
        constants: Fields = {}
        for role, named in said.items():
            field = self._schema.by_role.get(role)
            choices = self._schema.choices(field) if field is not None else ()
            key = next((one.key for name in named for one in choices if name in (one.key, one.label)), "")
            if field is not None and key:
                constants[field.key] = {"constant": key}
        return constants

    def fields(self, roles: Sequence[str]) -> Fields:
        """The fields of the schema that some roles fill in, and those of its own that columns are called like."""
        fields: Fields = {}
        for role in roles:
            key = self._schema.key(role) or (role if role in self._schema.by_key else None)  # type: ignore[arg-type]
            held = role in self._roles or role == "facts" or (role == "stage" and self._status_stages())
            pick = self._pick(role, key) if key and held else None
            if key and pick:
                fields[key] = pick
        for role, column in self._roles.items() if "facts" in roles else ():
            key = role.removeprefix("field:")
            if key != role and readable(ColumnRef((column,)), key, self._sample, self._cells):
                fields[key] = column
        return fields

    def _pick(self, role: str, key: str) -> Pick | None:
        """Where a field comes from; None where it can't be read from its column."""
        field, column = self._schema.by_key[key], self._roles.get(role, "")
        if role == "facts":
            columns = list(self._understood.facts)
            return {"columns": columns, "join": " / "} if len(columns) > 1 else next(iter(columns), None)
        if role == "stage":
            return self.of_stage(column, None) if column else self._of_status()
        if role == "amount" and self._understood.amount is not None:
            return self.of_amount(self._understood.amount)
        if type_of(field).dated:
            # A month is a promise as it stands.
            read = self._understood.days.get(column)
            unread = read.unread if read is not None else ()
            self.emptied |= {(column, cell): self._sample.cells[column][cell] for cell in unread}
            return column if read is not None and MONTH in read.formats else day_pick(column, self._understood)
        if type_of(field).takes_choices or role in ("kind", "activity", "confidence"):
            # Few of a column's words are taken as well as many: what one list says, the next one must not take back.
            cells = choice_cells(column, self._sample, key, self._schema)
            lost = {cell: rows for cell, rows in self._sample.cells[column].items() if cell not in cells}
            self.emptied |= {(column, cell): rows for cell, rows in lost.items()}
            return {"column": column, "values": {**cells, "*": "empty"}} if cells else None
        return column if readable(ColumnRef((column,)), key, self._sample, self._cells) else None

    def _of_status(self) -> Pick:
        return {"column": self._roles["status"], "values": {**self._status_stages(), "*": "empty"}}

    def _status_stages(self) -> dict[str, str]:
        """Where no column is one of stages, the cells of the status that name steps of live deals, each with its stage."""
        if "stage" in self._roles or "status" not in self._roles:
            return {}
        live = {stage.key for stage in self._schema.stages if not (stage.ends or stage.after)}
        cells = ((cell, self._understood.stages.get(cell, "")) for cell in self._sample.values(self._roles["status"]))
        return {cell: stage for cell, stage in cells if stage in live}

    def of_stage(self, column: str, only: Sequence[str] | None) -> Pick:
        """A column's cells, or `only` some of them, each with its stage."""
        cells = self._sample.values(column) if only is None else only
        values = {cell: self._understood.stages[cell] for cell in cells if cell in self._understood.stages}
        return {"column": column, "values": values} if values else column

    def of_amount(self, pick: ColumnRef) -> Pick:
        """A column of amounts, with how they are written."""
        column = pick.columns[0]
        said: dict[str, Any] = {"sum": [column]} if pick.signs else {"column": column}
        if pick.unit in UNITS:
            said["unit"] = UNITS[pick.unit]
        if zeros := self.zeros(column):
            # Nothing is sold for nothing: programs write it where nobody said an amount.
            said["empty"] = zeros
        return said if len(said) > 1 or pick.signs else column

    def zeros(self, column: str) -> list[str]:
        """The cells of a column of amounts that say nothing but naught."""
        return [cell for cell in self._sample.values(column) if re.fullmatch(r"[^\d]*0+(?:[.,]0+)?", cell)]
