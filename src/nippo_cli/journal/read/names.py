"""Which deal, or which customer, a person means by what they typed.

A deal answers to its id, its whole name, an alias, or any part of them that names no other, in this order and in the
normal form; in a script no part will do. A name is unique within its customer only: of several deals of one name the
customer decides, where it is said, or typed beside the name. Who leaves out a blank is understood where nothing holds the
part as it was typed. Of a customer every spelling will do, and every name that a record gives it.

Rule: docs/look-alikes.md#which-deal-is-meant
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import Final

from nippo_cli.base.errors import Message, msg
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.ids import read_id, show_id
from nippo_cli.base.text import nearest, normal_form, unspaced
from nippo_cli.journal.asof import AsOfView
from nippo_cli.journal.read.unclear_names import MOST_CANDIDATES, AmbiguousDeal, NamedDeal, UnknownDeal
from nippo_cli.line.facts import AsOf

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
IS_DEAL: Final = """
select 1 from record
where id = ?1 and kind = 'deal' and target is null and (body is null or instr(body, '"do":"begin"'))
union all select 1 from deal where id = ?1 union all select 1 from gone where deal = ?1
"""


_NEAR, _LONGEST = 3, 12
_EVER = AsOf(date.max)


class _Name(NamedTuple):
    folded: str
    deal: int
    is_alias: int
    name: str


def find_deal(
    cx: sqlite3.Connection, said: str, *, script: bool, as_of: AsOf = _EVER, begins: bool = False, customer: str = ""
) -> int:
    """`find_deal_on` for what is written, or asked of a person before it is; names are those known on the day."""
    return find_deal_on(AsOfView(cx, as_of), said, script=script, begins=begins, customer=customer, asks=True)


def find_deal_on(
    view: AsOfView, said: str, *, script: bool, begins: bool = False, customer: str = "", asks: bool = False
) -> int:
    """The id of the deal that is meant; of a merged one, that of the deal it was merged into.

    Args:
        view: names are those known on its day; a deal begun later is not found.
        script: nobody is there to be asked, so a part of a name is not enough.
        begins: whoever asks could begin a deal of that name, and is told how.
        customer: whose deal is meant, where that is said: it decides between deals of one name, and hides none.
        asks: whoever types a finished deal's name may mean one that goes on and is called so, too, and is asked.

    Raises:
        UnknownDeal: none answers to it.
        AmbiguousDeal: several do.
    """
    try:
        deal = answering(view, said, script=script, customer=customer, asks=asks)
    except AmbiguousDeal as error:
        names = view.customers
        if not (begins and customer) or any(names.same(deal.customer, customer) for deal in error.candidates):
            raise
        raise AmbiguousDeal(said, error.candidates, error.n, not_of=customer) from None
    if deal is None:
        if of_entry := _entry_named(view, said):
            raise UnknownDeal(said, (), script=script, instead=of_entry)
        # Loaded where a name is looked for in vain.
        from nippo_cli.journal.read.customers import deals_of

        if own := _of_customer(view, deals_of(view, said), said):
            customers_deals = msg("names.deal.is_customer", said=said.strip())
            raise UnknownDeal(said, _shown(view, own), script=script, instead=customers_deals)
        raise UnknownDeal(said, _like(view, normal_form(said)), script=script, begins=begins)
    return deal


def _entry_named(view: AsOfView, said: str) -> Message | None:
    """An entry's id in place of a deal's: both come from one row of numbers, and the log shows entries'."""
    number = read_id(said)
    row = view.cx.execute(DEAL_OF_ENTRY, (number,)).fetchone() if number is not None else None
    root = view.root(row[0]) if row else None
    if root is None:
        return None
    return msg("names.deal.is_entry", said=said.strip(), id=show_id(root), name=_named(view, root).name)


def answering(view: AsOfView, said: str, *, script: bool, customer: str = "", asks: bool = False) -> int | None:
    """`find_deal`, or None: to look for those most like a name takes longer than to look for itself.

    Raises:
        AmbiguousDeal: several deals answer to it.
    """
    if (deal := by_id(view, said)) is not None:
        return deal
    folded = normal_form(said)
    if folded and (whole := _whole(view, said, folded, customer)):
        more = live_besides(view, folded, whole) if asks and not script else []
        return _one_of(view, said, [*whole, *more])
    if folded and not script:
        for deals in _parts(view, folded):
            if deals:
                return _one_of(view, said, _of_customer(view, deals, customer) or deals)
    return None


def by_id(view: AsOfView, said: str) -> int | None:
    """The deal that has this for its id, or was merged into another; None where it is none that can be written of."""
    number = read_id(said)
    if number is None or not view.cx.execute(IS_DEAL, (number,)).fetchone():
        return None
    root = view.root(number)
    return root if root is not None and _answers(view, root) else None


def _one_of(view: AsOfView, said: str, deals: Sequence[int]) -> int:
    if len(deals) > 1:
        raise _ambiguous(view, said, deals)
    return deals[0]


def _whole(view: AsOfView, said: str, folded: str, customer: str) -> list[int]:
    """The deals whose whole name it is, else those of which it is an alias; of several those of the customer that is said,
    if any is. A name may have its customer beside it, as it is shown: `保守更新（A社）`, `A社 保守更新`. Where one customer's deal
    is called what another's is shown as, it may be either."""
    levels = _namesakes(view, folded)
    if customer:
        for deals in levels:
            if own := _of_customer(view, deals, customer):
                return own
    called = next(filter(None, levels), [])
    if called and not folded.endswith(")"):
        return called
    shown, whose = _beside_customer(view, said)
    if not called or (customer and _of_customer(view, shown, customer)):
        return shown
    return called if _of_customer(view, called, whose) else [*called, *shown]


def _beside_customer(view: AsOfView, said: str) -> tuple[list[int], str]:
    """The deals of a name that has its customer beside it, and that customer."""
    from nippo_cli.journal.read.customers import with_customer

    for name, whose in with_customer(said):
        for deals in _namesakes(view, normal_form(name)):
            if own := _of_customer(view, deals, whose):
                return own, whose
    return [], ""


def _namesakes(view: AsOfView, folded: str) -> list[list[int]]:
    """The deals of a name, and those of which it is an alias."""
    same = _rows(view, NAMES_SAME, folded, lambda n: n.folded == folded)
    return [_deals(n for n in same if n.is_alias == alias) for alias in (0, 1)]


def _parts(view: AsOfView, folded: str) -> Iterator[list[int]]:
    """The deals whose name holds it; else, blanks left out. Each look-up goes through all names, and is made once it is asked for."""
    yield _deals(_rows(view, NAMES_HOLDING, folded, lambda n: folded in n.folded))
    bare = unspaced(folded)
    yield _deals(_rows(view, NAMES_HOLDING_BARE, bare, lambda n: bare in unspaced(n.folded)))


def _deals(names: Iterable[_Name]) -> list[int]:
    return list(dict.fromkeys(n.deal for n in names))


def live_besides(view: AsOfView, folded: str, deals: Sequence[int]) -> list[int]:
    """Where these deals are all finished, the live ones whose name holds theirs, in its normal form."""
    if not deals or any(not _has_ended(view, deal) for deal in deals):
        return []
    return [deal for deal in next(_parts(view, folded)) if deal not in deals and not _has_ended(view, deal)]


def _of_customer(view: AsOfView, deals: Sequence[int], customer: str) -> list[int]:
    """Of some deals those of a customer; none of nobody."""
    heads = [(deal, view.head(deal)) for deal in deals] if customer else []
    return [deal for deal, head in heads if head and head.customer and view.customers.same(head.customer, customer)]


def _has_ended(view: AsOfView, deal: int) -> bool:
    head = view.head(deal)
    return head is not None and head.fate != "live"


def _answers(view: AsOfView, deal: int) -> bool:
    """Whether a deal can be written of: one whose beginning was taken back only while it still has entries."""
    state = view.state(deal)
    return state is not None and state.into is None and (state.alive or view.head(deal) is not None)


def _rows(view: AsOfView, statement: str, folded: str, holds: Callable[[_Name], bool]) -> list[_Name]:
    """Names that the statement finds; of deals renamed, merged or begun since, those of then."""
    late = view.late
    renamed = set(late.deals)
    if late.by_deal:
        from nippo_cli.journal.read.statements import WITHOUT_LINE

        # A deal whose entries all went elsewhere since answers to no name today.
        renamed.update(deal for (deal,) in view.cx.execute(WITHOUT_LINE) if deal in late.by_deal)
    answers = [n for n in map(_Name._make, view.cx.execute(statement, (folded,))) if n.deal not in renamed]
    if view.as_of.known:
        answers = [n for n in answers if not view.is_stale(n.deal) or view.deal_record(n.deal) is not None]
    for deal in sorted(renamed):
        record = view.deal_record(deal)
        if record is not None:
            names = ((record.name, 0), *((alias, 1) for alias in record.aliases))
            answers += [n for n in (_Name(normal_form(name), deal, alias, name) for name, alias in names) if holds(n)]
    return answers


def _ambiguous(view: AsOfView, said: str, deals: Sequence[int]) -> AmbiguousDeal:
    return AmbiguousDeal(said, _shown(view, deals), len(deals))


def _shown(view: AsOfView, deals: Sequence[int]) -> list[NamedDeal]:
    """The first candidates: live deals come before ended ones, so long as there are few enough to look."""
    looked = [_named(view, deal) for deal in deals[: MOST_CANDIDATES * MOST_CANDIDATES]]
    return sorted(looked, key=lambda d: (d.ended, d.id))[:MOST_CANDIDATES]


def _named(view: AsOfView, deal: int) -> NamedDeal:
    head = view.head(deal)
    if head is not None:
        return NamedDeal(deal, head.name, head.customer, head.fate != "live")
    ref = view.ref(deal)
    return NamedDeal(deal, ref.name if ref else show_id(deal), "")


def _like(view: AsOfView, folded: str) -> list[NamedDeal]:
    """The deals named most like it, among those that share most pairs of characters with it."""
    pairs = list(dict.fromkeys(map("".join, pairwise(folded))))[:_LONGEST] or [folded]
    likeness = "(" + " + ".join(f"(instr(folded, ?{n}) > 0)" for n in range(1, len(pairs) + 1)) + ")"
    rows = view.cx.execute(NAMES_LIKE.format(likeness=likeness), pairs).fetchall()
    deals = {name: deal for name, deal in reversed(rows) if view.root(deal) == deal}
    # Of a deal's names the nearest one: it may have had others.
    near = {deal: name for name in reversed(nearest(folded, deals, _NEAR)) for deal in (deals[name],)}
    return [_named(view, deal)._replace(name=name) for deal, name in reversed(near.items())]
