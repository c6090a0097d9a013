"""The ledger's time machine: what a past day's ledger was, it still is, whatever was learned, matched or taken back since."""

import tempfile
from datetime import date, timedelta
from pathlib import Path

from diary import FIRST, Diary
from hypothesis import given, strategies as st

from nippo_cli.base.errors import NippoError
from nippo_cli.journal.facts.gap_facts import GapScope, JournalGapFacts
from nippo_cli.journal.read.reader import JournalReader
from nippo_cli.journal.write.writer import Writer
from nippo_cli.line.facts import AsOf

DAYS = st.integers(-30, 10)
PICK = st.integers(0, 3)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("deal"), PICK, st.sampled_from(["won", "lead", "lost"]), DAYS),
        st.tuples(st.just("sale"), st.none() | PICK, st.integers(-5, 5), DAYS),
        st.tuples(st.just("sale"), st.none() | PICK, st.integers(-5, 5), DAYS),
        st.tuples(st.just("advance"), st.none() | PICK, st.integers(-5, 5), DAYS),
        st.tuples(st.just("match"), PICK, PICK, st.booleans()),
        st.tuples(st.just("match"), PICK, PICK, st.booleans()),
        st.tuples(st.just("kind"), PICK, st.sampled_from(["sale", "advance"]), st.none()),
        st.tuples(st.just("amend"), PICK, st.integers(-5, 5), DAYS),
        st.tuples(st.just("retract"), PICK, st.none(), st.none()),
        st.tuples(st.just("target"), PICK, st.integers(0, 9), st.none()),
        st.tuples(st.just("merge"), PICK, PICK, st.none()),
        st.tuples(st.just("move"), PICK, PICK, st.none()),
        st.tuples(st.just("undo"), st.none(), st.none(), st.none()),
    ),
    min_size=1,
    max_size=14,
)


class Books:
    """A diary whose every step is a day."""

    def __init__(self, folder: Path) -> None:
        self.diary = Diary(folder / "j", first=FIRST + timedelta(days=40))
        self.deals: list[int] = []
        self.entries: list[int] = []
        self.sales: list[int] = []

    def run(self, what: str, first: object, second: object, third: object) -> None:
        """A step; what is refused is none."""
        self.diary.today += timedelta(days=1)
        try:
            with self.diary.write() as writer:
                getattr(self, f"_{what}")(writer, first, second, third)
        except (NippoError, IndexError, ZeroDivisionError):
            pass

    def _on(self, days: int) -> date:
        return self.diary.today + timedelta(days=days)

    def _deal(self, writer: Writer, n: int, stage: str, on: int) -> None:
        if n >= len(self.deals):
            self.deals.append(writer.begin_deal(f"案件{len(self.deals)}"))
        deal = self.deals[n % len(self.deals)]
        self.entries.append(writer.add_entry(self._on(on), {"stage": stage, "amount": 3}, deal=deal))

    def _sale(self, writer: Writer, deal: int | None, amount: int, on: int) -> None:
        of = None if deal is None else self.deals[deal % len(self.deals)]
        self.sales.append(writer.add_sale(self._on(on), "甲社", amount, deal=of))

    def _advance(self, writer: Writer, deal: int | None, amount: int, on: int) -> None:
        of = None if deal is None else self.deals[deal % len(self.deals)]
        self.sales.append(writer.add_sale(self._on(on), "甲社", amount, deal=of, kind="advance"))

    def _kind(self, writer: Writer, sale: int, kind: str, _: None) -> None:
        writer.amend(self.sales[sale % len(self.sales)], {"kind": kind}, why="区分の訂正")

    def _match(self, writer: Writer, sale: int, deal: int, refuse: bool) -> None:
        of = self.deals[deal % len(self.deals)]
        self.sales.append(writer.match(self.sales[sale % len(self.sales)], of, refuse=refuse))

    def _amend(self, writer: Writer, sale: int, amount: int, on: int) -> None:
        writer.amend(self.sales[sale % len(self.sales)], {"amount": amount, "on": self._on(on)}, why="訂正")

    def _retract(self, writer: Writer, sale: int, *_: None) -> None:
        writer.retract(self.sales[sale % len(self.sales)])

    def _target(self, writer: Writer, month: int, amount: int, _: None) -> None:
        self.sales.append(writer.set_target("佐藤", f"2026-0{month + 1}", amount))

    def _merge(self, writer: Writer, deal: int, into: int, _: None) -> None:
        writer.merge(self.deals[deal % len(self.deals)], self.deals[into % len(self.deals)])

    def _move(self, writer: Writer, entry: int, deal: int, _: None) -> None:
        of = self.deals[deal % len(self.deals)]
        writer.amend(self.entries[entry % len(self.entries)], {"deal": of}, why="移動")

    def _undo(self, writer: Writer, *_: None) -> None:
        writer.undo()

    def told(self, as_of: AsOf) -> dict[str, object]:
        """Everything that the ledger answers on a day."""
        cx = self.diary.open()
        reader = JournalReader(cx)
        ledger = JournalGapFacts(reader, as_of, GapScope(as_of.on)).ledger
        found = {
            "sales": ledger.sales(),
            "advances": ledger.advances(),
            "advances of deals": ledger.advances_of(self.deals),
            "one by one": [ledger.sale(sale) for sale in self.sales],
            "of deals": ledger.sales_of(self.deals),
            "matches": ledger.matches(),
            "targets": ledger.targets(),
            "by month": {month: amount for month, amount in ledger.by_month().items() if amount},
            "by cohort": {cohort: amount for cohort, amount in ledger.by_cohort().items() if amount},
            "uninvoiced": ledger.uninvoiced(FIRST + timedelta(days=20), self.diary.today),
        }
        cx.close()
        return found


@given(STEPS)
def test_a_past_days_ledger_is_what_it_was(steps):
    """Each evening's answers, and the same asked for again at the end with everything that came after."""
    with tempfile.TemporaryDirectory() as folder:
        books = Books(Path(folder))
        evenings = []
        for step in steps:
            books.run(*step)
            evenings.append(
                (books.diary.today, books.told(AsOf(books.diary.today)), list(books.sales), list(books.deals))
            )
        last, sales, deals = books.diary.today, books.sales, books.deals
        for day, told, sales_then, deals_then in evenings:
            books.diary.today, books.sales, books.deals = day, sales_then, deals_then
            assert books.told(AsOf(day, known=True)) == told
        books.diary.today, books.sales, books.deals = last, sales, deals


@given(STEPS)
def test_the_parts_of_the_ledger_agree(steps):
    """A month's total is the sum of its rows; a deal's sales are those that say so; a sale has one deal."""
    with tempfile.TemporaryDirectory() as folder:
        books = Books(Path(folder))
        for step in steps:
            books.run(*step)
        told = books.told(AsOf(books.diary.today))
        rows = told["sales"]
        by_month: dict[int, int] = {}
        for sale in rows:
            month = sale.on.year * 12 + sale.on.month - 1
            by_month[month] = by_month.get(month, 0) + sale.amount
        assert told["by month"] == {month: amount for month, amount in by_month.items() if amount}
        assert sum(told["by cohort"].values()) == sum(s.amount for s in rows if s.deal is not None)
        of_deals = {s.id: deal for deal, sales in told["of deals"].items() for s in sales}
        assert of_deals == {s.id: s.deal for s in rows if s.deal is not None}
        of_deals = {s.id: deal for deal, sales in told["advances of deals"].items() for s in sales}
        assert of_deals == {s.id: s.deal for s in told["advances"] if s.deal is not None}
        kinds = {"sale": rows, "advance": told["advances"]}
        assert all(s.kind == kind for kind, of_kind in kinds.items() for s in of_kind)
