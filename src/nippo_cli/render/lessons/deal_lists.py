"""The deals behind the figures of a lesson, where these open."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from nippo_cli.render.draw import Block, Cell
from nippo_cli.render.parts import DealLists
from nippo_cli.results.lessons import LessonDeal, LessonPage

Among: TypeAlias = Callable[[LessonDeal], bool]
Groups: TypeAlias = Mapping[tuple[str, ...], Sequence[LessonDeal]]


class LessonLists:
    """Gives the figures of a lesson their deals.

    Args:
        of: the lesson's page.
    """

    def __init__(self, of: LessonPage) -> None:
        self._of = of
        self._lists = DealLists(of.kind, of.schema.currency, opens=of.opens)
        self._groups: dict[str, dict[tuple[str, ...], list[LessonDeal]]] = {}

    def figure(self, said: Cell, title: str, n: int, among: Among | None = None, beside: Among | None = None) -> Cell:
        """A figure of `n` deals, which leads to them where it opens.

        Args:
            title: what they have in common.
            among: which of the lesson's deals these are; None: all.
            beside: which of the others that the page has; None: none of them.
        """
        if not self._of.opens:
            return said
        return self._lists.figure(said, title, [one.head for one in self._picked(among, beside)], n=n)

    def of_group(self, said: Cell, title: str, n: int, deals: Sequence[LessonDeal]) -> Cell:
        """A figure of `n` deals, of which these are some or all."""
        return self._lists.figure(said, title, [one.head for one in deals], n=n)

    def grouped(self, name: str, keys_of: Callable[[LessonDeal], Iterable[tuple[str, ...]]]) -> Groups:
        """The lesson's deals by what they share, put together once for each `name`; none where figures don't open."""
        if name not in self._groups:
            groups: dict[tuple[str, ...], list[LessonDeal]] = {}
            for one in (self._of.deals or ()) if self._of.opens else ():
                for key in keys_of(one):
                    groups.setdefault(key, []).append(one)
            self._groups[name] = groups
        return self._groups[name]

    def blocks(self) -> list[Block]:
        """The lists of the figures."""
        return self._lists.blocks()

    def _picked(self, among: Among | None, beside: Among | None) -> Iterator[LessonDeal]:
        yield from (one for one in self._of.deals or () if among is None or among(one))
        yield from (one for one in self._of.beside if beside is not None and beside(one))
