"""Names become letters, the same everywhere, in whatever width and form they stand."""

import pytest

from nippo_cli.lessons.anonymize import NamesToHide, before_titles, masker

NAMES = NamesToHide(
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
    """A single character is no name to look for, a Latin name no part of a longer word; a family name is none within one."""
    assert mask("林檎の選果機") == "林檎の選果機"
    assert mask("佐々町は地名") == "佐々町は地名"
    latin = masker(NAMES._replace(customers=["Ann"]), lambda who, letter: letter)
    assert latin("Annual report by Ann") == "Annual report by A"


@pytest.mark.parametrize(
    ("said", "masked"),
    [
        ("what has to be said to Tokura", "what has to be said to <customer B>"),
        ("日本市場、日本電産、日本電さん、日本精工", "日本市場、<customer D>、<customer D>さん、<customer C>"),
    ],
)
def test_a_name_begins_as_other_companies_deals_do(said, masked):
    """`to` is what Tokura and a deal of Togawa have in common, 日本 what two companies: neither is a name. What a deal calls its own
    customer is one."""
    names = NAMES._replace(
        customers=["Togawa Mould Ltd.", "Tokura Press Co., Ltd.", "日本精工", "日本電産"],
        deals=["Togawa washer", "Tokura press 2", "日本精工 選果機", "日本電 協働ロボット"],
        people=[], reps=[], competitors=[],
    )  # fmt: skip
    mask = masker(names, lambda who, letter: f"<{who} {letter}>")
    assert mask("Togawa、Tokura、日本精工、日本電産") == "、".join(f"<customer {letter}>" for letter in "ABCD")
    assert mask(said) == masked


def test_more_than_an_alphabet():
    """After Z comes AA."""
    many = [f"会社{n:02d}号" for n in range(28)]
    told = masker(NAMES._replace(customers=many), lambda who, letter: letter)("、".join(many))
    assert told.split("、")[-3:] == ["Z", "AA", "AB"]


def test_without_names_nothing_changes():
    """An empty list of everyone."""
    assert masker(NamesToHide([], [], [], [], []), lambda who, letter: letter)("山田さん") == "山田さん"


@pytest.mark.parametrize("said", ["なし", "無し", "None", "不明"])
def test_what_a_field_says_of_nobody_is_no_name(said):
    """`なし` as the competitor is no competitor called so: the word stays in every text."""
    mask = masker(NAMES._replace(competitors=[said]), lambda who, letter: letter)
    assert mask(f"問題なし、予算無し、None、不明、{said}") == f"問題なし、予算無し、None、不明、{said}"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("面談者: 辻（課長）、辻", "面談者: <person A>（課長）、<person A>"),
        ("辻さんと辻部長", "<person A>さんと<person A>部長"),
        ("辻褄が合う。大辻さん。四辻", "辻褄が合う。大辻さん。四辻"),
    ],
)
def test_a_name_of_one_character(said, told):
    """One where a title or its field's punctuation follows, no part of another word."""
    mask = masker(NAMES._replace(people=["辻"], reps=[]), lambda who, letter: f"<{who} {letter}>")
    assert mask(said) == told


def test_a_western_name_is_called_by_either_part():
    """The family name stands last there."""
    mask = masker(NAMES._replace(people=["John Smith", "Ann B. Lee"]), lambda who, letter: letter)
    assert mask("Mr Smith and John; plan B. for Lee") == "Mr A and A; plan B. for B"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("技術・久保と久保さん", "<rep A>と<rep A>さん"),
        ("久保田の技術", "久保田の技術"),
        ("大江機電の出方、大江さん", "<competitor A>の出方、<competitor A>さん"),
        ("遠藤本部長は遠藤へ、遠藤町", "<person A>本部長は<person A>へ、遠藤町"),
        ("計測さんの計測の結果", "<customer A>さんの計測の結果"),
        ("長谷川健太郎に会う", "<person A>に会う"),
    ],
)
def test_others_whom_the_diary_knows(said, told):
    """Of a name that the story is not about only what is hardly anything else: whole, or before a title."""
    also = [("rep", "技術・久保"), ("competitor", "大江機電"), ("person", "遠藤"), ("customer", "計測工業株式会社"),
            ("person", "長谷川健太郎")]  # fmt: skip
    mask = masker(NamesToHide([], [], [], [], [], also), lambda who, letter: f"<{who} {letter}>")  # type: ignore[arg-type]  # kinds
    assert mask(said) == told


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Globex was cheaper than Acme", "<competitor A> was cheaper than <customer A>"),
        ("Acme Corp wants none, ACME CORP. neither", "<customer A> wants none, <customer A> neither"),
        ("Initech Industrial Systems and Initech", "<competitor A> and <competitor A>"),
        ("the co. limited its offer", "the co. limited its offer"),
    ],
)
def test_a_western_company_without_its_legal_form(said, told):
    """By its name alone, or the first word of it."""
    given = NAMES._replace(
        customers=["Acme Corp."],
        competitors=["Globex, Inc.", "Initech Industrial Systems Co., Ltd."],
        deals=[],
        people=[],
    )
    assert masker(given, lambda who, letter: f"<{who} {letter}>")(said) == told


@pytest.mark.parametrize(
    ("deal", "told"),
    [("Globex Industrial-1", "<customer> line"), ("Globex Industrials-1", "<customer> Industrial line")],
)
def test_a_western_company_goes_by_whole_words_of_its_deals(deal, told):
    """Globex Industrial of Globex Industrial Systems, where a deal is called so: `Industrials` is another word."""
    given = NamesToHide(["Globex Industrial Systems"], [], [], [deal], [])
    assert masker(given, lambda who, letter: f"<{who}>")("Globex Industrial line") == told


def test_a_company_goes_by_what_its_deals_call_it():
    """東海シス of 東海システム開発, for one of its deals is called so; not where none is, nor a single character of it."""

    def told(*deals: str) -> str:
        given = NamesToHide(["東海システム開発"], [], [], list(deals), [])
        return masker(given, lambda who, letter: f"<{who}>")("東海シス・東海システム開発・東・東海")

    assert told("東海シス基幹更改") == "<customer>・<customer>・東・東海"
    assert told("基幹更改", "東京の件") == "東海シス・<customer>・東・東海"


def test_of_many_companies_two_characters_before_a_particle_are_a_word():
    """東京の is the city's where a page names many firms; a title behind it, or a third character, makes it a firm's all the same."""
    firms = ["東京機械", "第一製作所", "日本工業", "大阪鋼業", "新潟精機", "名古屋工機"]
    for many in (firms[:1], firms):
        mask = masker(NamesToHide(many, (), (), (), ()), lambda who, letter: f"<{who}>")
        assert mask("東京の展示会") == ("<customer>の展示会" if len(many) == 1 else "東京の展示会")
        assert mask("東京さんへ") == "<customer>さんへ"
    assert mask("名古屋の件、東京社の件") == "<customer>の件、<customer>社の件"


def test_the_first_character_of_a_title_is_nobodys_name():
    """林 of 林健太 stands before a title; 本 of 本田誠 doesn't, though 本部長 looks like it."""
    mask = masker(NamesToHide((), ["本田誠", "林健太"], (), (), ()), lambda who, letter: f"<{who} {letter}>")
    assert mask("林部長と本田部長") == "<person A>部長と<person B>部長"
    assert mask("本部長が来た") == "本部長が来た"


def test_a_name_of_one_character_before_a_title():
    """What stands before a title, at every length: one character too, twelve at the most."""
    assert before_titles("林さん") == {"林"}
    assert before_titles("佐藤部長") == {"藤", "佐藤"}
    assert before_titles("山本部長") == {"山"}, "本部長 is a title itself"
    assert before_titles("あいうえおかきくけこさしす様") == {"あいうえおかきくけこさしす"[-n:] for n in range(1, 13)}
