"""The deals behind the figures of a lesson, where these open."""

from collections.abc import Callable, Iterator
from typing import TypeAlias

from nippo_cli.render.draw import Block, Cell
from nippo_cli.render.parts import DealLists
from nippo_cli.results.lessons import LessonDeal, LessonPage

Among: TypeAlias = Callable[[LessonDeal], bool]


class LessonLists:
    """Gives the figures of a lesson their deals.

    Args:
        of: the lesson's page.
    """

    def __init__(self, of: LessonPage) -> None:
        self._of = of
        self._lists = DealLists(of.kind, of.schema.currency, opens=of.opens)

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

    def blocks(self) -> list[Block]:
        """The lists of the figures."""
        return self._lists.blocks()

    def _picked(self, among: Among | None, beside: Among | None) -> Iterator[LessonDeal]:
        yield from (one for one in self._of.deals or () if among is None or among(one))
        yield from (one for one in self._of.beside if beside is not None and beside(one))
