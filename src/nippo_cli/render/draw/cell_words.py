"""The cells of a table that people open, in words: a stage, a rank, an outcome as the screens call it."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from nippo_cli.base.language import t

if TYPE_CHECKING:
    from nippo_cli.schema.schema import Field, Schema

TableRow = Mapping[str, object]
# A value of a column, and the row that it stands in, in words.
CellSayer = Callable[[str, TableRow], str]

_VALUES = "values."
# What a column is called, or the last part of that → where its words are: `@role` in the schema's field of that role, else the
# beginning of the catalogue's keys.
_OF_COLUMN = {
    "activity": "@activity",
    "arrival": "cell.arrival.",
    "became": "cell.became.",
    "by": "cell.matched.",
    "came": "choice.figure.",
    "case": "show.unlinked.",
    "cause": "@cause",
    "choices": "@choices",
    "confidence": "@confidence",
    "fate": "choice.fate.",
    "field": "@field",
    "figure": "lessons.figure.",
    "found_by": "show.path.by_",
    "holder": "@ball",
    "information": "show.mirage.",
    "kind": "@kind",
    "known_by": "choice.known.",
    "language": "cell.language.",
    "lost_in": "@stage",
    "outcome": "choice.fate.",
    "push_reason": "@push_reason",
    "rank": "@confidence",
    "moves.reason": "@push_reason",
    "reasons": "@lost_reason",
    "sale.kind": "cell.sale.",
    "signs": "cell.sign.",
    "source": "cell.source.",
    "stage": "@stage",
    "target_of": "cell.whose.",
    "to": "@stage",
    "history.what": "show.version.",
    "why": "cell.why.",
}


# Columns of which another, nested elsewhere, holds somebody's own words.
_OF_ROWS = frozenset(("by", "to", "why"))


class CellWords:
    """How the cells of one table are put into words.

    Args:
        schema: what calls stages, fields and their choices; None where there is none.
        own: columns of this table that mean something else than elsewhere, as `_OF_COLUMN` has them.
    """

    def __init__(self, schema: "Schema | None", own: Mapping[str, str]) -> None:
        self._schema = schema
        self._own = own
        self._sayers: dict[str, CellSayer | None] = {}

    def __call__(self, head: str, value: object, row: TableRow) -> object:
        """A cell in words; what is a figure, a date or a text of somebody's stays as it is."""
        if isinstance(value, bool):
            return t("cell.yes" if value else "cell.no")
        if value == "" and self._place(head) == "@stage":
            return t("show.stage_unknown")
        if not isinstance(value, str) or not value:
            return value
        if head not in self._sayers:
            self._sayers[head] = self._sayer(head)
        sayer = self._sayers[head]
        return value if sayer is None else sayer(value, row)

    def _sayer(self, head: str) -> CellSayer | None:
        schema = self._schema
        if head.startswith(_VALUES) and schema is not None:
            return _of_field(schema, schema.by_key.get(head.removeprefix(_VALUES)))
        usual = self._at(self._place(head))
        own = self._at(self._own.get(head, ""))
        if own is None or usual is None:
            return own or usual
        # A list beside the rows may have a column of the same name.
        return lambda value, row: said if (said := own(value, row)) != value else usual(value, row)

    def _place(self, head: str) -> str:
        """Where the words of a column are, as `_OF_COLUMN` has it; "" where they are nowhere."""
        last = head.rpartition(".")[2]
        return _OF_COLUMN.get(head) or ("" if last in _OF_ROWS else _OF_COLUMN.get(last, ""))

    def _at(self, place: str) -> CellSayer | None:
        if not place.startswith("@"):
            return partial(_of_catalogue, place) if place else None
        return None if self._schema is None else _of_schema(self._schema, place.removeprefix("@"))


def _of_schema(schema: "Schema", name: str) -> CellSayer | None:
    """What the schema calls a key: of a list of its own, of the fields, or of the field that has the role, else the key, `name`."""
    if name == "stage":
        return lambda value, _: schema.stage_label(value)
    if name == "kind":
        return lambda value, _: schema.kind_label(value)
    if name == "field":
        return lambda value, _: schema.field_label(value)
    if name == "cause":
        causes = {cause.key: cause.label for cause in schema.causes}
        return lambda value, _: causes.get(value, value)
    if name == "choices":
        return lambda value, row: _label(schema, schema.by_key.get(str(row.get("field"))), value)
    return _of_field(schema, schema.by_role.get(name) or schema.by_key.get(name))


def _of_field(schema: "Schema", field: "Field | None") -> CellSayer | None:
    if field is None or not schema.choices(field):
        return None
    return lambda value, _: _label(schema, field, value)


def _label(schema: "Schema", field: "Field | None", value: str) -> str:
    return value if field is None else schema.label(field, value)


def _of_catalogue(prefix: str, value: str, _row: TableRow) -> str:
    """The first of the words that a key has; a key without any stands for itself."""
    key = f"{prefix}{value}"
    said = t(key)
    return value if said == key else said.partition("|")[0]
