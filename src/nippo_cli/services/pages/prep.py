"""One page before a visit."""

from datetime import date
from typing import TYPE_CHECKING

from nippo_cli.base.errors import Ambiguous, NotFound, msg
from nippo_cli.base.text import normal_form
from nippo_cli.line.ball import waits_for_customer
from nippo_cli.results.deal_pages import Lost, PrepPage
from nippo_cli.services.context import StatusJudge, Workspace, customer_named, deal_named, reading, tell_of_live_ones
from nippo_cli.services.pages.comments import open_comments

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from nippo_cli.base.customer_names import CustomerNames
    from nippo_cli.journal.read import JournalReader
    from nippo_cli.line.facts import AsOf, DealSummary
    from nippo_cli.results.deal_status import DealStatus
    from nippo_cli.results.entries import EntryView, Remarked
    from nippo_cli.results.remarks import Comment

_WORDS_SHOWN = 5


def page(workspace: Workspace, said: str) -> PrepPage:
    """Everything that is good to know before one meets a customer: the one that is named, or whose the named deal is. That deal
    comes first among the live ones.

    Raises:
        NotFound, Ambiguous: no customer and no deal, or several, answer to the name; or the deal is nobody's.
    """
    with reading(workspace) as (reader, as_of):
        name, deal = whom_meant(reader, as_of, said)
        if deal is not None:
            tell_of_live_ones(workspace, reader.past(as_of), said, deal)
        judge = StatusJudge(reader.schema(as_of), reader.norms(as_of), as_of.on)
        return prep_of(reader, as_of, judge, done_decisions(reader, as_of), name, deal)


def done_decisions(reader: "JournalReader", as_of: "AsOf") -> "dict[int, list[Comment]]":
    """What was decided and is done, by deal, the latest first."""
    decided = reader.decisions(as_of, date.min)
    done = {deal: [one for one in of if one.done_on is not None] for deal, of in decided.items()}
    return {deal: sorted(of, key=lambda one: one.done_on or date.min, reverse=True) for deal, of in done.items() if of}


def prep_of(
    reader: "JournalReader",
    as_of: "AsOf",
    judge: StatusJudge,
    decided: "Mapping[int, Sequence[Comment]]",
    name: str,
    deal: int | None = None,
) -> PrepPage:
    """The page of one customer; `deal` comes first among the live ones. Without a name, that of the deals that are nobody's.

    Args:
        decided: what `done_decisions` says.
    """
    schema = judge.schema
    deals = judge.statuses(_heads_of(reader, as_of, name))
    live = sorted((s for s in deals if s.head.fate == "live"), key=lambda s: (s.head.id != deal, _weight(s)))
    lost = sorted((s for s in deals if s.head.fate == "lost"), key=_closed, reverse=True)
    named = [*(s.head.stay_entry for s in lost), *(s.head.next_entry for s in live if s.head.next_entry)]
    entries = {v.id: v for v in reader.views(as_of, named)}
    words, total = _last_words(reader, as_of, name) if name else ([], 0)
    ids = {s.head.id for s in deals}
    return PrepPage(
        as_of=as_of.on,
        schema=schema,
        customer=name,
        people=reader.people(as_of, name) if name else (),
        last_words=words,
        total_contacts=total,
        live=live,
        won=sorted((s for s in deals if s.head.fate == "won"), key=_closed, reverse=True),
        lost=[Lost(s, entries.get(s.head.stay_entry)) for s in lost],
        comments=[
            one.comment
            for one in open_comments(reader, as_of)
            if _is_about(one, name, ids, reader.past(as_of).customers)
        ],
        norms=judge.norms.used(),
        decided={s.head.id: decided[s.head.id] for s in live if s.head.id in decided},
        waiting=frozenset(s.head.id for s in live if _waits(s.head, entries.get(s.head.next_entry or 0))),
    )


def _waits(head: "DealSummary", said: "EntryView | None") -> bool:
    """Whether the next step that stands is the customer's to do; `said` is the entry that it was left in."""
    if said is None or not (head.next_step or head.next_on):
        return False
    ball, activity = (str(said.values.get(said.schema.key(role) or "") or "") for role in ("ball", "activity"))
    return waits_for_customer(
        head.next_step, dated=head.next_on is not None, ball=ball, activity=activity, schema=said.schema
    )


def _heads_of(reader: "JournalReader", as_of: "AsOf", name: str) -> "Iterable[DealSummary]":
    return reader.heads(as_of, customer=name) if name else [h for h in reader.heads(as_of, live=True) if not h.customer]


def whom_meant(reader: "JournalReader", as_of: "AsOf", said: str) -> tuple[str, int | None]:
    """The customer to be met, and the deal by which it was named. A customer's whole name comes before a deal's, and that before a
    part of either."""
    names = reader.past(as_of).customers
    try:
        name = customer_named(reader, as_of, said)
    except (NotFound, Ambiguous) as error:
        return _whose_deal(reader, as_of, said, error)
    if names.same(name, said):
        return name, None
    deal = _deal_of_name(reader, as_of, said)
    return (deal.customer, deal.id) if deal is not None and deal.customer else (name, None)


def _whose_deal(
    reader: "JournalReader", as_of: "AsOf", said: str, unknown: "NotFound | Ambiguous"
) -> tuple[str, int | None]:
    """The customer of the deal that is named, and the deal; `unknown` is why the name is no customer's."""
    try:
        deal = reader.head(as_of, deal_named(reader, as_of, said))
    except Ambiguous:
        raise
    except NotFound:
        raise unknown from None
    if deal is None or not deal.customer:
        raise NotFound(msg("prep.nobodys_deal", said=said)) from None
    return deal.customer, deal.id


def _deal_of_name(reader: "JournalReader", as_of: "AsOf", said: str) -> "DealSummary | None":
    """The deal of a whole name; None where there is none, or more than one."""
    try:
        deal = reader.head(as_of, deal_named(reader, as_of, said))
    except (NotFound, Ambiguous):
        return None
    return deal if deal is not None and normal_form(deal.name) == normal_form(said) else None


def _last_words(reader: "JournalReader", as_of: "AsOf", name: str) -> tuple[list["EntryView"], int]:
    """The latest contacts that tell something, and how many contacts there are in all; a meeting that several entries are of
    counts once."""
    contacts = contacts_of(reader, as_of, name)
    telling = [view for view in contacts if view.values.get(view.schema.key("facts") or "")]
    return telling[:_WORDS_SHOWN], len({view.meeting or view.id for view in contacts})


def contacts_of(reader: "JournalReader", as_of: "AsOf", name: str) -> list["EntryView"]:
    """The contacts with a customer, the latest first."""
    entries = reader.log(as_of, until=as_of.on, customer=name, count=False).entries
    return [view for view in entries if _is_contact(view)]


def _is_contact(view: "EntryView") -> bool:
    if view.snapshot:
        return False
    activity = view.schema.activity_by_key.get(view.values.get(view.schema.key("activity") or "") or "")
    return activity is None or activity.contact


def _is_about(one: "Remarked", customer: str, deals: set[int], names: "CustomerNames") -> bool:
    if one.of_deal is not None:
        return one.of_deal.id in deals
    if (entry := one.entry) is None:
        return False
    return names.same(str(entry.values.get(entry.schema.key("customer") or "") or ""), customer)


def _weight(status: "DealStatus") -> tuple[int, int, int]:
    return (-(status.head.amount or 0), -status.silence_days, status.head.id)


def _closed(status: "DealStatus") -> tuple[str, int]:
    head = status.head
    return (head.closed_on.isoformat() if head.closed_on else "", head.id)
