"""Stored text steers neither a terminal nor a spreadsheet nor a renderer of markup."""

import csv
import io
import json
import re

import pytest

from nippo_cli.render.draw import csv_text, json_text, layout, markdown, terminal
from nippo_cli.render.draw.emit import Screen
from nippo_cli.render.draw.page import (
    Column,
    FactRows,
    Heading,
    Page,
    Prose,
    Span,
    Table,
    TextLines,
)

STEERING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@pytest.fixture
def page(nasty):
    """A page with nasty text in every place that takes text."""
    table = Table([Column("a", nasty), Column("b", "b", right=True)], [[nasty, Span(nasty, "bad")]], more=1)
    blocks = [
        table,
        FactRows([(nasty, nasty), ("x", (nasty, Span(nasty, "warn")))]),
        TextLines([(nasty,)]),
        Prose(nasty, 2, nasty),
        Heading(nasty, nasty),
    ]
    return Page(blocks, nasty, nasty)


def draws(page):
    """The page by every writer of pages."""
    return {
        "plain": "".join(layout.plain_text(page)),
        "terminal": "".join(terminal.write(page, Screen(terminal=True, columns=120))),
        "piped colour": "".join(terminal.write(page, Screen(color=True))),
        "markdown": "".join(markdown.write(page)),
    }


def test_no_control_reaches_the_reader(page, japanese):
    """ESC, C1 and bidi controls come out as visible marks, wherever in a page they stand."""
    for name, text in draws(page).items():
        # The colours that we ourselves put there.
        bare = re.sub(r"\x1b\[[0-9;]*m", "", text) if name == "piped colour" else text
        assert STEERING.findall(bare) == [], name
        assert "␛[31m" in bare.replace("\\", ""), name
        assert "⟨U+202E⟩" in bare, name


def test_stored_colour_codes_colour_nothing(japanese, monkeypatch):
    """A colour code in stored text is shown, and no colour of ours stands where no tone asks for one."""
    monkeypatch.setenv("TERM", "xterm-256color")
    text = "".join(terminal.write(Page([Prose("\x1b[31m赤")]), Screen(terminal=True, color=True)))
    assert text == "␛[31m赤\n"


def test_markup_stays_text(page, japanese):
    """Neither `[bold]` nor `[/]` nor `:smile:` is read as markup on a terminal."""
    for name in ("plain", "terminal"):
        text = draws(page)[name]
        assert "[bold]太[/bold]" in text
        assert "値引[/]交渉" in text
        assert ":smile:" in text


@pytest.mark.parametrize(
    "text", ["=1+1", "+81-3-1234", "-5", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＠SUM", "－5"]
)
def test_a_formula_in_a_cell_is_defused(text):
    """What a spreadsheet would run begins with an apostrophe."""
    row = next(csv.reader(io.StringIO("".join(csv_text.write([text], [])))))
    assert row[0].lstrip()[0] not in "=+-@＝＋－＠"


def test_our_own_negative_numbers_stay_numbers():
    """A slip of −12 days is a number in a spreadsheet."""
    assert "".join(csv_text.write(["slip_days", "rate"], [[-12, -0.5]])) == "slip_days,rate\n-12,-0.5\n"


def test_csv_reads_back(nasty):
    """A cell with quotes, commas and line ends is one cell; a control in it is a visible mark."""
    text = "".join(csv_text.write(["a"], [['「"A", B」\n2行目'], [nasty], [None], [True]]))
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[1] == ['「"A", B」\n2行目']
    assert STEERING.findall(text) == []
    assert rows[3:] == [[], ["true"]] or rows[3:] == [[""], ["true"]]


def test_json_reads_back_unchanged_and_steers_nothing(nasty):
    """JSON keeps every character, those that would steer a terminal as escapes."""
    for text in ("".join(json_text.write({"a": nasty})), "".join(json_text.write_lines([{"a": nasty}]))):
        assert json.loads(text) == {"a": nasty}
        assert STEERING.findall(text) == []
        assert "値引" in text


def test_json_keeps_a_lone_surrogate_writable():
    """What a broken file name leaves in a text can still be written as UTF-8."""
    assert json.loads("".join(json_text.write(["\ud83d"])).encode("utf-8")) == ["\ud83d"]
