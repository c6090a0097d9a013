"""Which sales may be which orders': held against a search through every combination, by rules written out here once more."""

from datetime import date, timedelta
from fractions import Fraction
from itertools import chain, combinations

import pytest
from hypothesis import given, strategies as st

from nippo_cli.base.customer_names import CustomerName, names_from
from nippo_cli.gaps.facts import Sale
from nippo_cli.gaps.matching import Due, Open, Proposal, matched_by, propose, tax_rates
from nippo_cli.gaps.near_sales import near_sales
from nippo_cli.line import near_customers as near_customers_module
from nippo_cli.schema.schema import LedgerTerms

DAY = date(2026, 10, 1)
RATES = (1000, 800)
# Whose name each spelling of the ledger is, as a person reads it.
NAMES = {
    "青葉製作所": "aoba",
    "㈱青葉製作所": "aoba",
    "東西リース": "tozai",
    "青葉製作所 第2工場": "aoba-2",
    "無関係": "else",
}


def order(number, amount, *, left=None, advanced=0, billed_to="", site="", won_on=DAY) -> Open:
    """An order of 青葉製作所, with sixty days before it and after."""
    due = Due(won_on, won_on - timedelta(days=60), won_on + timedelta(days=60))
    return Open(number, "青葉製作所", amount, amount if left is None else left, won_on, due, billed_to, site, advanced)


def sale(number, amount, *, customer="青葉製作所", days=10, kind="sale", tax=0) -> Sale:
    """A sale some days after the first order."""
    return Sale(number, DAY + timedelta(days=days), customer, amount, None, "", "", kind=kind, tax=tax)


# --- one by one


@pytest.mark.parametrize(
    ("customer", "by"),
    [
        ("㈱青葉製作所", "customer"),
        ("東西リース株式会社", "billed_to"),
        ("第2工場", "site"),
        ("青葉製作所 第2工場", "site"),
        ("青葉製作所第２工場", "site"),
        ("有限会社東西リース", None),
        ("青葉", None),
    ],
)
def test_a_sale_is_found_by_any_name_of_its_order(customer, by):
    """The customer's, that of whom it is billed to, its site's alone or behind the customer's; no other legal form."""
    one = order(1, 1000, billed_to="㈱東西リース", site="第2工場")
    assert matched_by(customer, one) == by
    expected = [Proposal(1, (sale(9, 1000, customer=customer),), 0, 10, (by,), left=1000)] if by else []
    assert propose([sale(9, 1000, customer=customer)], [one]) == expected


def test_a_bare_name_is_nobodys_sale_where_two_legal_forms_are_known_and_offered_as_near():
    """東西リース may be ㈱東西リース as long as no other is known; with 有限会社東西リース known, people say whose it is."""
    one, bare = order(1, 1000, billed_to="㈱東西リース"), sale(9, 1000, customer="東西リース")
    assert [p.by for p in propose([bare], [one])] == [("billed_to",)]
    apart = frozenset({"東西リース"})
    assert propose([bare], [one], apart=apart) == []
    assert [(near.named, near.why) for near in near_sales([bare], [one], apart=apart)] == [("㈱東西リース", "form")]
    assert near_sales([bare], [one]) == []


@pytest.mark.parametrize(
    ("amounts", "tax"),
    [
        ([1_100_000], 1000),
        ([1_080_000], 800),
        ([660_000, 440_000], 1000),
        # Each of two rows is rounded by itself: 333,333 and 666,667 with 10 % are 366,666 and 733,333.
        ([366_666, 733_333], 1000),
        ([1_100_002], None),
        ([1_150_000], None),
        ([1_040_000], 0),
    ],
)
def test_tax_is_met_to_the_yen(amounts, tax):
    """The order's times 1.10 or 1.08 exactly; a twentieth more or less is the amount itself, between them is nothing."""
    found = propose([sale(n, amount) for n, amount in enumerate(amounts)], [order(1, 1_000_000)], rates=RATES)
    assert [p.tax for p in found] == ([] if tax is None else [tax])


def test_what_the_schema_says_of_tax_is_what_is_tried():
    """Nothing said: the rates of the consumption tax. With tax: that rate. Without: none."""
    assert tax_rates(None) == (1000, 800)
    assert tax_rates(LedgerTerms("included", 800)) == (800,)
    assert tax_rates(LedgerTerms("excluded")) == ()


def test_what_tax_was_taken_off_holds_none():
    """1,100,000 that came in as 1,210,000 with tax is no order of 1,000,000."""
    assert propose([sale(9, 1_100_000, tax=1000)], [order(1, 1_000_000)], rates=RATES) == []


def test_after_an_advance_the_rest_alone_will_do():
    """Of 1,000 with 300 paid before, 1,000 or 700 are its sale; 300 that is an advance itself is not."""
    one = order(1, 1000, advanced=300)
    for amount, rest in ((1000, 0), (700, 300)):
        (found,) = propose([sale(9, amount)], [one])
        assert (found.rest, found.difference, found.left) == (rest, 0, 1000)
    assert propose([sale(9, 1000, kind="advance")], [one]) == []


def test_a_loose_advance_goes_with_the_sale_that_it_adds_up_with():
    """300 in advance and 700 are an order of 1,000; two advances are not."""
    advance = sale(8, 300, kind="advance", days=2)
    (found,) = propose([advance, sale(9, 700)], [order(1, 1000)])
    assert [s.id for s in found.sales] == [8, 9]
    assert propose([advance, sale(9, 700, kind="advance")], [order(1, 1000)]) == []


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        # A row of 980 would do for an order of 1,000 by itself; with its postage it is the invoice, to the yen.
        ([("K-1", 980), ("K-1", 20)], [1, 2]),
        ([("K-1", 980), ("K-2", 20)], [1]),
        ([("", 980), ("", 20)], [1]),
        # Of two pairs that come to it the one that is an invoice in parts, though the other is closer.
        ([("K-1-1", 600), ("X", 400), ("K-1-2", 410)], [1, 3]),
        ([("K-1", 600), ("X", 400), ("K-2", 410)], [1, 2]),
    ],
)
def test_rows_of_one_invoice_go_together(amounts, expected):
    """For an order of 1,000."""
    rows = [sale(number, amount)._replace(reference=said) for number, (said, amount) in enumerate(amounts, start=1)]
    assert [[one.id for one in proposal.sales] for proposal in propose(rows, [order(1, 1000)])] == [expected]


def test_of_as_few_rows_those_without_tax_are_the_order():
    """500 and 600 are 1,100; so are 605 and 605, which came first, with a tenth of tax."""
    rows = [sale(1, 605), sale(2, 605), sale(3, 500), sale(4, 600)]
    (found,) = propose(rows, [order(1, 1100)], rates=RATES)
    assert ([one.id for one in found.sales], found.tax) == ([3, 4], 0)


# --- all combinations

SALES = st.lists(
    st.tuples(
        st.sampled_from([100, 108, 110, 200, 216, 300, 330, 500, 1000]),
        st.sampled_from(list(NAMES)),
        st.integers(-70, 70),
        st.sampled_from(["sale", "sale", "sale", "advance"]),
    ),
    max_size=6,
)
ORDERS = st.lists(
    st.tuples(
        st.sampled_from([100, 200, 300, 500, 1000]),
        st.sampled_from([0, 100]),
        st.sampled_from([0, 0, 100, 300]),
        st.sampled_from(["", "東西リース"]),
        st.sampled_from(["", "第2工場"]),
        st.integers(0, 20),
    ),
    min_size=1,
    max_size=3,
)


def is_named(row: Sale, of: Open) -> bool:
    """Whether a row has one of the order's names."""
    own = {"aoba"} | ({"tozai"} if of.billed_to else set()) | ({"aoba-2"} if of.site else set())
    return NAMES[row.customer] in own


def is_sum(rows: tuple[Sale, ...], of: Open) -> bool:
    """Whether rows come to what is left of an order, or to the rest after its advances, or to either with tax."""
    total, near = sum(row.amount for row in rows), Fraction(of.amount, 20)
    wanted = [of.left] + ([of.left - of.advanced] if 0 < of.advanced < of.left else [])
    if any(abs(total - left) <= near for left in wanted):
        return True
    return any(abs(total - left - left * rate // 100) <= len(rows) for left in wanted for rate in (10, 8))


def may_be(rows: tuple[Sale, ...], of: Open, refused: set[tuple[int, int]]) -> bool:
    """Whether rows may be an order's, all of them together."""
    return (
        of.left * 20 > of.amount
        and any(row.kind == "sale" for row in rows)
        and all(is_named(row, of) and of.due.first <= row.on <= of.due.last for row in rows)
        and not any((row.id, of.deal) in refused for row in rows)
        and is_sum(rows, of)
    )


def subsets(rows: list[Sale]):
    """Every combination, the smaller first."""
    return chain.from_iterable(combinations(rows, n) for n in range(1, len(rows) + 1))


@given(SALES, ORDERS, st.sets(st.tuples(st.integers(100, 105), st.integers(1, 3)), max_size=4))
def test_proposals_are_what_a_search_through_all_combinations_leaves(sales, orders, refused):
    """Each may be; no row and no order twice; none is missing that may be of what is left over; none has more rows than
    it needs; and the closest single row is always one of them."""
    rows = [
        sale(100 + n, amount, customer=customer, days=days, kind=kind)
        for n, (amount, customer, days, kind) in enumerate(sales)
    ]
    waiting = [
        order(n + 1, amount, left=amount - part, advanced=advanced, billed_to=billed, site=site,
              won_on=DAY + timedelta(days=days))
        for n, (amount, part, advanced, billed, site, days) in enumerate(orders)
    ]  # fmt: skip
    found = propose(rows, waiting, refused, RATES)
    by_deal = {one.deal: one for one in waiting}
    used = [row.id for p in found for row in p.sales]
    assert len(used) == len(set(used))
    assert len(found) == len({p.deal for p in found})
    over = [row for row in rows if row.id not in used]
    for one in found:
        assert may_be(one.sales, by_deal[one.deal], refused)
        fewer = [some for some in subsets([*one.sales, *over]) if len(some) < len(one.sales)]
        assert not any(may_be(some, by_deal[one.deal], refused) for some in fewer)
    for one in waiting:
        if one.deal not in {p.deal for p in found}:
            assert not any(may_be(some, one, refused) for some in subsets(over))
    exact = [
        (row, one)
        for row in rows
        for one in waiting
        if may_be((row,), one, refused)
        and row.amount in [one.left] + ([one.left - one.advanced] if 0 < one.advanced < one.left else [])
    ]
    if exact:
        assert any(len(p.sales) == 1 and p.difference == 0 and not p.tax for p in found)


# --- near names


@pytest.mark.parametrize(
    ("customer", "billed_to", "why", "named"),
    [
        ("青葉", "", "inside", "青葉製作所"),
        ("青菜製作所", "", "letter", "青葉製作所"),
        ("青葉製作所 大阪支店", "", "branch", "青葉製作所"),
        ("有限会社東西リース", "株式会社東西リース", "form", "株式会社東西リース"),
        ("青葉製作所", "", None, ""),
        ("無関係", "", None, ""),
    ],
)
def test_a_near_name_is_offered_and_proposed_nothing(customer, billed_to, why, named):
    """One inside the other, a letter off, a branch behind it, two legal forms; the same name is a proposal, no offer."""
    row, one = sale(9, 1000, customer=customer), order(1, 1000, billed_to=billed_to)
    near = near_sales([row], [one], rates=RATES)
    assert [(n.why, n.named, n.proposal.sales) for n in near] == ([(why, named, (row,))] if why else [])
    assert bool(propose([row], [one])) == (customer == "青葉製作所")


def test_a_former_name_of_either_side_is_near_too():
    """丸善 is 新日本商会 by now, of which the ledger has a branch; 丸の内商事 is みどり, and the diary names a plant of it."""
    recorded = [["丸善", "新日本商会"], ["丸の内商事", "みどり"]]
    names = names_from(
        [
            CustomerName("丸善", "", 1, "丸善", 1, 1),
            CustomerName("新日本商会", "", 1, "新日本商会", 1, 0),
            CustomerName("丸の内商事", "", 2, "丸の内商事", 2, 1),
            CustomerName("みどり", "", 2, "みどり", 2, 0),
        ]
    )
    waiting = [order(1, 1000)._replace(customer="新日本商会"), order(2, 3000)._replace(customer="丸の内商事工場")]
    rows = [sale(9, 1000, customer="丸善 大阪支店"), sale(8, 3000, customer="みどり")]
    near = near_sales(rows, waiting, names=names, recorded=recorded)
    assert [(n.proposal.deal, n.proposal.sales[0].id, n.named, n.named_as, n.sold_as, n.why) for n in near] == [
        (1, 9, "新日本商会", "丸善", "", "branch"),
        (2, 8, "丸の内商事工場", "", "丸の内商事", "branch"),
    ]
    assert near_sales(rows, waiting) == []


@given(
    st.lists(st.tuples(st.sampled_from([900, 950, 1000, 1049, 1051, 1100, 700]), st.integers(-70, 70)), max_size=5),
    st.lists(st.tuples(st.sampled_from([1000, 700]), st.sampled_from([0, 300])), min_size=1, max_size=3),
    st.sets(st.tuples(st.integers(100, 104), st.integers(1, 3)), max_size=2),
)
def test_near_sales_are_what_every_pair_tried_gives(rows, orders, refused):
    """No pair that fits is left where both are free; none is offered that does not fit, and nothing twice."""
    sales = [sale(100 + n, amount, customer="青葉製作", days=days) for n, (amount, days) in enumerate(rows)]
    waiting = [order(n + 1, amount, advanced=advanced) for n, (amount, advanced) in enumerate(orders)]

    def may(row: Sale, of: Open) -> bool:
        named = row._replace(customer=of.customer)
        return (
            is_sum((named,), of)
            and of.due.first <= row.on <= of.due.last
            and (row.id, of.deal) not in refused
        )  # fmt: skip

    near = near_sales(sales, waiting, refused, RATES)
    pairs = [(n.proposal.sales[0], n.proposal.deal) for n in near]
    by_deal = {one.deal: one for one in waiting}
    assert all(may(row, by_deal[deal]) for row, deal in pairs)
    sold, taken = [row.id for row, _ in pairs], [deal for _, deal in pairs]
    assert (len(sold), len(taken)) == (len(set(sold)), len(set(taken)))
    free = [(r, o) for r in sales for o in waiting if r.id not in sold and o.deal not in taken]
    assert not any(may(row, of) for row, of in free)


def test_only_customers_that_can_be_near_are_compared(monkeypatch):
    """Eighty orders and eighty sales of one amount, each sale a letter off from one order: 80 comparisons of names and not 6,400."""
    compared = []
    why_near = near_customers_module._why
    monkeypatch.setattr(near_customers_module, "_why", lambda *names: compared.append(names) or why_near(*names))
    names = [chr(0x4E00 + 7 * n) + chr(0x6E00 + 11 * n) + "製作" for n in range(80)]
    near = near_sales(
        [sale(100 + n, 1000, customer=name) for n, name in enumerate(names)],
        [order(n, 1000)._replace(customer=f"{name}所") for n, name in enumerate(names)],
    )
    assert {(n.proposal.deal, n.proposal.sales[0].id, n.why) for n in near} == {
        (n, 100 + n, "letter") for n in range(80)
    }
    assert len(compared) == 80


@given(
    st.lists(st.text("青葉所製 工場", min_size=1, max_size=6), max_size=6),
    st.lists(st.text("青葉所製 工場", max_size=6), max_size=6),
)
def test_names_looked_up_are_near_as_each_pair_compared_says(said, names):
    """Of each name the same list as without the lookup."""
    each = {name: near for name in said if (near := near_customers_module.near_customers(name, dict.fromkeys(names)))}
    assert near_customers_module.near_between(said, names) == each
