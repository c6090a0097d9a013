"""Which deal, or which customer, a person means by what they typed.

A deal answers to its id, its exact name, an alias, or any part of them that names no other, in this order and
after NFKC and case folding; in a script no part will do. Who leaves out a blank is understood where nothing holds the
part as it was typed. A customer has no record of its own: every spelling
that folds to the same text is the same customer.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import Final

from nippo_cli.base.errors import (
    Ambiguous,
    Message,
    NotFound,
    Place,
    Problem,
    msg,
)
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.ids import read_id, show_id
from nippo_cli.base.text import nearest, normal_form, unspaced
from nippo_cli.journal.asof import AsOfView
from nippo_cli.journal.log import NAME_TAG, NAMED, NAMES
from nippo_cli.journal.read.statements import CUSTOMERS, WITHOUT_LINE
from nippo_cli.line.facts import AsOf

CUSTOMER_BY: Final = "select id from entry where customer = ? and on_date <= ? and known_on <= ?"
NAMES_SAME: Final = "select folded, deal, is_alias, name from deal_name where folded = ?"
NAMES_HOLDING: Final = "select folded, deal, is_alias, name from deal_name where instr(folded, ?) > 0"
# The same, whatever blanks stand in the name: a normal form leaves no others than this one between words.
NAMES_HOLDING_BARE: Final = """
select folded, deal, is_alias, name from deal_name where instr(replace(folded, ' ', ''), ?) > 0
"""
NAMES_LIKE: Final = """
select name, deal from deal_name where {likeness} > 0 order by {likeness} desc, length(folded), deal limit 60
"""
DEAL_OF_ENTRY: Final = "select deal from entry where id = ? and deal is not null"
# By what was derived too: the record that began it may be damaged.
IS_DEAL: Final = """
select 1 from record where id = ?1 and kind = 'deal' and target is null
union all select 1 from deal where id = ?1 union all select 1 from gone where deal = ?1
"""


MOST_CANDIDATES = 10
_NEAR, _LONGEST = 3, 12
_EVER = AsOf(date.max)


class NamedDeal(NamedTuple):
    """A deal as a choice among several: its id, name and customer."""

    id: int
    name: str
    customer: str


class AmbiguousDeal(Ambiguous):
    """Several deals answer to a name. `candidates` are the first of them, live ones before ended ones."""

    def __init__(self, said: str, candidates: Sequence[NamedDeal], n: int) -> None:
        super().__init__(
            msg("names.deal.ambiguous", said=said, n=n),
            hint=msg("names.deal.ambiguous.hint", id=show_id(candidates[0].id)),
            problems=[_candidate(c) for c in candidates],
        )
        self.candidates = tuple(candidates)
        self.n = n


class UnknownDeal(NotFound):
    """No deal answers to a name. `candidates` are those most like it; `instead`, what it is the name of."""

    def __init__(
        self,
        said: str,
        candidates: Sequence[NamedDeal],
        *,
        script: bool,
        begins: bool = False,
        instead: Message | None = None,
    ) -> None:
        kind = "script." if script and begins else ""
        near = msg(f"names.deal.near.{kind}hint", names=[c.name for c in candidates])
        far = msg(f"names.deal.unknown.{kind or ('whole.' if script else '')}hint", said=said)
        super().__init__(
            msg("names.deal.unknown", said=said),
            hint=instead or (near if candidates else far),
            problems=[_candidate(c) for c in candidates],
        )
        self.candidates = tuple(candidates)


class _Name(NamedTuple):
    folded: str
    deal: int
    is_alias: int
    name: str


def find_deal(cx: sqlite3.Connection, said: str, *, script: bool, as_of: AsOf = _EVER, begins: bool = False) -> int:
    """`find_deal_on` for who has no view of the day yet; names are those known then."""
    return find_deal_on(AsOfView(cx, as_of), said, script=script, begins=begins)


def find_deal_on(view: AsOfView, said: str, *, script: bool, begins: bool = False) -> int:
    """The id of the deal that is meant; of a merged one, that of the deal it was merged into.

    Args:
        view: names are those known on its day; a deal begun later is not found.
        script: nobody is there to be asked, so a part of a name is not enough.
        begins: whoever asks could begin a deal of that name, and is told how.

    Raises:
        UnknownDeal: none answers to it.
        AmbiguousDeal: several do.
    """
    deal = answering(view, said, script=script)
    if deal is None:
        if of_entry := _entry_named(view, said):
            raise UnknownDeal(said, (), script=script, instead=of_entry)
        raise UnknownDeal(said, _like(view, normal_form(said)), script=script, begins=begins)
    return deal


def _entry_named(view: AsOfView, said: str) -> Message | None:
    """An entry's id in place of a deal's: both come from one row of numbers, and the log shows entries'."""
    by_id = read_id(said)
    row = view.cx.execute(DEAL_OF_ENTRY, (by_id,)).fetchone() if by_id is not None else None
    root = view.root(row[0]) if row else None
    if root is None:
        return None
    return msg("names.deal.is_entry", said=said.strip(), id=show_id(root), name=_named(view, root).name)


def answering(view: AsOfView, said: str, *, script: bool) -> int | None:
    """`find_deal`, or None: to look for those most like a name takes longer than to look for itself.

    Raises:
        AmbiguousDeal: several deals answer to it.
    """
    by_id = read_id(said)
    if by_id is not None and view.cx.execute(IS_DEAL, (by_id,)).fetchone():
        root = view.root(by_id)
        if root is not None and _answers(view, root):
            return root
    folded = normal_form(said)
    for answers in _in_order(view, said.strip(), folded, script=script):
        deals = list(dict.fromkeys(a.deal for a in answers))
        if len(deals) == 1:
            return deals[0]
        if deals:
            raise _ambiguous(view, said, deals)
    return None


def holder(cx: sqlite3.Connection, name: str) -> NamedDeal | None:
    """The deal that answers to a whole name, so that no other can begin under it; of several the first."""
    try:
        deal = answering(AsOfView(cx, _EVER), name, script=True)
    except AmbiguousDeal as error:
        return error.candidates[0]
    return tag(cx, deal) if deal is not None else None


def named(cx: sqlite3.Connection, name: str) -> int | None:
    """The deal of a name or an alias as an import finds it: never by an id, for a file's names may well be numbers."""
    row = cx.execute(NAMED, (normal_form(name),)).fetchone()
    return row[0] if row else None


def tag(cx: sqlite3.Connection, deal: int) -> NamedDeal:
    """A deal as it stands; one without a line has no customer."""
    row = cx.execute(NAME_TAG, (deal,)).fetchone()
    if row is None:
        row = next(((name, "") for *_, is_alias, name in cx.execute(NAMES, (deal,)) if not is_alias), None)
    return NamedDeal(deal, *(row or (show_id(deal), "")))


def _answers(view: AsOfView, deal: int) -> bool:
    """Whether a deal can be written of: one whose beginning was taken back only while it still has entries."""
    state = view.state(deal)
    return state is not None and state.into is None and (state.alive or view.head(deal) is not None)


def customers(view: AsOfView) -> Iterator[str]:
    """Every customer's name as written in entries dated up to the day and known on it; a seek each, no scan."""
    late = {
        said
        for entry in view.late.entries
        if (versions := view.versions(entry)) and versions[-1].on <= view.day
        if (said := view.migrator.columns(versions[-1].schema, versions[-1].values).customer)
    }
    yield from sorted(late)
    for (name,) in view.cx.execute(CUSTOMERS):
        entries = (row[0] for row in view.cx.execute(CUSTOMER_BY, (name, view.day, view.known)))
        if name not in late and any(entry not in view.late.entries for entry in entries):
            yield name


def _in_order(view: AsOfView, said: str, folded: str, *, script: bool) -> Iterable[Sequence[_Name]]:
    """Who answers to it, the closest way of answering first."""
    if not folded:
        return
    same = _rows(view, NAMES_SAME, folded, lambda n: n.folded == folded)
    for alias in (0, 1):
        yield [n for n in same if n.is_alias == alias and n.name == said]
        yield [n for n in same if n.is_alias == alias]
    if not script:
        yield _rows(view, NAMES_HOLDING, folded, lambda n: folded in n.folded)
        bare = unspaced(folded)
        yield _rows(view, NAMES_HOLDING_BARE, bare, lambda n: bare in unspaced(n.folded))


def _rows(view: AsOfView, statement: str, folded: str, holds: Callable[[_Name], bool]) -> list[_Name]:
    """Names that the statement finds; of deals renamed, merged or begun since, those of then."""
    late = view.late
    renamed = set(late.deals)
    if late.by_deal:
        # A deal whose entries all went elsewhere since answers to no name today.
        renamed.update(deal for (deal,) in view.cx.execute(WITHOUT_LINE) if deal in late.by_deal)
    answers = [n for n in map(_Name._make, view.cx.execute(statement, (folded,))) if n.deal not in renamed]
    if view.as_of.known:
        answers = [n for n in answers if not view.is_unsettled(n.deal) or view.deal_record(n.deal) is not None]
    for deal in sorted(renamed):
        record = view.deal_record(deal)
        if record is not None:
            names = ((record.name, 0), *((alias, 1) for alias in record.aliases))
            answers += [n for n in (_Name(normal_form(name), deal, alias, name) for name, alias in names) if holds(n)]
    return answers


def _ambiguous(view: AsOfView, said: str, deals: Sequence[int]) -> AmbiguousDeal:
    """With the first candidates: live deals come before ended ones, so long as there are few enough to look."""
    looked = deals[: MOST_CANDIDATES * MOST_CANDIDATES]
    heads = {deal: view.head(deal) for deal in looked}
    looked = sorted(looked, key=lambda d: ((head := heads[d]) is None or head.fate != "live", d))
    return AmbiguousDeal(said, [_named(view, deal) for deal in looked[:MOST_CANDIDATES]], len(deals))


def _named(view: AsOfView, deal: int) -> NamedDeal:
    ref = view.ref(deal)
    return NamedDeal(deal, ref.name, ref.customer) if ref else NamedDeal(deal, show_id(deal), "")


def _like(view: AsOfView, folded: str) -> list[NamedDeal]:
    """The deals named most like it, among those that share most pairs of characters with it."""
    pairs = list(dict.fromkeys(map("".join, pairwise(folded))))[:_LONGEST] or [folded]
    likeness = "(" + " + ".join(f"(instr(folded, ?{n}) > 0)" for n in range(1, len(pairs) + 1)) + ")"
    rows = view.cx.execute(NAMES_LIKE.format(likeness=likeness), pairs).fetchall()
    deals = {name: deal for name, deal in reversed(rows) if view.root(deal) == deal}
    # Of a deal's names the nearest one: it may have had others.
    near = {deal: name for name in reversed(nearest(folded, deals, _NEAR)) for deal in (deals[name],)}
    return [NamedDeal(deal, name, _named(view, deal).customer) for deal, name in reversed(near.items())]


def _candidate(named: NamedDeal) -> Problem:
    needs: Message = msg("names.deal.candidate", id=show_id(named.id), name=named.name, customer=named.customer)
    return Problem(Place("deal"), named.name, needs)
