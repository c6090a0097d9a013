"""`nippo undo ID`: an import taken back by its number, after other things were written."""

from pathlib import Path

import pytest
from shell import Shell

SCHEMA = """\
nippo: 1
name: t
stages: [{key: lead, label: 引合い}, {key: won, label: 受注, ends: won}, {key: lost, label: 失注, ends: lost}]
activities: [電話]
fields:
  - {key: deal, label: 案件, type: deal, role: deal}
  - {key: customer, label: 顧客, type: customer, role: customer}
  - {key: stage, label: フェーズ, type: choice, role: stage}
  - {key: activity, label: 活動, type: choice, role: activity}
  - {key: facts, label: 事実, type: text, role: facts}
"""
MAP = "source: t\non: 日\ndeal: 案\nfields: {customer: 客, facts: 事, stage: {constant: 引合い}}\n"
ROWS = "日,案,客,事\n2026-11-01,X機,A社,甲\n2026-11-02,Y機,A社,乙\n2026-11-03,X機,A社,丙\n"


@pytest.fixture
def imported(nippo: Shell, tmp_path: Path) -> Shell:
    """A journal whose first write was an import of two deals, the number of which is 2."""
    for name, text in (("t.yaml", SCHEMA), ("map.yaml", MAP), ("rows.csv", ROWS)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    nippo.done("init", "--template", "t.yaml")
    assert nippo.done("import", "rows.csv", "--map", "map.yaml", "--json").json["batch"] == "2"
    return nippo


def facts(shell: Shell) -> list[str]:
    """What stands in the log, oldest first."""
    return [entry["values"]["facts"] for entry in shell.done("log", "--json").json["entries"]][::-1]


def deals(shell: Shell) -> list[str]:
    """The deals that there are."""
    return sorted(row["name"] for row in shell.done("deal", "list", "--all", "--json").json["deals"])


@pytest.mark.parametrize("command", [("undo", "2"), ("undo", "--import", "2"), ("undo", "#2")])
def test_what_was_written_since_stays(imported: Shell, command: tuple[str, ...]) -> None:
    """The entry by hand keeps the deal that the import began; the answer says so, and names the deal."""
    imported.done("add", "X機", "-m", "手で書いた")
    imported.done("add", "Z機", "--new-deal", "--customer", "B社", "-m", "別の話")
    answer = imported.done(*command, "--json").json
    assert (answer["what"], answer["params"]["n"], answer["params"]["file"]) == ("import_undone.staying", 1, "rows.csv")
    assert (facts(imported), deals(imported)) == (["手で書いた", "別の話"], ["X機", "Z機"])
    assert imported.done("doctor").code == 0
    # The file may come again, and finds the deal that stayed.
    again = imported.done("import", "rows.csv", "--map", "map.yaml", "--json").json
    assert (again["taken"], again["new_deals"], deals(imported)) == (3, 1, ["X機", "Y機", "Z機"])


def test_a_dry_run_says_the_same_and_takes_nothing_back(imported: Shell) -> None:
    """Word for word but for the records, which nothing wrote."""
    imported.done("add", "X機", "-m", "手で書いた")
    dry = imported.done("undo", "2", "--dry-run", "--json").json
    assert (dry["dry_run"], len(facts(imported))) == (True, 4)
    assert imported.done("undo", "2", "--json").json | {"dry_run": True} == dry


def test_a_plain_undo_goes_on_from_the_last_command(imported: Shell) -> None:
    """An import that was taken back by its number is no command to be taken back any more."""
    imported.done("add", "X機", "-m", "一")
    imported.done("add", "X機", "-m", "二")
    imported.done("undo", "2")
    imported.done("undo")
    assert facts(imported) == ["一"]
    imported.done("undo")
    assert (facts(imported), deals(imported)) == ([], [])
    assert imported("undo").code == 4


def test_what_people_wrote_about_its_entries_stands_in_the_way(imported: Shell) -> None:
    """A correction and a comment are named, and are lost only by --all; taken back, they are in nobody's way."""
    entry = imported.done("log", "--json").json["entries"][0]["id"]
    imported.done("edit", entry, "--facts", "直した", "--why", "聞き違い")
    imported.done("comment", entry, "-m", "確かですか")
    refused = imported("undo", "2")
    assert (refused.code, len(facts(imported))) == (2, 3)
    assert f"{entry} の訂正" in refused.err
    assert "--all" in refused.err
    assert imported.done("undo", "2", "--all", "--dry-run", "--json").json["params"]["lost"] == 2
    imported.done("undo")
    imported.done("undo")
    assert imported.done("undo", "2", "--json").json["what"] == "import_undone"
    assert facts(imported) == []


def test_a_hold_of_a_deal_that_would_go_stands_in_the_way(imported: Shell) -> None:
    """Of a deal that stays, for somebody else wrote of it, it does not."""
    imported.done("deal", "hold", "X機", "--until", "2026-12-24", "--why", "予算待ち")
    assert "X機" in deals(imported)
    assert imported("undo", "2").code == 2
    imported.done("add", "X機", "-m", "手で書いた")
    imported.done("undo", "2")
    assert deals(imported) == ["X機"]
    assert imported.done("doctor").code == 0


@pytest.mark.parametrize(("said", "code"), [("3", 4), ("99", 4), ("x", 2)])
def test_no_number_of_an_import(imported: Shell, said: str, code: int) -> None:
    """An entry's, nobody's, and none at all: refused, and nothing is changed."""
    before = facts(imported)
    assert imported("undo", said).code == code
    assert facts(imported) == before


def test_an_import_is_taken_back_once(imported: Shell) -> None:
    """The second time says that it is done; --all alone and a number said twice are refused."""
    imported.done("undo", "2")
    assert imported("undo", "2").code == 2
    assert imported("undo", "--all").code == 2
    assert imported("undo", "2", "--import", "2").code == 2
