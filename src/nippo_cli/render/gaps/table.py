"""The findings of a gap as a table, a row each where there is room and two where there is not; and what stands above and
below it on several pages."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.ids import show_id
from nippo_cli.base.language import t
from nippo_cli.base.text import cut, normal_form, width
from nippo_cli.render.draw import Block, Cell, Column, Heading, Prose, Run, Span, Table, spans
from nippo_cli.render.parts import DealLists, named, narrow, no_deals, norms, whose, words
from nippo_cli.results.gap import GapPage, GapRow
from nippo_cli.schema.schema import Currency

if TYPE_CHECKING:
    from nippo_cli.line.facts import DealSummary
    from nippo_cli.line.promised import Pile
    from nippo_cli.render.draw import Screen

# A name beside a sentence leaves room for the sentence.
_NAME_COLUMNS = 24

CellOf: TypeAlias = Callable[[GapRow, GapPage], Cell]
_Counted: TypeAlias = tuple[str, int, int]


class Wide(NamedTuple):
    """A column where each finding takes one row. `head` is a message's key."""

    key: str
    head: str
    cell: CellOf
    right: bool = False
    flex: bool = False


class Narrow(NamedTuple):
    """A column where each finding takes two rows: what is asked about, and below it what that rests on, dim where it has
    no tone of its own. `head` is a message's key, or those of both rows."""

    key: str
    head: str | tuple[str, str]
    above: CellOf
    below: CellOf
    right: bool = False
    flex: bool = False


def findings(result: GapPage, screen: "Screen", wide: Sequence[Wide], two: Sequence[Narrow]) -> list[Block]:
    """The table of what was found and how many more there are; nothing where nothing was found."""
    if not result.rows:
        return []
    more, hint = result.total - len(result.rows), t("show.more_hint")
    if narrow(screen):
        rows = [cells for row in result.rows for cells in _two_rows(row, result, two)]
        return [Table([Column(c.key, _head(c.head), c.right, c.flex) for c in two], rows, more, hint)]
    # Of thousands of rows a column after the other is made in two thirds of the time.
    columns = [[column.cell(row, result) for row in result.rows] for column in wide]
    return [Table(heads(wide), [*zip(*columns, strict=True)], more, hint)]


def heads(wide: Sequence[Wide]) -> list[Column]:
    """The columns of a table whose rows are `cells`."""
    return [Column(c.key, t(c.head), c.right, c.flex) for c in wide]


def cells(row: GapRow, result: GapPage, wide: Sequence[Wide]) -> list[Cell]:
    """A finding in one row."""
    return [column.cell(row, result) for column in wide]


def _two_rows(row: GapRow, result: GapPage, two: Sequence[Narrow]) -> list[list[Cell]]:
    below = [column.below(row, result) for column in two]
    return [
        [column.above(row, result) for column in two],
        [Span(cell, "dim") if isinstance(cell, str) else cell for cell in below],
    ]


def _head(head: str | tuple[str, str]) -> str:
    return t(head) if isinstance(head, str) else words.pair(*head)


# --- what stands in the cells of several kinds


def deal_named(row: GapRow, _result: GapPage) -> Cell:
    """`12 Press line`."""
    return named(row.head)


def whose_deal(row: GapRow, _result: GapPage) -> Cell:
    """The owner, then the customer."""
    return whose(row.head.owner, row.head.customer)


def stage(row: GapRow, result: GapPage) -> Cell:
    """The stage that the deal is in."""
    return words.stage(result.schema, row.finding.stage)


def amount(row: GapRow, result: GapPage) -> Cell:
    """The deal's money."""
    return words.money(row.finding.amount, result.schema.currency)


def began(row: GapRow, result: GapPage) -> Cell:
    """The day since which the finding stands."""
    return words.day(row.finding.began_on, result.as_of)


def since(row: GapRow, result: GapPage) -> Cell:
    """The same in words, marked where it lies in the window."""
    return marked_new(t("show.gap_live.since", day=words.day(row.finding.began_on, result.as_of)), new=row.finding.new)


def closes(row: GapRow, result: GapPage) -> Cell:
    """When the deal is promised to close."""
    return words.when(row.head.closes, result.as_of)


def last_contact(row: GapRow, result: GapPage) -> Cell:
    """The day of the last contact; a word for it where a list hides it."""
    head = row.head
    return t("show.stage_unknown") if head.silence_at_least else day_or_nothing(head.last_contact_on, result.as_of)


def silence(row: GapRow, _result: GapPage) -> Cell:
    """How long nothing was heard."""
    return words.silence_short(row.silence_days, row.head)


def silence_in_words(row: GapRow, _result: GapPage) -> Cell:
    """The same with the word for it."""
    return t("show.stalled.silence", days=words.silence_short(row.silence_days, row.head))


def day_or_nothing(on: date | None, near: date) -> str:
    """A day; a dash where there is none."""
    return words.day(on, near) if on else words.NOTHING


def new_mark(*, new: bool) -> Cell:
    """The mark of what began in the window; nothing for the rest."""
    return Span(t("show.gap.new"), "warn") if new else ""


def marked_new(said: str, *, new: bool) -> Cell:
    """Since when a finding stands, with that mark before it."""
    return Span(t("show.stalled.since_new", since=said), "warn") if new else Span(said, "dim")


DEAL = (
    Wide("id", "show.head.id", lambda row, _: show_id(row.head.id), right=True),
    Wide("deal", "show.head.deal", lambda row, _: row.head.name, flex=True),
    Wide("customer", "show.head.customer", lambda row, _: row.head.customer, flex=True),
    Wide("owner", "show.head.owner", lambda row, _: row.head.owner),
)
STAGE = Wide("stage", "show.head.stage", stage)
SILENCE = Wide("silence", "show.head.silence", silence, right=True)
LAST_CONTACT = Wide("last", "show.gap_live.head_last", last_contact, right=True)
BEYOND_SINCE = Wide("since", "show.head.since", began, right=True)
SINCE = Wide("since", "show.gap_live.head_since", began, right=True)
NEW = Wide("new", "show.head.new", lambda row, _: new_mark(new=row.finding.new))
CLOSES = Wide("closes", "show.head.closes", closes, right=True)
AMOUNT = Wide("amount", "show.head.amount", amount, right=True)

WHICH_AND_WHOSE = Narrow("deal", ("show.head.deal", "show.head.owner"), deal_named, whose_deal, flex=True)
STAGE_SINCE = Narrow("stage", ("show.head.stage", "show.gap_live.head_since"), stage, since)


# --- above and below the table


def counts_line(key: str, n: int, amount: int, currency: Currency) -> str:
    """So many deals, with their money where any is known."""
    return words.counted(key, n, amount=f" {words.money(amount, currency)}" if amount else "")


def counts_above(
    result: GapPage,
    screen: "Screen",
    looked_at: _Counted,
    matches: _Counted,
    new: _Counted,
    *,
    among: "Callable[[DealSummary], bool]" = lambda _: True,
) -> list[Block]:
    """What was looked at, which part of it was found, and what of that is new: each a message's key, a number of deals and
    their money. Where figures open, each leads to its deals.

    Args:
        among: which of the live deals were looked at.
    """
    currency, lists = result.schema.currency, GapLists(result)
    # It stands behind an amount, and is no part of that.
    share = words.share_of(matches[1], looked_at[1])
    first = counts(
        lists.looked_at(counts_line(*looked_at, currency), among),
        lists.matching(Span(counts_line(*matches, currency), "strong")),
        share,
        key="show.gap.share_of_deals",
    )
    return [*with_new(first, lists.new(counts_line(*new, currency)) if matches[1] else "", screen), *lists.blocks()]


class GapLists:
    """The figures above a table of findings, each of which leads to its deals where they open.

    Args:
        of: the page that counts them.
        where: of several lines of figures on a page each has a name of its own.
    """

    def __init__(self, of: GapPage, where: str = "counts") -> None:
        self._of, self._title = of, t(f"show.gap.title_{of.kind}")
        self._lists = DealLists(f"{of.kind}-{where}", of.schema.currency, opens=of.behind is not None)

    def looked_at(self, said: Cell, among: "Callable[[DealSummary], bool]" = lambda _: True) -> Cell:
        """A count of live deals; it is the same on several pages."""
        every = self._of.behind.live if self._of.behind is not None else ()
        live = [head for head in every if among(head)]
        title = t("show.gap.live_deals") if len(live) == len(every) else t("show.gap.live_of_it", title=self._title)
        return self._lists.figure(said, title, live, anchor="live" if len(live) == len(every) else "")

    def ended_too(self, said: Cell) -> Cell:
        """A count of the live deals and those that closed in the window."""
        behind = self._of.behind
        every = [*behind.live, *behind.closed] if behind is not None else []
        return self._lists.figure(said, t("show.gap.ended_too"), every)

    def matching(self, said: Cell, title: str = "", among: Callable[[Any], bool] = lambda _: True) -> Cell:
        """A count of findings: all, or some of them, which then have their own title."""
        every = self._of.behind.findings if self._of.behind is not None else ()
        heads = {head.id: head for one, head in every if among(one)}
        return self._lists.figure(said, title or self._title, list(heads.values()))

    def piled(self, said: Cell, title: str, pile: "Pile") -> Cell:
        """A count of deals by months: of several months, each deal as often as it counts."""
        known = self._of.behind.piled if self._of.behind is not None else {}
        return self._lists.piled(said, title, pile, known)

    def new(self, said: Cell) -> Cell:
        """A count of the findings that are new in the window."""
        return self.matching(said, t("show.gap.new_of_it", title=self._title), lambda one: one.new)

    def blocks(self) -> list[Block]:
        """The lists of those that were asked for."""
        return self._lists.blocks()


def counts(looked_at: Cell, matches: Cell, share: str, *, key: str = "show.stalled.share") -> Run:
    """Both counts, and which part of the first the second is, as `words.share_of` has it."""
    return (looked_at, "  ", matches, t(key, share=share))


def with_new(first: Run, new: Cell, screen: "Screen") -> list[Block]:
    """The counts above a table; what is new on a line of its own where one line does not hold both."""
    if not new:
        return [Prose(first)]
    wide = sum(width(piece.text) for piece in spans((*first, "  ", new)))
    if screen.terminal and wide > screen.columns:
        return [Prose(first), Prose(new)]
    return [Prose((*first, "  ", new))]


def question(result: GapPage, asked: str, *, none: str) -> list[Block]:
    """The question that the findings put; where there are none, that there are none. Both by their keys."""
    return [Prose(t(asked)) if result.rows else Prose(Span(t(none), "good"))]


def norms_used(result: GapPage) -> list[Block]:
    """The norms that deals were held against."""
    return [Heading(t("show.gap.norms")), norms.facts(result.norms, result.schema)] if result.norms else []


def nothing_live(result: GapPage) -> list[Block]:
    """What is said where no live deal was asked about."""
    return no_deals(filtered=result.filtered)


def named_briefly(rows: Sequence[GapRow], screen: "Screen") -> list[str]:
    """Each row's deal beside a sentence: its id and its name, which a terminal cuts; its customer before the name where the page
    has several of one name."""
    forms = [normal_form(row.head.name) for row in rows]
    times = Counter(forms)
    called = [
        f"{show_id(row.head.id)} {row.head.customer} {row.head.name}"
        if row.head.customer and times[form] > 1
        else named(row.head)
        for row, form in zip(rows, forms, strict=True)
    ]
    return [cut(name, _NAME_COLUMNS) for name in called] if screen.terminal else called
