"""The pages about months: what they look like, that they fit, their JSON."""

import json

import pytest
from json_rows import json_rows
from month_answers import NAMES, answers

from nippo_cli.base import language
from nippo_cli.base.language import t
from nippo_cli.base.text import width
from nippo_cli.render.draw.emit import Screen, draw, draw_page
from nippo_cli.render.draw.page import Page
from nippo_cli.render.gaps import promise_months
from nippo_cli.render.gaps.page import renderer_of
from nippo_cli.render.gaps.table import GapLists


@pytest.fixture
def pages(answer):
    """Every answer by its name."""
    return answers(answer("stalled"))


@pytest.fixture(params=NAMES)
def found(request, pages):
    """Each answer in turn."""
    return pages[request.param]


def drawn(found, fmt="table", **screen):
    """An answer as text."""
    return draw(found, fmt=fmt, screen=Screen(**screen))


def test_a_page_on_a_terminal(found, tongue, snapshot):
    """As it stands on a terminal of 80 columns."""
    assert draw(found, fmt="table", screen=Screen(columns=80, terminal=True, limit=20)) == snapshot


@pytest.mark.parametrize("name", ["promises", "activity"])
@pytest.mark.parametrize("fmt", ["table", "md", "csv"])
def test_each_format_has_its_golden(name, fmt, pages, japanese, snapshot):
    """As a pipe or a file gets it."""
    assert drawn(pages[name], fmt) == snapshot


def test_no_row_is_wider_than_the_terminal(found, tongue):
    """Nothing runs over the edge, on a narrow one either."""
    for columns in (80, 100, 160, 200):
        text = draw(found, fmt="table", screen=Screen(columns=columns, terminal=True))
        assert max(width(row) for row in text.split("\n")) <= columns


def test_by_sales_too_each_month_is_named_in_full(pages, tongue):
    """Of two months that both read `2026年…` nobody knows which is which: what does not fit stands below, behind its month."""
    page = pages["promises"]
    lists = GapLists(page, "months")
    outcome = promise_months.became(page.counted.months, "sale", page.schema.currency, lists)
    assert "…" not in draw_page(Page([outcome]), Screen(columns=80, terminal=True))


@pytest.mark.parametrize("name", [name for name in NAMES if name != "activity_short"])
def test_json_has_its_golden(name, pages, japanese, snapshot):
    """Every figure with its place, a row each."""
    assert json_rows(drawn(pages[name], "json")) == snapshot


def test_few_months_change_nothing_but_the_tests(pages, japanese):
    """The same cohorts; each pair says how many months there are, and that they are too few."""
    whole, short = (json.loads(drawn(pages[name], "json")) for name in ("activity", "activity_short"))
    assert short["triangle"] == whole["triangle"]
    assert {key for key in whole if short[key] != whole[key]} == {"summary", "tests"}
    assert (short["summary"]["signs"], short["summary"]["tests"]) == (0, 0)
    assert {test["state"] for test in short["tests"]} == {"short"}


@pytest.mark.parametrize("name", NAMES)
def test_json_is_the_same_in_every_language(name, pages):
    """No locale reaches JSON."""
    texts = []
    for lang in language.LANGUAGES:
        language.bind(lang)
        texts.append(drawn(pages[name], "json"))
    assert len(texts) > 1
    assert set(texts) == {texts[0]}


def test_a_month_opens_to_its_deals(pages, japanese):
    """Each number of a month has the deals behind it, ids as people type them."""
    september = json.loads(drawn(pages["promises"], "json"))["months"][0]
    assert september["month"] == "2026-09"
    assert september["became"]["won"] == {"n": 3, "amount": 1251480000, "without_amount": 0, "deals": ["1", "2", "3"]}
    assert september["hit_rate"] == pytest.approx(3 / 9, abs=5e-5)
    assert sum(pile["n"] for pile in september["became"].values()) == september["promised"]["n"]


def test_a_sign_names_its_lag_and_its_figures(pages, tongue):
    """In words, with ρ, n and p; and what shows nothing says so."""
    text = drawn(pages["activity"])
    if tongue == "ja":
        assert "電話は2か月後の受注件数と連れて動く（ρ 0.91、n 23、p 0.0" in text
        assert "訪問: 受注件数・売上実績との兆しなし（23か月）" in text
    else:
        assert "電話 goes with orders 2 months later (ρ 0.91, n 23, p 0.0" in text
        assert "訪問: no link with orders and sales in 23 months" in text
    assert "原因だということではありません" in text or "need not cause" in text


def test_marks_can_be_drawn_in_plain_ascii(pages, japanese):
    """Where a terminal has no triangle."""
    plain = drawn(pages["activity"], columns=80, terminal=True, ascii=True)
    assert "▼" not in plain
    assert "v " in plain


def test_missed_promises_ask(pages, japanese):
    """What to ask is a sentence."""
    assert t(renderer_of("promises").ask).endswith("。")


def test_a_section_of_the_whole_page_is_short(pages, japanese):
    """The signs and the number of marks; months and missed deals; neither drawings nor targets."""
    screen = Screen(columns=80, terminal=True)
    signs, missed = (
        draw_page(Page(renderer_of(kind).brief(pages[kind], screen)), screen) for kind in ("activity", "promises")
    )
    assert "電話は2か月後の受注件数と連れて動く" in signs
    assert "3か所" in signs
    assert "初めて会った月" not in signs
    assert "うち当月に受注" in missed
    assert "検査ライン" in missed
    assert "目標" not in missed
