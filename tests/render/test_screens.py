"""What each page looks like: 80 columns, no colour, in both languages, with the names that customers really have."""

import re
from importlib import import_module

import pytest

from nippo_cli.base.language import t
from nippo_cli.base.text import width
from nippo_cli.gaps import KINDS, signs
from nippo_cli.render.draw.emit import RENDERERS, Renderer, Screen, draw
from nippo_cli.render.gaps.page import GapRenderer, renderer_of
from nippo_cli.render.gaps.signs import SIGNS

TERMINAL = Screen(columns=80, terminal=True, limit=20)


def test_a_page_on_a_terminal(page_name, tongue, answer, snapshot):
    """Every page, as it stands on a terminal of 80 columns."""
    assert draw(answer(page_name), fmt="table", screen=TERMINAL) == snapshot


@pytest.mark.parametrize("fmt", ["table", "md", "csv", "json", "jsonl"])
@pytest.mark.parametrize("of", ["stalled", "log", "deal_list"])
def test_each_format_has_its_golden(of, fmt, japanese, answer, snapshot):
    """The three pages of every day, in each format, as a pipe or a file gets them."""
    assert draw(answer(of), fmt=fmt, screen=Screen()) == snapshot


def test_every_page_answers_every_format(page_name, tongue, answer):
    """No page fails in any format; each ends with one newline."""
    for fmt in ("table", "md", "csv", "json", "jsonl"):
        text = draw(answer(page_name), fmt=fmt, screen=Screen())
        assert text.endswith("\n") or (fmt == "jsonl" and not text)
        assert not text.endswith("\n\n")


def test_no_row_is_wider_than_the_terminal(page_name, tongue, answer):
    """At 80 columns and wider nothing runs over the edge."""
    for columns in (80, 100, 132, 160, 200):
        text = draw(answer(page_name), fmt="table", screen=Screen(columns=columns, terminal=True))
        assert max(width(row) for row in text.split("\n")) <= columns


def test_a_pipe_cuts_nothing(answer, japanese):
    """A piped table holds every name whole, however long."""
    text = draw(answer("stalled"), fmt="table", screen=Screen())
    assert "北関東オートメーション工業株式会社" in text
    assert "…" not in text


def test_no_key_is_left_unsaid(page_name, tongue, answer):
    """Every key that a page uses stands in the catalogue: none is shown as itself."""
    text = draw(answer(page_name), fmt="table", screen=TERMINAL)
    assert re.findall(r"\bshow\.[a-z_.]+", text) == []


@pytest.mark.parametrize("name", RENDERERS)
def test_a_result_is_drawn_by_the_renderer_of_its_type(name):
    """The registry's name of a type, and the type that its renderer declares, are one."""
    module, _, renderer = RENDERERS[name].partition(":")
    found = getattr(import_module(f"nippo_cli.render.{module}"), renderer or "RENDERER")
    assert isinstance(found, Renderer)
    assert found.of.__name__ == name


@pytest.mark.parametrize("kind", KINDS)
def test_each_gap_has_a_renderer(kind, tongue):
    """Each kind that is asked for can be drawn, and asks its question in both languages."""
    renderer = renderer_of(kind)
    assert isinstance(renderer, GapRenderer)
    assert t(renderer.ask) != renderer.ask


def test_each_gap_that_speaks_of_single_deals_has_words_for_its_sign():
    """And no other: they would never be said."""
    silent = GapRenderer(lambda _page, _screen: [], lambda _page: {}, "").sign
    assert set(SIGNS) <= set(signs())
    assert [kind for kind in signs() if kind not in SIGNS and renderer_of(kind).sign is silent] == []


def test_an_unknown_answer_is_an_error():
    """A result without a renderer is a fault of ours, not an empty page."""
    with pytest.raises(KeyError):
        draw(object(), fmt="table", screen=Screen())
