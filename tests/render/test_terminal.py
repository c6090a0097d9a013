"""Colour: calm, readable on light and dark, and absent where it is not wanted."""

import pytest
from rich.color import Color
from rich.style import Style

from nippo_cli.render.draw import terminal
from nippo_cli.render.draw.emit import Screen, draw
from nippo_cli.render.draw.page import Page, Prose, Span


def luminance(color):
    """Relative luminance, by WCAG 2.2."""
    parts = [part / 255 for part in color.get_truecolor()]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("tone", ["dim", "good", "warn", "bad"])
def test_a_tone_reads_on_white_and_on_black(tone):
    """Contrast of at least 4 : 1 on either background."""
    color = Style.parse(terminal.STYLES[tone]).color
    assert isinstance(color, Color)
    found = luminance(color)
    assert min(1.05 / (found + 0.05), (found + 0.05) / 0.05) >= 4


def test_without_colour_there_is_no_escape(page_name, japanese, answer):
    """NO_COLOR and `--color never` leave plain text, bold included."""
    assert "\x1b" not in draw(answer(page_name), fmt="table", screen=Screen(columns=80, terminal=True, color=False))


def test_with_colour_the_words_are_the_same(page_name, japanese, answer, monkeypatch):
    """A tone only repeats what the words say: without the codes the page is the same."""
    import re

    monkeypatch.setenv("TERM", "xterm-256color")
    screen = Screen(columns=80, terminal=True, color=True)
    coloured = draw(answer(page_name), fmt="table", screen=screen)
    bare = draw(answer(page_name), fmt="table", screen=screen._replace(color=False))
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == bare


def test_colour_into_a_pipe_cuts_nothing(monkeypatch):
    """`--color always` through a pager keeps long rows whole."""
    monkeypatch.setenv("TERM", "xterm-256color")
    text = "長い" * 100
    assert text in "".join(terminal.write(Page([Prose(Span(text, "warn"))]), Screen(color=True)))


def test_a_terminal_without_line_drawing_gets_ascii(japanese, answer):
    """Rules and bars have plain stand-ins."""
    text = draw(answer("summary"), fmt="table", screen=Screen(columns=80, terminal=True, ascii=True))
    assert "─" not in text
    assert "█" not in text
    assert "----" in text
    assert "####" in text
