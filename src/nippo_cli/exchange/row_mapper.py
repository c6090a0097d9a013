"""One entry of the map, made ready: many rows in, their drafts or the problems of each out.

A million rows pass here, so they are read a column at a time, and a row is looked at by itself only to be judged. The
judgement too is remembered: what defaults add to rows that fill in the same fields in the same stage, activity and deal
kind. A row that is unlike those before it, or that can't be read, goes to `judging`, which knows all the rules and is
ten times slower.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice, repeat
from operator import is_not
from typing import Any, TypeAlias

from nippo_cli.base.errors import Problem
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.exchange.cells import CellReader
from nippo_cli.exchange.columns import (
    WRONG,
    CellColumn,
    Columns,
    NameColumn,
    Values,
    Words,
)
from nippo_cli.exchange.judging import Cells, Read, RowJudge, condition, flagged
from nippo_cli.exchange.keyed_rows import KnownValues
from nippo_cli.exchange.mapping import ColumnRef, EntryMap
from nippo_cli.line.checked_entry import EntryDrafts

Keys: TypeAlias = Sequence[str | Problem]
# What defaults add to a row: which of the fields, its value, and its text.
_Added: TypeAlias = tuple[tuple[int, Any, str], ...]


class MappedRows(NamedTuple):
    """What rows make: the `drafts` of those at `places`, and the problems of those that are `refused`. This entry does
    not apply to any other. `others` are of the drafts those whose customer is not their deal's, and whose it is."""

    drafts: EntryDrafts
    places: Sequence[int]
    refused: Mapping[int, list[Problem]]
    others: Mapping[int, Problem]


class _Sheet(NamedTuple):
    """Rows as read, part by part. `values`, `texts` and `filled` stand in the order of the recipe's fields; what
    defaults add is filled in."""

    rows: Sequence[Cells]
    keys: Keys
    on: list[Any]
    known_on: list[Any]
    author: list[Any]
    deal: list[Any]
    incomplete: list[Any]
    values: list[list[Any]]
    texts: list[list[str]]
    filled: list[tuple[bool, ...]]


# A row to be judged: its place, then its deal, whether it is incomplete, the fields that it fills in, what it says of what
# its deal has, and its stage, activity and kind.
_Row: TypeAlias = tuple[int, tuple[Any, bool, tuple[bool, ...], tuple[Any, ...], tuple[Any, ...]]]


class Making(NamedTuple):
    """Rows of which an entry is being made: the places of those that it `applies` to, as they were read, the ones that can't
    be, those still to be judged, the problems of those that were refused, and `others` as in `MappedRows`."""

    applies: Sequence[int]
    sheet: _Sheet
    unreadable: set[int]
    in_turn: Iterator[_Row]
    refused: dict[int, list[Problem]]
    others: dict[int, Problem]


class RowMapper:
    """An `EntryMap` made ready for the columns of a file."""

    def __init__(self, entry: EntryMap, places: Mapping[str, int], kitchen: CellReader, standing: KnownValues) -> None:
        agreement = kitchen.agreement
        self._part = entry.part
        self._applies = condition(entry.when, places, kitchen)
        self._standing = standing
        self._judge = RowJudge(entry, places, kitchen, standing)

        def column(
            pick: ColumnRef | None, make: Callable[[ColumnRef], Read], kind: type[CellColumn] = CellColumn
        ) -> CellColumn | None:
            return kind(pick, places, make(pick)) if pick else None

        self._on = column(entry.on, kitchen.day)
        self._known_on = column(entry.known_on, kitchen.day)
        bare = entry.deal is not None and kitchen.leaves_name(entry.deal)
        self._deal = column(entry.deal, kitchen.deal, NameColumn if bare else CellColumn)
        self._author = column(entry.author, kitchen.text)
        self._incomplete = column(entry.incomplete, lambda pick: flagged(kitchen.text(pick)))
        nothing = ColumnRef((), constant="")
        defaults = {f.key: nothing for f in agreement.fields if f.default is not None and f.role != "deal"}
        self._fields = [
            (Words if kitchen.leaves_alone(pick, field := agreement.by_key[key]) else Values)(
                field, pick, places, kitchen.value(pick, field), kitchen.write
            )
            # In the order in which the log writes them.
            for key, pick in sorted((defaults | dict(entry.fields)).items())
        ]
        self._keys = tuple(field.key for field in self._fields)
        self._carried = self._places_of(standing.fields)
        self._roles = self._places_of([agreement.key(role) for role in ("stage", "activity", "kind")])
        # By the stage, activity and kind, the fields that are there, and what the deal has: what defaults add.
        self._judged: dict[tuple[object, ...], _Added] = {}

    def begin(self, rows: Sequence[Cells], columns: Columns, keys: Keys) -> "Making":
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
        sheet = self._read(rows, columns, keys)
        return Making(applies, sheet, self._unreadable(sheet), self._in_turn(sheet), {}, {})

    def end(self, making: "Making") -> MappedRows:
        """What the rows make once all are judged."""
        applies, sheet, _, _, refused, others = making
        places: Sequence[int] = range(len(sheet.rows))
        if refused:
            places = [place for place in places if place not in refused]
        drafts = self._drafts(sheet, places)
        if isinstance(applies, range):
            return MappedRows(drafts, places, refused, others)
        refused = {applies[place]: problems for place, problems in refused.items()}
        others = {applies[place]: problem for place, problem in others.items()}
        return MappedRows(drafts, [applies[place] for place in places], refused, others)

    def _read(self, rows: Sequence[Cells], columns: Columns, keys: Keys) -> _Sheet:
        def read(column: CellColumn | None, otherwise: object) -> list[Any]:
            return column.of(rows, columns) if column is not None else [otherwise] * len(rows)

        both = [field.both(rows, columns) for field in self._fields]
        values, texts = [values for values, _ in both], [texts for _, texts in both]
        filled = list(zip(*(map(is_not, column, repeat(None)) for column in values), strict=True))
        on, known_on = read(self._on, None), read(self._known_on, None)
        return _Sheet(
            rows, keys, on, known_on, read(self._author, ""), read(self._deal, ""), read(self._incomplete, False),
            values, texts, filled or [()] * len(rows),
        )  # fmt: skip

    def _unreadable(self, sheet: _Sheet) -> set[int]:
        """The rows with a cell that can't be read, without a day, or without a source key."""
        found = {place for place, key in enumerate(sheet.keys) if type(key) is not str}
        if None in sheet.on:
            found.update(place for place, on in enumerate(sheet.on) if on is None)
        parts = (self._on, self._known_on, self._author, self._deal, self._incomplete, *self._fields)
        for part, column in zip(parts, (*sheet[2:7], *sheet.values), strict=False):
            if part is not None and part.wrong:
                found.update(place for place, value in enumerate(column) if value is WRONG)
        return found

    def _in_turn(self, sheet: _Sheet) -> Iterator[_Row]:
        return enumerate(
            zip(
                sheet.deal, sheet.incomplete, sheet.filled,
                self._beside(sheet, self._carried), self._beside(sheet, self._roles), strict=True,
            )
        )  # fmt: skip

    def judge(self, making: "Making", rows: int | None = None) -> None:
        """Judge the next rows, so many or all: what defaults add is added, and why a row can't be taken is kept. Every step
        here is taken a million times."""
        _, sheet, unreadable, in_turn, refused, others = making
        standing, judged = self._standing, self._judged
        carries = bool(self._carried)
        for place, (deal, incomplete, filled, says, roles) in islice(in_turn, rows):
            said = says
            if unreadable and place in unreadable:
                key = sheet.keys[place]
                refused[place] = self._judge.problems(sheet.rows[place], key if isinstance(key, Problem) else None)
                continue
            stands = standing[deal] if deal and carries else None
            if not incomplete:
                has = stands[1] if stands is not None and None in said else None
                asked = (roles, filled, not deal, has)
                added = judged.get(asked)
                if added is None:
                    found = self._judge.values(sheet.rows[place], deal)
                    if isinstance(found, list):
                        refused[place] = found
                        continue
                    added = judged[asked] = self._added(found, filled)
                if added:
                    said = self._add(sheet, place, added)
            if stands is not None and said != stands[2]:
                whose = standing.keep(deal, said)
                if whose is not None:
                    others[place] = self._judge.other_customer(sheet.rows[place], whose)

    def _added(self, judged: Mapping[str, Any], filled: Sequence[bool]) -> _Added:
        return tuple(
            (at, value, self._fields[at].text(value))
            for key, value in judged.items()
            if not filled[at := self._keys.index(key)]
        )

    def _add(self, sheet: _Sheet, place: int, added: _Added) -> tuple[Any, ...]:
        """Fill in what defaults add to a row. Returns what it then says of what its deal has."""
        for at, value, text in added:
            sheet.values[at][place] = value
            sheet.texts[at][place] = text
        sheet.filled[place] = tuple([column[place] is not None for column in sheet.values])
        return tuple([None if at is None else sheet.values[at][place] for at in self._carried])

    def _drafts(self, sheet: _Sheet, places: Sequence[int]) -> EntryDrafts:
        """The drafts of the rows at some places."""
        every = len(places) == len(sheet.rows)

        def of(column: Sequence[Any]) -> Sequence[Any]:
            return column if every else [column[place] for place in places]

        on, known_on, keys, texts = of(sheet.on), of(sheet.known_on), of(sheet.keys), map(of, sheet.texts)
        return EntryDrafts(
            on=on,
            known_on=[known or day for known, day in zip(known_on, on, strict=True)],
            author=of(sheet.author),
            deal_name=[deal or None for deal in of(sheet.deal)],
            source_key=[f"{key}{self._part}" for key in keys] if self._part else keys,
            incomplete=of(sheet.incomplete),
            values=dict(zip(self._keys, map(of, sheet.values), strict=True)),
            filled=of(sheet.filled),
            text=[f"{{{','.join(filter(None, parts))}}}" for parts in zip(*texts, strict=True)] or ["{}"] * len(on),
        )

    def _places_of(self, keys: Iterable[str | None]) -> list[int | None]:
        return [self._keys.index(key) if key in self._keys else None for key in keys]

    @staticmethod
    def _beside(sheet: _Sheet, fields: Sequence[int | None]) -> Iterable[tuple[Any, ...]]:
        """What each row says in some of the fields; None in those that no row has."""
        if not fields:
            return repeat((), len(sheet.rows))
        nothing = [None] * len(sheet.rows)
        return zip(*(nothing if at is None else sheet.values[at] for at in fields), strict=True)


def made_of(recipes: Sequence[RowMapper], rows: Sequence[Cells], columns: Columns, keys: Keys) -> list[MappedRows]:
    """What rows make by each recipe. All entries of a row are judged before the next row: what one says of its deal, none
    after it need say again."""
    making = [recipe.begin(rows, columns, keys) for recipe in recipes]
    if len(recipes) == 1:
        recipes[0].judge(making[0])
    else:
        whose = [(recipe, one, frozenset(one.applies)) for recipe, one in zip(recipes, making, strict=True)]
        for place in range(len(rows)):
            for recipe, one, applies in whose:
                if place in applies:
                    recipe.judge(one, 1)
    return [recipe.end(one) for recipe, one in zip(recipes, making, strict=True)]
