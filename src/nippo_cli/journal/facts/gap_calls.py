"""Who is to be called again (`gaps.facts.CallFacts`), answered by SQL."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from nippo_cli.base.dates import add_months
from nippo_cli.gaps.facts import DealDay, PlannedCall
from nippo_cli.journal.read import LineReader, revisits
from nippo_cli.line.facts import DealSummary, Revisit
from nippo_cli.line.next_year import may_put_off, next_year_day

if TYPE_CHECKING:
    from nippo_cli.gaps.facts import GapFacts
    from nippo_cli.journal.asof import AsOfView
    from nippo_cli.journal.read import DealFilter

# Lost deals that plan a next step, by its last day; `{where}` picks the deals that are asked about.
PLANNED: Final = """
select id from deal indexed by deal_lost_next where fate = 'lost' and next_on is not null
and substr(next_on, -10) >= :first and {where}
"""
WORN_OUT: Final = """
select id from deal indexed by deal_bought where fate = 'won' and kind = :kind
and coalesce(substr(accepts, -10), closed_on) between :first and :last and {where}
"""
MET_AGAIN: Final = """
select id from deal indexed by deal_event where last_event_on >= :since and fate = 'lost' and last_contact_on > closed_on
and last_contact_on >= :since and last_contact is not null and amount is not null and {where}
"""
LOST_LAST: Final = """
select id, stay_entry from deal indexed by deal_closed where fate = 'lost' and closed_on >= :first and {where}
order by closed_on desc limit :most
"""
# The texts of so many lost deals are looked at, those lost last.
TEXTS: Final = 2000
_FOUR_YEARS = 4 * 366


class GapCalls:
    """Who is to be called again, of the deals and customers that are asked about.

    Args:
        facts: the facts of the day, which read heads and texts.
    """

    def __init__(self, facts: "GapFacts", view: "AsOfView", asked: "DealFilter") -> None:
        self._facts = facts
        self._view = view
        self._asked = asked

    def revisits(self) -> list[Revisit]:
        """The days that stand on which a deal or a customer is to be called again."""
        said = revisits(self._view)
        heads = self._facts.heads([one.deal for one in said if one.deal is not None])
        return [one for one in said if self._is_asked(one, heads)]

    def _is_asked(self, one: Revisit, heads: Mapping[int, DealSummary]) -> bool:
        if one.deal is not None:
            return one.deal in heads and self._asked.matches(heads[one.deal], self._view.customers.same)
        asked = self._asked
        # Whose a customer is, and where it stands, nobody says.
        return (
            asked.owner is None
            and asked.stage is None
            and (asked.customer is None or self._view.customers.same(one.customer, asked.customer))
        )

    def planned(self, first: date, last: date) -> list[PlannedCall]:
        """The next steps of lost deals whose first day lies within."""
        heads = self._heads(PLANNED, {"first": first.isoformat()})
        return [
            PlannedCall(head.id, head.next_on.first, head.next_step, head.next_entry)
            for head in heads
            if head.fate == "lost" and head.next_on is not None and first <= head.next_on.first <= last
        ]

    def next_year(self) -> list[PlannedCall]:
        """Lost deals whose closing entry puts something off to next year, with the first day of that."""
        lost = self._closing_entries(self._facts.as_of - timedelta(days=_FOUR_YEARS))
        start = self._facts.schema.fiscal_year_start
        calls = []
        # Their facts alone, and of two thousand bodies those alone are taken apart that may put anything off.
        for entry, on, facts in LineReader(self._view).entry_facts(lost, may_put_off):
            put_off = next_year_day(facts, on, start)
            if put_off is not None:
                calls.append(PlannedCall(lost[entry], *put_off, entry))
        return calls

    def _closing_entries(self, first: date) -> dict[int, int]:
        """The entries that closed the deals lost last, from a day on, each with its deal: no more is read of two thousand deals."""
        view, lost = self._view, self._asked._replace(fate="lost", closed_since=first)
        where, params = self._asked.where(view.spellings)
        bound = {**params, "first": first.isoformat(), "most": TEXTS}
        rows = view.cx.execute(LOST_LAST.format(where=where), bound)
        closing = {entry: deal for deal, entry in rows if deal not in view.stale}
        heads = (line.head for line in view.rebuilt())
        return closing | {head.stay_entry: head.id for head in heads if lost.matches(head, view.customers.same)}

    def worn_out(self, first: date, last: date) -> list[DealDay]:
        """The won deals whose lifetime ends within: so many months after the promised acceptance, or after the order where
        none was promised."""
        schema = self._facts.schema
        worn = []
        for kind in ("", *(kind.key for kind in schema.kinds)):
            months = schema.lifetime_of(kind)
            if months is None:
                continue
            # A month later is not always as many days later.
            bound = {
                "kind": kind,
                "first": (add_months(first, -months) - timedelta(days=3)).isoformat(),
                "last": (add_months(last, -months) + timedelta(days=3)).isoformat(),
            }
            for head in self._heads(WORN_OUT, bound):
                if head.fate != "won" or head.kind != kind or head.closed_on is None:
                    continue
                on = add_months(head.accepts.last if head.accepts is not None else head.closed_on, months)
                if first <= on <= last:
                    worn.append(DealDay(head.id, on))
        return worn

    def met_again(self) -> list[DealDay]:
        """The lost deals with an amount that were met in the window, after their loss; the day of the last contact."""
        since = self._facts.since
        return [
            DealDay(head.id, head.last_contact_on)
            for head in self._heads(MET_AGAIN, {"since": since.isoformat()})
            if head.fate == "lost"
            and head.amount is not None
            and head.last_contact_on is not None
            and head.closed_on is not None
            and head.last_contact_on > head.closed_on
            and head.last_contact_on >= since
        ]

    def _heads(self, statement: str, bound: Mapping[str, object]) -> Iterator[DealSummary]:
        """The deals that are asked about of a statement that picks ids, and of those built again all: the caller looks at each."""
        where, params = self._asked.where(self._view.spellings)
        ids = [deal for (deal,) in self._view.cx.execute(statement.format(where=where), {**params, **bound})]
        settled = [deal for deal in ids if deal not in self._view.stale]
        yield from self._facts.heads(settled).values()
        yield from (
            line.head for line in self._view.rebuilt() if self._asked.matches(line.head, self._view.customers.same)
        )
