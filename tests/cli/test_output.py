"""Where answers go and in what form: data on stdout, everything else on stderr."""

import csv
import io
import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from shell import FIRST, Shell, files

READS = (("log",), ("show", "3"), ("deal", "show", "2"), ("deal", "list"), ("deal", "list", "--summary"), ("deal", "timeline", "2"),
         ("search", "話"), ("customer", "青葉"), ("gap",), ("gap", "stalled"), ("gap", "broken"), ("steps",),
         ("steps", "--by", "month"), ("steps", "--deals", "引合"), ("schema", "show"), ("schema", "check"),
         ("path",), ("doctor",), ())  # fmt: skip


@pytest.mark.parametrize("read", READS, ids=" ".join)
def test_stdout_is_data_alone(five: Shell, read):
    """With a notice to tell (a schema that is not adopted yet), JSON on stdout is still JSON."""
    five.schema.write_text(five.schema.read_text(encoding="utf-8") + "# 変えた\n", encoding="utf-8")
    answer = five.done(*read, "--json")
    json.loads(answer.out)
    assert str(five.schema) in answer.err or read in (("schema", "show"), ("schema", "check"), ("path",), ("doctor",))


@pytest.mark.parametrize("read", READS, ids=" ".join)
def test_every_answer_comes_in_every_format(five: Shell, read):
    """JSON lines are values, CSV has a head and rows of its width, Markdown and tables are not empty."""
    for line in five.done(*read, "--format", "jsonl").out.splitlines():
        json.loads(line)
    rows = list(csv.reader(io.StringIO(five.done(*read, "--format", "csv").out)))
    assert {len(row) for row in rows} == {len(rows[0])}
    assert five.done(*read, "--format", "md").out.strip()
    assert five.done(*read).out.strip()


@pytest.mark.parametrize("read", [r for r in READS if r not in (("path",), ("doctor",))], ids=" ".join)
def test_json_knows_no_language(five: Shell, read):
    """The same bytes in Japanese and in English."""
    assert five.done(*read, "--json", "--lang", "ja").out == five.done(*read, "--json", "--lang", "en").out


def test_json_is_short_for_format_json(five: Shell):
    """Before the command or after it."""
    wanted = five.done("log", "--json").out
    assert five.done("log", "--format", "json").out == wanted
    assert five.done("--json", "log").out == wanted


def test_limit_cuts_the_rows_and_not_the_count(five: Shell):
    """0 is all, a piped table is whole, and the total is told whatever is shown."""
    assert len(five.done("deal", "list", "--limit", "2", "--json").json["deals"]) == 2
    assert five.done("deal", "list", "--limit", "2", "--json").json["total"] == 5
    assert len(five.done("deal", "list", "--limit", "0", "--json").json["deals"]) == 5
    assert len(five.done("log", "-n", "3", "--json").json["entries"]) == 3
    for name in ("案件", "切断", "検査", "塗装", "溶接"):
        assert name in five.done("deal", "list").out


def test_a_file_holds_what_stdout_would(five: Shell, tmp_path: Path):
    """`-o FILE`: nothing on stdout, the file named on stderr; a CSV begins with the mark that Excel wants."""
    for fmt in ("table", "json", "jsonl", "md", "csv"):
        said = five.done("log", "--format", fmt).out
        answer = five.done("log", "--format", fmt, "-o", f"out.{fmt}")
        assert answer.out == ""
        assert f"out.{fmt}" in answer.err
        content = (tmp_path / f"out.{fmt}").read_bytes()
        assert content.startswith(b"\xef\xbb\xbf") is (fmt == "csv")
        assert content.decode("utf-8-sig") == said
    assert five.done("log", "-o", "-").out == five.done("log").out


@pytest.mark.parametrize(
    ("name", "fmt"),
    [
        ("a.csv", "csv"),
        ("a.JSON", "json"),
        ("a.jsonl", "jsonl"),
        ("a.md", "md"),
        ("a.txt", "table"),
        ("a", "table"),
        ("a.b", "table"),
        ("a.2026", "table"),
        ("a.log", "table"),
    ],
)
def test_a_files_ending_is_the_format(kept: Shell, tmp_path: Path, name, fmt):
    """Where no other is asked for; what an ending means is replaced by the same command. A CSV file has its heads in words unless
    keys are asked for."""
    heads = ("--heads", "keys") if fmt == "csv" else ()
    for _ in range(2):
        kept.done("log", "-o", name, *heads, *(("--force",) if name in ("a", "a.b", "a.2026") else ()))
    assert (tmp_path / name).read_text(encoding="utf-8-sig") == kept.done("log", "--format", fmt).out
    kept.done("log", "--json", "-o", "b.csv")
    assert json.loads((tmp_path / "b.csv").read_text(encoding="utf-8")) == kept.done("log", "--json").json


def test_a_tsv_is_separated_by_tabs_and_starts_no_formula(kept: Shell, tmp_path: Path):
    """As a spreadsheet opens it: the cells of the CSV, behind a mark."""
    kept.done("add", "--new-deal", "案件T", "--customer", "甲社", "--activity", "電話", "-m", "=1+1\tと\nいう話")
    kept.done("log", "-o", "a.tsv")
    kept.done("log", "-o", "a.csv")
    tabs, commas = (
        list(csv.reader((tmp_path / name).read_text(encoding="utf-8-sig").splitlines(keepends=True), delimiter=mark))
        for name, mark in (("a.tsv", "\t"), ("a.csv", ","))
    )
    assert tabs == commas
    assert any(cell.startswith("'=1+1") for row in tabs for cell in row)


@pytest.mark.parametrize(
    "name", ["a.docx", "a.xls", "a.ods", "a.yaml", "a.xml", "a.zip", "a.numbers", "a.png", "a.DOCX", "a.yml", "a.jtd"]
)
def test_another_programs_ending_is_refused_with_those_that_are_allowed(kept: Shell, tmp_path: Path, name: str):
    """A format that is asked for goes before the ending."""
    answer = kept("log", "-o", name)
    assert (answer.code, ".xlsx" in answer.err, ".tsv" in answer.err) == (2, True, True)
    assert not (tmp_path / name).exists()
    kept.done("log", "--format", "csv", "-o", name)
    assert (tmp_path / name).exists()


@pytest.mark.parametrize(
    "name", ["notes.v2", "log.old", "log.bak", "memo.2026", "月報.佐藤", "週報.final", "a.ja", "a.2026-11", "memo"]
)
def test_an_ending_that_no_program_owns_is_a_name_like_any_other(kept: Shell, tmp_path: Path, name: str):
    """The table, as on the screen."""
    kept.done("log", "-o", name)
    assert (tmp_path / name).read_text(encoding="utf-8") == kept.done("log").out


def test_several_answers_of_one_command_stand_in_one_file(kept: Shell, tmp_path: Path):
    """Two reports of one file: the second takes nothing from the first, as on stdout; a CSV has one mark."""
    reports = [f"- {{deal: 案件, activity: 電話, facts: {said}}}\n" for said in ("一つ目", "二つ目")]
    (tmp_path / "two.yaml").write_text("".join(reports), encoding="utf-8")
    add = ("add", "--from-file", "two.yaml", "--dry-run", "--format", "csv")
    kept.done(*add, "-o", "both.csv")
    content = (tmp_path / "both.csv").read_bytes()
    assert content.decode("utf-8-sig") == kept.done(*add).out
    assert content.count(b"\xef\xbb\xbf") == 1


@pytest.mark.parametrize("read", READS[:9], ids=" ".join)
def test_reading_changes_no_file(five: Shell, tmp_path: Path, read):
    """Bytes and times of every file are as before, and none is made."""
    before = files(tmp_path)
    for fmt in ("table", "json"):
        five.done(*read, "--format", fmt)
    assert files(tmp_path) == before


@pytest.mark.parametrize("read", [r for r in READS if r], ids=" ".join)
def test_reading_makes_no_journal(nippo: Shell, tmp_path: Path, read):
    """Where there is none, a page is exit 4 (or, where it needs none, an answer), and nothing is made."""
    answer = nippo(*read)
    assert answer.code == (0 if read in (("schema", "show"), ("path",)) else 4)
    assert list(tmp_path.iterdir()) == []


def test_bare_nippo_without_a_journal_says_how_to_begin(nippo: Shell, tmp_path: Path):
    """Exit 0, and nothing is made."""
    assert "nippo add" in nippo.done().out
    assert nippo.done("--json").json["live"] == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("write", [
    ("edit", "3", "--facts", "x"), ("undo",), ("deal", "rename", "a", "b"), ("deal", "merge", "a", "b"),
    ("deal", "assign", "a", "b"), ("deal", "hold", "a", "--until", "+7d", "--why", "x"), ("edit", "3", "--retract"),
    ("edit", "3", "--erase", "--why", "x"), ("backup",), ("doctor", "--rebuild"),
], ids=" ".join)  # fmt: skip
def test_a_correction_makes_no_journal(nippo: Shell, tmp_path: Path, write):
    """What has nothing to correct is not there: exit 4, and no empty journal is left behind."""
    assert nippo(*write).code == 4
    assert list(tmp_path.iterdir()) == []


def test_the_first_entry_makes_the_journal_and_says_where(nippo: Shell):
    """No set-up; the folder is its owner's alone."""
    answer = nippo.done("add", "案件", *FIRST, "-m", "話した")
    assert str(nippo.journal) in answer.err
    assert nippo.db.stat().st_mode & 0o777 == 0o600
    assert nippo.journal.stat().st_mode & 0o777 == 0o700
    assert nippo.schema.is_file()
    assert nippo.done("add", "案件", "--activity", "電話", "-m", "また話した").err == ""


# The shell does what a test's own streams can't: a disk that is full, a stream that is closed.
ADD = "add 案件 --activity 電話 -m x"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no disk that is always full")
def test_an_answer_that_cannot_be_written_is_no_fault_of_nippos(kept: Shell):
    """Whoever typed it is told that the record stands, so that nobody types it twice."""
    answer = in_a_shell(kept, f"{ADD} >/dev/full")
    assert answer.returncode == 1
    assert f"nippo --journal {kept.journal} log" in answer.stderr
    assert "OSError" not in answer.stderr
    assert kept.done("log", "--json").json["total"] == 2


@pytest.mark.skipif(os.name == "nt", reason="a stream is closed by a POSIX shell")
@pytest.mark.parametrize("closed", [">&-", "2>&-"])
def test_a_closed_stream_stops_no_work(kept: Shell, closed):
    """Nobody wants the answer, the entry is wanted all the same."""
    assert in_a_shell(kept, f"{ADD} {closed}").returncode == 0
    assert kept.done("log", "--json").json["total"] == 2


def in_a_shell(kept: Shell, line: str) -> subprocess.CompletedProcess[str]:
    """A command as it is typed, with redirections."""
    nippo = f"{shlex.quote(sys.executable)} -c 'from nippo_cli.cli.frame.main import run; run()'"
    typed = f"{nippo} --journal {shlex.quote(str(kept.journal))} {line}"
    return subprocess.run(["sh", "-c", typed], capture_output=True, encoding="utf-8", check=False)
