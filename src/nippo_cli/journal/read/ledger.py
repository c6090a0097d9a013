"""The ledger as it was known on a day: sales and where they belong, and targets."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import Any, Final

from nippo_cli.base.dates import month_of_iso
from nippo_cli.base.persons import person_key
from nippo_cli.gaps.facts import Match, Sale, SaleKind
from nippo_cli.journal.asof import AsOfView
from nippo_cli.journal.derive import (
    YES,
    DeclarationState,
    MatchState,
    SaleState,
    TargetState,
    declaration_of,
    matches_of,
    sale_of,
    target_of,
)
from nippo_cli.landing.facts import Declaration
from nippo_cli.line.promised import Target

KNOWN_ROWS: Final = "on_date <= :on and known_on <= :known and id not in (select value from json_each(:late))"
SALE_COLUMNS: Final = "id, on_date, customer, amount, link, reference, note, deal, kind, gross, tax"
SALES: Final = (
    f"select {SALE_COLUMNS} from sale where kind = :kind and on_date >= :since and {KNOWN_ROWS} order by on_date, id"
)
ANY_SALE: Final = f"select exists(select 1 from sale where {KNOWN_ROWS})"
SALES_LINKED: Final = f"""
select {SALE_COLUMNS} from sale
where link in (select value from json_each(:deals)) and kind = :kind and {KNOWN_ROWS} order by on_date, id
"""
ONE_SALE: Final = f"select {SALE_COLUMNS} from sale where id = :id and {KNOWN_ROWS}"
MATCHES: Final = """
select id, sale, deal, says, known_on, recorded_at from match
where known_on <= :known and sale not in (select value from json_each(:late))
"""
TARGETS: Final = """
select id, owner, month, amount, kind, known_on, recorded_at from target
where known_on <= :known and id not in (select value from json_each(:late))
"""
DECLARATIONS: Final = """
select id, month, owner, team, amount, note, known_on, recorded_at from declaration
where known_on <= :known and id not in (select value from json_each(:late))
"""
# Deals that have no line of their own: each with the one that it was merged into, if any.
WITHOUT_LINE: Final = "select deal, into_deal from gone"


class Ledger:
    """The ledger of one day. Rows that were corrected, matched or taken back later are read from the log."""

    def __init__(self, view: AsOfView) -> None:
        self._view = view
        self._cx = view.cx
        self._bound = {"on": view.day, "known": view.known, "late": ids_json(view.late.sales)}
        self._roots: dict[int, int | None] = {}

    # --- sales

    def sales(self, since: date | None = None) -> list[Sale]:
        """Revenue: the rows dated from a day on that are no advances, oldest first."""
        return self._rows("sale", since)

    def advances(self, since: date | None = None) -> list[Sale]:
        """The advances dated from a day on, oldest first: money that came before the goods, never revenue."""
        return self._rows("advance", since)

    def has_sales(self) -> bool:
        """Whether there is a ledger at all."""
        return bool(self._cx.execute(ANY_SALE, self._bound).fetchone()[0]) or bool(self._late_rows)

    def sale(self, sale: int) -> Sale | None:
        """One row, a sale or an advance; None where there is none of that id."""
        row = self._cx.execute(ONE_SALE, self._bound | {"id": sale}).fetchone()
        if row is not None:
            return self._sale(*row)
        return next((self._sale_of(s) for s in self._late_rows if s.id == sale), None)

    def sales_of(self, deals: Collection[int]) -> dict[int, list[Sale]]:
        """All revenue of deals, by the deal, oldest first."""
        return self._rows_of("sale", deals)

    def advances_of(self, deals: Collection[int]) -> dict[int, list[Sale]]:
        """All advances of deals, by the deal, oldest first."""
        return self._rows_of("advance", deals)

    def _rows(self, kind: SaleKind, since: date | None) -> list[Sale]:
        first = since.isoformat() if since else ""
        sales = [self._sale(*row) for row in self._cx.execute(SALES, self._bound | {"since": first, "kind": kind})]
        late = [self._sale_of(s) for s in self._late_rows if s.on >= first and s.kind == kind]
        return sorted([*sales, *late], key=lambda s: (s.on, s.id)) if late else sales

    def _rows_of(self, kind: SaleKind, deals: Collection[int]) -> dict[int, list[Sale]]:
        wanted = set(deals)
        family = {d for d in self._merges if self.root(d) in wanted} | wanted
        rows = self._cx.execute(SALES_LINKED, self._bound | {"deals": ids_json(family), "kind": kind})
        by_deal: defaultdict[int, list[Sale]] = defaultdict(list)
        late = (self._sale_of(s) for s in self._late_rows if s.kind == kind)
        for sale in (*(self._sale(*row) for row in rows), *late):
            if sale.deal in wanted:
                by_deal[sale.deal].append(sale)
        return {deal: sorted(of, key=lambda s: (s.on, s.id)) for deal, of in by_deal.items()}

    def matches(self) -> list[Match]:
        """What people said and stands, oldest first."""
        late = self._view.late.sales
        rows = self._cx.execute(MATCHES, {"known": self._view.known, "late": ids_json(late)})
        states = [MatchState(*row) for row in rows]
        states += [
            m for records in self._trees(late) if sale_of(records, self._view.batches) for m in matches_of(records)
        ]
        states.sort(key=lambda m: (m.recorded_at, m.id))
        return [Match(m.id, m.sale, self.root(m.deal) or m.deal, m.says == YES) for m in states]

    def targets(self) -> list[Target]:
        """The targets that stand, by month, owner and kind. Names of one person are one owner."""
        late = self._view.late.targets
        rows = self._cx.execute(TARGETS, {"known": self._view.known, "late": ids_json(late)})
        states = [TargetState(*row) for row in rows]
        states += [t for records in self._trees(late) if (t := target_of(records, self._view.batches)) is not None]
        states.sort(key=lambda t: (t.recorded_at, t.id))
        current = {(t.month, person_key(t.owner), t.kind): t for t in states}
        return [
            Target(t.id, t.owner, month_of_iso(t.month), t.amount, t.kind)
            for t in sorted(current.values(), key=lambda t: (t.month, t.owner, t.kind))
        ]

    def declarations(self) -> list[Declaration]:
        """What was declared and stands, oldest first."""
        late = self._view.late.declarations
        rows = self._cx.execute(DECLARATIONS, {"known": self._view.known, "late": ids_json(late)})
        states = [DeclarationState(*row) for row in rows]
        states += [d for records in self._trees(late) if (d := declaration_of(records)) is not None]
        states.sort(key=lambda d: (d.recorded_at, d.id))
        return [
            Declaration(
                d.id, month_of_iso(d.month), d.owner, d.amount, bool(d.team), d.note, date.fromisoformat(d.known_on)
            )
            for d in states
        ]

    # --- within

    def root(self, deal: int) -> int | None:
        """The deal that a deal's entries are in; None where there is no such line."""
        if deal not in self._roots:
            self._roots[deal] = self._root(deal)
        return self._roots[deal]

    def _root(self, deal: int) -> int | None:
        view = self._view
        root = view.root(deal) if view.as_of.known or deal in self._without_line else deal
        if root is None:
            return None
        if root in view.stale:
            return root if view.line(root) is not None else None
        return None if root in self._without_line else root

    @cached_property
    def _without_line(self) -> Mapping[int, int | None]:
        return dict(self._cx.execute(WITHOUT_LINE).fetchall())

    @cached_property
    def _merges(self) -> Collection[int]:
        """The deals that are merged into another, or were on the day."""
        now = {deal for deal, into in self._without_line.items() if into is not None}
        return now.union(*self._view.late.merged.values())

    def _sale(
        self, number: int, on: str, customer: str, amount: int, link: int | None, reference: str, note: str,
        deal: int | None, kind: SaleKind, gross: int | None, tax: int,
    ) -> Sale:  # fmt: skip
        root = self.root(link) if link is not None else None
        called = self._view.customers.name(customer)
        on_day = date.fromisoformat(on)
        return Sale(number, on_day, called, amount, root, reference, note, deal is not None, kind, gross, tax)

    def _sale_of(self, of: SaleState) -> Sale:
        return self._sale(
            of.id, of.on, of.customer, of.amount, of.link, of.reference, of.note, of.deal, of.kind, of.gross, of.tax,
        )  # fmt: skip

    @property
    def _late_sales(self) -> list[SaleState]:
        """The late rows that are revenue."""
        return [sale for sale in self._late_rows if sale.kind == "sale"]

    @cached_property
    def _late_rows(self) -> list[SaleState]:
        """Rows that are not what was known, as they were known; those dated later left out."""
        sales = (sale_of(records, self._view.batches) for records in self._trees(self._view.late.sales))
        return [sale for sale in sales if sale is not None and sale.on <= self._view.day]

    def _trees(self, numbers: Iterable[int]) -> Iterator[list[Any]]:
        """The records of these ids as known then, with all that targets them; what was not known yet is left out."""
        for number in sorted(numbers):
            records = self._view.records(number)
            if records and records[0].id == number:
                yield records


def ids_json(numbers: Iterable[int]) -> str:
    """Ids as `json_each` takes them."""
    return json.dumps(sorted(numbers))
