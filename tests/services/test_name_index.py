"""Names found while they are typed."""

import random

import pytest

from nippo_cli.base.text import unspaced
from nippo_cli.services.writing.name_index import NameIndex, NameOffer, alike

NAMES = [
    NameOffer("砺山 外観検査装置", "株式会社砺山スプリング", 3),
    NameOffer("ハヤシ搬送ロボット", "林製作所", 2),
    NameOffer("ＡＢＣ ライン", "㈱青葉", 1),
]


@pytest.mark.parametrize(
    ("typed", "deals"),
    [
        ("", [3, 2, 1]), ("検査", [3]), ("スプリング", [3]), ("はやし", [2]), ("ﾊﾔｼ", [2]), ("abc", [1]), ("(株)青葉", [1]),
        ("砺山 装置", [3]), ("装置 砺山", [3]), ("ない", []), ("増設", [2]),
        ("砺山外観", [3]), ("装置株式", []), ("ＡＢＣﾗｲﾝ", [1]),
    ],
)  # fmt: skip
def test_any_part_finds_a_name(typed, deals):
    """Of the name, of the customer, of a former name; kana, width and case make no difference, nor do the
    blanks in a name; words in any order."""
    index = NameIndex((offer, "旧称 増設" if offer.deal == 2 else "") for offer in NAMES)
    assert [offer.deal for offer in index.find(typed, 10)] == deals


def test_what_grows_finds_what_a_fresh_look_finds():
    """Key by key, deletions and names that come in meanwhile included: the same as one plain filter."""
    dice = random.Random(4)
    parts = ["青葉", "検査", "装置", "ハヤシ", "ﾗｲﾝ", "Ab", " "]
    offers = [NameOffer("".join(dice.choices(parts, k=3)), "", n) for n in range(200)]
    index = NameIndex((offer, "") for offer in offers[:100])
    for offer in offers[100:]:
        index.add(offer)
        typed = "".join(dice.choices(parts, k=2))
        for stop in (*range(len(typed) + 1), len(typed) - 1):
            words = alike(typed[:stop]).split()
            known = offers[: len(index)]
            expected = [
                o for o in known if all(word in alike(o.name) or word in unspaced(alike(o.name)) for word in words)
            ]
            assert index.find(typed[:stop], 1000) == expected


def test_many_names_are_found_as_few_are():
    """Beyond one stretch of rows too: in order, each once, the first and the last of a stretch among them."""
    offers = [NameOffer(f"案件 {n:05}", f"顧客{n % 7}", n) for n in range(10_000)]
    index = NameIndex((offer, "") for offer in offers)
    assert index.find("顧客3", 20_000) == [o for o in offers if o.beside == "顧客3"]
    for n in (0, 4095, 4096, 8191, 8192, 9999):
        assert index.find(f"{n:05}", 5) == [offers[n]]
    assert [o.deal for o in index.find("顧客6 0004", 3)] == [41, 48]


def test_only_so_many_are_offered():
    """The first ones, which are the latest."""
    index = NameIndex((offer, "") for offer in NAMES)
    assert [offer.deal for offer in index.find("", 2)] == [3, 2]
    assert [offer.deal for offer in index.find("ん", 1)] == [3]
