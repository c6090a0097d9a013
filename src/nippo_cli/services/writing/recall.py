"""What the diary knows already of what is being typed: names, a deal's last entry and promises, what is due today."""

from datetime import date
from itertools import islice
from threading import Thread
from typing import TYPE_CHECKING, Any

from nippo_cli.base.errors import NippoError, NotFound, UsageError, msg
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.ids import read_id
from nippo_cli.base.language import spoken
from nippo_cli.base.persons import person_key
from nippo_cli.line.span import on_hold
from nippo_cli.services.context import EVER, Workspace, current_values, local_time_zone, reading, where_else
from nippo_cli.services.writing.deal_customer import customers_once
from nippo_cli.services.writing.entry_so_far import Known
from nippo_cli.services.writing.name_index import NameIndex, NameOffer

if TYPE_CHECKING:
    from nippo_cli.base.customer_names import CustomerNames
    from nippo_cli.base.errors import Message
    from nippo_cli.journal.read import JournalReader, NamedDeal
    from nippo_cli.line.facts import DealSummary
    from nippo_cli.results.entries import EntryView
    from nippo_cli.schema.schema import Role
    from nippo_cli.services.context import Report

DUE_SHOWN = 9
_NEAR_SHOWN = 5
# What was promised or reached on the day of an earlier entry says nothing of today.
_OF_ITS_DAY: tuple["Role", ...] = (
    "stage", "amount", "closes", "confidence", "next_step", "next_on", "accepts", "push_reason", "lost_reason",
)  # fmt: skip


class Recalled(NamedTuple):
    """A deal as it is recalled when it is chosen: its head, what the interview needs of it, and its last entry."""

    head: "DealSummary"
    known: Known
    last: "EntryView | None"


class Beginning(NamedTuple):
    """Where a report begins: the journal's today, and the steps that are due."""

    day: date
    due: "tuple[DealSummary, ...]" = ()


class KnownNames:
    """Names to complete, read by a thread of its own while the first question is answered."""

    def __init__(self, workspace: Workspace) -> None:
        self.deals = NameIndex()
        self.customers = NameIndex()
        self._thread = Thread(target=self._read, args=(workspace.apart(),), daemon=True)
        if workspace.places.journal_db.exists():
            self._thread.start()

    def ready(self, *, within_s: float | None = None) -> "KnownNames":
        """All of them, waited for; at most so many seconds where that is said."""
        if self._thread.ident is not None:
            self._thread.join(within_s)
        return self

    def _read(self, workspace: Workspace) -> None:
        """Gather the names of the last deals and customers; none where the journal can't be read."""
        from nippo_cli.journal.read import recent_customers, recent_deals

        try:
            with reading(workspace) as (reader, _):
                for deal in recent_deals(reader.cx):
                    self.deals.add(NameOffer(deal.name, deal.customer, deal.id, deal.ended), deal.aliases)
                for customer in recent_customers(reader.cx):
                    self.customers.add(NameOffer(customer))
        except NippoError:
            # Names that can't be read are not offered; the write says what is wrong with the journal.
            return


def beginning(workspace: Workspace, *, author: str = "") -> Beginning:
    """The day that a report most likely is about, and what was planned for it."""
    if not workspace.places.journal_db.exists():
        return Beginning(workspace.today(local_time_zone()))
    from nippo_cli.journal.read import due_deals

    with reading(workspace.apart()) as (reader, as_of):
        day = workspace.today(reader.time_zone)
        owner = author or workspace.author or reader.meta("author") or workspace.machine_user
        ids = due_deals(reader.cx, on=day, owner=owner, limit=DUE_SHOWN)
        heads = {head.id: head for head in reader.heads(as_of, ids=ids)}
        due = tuple(heads[deal] for deal in ids if deal in heads and not on_hold(heads[deal].holds, day))
        return Beginning(day, due)


def deal_recalled(workspace: Workspace, said: str, customer: str = "") -> Recalled:
    """The deal that is meant, as it stands, and its last entry; of several of one name that of a customer. Who names it by its id
    knows whose it was.

    Raises:
        NotFound, Ambiguous: none is meant, or several are.
    """
    from nippo_cli.journal.read import find_deal
    from nippo_cli.services.context import for_writing

    if not workspace.places.journal_db.exists():
        raise NotFound(msg("desk.no_deal_yet", said=said))
    schema = for_writing(workspace.places)
    with reading(workspace.apart()) as (reader, as_of):
        deal = find_deal(reader.cx, said, script=False, customer=customer)
        head = reader.head(EVER, deal)
        if head is None:
            raise NotFound(msg("desk.no_deal_yet", said=said))
        last = reader.log(as_of, deal=deal, limit=1, count=False).entries
        names = customers_called(reader)
        # A look through the whole log: made of a deal that may have been a customer's, and is nobody's by now.
        is_nobodys = not head.customer and "customer" in schema.by_role and read_id(said) != deal
        known = Known(
            head.name,
            current_values(head, schema),
            head.stage,
            live=head.fate == "live",
            next_step=head.next_step or "",
            next_on=str(head.next_on or ""),
            customers=names,
            once_of=customers_once(reader, deal) if is_nobodys else frozenset(),
        )
        return Recalled(head, known, last[0] if last else None)


def deals_of(workspace: Workspace, customer: str, *, but: int = 0) -> "tuple[DealSummary, ...]":
    """The live deals of a customer, whichever way it is spelled: those with most money first; `but` is left out."""
    from nippo_cli.services.context import within
    from nippo_cli.services.context.scope import Scope

    with reading(workspace.apart()) as (reader, as_of):
        heads = reader.heads(as_of, live=True, **within(reader, as_of, Scope(customer=customer)))
        deals = sorted((h for h in heads if h.id != but), key=lambda h: (-(h.amount or 0), h.id))
        return tuple(deals[:DUE_SHOWN])


def customers_called(reader: "JournalReader") -> "CustomerNames":
    """What customers are called, to be asked after the journal is closed."""
    from nippo_cli.base.customer_names import names_from
    from nippo_cli.journal.log import every_name

    return names_from(every_name(reader.cx))


def held_by(workspace: Workspace, name: str) -> "tuple[tuple[NamedDeal, ...], CustomerNames]":
    """The deals that answer to a whole name, or the one whose id it is: none of their customers can have another of it; and
    what customers are called."""
    from nippo_cli.base.customer_names import NOBODY
    from nippo_cli.journal.read import holder, namesakes

    if not workspace.places.journal_db.exists():
        return (), NOBODY
    with reading(workspace.apart()) as (reader, _):
        names = customers_called(reader)
        of_id = holder(reader.cx, name, "") if read_id(name) is not None else None
        deals = namesakes(reader.cx, name)
    held = (of_id, *deals) if of_id is not None and of_id.id == read_id(name) else tuple(deals)
    return held, names


def people_met(workspace: Workspace, customer: str) -> list[str]:
    """Whom one has met at a customer and who is still there, the latest first, as they are written: `田中（部長）`; then those who
    came after somebody and were not met yet."""
    if not customer or not workspace.places.journal_db.exists():
        return []
    from nippo_cli.schema.types import person_written

    with reading(workspace.apart()) as (reader, as_of):
        people = reader.people(as_of, customer)
    there = [p for p in people if p.here is None or p.here.until is None]
    met = {person_key(p.name) for p in people}
    # Who came after somebody may not have been met yet.
    successors = [
        p.here.successor for p in people if p.here and p.here.successor and person_key(p.here.successor) not in met
    ]
    return [*(spoken(person_written({"name": p.name, "title": p.title})) for p in there), *dict.fromkeys(successors)]


def customers_near(workspace: Workspace, said: str) -> "dict[str, str | Message]":
    """Customers of whom a name is like a new one, each with how it is shown; none where there is one of that name, whatever legal
    form either leaves out."""
    from nippo_cli.base.text import nearest
    from nippo_cli.line.near_customers import as_called, name_as, names_answering, near_customers

    if not workspace.places.journal_db.exists():
        return {}
    with reading(workspace.apart()) as (reader, as_of):
        every, past = reader.customers(as_of), reader.past(as_of)
        names = past.customers
        if any(names.same(said, name) for name in every):
            return {}
        answering = names_answering(dict.fromkeys(map(names.name, every)), past.names_of_customers())
        near = {
            pair.other: name_as(pair.other, pair.other_as) for pair in as_called(near_customers(said, answering), names)
        }
        for name in nearest(said, answering):
            called = names.name(name)
            near.setdefault(called, name_as(called, name if name != called else ""))
        return dict(islice(near.items(), _NEAR_SHOWN))


def like(workspace: Workspace, said: str, report: "Report") -> "Report":
    """A report that starts from an earlier entry, `last` or an id; what the report says itself stands. What was promised
    or reached that day is not taken over.

    Raises:
        UsageError: it is no id. NotFound: there is no such entry, or none at all.
    """
    from nippo_cli.base.ids import show_id
    from nippo_cli.base.text import normal_form
    from nippo_cli.journal.read import last_entry

    with reading(workspace.apart()) as (reader, as_of):
        wanted = said.strip().lower()
        author = report.by or workspace.author or reader.meta("author") or workspace.machine_user
        number = last_entry(reader.cx, author) if wanted == "last" else read_id(said)
        if number is None and wanted != "last":
            raise UsageError(msg("flow.bad_like", said=said))
        entry = reader.entry(EVER, number) if number is not None else None
        if entry is None or reader.is_retracted(entry.id):
            hint = where_else(reader, number) if number is not None else msg("desk.see_log")
            raise NotFound(msg("desk.no_entry", said=said), hint=hint)
        schema = reader.schema(as_of)
    left = {schema.key(role) for role in _OF_ITS_DAY}
    # A deal has its own customer, whichever deal the report is put to; only one that begins may take the entry's.
    own = {schema.key("customer")} if entry.deal or (report.deal and not report.new_deal) else set()
    named = {normal_form(name) for name in report.raw}
    raw: dict[str, Any] = {
        key: value
        for key, value in entry.values.items()
        if key not in left | own and key in schema.by_key and not named & _names(schema.by_key[key])
    }
    deal = report.deal or (show_id(entry.deal.id) if entry.deal else None)
    return report._replace(raw={**raw, **report.raw}, deal=deal)


def _names(field: Any) -> set[str]:
    from nippo_cli.base.text import normal_form

    return {normal_form(field.key), normal_form(field.label)}
