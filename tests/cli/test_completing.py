"""What a shell offers at TAB, asked as its script asks."""

import io
import os
import sys
from pathlib import Path

import pytest
from shell import FIRST, Shell

from nippo_cli.cli.completing import journal_file
from nippo_cli.cli.main import main
from nippo_cli.errors import UsageError
from nippo_cli.places import find_places


class Tab:
    """TAB at the end of a line that is typed at a shell; the candidates that the shell would get."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, journal: Path) -> None:
        self._monkeypatch = monkeypatch
        self._journal = journal

    def __call__(self, line: str, **env: str) -> list[str]:
        """As bash asks."""
        return self._ask({"_NIPPO_COMPLETE": "complete_bash", "COMP_LINE": line, "COMP_POINT": "", **env})

    def words(self, shell: str, *words: str) -> list[str]:
        """As zsh and fish ask: `nippo` and each word, the last one as far as it was typed."""
        return self._ask({"_NIPPO_COMPLETE": f"complete_{shell}", "_NIPPO_WORDS": "\n".join(("nippo", *words))})

    def _ask(self, env: dict[str, str]) -> list[str]:
        out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
        with self._monkeypatch.context() as patch:
            patch.setenv("NIPPO_JOURNAL", str(self._journal))
            for name, value in env.items():
                patch.setenv(name, value)
            patch.setattr(sys, "stdout", out)
            assert main([]) == 0
        out.flush()
        return out.buffer.getvalue().decode().splitlines()


@pytest.fixture
def tab(kept: Shell, monkeypatch) -> Tab:
    """A journal with 案件 of 青葉製作所, and two deals whose names a shell would part."""
    kept.deal("ロボット 増設")
    kept.deal("$(touch gone) `id` \"quoted\"; 'x'")
    return Tab(monkeypatch, kept.journal)


def test_commands_and_their_groups(tab: Tab):
    """Of nippo, and of a group; those that begin so."""
    assert {"add", "deal", "day", "comment", "gap"} <= set(tab("nippo "))
    assert tab("nippo deal ren") == ["rename"]


def test_options_of_a_command_with_those_of_the_schema(tab: Tab):
    """Shared ones and `--help` too; fields are options of `add`, those of a day of `day`."""
    assert {"--on", "--stage", "--next-on", "--journal", "--help"} <= set(tab("nippo add --"))
    assert tab("nippo day --tom") == ["--tomorrow"]
    assert "--stage" not in tab("nippo undo --")


def test_a_team_that_lists_no_fields_of_a_day_has_two(nippo: Shell, monkeypatch):
    """And they complete too."""
    nippo.done("init", "--template", "minimal")
    assert {"--remarks", "--tomorrow"} <= set(Tab(monkeypatch, nippo.journal)("nippo day --"))


def test_deals_by_what_their_names_begin_with_or_hold(tab: Tab):
    """Whatever the width and case; of nothing typed, those talked of last."""
    assert tab("nippo deal show ロボ") == ["ロボット\\ 増設"]
    assert tab("nippo deal show ﾛﾎﾞ") == ["ロボット\\ 増設"]
    assert tab("nippo deal show 増設") == ["ロボット\\ 増設"]
    assert "案件" in tab("nippo deal show ")
    assert tab("nippo deal show zzz") == []


def test_a_name_is_escaped_as_bash_would_have_it_typed(tab: Tab):
    """Nothing in it is run; behind an open quote it stands as it is."""
    assert tab("nippo deal show $") == [r"\$\(touch\ gone\)\ \`id\`\ \"quoted\"\;\ \'x\'"]
    assert tab("nippo deal show 'ロボット ") == ["ロボット 増設"]
    assert tab("nippo deal show ロボット\\ ") == ["ロボット\\ 増設"]


def test_choices_customers_owners_and_ids(tab: Tab):
    """By the option that they follow, parted by a blank or by `=`."""
    assert tab("nippo add --stage 社") == ["社内決裁"]
    # Bash replaces what stands behind the `=`.
    assert tab("nippo add --stage=社") == ["社内決裁"]
    assert tab("nippo log --activity 訪") == ["訪問"]
    assert tab("nippo prep 青") == ["青葉製作所"]
    assert tab("nippo gap --owner ") == ["佐藤"]
    assert tab("nippo log --format j") == ["json", "jsonl"]
    assert tab("nippo show 3") == ["3"]


def test_a_value_with_blanks_before_is_one_word(tab: Tab):
    """What was typed before counts as a shell counts it."""
    assert tab("nippo add 'ロボット 増設' --stage 社") == ["社内決裁"]
    assert tab("nippo deal rename ロボット\\ 増設 ") == []


def test_zsh_and_fish_get_a_word_beside_each(tab: Tab):
    """The customer beside a deal, the help beside a command, in the user's language; a tab between."""
    for shell in ("zsh", "fish"):
        assert tab.words(shell, "deal", "show", "ロボ") == ["ロボット 増設\t青葉製作所"]
        assert tab.words(shell, "und")[0].startswith("undo\t直前の")
        (entry,) = tab.words(shell, "show", "3")
        assert entry == "3\t2026-11-23  青葉製作所  案件"


def test_a_stored_name_is_one_candidate(kept: Shell, monkeypatch):
    """A line end or a tab in it parts nothing, and a control reaches no terminal."""
    kept.done("add", "単\tnet", *FIRST, "-m", "x")
    found = Tab(monkeypatch, kept.journal).words("zsh", "deal", "show", "単")
    assert found == ["単 net\t青葉製作所"]


def test_powershell_gets_its_own_form(tab: Tab):
    """Quoted where a name has blanks."""
    env = {"_NIPPO_COMPLETE": "complete_powershell", "_TYPER_COMPLETE_ARGS": "nippo deal show ロボ"}
    assert tab._ask(env) == ["'ロボット 増設':::青葉製作所"]


def test_typers_own_way_of_asking_is_understood(tab: Tab):
    """A script that was installed from Typer's template."""
    assert tab._ask({"_NIPPO_COMPLETE": "complete_bash", "COMP_WORDS": "nippo\ndeal\nren", "COMP_CWORD": "2"}) == [
        "rename"
    ]


def test_no_journal_and_a_damaged_one_offer_what_needs_none(nippo: Shell, monkeypatch):
    """Commands and options; TAB tells no errors and makes no file."""
    tab = Tab(monkeypatch, nippo.journal)
    assert "add" in tab("nippo ")
    assert tab("nippo deal show ") == []
    assert not nippo.journal.exists()
    nippo.journal.mkdir()
    nippo.db.write_bytes(b"no database" * 100)
    assert tab("nippo deal show ") == []


def test_the_journal_is_the_one_that_commands_find(tmp_path, monkeypatch):
    """By option, environment, a `.nippo` above, and the platform's folder."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    (tmp_path / "file").write_bytes(b"")
    for folder in (deep, tmp_path):
        monkeypatch.chdir(folder)
        for option in (None, "x", "x.db", str(tmp_path / "file"), "~/y", "../z"):
            for env in ({}, {"NIPPO_JOURNAL": "e"}, {"NIPPO_JOURNAL": str(tmp_path / "e.db")}):
                whole = {**os.environ, **env} if env else {k: v for k, v in os.environ.items() if k != "NIPPO_JOURNAL"}
                try:
                    wanted = find_places(journal=option, schema=None, env=whole, cwd=Path.cwd()).journal_db
                except UsageError:
                    continue
                assert journal_file(option, whole) == str(wanted)
        (tmp_path / ".nippo").mkdir(exist_ok=True)
