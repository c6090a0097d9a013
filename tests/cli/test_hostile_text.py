"""Text from outside: stored as it is, shown as marks, in every format."""

import csv
import io
import json

import pytest
from shell import Shell

ESC = "\x1b[31m赤\x1b[0m"
BIDI = "見積\u202egnp.exe"
C1 = "a\x9b2Jb"
MARKUP = "[bold]太字[/bold] 値引[/]交渉 :smile: [link=file:///etc/passwd]x[/link]"
FORMULA = '=HYPERLINK("http://x")'
FACTS = f"{ESC} / {BIDI} / {C1} / {MARKUP}"
NAME = "案件\x1b]0;題\x07[red]"
PAGES = (("log",), ("show", "3"), ("show", "3", "--history"), ("deal", "show", "2"), ("deal", "list"), ("deal", "timeline", "2"),
         ("search", "見積"), ("customer", "青葉"), ("gap", "stalled", "--min-stay", "0"), ())  # fmt: skip


@pytest.fixture
def kept(nippo: Shell) -> Shell:
    """A journal whose one entry holds all of it."""
    nippo.deal(NAME, "--impression", FORMULA, facts=FACTS)
    return nippo


def controls(text: str) -> set[str]:
    """What a terminal would obey."""
    return {
        c for c in text if (c < " " and c not in "\n\r") or "\x7f" <= c <= "\x9f" or c in "\u202e\u202d\u2066\u200f"
    }


@pytest.mark.parametrize("fmt", ["table", "json", "jsonl", "csv", "md", "html"])
def test_nothing_that_a_terminal_obeys_gets_out(kept: Shell, fmt):
    """ESC, C0, C1 and bidi controls are marks or escapes on every page, in every format."""
    for page in PAGES:
        answer = kept.done(*page, "--format", fmt)
        assert controls(answer.out) == set(), page
        assert controls(answer.err) == set(), page


def test_a_recap_shows_marks_too(nippo: Shell):
    """What `add` answers with is drawn as carefully as what is read later."""
    answer = nippo.done("add", NAME, "--new-deal", "--customer", ESC, "--activity", "社内", "-m", FACTS)
    assert controls(answer.out) == set()
    assert "␛" in answer.out


def test_errors_show_marks_too(kept: Shell):
    """Names as typed, in errors and hints."""
    for command in (("deal", "show", ESC), ("add", BIDI, "-m", "x"), (ESC,), ("log", f"--{ESC}"), ("log", "--format", ESC),
                    ("log", "--since", ESC), ("add", "2", "--activity", ESC), ("import", ESC, "--map", ESC)):  # fmt: skip
        answer = kept(*command)
        assert answer.code in (2, 3, 4)
        assert controls(answer.err) == set(), command


def test_the_text_is_stored_as_it_is(kept: Shell):
    """Not a character is taken out: JSON gives back what was typed."""
    found = kept.done("show", "3", "--json").json
    assert found["values"]["facts"] == FACTS
    assert found["deal"]["name"] == NAME


def test_markup_is_text(kept: Shell):
    """Square brackets, their closing form and emoji names stand as they were typed, coloured or not."""
    for options in ((), ("--color", "always")):
        shown = kept.done("deal", "show", "2", *options).out
        for part in ("[bold]太字[/bold]", "値引[/]交渉", ":smile:"):
            assert part in shown.replace("\n", "").replace(" ", "") or part in shown


def test_search_finds_text_with_controls_in_it(kept: Shell):
    """And a search for a control character is no error."""
    assert kept.done("search", "値引", "--json").json["total"] == 1
    kept.done("search", ESC)


def test_csv_defuses_formulas(kept: Shell):
    """A cell that a spreadsheet would run has a quote in front; the JSON beside it has none."""
    rows = list(csv.DictReader(io.StringIO(kept.done("log", "--format", "csv").out)))
    assert [v for v in rows[0].values() if v and v[0] in "=+-@"] == []
    assert json.loads(kept.done("show", "3", "--json").out)["values"]["impression"] == FORMULA
