"""A report as a form, and back."""

from datetime import date

import pytest
from hypothesis import given, strategies as st

from nippo_cli.base.errors import (
    EntryRefused,
    NippoError,
    NotFound,
    Place,
    Problem,
    msg,
)
from nippo_cli.schema.load import load_schema
from nippo_cli.schema.templates import text_of
from nippo_cli.services.context.report import Report
from nippo_cli.services.writing import form

DAY = date(2026, 11, 23)
AGREEMENT = load_schema(text_of("default"), "schema.yaml")
_TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=60)
_KEYS = ("facts", "impression", "customer", "competitor", "next_step", "people")


def back(text: str) -> Report:
    """The one report of a form."""
    (report,) = form.reports_of(text, AGREEMENT, "draft.yaml")
    return report


@given(st.dictionaries(st.sampled_from(_KEYS), _TEXT.filter(lambda t: t.strip())))
def test_every_text_comes_back(raw):
    """Quotes, colons, blanks at either end, control characters, emoji: what stands in a form is what is read. Only line
    ends behind a text are lost."""
    found = back(form.form_of(AGREEMENT, Report(raw), DAY))
    said = {key: value for key, value in found.raw.items() if value}
    assert said == {key: value.rstrip("\n") for key, value in raw.items() if value.rstrip("\n")}


def test_what_is_no_field_comes_back():
    """The day, the deal, the meeting."""
    report = Report({}, "検査: 装置", "2026-11-20", "鈴木", True, "2", "k3-12", True)
    found = back(form.form_of(AGREEMENT, report, date(2026, 11, 20)))
    assert found[1:8] == report[1:8]


def test_a_form_explains_itself():
    """Each field under its label with its help and its choices; what is required is marked."""
    text = form.form_of(AGREEMENT, Report({"activity": "visit", "amount": "1200000"}, "2"), DAY, deal_name="検査装置")
    for line in (
        "on: 2026-11-23  # 日付 2026/11/23(月)", "案件: 2  # 検査装置", "# 事実  【必須】", "事実: |", "活動: 訪問", "金額: 1200000",
        "#   見たこと、聞いたこと、決まったこと。数字と、顧客の言葉のままに。",
    ):  # fmt: skip
        assert line in text.split("\n"), line
    assert "訪問 / 電話 / メール" in text


def test_a_text_need_not_be_set_in():
    """People write under the key; YAML would have two blanks before every line."""
    text = form.form_of(AGREEMENT, Report(), DAY).replace(
        "事実: |\n", "事実: |\n田中課長から電話。\n\n- 予算は1,200万円\n  字下げ\n"
    )
    assert back(text).raw["facts"] == "田中課長から電話。\n\n- 予算は1,200万円\n字下げ"


def refused(text: str) -> EntryRefused:
    """What reading a form as it stands raises."""
    with pytest.raises(EntryRefused) as error:
        form.reports_of(text, AGREEMENT, "draft.yaml")
    return error.value


def test_problems_stand_over_their_lines():
    """A field's over its line, a line's over that line; at the next round they are taken out again, nothing else."""
    text = form.form_of(AGREEMENT, Report({"facts": "x", "next_on": "そのうち"}), DAY)
    problems = [
        Problem(Place("next_on"), "そのうち", msg("date.needs.promise")),
        Problem(Place("activity"), "", msg("entry.required", field="活動", why="")),
    ]
    once = form.with_problems(text, EntryRefused(msg("desk.refused", n=2), problems=problems), AGREEMENT)
    lines = once.split("\n")
    assert lines[lines.index("次の一手の期日: そのうち") - 1].startswith("#! 「そのうち」")
    assert lines[lines.index("活動:") - 1].startswith("#! ")
    assert form.without_problems(once) == text
    again = form.with_problems(once, EntryRefused(msg("desk.refused", n=1), problems=problems[:1]), AGREEMENT)
    assert again.count("#!") == 1


def test_a_broken_form_is_told_at_its_line():
    """Counted with the comments of the time before."""
    text = "#! 前の問題\non: 2026-11-23\n活動: [訪問\n事実: x\n"
    found = form.with_problems(text, refused(text), AGREEMENT)
    assert form.without_problems(found) == "on: 2026-11-23\n活動: [訪問\n事実: x\n"
    assert found.count("#!") == 1


def test_an_unknown_deal_is_told_over_the_deal():
    """With what may be meant."""
    text = form.form_of(AGREEMENT, Report({}, "検差"), DAY)
    error: NippoError = NotFound(
        msg("names.deal.unknown", said="検差"), hint=msg("names.deal.near.hint", names=["検査"])
    )
    lines = form.with_problems(text, error, AGREEMENT).split("\n")
    at = lines.index("案件: 検差")
    assert "検査" in lines[at - 1]


@pytest.mark.parametrize(("text", "nothing"), [("", True), ("# x\n\n  # y\n", True), ("on: x\n", False)])
def test_a_form_of_comments_says_nothing(text, nothing):
    """Everything was deleted."""
    assert form.says_nothing(text) is nothing
