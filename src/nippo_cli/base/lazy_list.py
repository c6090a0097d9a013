"""Lists that are made when somebody first looks at them, or at one of their items."""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Any, TypeVar, overload

_T = TypeVar("_T")


class LazyList(Sequence[_T]):
    """A list that is made when it is first looked at: a page that tells of a result in short does not pay for all its tables.

    Args:
        make: makes it, once at most.
    """

    def __init__(self, make: Callable[[], Sequence[_T]]) -> None:
        self._make = make

    @cached_property
    def _made(self) -> Sequence[_T]:
        return self._make()

    def __len__(self) -> int:
        return len(self._made)

    @overload
    def __getitem__(self, at: int) -> _T: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[_T]: ...
    def __getitem__(self, at: int | slice) -> _T | Sequence[_T]:
        """One of them, or some."""
        return self._made[at]

    def __iter__(self) -> Iterator[_T]:
        return iter(self._made)


class LazyItems(Sequence[_T]):
    """A list each of whose items is made when it is looked at, each time anew: of tens of thousands a page shows ten.

    Args:
        of: what the items are made of.
        make: makes one.
    """

    def __init__(self, of: Sequence[Any], make: Callable[[Any], _T]) -> None:
        self._of, self._make = of, make

    def __len__(self) -> int:
        return len(self._of)

    @overload
    def __getitem__(self, at: int) -> _T: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[_T]: ...
    def __getitem__(self, at: int | slice) -> _T | Sequence[_T]:
        """One of them, or some."""
        return list(map(self._make, self._of[at])) if isinstance(at, slice) else self._make(self._of[at])

    def __iter__(self) -> Iterator[_T]:
        return map(self._make, self._of)
