"""Drafts on the disk: whole or not at all, one file each, nobody else's to read."""

import os
from datetime import UTC, datetime

import pytest

from nippo_cli.base.errors import NotFound, UsageError
from nippo_cli.services.context.report import Report, report_of
from nippo_cli.services.writing.drafts import SavedDraft, SavedDrafts

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
LATER = datetime(2026, 11, 23, 10, tzinfo=UTC)


@pytest.fixture
def drafts(tmp_path):
    """A store that is not there yet."""
    return SavedDrafts(tmp_path / "state" / "drafts")


def test_a_draft_comes_back_as_it_was(drafts):
    """All of it, control characters, lone surrogates and full-width text included."""
    report = {"deal": "検査", "facts": "一\n二\t\x1b[2J\udcff", "people": ["田中（部長）"]}
    kept = drafts.keep(
        SavedDraft(reports=(report,), at="@rest", typed="金額", passed=("@on",), waiting=("amount",)), NOW
    )
    (found,) = drafts.all()
    assert found == kept
    assert (found.number, found.saved_at) == (1, NOW.isoformat())
    assert dict(found.reports[0]) == report


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_it_is_its_owners_alone(drafts):
    """Whatever the umask: 0600 in 0700, and no other file beside it."""
    before = os.umask(0)
    try:
        kept = drafts.keep(SavedDraft(typed="x"), NOW)
        drafts.keep(kept._replace(typed="y"), NOW)
        drafts.keep(SavedDraft(form="on: 2026-11-23\n"), NOW)
    finally:
        os.umask(before)
    assert {path.name: path.stat().st_mode & 0o777 for path in drafts.folder.iterdir()} == {
        "1.json": 0o600, "2.json": 0o600, "2.yaml": 0o600,
    }  # fmt: skip
    assert drafts.folder.stat().st_mode & 0o777 == 0o700


def test_the_last_saved_comes_first(drafts):
    """Whatever its number."""
    first = drafts.keep(SavedDraft(typed="a"), NOW)
    drafts.keep(SavedDraft(typed="b"), NOW)
    drafts.keep(first._replace(typed="c"), LATER)
    assert [draft.typed for draft in drafts.all()] == ["c", "b"]
    assert drafts.named(None).typed == "c"
    assert drafts.named("２").typed == "b"
    assert drafts.named("#2").typed == "b"


def test_what_is_not_there_is_told(drafts):
    """No drafts, no such draft, no number."""
    with pytest.raises(NotFound):
        drafts.named(None)
    with pytest.raises(NotFound):
        drafts.named("1")
    with pytest.raises(UsageError):
        drafts.named("x")
    drafts.drop(7)


def test_a_write_that_fails_leaves_the_last_one(drafts, monkeypatch):
    """The disk is full between two fields: the draft of the field before stands, and nothing lies beside it."""
    kept = drafts.keep(SavedDraft(typed="一"), NOW)

    def full(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        drafts.keep(kept._replace(typed="二"), LATER)
    monkeypatch.undo()
    assert drafts.all() == [kept]
    assert [path.name for path in drafts.folder.iterdir()] == ["1.json"]


def test_what_is_no_draft_is_passed_over(drafts):
    """A file of another program, half a file, an empty one: the others are still there."""
    drafts.keep(SavedDraft(typed="a"), NOW)
    for name, text in {"2.json": '{"saved', "3.json": "", "4.json": "[]", "note.json": "{}", "5.txt": ""}.items():
        (drafts.folder / name).write_text(text, encoding="utf-8")
    assert [draft.typed for draft in drafts.all()] == ["a"]
    assert drafts.keep(SavedDraft(typed="b"), NOW).number == 5


def test_a_form_is_what_the_editor_saved_last(drafts):
    """The file itself is the draft."""
    kept = drafts.keep(SavedDraft(form="事実: |\n  x\n"), NOW)
    drafts.form_path(kept.number).write_text("事実: |\n  y\n", encoding="utf-8")
    assert drafts.named("1").form == "事実: |\n  y\n"
    drafts.drop(1)
    assert list(drafts.folder.iterdir()) == []


@pytest.mark.parametrize(("draft", "says"), [
    (SavedDraft(), False), (SavedDraft(reports=({"on": "2026-11-23"},)), False), (SavedDraft(reports=({"on": "x", "facts": "y"},)), True),
    (SavedDraft(typed=" "), False), (SavedDraft(typed="x"), True), (SavedDraft(reports=({"deal": "2"},)), True),
])  # fmt: skip
def test_a_day_alone_says_nothing(draft, says):
    """Nothing is kept before anything would be lost."""
    assert draft.says_something is says


def test_a_report_is_written_as_it_is_read():
    """Every part of it, by the names that `--from-file` has."""
    report = Report({"facts": "x"}, "検査", "2026-11-20", "鈴木", True, "2", "3", True)
    assert report_of(report.plain()) == report
    assert report_of({}) == Report({})


def test_a_draft_that_is_recorded_already_is_dropped(drafts):
    """As it was recorded: one that was saved again since, under its own number or a new one, is another."""
    first, form, again = (drafts.keep(SavedDraft(typed=typed), NOW) for typed in "abc")
    form = drafts.keep(form._replace(form="on: 2026-11-23\n"), NOW)
    recorded = [drafts.mark(draft.number) for draft in (first, form, again)]
    again = drafts.keep(again, LATER)
    assert len(set(recorded)) == 3
    assert SavedDrafts(drafts.folder, lambda: recorded).all() == [again]
    assert [path.name for path in drafts.folder.iterdir()] == ["3.json"]
    assert drafts.mark(1) == ""
