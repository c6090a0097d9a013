"""What takes longer than a moment says so, to a person and to nobody else."""

import io
import sys
from contextlib import contextmanager
from threading import Event

import pytest

from nippo_cli.base.text import width
from nippo_cli.cli.commands import deal_story, gap as gaps, landing, lessons, steps
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


def test_who_waits_is_told_how_far_it_is(patience, monkeypatch):
    """In the same line, and only once something stands there; the line goes whole."""
    screen = Screen(person=True)
    monkeypatch.setattr(sys, "stderr", screen)
    with waiting() as progress:
        assert screen.written.wait(10)
        assert progress is not None
        for done in (9, 10):
            progress("landing.progress_promised", done, 24)
    shown = screen.getvalue().split("\r")
    assert [row.strip() for row in shown[1:3]] == ["月末ごとの見込: 9 / 24", "月末ごとの見込: 10 / 24"]
    assert (shown[3].strip(), shown[4]) == ("", "")
    assert len(shown[3]) >= max(map(width, shown[:3]))


def test_the_landing_tells_of_each_past_months_end(nippo, monkeypatch):
    """Each of the months that its record is made of, to the last, of what was promised and of what each line said."""
    sample = str(nippo.journal.parent / "demo")
    nippo.bare("demo", "--keep", sample)
    told: list[tuple[str, int, int]] = []

    @contextmanager
    def watched():
        yield lambda *said: told.append(said)

    monkeypatch.setattr(landing, "waiting", watched)
    count = len(nippo.bare("--journal", sample, "landing", "--json").json["record"])
    assert count > 12
    assert [one for one in told if one[0] == "landing.progress_record"] == [
        ("landing.progress_record", n, count) for n in range(1, count + 1)
    ]
    promised = [one for one in told if one[0] == "landing.progress_promised"]
    assert promised == [("landing.progress_promised", n, len(promised)) for n in range(1, len(promised) + 1)]
    assert len(promised) >= count
