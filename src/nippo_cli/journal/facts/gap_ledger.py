"""The real ledger as gaps ask for it (`gaps.facts.GapLedgerFacts`): as far as it belongs to the deals that are asked about."""

from collections import Counter
from collections.abc import Callable, Collection, Container
from datetime import date
from functools import cached_property
from typing import Final

from nippo_cli.base.dates import month_number, month_of_iso, read_when
from nippo_cli.base.persons import same_person
from nippo_cli.gaps.facts import Order, Sale
from nippo_cli.gaps.matching import order_of
from nippo_cli.journal.asof import AsOfView
from nippo_cli.journal.read import KNOWN_ROWS, DealFilter, Ledger, ids_json
from nippo_cli.line.facts import DealSummary
from nippo_cli.line.metrics import cohort_of
from nippo_cli.line.promised import Target

# A month's number, as `base.dates.month_number`.
_MONTH = "cast(substr(on_date, 1, 4) as integer) * 12 + cast(substr(on_date, 6, 2) as integer) - 1"
BY_MONTH: Final = f"select {_MONTH}, sum(amount) from sale where kind = 'sale' and {KNOWN_ROWS} group by 1"
BY_DEAL_AND_MONTH: Final = f"""
select link, {_MONTH}, sum(amount) from sale
where link is not null and kind = 'sale' and {KNOWN_ROWS} group by 1, 2
"""
LINKED: Final = f"select distinct link from sale where link is not null and kind = 'sale' and {KNOWN_ROWS}"
FIRST_CONTACTS: Final = """
select d.id, coalesce(d.first_contact_on, d.began_on) from json_each(?) j cross join deal d on d.id = j.value
where d.begin_known and not exists (select 1 from stay s where s.deal = d.id and s.arrival = 'unknown')
"""
# Orders closed before a day that nothing in the ledger belongs to, those of `:stale` apart; what follows is the
# condition on deals. The index of closed deals tells when, and by which day each was to be accepted.
_UNINVOICED = """
from deal d indexed by deal_closed where fate = 'won' and closed_on is not null and closed_on < :before
and not exists (select 1 from sale s where s.link = d.id and s.kind = 'sale' and s.on_date <= :on and s.known_on <= :known
  and s.id not in (select value from json_each(:late)))
and id not in (select value from json_each(:stale)) and """
# Those closed from a day on, or with an acceptance promised for then or later; and how many there are in all.
UNINVOICED: Final = f"select id, stage, customer, closed_on, accepts, kind, amount, billed_to, site {_UNINVOICED}"
SINCE: Final = " and (closed_on >= :since or substr(accepts, -10) >= :since)"
COUNT_UNINVOICED: Final = f"select count(*) {_UNINVOICED}"


class GapLedger(Ledger):
    """The ledger of one day. A sale counts if it belongs to a deal that is asked about; one that belongs to none counts by
    its customer alone, and where owners or stages are asked about not at all.

    Args:
        asked: which deals, by owner, customer and stage.
        deals: the ids of the deals that are asked about; called only where some are left aside.
    """

    def __init__(
        self,
        view: AsOfView,
        asked: DealFilter,
        deals: Callable[[], frozenset[int]],
    ) -> None:
        super().__init__(view)
        self._asked = asked
        self._all = asked == DealFilter()
        self._deals = deals

    @property
    def apart(self) -> Container[str]:
        """As `GapLedgerFacts.apart`."""
        return self._view.customers.apart

    def sales(self, since: date | None = None) -> list[Sale]:
        """The sales of the deals that are asked about dated from a day on, oldest first; of those without a deal, a
        customer's own."""
        return self._asked_about(super().sales(since))

    def advances(self, since: date | None = None) -> list[Sale]:
        """The advances of the deals that are asked about, as its sales."""
        return self._asked_about(super().advances(since))

    def unowned(self, since: date) -> int:
        """Sales of no deal that are left aside: nobody can tell whose they are, or at which stage."""
        if self._by_customer:
            return 0
        loose = (s for s in super().sales(since) if s.deal is None)
        return sum(map(self._is_whose, loose))

    def targets(self) -> list[Target]:
        """The targets that stand; of the owner who is asked about."""
        owner = self._asked.owner
        return [t for t in super().targets() if owner is None or same_person(t.owner, owner)]

    def uninvoiced(self, since: date, before: date) -> tuple[list[Order], int]:
        """Won deals closed before a day that no sale belongs to: by id those closed since another, or with an acceptance
        promised for then or later; and how many there are besides."""
        view, asked = self._view, self._asked
        where, params = asked.where(view.spellings)
        stale = ids_json(view.stale | self._sold_otherwise)
        bound = self._bound | params | {"before": before.isoformat(), "since": since.isoformat(), "stale": stale}
        recent = [
            Order(deal, stage, customer, date.fromisoformat(won_on), read_when(accepts) if accepts else None, *rest)
            for deal, stage, customer, won_on, accepts, *rest in self._cx.execute(UNINVOICED + where + SINCE, bound)
        ]
        count = self._cx.execute(COUNT_UNINVOICED + where, bound).fetchone()[0]
        heads = [
            line.head
            for line in view.rebuilt()
            if line.head.fate == "won" and asked.matches(line.head, view.customers.same)
        ]
        again = [h for h in heads if h.closed_on is not None and h.closed_on < before]
        invoiced = self.sales_of([h.id for h in again]) if again else {}
        orders = [order_of(h) for h in again if h.id not in invoiced]
        late = [o for o in orders if max(o.won_on, o.accepts.last if o.accepts else o.won_on) >= since]
        return sorted([*recent, *late]), count + len(orders) - len(recent) - len(late)

    def by_month(self) -> dict[int, int]:
        """The ledger's total of each month."""
        if not self._all:
            sums: Counter[int] = Counter()
            for own in self.sales():
                sums[month_number(own.on)] += own.amount
            return sums
        total = Counter(dict(self._cx.execute(BY_MONTH, self._bound).fetchall()))
        for sale in self._late_sales:
            total[month_of_iso(sale.on)] += sale.amount
        return dict(sorted(total.items()))

    def by_cohort(self) -> dict[tuple[str, int], int]:
        """What belongs to the deals that are asked about, by the month of their first contact and the months from then to
        the sale."""
        linked: Counter[tuple[int, int]] = Counter()
        for deal, month, amount in self._cx.execute(BY_DEAL_AND_MONTH, self._bound):
            if (root := self.root(deal)) is not None:
                linked[root, month] += amount
        for sale in self._late_sales:
            if sale.link is not None and (root := self.root(sale.link)) is not None:
                linked[root, month_of_iso(sale.on)] += sale.amount
        first = self._first_contacts({deal for deal, _ in linked})
        asked = None if self._all else self._deals()
        total: Counter[tuple[str, int]] = Counter()
        for (deal, month), amount in linked.items():
            if deal in first and (asked is None or deal in asked):
                total[cohort_of(first[deal]), max(0, month - month_number(first[deal]))] += amount
        return dict(total)

    def _asked_about(self, rows: list[Sale]) -> list[Sale]:
        if self._all:
            return rows
        deals = self._deals()
        return [s for s in rows if (s.deal in deals if s.deal is not None else self._by_customer and self._is_whose(s))]

    def _is_whose(self, sale: Sale) -> bool:
        """Whether a sale may be that of the customer that is asked about, if one is."""
        return self._asked.customer is None or self._view.customers.same(sale.customer, self._asked.customer)

    @property
    def _by_customer(self) -> bool:
        """Whether nothing but a customer is asked about, if anything."""
        return self._asked._replace(customer=None) == DealFilter()

    @cached_property
    def _sold_otherwise(self) -> frozenset[int]:
        """Deals that a sale belongs to by way of a merge, or by a row that is not what was known."""
        by_late = {self.root(s.link) for s in self._late_sales if s.link is not None}
        if self._merges:
            linked = {deal for (deal,) in self._cx.execute(LINKED, self._bound)}
            by_late |= {self.root(deal) for deal in linked.intersection(self._merges)}
        return frozenset(deal for deal in by_late if deal is not None)

    def _first_contacts(self, deals: Collection[int]) -> dict[int, date]:
        """The day of the first contact of each deal, or of its first entry; not of those of which a list alone tells how they came
        where they were: they are in no cohort (`line.metrics.of_stays`)."""
        view = self._view
        first = {
            deal: date.fromisoformat(on)
            for deal, on in self._cx.execute(FIRST_CONTACTS, (ids_json(deals),))
            if deal not in view.stale
        }
        for deal in view.stale.intersection(deals):
            line = view.line(deal)
            if line is None:
                continue
            head = line[1].head
            if head.begin_known and all(stay.arrival != "unknown" for stay in line[1].stays):
                first[deal] = head.first_contact_on or head.began_on
        return first


class DealLedger(GapLedger):
    """What the ledger holds of one deal."""

    def __init__(self, view: AsOfView, head: DealSummary) -> None:
        super().__init__(view, DealFilter(), lambda: frozenset((head.id,)))
        self._head = head

    def sales(self, since: date | None = None) -> list[Sale]:
        """Its sales from a day on."""
        return self._own(self.sales_of, since)

    def advances(self, since: date | None = None) -> list[Sale]:
        """Its advances from a day on."""
        return self._own(self.advances_of, since)

    def _own(self, rows_of: Callable[[list[int]], dict[int, list[Sale]]], since: date | None) -> list[Sale]:
        own = rows_of([self._head.id]).get(self._head.id, ())
        return [sale for sale in own if since is None or sale.on >= since]

    def unowned(self, since: date) -> int:  # noqa: ARG002  the signature is the protocol's
        """None: only what belongs to it is asked for."""
        return 0

    def uninvoiced(self, since: date, before: date) -> tuple[list[Order], int]:
        """The deal, if it was won before a day and no sale belongs to it."""
        head = self._head
        if head.fate != "won" or head.closed_on is None or head.closed_on >= before or self.sales_of([head.id]):
            return [], 0
        order = order_of(head)
        counted_from = max(order.won_on, head.accepts.last) if head.accepts is not None else order.won_on
        return ([order], 0) if counted_from >= since else ([], 1)
