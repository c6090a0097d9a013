"""`nippo prep --handover`: the 引継書 of a customer, or of all that an owner has live deals at."""

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

from nippo_cli.base.errors import NotFound
from nippo_cli.base.persons import same_person
from nippo_cli.line.facts import lead_days
from nippo_cli.line.quantile import median
from nippo_cli.results.handover import Habits, HandedCustomer, HandoverPage
from nippo_cli.services.context import StatusJudge, Workspace, me_of, owner_named, reading, tell_of_live_ones
from nippo_cli.services.pages.prep import contacts_of, done_decisions, prep_of, whom_meant

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from nippo_cli.journal.read import JournalReader
    from nippo_cli.line.facts import AsOf, DealSummary
    from nippo_cli.results.deal_pages import PrepPage
    from nippo_cli.results.entries import EntryView

_USUAL = 3
_SEVERAL = 2


def handover_page(
    workspace: Workspace,
    *,
    customer: str | None = None,
    owner: str | None = None,
    to: str = "",
    deals: "Collection[int] | None" = None,
) -> HandoverPage:
    """Every live deal with what is promised on both sides, the people, the last words and the habits, customer by customer.

    Args:
        customer: this one alone, by its name or a deal's of it; None: all of an owner's.
        owner: whose live deals alone, or of who owns none any more those that were; None: of a customer everybody's, else those of
            who looks.
        to: who takes them over.
        deals: these alone.

    Raises:
        NotFound, Ambiguous: no customer or owner, or several, answer to the name.
    """
    with reading(workspace) as (reader, as_of):
        schema = reader.schema(as_of)
        judge = StatusJudge(schema, reader.norms(as_of), as_of.on)
        whose = _owner_named(reader, as_of, owner) if owner else None
        if customer is not None:
            name, deal = whom_meant(reader, as_of, customer)
            if deal is not None:
                tell_of_live_ones(workspace, reader.past(as_of), customer, deal)
            customers = [name]
        else:
            whose = whose or _owner_named(reader, as_of, me_of(workspace, reader).name)
        heads = None
        if whose is not None:
            heads = _live(reader, as_of, deals) if deals is not None else _handed_by(reader, as_of, whose, to)
            to = to or _only_taker(heads, whose)
        if customer is None:
            customers = _customers_of(reader, as_of, heads or ())
        ids = {head.id for head in heads} if heads is not None else None
        decided = done_decisions(reader, as_of)
        handed = [_handed(prep_of(reader, as_of, judge, decided, name), reader, as_of, ids) for name in customers]
        return HandoverPage(as_of.on, schema, whose or "", to, [one for one in handed if one.prep.live or customer])


def _owner_named(reader: "JournalReader", as_of: "AsOf", said: str) -> str:
    """The owner of a name, or who owned a deal before it was handed on.

    Raises:
        NotFound, Ambiguous: none, or several.
    """
    try:
        return owner_named(reader, as_of, said)
    except NotFound:
        givers = sorted({one.giver for one in reader.handings(as_of)})
        if not any(same_person(name, said) for name in givers):
            raise
        return said if said in givers else next(name for name in givers if same_person(name, said))


def _live(reader: "JournalReader", as_of: "AsOf", deals: "Collection[int]") -> "list[DealSummary]":
    return [head for head in reader.heads(as_of, ids=deals) if head.fate == "live"]


def _handed_by(reader: "JournalReader", as_of: "AsOf", owner: str, to: str) -> "list[DealSummary]":
    """The live deals of an owner; of who owns none any more those that were, or those of them that went to who takes them over."""
    own = list(reader.heads(as_of, live=True, owner=owner))
    if own:
        return own
    given = {
        one.deal
        for one in reader.handings(as_of)
        if same_person(one.giver, owner) and (not to or same_person(one.taker, to))
    }
    return _live(reader, as_of, given)


def _only_taker(heads: "Sequence[DealSummary]", giver: str) -> str:
    """Who has all of some deals now, if that is one other person; empty where it is not."""
    owners = {head.owner for head in heads}
    return owners.pop() if len(owners) == 1 and not any(same_person(owner, giver) for owner in owners) else ""


def _customers_of(reader: "JournalReader", as_of: "AsOf", heads: "Sequence[DealSummary]") -> list[str]:
    """The customers of some deals, those with most money first; deals of none come last, as of `""`."""
    names = reader.past(as_of).customers
    worth: dict[str, int] = {}
    for head in heads:
        name = names.name(head.customer) if head.customer else ""
        worth[name] = worth.get(name, 0) + (head.amount or 0)
    return sorted(worth, key=lambda name: (not name, -worth[name], name))


def _handed(
    prep: "PrepPage", reader: "JournalReader", as_of: "AsOf", deals: "Collection[int] | None"
) -> HandedCustomer:
    habits = _habits(prep, contacts_of(reader, as_of, prep.customer) if prep.customer else [])
    if deals is not None:
        decided = {deal: of for deal, of in prep.decided.items() if deal in deals}
        prep = prep._replace(live=[one for one in prep.live if one.head.id in deals], decided=decided)
    lines = reader.line_reader(as_of).lines({one.head.id for one in prep.live})
    return HandedCustomer(prep, {deal: line.deadlines for deal, line in lines.items() if line.deadlines}, habits)


def _habits(prep: "PrepPage", contacts: "Sequence[EntryView]") -> Habits:
    """How it went with a customer, whoever dealt with it."""
    met = {view.meeting or view.id: view for view in reversed(contacts)}
    days = sorted({view.on for view in met.values()})
    kinds = Counter(str(view.values.get(view.schema.key("activity") or "") or "") for view in met.values())
    del kinds[""]
    won = [lead for one in prep.won if (lead := lead_days(one.head)) is not None]
    heads = [one.head for one in (*prep.live, *prep.won, *(lost.status for lost in prep.lost))]
    reasons = Counter[str]()
    for lost in prep.lost:
        said = lost.entry.values.get(lost.entry.schema.key("lost_reason") or "") if lost.entry is not None else None
        reasons.update(said if isinstance(said, list) else [said] if said else [])
    return Habits(
        contacts=len(met),
        first_on=days[0] if days else None,
        gap_days=median(Counter((later - day).days for day, later in pairwise(days)))
        if len(days) >= _SEVERAL
        else None,
        activities=kinds.most_common(_USUAL),
        won=len(prep.won),
        lead_days=median(Counter(won)),
        deals=sum(1 for head in heads if head.pushes),
        pushes=sum(head.pushes for head in heads),
        lost=dict(reasons.most_common()),
    )
