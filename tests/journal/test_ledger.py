"""The ledger: sales and where they belong, what people say of them, targets; today and as known on a past day."""

from datetime import date, timedelta

import pytest
from derived import kept, rebuilt
from diary import Diary

from nippo_cli.base.errors import NotFound
from nippo_cli.journal.facts.gap_ledger import GapLedger
from nippo_cli.journal.log.store import connect_ro
from nippo_cli.journal.read.deal_filter import DealFilter
from nippo_cli.journal.read.reader import JournalReader
from nippo_cli.line.facts import AsOf


def ledger(diary: Diary, on: date | None = None, asked: DealFilter = DealFilter()):  # noqa: B008  # frozen
    """The ledger today, or as it was known on a past day."""
    return ledger_on(diary, AsOf(on, known=True) if on else AsOf(diary.today), asked)


def ledger_on(diary: Diary, as_of: AsOf, asked: DealFilter = DealFilter()) -> GapLedger:  # noqa: B008  # frozen
    """The ledger as gaps ask for it."""
    reader = JournalReader(connect_ro(diary.path))
    deals = lambda: frozenset(head.id for head in reader.heads(as_of, owner=asked.owner))  # noqa: E731
    return GapLedger(reader.past(as_of), asked, deals)


def sell(diary: Diary, amount: int = 100, customer: str = "甲社", **said) -> int:
    """A sale of the diary's day."""
    with diary.write() as writer:
        return writer.add_sale(said.pop("on", diary.today), customer, amount, **said)


def later(diary: Diary, days: int = 1) -> None:
    """The next day, or one after."""
    diary.today += timedelta(days=days)


def test_a_sale_belongs_where_the_last_word_puts_it(diary: Diary):
    """To the deal that it names; to another once a person says so; to none once that is refused."""
    one, two = diary.deal("一", stage="won")[0], diary.deal("二", stage="won")[0]
    sale = sell(diary, deal=one)
    assert ledger(diary).sale(sale).deal == one
    with diary.write() as writer:
        writer.match(sale, two)
    assert ledger(diary).sale(sale).deal == two
    with diary.write() as writer:
        writer.match(sale, two, refuse=True)
    assert ledger(diary).sale(sale).deal is None
    assert [(m.deal, m.confirmed) for m in ledger(diary).matches()] == [(two, True), (two, False)]
    with diary.write() as writer:
        writer.undo()
    assert ledger(diary).sale(sale).deal == two
    assert kept(diary.path) == rebuilt(diary.path)


def test_a_match_is_of_a_sale_that_is_there(diary: Diary):
    """An entry is none."""
    deal, entry = diary.deal("一", stage="won")
    with pytest.raises(NotFound), diary.write() as writer:
        writer.match(entry, deal)


def test_a_merged_deals_sales_are_the_others(diary: Diary):
    """And theirs alone again once the merge is taken back; a past day has what was so then."""
    one, two = diary.deal("一", stage="won", amount=5)[0], diary.deal("二", stage="won", amount=7)[0]
    sale = sell(diary, deal=one)
    before = diary.today
    later(diary)
    with diary.write() as writer:
        writer.merge(one, two)
    assert {d: [s.id for s in of] for d, of in ledger(diary).sales_of([two]).items()} == {two: [sale]}
    assert ledger(diary, before).sale(sale).deal == one
    assert list(ledger(diary, before).sales_of([one, two])) == [one]


def test_what_was_learned_later_is_not_there_yet(diary: Diary):
    """Neither the sale nor the match nor the target; nor that a sale was taken back."""
    deal = diary.deal("一", stage="won", amount=100)[0]
    first = diary.today
    later(diary)
    sale = sell(diary, on=first)
    second = diary.today
    later(diary)
    with diary.write() as writer:
        writer.match(sale, deal)
    with diary.write() as writer:
        writer.set_target("佐藤", "2026-02", 500)
    third = diary.today
    later(diary)
    with diary.write() as writer:
        writer.retract(sale)
    with diary.write() as writer:
        writer.set_target("佐藤", "2026-02", 700)
    assert ledger(diary, first).sales() == []
    assert [(s.id, s.deal) for s in ledger(diary, second).sales()] == [(sale, None)]
    assert ledger(diary, second).targets() == []
    assert [(s.id, s.deal) for s in ledger(diary, third).sales()] == [(sale, deal)]
    assert [(t.owner, t.month, t.amount) for t in ledger(diary, third).targets()] == [("佐藤", 2026 * 12 + 1, 500)]
    assert ledger(diary).sales() == []
    assert [t.amount for t in ledger(diary).targets()] == [700]
    assert kept(diary.path) == rebuilt(diary.path)


def test_a_months_total_is_the_sum_of_its_rows_as_known(diary: Diary):
    """A credit note takes off; a row corrected later counts as it was."""
    sale = sell(diary, 1000)
    sell(diary, -300)
    sell(diary, 50, on=date(2026, 2, 3), known_on=date(2026, 2, 3))
    before, january, february = diary.today, 2026 * 12, 2026 * 12 + 1
    later(diary)
    with diary.write() as writer:
        writer.amend(sale, {"amount": 900, "on": date(2026, 2, 1)}, why="計上月")
    diary.today = date(2026, 2, 10)
    assert ledger(diary).by_month() == {january: -300, february: 950}
    assert ledger(diary, before).by_month() == {january: 700}


def test_the_ledger_of_a_cohort(diary: Diary):
    """Yen by the month of the deal's first contact and the months from then on; what belongs to no deal is not in it."""
    deal = diary.deal("一", on=date(2026, 1, 20), stage="lead", activity="call")[0]
    diary.today = date(2026, 4, 1)
    sell(diary, 300, deal=deal, on=date(2026, 1, 10))
    sell(diary, 100, deal=deal, on=date(2026, 3, 2))
    sell(diary, 20, deal=deal, on=date(2026, 3, 9))
    sell(diary, 5)
    assert ledger(diary).by_cohort() == {("2026-01", 0): 300, ("2026-01", 2): 120}
    assert ledger(diary, asked=DealFilter(owner="鈴木")).by_cohort() == {}


@pytest.mark.parametrize("later_entry", [False, True])
def test_a_deal_that_a_list_first_shows_as_won_is_in_no_cohorts_ledger(diary: Diary, later_entry):
    """When anybody first met it is not known; read from its row, and built again for the day before something was added to it."""
    with diary.write() as writer:
        deal = writer.begin_deal("一", customer="甲社")
        writer.add_entry(diary.today, {"stage": "won"}, deal=deal, snapshot=True)
    sell(diary, 300, deal=deal)
    day = diary.today
    if later_entry:
        later(diary)
        diary.add(deal, facts="後日")
    assert (ledger(diary, day).by_month(), ledger(diary, day).by_cohort()) == ({day.year * 12 + day.month - 1: 300}, {})


def test_orders_without_a_sale(diary: Diary):
    """Won before a day, and nothing belongs to them; by the day that is asked about."""
    one = diary.deal("一", stage="won", kind="parts")[0]
    two = diary.deal("二", stage="won")[0]
    diary.deal("三", stage="quote")
    won_on = diary.today
    later(diary, 3)
    with diary.write() as writer:
        sale = writer.add_sale(diary.today, "甲社", 5, deal=two)
    later(diary)
    after = diary.today
    ever = date(2020, 1, 1)

    def waiting(on: date, before: date, since: date = ever, *, known: bool = False) -> tuple[list[int], int]:
        orders, older = ledger_on(diary, AsOf(on, known=known)).uninvoiced(since, before)
        return [o.id for o in orders], older

    assert [(o.won_on, o.kind) for o in ledger_on(diary, AsOf(after)).uninvoiced(ever, after)[0]] == [(won_on, "parts")]
    assert waiting(after, after) == ([one], 0)
    assert waiting(after, after, since=after) == ([], 1)
    assert waiting(after, won_on) == ([], 0)
    assert waiting(won_on, after, known=True) == ([one, two], 0)
    assert waiting(won_on, after, since=after, known=True) == ([], 2)
    with diary.write() as writer:
        writer.match(sale, two, refuse=True)
        writer.match(sale, one)
    assert waiting(after, after) == ([two], 0)
    assert waiting(after - timedelta(days=1), after, known=True) == ([one], 0)
    later(diary)
    with diary.write() as writer:
        writer.merge(one, two)
    assert waiting(diary.today, after) == ([], 0)
    assert waiting(after, after, known=True) == ([two], 0)


def test_an_import_of_sales_goes_and_comes_back_whole(diary: Diary):
    """Undone, none of its rows is there, nor its targets, on whatever day is asked about."""
    with diary.write() as writer:
        batch = writer.begin_batch()
        sale = writer.add_sale(diary.today, "甲社", 100, batch=batch, source_key="会計:1")
        writer.set_target("佐藤", "2026-02", 500, batch=batch, source_key="目標:1")
        writer.end_batch(batch, {"rows": 2})
    assert ledger(diary).sale(sale).amount == 100
    before = diary.today
    later(diary)
    with diary.write() as writer:
        assert [known.amount for known in writer.sales_known("会計:1")] == [100]
        writer.undo()
        assert writer.sales_known("会計:1") == []
    assert (ledger(diary).sales(), ledger(diary).targets()) == ([], [])
    assert (ledger(diary, before).sales(), ledger(diary, before).targets()) == ([], [])
    with diary.write() as writer:
        writer.retract(writer.cx.execute("select max(id) from record").fetchone()[0])
    assert [s.amount for s in ledger(diary, before).sales()] == [100]
    assert [t.amount for t in ledger(diary, before).targets()] == [500]
    assert kept(diary.path) == rebuilt(diary.path)


def test_an_erased_sale_keeps_its_money_alone_and_does_not_come_back(diary: Diary):
    """Day and amount stay in every sum, names and texts go; its key is still known."""
    sale = sell(diary, source_key="会計:1")
    with diary.write() as writer:
        writer.redact(sale, "依頼")
        assert [known.amount for known in writer.sales_known("会計:1")] == [None]
    (row,) = ledger(diary).sales()
    assert (row.on, row.amount, row.customer, row.reference, row.note) == (diary.today, 100, "", "", "")
    assert kept(diary.path) == rebuilt(diary.path)
