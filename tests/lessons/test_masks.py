"""Names become letters, the same everywhere, in whatever width and form they stand."""

import pytest

from nippo_cli.lessons.masks import Names, masker

NAMES = Names(
    customers=["株式会社東洋精密製作所", "㈱山善ﾒﾀﾙ", "ABC商事"],
    people=["山田 太郎", "佐々木健一", "林"],
    reps=["田中", "大野"],
    deals=["東洋精密 検査ライン増設", "搬送ロボット"],
    competitors=["東海自動機"],
)


@pytest.fixture
def mask():
    """The names above, each kind by its English word and a letter."""
    return masker(NAMES, lambda who, letter: f"<{who} {letter}>")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("株式会社東洋精密製作所を訪問", "<customer A>を訪問"),
        ("東洋精密製作所の工場", "<customer A>の工場"),
        # The short name that its deals go by.
        ("東洋精密さんより電話", "<customer A>さんより電話"),
        # The beginning of it, where a name goes on so.
        ("東洋の工場長", "<customer A>の工場長"),
        ("東洋精密 検査ライン増設の件", "<deal A>の件"),
        ("東洋精密　検査ライン増設の件", "<deal A>の件"),
        ("田中が同行", "<rep A>が同行"),
        ("㈱山善ﾒﾀﾙから", "<customer B>から"),
        ("株式会社山善メタルから", "株式会社<customer B>から"),
        ("ＡＢＣ商事とabc商事", "<customer B>と<customer B>"),
        ("山田太郎部長と山田さん", "<person A>部長と<person A>さん"),
        ("佐々木健一、佐々課長", "<person A>、<person A>課長"),
        ("東海自動機と比べて", "<competitor A>と比べて"),
    ],
)
def test_a_name_in_any_form(mask, said, told):
    """Whole, without its legal form, short, in full or half width, by the family name."""
    assert mask(said) == told


def test_the_same_name_has_the_same_letter_in_every_text(mask):
    """Letters are given in the order in which the names first stand; those that the story is about have A."""
    assert mask("大野から田中へ") == "<rep B>から<rep A>へ"
    assert mask("大野") == "<rep B>"


def test_what_is_no_name_stays(mask):
    """A single character is no name to look for, a Latin name no part of a longer word, a family name only before a
    title where it could be any two characters."""
    assert mask("林檎の選果機") == "林檎の選果機"
    assert mask("佐々は地名") == "佐々は地名"
    latin = masker(NAMES._replace(customers=["Ann"]), lambda who, letter: letter)
    assert latin("Annual report by Ann") == "Annual report by A"


def test_more_than_an_alphabet():
    """After Z comes AA."""
    many = [f"会社{n:02d}号" for n in range(28)]
    told = masker(NAMES._replace(customers=many), lambda who, letter: letter)("、".join(many))
    assert told.split("、")[-3:] == ["Z", "AA", "AB"]


def test_without_names_nothing_changes():
    """An empty list of everyone."""
    assert masker(Names([], [], [], [], []), lambda who, letter: letter)("山田さん") == "山田さん"
