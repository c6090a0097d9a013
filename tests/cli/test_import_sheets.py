"""Sheets at the command line: what the report says of titles and totals, standard input and pipes, JSON with a path to its list."""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from shell import Shell

from nippo_cli.exchange import incoming

MAP = """\
source: sheet
on: {column: 日付}
deal: 案件
author: {constant: 山田}
incomplete: {constant: "true"}
fields: {customer: 顧客, activity: 活動, facts: 内容}
"""
HEAD = "日付,案件,顧客,活動,内容\n"
ROWS = "2026/11/20(金) 10:30,A機,B社,電話,x\n2026/11/21,C機,D社,訪問,y\n"


@pytest.fixture
def bring(kept: Shell, tmp_path: Path):
    """Text under a name, and a map → the import's command, in JSON."""

    def bring(text: str, *, name: str = "rows.csv", map_text: str = MAP):
        (tmp_path / name).write_text(text, encoding="utf-8")
        (tmp_path / "map.yaml").write_text(map_text, encoding="utf-8")
        return kept("import", name, "--map", "map.yaml", "--json")

    return bring


def test_the_report_says_what_of_a_sheet_is_no_row(kept: Shell, bring):
    """Titles above the header, a sum below, a row that ends early; in the numbers and on the screen."""
    answer = bring(f"営業日報,,,,\n出力日 2026/11/20,,,,\n{HEAD}{ROWS}2026/11/22,E機,F社,電話\n合計,,,,3\n")
    assert answer.code == 0
    found = answer.json
    assert (found["header_line"], found["above_header"]) == (3, ["営業日報", "出力日 2026/11/20"])
    assert (found["rows"], found["taken"], found["skipped"]) == (4, 3, 1)
    assert found["odd_rows"] == [
        {"why": "total", "rows": 1, "lines": [7]},
        {"why": "short", "rows": 1, "lines": [6]},
    ]
    screen = kept.done("import", "rows.csv", "--map", "map.yaml").out
    assert "見出しは 3 行目です。その上は読み飛ばしました: 営業日報、出力日 2026/11/20" in screen
    assert "合計・小計の行を除きました: 1行（7 行目）" in screen
    assert "残りを空欄として読みました: 1行（6 行目）" in screen


def test_a_number_of_excel_is_named_as_what_it_is(kept: Shell, bring):
    """With the day that it may be and what to write in the map."""
    answer = bring(HEAD + "46346,A機,B社,電話,x\n")
    assert answer.code == 3
    (problem,) = answer.json["rejects"][0]["problems"]
    assert (problem["said"], problem["needs"]) == ("46346", "exchange.needs.excel")
    assert "2026-11-20" in problem["message"]
    assert "format: excel" in problem["message"]
    map_text = MAP.replace("{column: 日付}", "{column: 日付, format: excel}")
    assert bring(HEAD + "46346,A機,B社,電話,x\n", map_text=map_text).json["taken"] == 1
    assert "2026-11-20" in [entry["on"] for entry in kept.done("log", "--json").json["entries"]]


def test_json_with_a_path_to_its_list(bring):
    """Without it the ways to the lists that there are, are named."""
    rows = [{"日付": "2026/11/20", "案件": "A機", "顧客": "B社", "活動": "電話", "内容": "x"}]
    text = json.dumps({"meta": {"n": 1}, "data": {"note": "[", "items": rows, "other": [1]}, "end": None}, indent=1)
    answer = bring(text, name="rows.json")
    assert (answer.code, answer.out) == (2, "")
    assert "data.items" in answer.err
    for path in ("data.items", "[data, items]"):
        found = bring(text, name="rows.json", map_text=MAP + f"file: {{path: {path}}}\n").json
        assert found["taken"] + found["known"] == 1
    answer = bring(text, name="rows.json", map_text=MAP + "file: {path: data.rows}\n")
    assert answer.code == 2
    assert "data.rows" in answer.err
    assert "data.items" in answer.err
    answer = bring(HEAD + ROWS, map_text=MAP + "file: {path: data}\n")
    assert (answer.code, "rows.csv" in answer.err) == (2, True)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (HEAD + ROWS, "csv"),
        (json.dumps([{"日付": "2026/11/20", "案件": "A機", "顧客": "B社"}, {"日付": "2026/11/21"}]), "json"),
        ('{"日付": "2026/11/20", "案件": "A機", "顧客": "B社"}\n{"日付": "2026/11/21"}\n', "jsonl"),
    ],
)
def test_standard_input_is_a_file(kept: Shell, bring, tmp_path: Path, text, kind):
    """CSV, JSON or JSONL by its first letter; what fails is written beside, what can't be read is called by its sign."""
    bring("日付\n")
    (tmp_path / "map.yaml").write_text(
        MAP if kind == "csv" else MAP.replace("{customer: 顧客, activity: 活動, facts: 内容}", "{customer: 顧客}"),
        encoding="utf-8",
    )

    def piped(said: str, *argv: str):
        return subprocess.run(
            [sys.executable, "-m", "nippo_cli", "--journal", str(kept.journal), "import", "-", "--map", "map.yaml", *argv],
            input=said, capture_output=True, text=True, encoding="utf-8", check=False, cwd=tmp_path,
            env={**os.environ, "PYTHONUTF8": "1"},
        )  # fmt: skip

    found = json.loads(piped(text, "--json").stdout)
    assert (found["file"], found["taken"]) == ("-", 2)
    if kind == "csv":
        assert piped(text + "x,y\n", "--on-error", "skip").returncode == 0
        assert "nippo_line" in (tmp_path / "stdin.rejects.csv").read_text(encoding="utf-8-sig")
        empty = piped("")
        assert (empty.returncode, "nippo-" in empty.stderr, "-" in empty.stderr) == (2, False, True)


@pytest.mark.skipif(os.name == "nt", reason="no named pipes in folders on Windows")
@pytest.mark.parametrize("command", ["import", "sales import", "target import"])
def test_a_pipe_that_somebody_writes_into_is_a_file(kept: Shell, tmp_path: Path, command):
    """A named one, as process substitution makes them too."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    text, map_text = {
        "import": (HEAD + ROWS, MAP),
        "sales import": (
            "日,客,額\n2026-11-20,A社,5\n2026-11-21,B社,6\n",
            "source: s\non: 日\ncustomer: 客\namount: 額\n",
        ),
        "target import": (
            "担当,月,目標\n佐藤,2026-12,5\n鈴木,2026-12,6\n",
            "source: s\nowner: 担当\nmonth: 月\namount: 目標\n",
        ),
    }[command]
    (tmp_path / "map.yaml").write_text(map_text, encoding="utf-8")
    writing = threading.Thread(target=pipe.write_text, args=(text,), kwargs={"encoding": "utf-8"})
    writing.start()
    found = kept.done(*command.split(), "pipe", "--map", "map.yaml", "--json").json
    writing.join()
    assert (found["file"], found["taken"]) == ("pipe", 2)


def test_a_ledger_is_a_sheet_too(kept: Shell, tmp_path: Path):
    """Titles, sums, units, merged days and totals, as in an import of entries."""
    (tmp_path / "s.csv").write_text(
        '売上一覧（千円）\n\n計上日,得意先,売上,値引,売上\n46346,A社,"1,200",▲0.5,x\n,B社,300,,x\n,合計,1500,,x\n小計,,1500\n2026/11/21,C社,5\n',
        encoding="utf-8",
    )  # fmt: skip
    (tmp_path / "s.yaml").write_text(
        'source: 会計\non: {column: 計上日, format: [excel, "%Y/%m/%d"], fill: down}\ncustomer: 得意先\n'
        "amount: {sum: [{name: 売上, nth: 1}, 値引], unit: 千円}\n",
        encoding="utf-8",
    )
    found = kept.done("sales", "import", "s.csv", "--map", "s.yaml", "--json").json
    assert (found["header_line"], found["taken"], found["skipped"]) == (3, 3, 2)
    assert [(odd["why"], odd["lines"]) for odd in found["odd_rows"]] == [("total", [6, 7]), ("short", [7, 8])]
    sales = kept.done("sales", "list", "--json").json["sales"]
    assert [(sale["on"], sale["customer"], sale["amount"]) for sale in sales] == [
        ("2026-11-21", "C社", 5_000), ("2026-11-20", "B社", 300_000), ("2026-11-20", "A社", 1_199_500),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("columns", "names"),
    [("担当者,年月,計画", "目標金額"), ("担当者,期,目標", "年月"), ("誰,月,目標", "担当者")],
)
def test_a_table_of_targets_that_lacks_a_column_says_which(kept: Shell, tmp_path: Path, columns, names):
    """With the names that it may have, and those that the file has."""
    (tmp_path / "t.csv").write_text(f"{columns}\n藤井,2027-04,3000\n", encoding="utf-8")
    answer = kept("target", "import", "t.csv", "--dry-run")
    assert (answer.code, answer.out) == (2, "")
    for said in ("t.csv", names, *columns.split(",")):
        assert said in answer.err


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with a name are POSIX's")
def test_a_pipe_whose_writer_takes_long_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Somebody holds it open and has written nothing yet; without anybody it is not waited for."""
    monkeypatch.setattr(incoming, "_SECONDS_WITHOUT_WRITER", 0.2)
    os.mkfifo(tmp_path / "pipe")
    pipe = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    assert not incoming._has_writer(pipe)
    writer = os.open(tmp_path / "pipe", os.O_WRONLY)
    assert incoming._has_writer(pipe)
    os.close(writer)
    os.close(pipe)
