"""`schema.yaml` as a team leaves it: broken, gone, from a newer nippo, hostile, or simply changed."""

from pathlib import Path

import pytest
from scripted import Scripted
from shell import Shell

ADD = ("add", "案件", "--activity", "電話", "-m", "話した")
READS = (("log",), ("deal", "show", "案件"), ("gap", "stalled"), ("search", "話"), ("deal", "list"), ())
# Ten to the ninth entries, were the aliases followed.
BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join([f'*{chr(97 + i)}'] * 10)}]\n" for i in range(8)
)
BROKEN = {
    "not yaml": ("nippo: 1\nname: [a\n", "schema.yaml:"),
    "an unknown key": ("nippo: 1\nname: a\nstagse: []\n", "schema.yaml:3"),
    "newer": ("nippo: 2\nname: a\n", "schema.yaml:1"),
    "a bomb of aliases": (BOMB, "schema.yaml:1"),
    "a tag": ("nippo: 1\nname: !!python/object/apply:os.system [x]\n", "schema.yaml:2"),
    "a key twice": ("nippo: 1\nname: a\nname: b\n", "schema.yaml:3"),
}


@pytest.mark.parametrize(("text", "where"), BROKEN.values(), ids=BROKEN)
def test_a_broken_schema_stops_writes_and_no_reads(kept: Shell, text, where):
    """A write says file and line, exit 2, and adds nothing; a read goes on under the last good one with a notice."""
    kept.schema.write_text(text, encoding="utf-8")
    before = kept.db.read_bytes()
    answer = kept(*ADD)
    assert (answer.code, answer.out) == (2, "")
    assert where in answer.err
    for read in READS:
        found = kept.done(*read)
        assert str(kept.schema) in found.err, "the notice"
        assert str(kept.schema) not in found.out
    assert kept.db.read_bytes() == before


@pytest.mark.parametrize(("text", "where"), [*BROKEN.values(), ("", "schema.yaml:1")], ids=[*BROKEN, "nothing in it"])
def test_schema_check_says_file_and_line(kept: Shell, text, where):
    """Exit 3 and every problem with its place; the same as data with `--json`."""
    kept.schema.write_text(text, encoding="utf-8")
    answer = kept("schema", "check")
    assert answer.code == 3
    assert where in answer.out
    found = kept("schema", "check", "--json").json
    assert not found["sound"]
    assert found["problems"]


def test_a_misspelt_key_gets_a_did_you_mean(kept: Shell):
    """`stagse` may have been `stages`."""
    kept.schema.write_text("nippo: 1\nname: a\nstagse: []\n", encoding="utf-8")
    assert "stages" in kept("schema", "check").out


def test_a_schema_that_is_gone_is_still_in_the_log(kept: Shell):
    """Reads and writes go on under the one last adopted; nothing is put in its place."""
    kept.schema.unlink()
    kept.done(*ADD)
    assert kept.done("schema", "show", "--json").json["agreement"]["name"] == "生産財メーカーの標準"
    assert kept("add", "案件", "--activity", "散歩", "-m", "x").code == 3
    assert not kept.schema.exists()


def test_a_changed_schema_is_adopted_by_the_next_write(kept: Shell):
    """Until then a read notices it; the write says so once, and its new choice can be used at once."""
    text = kept.schema.read_text(encoding="utf-8")
    kept.schema.write_text(text.replace("電話", "通話"), encoding="utf-8")
    assert str(kept.schema) in kept.done("log").err
    answer = kept.done("add", "案件", "--activity", "通話", "-m", "話した")
    assert str(kept.schema) in answer.err
    assert kept.done("log").err == ""
    assert kept.done("add", "案件", "--activity", "通話", "-m", "話した").err == ""
    assert {e["values"]["activity"] for e in kept.done("log", "--json").json["entries"]} == {"call"}


def test_a_renamed_label_breaks_no_rule_even_where_rules_name_labels(nippo: Shell):
    """失注 asks for its reason, 相談 for a customer, twice renamed or not; a check has no word of it, and old words are understood
    where they are typed and where an import's map has them."""
    text = """nippo: 1
name: x
stages: [{key: talk, label: 相談}, {key: won, label: 受注, ends: won}, {key: lost, label: 失注, ends: lost}]
activities: [{key: visit, label: 訪問}]
fields:
  - {key: deal, label: 案件, type: deal, role: deal}
  - {key: customer, label: 顧客, type: customer, role: customer, required_when: {stage: 相談}}
  - {key: stage, label: フェーズ, type: choice, role: stage}
  - {key: activity, label: 活動, type: choice, role: activity, default: 訪問}
  - {key: facts, label: 事実, type: text, role: facts}
  - {key: lost_reason, label: 失注理由, type: choice, role: lost_reason, choices: [{key: price, label: 価格}], required_when: {stage: 失注}}
"""
    nippo.journal.mkdir(parents=True, exist_ok=True)
    Path("rows.csv").write_text("日付,件名,段階\n2026-11-20,別件,失注\n", encoding="utf-8")
    Path("map.yaml").write_text(
        "source: old\ndeal: 件名\nentries:\n  - on: 日付\n    fields:\n      stage: {column: 段階, values: {失注: 失注}}\n"
        "      lost_reason: {constant: 価格}\n      customer: {constant: 北斗}\n",
        encoding="utf-8",
    )
    for words in ({}, {"相談": "面談"}, {"面談": "商談", "失注": "逸注", "訪問": "往訪", "価格": "値段"}):
        for old, new in words.items():
            text = text.replace(f"label: {old}}}", f"label: {new}}}").replace(f"label: {old},", f"label: {new},")
        nippo.schema.write_text(text, encoding="utf-8")
        assert nippo("schema", "check").code == 0
        for stage, needed in (("相談", "顧客"), ("失注", "失注理由")):
            answer = nippo("add", "試し", "--new-deal", "--stage", stage, "-m", "話", "--json")
            assert (answer.code, needed in answer.err) == (3, True), stage
        deal = ("案件",) if words else ("案件", "--new-deal")
        nippo.done("add", *deal, "--customer", "青葉", "--stage", "相談", "-m", "話")
        nippo.done("import", "rows.csv", "--map", "map.yaml", "--dry-run")
    answer = nippo.done(
        "add", "案件", "--customer", "青葉", "--stage", "失注", "--lost-reason", "価格", "-m", "話", "--json"
    )
    values = answer.json["entry"]["values"]
    assert (values["stage"], values["lost_reason"], values["activity"]) == ("lost", "price", "visit")
    assert "逸注" in nippo.done("deal", "show", "案件").out


def test_help_stands_on_the_last_good_schema(kept: Shell):
    """A broken file must not take `add --help` away."""
    kept.schema.write_text("nippo: 1\nname: [a\n", encoding="utf-8")
    answer = kept.done("add", "--help")
    assert "--next-step" in answer.out


def test_a_schema_elsewhere_is_named_by_an_option(nippo: Shell, tmp_path: Path):
    """`--schema` and `NIPPO_SCHEMA` stand in for the file beside the journal; its fields are the options of `add`."""
    nippo.done("schema", "new", "mine.yaml", "--template", "minimal")
    text = Path("mine.yaml").read_text(encoding="utf-8")
    Path("mine.yaml").write_text(f"{text}  - {{key: weather, label: 天気, type: text}}\n", encoding="utf-8")
    help_page = nippo.bare("--journal", str(nippo.journal), "--schema", "mine.yaml", "add", "--help")
    assert "--weather" in help_page.out
    answer = nippo("--schema", "mine.yaml", "add", "--weather", "晴れ", "-m", "x", "--json")
    assert (answer.code, answer.json["entry"]["values"]["weather"]) == (0, "晴れ")
    assert not nippo.schema.exists()


def test_a_map_is_read_without_aliases(kept: Shell, tmp_path: Path):
    """An import's map is no more trusted than a schema: a bomb of aliases is refused at its first line, exit 2."""
    (tmp_path / "map.yaml").write_text(BOMB, encoding="utf-8")
    (tmp_path / "rows.csv").write_text("a\n1\n", encoding="utf-8")
    answer = kept("import", "rows.csv", "--map", "map.yaml")
    assert (answer.code, answer.out) == (2, "")
    assert "map.yaml:1" in answer.err


def test_a_report_is_read_without_aliases(kept: Shell, tmp_path: Path):
    """Nor is a report, which breaks the schema: exit 3."""
    (tmp_path / "r.yaml").write_text(BOMB, encoding="utf-8")
    answer = kept("add", "--from-file", "r.yaml")
    assert (answer.code, answer.out) == (3, "")
    assert "r.yaml:1" in answer.err


def test_an_end_of_the_deal_takes_no_norm(kept: Shell):
    """What was typed is refused, not the file, which is sound; without a norm the rest is written."""
    text = kept.schema.read_text(encoding="utf-8")
    answer = kept("schema", "edit", "受注", "--norm", "5")
    assert (answer.code, answer.out) == (2, "")
    assert "--norm に「5」" in answer.err
    assert "受注 は商談の終わり" in answer.err
    assert kept.schema.read_text(encoding="utf-8") == text
    kept.done("schema", "edit", "受注", "--norm", "-", "--done-when", "注文書")
    assert kept.schema.read_text(encoding="utf-8") != text


def test_going_back_shows_no_row_twice(nippo: Shell, monkeypatch: pytest.MonkeyPatch):
    """Unchanged it stands there already; changed it stands there anew."""
    terminal = Scripted("", "部品", "<", "", "<", "部品と装置", *[""] * 4)
    monkeypatch.setattr("nippo_cli.cli.add.schema_questions.terminal_of", lambda _: terminal.ask)
    monkeypatch.setattr("nippo_cli.cli.frame.context.CliContext.interactive", property(lambda _: True))
    answer = nippo("init", "--lang", "ja")
    assert answer.code == 0, answer.err
    rows = [row.split()[-1] for row in answer.err.splitlines() if row.startswith("✓ 売るもの")]
    assert rows == ["部品", "部品と装置"]
    assert terminal.left == []
