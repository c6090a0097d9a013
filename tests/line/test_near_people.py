"""People of one customer who may be one: what is near is offered, each pair once, whatever else is alike is not."""

from itertools import combinations

import pytest
from hypothesis import given, strategies as st

from nippo_cli.base.persons import TITLES, person_key
from nippo_cli.base.text import search_form
from nippo_cli.line.near_people import NearPeople, near_people, without_title

LETTERS = "山本川剛志斉齊田中"
LATIN = "aSmith. J"


def _near(*names: str) -> list[NearPeople]:
    return near_people((name, "青葉") for name in names)


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ("山本課長", "山本剛", "title"),
        ("山本", "山本課長", "title"),
        ("山本剛", "山本剛課長", "title"),
        ("山本リーダー", "山本剛", "title"),
        ("斉藤", "齊藤", "letters"),
        ("斉藤課長", "齊藤", "letters"),
        ("渡邊", "渡辺", "letters"),
        ("田中", "田中実", "inside"),
        ("Smith", "J. Smith", "inside"),
        ("Ann", "Ann Lee", "inside"),
        ("Smith", "J.Smith", "inside"),
        ("Ann Lee", "Mary Ann Lee", "inside"),
        ("Kobayashi", "Kobayasi", "letter"),
        ("佐々木洋介", "佐々木洋輔", "letter"),
        ("山本剛", "川本剛", "letter"),
        ("本田剛", "山本田剛", "letter"),
        ("山本剛志課長", "山本剛士", "letter"),
        ("Kim", "李Kim", "letter"),
    ],
)
def test_each_way_of_being_near_is_offered_with_who_says_less_first(one: str, other: str, why: str):
    """Two of three letters that differ in the first share no beginning: what is left of each without it is the same."""
    assert [(pair.why, {pair.one, pair.other}) for pair in _near(one, other)] == [(why, {one, other})]
    assert _near(one, other) == _near(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [("山本課長", "山本剛"), ("田中", "田中実"), ("山本", "山本課長"), ("山本", "山本課長代表"), ("山本剛", "川本剛")],
)
def test_who_says_less_is_the_first_of_a_pair(one: str, other: str):
    """Less by the name alone, without a title; of two that say as much the one that is first by its characters."""
    assert [(pair.one, pair.other) for pair in _near(other, one)] == [(one, other)]


@pytest.mark.parametrize(
    "names",
    [
        ("山本剛", "山本　剛", "山本 剛"),
        ("田中", "山本"),
        ("山本", "川本"),
        ("山", "山本"),
        ("山本剛", "山田剛志"),
        ("課長", "部長"),
        ("中田", "田中"),
        ("山田中", "田中"),
        ("lee", "Ann Leeds"),
        ("Ishida", "Nishida"),
        ("Kato", "Sato"),
        ("Ono", "Onodera"),
        ("Ishida", "Ishita"),
        ("Smith", "Smithson"),
        ("Takahashi", "Nakahashi"),
        ("Katsumoto", "AKatsumoto"),
    ],
)
def test_spellings_of_one_name_and_what_is_alike_by_chance_are_no_pair(names: tuple[str, ...]):
    """Blanks part nobody; two letters are one off from too many; one letter is inside of too many; a Japanese name is not called
    by its end, a Latin one by no part of a word, and a short one is a letter off from too many."""
    assert _near(*names) == []


def test_people_of_two_customers_are_no_pair_and_the_likeliest_come_first():
    """Other letters that are read the same, a title, a part, a letter; then by customer and names."""
    people = [("佐々木洋介", "青葉"), ("佐々木洋輔", "青葉"), ("田中", "北斗"), ("田中実", "北斗"), ("斉藤", "青葉")]
    people += [("齊藤", "青葉"), ("山本剛", "青葉"), ("山本課長", "北斗"), ("高橋部長", "青葉"), ("高橋一郎", "青葉")]
    assert near_people(people) == [
        NearPeople("青葉", "斉藤", "齊藤", "letters"),
        NearPeople("青葉", "高橋部長", "高橋一郎", "title"),
        NearPeople("北斗", "田中", "田中実", "inside"),
        NearPeople("青葉", "佐々木洋介", "佐々木洋輔", "letter"),
    ]


def test_a_title_is_cut_from_behind_a_name_and_leaves_a_name():
    """The longest title that leaves two letters: 山本部長 is 山本, no 本部長 called 山. What is nothing else stays whole."""
    assert {without_title(f"高橋{title}") for title in TITLES} == {"高橋"}
    assert without_title("高橋マネージャー") == "高橋"
    assert without_title("山本部長") == "山本"
    assert without_title("山本本部長") == "山本"
    assert without_title("林本部長") == "林本"
    assert without_title("林部長") == "林"
    assert without_title("課長") == "課長"
    assert _near("山本部長", "山田剛") == []


def test_what_very_many_share_makes_no_pairs_and_what_few_share_does():
    """200 people one letter off from each other are 19,900 pairs; of 201 of one surname what they share says nothing."""
    people = [(f"山本{chr(ord('가') + at)}", "青葉") for at in range(201)]
    assert len(near_people(people[:200])) == 200 * 199 // 2
    assert near_people(people) == []
    assert [pair.why for pair in near_people([*people, ("川本가", "青葉")])] == ["letter"]


def _distance(one: str, other: str) -> int:
    """Levenshtein's distance, by the textbook's recursion without its table."""
    if not one or not other:
        return len(one) + len(other)
    kept = _distance(one[1:], other[1:]) + (one[0] != other[0])
    return min(kept, 1 + _distance(one[1:], other), 1 + _distance(one, other[1:]))


def _is_near(one: str, other: str) -> bool:
    """Whether docs/customers.md#people says that the two are near, read off without what they share."""
    less, more = sorted((one, other), key=lambda key: (len(without_title(key)), key))
    stem, long = without_title(less), without_title(more)
    if search_form(stem) == search_form(long):
        return True
    if stem.isascii():
        letters = stem.replace(".", "")
        cuts = [at for at, letter in enumerate(long) if letter == "."]
        parts = {part.replace(".", "") for at in cuts for part in (long[:at], long[at:])} - {long.replace(".", "")}
        if letters and letters in parts:
            return len(stem) >= 2 or stem != less
        return not long.isascii() and len(stem) >= 3 and _distance(stem, long) == 1
    if long.startswith(stem):
        return len(stem) >= 2 or stem != less
    return len(stem) >= 3 and _distance(stem, long) == 1


@given(
    st.lists(st.one_of(st.text(LETTERS, min_size=1, max_size=5), st.text(LATIN, min_size=1, max_size=6)), max_size=8)
)
def test_pairs_are_those_that_every_two_names_compared_give(names: list[str]):
    """Oracle: all pairs, by Levenshtein's distance and by how they begin; Latin names of less than eight letters by their words."""
    keys = sorted({person_key(name) for name in names} - {""})
    expected = {frozenset(pair) for pair in combinations(keys, 2) if _is_near(*pair)}
    assert {frozenset((pair.one, pair.other)) for pair in _near(*keys)} == expected
