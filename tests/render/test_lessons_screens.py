"""What the pages of lessons look like: 80 columns, no colour, both languages; and the curve, held against its numbers."""

import json
import re

import pytest
from lesson_answers import NASTY, curve, pages, unreviewed

from nippo_cli.base.text import width
from nippo_cli.line.incidence import IncidenceStep, reached_by
from nippo_cli.render.draw.emit import Screen, draw
from nippo_cli.render.draw.layout import spans
from nippo_cli.render.parts.incidence import chart

TERMINAL = Screen(columns=80, terminal=True, limit=20)
KINDS = ("lost", "fates", "contrast", "confidence", "words", "cases")
NAMES = (*KINDS, *(f"{kind}_deals" for kind in KINDS), "whole")


@pytest.fixture(params=NAMES)
def name(request):
    """Each page."""
    return request.param


@pytest.fixture
def lesson(answer, name):
    """The page of a name, with the team and the deals of the other screens."""
    deals = answer("deal_list")
    return pages(deals.schema, [one.head for one in deals.deals][:3])[name]


def test_a_lesson_on_a_terminal(lesson, tongue, snapshot):
    """As it stands on a terminal of 80 columns."""
    assert draw(lesson, fmt="table", screen=TERMINAL) == snapshot


def test_the_morning_names_losses_to_learn_from(answer, tongue, snapshot):
    """Three of seven, how large is large, and what to type."""
    heads = [one.head for one in answer("deal_list").deals][:3]
    page = answer("today")._replace(unreviewed=unreviewed(heads))
    assert draw(page, fmt="table", screen=TERMINAL) == snapshot


def test_no_row_is_wider_than_the_terminal(lesson, tongue):
    """At 80 columns and wider nothing runs over the edge; nothing of a name reaches the terminal as a command to it."""
    for columns in (80, 120, 200):
        text = draw(lesson, fmt="table", screen=Screen(columns=columns, terminal=True))
        assert max(width(row) for row in text.split("\n")) <= columns
        assert "\x1b" not in text
        assert "\u202e" not in text


def test_every_lesson_answers_every_format(lesson, tongue):
    """No page fails in any format, no key is left unsaid, and the JSON is the same in both languages."""
    for fmt in ("table", "md", "csv", "json", "jsonl"):
        text = draw(lesson, fmt=fmt, screen=Screen())
        assert text
        assert re.findall(r"\b(?:lessons|show)\.[a-z_.]+", text) == []
    if "deals" not in str(type(lesson)):
        assert json.loads(draw(lesson, fmt="json", screen=Screen()))["as_of"] == "2026-11-23"


def test_what_is_ascii_is_ascii(lesson, japanese):
    """Where a screen can draw nothing else, the curve has an ASCII twin."""
    text = draw(lesson, fmt="table", screen=Screen(columns=80, terminal=True, ascii=True))
    assert not set("█▒░") & set(text)


def test_the_raw_name_is_kept_in_json(answer, japanese):
    """Only screens make text safe: data stays as it was written."""
    deals = answer("deal_list")
    found = json.loads(draw(pages(deals.schema, [])["lost"], fmt="json", screen=Screen()))
    assert NASTY in [one["customer"] for one in found["customers"]]


def test_a_p_too_small_for_its_column_is_never_nought(answer, japanese):
    """4.1e-18 and 3.7e-17 stand as less than a thousandth on the screen, and with two digits in the data."""
    page = pages(answer("deal_list").schema, [])["contrast"]
    clear, *others = page.lesson.contrasts
    page = page._replace(lesson=page.lesson._replace(contrasts=[clear._replace(p=4.12e-18, holm=3.7e-17), *others]))
    row = next(line for line in draw(page, fmt="table", screen=TERMINAL).splitlines() if "+0.46" in line)
    assert row.split()[-2:] == ["<0.001", "<0.001"]
    found = json.loads(draw(page, fmt="json", screen=Screen()))["contrasts"][0]
    assert (found["p"], found["p_holm"]) == (4.1e-18, 3.7e-17)


def drawn(steps, last, wide):
    """The rows of a chart from the bottom up, without their labels."""
    lines = chart(steps, last, (30, 60), wide + 6, ascii_only=True)
    rows = ["".join(piece.text for piece in spans(row))[6:].ljust(wide) for row in lines.rows[:10]]
    return rows[::-1]


def test_the_curve_shows_its_numbers(japanese):
    """In every column the marks of each end are as many tenths as have come to it, one end on the other."""
    steps, wide, last = curve().steps, 60, 365
    rows = drawn(steps, last, wide)
    for column in range(wide):
        reached = reached_by(steps, (column + 1) * last // wide)
        marks = "".join(row[column] for row in rows).rstrip()
        assert re.fullmatch("#*=*[.]*", marks)
        assert abs(marks.count("#") - 10 * reached.get("won", 0)) <= 0.5
        assert abs(len(marks) - 10 * sum(reached.values())) <= 0.5


def test_a_curve_that_is_known_by_heart(japanese):
    """Half won on day 15, three tenths lost on day 45, of 60 days in 6 columns."""
    steps = [IncidenceStep(15, 10, {"won": 0.5, "lost": 0.0}), IncidenceStep(45, 5, {"won": 0.5, "lost": 0.3})]
    rows = drawn(steps, 60, 6)
    assert rows[0] == rows[4] == " #####"
    assert rows[5] == rows[7] == "    =="
    assert rows[8] == rows[9] == "      "
