"""What each field type takes, what it makes of it, and what it refuses."""

import string
from datetime import date
from typing import Any

import pytest
from hypothesis import given, strategies as st
from schema_texts import TODAY, against, agreed, field, with_lines

from nippo_cli.base.dates.when import When
from nippo_cli.line.checked_entry import Remembered
from nippo_cli.schema.schema import Choice, Currency, Field
from nippo_cli.schema.types import FieldType, Reading, ValueRefused, empty, read, reader_for, type_named
from nippo_cli.schema.types.field_type import TYPES
from nippo_cli.schema.types.scalars import MOST

CHOICES = (Choice("price", "価格"), Choice("spec", "機能・仕様", ("function",)), Choice("A,B", "Ａ、Ｂ"))


def taken(of: Field, raw: object) -> Any:
    """What a field makes of a value."""
    return read(of, raw, against())


def refusal(of: Field, raw: object) -> tuple[str, str]:
    """What was refused, and the key of what is needed."""
    with pytest.raises(ValueRefused) as refused:
        read(of, raw, against())
    return refused.value.said, refused.value.needs.key


@pytest.mark.parametrize("name", TYPES)
def test_every_line_of_the_list_of_types_leads_to_a_class(name: str):
    """Which says what it is called and has a reader of its own."""
    of = type_named(name)
    assert issubclass(of, FieldType)
    assert of.name_key == f"show.type.{name}"
    assert of.read is not FieldType.read


def test_text_is_kept_as_it_was_written():
    """Width, case, line ends and markup are the writer's own."""
    said = "  値引[/]交渉 １２\n:smile: \x1b[31m"
    assert taken(field("text"), said) == said


@pytest.mark.parametrize("raw", [3, True, ["a"], {"a": 1}, "\udcff"])
def test_text_is_text_that_utf8_can_hold(raw: object):
    """A number is none, nor is what a terminal sent in another encoding."""
    assert refusal(field("text"), raw)[1] in ("entry.needs.text", "entry.needs.unicode")


def test_a_text_has_its_length_in_characters():
    """Both ends are allowed."""
    of = field("text", least=2, most=3)
    assert [taken(of, t) for t in ("あい", "あいう")] == ["あい", "あいう"]
    assert refusal(of, "あ") == ("あ", "entry.needs.letters.between")
    assert refusal(of, "あいうえ") == ("あいうえ", "entry.needs.letters.between")


def test_a_name_is_one_line_without_blanks_around_it():
    """Customers and deals."""
    assert taken(field("customer"), " 東洋精機㈱　") == "東洋精機㈱"
    assert refusal(field("customer"), "a\nb") == ("a\nb", "entry.needs.one_line")


@pytest.mark.parametrize(
    ("said", "key"),
    [("price", "price"), ("価格", "price"), ("ＰＲＩＣＥ ", "price"), ("機能･仕様", "spec"), ("function", "spec")],
)
def test_a_choice_goes_by_key_label_or_former_key(said: str, key: str):
    """Whatever its width and case."""
    assert taken(field("choice", choices=CHOICES), said) == key


def test_a_choice_that_is_none_is_refused_with_what_is_allowed():
    """And with what may have been meant."""
    with pytest.raises(ValueRefused) as refused:
        taken(field("choice", choices=CHOICES), "機能仕様")
    assert refused.value.needs.params == {"allowed": ("価格", "機能・仕様", "Ａ、Ｂ"), "near": "機能・仕様"}
    assert refusal(field("choice", choices=CHOICES), "zzz") == ("zzz", "entry.needs.choice")


def test_a_part_of_a_label_is_no_choice():
    """`価` could be anything."""
    assert refusal(field("choice", choices=CHOICES), "価")[1].startswith("entry.needs.choice")


def test_a_stage_is_chosen_from_the_agreement():
    """And a renamed one goes by its former name too."""
    schema = agreed()
    assert read(schema.by_role["stage"], "見積", Reading(TODAY, schema)) == "quote"


@pytest.mark.parametrize("raw", ["価格、機能・仕様", "price,spec", ["価格", "function"], ["price,spec", "価格"]])
def test_several_choices_are_a_list_or_parted_by_commas(raw: object):
    """Each counts once."""
    assert taken(field("choices", choices=CHOICES), raw) == ["price", "spec"]


def test_a_choice_may_have_a_comma_of_its_own():
    """What is a choice as a whole is not parted."""
    assert taken(field("choices", choices=CHOICES), "A,B") == ["A,B"]


def test_several_choices_have_their_number():
    """`most: 1` of two is too many."""
    assert refusal(field("choices", choices=CHOICES, most=1), ["price", "spec"])[1] == "entry.needs.items.most"


@pytest.mark.parametrize(
    ("raw", "number"),
    [("12", 12), ("１，２００", 1200), ("-3", -3), ("−3", -3), ("+7", 7), (" 1,234,567 ", 1234567), (5, 5)],
)
def test_an_integer_takes_what_people_type(raw: object, number: int):
    """Full-width digits and thousands' commas."""
    assert taken(field("integer"), raw) == number


@pytest.mark.parametrize("raw", ["1.5", "12個", "1,23", "", "一", "1e3", "0x10", True, 1.0, [1], None])
def test_an_integer_is_nothing_else(raw: object):
    """Never a guess."""
    assert refusal(field("integer"), raw)[1] == "entry.needs.integer"


def test_an_integer_has_its_range():
    """Both ends are allowed; beyond what JSON holds exactly, none is."""
    of = field("integer", least=0, most=10)
    assert (taken(of, "0"), taken(of, "10")) == (0, 10)
    assert refusal(of, "11") == ("11", "entry.needs.number.between")
    assert refusal(field("integer"), str(MOST + 1))[1] == "entry.needs.number.most"


@pytest.mark.parametrize(
    ("raw", "yen"),
    [
        ("120万", 1_200_000),
        ("１２０万円", 1_200_000),
        ("¥1,200,000", 1_200_000),
        (1_200_000, 1_200_000),
        ("1.2億", 120_000_000),
    ],
)
def test_money_takes_what_people_type(raw: object, yen: int):
    """A number that was parsed is the smallest unit's."""
    assert taken(field("money"), raw) == yen


def test_money_of_a_currency_with_cents():
    """A text is in dollars, a number in cents, and what is said back can be read again."""
    reading = against(agreed(with_lines("currency: USD\n")))
    reader = reader_for(field("money", least=100), reading)
    assert (reader.read("1,234.50"), reader.read(123450), reader.typed(123450)) == (123450, 123450, "1234.50")
    with pytest.raises(ValueRefused) as refused:
        reader.read("0.99")
    assert refused.value.needs.params["least"] == "1.00"


@pytest.mark.parametrize("raw", ["高い", "12.5", "€12", 1.5, True])
def test_money_is_nothing_else(raw: object):
    """Half a yen, another currency, a fraction that a parser rounded."""
    assert refusal(field("money"), raw)


@pytest.mark.parametrize(
    ("raw", "iso"),
    [
        ("2026-12-01", "2026-12-01"),
        ("１２月１日", "2026-12-01"),
        ("9/1", "2027-09-01"),
        ("令和8年12月1日", "2026-12-01"),
        (date(2026, 12, 1), "2026-12-01"),
        (When(date(2026, 12, 1), date(2026, 12, 1)), "2026-12-01"),
    ],
)
def test_a_date_is_a_day(raw: object, iso: str):
    """Without a year, the next such day."""
    assert taken(field("date"), raw) == iso


def test_a_coarse_date_may_be_a_month_or_a_half():
    """Where the field allows it; an interval is read back as it was written."""
    of = field("date", coarse=True)
    assert taken(of, "3月") == "2027-03-01/2027-03-31"
    assert taken(of, "2027-03-01/2027-03-31") == "2027-03-01/2027-03-31"
    assert refusal(field("date"), "3月") == ("3月", "entry.needs.exact_day")
    assert refusal(of, "2027-03-31/2027-03-01")[1] == "entry.needs.interval"


def test_a_week_by_its_number_is_seven_days():
    """The third week of 2027 begins on Monday 18 January; a day in it, `W03-2`, is written as a day."""
    assert taken(field("date", coarse=True), "2027-W03") == "2027-01-18/2027-01-24"
    assert refusal(field("date"), "2027-W03") == ("2027-W03", "entry.needs.exact_day")
    assert refusal(field("date"), "2027-W03-2")


@pytest.mark.parametrize("raw", ["いつか", "2026-02-30", "13/1", 20261201, True, ["2026-12-01"]])
def test_a_date_is_nothing_else(raw: object):
    """Never a guess, never ignored."""
    assert refusal(field("date", coarse=True), raw)


@pytest.mark.parametrize(
    ("raw", "truth"),
    [
        ("はい", True),
        ("YES", True),
        (True, True),
        ("○", True),
        ("1", True),
        ("いいえ", False),
        ("no", False),
        ("なし", False),
    ],
)
def test_yes_and_no(raw: object, truth: bool):
    """In either language."""
    assert taken(field("boolean"), raw) is truth


def test_perhaps_is_neither():
    """Nor is an empty list."""
    assert refusal(field("boolean"), "たぶん") == ("たぶん", "entry.needs.boolean")
    assert refusal(field("boolean"), []) == ("[]", "entry.needs.text")


@pytest.mark.parametrize(
    ("raw", "person"),
    [
        ("山田太郎", {"name": "山田太郎"}),
        ("山田太郎（部長・決裁者）", {"name": "山田太郎", "title": "部長", "decides": True}),
        ("山田太郎:部長:決裁", {"name": "山田太郎", "title": "部長", "decides": True}),
        ("山田 太郎：技術部・課長", {"name": "山田 太郎", "title": "技術部・課長"}),
        ("山田太郎(決裁者)", {"name": "山田太郎", "decides": True}),
        ("Ann Lee (director, decides)", {"name": "Ann Lee", "title": "director", "decides": True}),
        ({"name": "佐藤", "title": "", "decides": "はい"}, {"name": "佐藤", "decides": True}),
        ({"name": "佐藤", "title": None, "decides": False}, {"name": "佐藤"}),
    ],
)
def test_a_person_is_a_name_with_title_and_whether_they_decide(raw: object, person: dict[str, object]):
    """As a text or as a mapping."""
    assert taken(field("person"), raw) == person


@pytest.mark.parametrize(
    "raw", [{"title": "部長"}, {"name": "佐藤", "age": 3}, "（部長）", 3, {"name": 3}, {"name": "a", "decides": "?"},
            "12", "３", "-", "？（部長）"]
)  # fmt: skip
def test_a_person_has_a_name_and_nothing_unknown(raw: object):
    """A title alone is nobody, and so is a number or a mark."""
    assert refusal(field("person"), raw)


def test_people_are_a_list_or_parted_by_commas():
    """A comma inside brackets parts a person's own notes."""
    people = [{"name": "山田", "title": "部長", "decides": True}, {"name": "佐藤"}]
    of = field("people", most=2)
    assert taken(of, "山田（部長、決裁者）、佐藤") == people
    assert taken(of, ["山田:部長:決裁", {"name": "佐藤"}]) == people
    assert taken(of, "山田（部長、決裁者）\n佐藤\n") == people
    assert refusal(of, "a,b,c")[1] == "entry.needs.items.most"
    assert refusal(of, "、")[1] == "entry.needs.person"


@pytest.mark.parametrize(
    ("raw", "says_nothing"),
    [("", True), (" \n", True), (None, True), ([], True), (0, False), (False, False), ("0", False)],
)
def test_what_says_nothing(raw: object, says_nothing: bool):
    """Zero and no are something."""
    assert empty(raw) is says_nothing


def test_what_was_read_is_remembered_and_so_is_what_was_refused():
    """The second time costs nothing; a refusal names the text again."""
    reader = reader_for(field("choice", choices=CHOICES), against())
    known = Remembered(reader)
    assert (known["価格"], known["価格"], dict(known)) == ("price", "price", {"価格": "price"})
    for _ in range(2):
        with pytest.raises(ValueRefused) as refused:
            known["?"]
        assert refused.value.said == "?"


WORDS = st.text(st.characters(exclude_categories=("Cs",)), min_size=1).filter(lambda t: not t.isspace())
NAMES = st.text(string.ascii_letters + "山田太郎佐藤", min_size=1, max_size=8)
PEOPLE = st.builds(
    lambda name, title, decides: {
        "name": name,
        **({"title": title} if title else {}),
        **({"decides": True} if decides else {}),
    },
    NAMES,
    NAMES | st.just(""),
    st.booleans(),
)
DAYS = st.dates(date(1990, 1, 1), date(2099, 12, 31))
CANONICAL = st.one_of(
    st.tuples(st.just(field("text")), WORDS),
    st.tuples(st.just(field("integer")), st.integers(-MOST, MOST)),
    st.tuples(st.just(field("money")), st.integers(-MOST, MOST)),
    st.tuples(st.just(field("boolean")), st.booleans()),
    st.tuples(st.just(field("date", coarse=True)), st.tuples(DAYS, DAYS).map(lambda d: str(When(min(d), max(d))))),
    st.tuples(st.just(field("choice", choices=CHOICES)), st.sampled_from([c.key for c in CHOICES])),
    st.tuples(st.just(field("choices", choices=CHOICES[:2])), st.permutations(["price", "spec"]).map(list)),
    st.tuples(st.just(field("person")), PEOPLE),
    st.tuples(st.just(field("people")), st.lists(PEOPLE, min_size=1, max_size=4)),
)


@given(CANONICAL, st.sampled_from([Currency("JPY", 0), Currency("USD", 2), Currency("KWD", 3)]))
def test_a_canonical_value_reads_back_as_itself_and_from_what_it_is_typed_as(
    pair: tuple[Field, Any], currency: Currency
):
    """A correction hands the kept values back, and a prompt offers them as text."""
    of, value = pair
    schema = agreed(with_lines(f"currency: {{code: {currency.code}, digits: {currency.digits}}}\n"))
    reader = reader_for(of, against(schema))
    assert reader.read(value) == value
    assert reader.read(reader.typed(value)) == value


@given(
    st.sampled_from(sorted(TYPES)),
    st.one_of(
        st.none(), st.text(), st.integers(), st.floats(), st.lists(st.text()), st.dictionaries(st.text(), st.text())
    ),
)
def test_nothing_but_a_value_or_a_refusal(kind: str, raw: object):
    """Whatever is typed or parsed, no reader breaks."""
    reader = reader_for(field(kind, choices=CHOICES), against())
    try:
        value = reader.read(raw)
    except ValueRefused as error:
        said: object = error.said
    else:
        assert reader.read(value) == value
        said = ""
    assert isinstance(said, str)
