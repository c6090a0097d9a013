"""Entries as one table: what `nippo export -o` writes in any format."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from nippo_cli.base.frozen import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


class ReadRows(Protocol):
    """Rows that are read anew each time they are gone through."""

    def __iter__(self) -> Iterator[Sequence[str | int]]: ...

    def __len__(self) -> int: ...


class EntryTable(NamedTuple):
    """Entries, oldest first: the columns by key, what each is called, the rows, and which columns hold money as a number."""

    columns: Sequence[str]
    heads: Mapping[str, str]
    rows: ReadRows
    money: frozenset[str]
