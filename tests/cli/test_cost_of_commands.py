"""What the daily commands and the pages read: never every entry, and as many statements for a large journal as for a small one."""

import importlib.util
import io
import json
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest
from shell import settle

from nippo_cli.cli.frame.main import main

SIZES = (300, 3000)
GENERATE = Path(__file__).parents[2] / "benchmarks" / "generate.py"
COMMANDS = {
    "add": ("add", "電話の案件", "--activity", "電話", "-m", "話を聞いた", "--next-step", "再訪問"),
    "deal show": ("deal", "show", "電話の案件"),
    "nippo": (),
    "search": ("search", "見積", "--limit", "20"),
    "deal list": ("deal", "list", "--limit", "20"),
    "deal list, all live": ("deal", "list"),
    "steps": ("steps",),
    "lessons": ("lessons",),
    "gap": ("gap", "--limit", "10"),
    "gap aftercare": ("gap", "aftercare"),
}
TAB = "TAB"
# The small journal with 3,000 entries besides that belong to no deal.
LONGER = 0
IN_HOUSE = """
source: inhouse
file: {type: csv, encoding: utf-8}
key: 番号
on: {column: 日付, format: "%Y-%m-%d"}
author: 担当
fields: {activity: 活動, facts: 事実}
"""
# Each time SQLite's machine has made so many steps, it is told.
STEPS = 100
# A table that grows with every day of writing. No question that people ask daily goes through all of one.
_LONG = ("entry", "record")
# Indexes of a few of their rows: what was written down late, is incomplete, corrects another, imported many.
_SHORT = re.compile(r"INDEX (entry_incomplete|entry_late|record_imports|record_target)\b")
_ALIAS = r"\b{table}\s+(?:as\s+)?{alias}\b"


@pytest.fixture(scope="session")
def journals(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """Journals of the benchmarks' rows, and in each a deal of one entry."""
    spec = importlib.util.spec_from_file_location("benchmarks_generate", GENERATE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    folder = tmp_path_factory.mktemp("journals")
    made = {}
    with pytest.MonkeyPatch.context() as monkeypatch, redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        settle(monkeypatch, folder)
        monkeypatch.setenv("NIPPO_NOW", "2026-07-06T18:00:00+09:00")
        for size in SIZES:
            module.generate(size, folder)
            made[size] = folder / f"journal-{size}"
            made[size].mkdir()
            shutil.copy(folder / "schema.yaml", made[size])
            here = ("--journal", str(made[size]))
            source = str(folder / f"entries-{size}.csv")
            assert main([*here, "import", source, "--map", str(folder / "import.yaml")]) == 0
            begin = ("--new-deal", "--customer", "青葉製作所", "--kind", "新規", "--source", "紹介")
            assert main([*here, "add", "電話の案件", *begin, "--activity", "電話", "-m", "初めての電話"]) == 0
        made[LONGER] = folder / "journal-longer"
        shutil.copytree(made[SIZES[0]], made[LONGER])
        rows = [",".join((f"社内{n}", "2024-03-04", "青木一", "社内", "朝礼")) for n in range(3000)]
        (folder / "in-house.csv").write_text("\n".join(("番号,日付,担当,活動,事実", *rows)), encoding="utf-8")
        (folder / "in-house.yaml").write_text(IN_HOUSE, encoding="utf-8")
        source = str(folder / "in-house.csv")
        assert main(["--journal", str(made[LONGER]), "import", source, "--map", str(folder / "in-house.yaml")]) == 0
    return made


@pytest.fixture
def asked(journals, monkeypatch, tmp_path, capsys):
    """What a command asks of SQLite in the journal of a size: the statements, parameters put in, and how often its machine
    made `STEPS` steps for them."""
    settle(monkeypatch, tmp_path)
    monkeypatch.setenv("NIPPO_NOW", "2026-07-06T18:00:00+09:00")
    connect = sqlite3.connect

    def traced(name: str, size: int) -> tuple[list[str], int]:
        statements: list[str] = []
        steps: list[int] = []

        def watched(*args: Any, **options: Any) -> sqlite3.Connection:
            cx = connect(*args, **options)
            cx.set_trace_callback(statements.append)
            cx.set_progress_handler(lambda: steps.append(1), STEPS)
            return cx

        with monkeypatch.context() as patch:
            patch.setattr(sqlite3, "connect", watched)
            if name == TAB:
                patch.setenv("_NIPPO_COMPLETE", "complete_bash")
                patch.setenv("NIPPO_JOURNAL", str(journals[size]))
                patch.setenv("COMP_LINE", "nippo deal show 電")
                patch.setenv("_NIPPO_TEXT", "電")
                main([])
            else:
                assert main(["--journal", str(journals[size]), "--no-input", *COMMANDS[name]]) == 0
        capsys.readouterr()
        return statements, len(steps)

    return traced


def scans(journal: Path, statements: list[str]) -> Iterator[tuple[str, str]]:
    """The steps of SQLite's plans that go through all of a long table, each with its statement."""
    with closing(sqlite3.connect(journal / "journal.db")) as cx:
        for statement in statements:
            if not re.match(r"\s*(select|with|insert|update|delete)\b", statement, re.IGNORECASE):
                continue
            try:
                plan = cx.execute(f"explain query plan {statement}").fetchall()
            except sqlite3.OperationalError:
                # Of the index of the search, or of a table that was there for a moment.
                continue
            for *_, step in plan:
                scanned = re.match(r"SCAN (\w+)(?! VIRTUAL)", step)
                if (
                    scanned
                    and not _SHORT.search(step)
                    and any(
                        scanned[1] == table or re.search(_ALIAS.format(table=table, alias=scanned[1]), statement)
                        for table in _LONG
                    )
                ):
                    yield step, statement


@pytest.mark.parametrize("name", [*COMMANDS, TAB])
def test_no_daily_command_goes_through_every_entry(name: str, asked, journals):
    """As SQLite plans each of its statements: neither the entries nor the records are scanned, by whatever index."""
    statements, _ = asked(name, SIZES[1])
    assert statements
    assert list(scans(journals[SIZES[1]], statements)) == []


@pytest.mark.parametrize("name", [name for name in [*COMMANDS, TAB] if name != "search"])
def test_entries_that_a_question_is_not_about_cost_it_nothing(name: str, asked):
    """Thousands of days in the house, of no deal: SQLite's machine makes as many steps as without them."""
    (_, few), (_, many) = asked(name, SIZES[0]), asked(name, LONGER)
    assert few
    assert many <= few * 1.05 + 5


@pytest.mark.parametrize("name", ["deal show", "nippo", "deal list", "deal list, all live", "steps", TAB])
def test_a_page_asks_a_large_journal_no_more_often_than_a_small_one(name: str, asked):
    """No statement is put once a deal, or once an entry; the morning asks once for each stage and kind of live deals."""
    few, many = (len(asked(name, size)[0]) for size in SIZES)
    assert many <= few + 16


@pytest.mark.parametrize(
    "asked_for", [(), ("--all",), ("--fate", "fizzled"), ("--fate", "lost"), ("--owner", "青木一")]
)
@pytest.mark.parametrize("as_of", ["2026-07-06", "2025-11-20"])
def test_a_list_that_is_cut_is_the_head_of_the_whole_one(asked_for, as_of, journals, monkeypatch, tmp_path, capsys):
    """The same deals with the same figures, and the same total."""
    settle(monkeypatch, tmp_path)
    monkeypatch.setenv("NIPPO_NOW", "2026-07-06T18:00:00+09:00")

    def listed(limit: str) -> Any:
        capsys.readouterr()
        command = ("deal", "list", *asked_for, "--as-of", as_of, "--limit", limit, "--json")
        assert main(["--journal", str(journals[SIZES[1]]), *command]) == 0
        return json.loads(capsys.readouterr().out)

    whole, cut = listed("0"), listed("2")
    assert len(whole["deals"]) == whole["total"] > 0
    assert cut["deals"] == whole["deals"][:2]
    assert cut["total"] == whole["total"]


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """What a command asks of SQLite, statement by statement, parameters left out."""
    connect = sqlite3.connect

    def of(journal: Path, *argv: str) -> list[str]:
        asked: list[str] = []

        def traced(*args: Any, **kwargs: Any) -> sqlite3.Connection:
            cx = connect(*args, **kwargs)
            cx.set_trace_callback(asked.append)
            return cx

        with monkeypatch.context() as patch, redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            patch.setattr(sqlite3, "connect", traced)
            assert main(["--journal", str(journal), *argv]) == 0
        return asked

    return of


def test_a_page_of_a_customer_looks_through_all_names_once(journals: dict[int, Path], statements) -> None:
    """Whose deals, contacts and people these are is asked several times; which spellings are the customer's, once a day asked. A
    name that was typed whole is looked up, not searched for among all."""
    from nippo_cli.journal.asof import known

    with closing(sqlite3.connect(journals[SIZES[0]] / "journal.db")) as cx:
        (name,) = cx.execute("select customer from deal where customer <> '' limit 1").fetchone()
    asked = statements(journals[SIZES[0]], "prep", name)
    assert [of for of in asked if "recursive found" in of] == [known.EVERY_CUSTOMER]


def test_the_page_of_all_gaps_reads_the_closes_of_no_deal_twice(asked) -> None:
    """Which dates ran away, and which pushes were told early, is asked of the same deals."""
    statements, _ = asked("gap", SIZES[1])
    of_closes = [
        re.findall(r"\d+", of.partition("json_each(")[2].partition(")")[0]) for of in statements if "'closes'" in of
    ]
    deals = [deal for ids in of_closes for deal in ids]
    assert len(of_closes) > 1
    assert len(set(deals)) == len(deals) > 0


def test_tab_names_no_customer_that_is_written_otherwise(asked) -> None:
    """Whose deals to offer is looked up in the index of the search: to take every name apart takes ten times as long."""
    statements, _ = asked(TAB, SIZES[1])
    assert [of for of in statements if "recursive found" in of] == []
    assert any("deal_search_text" in of for of in statements)


def test_all_customers_are_asked_for_at_once(journals: dict[int, Path], statements) -> None:
    """Ten times as many customers, and no more statements."""
    few, many = (len(statements(journals[size], "customer")) for size in SIZES)
    assert many == few


def test_a_table_of_deals_reads_no_more_of_each_than_it_says(journals: dict[int, Path], statements) -> None:
    """All live deals by one statement, of the columns that a row says; as data all that a deal's row has."""
    from nippo_cli.journal.log import HEAD_COLUMNS
    from nippo_cli.journal.read.listed import LISTED

    said = LISTED.partition("\nfrom deal")[0].strip()
    table, data = (
        [of for of in statements(journals[SIZES[1]], "deal", "list", *form) if " name, customer, " in of]
        for form in ((), ("--json",))
    )
    assert len(table) == len(data) == 1
    assert said in table[0]
    assert HEAD_COLUMNS not in table[0]
    assert HEAD_COLUMNS in data[0]
