"""`nippo export --log`: the whole journal as one file, and `nippo import` of it."""

import json
import shutil
from pathlib import Path

import pytest
from shell import Shell, files

PAGES = (
    ("--json",), ("log", "--limit", "0", "--json"), ("deal", "list", "--json"), ("deal", "show", "機械", "--json"),
    ("gap", "--json"), ("landing", "--json"), ("steps", "--json"), ("lessons", "--json"), ("customer", "--json"),
    ("search", "見積", "--json"), ("sales", "list", "--json"), ("log", "--as-of", "2026-11-20"), ("schema", "show"), ("gap",),
)  # fmt: skip


@pytest.fixture
def lived(nippo: Shell) -> Shell:
    """A journal with corrections, an erasure, a comment, a sale and a schema that was changed."""
    entry = nippo.deal("機械", facts="見積の相談")
    mistaken = nippo.deal("装置", facts="山田様から見積の依頼")
    nippo.done("edit", entry, "-m", "見積を送った")
    nippo.done("comment", entry, "-m", "次はいつですか")
    nippo.done("day", "-m", "静かな1日")
    nippo.done("sales", "add", "--customer", "青葉製作所", "--amount", "120万", "--on", "2026-11-20")
    nippo.schema.write_text(nippo.schema.read_text(encoding="utf-8") + "\n# 変更\n", encoding="utf-8")
    nippo.deal("部品", facts="電話")
    nippo.done("redact", mistaken, "--why", "本人の依頼", "--yes")
    return nippo


def other(nippo: Shell, folder: Path) -> Shell:
    """The same shell on another journal."""
    return Shell(nippo._capsys, folder)


def test_every_page_is_the_same_byte_for_byte(lived: Shell, tmp_path: Path):
    """In a journal made of the file; the file of that journal is the same file, and so is its `schema.yaml`."""
    file, again = tmp_path / "diary.jsonl", tmp_path / "again.jsonl"
    lived.done("export", "--log", "-o", str(file))
    new = other(lived, tmp_path / "new")
    answer = new.done("import", str(file), "--json").json
    assert (answer["what"], answer["params"]["n"]) == ("log_brought", len(file.read_text("utf-8").splitlines()) - 2)
    for page in PAGES:
        code, out, err = new(*page)
        # The morning page says which journal it is of.
        assert (code, out.replace(str(new.journal), str(lived.journal)), err) == lived(*page), page
    new.done("export", "--log", "-o", str(again))
    assert again.read_bytes() == file.read_bytes()
    assert new.schema.read_bytes() == lived.schema.read_bytes()
    assert "本人の依頼" in new.done("export", "--log").out
    assert "山田様から見積" not in file.read_text("utf-8")


def test_a_bare_journal_says_the_same_as_log(lived: Shell, tmp_path: Path):
    """`nippo export --journal -o F`, as somebody types it who means the journal; with a path it is the place, as everywhere."""
    wanted = lived.done("export", "--log").out
    assert lived.done("export", "--journal", "-o", str(tmp_path / "a.jsonl")).code == 0
    assert (tmp_path / "a.jsonl").read_bytes() == wanted.encode()
    assert lived.bare("--journal", str(lived.journal), "export", "--journal").out == wanted
    assert lived.bare("export", "--log", "--journal", str(lived.journal)).out == wanted


def test_a_word_that_reads_like_the_command_is_none(lived: Shell):
    """What is searched for may be called export: `--journal` without its path stays what it is."""
    said = lived.bare("log", "export", "--journal")
    assert said.code == 2
    assert "--journal" in said.err
    assert "--log" not in said.err


def test_what_was_begun_and_not_used_gives_way(lived: Shell, tmp_path: Path):
    """A journal that `nippo init` has just made is as good as none; it and its schema are set aside, not lost."""
    lived.done("export", "--log", "-o", str(tmp_path / "d.jsonl"))
    new = other(lived, tmp_path / "new")
    new.done("init")
    new.schema.write_text(new.schema.read_text("utf-8") + "# mine\n", "utf-8")
    said = new.done("import", str(tmp_path / "d.jsonl"))
    assert "journal.20261123-180000.db" in said.err
    assert new.done("log", "--json").json == lived.done("log", "--json").json
    assert any("# mine" in path.read_text("utf-8") for path in new.journal.glob("*.yaml"))
    assert new.schema.read_bytes() == lived.schema.read_bytes()


def test_a_journal_with_a_log_of_its_own_is_left_alone(lived: Shell, tmp_path: Path):
    """The hint's command then brings the file somewhere else."""
    lived.done("export", "--log", "-o", str(tmp_path / "d.jsonl"))
    new = other(lived, tmp_path / "new")
    new.deal("別の案件")
    before = files(new.journal)
    said = new("import", str(tmp_path / "d.jsonl"))
    assert (said.code, files(new.journal)) == (2, before)
    assert "すでに別の記録がある" in said.err
    assert "--journal" in said.err


def test_states_of_one_log_are_told_apart(lived: Shell, tmp_path: Path):
    """There already; there and more; an earlier state; two that went on apart."""
    early, late = tmp_path / "early.jsonl", tmp_path / "late.jsonl"
    lived.done("export", "--log", "-o", str(early))
    shutil.copytree(lived.journal, tmp_path / "twin")
    assert lived.done("import", str(early), "--json").json["what"] == "log_there"
    lived.deal("その後")
    lived.done("export", "--log", "-o", str(late))
    more = lived.done("import", str(early), "--json").json
    assert (more["what"], more["params"]["more"]) == ("log_there_and_more", 2)
    twin = other(lived, tmp_path / "twin")
    before = files(twin.journal)
    said = twin("import", str(late))
    assert (said.code, files(twin.journal)) == (2, before)
    assert "前の状態" in said.err
    twin.done("day", "-m", "別の道")
    assert twin("import", str(late)).code == 2


def test_a_dry_run_makes_nothing(lived: Shell, tmp_path: Path):
    """It checks the whole file all the same."""
    lived.done("export", "--log", "-o", str(tmp_path / "d.jsonl"))
    new = other(lived, tmp_path / "new")
    assert new.done("import", str(tmp_path / "d.jsonl"), "--dry-run", "--json").json["what"] == "log_would_be_brought"
    assert not new.journal.exists()
    (tmp_path / "cut.jsonl").write_bytes((tmp_path / "d.jsonl").read_bytes()[:-100])
    said = new("import", str(tmp_path / "cut.jsonl"), "--dry-run")
    assert (said.code, new.journal.exists()) == (2, False)
    assert "途中で切れて" in said.err


def test_who_stops_it_is_told_that_nothing_was_written(lived: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Ctrl-C when all but the last step is done: exit 130, as of any import, and no journal is there."""

    def stopped(*_args: object, **_options: object) -> None:
        raise KeyboardInterrupt

    lived.done("export", "--log", "-o", str(tmp_path / "d.jsonl"))
    new = other(lived, tmp_path / "new")
    monkeypatch.setattr("nippo_cli.journal.care.log_import.put_in_place", stopped)
    said = new("import", str(tmp_path / "d.jsonl"))
    assert (said.code, "途中で止めました。終わっていない取り込みは、何も書き込みません" in said.err) == (130, True)
    assert not list(new.journal.glob("*"))


def test_a_damaged_journal_gives_no_whole_file(lived: Shell, tmp_path: Path):
    """What stood in the file of before stays."""
    import sqlite3
    from contextlib import closing

    file = tmp_path / "d.jsonl"
    lived.done("export", "--log", "-o", str(file))
    before = file.read_bytes()
    with closing(sqlite3.connect(lived.db, isolation_level=None)) as cx:
        cx.execute("drop trigger record_unchanged")
        cx.execute(
            "update record set body = replace(body, '見積を送った', '値引を送った') where body like '%見積を送った%'"
        )
    said = lived("export", "--log", "-o", str(file))
    assert (said.code, file.read_bytes()) == (5, before)
    assert "壊れている" in said.err


def test_one_thing_at_a_time(lived: Shell, tmp_path: Path):
    """Each is refused with the command to type."""
    for argv in (("export",), ("export", str(tmp_path / "f"), "--log"), ("export", "--log", "--as-of", "2026-11-20"),
                 ("export", "--log", "--format", "csv"), ("export", "--log", "-o", str(tmp_path / "x.csv"))):  # fmt: skip
        assert lived(*argv).code == 2, argv
    assert list(tmp_path.glob("x.csv")) == []


def test_the_text_is_plain_json_lines(lived: Shell):
    """Each line an object, in UTF-8 as it is written; no line end within one."""
    lines = lived.done("export", "--log").out.splitlines()
    said = [json.loads(line) for line in lines]
    assert said[0]["nippo"] == "journal"
    assert [one["id"] for one in said[1:-1]] == list(range(1, len(lines) - 1))
