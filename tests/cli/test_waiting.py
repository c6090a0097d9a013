"""What takes longer than a moment says so, to a person and to nobody else."""

import io
import sys
from contextlib import contextmanager
from threading import Event

import pytest

from nippo_cli.cli.commands import deal_story, gap as gaps, lessons, steps
from nippo_cli.cli.frame import progress as module
from nippo_cli.cli.frame.progress import waiting


class Screen(io.StringIO):
    """Somebody's terminal, or a pipe; tells when something was written."""

    def __init__(self, *, person: bool) -> None:
        super().__init__()
        self.person = person
        self.written = Event()

    def isatty(self) -> bool:
        """Whether somebody looks at it."""
        return self.person

    def write(self, text: str) -> int:
        """As any stream does."""
        count = super().write(text)
        self.written.set()
        return count


@pytest.fixture
def patience(monkeypatch):
    """No patience at all."""
    monkeypatch.setattr(module, "_PATIENCE_SECONDS", 0.0)


def test_a_person_is_told_and_the_line_goes(patience, monkeypatch):
    """What was said is blanked out, so that the answer stands alone."""
    screen = Screen(person=True)
    monkeypatch.setattr(sys, "stderr", screen)
    with waiting():
        assert screen.written.wait(10)
        said = screen.getvalue()
    assert said.strip()
    assert screen.getvalue().endswith("\r")
    assert screen.getvalue().removeprefix(said).strip() == ""


def test_a_pipe_is_told_nothing(patience, monkeypatch):
    """Nobody is there to be patient."""
    screen = Screen(person=False)
    monkeypatch.setattr(sys, "stderr", screen)
    with waiting():
        pass
    assert screen.getvalue() == ""


@pytest.mark.parametrize(
    "command",
    [
        ("gap",), ("gap", "stalled"), ("gap", "--compare"), ("steps",), ("steps", "--by", "month"), ("lessons", "fates"),
        ("deal", "story", "案件"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_pages_that_may_take_long_are_waited_for(kept, monkeypatch, command):
    """Each that looks through history, once, and nothing is shown before it is over."""
    kept.done("add", "案件", "--activity", "電話", "--stage", "失注", "--lost-reason", "価格", "-m", "他社に決まった")
    waited = []

    @contextmanager
    def watched():
        waited.append("begun")
        yield
        waited.append("over")

    for room in (gaps, lessons, steps, deal_story):
        monkeypatch.setattr(room, "waiting", watched)
    assert kept.done(*command).out
    assert waited == ["begun", "over"]


def test_what_is_quick_says_nothing(monkeypatch):
    """Nor when it fails."""
    screen = Screen(person=True)
    monkeypatch.setattr(sys, "stderr", screen)
    with pytest.raises(KeyError), waiting():
        raise KeyError
    assert screen.getvalue() == ""
