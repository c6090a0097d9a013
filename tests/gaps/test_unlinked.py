"""売上との突合: what the ledger and the orders do not agree on, what may belong together, and both to the yen."""

from collections import defaultdict
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given, strategies as st
from lines import line_of, point

from nippo_cli.base.dates.when import read_when
from nippo_cli.gaps.facts import Match, Sale
from nippo_cli.gaps.held_orders import Books
from nippo_cli.gaps.matching import Dues, Proposal, due_of, expected_since, order_of
from nippo_cli.gaps.unlinked import Balance, Detail, compared, look, reconciled
from nippo_cli.line.facts import DealSummary
from nippo_cli.line.span import ClosedDays
from nippo_cli.schema.schema import Closure, Field, Kind, Schema, Stage

TODAY = date(2026, 11, 23)
SINCE = TODAY - timedelta(days=90)
AGREEMENT = Schema(
    name="test",
    language="ja",
    stages=(Stage("lead", "引合い"), Stage("won", "受注", ends="won"), Stage("lost", "失注", ends="lost")),
    kinds=(Kind("new", "新規"), Kind("parts", "部品", invoice_within=10)),
    fields=(Field("stage", "フェーズ", "choice", "stage"),),
)
NONE = ClosedDays(())


def deal(number=1, amount=1_000_000, won=40, customer="青葉製作所", *, kind="new", accepts=None, fate="won"):
    """A deal won so many days ago; `accepts` is its promised acceptance."""
    on = TODAY - timedelta(days=won)
    return DealSummary(
        number, f"案件{number}", customer, kind, "田中", None, "won" if fate == "won" else "lead", on, 9, fate, on,
        on if fate == "won" else None, on, on, 9, 1, 1, amount, None, None, None, 0, 0, 0, "", "", None, None, (),
        accepts=read_when(accepts) if accepts else None,
    )  # fmt: skip


def sale(number=101, amount=1_000_000, ago=10, of=None, customer="株式会社青葉製作所"):
    """A sale so many days ago; `of` the deal that it belongs to."""
    return Sale(number, TODAY - timedelta(days=ago), customer, amount, of, f"S-{number}", "")


def ask(deals=(), sales=(), matches=(), rest=NONE, since=SINCE, advances=(), rates=()):
    """The question, of deals and of sales whenever they are dated."""
    orders = {d.id: order_of(d) for d in deals if d.fate == "won"}
    others = {d.id: d for d in deals if d.fate != "won"}
    own, paid = defaultdict(list), defaultdict(list)
    for one in sorted(sales, key=lambda s: s.on):
        own[one.deal].append(one)
    for one in sorted(advances, key=lambda s: s.on):
        paid[one.deal].append(one)
    books = Books(
        [s for s in sales if s.on >= since], own, matches, [s for s in advances if s.on >= since], paid, rates
    )
    return reconciled(
        books,
        orders,
        others,
        Dues(AGREEMENT, rest),
        as_of=TODAY,
        since=since,
    )


def cases(found):
    """What was found, by case, deal and sales."""
    return [(f.case, f.deal, [s.id for s in f.sales]) for f in found.findings]


def test_an_order_in_time_is_a_backlog():
    """On the 60th day after the order it has time still; on the 61st it is asked about, since that day."""
    found = ask([deal(won=60)])
    assert (cases(found), found.balance.backlog, found.balance.late) == ([], (1, 1_000_000), (0, 0))
    found = ask([deal(won=61)])
    assert cases(found) == [("no_sale", 1, [])]
    (one,) = found.findings
    assert (one.began_on, one.new, one.measure, one.due_on) == (TODAY, True, 1, TODAY - timedelta(days=1))
    assert (found.balance.backlog, found.balance.late) == ((0, 0), (1, 1_000_000))


def test_a_kind_has_its_own_time():
    """Parts are invoiced within 10 days."""
    assert cases(ask([deal(won=10, kind="parts")])) == []
    assert cases(ask([deal(won=11, kind="parts")])) == [("no_sale", 1, [])]


def test_the_time_runs_from_the_end_of_the_promised_acceptance():
    """A year ago won, accepted some day in September: 60 days from the 30th on."""
    long = deal(won=365, accepts="2026-09-01/2026-09-30")
    assert cases(ask([long])) == []
    assert due_of(order_of(long), AGREEMENT, NONE).on == date(2026, 11, 29)
    early = deal(won=30, accepts="2026-01-01")
    assert due_of(order_of(early), AGREEMENT, NONE).on == TODAY + timedelta(days=30)


def test_an_acceptance_that_nobody_knows_is_no_error():
    """`9999-12-31`: the order waits."""
    rest = ClosedDays((Closure("お盆", "08-12", "08-16"),))
    found = ask([deal(won=30, accepts="9999-12-31")], rest=rest)
    assert (cases(found), found.balance.backlog.n) == ([], 1)


def test_a_window_that_reaches_back_to_the_first_day_is_no_error():
    """Orders from before it can't be."""
    assert expected_since(date.min, AGREEMENT, NONE) == date.min
    assert expected_since(SINCE, AGREEMENT, NONE) == SINCE - timedelta(days=120)


def test_closed_days_lengthen_the_time():
    """Two closed days on the way: the 63rd day is the first beyond it."""
    rest = ClosedDays((Closure("棚卸", "11-01", "11-02"),))
    assert cases(ask([deal(won=62)], rest=rest)) == []
    assert cases(ask([deal(won=63)], rest=rest)) == [("no_sale", 1, [])]


def test_part_invoices_add_up():
    """A deposit and the rest are the order; a deposit alone is a backlog in time, and a question after it."""
    parts = [sale(101, 300_000, ago=50, of=1), sale(102, 700_000, ago=2, of=1)]
    assert cases(ask([deal(won=61)], parts)) == []
    assert cases(ask([deal(won=60)], parts[:1])) == []
    assert ask([deal(won=60)], parts[:1]).balance.backlog == (1, 700_000)
    found = ask([deal(won=61)], parts[:1])
    assert cases(found) == [("differs", 1, [101])]
    assert (found.balance.difference, found.balance.late) == ((1, 700_000), (0, 0))


@pytest.mark.parametrize(
    ("invoiced", "differs"), [(950_000, False), (949_999, True), (1_050_000, False), (1_050_001, True)]
)
def test_five_percent_is_still_the_same(invoiced, differs):
    """More or less; the difference is in the balance to the yen all the same."""
    found = ask([deal(won=61)], [sale(101, invoiced, of=1)])
    assert [f.case for f in found.findings] == ["differs"] * differs
    assert found.balance.difference.amount == 1_000_000 - invoiced


def test_too_much_is_asked_about_at_once():
    """Without waiting for the order's time to end."""
    assert cases(ask([deal(won=5)], [sale(101, 1_200_000, ago=1, of=1)])) == [("differs", 1, [101])]


def test_a_credit_note_takes_off():
    """Invoiced, and taken back in full: won, in the ledger, and worth nothing there."""
    found = ask([deal(won=61)], [sale(101, 1_000_000, of=1), sale(102, -1_000_000, ago=5, of=1)])
    assert cases(found) == [("differs", 1, [101, 102])]
    assert (found.balance.matched, found.balance.difference) == ((2, 0), (1, 1_000_000))


def test_a_sale_without_an_order():
    """Of no deal, or of one that is not won yet."""
    found = ask([deal(2, 700, fate="live")], [sale(101, 500, ago=30), sale(102, 700, of=2)])
    assert cases(found) == [("not_won", 2, [102]), ("no_deal", None, [101])]
    assert [(f.amount, f.invoiced, f.measure) for f in found.findings] == [(700, 700, 10), (500, 500, 30)]
    assert (found.balance.ledger, found.balance.matched, found.balance.unmatched) == ((2, 1200), (0, 0), (2, 1200))


def test_an_order_without_an_amount_differs_from_nothing():
    """It is counted; without a sale it is asked about like any other, after those whose money is known."""
    assert cases(ask([deal(amount=None)], [sale(of=1)])) == []
    found = ask([deal(1, None, won=99), deal(2, 5, won=99)])
    assert cases(found) == [("no_sale", 2, []), ("no_sale", 1, [])]
    assert found.balance.without_amount == 1


def test_most_money_first():
    """What is not accounted for, not what the deal is worth."""
    found = ask(
        [deal(1, 1000, won=80), deal(2, 9_000, won=80), deal(3, 300, won=80)],
        [sale(101, 8_000, of=2), sale(102, 5_000, customer="他社")],
    )
    assert [(f.case, f.stake) for f in found.findings] == [
        ("no_deal", 5_000), ("no_sale", 1_000), ("differs", 1_000), ("no_sale", 300),
    ]  # fmt: skip


# --- what may belong together


def proposed(*asked, **more):
    """Proposals: the deal and its sales."""
    return {p.deal: [s.id for s in p.sales] for p in ask(*asked, **more).proposals}


@pytest.mark.parametrize(
    ("changed", "may"),
    [
        ({}, True),
        ({"customer": "㈱青葉製作所"}, True),
        ({"customer": "ｱｵﾊﾞ製作所"}, False),
        ({"customer": ""}, False),
        ({"amount": 950_000}, True),
        ({"amount": 949_999}, False),
        ({"amount": -1_000_000}, False),
        ({"ago": 40 + 30}, True),
        ({"ago": 40 + 31}, False),
    ],
)
def test_a_sale_may_be_an_orders_by_customer_amount_and_date(changed, may):
    """The same customer whatever its legal form, 5 % of the amount, from 30 days before the order."""
    assert proposed([deal(won=40)], [sale(**changed)]) == ({1: [101]} if may else {})


def test_a_sale_may_come_sixty_days_after_its_time():
    """60 days to invoice, and as many more; or later, where the acceptance is."""
    assert proposed([deal(won=120)], [sale(ago=0)]) == {1: [101]}
    assert proposed([deal(won=121)], [sale(ago=0)]) == {}
    assert proposed([deal(won=300, accepts=TODAY.isoformat())], [sale(ago=0)]) == {1: [101]}


def test_part_invoices_are_proposed_together():
    """Neither is the amount alone; a third that would not fit stays out."""
    parts = [sale(101, 300_000), sale(102, 700_000), sale(103, 420_000)]
    assert proposed([deal()], parts) == {1: [101, 102]}
    assert proposed([deal()], [sale(101, 300_000, of=1), sale(102, 690_000)]) == {1: [102]}


def test_one_sale_is_proposed_for_one_order():
    """The closest amount first, then the closest day; the other order gets the other sale."""
    orders = [deal(1, 1_000_000, won=40), deal(2, 1_010_000, won=40)]
    assert proposed(orders, [sale(101, 1_010_000), sale(102, 1_000_000)]) == {1: [102], 2: [101]}
    assert proposed(orders, [sale(101, 1_010_000)]) == {2: [101]}
    same = [deal(1, won=40), deal(2, won=12)]
    assert proposed(same, [sale(101, ago=10)]) == {2: [101]}


def test_what_was_refused_never_comes_back():
    """For that deal; another may have it. Joined again later, it is no longer refused."""
    no, yes = Match(7, 101, 1, confirmed=False), Match(8, 101, 1, confirmed=True)
    assert proposed([deal()], [sale()], matches=[no]) == {}
    assert proposed([deal(), deal(2)], [sale()], matches=[no]) == {2: [101]}
    assert proposed([deal()], [sale()], matches=[no, yes]) == {1: [101]}


def test_a_proposal_is_not_a_match():
    """It counts as unmatched until a person confirms it, and is told with both findings."""
    found = ask([deal(won=61)], [sale()])
    assert cases(found) == [("no_deal", None, [101]), ("no_sale", 1, [])]
    assert all(f.proposal is found.proposals[0] for f in found.findings)
    assert (found.balance.unmatched, found.balance.proposed) == ((1, 1_000_000), (1, 1_000_000))


# --- to the yen

AMOUNTS = st.integers(-2_000, 9_000)
ORDERS = st.lists(
    st.tuples(st.none() | st.integers(0, 9_000), st.integers(0, 200), st.sampled_from(["won", "won", "live"])),
    max_size=8,
)
SALES = st.lists(st.tuples(AMOUNTS, st.integers(0, 200), st.integers(0, 9)), max_size=14)


def advance(number, amount, ago=20, of=1):
    """Money that came before the goods of a deal."""
    return sale(number, amount, ago, of)._replace(kind="advance")


@pytest.mark.parametrize(
    ("sold", "paid", "cases_of", "settled"),
    [
        # Nothing but the advance is there: the order is not in the ledger.
        ((), (300_000,), [("no_sale", 1, [])], 0),
        ((), (1_000_000,), [("no_sale", 1, [])], 0),
        # The whole amount, and the advance offset with it or not: the sales are the order.
        ((1_000_000,), (300_000,), [], 0),
        ((1_000_000,), (300_000, -300_000), [], 0),
        # The rest alone was invoiced: it adds up.
        ((700_000,), (300_000,), [], 300_000),
        ((400_000,), (300_000, 300_000), [], 600_000),
        # It does not, and what lacks is asked about, without the advance.
        ((500_000,), (300_000,), [("differs", 1, [101])], 0),
    ],
)
def test_an_advance_is_never_revenue_and_may_settle_an_order(sold, paid, cases_of, settled):
    """An order of a million, long due: what the ledger shows of it, and what was paid in advance."""
    sales = [sale(101 + n, amount, of=1) for n, amount in enumerate(sold)]
    advances = [advance(201 + n, amount) for n, amount in enumerate(paid)]
    found = ask([deal(won=61)], sales, advances=advances)
    assert cases(found) == cases_of
    assert found.balance.ledger.amount == found.balance.matched.amount == sum(sold)
    assert (found.balance.settled.amount, found.balance.advances.amount) == (settled, sum(paid))
    assert [f.advanced for f in found.findings] == [sum(paid)] * len(cases_of)


@pytest.mark.parametrize(
    ("amount", "rates", "asks"), [(1_100_000, (1000,), 0), (1_100_000, (), 1), (1_100_002, (1000,), 1)]
)
def test_an_order_that_is_in_the_ledger_with_tax_is_no_mismatch(amount, rates, asks):
    """A tenth more is its tax to the yen; where the ledger holds none, or by two yen, it is more than was won."""
    assert len(ask([deal(won=61)], [sale(101, amount, of=1)], rates=rates).findings) == asks


@pytest.mark.parametrize(
    ("sold", "paid", "settled"),
    [
        # 300,000 and 700,000 with a tenth of tax, each; a yen for each row.
        ((770_000,), (330_000,), 330_000),
        ((770_001,), (330_001,), 330_001),
        # The rest alone with tax, the advance without.
        ((770_000,), (300_000,), 300_000),
        # All with tax, the advance offset elsewhere.
        ((1_100_000,), (330_000,), 0),
    ],
)
def test_what_is_proposed_with_its_advance_and_tax_is_not_asked_about_once_it_is_joined(sold, paid, settled):
    """An order of a million, in time and after it: no mismatch, and no backlog of what was joined; the tax is the difference."""
    sales = [sale(101 + n, amount, of=1) for n, amount in enumerate(sold)]
    advances = [advance(201 + n, amount) for n, amount in enumerate(paid)]
    for won in (40, 61):
        held = ask([deal(won=won)], sales, advances=advances, rates=(1000,))
        assert (cases(held), held.balance.settled.amount, held.balance.backlog) == ([], settled, (0, 0))
        assert held.balance.difference.amount == 1_000_000 - sum(sold) - settled


@given(
    st.lists(st.sampled_from([330_000, 330_001, 550_000, 770_000, 972_000, 1_100_000]), min_size=1, max_size=3),
    st.lists(st.sampled_from([108_000, 300_000, 330_000, 550_000]), max_size=2),
)
def test_whatever_is_proposed_of_an_order_is_not_asked_about_once_it_is_joined(sold, paid):
    """An order of a million, long due, of which nothing is in the ledger; tax of either rate."""
    sales = [sale(101 + n, amount) for n, amount in enumerate(sold)]
    advances = [advance(201 + n, amount, of=None) for n, amount in enumerate(paid)]
    for proposal in ask([deal(won=61)], sales, advances=advances, rates=(1000, 800)).proposals:
        together = [s._replace(deal=1) for s in proposal.sales]
        held = ask(
            [deal(won=61)],
            [s for s in together if s.kind == "sale"],
            advances=[s for s in together if s.kind == "advance"],
            rates=(1000, 800),
        )
        assert cases(held) == []


@pytest.mark.parametrize(("left", "backlog"), [(50_000, (0, 0)), (50_001, (1, 50_001))])
def test_an_order_that_agrees_leaves_no_backlog(left, backlog):
    """A twentieth is a discount at the end, in time as after it: nothing waits. A yen more may come still."""
    found = ask([deal()], [sale(101, 1_000_000 - left, of=1)])
    assert (found.balance.backlog, found.findings) == (backlog, [])
    assert found.balance.difference.amount == (0 if backlog[0] else left)


def test_money_paid_before_is_no_sale_of_a_deal_that_is_not_won():
    """It asks nothing: nobody was sold anything yet."""
    assert ask([deal(fate="live")], advances=[advance(201, 300_000)]).findings == []


@given(ORDERS, SALES, SALES)
def test_both_sides_reconcile_to_the_yen(orders, rows, paid):
    """Whatever the ledger holds: every sale is matched or not, every yen won is somewhere."""
    deals = [deal(n, amount, won, fate=fate) for n, (amount, won, fate) in enumerate(orders, 1)]
    sales = [
        sale(100 + n, amount, ago, of if 0 < of <= len(deals) else None) for n, (amount, ago, of) in enumerate(rows)
    ]
    advances = [
        sale(500 + n, amount, ago, of if 0 < of <= len(deals) else None)._replace(kind="advance")
        for n, (amount, ago, of) in enumerate(paid)
    ]
    found = ask(deals, sales, advances=advances, rates=(1000, 800))
    said = found.balance
    early = [s.amount for s in advances if s.on >= SINCE]
    assert said.advances == (len(early), sum(early))
    inside = [s for s in sales if s.on >= SINCE]
    assert said.ledger == (len(inside), sum(s.amount for s in inside))
    assert said.ledger.n == said.matched.n + said.unmatched.n
    assert said.ledger.amount == said.matched.amount + said.unmatched.amount
    assert said.won.amount == sum(d.amount or 0 for d in deals if d.fate == "won")
    assert said.won.amount == (
        said.matched.amount + said.before.amount + said.settled.amount + said.backlog.amount + said.late.amount
        + said.difference.amount
    )  # fmt: skip
    unmatched = [f for f in found.findings if f.case in ("no_deal", "not_won")]
    assert sum(f.invoiced for f in unmatched) == said.unmatched.amount
    assert sum(f.amount or 0 for f in found.findings if f.case == "no_sale") == said.late.amount
    together = [s.id for p in found.proposals for s in p.sales]
    assert len(together) == len(set(together))


@pytest.mark.parametrize("nobody", ["", " "])
def test_an_order_and_a_sale_that_name_nobody_are_nobodys(nobody):
    """That neither has a customer makes them no one's together: nothing is proposed, each is asked about."""
    found = ask([deal(won=61, customer=nobody)], [sale(101, customer=nobody)])
    assert found.proposals == []
    assert sorted(cases(found), key=str) == [("no_deal", None, [101]), ("no_sale", 1, [])]


def test_parts_together_may_leave_a_twentieth_and_no_yen_more():
    """Two sales of an order of 1,000,000: 950,000 together are it, 949,999 are not; nor are 1,050,001."""
    for parts, fits in (
        ((500_000, 450_000), True),
        ((500_000, 449_999), False),
        ((550_000, 500_000), True),
        ((550_000, 500_001), False),
    ):
        sales = [sale(101 + n, amount, ago=10 + n) for n, amount in enumerate(parts)]
        assert bool(ask([deal(won=61)], sales).proposals) == fits, parts


def test_one_sale_may_be_a_twentieth_off_and_no_yen_more():
    """950,000 and 1,050,000 are an order of 1,000,000, and a linked sale of these is no difference."""
    for amount, same in ((950_000, True), (949_999, False), (1_050_000, True), (1_050_001, False)):
        assert bool(ask([deal(won=61)], [sale(101, amount)]).proposals) == same
        assert (cases(ask([deal(won=61)], [sale(101, amount, of=1)])) == []) == same


def test_most_money_first_and_the_unknown_last():
    """Of an order without an amount nobody knows what is at stake."""
    found = ask([deal(1, None, 70), deal(2, 5, 70), deal(3, 9, 70)], [sale(101, 7, customer="若葉")])
    assert cases(found) == [("no_sale", 3, []), ("no_deal", None, [101]), ("no_sale", 2, []), ("no_sale", 1, [])]
    assert found.balance.without_amount == 1


def test_a_sale_of_the_first_day_of_the_window_is_in_it():
    """The day before, it is one of those before."""
    for ago, before in ((90, 0), (91, 1)):
        parts = [sale(101, 600_000, ago=ago, of=1), sale(102, 400_000, ago=10, of=1)]
        assert ask([deal(won=100)], parts).balance.before.n == before


def test_orders_too_old_for_the_window_are_counted():
    """Of three orders without a sale one may still get its own in the window, 60 days and 60 days more after it; two may
    not, and one is older still."""
    orders = [order_of(deal(number, won=won)) for number, won in ((1, 209), (2, 211), (3, 300))]
    asked = []

    class Ledger:
        apart = frozenset()

        def sales(self, since):
            return []

        def uninvoiced(self, since, window):
            asked.append((since, window))
            return orders, 1

        def sales_of(self, deals):
            return {}

        def advances(self, since):
            return []

        def advances_of(self, deals):
            return {}

        def matches(self):
            return []

    facts = SimpleNamespace(
        schema=AGREEMENT,
        rest=NONE,
        as_of=TODAY,
        since=SINCE,
        ledger=Ledger(),
        closed=lambda *_: [],
        heads=lambda _: {},
    )
    found, older = compared(facts)
    assert (cases(found), older) == ([("no_sale", 1, [])], 3)
    assert asked == [(SINCE - timedelta(days=120), SINCE)]


def test_a_sale_is_expected_for_as_long_as_the_longest_kind_has():
    """A kind of 90 days goes before the usual 60; so many and 60 more."""
    for days, longest in (((10, 90), 90), ((10,), 60), ((61,), 61), ((), 60)):
        schema = AGREEMENT._replace(kinds=tuple(Kind(f"k{n}", "種", invoice_within=n) for n in days))
        assert expected_since(SINCE, schema, NONE) == SINCE - timedelta(days=longest + 60)


def test_an_order_is_of_the_day_on_which_it_was_won():
    """Not of the last entry, and its acceptance, kind and amount are the deal's."""
    head = deal(won=40, accepts="2026-12-01", kind="parts")._replace(last_on=TODAY)
    order = order_of(head)
    assert (order.id, order.won_on, order.kind, order.amount) == (1, TODAY - timedelta(days=40), "parts", 1_000_000)
    assert order.accepts == read_when("2026-12-01")
    assert order_of(head._replace(closed_on=None)).won_on == TODAY


def test_what_is_shown_beside_a_finding():
    """The entry that won the deal, the last to do so, and the deal that a loose sale may belong to; neither where there is none."""
    won = line_of(
        point(1, "9/1", "lead"), point(2, "9/14", "won"), point(3, "9/20", "delivery"), point(4, "10/1", "won")
    )
    other = deal(2)
    findings = [
        *ask([deal(1, won=70), deal(2)], [sale(101, customer="青葉製作所", amount=900_000, ago=3, of=None)]).findings
    ]
    asked = []

    def heads(ids):
        asked.append(list(ids))
        return {2: other}

    proposal = Proposal(2, (), 0, 0)
    shown = look(
        SimpleNamespace(lines=lambda ids: {1: won} if list(ids) == [1, 3] else {}, heads=heads),
        [
            findings[0]._replace(case="no_sale", deal=1, proposal=None),
            findings[0]._replace(case="no_deal", deal=None, proposal=proposal),
            findings[0]._replace(case="no_sale", deal=3, proposal=None),
        ],
    )
    assert shown == [Detail(4, None), Detail(None, other), Detail(None, None)]
    assert asked == [[2]]


def test_an_order_that_is_in_the_ledger_but_for_a_twentieth_waits_for_nothing():
    """970,000 of 1,000,000 are there: a loose sale of 30,000 is not its; of an order with more in the ledger than it is
    worth none is, either."""
    loose = sale(102, 30_000, ago=5)
    assert ask([deal(won=61)], [sale(101, 970_000, of=1), loose]).proposals == []
    assert [p.sales for p in ask([deal(won=61)], [sale(101, 949_000, of=1), sale(102, 51_000, ago=5)]).proposals] == [
        (sale(102, 51_000, ago=5),)
    ]
    assert ask([deal(won=61)], [sale(101, 1_100_000, of=1), loose]).proposals == []


def test_of_nothing_everything_is_nothing():
    """A balance without a sale and an order."""
    assert ask().balance == Balance()
    assert {*Balance()[:-1]} == {(0, 0), 0}
    assert not Balance().behind


def test_two_different_legal_forms_are_two_customers():
    """A sale to 有限会社青葉製作所 is no proposal for the order of 株式会社青葉製作所; for one that states no form it is."""
    sold = [sale(customer="有限会社青葉製作所")]
    assert ask([deal(customer="株式会社青葉製作所")], sold).proposals == []
    assert len(ask([deal(customer="青葉製作所")], sold).proposals) == 1
