"""Which spellings of a customer are one, and which are near."""

import sys
from collections.abc import Container
from datetime import date
from itertools import permutations

import pytest
from hypothesis import given, strategies as st

from nippo_cli.base.customers import (
    apart_names,
    by_contact_keys,
    company,
    customer_groups,
    customer_key,
    customer_keys,
    forms_beside,
    fuller_name,
    last_heard,
    same_customer,
)

MET_ON = date(2026, 11, 23)
ONE = (
    "株式会社東亜工業",
    "東亜工業㈱",
    "東亜工業 株式会社",
    "東亜工業",
    "（株）東亜工業",
    "東亜工業（株）　御中",
    "株式会社　東亜 工業",
)
PIECES = st.lists(
    st.sampled_from(["株式", "会社", "株式会社", "有限会社", "(株)", "㈲", "東亜", "Foo", "inc", "Co.", "Ltd", ",", ".", " ", "　",
                     "御中", "様", "が", "か", "\u3099", "G", "K.K.", "(", ")"]),
    max_size=8,
).map("".join)  # fmt: skip


@pytest.mark.parametrize("one", ONE)
@pytest.mark.parametrize("other", ONE)
def test_legal_forms_and_blanks_part_no_customer(one, other):
    """In front, behind, short, long or left out."""
    assert same_customer(one, other)
    assert company(one) == "東亜工業"


@pytest.mark.parametrize(("name", "key"), {
    "㈲東亜工業": ("東亜工業", "有限会社"), "東亜工業合同会社": ("東亜工業", "合同会社"),
    "医療法人社団 青葉会": ("青葉会", "医療法人社団"),
    "（一社）青葉会": ("青葉会", "一般社団法人"), "ＮＰＯ法人やまびこ": ("やまびこ", "特定非営利活動法人"),
    "Foo Co., Ltd.": ("foo", "co ltd"),
    "FOO CO.,LTD": ("foo", "co ltd"), "Foo, Inc.": ("foo", "inc"), "Foo Corporation": ("foo", "corp"), "Foo L.L.C.": ("foo", "llc"),
    "Foo GmbH": ("foo", "gmbh"), "Foo AG": ("foo", "ag"), "Foo K.K.": ("foo", "kk"), "Foo B.V.": ("foo", "bv"), "Foo BV": ("foo", "bv"),
    "Foo SRL": ("foo", "srl"), "Foo S.A.": ("foo", "sa"), "青葉 SA": ("青葉", "sa"), "Foo PTELTD": ("foo", "pte ltd"),
    "Foo CoLtd": ("foo", "co ltd"), "Foo KabushikiKaisha": ("foo", "kk"), "株式会社青葉 東京支店": ("青葉東京支店", "株式会社"),
    # What only looks like a form is part of the name; a name that is nothing else stays.
    "Zinc": ("zinc", ""), "Montag": ("montag", ""), "Lincoln": ("lincoln", ""), "A.G. Bell": ("a.g.bell", ""),
    "㍿青葉": ("青葉", "株式会社"), "ＡＢＣ　Co.": ("abc", "co"),
    "株式会社": ("株式会社", ""), "Company": ("company", ""), "様": ("様", ""), "": ("", ""),
}.items())  # fmt: skip
def test_a_name_is_taken_apart(name, key):
    """Into what it is matched by and the form that it states."""
    assert customer_key(name) == key


@pytest.mark.parametrize("spelled", [
    "co ltd", "company limited", "ltd", "limited", "inc", "corp", "corporation", "l l c", "k k", "kabushiki kaisha", "gmbh", "ag",
    "plc", "llp", "s a", "s r l", "b v", "pte ltd", "co", "company",
])  # fmt: skip
def test_letters_of_a_form_stand_together_or_apart(spelled):
    """With blanks, with dots or without either: the same form of the same name, in a title too."""
    keys = {customer_key(f"Foo {between.join(spelled.split())}") for between in (" ", ".", ". ", "")}
    assert keys == {("foo", customer_key(f"Foo {spelled}")[1])} != {("foo", "")}
    assert forms_beside(f"Foo {''.join(spelled.split())} 見積", "Foo") == {customer_key(f"Foo {spelled}")[1]}


def test_two_different_forms_are_two_customers():
    """A spelling that states none is the same as either, so that whoever types it is asked which."""
    assert not same_customer("株式会社青葉", "有限会社青葉")
    assert not same_customer("Foo Inc.", "Foo GmbH")
    assert same_customer("青葉", "株式会社青葉")
    assert same_customer("青葉", "有限会社青葉")
    assert same_customer("", "")
    assert not same_customer("", "青葉")


def test_a_deal_keeps_the_form_that_any_entry_states():
    """Whatever the order: so no spelling without a form leads from one customer to another."""
    for first, second, third in permutations(("青葉", "株式会社青葉", "青　葉")):
        assert fuller_name(fuller_name(first, second), third) == "株式会社青葉"
    assert fuller_name("株式会社青葉", "㈱青葉") == "㈱青葉"
    assert fuller_name("株式会社青葉", "緑") == "緑"
    assert (fuller_name("", "緑"), fuller_name("緑", "")) == ("緑", "緑")


@pytest.mark.parametrize("met", ["青葉", "株式会社青葉", "㈱青葉", "有限会社青葉", "緑"])
@pytest.mark.parametrize("asked", ["青葉", "株式会社青葉", "有限会社青葉"])
def test_a_contact_is_a_customers_as_its_name_is(met, asked):
    """The keys find what `same_customer` says."""
    heard = by_contact_keys({met: MET_ON})
    assert last_heard(heard, customer_key(asked)) == (MET_ON if same_customer(met, asked) else None)


def test_only_a_contact_under_another_spelling_asks_which_forms_are_known():
    """To know it, every name of every customer is read."""

    class Asked(list[object], Container[str]):
        def __contains__(self, name: object) -> bool:
            self.append(name)
            return True

    heard = by_contact_keys(dict.fromkeys(("株式会社青葉", "緑", "㈱北斗"), MET_ON))
    asked = Asked()
    for name in ("㈱青葉", "有限会社青葉", "緑", "南"):
        last_heard(heard, customer_key(name), asked)
    assert asked == []
    for name in ("青葉", "株式会社緑", "北斗"):
        assert last_heard(heard, customer_key(name), asked) is None
    assert asked == ["青葉", "緑", "北斗"]
    asked.clear()
    customer_groups(["株式会社青葉", "有限会社青葉", "緑", "株式会社北斗", "南"], asked)
    assert asked == []
    customer_groups(["株式会社青葉", "青葉"], asked)
    assert asked == ["青葉"]


def test_twice_is_once_for_every_character():
    """By itself, and beside a form."""
    for point in range(sys.maxunicode + 1):
        name = company(chr(point))
        assert company(name) == name, hex(point)
    for point in range(0x3100):
        name = company(f"株{chr(point)}式会社東亜 inc")
        assert company(name) == name, hex(point)


@given(PIECES)
def test_twice_is_once_for_pieces_of_forms(name):
    """What is left when one is taken out may be another."""
    bare = company(name)
    assert company(bare) == bare
    assert bare or not name.strip()
    assert same_customer(name, bare)


@given(st.lists(PIECES | st.text(max_size=6), max_size=6))
def test_names_read_in_one_go_are_matched_as_each_by_itself(names):
    """Whatever stands in them: blanks, ends of lines, parts of forms."""
    assert customer_keys(names) == {name: customer_key(name) for name in names}


def test_of_many_names_those_alone_are_read_by_themselves_that_are_not_plain(monkeypatch):
    """A form in front and letters are; a blank, a form behind, Latin letters and a polite ending take a second look."""
    asked = list[str]()

    def one_by_one(name: str) -> tuple[str, str]:
        asked.append(name)
        return customer_key(name)

    monkeypatch.setattr("nippo_cli.base.customers.customer_key", one_by_one)
    plain = ["株式会社青葉製作所", "㈱北斗", "（有）南", "医療法人社団緑", "東亜化学１号", "株式会社青葉製作所"]
    others = ["青葉 製作所", "青葉製作所株式会社", "ABC商事", "北斗御中", "社団", "医療法人社団"]
    keys = customer_keys([*plain, *others])
    assert (keys["㈱北斗"], keys["（有）南"], keys["東亜化学１号"]) == (
        ("北斗", "株式会社"),
        ("南", "有限会社"),
        ("東亜化学1号", ""),
    )
    assert asked == ["青葉 製作所", "青葉製作所株式会社", "ABC商事", "北斗御中", "医療法人社団"]


SPELLINGS = (
    "青葉",
    "株式会社青葉",
    "㈱青葉",
    "青葉（株）",
    "有限会社青葉",
    "合同会社青葉",
    "青 葉 御中",
    "北斗",
    "株式会社北斗",
)


@given(st.lists(st.sampled_from(SPELLINGS), max_size=8), st.randoms())
def test_whose_a_name_is_hangs_on_no_order_and_is_the_same_both_ways_round(names, random):
    """With what is known beside them, names part into customers: each name is in one, whatever came first, and a contact is heard
    of by those alone who are its customer. Oracle: form by form, and the bare name with the only form there is."""
    forms = {customer_key(name)[1] for name in names if customer_key(name)[0] == "青葉"} - {""}

    def whose(name: str) -> tuple[str, str]:
        core, form = customer_key(name)
        only = next(iter(forms)) if core == "青葉" and len(forms) == 1 else "株式会社" if core == "北斗" else ""
        return core, form or only

    apart = apart_names(names)
    shuffled = random.sample(names, len(names))
    assert apart == apart_names(shuffled)
    assert customer_groups(names, apart) == customer_groups(shuffled, apart)
    for one in names:
        for other in names:
            expected = whose(one) == whose(other)
            assert same_customer(one, other, apart) == expected
            assert (customer_groups(names)[one] == customer_groups(names)[other]) == expected
            heard = last_heard(by_contact_keys({one: MET_ON}), customer_key(other), apart)
            assert (heard is not None) == expected, (one, other)


@pytest.mark.parametrize(
    ("text", "name", "stated"),
    [
        ("株式会社 青葉製作所 定例", "青葉製作所", {"株式会社"}),
        ("青葉製作所㈱様 訪問", "青葉製作所", {"株式会社"}),
        ("青葉製作所 （株）御中", "青葉製作所", {"株式会社"}),
        ("青葉 製作所（有）訪問", "株式会社青葉製作所", {"有限会社"}),
        ("青葉製作所 有限会社大谷商会 合同", "青葉製作所", {""}),
        ("青葉製作所 有限会社大谷商会 合同", "大谷商会", {"有限会社"}),
        ("株式会社青葉 有限会社青葉 合同", "青葉", {"株式会社", "有限会社"}),
        ("青葉製作所 会議室（大）", "株式会社青葉製作所", {""}),
        ("学校法人向け提案 青葉製作所", "株式会社青葉製作所", {""}),
        ("Visit Acme Trading Co., Ltd. today", "Acme Trading", {"co ltd"}),
        ("Acme Co-working tour", "Acme", {""}),
        ("Acme company-wide", "若葉", set()),
    ],
)
def test_a_form_is_that_of_the_name_beside_it(text: str, name: str, stated: set[str]):
    """A form elsewhere in a text is another's."""
    assert forms_beside(text, name) == stated
