"""Customers that may be one: near names are offered, whatever else is alike is not."""

from itertools import combinations

from hypothesis import given, strategies as st

from nippo_cli.base.customers import customer_key, same_customer
from nippo_cli.line.near_customers import NearCustomers, near_between, near_customers, near_pairs

LETTERS = "青葉製作東亜化学"


def test_each_way_of_being_near_is_told():
    """Another form; a plant behind a blank or not; a letter that is another, missing, too many; one name inside another."""
    assert near_pairs(["株式会社青葉", "有限会社青葉", "北斗"]) == [
        NearCustomers("有限会社青葉", "株式会社青葉", "form")
    ]
    assert near_pairs(["東亜化学 大阪工場", "東亜化学"]) == [NearCustomers("東亜化学", "東亜化学 大阪工場", "branch")]
    assert near_pairs(["東亜化学工場", "㈱東亜化学"]) == [NearCustomers("㈱東亜化学", "東亜化学工場", "branch")]
    assert near_pairs(["東亜化学 大阪工場", "東亜化学 名古屋支店"])[0].why == "branch"
    assert near_pairs(["東亜化工", "東亜化学"]) == [NearCustomers("東亜化学", "東亜化工", "letter")]
    assert near_pairs(["サンライス", "サンライズ"]) == [NearCustomers("サンライス", "サンライズ", "letter")]
    assert near_pairs(["青葉", "青葉製作"]) == [NearCustomers("青葉", "青葉製作", "inside")]


def test_what_is_one_customer_or_alike_by_chance_is_no_pair():
    """Spellings of one customer, a name without the form that the only other states, and names that share letters."""
    assert near_pairs(["株式会社青葉", "㈱青葉", "青葉", "青葉 御中"]) == []
    assert near_pairs(["東亜化学", "東洋工業", "青", "青葉"]) == []


def test_forms_of_letters_and_marks_between_them_part_no_near_names():
    """Each of these pairs is a customer's as two people write it, more than a letter apart; blanks and legal forms count for nothing."""
    pairs = [
        ("斎藤鉄工所", "齋藤鐵工所"),
        ("エヌティティ", "エヌ・ティ・ティ"),
        ("株式会社サーバー", "ｻ-ﾊﾞ-"),
        ("霞が関商会", "霞ヶ関商會"),
        ("A-B-C Systems", "ABC Systems"),
    ]
    for one, other in pairs:
        # What the two share is looked for in each way that pairs are sought.
        assert [pair.why for pair in near_pairs([one, other, "北斗"])] == ["letters"], (one, other)
        assert [(pair.other, pair.why) for pair in near_customers(one, [other, "北斗"])] == [(other, "letters")]
        assert [pair.why for pair in near_between([one], [other, "北斗"])[one]] == ["letters"]
    # Nothing is left of these, or too little to tell.
    assert near_pairs(["・・・", "ーーーーーー", "甲--------"]) == []
    assert near_pairs(["甲ーーーー", "甲・・・"]) == []


def test_forms_of_letters_come_behind_a_legal_form_and_before_a_branch():
    """The likeliest first."""
    names = ["青葉会商事", "青葉会館", "青葉会支店", "青葉會", "有限会社青葉会"]
    assert [pair.why for pair in near_customers("株式会社青葉会", names)] == [
        "form", "letters", "branch", "letter", "inside",
    ]  # fmt: skip


def test_a_bare_name_is_near_each_of_two_legal_forms():
    """And to neither where it is the only one's, whatever else is known of others."""
    names = ["株式会社青葉", "有限会社青葉"]
    assert [(pair.other, pair.why) for pair in near_customers("青葉", names)] == [
        ("有限会社青葉", "form"),
        ("株式会社青葉", "form"),
    ]
    assert near_customers("青葉", names[:1]) == []
    assert [pair.other for pair in near_customers("青葉", names[:1], frozenset({"青葉"}))] == ["株式会社青葉"]
    assert near_customers("青葉", names[:1], frozenset({"北斗"})) == []


def _distance(one: str, other: str) -> int:
    """Levenshtein's distance, by the textbook's table."""
    row = list(range(len(other) + 1))
    for n, a in enumerate(one, 1):
        row = _next_row(row, n, a, other)
    return row[-1]


def _next_row(row: list[int], n: int, a: str, other: str) -> list[int]:
    following = [n]
    for m, b in enumerate(other, 1):
        following.append(min(row[m] + 1, following[-1] + 1, row[m - 1] + (a != b)))
    return following


@given(st.lists(st.text(LETTERS, min_size=1, max_size=6), max_size=12, unique=True))
def test_pairs_are_those_that_every_two_names_compared_give(names):
    """Oracle: all pairs, by Levenshtein's distance and by `in`."""
    expected = set()
    for one, other in combinations(names, 2):
        a, b = sorted((customer_key(one)[0], customer_key(other)[0]), key=len)
        if not same_customer(one, other) and ((len(a) >= 3 and _distance(a, b) == 1) or (len(a) >= 2 and a in b)):
            expected.add(frozenset((one, other)))
    assert {frozenset(pair[:2]) for pair in near_pairs(names)} == expected
    for name in names:
        others = {pair.other for pair in near_customers(name, names)}
        assert others == {other for pair in expected if name in pair for other in pair - {name}}
