"""A draft that is open in one terminal is open in no other; a process that is killed lets go of it."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from nippo_cli.base.errors import NotFound, UsageError
from nippo_cli.services.writing.draft_locks import give_back, take
from nippo_cli.services.writing.drafts import SavedDraft, SavedDrafts

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
_OPENS = """
import sys
from pathlib import Path
from nippo_cli.services.writing.draft_locks import take
print(take(Path(sys.argv[1]), int(sys.argv[2])), flush=True)
sys.stdin.read()
"""


@contextmanager
def elsewhere(folder: Path, number: int, says: str = "True") -> Iterator["subprocess.Popen[str]"]:
    """Another process that has the draft open, or tries to."""
    with subprocess.Popen(
        [sys.executable, "-c", _OPENS, str(folder), str(number)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == says
        yield other
        other.kill()


@pytest.fixture
def drafts(tmp_path: Path) -> SavedDrafts:
    """Two drafts that nobody has open."""
    found = SavedDrafts(tmp_path / "drafts")
    for typed in "ab":
        found.keep(SavedDraft(typed=typed), NOW)
    for number in (1, 2):
        give_back(found.folder, number)
    return found


def test_a_draft_open_elsewhere_is_refused_and_the_other_stays_free(drafts):
    """Each has its own lock; `draft resume` without a number takes the one that is free."""
    with elsewhere(drafts.folder, 2):
        assert drafts.elsewhere(2)
        assert not drafts.elsewhere(1)
        assert drafts.named(None).number == 1
        with pytest.raises(UsageError):
            drafts.opened(drafts.named("2"))
        assert drafts.opened(drafts.named("1")).typed == "a"


def test_a_killed_process_lets_go(drafts):
    """However it ended, its draft may be taken up."""
    with elsewhere(drafts.folder, 2):
        pass
    assert drafts.opened(drafts.named("2")).typed == "b"


def test_a_draft_being_typed_is_open_from_its_first_word(drafts):
    """Nobody else is let in, until it is dropped: then its number is anybody's."""
    mine = drafts.keep(SavedDraft(typed="c"), NOW)
    with elsewhere(drafts.folder, mine.number, says="False"):
        pass
    drafts.drop(mine.number)
    with elsewhere(drafts.folder, mine.number):
        assert not take(drafts.folder, mine.number)


def test_a_draft_recorded_elsewhere_meanwhile_is_gone(drafts):
    """What was read before another terminal recorded it is not recorded again."""
    stale = drafts.named("1")
    (drafts.folder / "1.json").unlink()
    with pytest.raises(NotFound):
        drafts.opened(stale)


def test_what_was_saved_meanwhile_is_what_opens(drafts):
    """Not the words that stood there when the list was read."""
    stale = drafts.named("1")
    drafts.keep(stale._replace(typed="later"), NOW)
    assert drafts.opened(stale).typed == "later"
