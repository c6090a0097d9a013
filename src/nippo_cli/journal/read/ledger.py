"""The ledger as it was known on a day: sales and where they belong, targets, and what both add up to."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import Any, Final

from nippo_cli.base.dates import month_number, read_when
from nippo_cli.base.text import normal_form
from nippo_cli.gaps.facts import Match, Order, Sale, Target
from nippo_cli.gaps.matching import order_of
from nippo_cli.journal.asof import AsOfView
from nippo_cli.journal.derive import (
    YES,
    MatchState,
    SaleState,
    TargetState,
    matches_of,
    sale_of,
    target_of,
)
from nippo_cli.journal.read.deal_filter import DealFilter
from nippo_cli.line.metrics import cohort_of

_KNOWN = "on_date <= :on and known_on <= :known and id not in (select value from json_each(:late))"
SALE_COLUMNS: Final = "id, on_date, customer, amount, link, reference, note, deal"
SALES: Final = f"select {SALE_COLUMNS} from sale where on_date >= :since and {_KNOWN} order by on_date, id"
SALES_LINKED: Final = f"""
select {SALE_COLUMNS} from sale where link in (select value from json_each(:deals)) and {_KNOWN} order by on_date, id
"""
ONE_SALE: Final = f"select {SALE_COLUMNS} from sale where id = :id and {_KNOWN}"
# A month's number, as `date_basics.month_number`.
_MONTH = "cast(substr(on_date, 1, 4) as integer) * 12 + cast(substr(on_date, 6, 2) as integer) - 1"
BY_MONTH: Final = f"select {_MONTH}, sum(amount) from sale where {_KNOWN} group by 1"
BY_DEAL_AND_MONTH: Final = f"""
select link, {_MONTH}, sum(amount) from sale where link is not null and {_KNOWN} group by 1, 2
"""
LINKED: Final = f"select distinct link from sale where link is not null and {_KNOWN}"
MATCHES: Final = """
select id, sale, deal, says, known_on, recorded_at from match
where known_on <= :known and sale not in (select value from json_each(:late))
"""
TARGETS: Final = """
select id, owner, month, amount, known_on, recorded_at from target
where known_on <= :known and id not in (select value from json_each(:late))
"""
FIRST_CONTACTS: Final = """
select d.id, coalesce(d.first_contact_on, d.began_on) from json_each(?) j cross join deal d on d.id = j.value
"""
# Deals that have no line of their own: each with the one that it was merged into, if any.
GONE: Final = "select deal, into_deal from gone"
# Orders closed before a day that nothing in the ledger belongs to, those of `:stale` apart; what follows is the
# condition on deals. The index of closed deals tells when, and by which day each was to be accepted.
_UNINVOICED = """
from deal d indexed by deal_closed where fate = 'won' and closed_on is not null and closed_on < :before
and not exists (select 1 from sale s where s.link = d.id and s.on_date <= :on and s.known_on <= :known
  and s.id not in (select value from json_each(:late)))
and id not in (select value from json_each(:stale)) and """
# Those closed from a day on, or with an acceptance promised for then or later; and how many there are in all.
UNINVOICED: Final = f"select id, stage, customer, closed_on, accepts, kind, amount {_UNINVOICED}"
SINCE: Final = " and (closed_on >= :since or substr(accepts, -10) >= :since)"
COUNT_UNINVOICED: Final = f"select count(*) {_UNINVOICED}"


class Ledger:
    """The ledger of one day. Rows that were corrected, matched or taken back later are read from the log."""

    def __init__(self, there: AsOfView) -> None:
        self._there = there
        self._cx = there.cx
        self._bound = {"on": there.day, "known": there.known, "late": _listed(there.late.sales)}
        self._roots: dict[int, int | None] = {}

    # --- sales

    def sales(self, since: date | None = None) -> list[Sale]:
        """Sales dated from a day on, oldest first."""
        first = since.isoformat() if since else ""
        found = [self._sale(*row) for row in self._cx.execute(SALES, self._bound | {"since": first})]
        late = [self._told(s) for s in self._late_sales if s.on >= first]
        return sorted([*found, *late], key=lambda s: (s.on, s.id)) if late else found

    def sale(self, sale: int) -> Sale | None:
        """One sale; None where there is none of that id."""
        row = self._cx.execute(ONE_SALE, self._bound | {"id": sale}).fetchone()
        if row is not None:
            return self._sale(*row)
        return next((self._told(s) for s in self._late_sales if s.id == sale), None)

    def sales_of(self, deals: Collection[int]) -> dict[int, list[Sale]]:
        """All sales of deals, by the deal, oldest first."""
        wanted = set(deals)
        family = {d for d in self._merges if self.root(d) in wanted} | wanted
        rows = self._cx.execute(SALES_LINKED, self._bound | {"deals": _listed(family)})
        found: defaultdict[int, list[Sale]] = defaultdict(list)
        for sale in (*(self._sale(*row) for row in rows), *map(self._told, self._late_sales)):
            if sale.deal in wanted:
                found[sale.deal].append(sale)
        return {deal: sorted(of, key=lambda s: (s.on, s.id)) for deal, of in found.items()}

    def matches(self) -> list[Match]:
        """What people said and stands, oldest first."""
        late = self._there.late.sales
        rows = self._cx.execute(MATCHES, {"known": self._there.known, "late": _listed(late)})
        found = [MatchState(*row) for row in rows]
        found += [
            m for records in self._trees(late) if sale_of(records, self._there.batches) for m in matches_of(records)
        ]
        found.sort(key=lambda m: (m.recorded_at, m.id))
        return [Match(m.id, m.sale, self.root(m.deal) or m.deal, m.says == YES) for m in found]

    def uninvoiced(
        self, since: date, before: date, picked: DealFilter, spelled: Callable[[str], Iterable[str]]
    ) -> tuple[list[Order], int]:
        """Won deals closed before a day that no sale belongs to: by id those closed since another, or with an acceptance
        promised for then or later; and how many there are besides."""
        there = self._there
        where, params = picked.where(spelled)
        stale = _listed(there.unsettled | self._sold_otherwise)
        bound = self._bound | params | {"before": before.isoformat(), "since": since.isoformat(), "stale": stale}
        found = [
            Order(
                deal, stage, customer, date.fromisoformat(won_on), read_when(accepts) if accepts else None, kind, amount
            )
            for deal, stage, customer, won_on, accepts, kind, amount in self._cx.execute(
                UNINVOICED + where + SINCE, bound
            )
        ]
        count = self._cx.execute(COUNT_UNINVOICED + where, bound).fetchone()[0]
        heads = [line.head for line in there.folded() if line.head.fate == "won" and picked.matches(line.head)]
        again = [h for h in heads if h.closed_on is not None and h.closed_on < before]
        invoiced = self.sales_of([h.id for h in again]) if again else {}
        orders = [order_of(h) for h in again if h.id not in invoiced]
        late = [o for o in orders if max(o.won_on, o.accepts.last if o.accepts else o.won_on) >= since]
        return sorted([*found, *late]), count + len(orders) - len(found) - len(late)

    # --- totals

    def by_month(self) -> dict[int, int]:
        """The ledger's total of each month."""
        total = Counter(dict(self._cx.execute(BY_MONTH, self._bound).fetchall()))
        for sale in self._late_sales:
            total[month_number(date.fromisoformat(sale.on))] += sale.amount
        return dict(sorted(total.items()))

    def by_cohort(self, of: Collection[int] | None = None) -> dict[tuple[str, int], int]:
        """What belongs to a deal (to one of those given), by the month of its first contact and the months from then to
        the sale."""
        linked: Counter[tuple[int, int]] = Counter()
        for deal, month, amount in self._cx.execute(BY_DEAL_AND_MONTH, self._bound):
            if (root := self.root(deal)) is not None:
                linked[root, month] += amount
        for sale in self._late_sales:
            if sale.link is not None and (root := self.root(sale.link)) is not None:
                linked[root, month_number(date.fromisoformat(sale.on))] += sale.amount
        first = self._first_contacts({deal for deal, _ in linked})
        total: Counter[tuple[str, int]] = Counter()
        for (deal, month), amount in linked.items():
            if deal in first and (of is None or deal in of):
                total[cohort_of(first[deal]), max(0, month - month_number(first[deal]))] += amount
        return dict(total)

    def targets(self) -> list[Target]:
        """The targets that stand, by month and owner. Names that fold to the same are one owner."""
        late = self._there.late.targets
        rows = self._cx.execute(TARGETS, {"known": self._there.known, "late": _listed(late)})
        found = [TargetState(*row) for row in rows]
        found += [t for records in self._trees(late) if (t := target_of(records, self._there.batches)) is not None]
        found.sort(key=lambda t: (t.recorded_at, t.id))
        standing = {(t.month, normal_form(t.owner)): t for t in found}
        return [
            Target(t.id, t.owner, month_number(date.fromisoformat(f"{t.month}-01")), t.amount)
            for t in sorted(standing.values(), key=lambda t: (t.month, t.owner))
        ]

    # --- within

    def root(self, deal: int) -> int | None:
        """The deal that a deal's entries are in; None where there is no such line."""
        if deal not in self._roots:
            self._roots[deal] = self._root(deal)
        return self._roots[deal]

    def _root(self, deal: int) -> int | None:
        there = self._there
        found = there.root(deal) if there.as_of.known or deal in self._gone else deal
        if found is None:
            return None
        if found in there.unsettled:
            return found if there.line(found) is not None else None
        return None if found in self._gone else found

    @cached_property
    def _gone(self) -> Mapping[int, int | None]:
        return dict(self._cx.execute(GONE).fetchall())

    @cached_property
    def _merges(self) -> Collection[int]:
        """The deals that are merged into another, or were on the day."""
        now = {deal for deal, into in self._gone.items() if into is not None}
        return now.union(*self._there.late.merged.values())

    def _sale(
        self, number: int, on: str, customer: str, amount: int, link: int | None, reference: str, note: str,
        deal: int | None,
    ) -> Sale:  # fmt: skip
        root = self.root(link) if link is not None else None
        return Sale(number, date.fromisoformat(on), customer, amount, root, reference, note, deal is not None)

    def _told(self, of: SaleState) -> Sale:
        return self._sale(of.id, of.on, of.customer, of.amount, of.link, of.reference, of.note, of.deal)

    @cached_property
    def _late_sales(self) -> list[SaleState]:
        """Sales whose rows are not what was known, as they were known; those dated later left out."""
        found = (sale_of(records, self._there.batches) for records in self._trees(self._there.late.sales))
        return [sale for sale in found if sale is not None and sale.on <= self._there.day]

    def _trees(self, numbers: Iterable[int]) -> Iterator[list[Any]]:
        """The records of these ids as known then, with all that targets them; what was not known yet is left out."""
        for number in sorted(numbers):
            records = self._there.records(number)
            if records and records[0].id == number:
                yield records

    @cached_property
    def _sold_otherwise(self) -> frozenset[int]:
        """Deals that a sale belongs to by way of a merge, or by a row that is not what was known."""
        by_late = {self.root(s.link) for s in self._late_sales if s.link is not None}
        if self._merges:
            linked = {deal for (deal,) in self._cx.execute(LINKED, self._bound)}
            by_late |= {self.root(deal) for deal in linked.intersection(self._merges)}
        return frozenset(deal for deal in by_late if deal is not None)

    def _first_contacts(self, deals: Collection[int]) -> dict[int, date]:
        there = self._there
        found = {
            deal: date.fromisoformat(on)
            for deal, on in self._cx.execute(FIRST_CONTACTS, (_listed(deals),))
            if deal not in there.unsettled
        }
        for deal in there.unsettled.intersection(deals):
            line = there.line(deal)
            if line is not None:
                head = line[1].head
                found[deal] = head.first_contact_on or head.began_on
        return found


def _listed(numbers: Iterable[int]) -> str:
    return json.dumps(sorted(numbers))
