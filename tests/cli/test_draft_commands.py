"""`nippo draft list|resume|drop` where nobody is there to be asked."""

import json
import subprocess
import sys

import pytest
from shell import FIRST, Shell

from nippo_cli.services.writing.draft_locks import give_back


@pytest.fixture
def drafted(kept: Shell) -> Shell:
    """A journal with two drafts: 1 without its facts, 2 without the day of a next step."""
    assert kept("add", "案件", "--activity", "訪問", "--people", "田中").code == 3
    assert kept("add", "別案件", *FIRST[:-2], "-m", "話した").code == 3
    return kept


def test_drafts_are_listed_the_last_first(drafted: Shell):
    """With the deal's name and customer, though the draft was typed with a part of it."""
    found = drafted.done("draft", "list", "--json").json
    assert found["as_of"] == "2026-11-23"
    assert [(d["number"], d["deal"], d["customer"], d["facts"]) for d in found["drafts"]] == [
        (2, "別案件", "青葉製作所", "話した"), (1, "案件", "青葉製作所", ""),
    ]  # fmt: skip
    said = drafted.done("draft", "list").out
    assert "別案件（青葉製作所）" in said
    assert "nippo add --resume" in said


def test_nothing_is_said_plainly(kept: Shell):
    """No drafts is no error; resuming one that is not there is."""
    assert "下書きはありません" in kept.done("draft", "list").out
    assert kept.done("draft", "list", "--format", "csv").out.startswith("number,")
    assert kept("draft", "resume").code == 4
    assert kept("draft", "resume", "3").code == 4
    assert kept("draft", "resume", "三").code == 2
    assert kept("draft", "drop").code == 2


def test_a_draft_is_completed_by_options(drafted: Shell):
    """What is added goes in with it; the last saved is meant where no number is given."""
    assert drafted("draft", "resume").code == 3
    done = drafted.done("draft", "resume", "--next-on", "+7d", "--json").json
    assert (done["new_deal"], done["entry"]["values"]["next_on"]) == (True, "2026-11-30")
    done = drafted.done("draft", "resume", "1", "--later", "--json").json
    assert done["missing"] == ["facts"]
    assert drafted.done("draft", "list", "--json").json["drafts"] == []


@pytest.mark.parametrize(("typed", "day"), [((), "2026-11-23"), (("--on", "昨日"), "2026-11-22")])
def test_a_draft_is_as_old_as_its_day(nippo: Shell, monkeypatch, typed, day):
    """Resumed on another day it is still the report of the day that was meant."""
    assert nippo("add", "案件", *FIRST, *typed).code == 3
    monkeypatch.setenv("NIPPO_NOW", "2026-12-02T18:00:00+09:00")
    assert nippo.done("draft", "resume", "-m", "x", "--json").json["entry"]["on"] == day


def test_drafts_are_dropped(drafted: Shell):
    """By number, or all; a dry run drops none."""
    assert drafted.done("draft", "drop", "--all", "--dry-run", "--json").json["params"]["n"] == 2
    drafted.done("draft", "drop", "1")
    assert [d["number"] for d in drafted.done("draft", "list", "--json").json["drafts"]] == [2]
    drafted.done("draft", "drop", "--all")
    assert drafted.done("draft", "list", "--json").json["drafts"] == []


def test_several_reports_of_one_input_are_one_draft(kept: Shell, monkeypatch):
    """All or none, also when they are resumed; a file that was read is no draft, it is there to be mended."""
    import io
    import sys

    reports = [{"activity": "社内", "facts": "打合せ"}, {"activity": "社内"}]
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(json.dumps(reports).encode()), "utf-8"))
    assert kept("add", "--from-file", "-").code == 3
    (draft,) = kept.done("draft", "list", "--json").json["drafts"]
    assert draft["reports"] == 2
    assert kept("draft", "resume", "-e").code == 2
    assert kept("draft", "resume").code == 3
    assert kept("draft", "resume", "-m", "x").code == 2
    kept.done("draft", "resume", "--later")
    assert kept.done("draft", "list", "--json").json["drafts"] == []
    assert kept.done("log", "--json").json["total"] == 3


def test_without_a_terminal_nothing_is_asked(kept: Shell):
    """Bare `nippo add` in a script: all that is missing, and how to say it; no draft of nothing is left behind."""
    answer = kept("add")
    assert (answer.code, answer.out) == (3, "")
    assert "--from-file" in answer.err
    assert "事実" in answer.err
    assert kept.done("draft", "list", "--json").json["drafts"] == []


# Records a draft, and is killed with the entry on disk and the draft not dropped yet.
KILLED = """
import os, sys
from nippo_cli.cli.frame.main import main
from nippo_cli.services.writing.drafts import SavedDrafts
drop, number = SavedDrafts.drop, int(sys.argv.pop(1))
SavedDrafts.drop = lambda drafts, dropped: os._exit(9) if dropped == number else drop(drafts, dropped)
main(sys.argv[1:])
"""


def killed(shell: Shell, number: int, *options: str) -> None:
    """A draft is resumed, in a process of its own that dies where it would drop it."""
    (folder,) = shell.journal.parent.glob("state/nippo/journals/*/drafts")
    give_back(folder, number)
    command = [
        sys.executable,
        "-c",
        KILLED,
        str(number),
        "--journal",
        str(shell.journal),
        "draft",
        "resume",
        str(number),
    ]
    command += options
    done = subprocess.run(command, check=False, timeout=120, capture_output=True)
    assert done.returncode == 9, done.stderr.decode()


def test_a_draft_is_not_recorded_twice(drafted: Shell):
    """Killed between the two, twice: each entry is there once, and neither draft is there to be resumed."""
    killed(drafted, 1, "--later")
    killed(drafted, 2, "--next-on", "+7d")
    before = len(drafted.done("log", "--json").json["entries"])
    assert drafted("draft", "resume", "1", "--later").code == 4
    assert drafted.done("draft", "list", "--json").json["drafts"] == []
    assert len(drafted.done("log", "--json").json["entries"]) == before
    assert drafted.done("doctor", "--json").json["sound"]
    # A number that is free again says nothing of the draft that had it.
    assert drafted("add", "案件", "--activity", "訪問", "--people", "田中").code == 3
    assert [d["number"] for d in drafted.done("draft", "list", "--json").json["drafts"]] == [1]


def test_a_draft_that_was_taken_back_with_its_entry_is_there(drafted: Shell):
    """Refused, or in a dry run, nothing is recorded and the draft stays."""
    drafted("draft", "resume", "1")
    drafted.done("draft", "resume", "1", "--later", "--dry-run")
    assert [d["number"] for d in drafted.done("draft", "list", "--json").json["drafts"]] == [2, 1]
