"""One entry of the map, made ready: many rows in, a draft or the problems of each out.

A million rows pass here, so they are read a column at a time. What a cell reads as is remembered, and so is what
defaults add to rows that hold the same fields in the same stage, activity and deal kind. A row that is unlike those
before it, or that can't be read, goes to `judging`, which knows all the rules and is ten times slower.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, TypeAlias, cast

from nippo_cli.errors import Problem
from nippo_cli.exchange.cooking import Kitchen
from nippo_cli.exchange.judging import Cells, Judge, Read, cell_of, condition, flagged
from nippo_cli.exchange.mapping import EntryMap, Pick
from nippo_cli.exchange.standing import Standing
from nippo_cli.line.draft import EntryDraft
from nippo_cli.schema.fieldtypes import Refused

_REMEMBERED = 20_000
_WRONG: Any = object()


Made: TypeAlias = EntryDraft | list[Problem] | None
# A field's key, its value, and both as the log writes them; None where it is empty.
_Part: TypeAlias = tuple[str, Any, str] | None
# Cells, on, known on, deal, author, incomplete, what the source key begins with or why it has none, the fields.
_Row: TypeAlias = tuple[Cells, date | None, date | None, str, str, bool, str | Problem, tuple[_Part, ...]]
Write: TypeAlias = Callable[[Mapping[str, Any]], str]
Names: TypeAlias = Sequence[str | Problem]
Columns: TypeAlias = Sequence[Sequence[str]]


def _unwritten(_part: Mapping[str, Any]) -> str:
    return ""


class _Column(dict[str, Any]):
    """What cells read as, by their texts; forgotten when they become too many. One that can't be read is `_WRONG`.

    With a `key`, what a cell reads as is a `_Part`; its text is made by `write`.
    """

    def __init__(
        self, pick: Pick, places: Mapping[str, int], read: Read, key: str = "", write: Write | None = None
    ) -> None:
        self._read = read
        self._key = key
        self._write = write or _unwritten
        self._pick = pick
        self._at = places[pick.columns[0]] if len(pick.columns) == 1 else None
        self._cell = cell_of(pick, places)
        self.wrong = False

    def __missing__(self, cell: str) -> Any:
        try:
            found = self._read(cell)
        except Refused:
            self.wrong = True
            return _WRONG
        if self._key:
            found = None if found is None else (self._key, found, self._write({self._key: found})[1:-1])
        if len(self) >= _REMEMBERED:
            self.clear()
        self[cell] = found
        return found

    def of(self, rows: Sequence[Cells], columns: Columns) -> list[Any]:
        """What each row's cell reads as."""
        if self._at is not None:
            return list(map(self.__getitem__, columns[self._at]))
        if self._pick.constant is not None:
            return [self[self._pick.constant]] * len(rows)
        return list(map(self.__getitem__, map(self._cell, rows)))


class _Words(_Column):
    """A column of free text, which hardly ever says the same twice: not remembered."""

    def of(self, rows: Sequence[Cells], columns: Columns) -> list[Any]:
        """Each row's text as it is; None where it is blank."""
        if self._at is None:
            return super().of(rows, columns)
        key, write = self._key, self._write
        return [
            None if not cell or cell.isspace() else (key, cell, write({key: cell})[1:-1]) for cell in columns[self._at]
        ]


class _Names(_Column):
    """A column of names, of which there may be very many: stripped, not remembered."""

    def of(self, rows: Sequence[Cells], columns: Columns) -> list[Any]:
        """Each row's name; "" where it is blank."""
        if self._at is None:
            return super().of(rows, columns)
        names = list(map(str.strip, columns[self._at]))
        whole = "".join(names)
        return super().of(rows, columns) if "\n" in whole or "\r" in whole else names


class Recipe:
    """An `EntryMap` made ready for the columns of a file."""

    def __init__(self, entry: EntryMap, places: Mapping[str, int], kitchen: Kitchen, standing: Standing) -> None:
        agreement = kitchen.agreement
        self._part = entry.part
        self._written = kitchen.write is not None
        self._applies = condition(entry.when, places, kitchen)
        self._standing = standing
        self._carried = standing.keys
        self._judge = Judge(entry, places, kitchen, standing)

        def column(pick: Pick | None, make: Callable[[Pick], Read], kind: type[_Column] = _Column) -> _Column | None:
            return kind(pick, places, make(pick)) if pick else None

        self._on = column(entry.on, kitchen.day)
        self._known_on = column(entry.known_on, kitchen.day)
        bare = entry.deal is not None and kitchen.leaves_name(entry.deal)
        self._deal = column(entry.deal, kitchen.deal, _Names if bare else _Column)
        self._author = column(entry.author, kitchen.text)
        self._incomplete = column(entry.incomplete, lambda pick: flagged(kitchen.text(pick)))
        self._fields = [
            (_Words if kitchen.leaves_alone(pick, agreement.by_key[key]) else _Column)(
                pick, places, kitchen.value(pick, agreement.by_key[key]), key, kitchen.write
            )
            # In the order in which the log writes them.
            for key, pick in sorted(entry.fields.items())
        ]
        parts = (self._on, self._known_on, self._deal, self._author, self._incomplete)
        self._columns = [*self._fields, *(part for part in parts if part is not None)]
        self._roles = tuple(agreement.key(role) or "" for role in ("stage", "activity", "kind"))
        # By the fields that are there, the stage, activity and kind, and what the deal has: what defaults add.
        self._judged: dict[tuple[object, ...], Mapping[str, Any]] = {}

    def make(self, rows: Sequence[Cells], columns: Columns, names: Names) -> list[Made]:
        """What each row makes: a draft, its problems, or None where this entry does not apply to it.

        `columns` are the rows turned on their side; `names` what each row's source key begins with.
        """
        if self._applies is None:
            return self._made(rows, columns, names)
        taken = [place for place, cells in enumerate(rows) if self._applies(cells)]
        made: list[Made] = [None] * len(rows)
        if taken:
            chosen = [rows[place] for place in taken]
            found = self._made(chosen, list(zip(*chosen, strict=True)), [names[place] for place in taken])
            for place, one in zip(taken, found, strict=True):
                made[place] = one
        return made

    def _made(self, rows: Sequence[Cells], columns: Columns, names: Names) -> list[Made]:
        def read(column: _Column | None, otherwise: object) -> list[Any]:
            return column.of(rows, columns) if column is not None else [otherwise] * len(rows)

        for column in self._columns:
            column.wrong = False
        parts = list(zip(*(read(column, None) for column in self._fields), strict=True)) or [()] * len(rows)
        ons, knowns = read(self._on, None), read(self._known_on, None)
        deals, authors, flags = read(self._deal, ""), read(self._author, ""), read(self._incomplete, False)
        whole = zip(rows, ons, knowns, deals, authors, flags, names, parts, strict=True)
        if any(column.wrong for column in self._columns):
            return [self._judge.problems(row[0]) if _is_wrong(row) else self._drafts((row,))[0] for row in whole]
        return self._drafts(whole)

    def _drafts(self, whole: Iterable[_Row]) -> list[Made]:
        """The rows whose every cell could be read. Every step here is taken a million times."""
        made: list[Made] = []
        add, judged_by, own, written = made.append, self._judged, self._part, self._written
        roles, carried = self._roles, self._carried
        situation, keep = self._standing.situation, self._standing.keep
        # Half the time of calling the class, which only adds names to the same tuple.
        new = cast("Callable[[type[EntryDraft], tuple[Any, ...]], EntryDraft]", tuple.__new__)
        for cells, on, known_on, deal, author, incomplete, name, parts in whole:
            if on is None or isinstance(name, Problem):
                # A row without a key of its own is told all that is wrong with it besides.
                add(self._judge.problems(cells, name if isinstance(name, Problem) else None))
                continue
            there = list(filter(None, parts))
            values = {key: value for key, value, _ in there}
            text = f"{{{','.join([text for _, _, text in there])}}}" if written else ""
            said = tuple(map(values.get, carried)) if carried and deal else ()
            if not incomplete:
                has = situation(deal) if None in said else ()
                asked = (*map(values.get, roles), not deal, has, *values)
                added = judged_by.get(asked)
                if added is None:
                    judged = self._judge.values(cells, deal)
                    if isinstance(judged, list):
                        add(judged)
                        continue
                    added = judged_by[asked] = {k: v for k, v in judged.items() if k not in values}
                if added:
                    values.update(added)
                    text = ""
                    said = tuple(map(values.get, carried)) if said else ()
            if said:
                keep(deal, said)
            add(new(EntryDraft, (on, known_on or on, author, deal or None, values, name + own, incomplete, text)))
        return made


def _is_wrong(row: _Row) -> bool:
    return any(part is _WRONG for part in (*row[1:-1], *row[-1]))
