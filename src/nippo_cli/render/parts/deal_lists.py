"""The deals behind a page's figures: of each the list of just those that it counts or adds up, there once the figure is pressed."""

import re
from typing import TYPE_CHECKING, Final

from nippo_cli.base.ids import show_id
from nippo_cli.base.language import t
from nippo_cli.line.promised import pile_up
from nippo_cli.render.draw import Block, Cell, Details, Prose, Run, Span, Tone, spans
from nippo_cli.render.parts import words
from nippo_cli.render.parts.deal_rows import named

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from nippo_cli.line.facts import DealSummary
    from nippo_cli.line.promised import Pile
    from nippo_cli.results.entries import EntryView
    from nippo_cli.schema.schema import Currency

# So many deals has a list at most; the rest is counted.
MOST_LISTED: Final = 100
# Letters that no catalogue has stand in a sentence for its figures.
_FIRST_MARK: Final = 0xE000


class DealLists:
    """Gives a page's figures their links, and the lists that these lead to.

    Args:
        page: what the page, or the part of it, is called in anchors: no two of one file are called alike.
        opens: whether links can be followed; where not, figures stay as they are.
        currency: of the amounts; None of a page that lists none.
        brief: names alone, in a paragraph; else a row a deal with whose it is and its money.
        counts: whether a list says behind its title how many it has; not where titles do.
    """

    def __init__(
        self, page: str, currency: "Currency | None", *, opens: bool, brief: bool = False, counts: bool = True
    ) -> None:
        self._page, self._currency, self._opens, self._brief, self._counts = page, currency, opens, brief, counts
        self._lists: dict[tuple[object, ...], Details] = {}

    def figure(
        self,
        said: Cell,
        title: str,
        deals: "Sequence[DealSummary]",
        *,
        n: int | None = None,
        anchor: str = "",
        beside: int = 0,
        what: "Sequence[str]" = (),
    ) -> Cell:
        """A figure that leads to its deals; it stays as it is where there are none. Arguments as of `link`."""
        return _led(said, self.link(title, deals, n=n, anchor=anchor, beside=beside, what=what))

    def entries(
        self, said: Cell, title: str, entries: "Sequence[EntryView]", *, n: int, near: "date", customer: bool = True
    ) -> Cell:
        """A figure of `n` entries that leads to the first of them, each in a line; it stays as it is where there are none."""
        if not self._opens or not entries:
            return said
        from nippo_cli.render.parts import entry_lines

        key = (title, tuple(view.id for view in entries))
        if key not in self._lists:
            rows: list[Block] = [
                row
                for view in entries[:MOST_LISTED]
                for row in entry_lines.blocks(view, indent=0, near=near, with_day=True, customer=customer)[:1]
            ]
            self._put(key, title, words.counted("show.count", n), [*rows, *_more(n - len(rows))])
        return _led(said, f"#{self._lists[key].anchor}")

    def piled(self, said: Cell, title: str, pile: "Pile", known: "Mapping[int, DealSummary]") -> Cell:
        """A figure that adds up a pile: it leads to the deals of it that are `known`, each with what it is in the pile with, and to the
        money of no deal."""
        pairs = list(zip(pile.deals, pile.amounts, strict=True))
        heads = [known[deal]._replace(amount=amount) for deal, amount in pairs if deal in known]
        beside = pile.amount - sum(amount or 0 for amount in pile.amounts)
        return self.figure(said, title, heads, n=len(pairs), beside=beside)

    def link(
        self,
        title: str,
        deals: "Sequence[DealSummary]",
        *,
        n: int | None = None,
        anchor: str = "",
        beside: int = 0,
        what: "Sequence[str]" = (),
    ) -> str:
        """Where a figure leads; nowhere where figures don't open, or there are no deals.

        Args:
            title: what the deals have in common.
            deals: those that it counts, or adds up, with most money first.
            n: how many these are, where `deals` are but the first of them.
            anchor: of a list that other parts of a page have too.
            beside: the money of no deal that the figure adds up, too.
            what: of each deal what is counted of it, if a figure counts that: a deal may be there several times.
        """
        if not self._opens or not deals:
            return ""
        key = (title, tuple((head.id, head.amount) for head in deals), beside, tuple(what))
        if key not in self._lists:
            count = len(deals) if n is None else n
            counted = words.counted("show.count" if what else "show.deals.count", count)
            rows = self._happened(deals, what) if what else self._rows(deals[:MOST_LISTED])
            rows += _more(count - min(len(deals), MOST_LISTED))
            self._put(key, title, counted, [*rows, *self._of_no_deal(beside)], anchor)
        return f"#{self._lists[key].anchor}"

    def blocks(self) -> list[Block]:
        """The lists, in the order in which figures asked for them."""
        return list(self._lists.values())

    def _put(self, key: tuple[object, ...], title: str, counted: str, rows: list[Block], anchor: str = "") -> None:
        summary = t("show.gap.deals_behind", title=title, deals=counted) if self._counts else title
        self._lists[key] = Details(summary, rows, anchor or f"{self._page}-{len(self._lists) + 1}", called=True)

    def _rows(self, deals: "Sequence[DealSummary]") -> list[Block]:
        if self._brief:
            return [Prose(t("show.comma").join(map(named, deals)))]
        return [Prose(self._row(head), mark=show_id(head.id)) for head in deals]

    def _happened(self, deals: "Sequence[DealSummary]", what: "Sequence[str]") -> list[Block]:
        """A row each time: the deal, whose it is, and what happened."""
        pairs = list(zip(deals, what, strict=True))[:MOST_LISTED]
        return [
            Prose(f"{self._row(head._replace(amount=None))}  {said}", mark=show_id(head.id)) for head, said in pairs
        ]

    def _of_no_deal(self, amount: int) -> list[Block]:
        if not amount or self._currency is None:
            return []
        return [Prose(f"{t('landing.of_no_deal')}  {words.money(amount, self._currency)}")]

    def _row(self, head: "DealSummary") -> str:
        whose = t("show.dot").join(part for part in (head.customer, head.owner) if part)
        amount = (
            words.money(head.amount, self._currency) if head.amount is not None and self._currency is not None else ""
        )
        return "  ".join(part for part in (head.name, whose, amount) if part)


def _led(said: Cell, link: str) -> Cell:
    span = said if isinstance(said, Span) else Span(said)
    return span._replace(link=link) if link else said


def _more(n: int) -> list[Block]:
    return [Prose(Span(words.counted("show.more", n), "dim"))] if n > 0 else []


def by_deal(piles: "Iterable[Pile]") -> "Pile":
    """Piles as one in which every deal is once, with all that it is in them with."""
    listed = list(piles)
    sums: dict[int, int | None] = {}
    for pile in listed:
        for deal, amount in zip(pile.deals, pile.amounts, strict=True):
            before = sums.get(deal)
            sums[deal] = amount if before is None else before + (amount or 0)
    return pile_up(listed)._replace(deals=tuple(sums), amounts=tuple(sums.values()))


def sentence(key: str, tone: Tone = "plain", count: int | None = None, /, **figures: Cell) -> Run:
    """A key's words in a tone, those for the number `count` where it has several, around figures that lead where they do."""
    marks = {name: chr(_FIRST_MARK + at) for at, name in enumerate(figures)}
    said = {mark: figures[name] for name, mark in marks.items()}
    text = t(key, **marks) if count is None else words.counted(key, count, **marks)
    pieces = re.split(f"([{''.join(said)}])", text)
    return tuple(
        piece._replace(tone=tone) if piece.tone == "plain" else piece
        for piece in spans(tuple(said.get(piece, piece) for piece in pieces if piece))
    )
