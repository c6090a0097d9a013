"""One entry of the map, made ready: many rows in, their drafts or the problems of each out.

A million rows pass here, so they are read a column at a time, and a row is looked at by itself only to be judged. The
judgement too is remembered: what defaults add to rows that fill in the same fields in the same stage, activity and deal
kind. A row that is unlike those before it, or that can't be read, goes to `judging`, which knows all the rules and is
ten times slower.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice, repeat
from typing import Any, TypeAlias

from nippo_cli.base.errors import Problem
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.exchange.cells import CellReader
from nippo_cli.exchange.columns import (
    WRONG,
    CellColumn,
    CellColumns,
    NameColumn,
    Values,
    Words,
)
from nippo_cli.exchange.judging import Cells, ReadCell, RowJudge, condition, flagged
from nippo_cli.exchange.keyed_rows import KnownValues, key_reader, naming_key
from nippo_cli.exchange.mapping import ColumnRef, EntryMap, ImportMap
from nippo_cli.line.entry_drafts import EntryDrafts, which_filled
from nippo_cli.schema.schema import Role

Keys: TypeAlias = Sequence[str | Problem]


class _Default(NamedTuple):
    """What a default adds to a row: its field, its value, and its text."""

    key: str
    value: Any
    text: str


class MappedRows(NamedTuple):
    """What rows make: the `drafts` of those at `places`, and the problems of those that are `refused`. This entry does
    not apply to any other. `others` are of the drafts those whose customer is not their deal's, and whose it is."""

    drafts: EntryDrafts
    places: Sequence[int]
    refused: Mapping[int, list[Problem]]
    others: Mapping[int, Problem]


# A row to be judged: its place, then its deal, how the source knows that, whether it is incomplete, the fields that it fills in, what
# it says of what its deal has, and its stage, activity and kind.
_Unjudged: TypeAlias = tuple[int, tuple[Any, str | None, bool, tuple[bool, ...], tuple[Any, ...], tuple[Any, ...]]]


class Making(NamedTuple):
    """Rows of which an entry is being made: the places of those that it `applies` to, as they were read, and with their keys;
    their `drafts`, in which what can't be read is `WRONG`; which can't be, those still to be judged, the problems of those
    that were refused, and `others` as in `MappedRows`."""

    applies: Sequence[int]
    rows: Sequence[Cells]
    keys: Keys
    drafts: EntryDrafts
    unreadable: set[int]
    unjudged: Iterator[_Unjudged]
    refused: dict[int, list[Problem]]
    others: dict[int, Problem]


class RowMapper:
    """An `EntryMap` made ready for the columns of a file."""

    def __init__(
        self,
        entry: EntryMap,
        places: Mapping[str, int],
        cell_reader: CellReader,
        known: KnownValues,
        import_map: ImportMap,
    ) -> None:
        schema = cell_reader.schema
        self._part = entry.part
        self._applies = condition(entry.when, places, cell_reader)
        self._known = known
        self._ignores_required = import_map.ignores_required
        self._judge = RowJudge(entry, places, cell_reader, known, import_map)

        def column(
            pick: ColumnRef | None, make: Callable[[ColumnRef], ReadCell], kind: type[CellColumn] = CellColumn
        ) -> CellColumn | None:
            return kind(pick, places, make(pick)) if pick else None

        self._on = column(entry.on, cell_reader.day)
        self._known_on = column(entry.known_on, cell_reader.day)
        bare = entry.deal is not None and cell_reader.leaves_name(entry.deal)
        self._deal = column(entry.deal, cell_reader.deal, NameColumn if bare else CellColumn)
        self._author = column(entry.author, cell_reader.text)
        self._deal_key = column(entry.deal_key, lambda pick: key_reader(import_map.source, cell_reader.text(pick)))
        self._owner = column(entry.owner, cell_reader.text)
        self._incomplete = column(entry.incomplete, lambda pick: flagged(cell_reader.text(pick)))
        self._snapshot = column(entry.snapshot, lambda pick: flagged(cell_reader.text(pick)))
        nothing = ColumnRef((), constant="")
        defaults = {f.key: nothing for f in schema.fields if f.default is not None and f.role != "deal"}
        self._fields: dict[str, Values] = {
            key: (Words if cell_reader.leaves_alone(pick, schema.by_key[key]) else Values)(
                schema.by_key[key], pick, places, cell_reader.value(pick, schema.by_key[key]), cell_reader.write
            )
            # In the order in which the log writes them.
            for key, pick in sorted((defaults | dict(entry.fields)).items())
        }
        self._carried = known.fields
        self._roles = tuple(schema.key(role) for role in _DECIDING)
        # By the stage, activity and kind, the fields that are there, and what the deal has: what defaults add.
        self._judged: dict[tuple[object, ...], tuple[_Default, ...]] = {}

    def begin(self, rows: Sequence[Cells], columns: CellColumns, keys: Keys) -> "Making":
        """The rows read, none of them judged yet.

        Args:
            columns: the rows turned on their side.
            keys: what each row's source key begins with, or why it has none.
        """
        applies: Sequence[int] = range(len(rows))
        if self._applies is not None:
            applies = [place for place, cells in enumerate(rows) if self._applies(cells)]
            rows, keys = [rows[place] for place in applies], [keys[place] for place in applies]
            columns = list(zip(*rows, strict=True)) or [()] * len(columns)
        drafts = self._read(rows, columns, keys)
        return Making(applies, rows, keys, drafts, self._unreadable(drafts, keys), self._unjudged(drafts), {}, {})

    def end(self, making: "Making") -> MappedRows:
        """What the rows make once all are judged."""
        applies, drafts, refused, others = making.applies, making.drafts, making.refused, making.others
        places: Sequence[int] = range(len(making.rows))
        if refused:
            places = [place for place in places if place not in refused]
            drafts = drafts.at(places)
        if isinstance(applies, range):
            return MappedRows(drafts, places, refused, others)
        refused = {applies[place]: problems for place, problems in refused.items()}
        others = {applies[place]: problem for place, problem in others.items()}
        return MappedRows(drafts, [applies[place] for place in places], refused, others)

    def _read(self, rows: Sequence[Cells], columns: CellColumns, keys: Keys) -> EntryDrafts:
        """The rows' drafts before any default is added; of a row that can't be read, `WRONG` where it can't."""

        def read(column: CellColumn | None, otherwise: object) -> list[Any]:
            return column.of(rows, columns) if column is not None else [otherwise] * len(rows)

        both = {key: field.both(rows, columns) for key, field in self._fields.items()}
        values = {key: own for key, (own, _) in both.items()}
        on, known_on = read(self._on, None), read(self._known_on, None)
        return EntryDrafts(
            on=on,
            known_on=on if self._known_on is None else [known or day for known, day in zip(known_on, on, strict=True)],
            author=read(self._author, ""),
            deal_name=[deal or None for deal in read(self._deal, "")],
            source_key=[f"{key}{self._part}" for key in keys],
            deal_key=read(self._deal_key, None),
            owner=[owner or None for owner in read(self._owner, None)],
            incomplete=read(self._incomplete, False),
            snapshot=read(self._snapshot, False),
            values=values,
            texts={key: texts for key, (_, texts) in both.items()},
            filled=which_filled(values, len(rows)),
        )

    def _unreadable(self, drafts: EntryDrafts, keys: Keys) -> set[int]:
        """The rows with a cell that can't be read, without a day, or without a source key."""
        unreadable = {place for place, key in enumerate(keys) if type(key) is not str}
        days: Sequence[Any] = drafts.on
        if None in days:
            unreadable.update(place for place, on in enumerate(days) if on is None)
        read: list[tuple[CellColumn | None, Sequence[Any]]] = [
            (self._on, drafts.on), (self._known_on, drafts.known_on), (self._author, drafts.author),
            (self._deal, drafts.deal_name), (self._incomplete, drafts.incomplete),
            (self._snapshot, drafts.snapshot), (self._deal_key, drafts.deal_key), (self._owner, drafts.owner),
            *((field, drafts.values[key]) for key, field in self._fields.items()),
        ]  # fmt: skip
        for part, column in read:
            if part is not None and part.wrong:
                unreadable.update(place for place, value in enumerate(column) if value is WRONG)
        return unreadable

    def _unjudged(self, drafts: EntryDrafts) -> Iterator[_Unjudged]:
        return enumerate(
            zip(
                drafts.deal_name, drafts.deal_key, drafts.incomplete, drafts.filled,
                _beside(drafts, self._carried), _beside(drafts, self._roles), strict=True,
            )
        )  # fmt: skip

    def judge(self, making: "Making", rows: int | None = None) -> None:
        """Judge the next rows, so many or all: what defaults add is added, and why a row can't be taken is kept. Every step
        here is taken a million times."""
        unreadable, refused = making.unreadable, making.refused
        known, judged, ignores = self._known, self._judged, self._ignores_required
        carries, at = bool(self._carried), known.customer_at
        if ignores and not carries and not unreadable:
            return
        for place, (deal, key_of_deal, incomplete, filled, says, roles) in islice(making.unjudged, rows):
            said = says
            if unreadable and place in unreadable:
                key = making.keys[place]
                refused[place] = self._judge.problems(making.rows[place], key if isinstance(key, Problem) else None)
                continue
            named = naming_key(deal, says[at] if at is not None else None, key_of_deal)
            whose = known[named] if deal and carries else None
            has = whose.has if whose is not None else None
            if not incomplete and not ignores:
                situation = has.situation if has is not None and None in said else None
                asked = (roles, filled, not deal, situation)
                added = judged.get(asked)
                if added is None:
                    values = self._judge.values(making.rows[place], deal or "", key_of_deal)
                    if isinstance(values, list):
                        refused[place] = values
                        continue
                    added = judged[asked] = self._added(values, filled)
                if added:
                    said = self._add(making.drafts, place, added)
            if whose is not None and said != whose.has.last_said:
                other = known.keep(named, whose, said)
                if other is not None:
                    making.others[place] = self._judge.other_customer(making.rows[place], other)

    def _added(self, values: Mapping[str, Any], filled: Sequence[bool]) -> tuple[_Default, ...]:
        """Of a row's values those that it did not fill in itself: what defaults add to every row like it."""
        own = {key for key, is_filled in zip(self._fields, filled, strict=True) if is_filled}
        return tuple(
            _Default(key, value, self._fields[key].text(value)) for key, value in values.items() if key not in own
        )

    def _add(self, drafts: EntryDrafts, place: int, added: Sequence[_Default]) -> tuple[Any, ...]:
        """Fill in what defaults add to a row. Returns what it then says of what its deal has."""
        for key, value, text in added:
            drafts.values[key][place] = value
            drafts.texts[key][place] = text
        drafts.filled[place] = tuple([column[place] is not None for column in drafts.values.values()])
        return tuple([drafts.values[key][place] if key in drafts.values else None for key in self._carried])


# What decides which fields a row must have.
_DECIDING: Sequence[Role] = ("stage", "activity", "kind")


def _beside(drafts: EntryDrafts, keys: Sequence[str | None]) -> Iterable[tuple[Any, ...]]:
    """What each row says in some of the fields; None in those that no row has: `[("won", None), ("quote", None)]`."""
    if not keys:
        return repeat((), len(drafts.on))
    nothing = [None] * len(drafts.on)
    return zip(*(drafts.values.get(key or "", nothing) for key in keys), strict=True)


def map_rows(mappers: Sequence[RowMapper], rows: Sequence[Cells], columns: CellColumns, keys: Keys) -> list[MappedRows]:
    """What rows make by each mapper. All entries of a row are judged before the next row: what one says of its deal, none
    after it need say again."""
    making = [mapper.begin(rows, columns, keys) for mapper in mappers]
    if len(mappers) == 1:
        mappers[0].judge(making[0])
    else:
        applying = [(mapper, one, frozenset(one.applies)) for mapper, one in zip(mappers, making, strict=True)]
        for place in range(len(rows)):
            for mapper, one, applies in applying:
                if place in applies:
                    mapper.judge(one, 1)
    return [mapper.end(one) for mapper, one in zip(mappers, making, strict=True)]
