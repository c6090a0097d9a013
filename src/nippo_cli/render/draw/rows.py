"""Rows that are made when they are drawn: a list of a hundred thousand need not be held as text."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any, Generic, Protocol, TypeVar

T = TypeVar("T")
# Text goes out in pieces of so many characters or a few more.
_PIECE = 1 << 16


class Items(Protocol):
    """What is gone through more than once, and how many there are."""

    def __iter__(self) -> Iterator[Any]: ...

    def __len__(self) -> int: ...


class LazyRows(Generic[T]):
    """A row of each item, made anew each time the rows are gone through.

    Args:
        make: makes an item's row; the same one each time.
    """

    __slots__ = ("_items", "_make")

    def __init__(self, make: Callable[[Any], T], items: Items) -> None:
        self._make = make
        self._items = items

    def __iter__(self) -> Iterator[T]:
        return map(self._make, self._items)

    def __len__(self) -> int:
        return len(self._items)


class LazyGroups(LazyRows[T]):
    """Some rows of each item, made in the same way.

    Args:
        make: makes an item's rows; the same ones each time.
        total: how many rows all items have.
    """

    __slots__ = ("_groups", "_total")

    def __init__(self, make: Callable[[Any], Iterable[T]], items: Items, total: int) -> None:
        self._groups: LazyRows[Iterable[T]] = LazyRows(make, items)
        self._total = total

    def __iter__(self) -> Iterator[T]:
        return chain.from_iterable(self._groups)

    def __len__(self) -> int:
        return self._total


def in_pieces(texts: Iterable[str]) -> Iterator[str]:
    """Texts joined to pieces that are worth a write each; none is empty."""
    held, size = list[str](), 0
    for text in texts:
        held.append(text)
        size += len(text)
        if size >= _PIECE:
            yield "".join(held)
            held, size = [], 0
    if size:
        yield "".join(held)
