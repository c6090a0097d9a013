"""A field type is one class and one line: with that alone, every way in and every way out knows it."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from scripted import Scripted
from shell import FIRST, Shell
from throwaway_type import Stars

from nippo_cli.cli.add import asking, start
from nippo_cli.schema.templates import text_of
from nippo_cli.schema.types.field_type import TYPES
from nippo_cli.services.pages import Offers

FIELD = "\n  - {key: stars, label: 手応え, type: stars, least: 2, help: 会話の温度}\n"


@pytest.fixture
def rated(nippo: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Shell:
    """Nippo with one more type, on a journal whose schema has a field of it."""
    monkeypatch.setitem(TYPES, "stars", f"{Stars.__module__}.{Stars.__qualname__}")
    schema = tmp_path / "schema.yaml"
    schema.write_text(text_of("default").rstrip("\n") + FIELD, encoding="utf-8")
    nippo.done("init", "--template", str(schema))
    nippo.done("add", "切断機", *FIRST, "-m", "話を聞いた", "--stars", "★★★")
    return nippo


def entries(nippo: Shell) -> list[Any]:
    """Every entry, oldest first."""
    return sorted(nippo.done("log", "--json").json["entries"], key=lambda e: int(e["id"]))


def test_a_schema_may_have_it(rated: Shell):
    """It is checked, shown, and part of the JSON schema; a default is read by it, a bound is its own."""
    assert rated.done("schema", "check").code == 0
    assert "星の数" in rated.done("schema", "show").out
    allowed = rated.done("schema", "json-schema").json["$defs"]["FieldPart"]["properties"]["type"]
    assert "stars" in json.dumps(allowed)
    wrong = rated.schema.read_text(encoding="utf-8").replace("least: 2", 'default: "7"')
    rated.schema.write_text(wrong, encoding="utf-8")
    assert "星で答えてください" in rated("schema", "check").out


def test_an_option_takes_it(rated: Shell):
    """By its metavar in the help, canonical in the log, refused in its own words."""
    assert "STARS" in rated.done("add", "--help").out
    assert entries(rated)[0]["values"]["stars"] == 3
    refused = rated("add", "切断機", "--activity", "電話", "-m", "話した", "--stars", "六つ")
    assert refused.code != 0
    assert "星で答えてください" in refused.err


def test_a_question_asks_for_it(rated: Shell, monkeypatch: pytest.MonkeyPatch):
    """Named at what stands; `?` says how it is typed, and what was understood is echoed."""
    answers = ("", "切断機", "電", "手応え", "?", "5", "", "話した", "", "")
    terminal = Scripted(*answers)
    monkeypatch.setattr(asking, "PromptTerminal", lambda **_: terminal)
    monkeypatch.setattr(start, "can_converse", lambda: True)
    monkeypatch.setattr("nippo_cli.cli.frame.context.CliContext.interactive", True)
    answer = rated("add")
    assert (answer.code, terminal.left) == (0, []), answer.err
    assert "星を一つから五つ" in terminal.screen
    assert "5 → ★★★★★" in terminal.screen
    assert entries(rated)[-1]["values"]["stars"] == 5


def test_pages_show_it(rated: Shell):
    """As drawn, where a field's value stands."""
    assert rated.done("deal", "show", "切断機", "--json").json["entries"][0]["values"]["stars"] == 3
    assert "★★★" in rated.done("show", entries(rated)[0]["id"]).out
    assert "切断機" in rated.done("log", "--on", "2026-11-23").out


def test_tab_completes_it(rated: Shell):
    """By all that it can be."""
    assert [offer.word for offer in Offers(str(rated.db)).of("FIELD:--stars", "★★★★")] == ["★★★★", "★★★★★"]


def test_it_is_found_by_its_texts(rated: Shell):
    """Which the index holds."""
    assert "切断機" in rated.done("search", "星3つ").out


def test_a_correction_changes_it_and_a_past_day_does_not_know(rated: Shell, monkeypatch: pytest.MonkeyPatch):
    """The history shows both as drawn; as of the day before, the first stands."""
    entry = entries(rated)[0]["id"]
    monkeypatch.setenv("NIPPO_NOW", "2026-11-24T18:00:00+09:00")
    rated.done("edit", entry, "--stars", "5")
    assert entries(rated)[0]["values"]["stars"] == 5
    history = rated.done("show", entry, "--history").out
    assert "★★★ → ★★★★★" in history
    past = rated.done("log", "--as-of", "2026-11-23", "--json").json["entries"]
    assert past[0]["values"]["stars"] == 3


def test_an_erasure_leaves_it(rated: Shell):
    """It names nobody; the words beside it are taken."""
    entry = entries(rated)[0]["id"]
    rated.done("edit", entry, "--erase", "--why", "依頼")
    values = entries(rated)[0]["values"]
    assert (values["stars"], "facts" in values) == (3, False)


def test_a_file_brings_it_in_and_an_export_takes_it_out(rated: Shell, tmp_path: Path):
    """Column by column, both ways, and back in again."""
    rows = tmp_path / "rows.csv"
    rows.write_text(
        "番号,日付,案件,顧客,活動,内容,星\n1,2026-11-20,溶接機,青葉製作所,電話,電話した,★★★★\n", encoding="utf-8"
    )
    mapping = {
        "source": "試し", "file": {"type": "csv"}, "key": "番号", "on": "日付", "deal": "案件",
        "fields": {"customer": "顧客", "activity": "活動", "facts": "内容", "stars": "星", "stage": {"constant": "ヒアリング"},
                   "next_step": {"constant": "見積"}, "next_on": {"constant": "2026-12-01"}},
    }  # fmt: skip
    (tmp_path / "map.yaml").write_text(yaml.safe_dump(mapping, allow_unicode=True), encoding="utf-8")
    rated.done("import", str(rows), "--map", str(tmp_path / "map.yaml"))
    rated.done("export", str(tmp_path / "out"))
    with (tmp_path / "out" / "entries.csv").open(encoding="utf-8-sig", newline="") as file:
        assert sorted(row["stars"] for row in csv.DictReader(file)) == ["★★★", "★★★★"]
    other = str(tmp_path / "other")
    rated.done("--journal", other, "init", "--template", str(tmp_path / "schema.yaml"))
    rated.done(
        "--journal",
        other,
        "import",
        str(tmp_path / "out" / "entries.csv"),
        "--map",
        str(tmp_path / "out" / "import.yaml"),
    )
