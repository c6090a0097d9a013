"""`nippo export -o diary.sqlite`: the questions of docs/sql.md are asked, and held against what the commands say."""

import io
import json
import re
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest
from source_trees import ROOT

from nippo_cli.cli.frame.main import main

PAGE = (ROOT / "docs" / "sql.md").read_text(encoding="utf-8")
QUESTIONS = {int(n): sql for n, sql in re.findall(r"^### (\d+)\. .*?```sql\n(.*?)```", PAGE, re.MULTILINE | re.DOTALL)}
NOW = "2026-11-23T18:00:00+09:00"


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Callable[..., Any]]:
    """The demo's diary as tables, and its commands."""
    folder = tmp_path_factory.mktemp("sql")

    def run(*argv: str) -> Any:
        out = io.StringIO()
        with pytest.MonkeyPatch.context() as monkeypatch, redirect_stdout(out), redirect_stderr(io.StringIO()):
            for name, value in (("NIPPO_NOW", NOW), ("NIPPO_LANG", "en"), ("XDG_STATE_HOME", str(folder / "state"))):
                monkeypatch.setenv(name, value)
            assert main(argv) == 0
        return json.loads(out.getvalue()) if "--json" in argv else None

    def of_demo(*argv: str) -> Any:
        return run("--journal", str(folder / "demo"), *argv)

    run("demo", "--keep", str(folder / "demo"))
    of_demo("export", "-o", str(folder / "diary.sqlite"))
    return folder / "diary.sqlite", of_demo


def rows(file: Path, sql: str) -> list[tuple[Any, ...]]:
    """What a question is answered, the file opened to be read only."""
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as cx:
        return cx.execute(sql).fetchall()


def _summary(run: Callable[..., Any]) -> Any:
    return run("deal", "list", "--summary", "--json")


def _ends(run: Callable[..., Any]) -> list[tuple[Any, ...]]:
    said = _summary(run)
    return sorted((fate, n, said["amounts"][fate]) for fate, n in said["fates"].items())


def _win_rate(run: Callable[..., Any]) -> list[tuple[Any, ...]]:
    return [(_summary(run)["win_rate"], _summary(run)["win_rate_n"])]


def _lead(run: Callable[..., Any]) -> list[tuple[Any, ...]]:
    won = _summary(run)["lead_time_days"]["won"]
    return [(won["median"], won["n"])]


def _stages(run: Callable[..., Any]) -> list[tuple[Any, ...]]:
    stages = run("steps", "--json")["stages"]
    return [(s["stage"], s["standing"], s["standing_amount"]) for s in stages if s["standing"]]


def _contacts(run: Callable[..., Any]) -> list[tuple[Any, ...]]:
    october = ("log", "--month", "--on", "2026-10-15", "--json")
    people = sorted(run(*october)["authors"])
    return [(who, run(*october, "--by", who)["counts"]["contacts"]) for who in people]


def _won(run: Callable[..., Any]) -> list[tuple[Any, ...]]:
    counts = run("log", "--month", "--on", "2026-10-15", "--json")["counts"]
    return [(counts["won"], counts["won_amount"])]


def _reasons(run: Callable[..., Any]) -> list[tuple[Any, ...]]:
    reasons = run("lessons", "lost", "--json")["reasons"]
    return sorted(((one["reason"], one["n"]) for one in reasons), key=lambda one: (-one[1], one[0]))


def _deals(run: Callable[..., Any]) -> list[dict[str, Any]]:
    return run("deal", "list", "--limit", "0", "--json")["deals"]


def _overdue(run: Callable[..., Any]) -> list[tuple[Any, ...]]:
    late = [(d["id"], d["next_step"], d["next_overdue_days"]) for d in _deals(run) if d["next_overdue_days"] > 0]
    return sorted(late, key=lambda one: (-one[2], one[0]))


def _pushed(run: Callable[..., Any]) -> list[tuple[Any, ...]]:
    pushed = [(d["id"], d["pushes"], d["slip_days"]) for d in _deals(run) if d["pushes"]]
    return sorted(pushed, key=lambda one: (-one[1], -one[2], one[0]))[:5]


def _revenue(run: Callable[..., Any]) -> list[tuple[Any, ...]]:
    amounts = Counter[str]()
    for one in run("sales", "list", "--limit", "0", "--json")["sales"]:
        amounts[one["customer"]] += one["amount"]
    return sorted(amounts.items(), key=lambda one: (-one[1], one[0]))


COMMANDS = {
    1: _ends, 2: _win_rate, 3: _lead, 4: _stages, 5: _contacts, 6: _won, 7: _reasons, 8: _overdue, 9: _pushed, 10: _revenue,
}  # fmt: skip


def test_there_are_ten_questions():
    """Each of the page is asked here."""
    assert QUESTIONS.keys() == COMMANDS.keys()


@pytest.mark.parametrize("number", COMMANDS)
def test_a_question_is_answered_as_the_command_answers_it(asked, number):
    """Not a rounded figure, not one more."""
    file, run = asked
    said = COMMANDS[number](run)
    assert rows(file, QUESTIONS[number]) == said
    assert said


def test_every_column_is_documented(asked):
    """The contract is what the page says; whoever changes one changes both."""
    file, _ = asked
    tables = dict(rows(file, "select name, sql from sqlite_schema where type = 'table'"))
    of_page = {}
    for names, columns in re.findall(r"^\| (`[\w`, ]+) \| [^|]* \| (.*) \|$", PAGE, re.MULTILINE):
        for name, listed in zip(re.findall(r"`(\w+)`", names), columns.split(";"), strict=False):
            of_page[name] = re.findall(r"`(\w+)`", re.sub(r":.*", "", listed))
    assert of_page.keys() == tables.keys()
    for name in tables:
        assert of_page[name] == [row[1] for row in rows(file, f"pragma table_info({name})")], name


def test_days_are_iso_and_ids_as_printed(asked):
    """In every table, wherever a column holds days or ids."""
    file, run = asked
    shapes = {"date": re.compile(r"\d{4}-\d\d-\d\d"), "id": re.compile(r"(?:[a-z][a-z0-9]{1,3}-)?[1-9]\d*")}
    looked_at = 0
    for (name,) in rows(file, "select name from sqlite_schema where type = 'table'"):
        for _, column, kind, *_ in rows(file, f"pragma table_info({name})"):
            shape = shapes.get(kind.lower(), shapes["id"] if column == "id" or column.endswith("_id") else None)
            for (value,) in (
                rows(file, f"select distinct {column} from {name} where {column} is not null") if shape else ()
            ):
                assert shape.fullmatch(value), (name, column, value)
                looked_at += 1
    assert looked_at > 1000
    ids = {one["id"] for one in run("deal", "list", "--all", "--limit", "0", "--json")["deals"]}
    assert {one for (one,) in rows(file, "select id from deals")} == ids


def test_what_it_is_about_stands_in_it(asked):
    """The day, the zone, the currency, the contract's number."""
    file, _ = asked
    about = dict(rows(file, "select key, value from about"))
    assert (about["contract"], about["as_of"], about["currency"], about["currency_digits"]) == (
        "1",
        "2026-11-23",
        "JPY",
        "0",
    )


def test_it_is_whole_and_sound(asked):
    """Every entry of the diary, and SQLite's own check."""
    file, run = asked
    assert rows(file, "pragma integrity_check") == [("ok",)]
    assert rows(file, "select count(*) from entries") == [(run("log", "--limit", "0", "--json")["total"],)]
    # Lines and entries belong together.
    assert rows(file, "select count(*) from stays where entry_id not in (select id from entries)") == [(0,)]
    assert rows(file, "select count(*) from entries where deal_id not in (select id from deals)") == [(0,)]
