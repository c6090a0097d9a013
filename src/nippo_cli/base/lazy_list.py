"""Lists that are made when somebody first looks at them."""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import TypeVar, overload

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
