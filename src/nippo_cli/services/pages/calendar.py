"""What was promised for a day, as a calendar: next steps, expected closes, calls to be made again."""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import TYPE_CHECKING

from nippo_cli.base.customers import customer_key, deal_label
from nippo_cli.base.ids import show_id
from nippo_cli.base.language import t
from nippo_cli.base.persons import same_person
from nippo_cli.exchange.calendar_text import CalendarDay, write
from nippo_cli.services.context import Workspace, owner_named, reading

if TYPE_CHECKING:
    from nippo_cli.line.facts import DealSummary, Revisit
    from nippo_cli.schema.schema import Schema


def calendar(workspace: Workspace, *, owner: str | None = None) -> str:
    """The dated promises that stand of live deals, and the days on which deals and customers are to be called again, the soonest
    first. What is promised for a month or another span stands on its last day.

    Args:
        owner: whose deals alone, as typed; of calls, those that they wrote down. None is everybody's.

    Raises:
        NotFound: there is no journal. NotFound, Ambiguous: no owner, or several, answer to the name.
    """
    days = list[CalendarDay]()
    with reading(workspace) as (reader, as_of):
        whose = owner_named(reader, as_of, owner) if owner else None
        schema, journal = reader.schema(as_of), reader.meta("journal_id")
        for head in reader.heads(as_of, live=True, owner=whose):
            days += _of_deal(head, schema, journal)
        calls = [one for one in reader.revisits(as_of) if whose is None or same_person(one.author, whose)]
        asked = {one.deal for one in calls if one.deal is not None}
        heads = {head.id: head for head in reader.heads(as_of, ids=asked)} if asked else {}
        days += [_of_call(one, heads, journal) for one in calls if one.deal is None or one.deal in heads]
    days.sort(key=lambda one: (one.on, one.title))
    return write(days, name=t("calendar.name"), now=workspace.now)


def _of_deal(head: "DealSummary", schema: "Schema", journal: str) -> Iterator[CalendarDay]:
    """The next step and the expected close of a deal, as far as they have a day."""
    stage = schema.stage_by_key[head.stage].label if head.stage in schema.stage_by_key else head.stage
    text = t("calendar.text", deal=_named(head), id=show_id(head.id), stage=stage, owner=head.owner)
    if head.next_on is not None:
        title = t("calendar.next", step=head.next_step, deal=_named(head))
        yield CalendarDay(f"next-{show_id(head.id)}@{journal}", head.next_on.last, title, text)
    if head.closes is not None:
        yield CalendarDay(
            f"closes-{show_id(head.id)}@{journal}", head.closes.last, t("calendar.closes", deal=_named(head)), text
        )


def _of_call(call: "Revisit", heads: "Mapping[int, DealSummary]", journal: str) -> CalendarDay:
    whom = _named(heads[call.deal]) if call.deal is not None else call.customer
    # Put off, a call is another record, and the same event.
    about = show_id(call.deal) if call.deal is not None else _mark(call.customer)
    return CalendarDay(f"revisit-{about}@{journal}", call.on, t("calendar.revisit", whom=whom), call.why)


def _mark(customer: str) -> str:
    """What a customer's event is known by, however the name is written; nobody reads from it who that is."""
    return sha256("\x1f".join(customer_key(customer)).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _named(head: "DealSummary") -> str:
    return deal_label(head.name, head.customer) if head.customer else head.name
