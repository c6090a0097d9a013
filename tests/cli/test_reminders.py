"""What the morning page reminds of besides what is due: deadlines that come."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from shell import NOW, Shell

from nippo_cli.schema.templates import text_of

FIELDS = """
  - {key: valid, label: 見積有効期限, type: date, role: deadline}
  - {key: warranty, label: 保守満了, type: date, role: deadline, coarse: true, ahead: 60}
"""
CALL = ("--activity", "電話", "-m", "話した")
WON = ("--stage", "受注", "--accepts", "2026-12-20", "--amount", "100万")
LOST = ("--stage", "失注", "--lost-reason", "価格")


@pytest.fixture
def dated(nippo: Shell) -> Shell:
    """The default agreement with two deadlines: a quote's, and the end of the maintenance, spoken of 60 days ahead."""
    nippo.journal.mkdir()
    text = text_of("default")
    nippo.schema.write_text(text.replace("\nfields:\n", f"\nfields:{FIELDS}", 1), encoding="utf-8")
    return nippo


def deadlines(nippo: Shell, *argv: str) -> list[tuple[str, str, str, int]]:
    """The deadlines on the morning page: of which deal, which field, the last day, the days until then."""
    rows = nippo.done(*argv, "--json").json["deadlines"]
    return [(row["name"], row["field"], row["on"][-10:], row["days"]) for row in rows]


def test_a_deadline_comes_up_a_week_before_it_passes_or_as_long_as_its_field_says(dated: Shell):
    """Today is 2026-11-23. 11/30 is 7 days ahead, 12/1 is 8; the maintenance of January ends on 1/31, 69 days ahead, that of
    1/22 is 60 ahead. What passed yesterday is over."""
    for name, *said in (
        ("七日", "--valid", "2026-11-30"), ("八日", "--valid", "2026-12-01"), ("今日", "--valid", "2026-11-23"),
        ("昨日", "--valid", "2026-11-22"), ("一月", "--warranty", "2027-01"), ("六十日", "--warranty", "2027-01-22"),
    ):  # fmt: skip
        dated.deal(name, *said)
    assert deadlines(dated) == [
        ("今日", "valid", "2026-11-23", 0),
        ("七日", "valid", "2026-11-30", 7),
        ("六十日", "warranty", "2027-01-22", 60),
    ]
    assert "まもなく期限" in dated.done().out
    assert "見積有効期限 11/30" in dated.done().out


def test_of_a_field_the_last_that_was_said_stands_and_a_correction_moves_it(dated: Shell):
    """The second quote is good until 12/10: nothing comes up on 11/23, and all of it on 12/5."""
    dated.deal("案件", "--valid", "2026-11-25")
    second = dated.done("add", "案件", *CALL, "--valid", "2026-12-10", "--json").json["entry"]["id"]
    assert deadlines(dated) == []
    assert deadlines(dated, "--as-of", "2026-12-05") == [("案件", "valid", "2026-12-10", 5)]
    dated.done("edit", second, "--valid", "2026-11-26")
    assert deadlines(dated) == [("案件", "valid", "2026-11-26", 3)]


def test_an_order_ends_what_the_quote_said_and_a_loss_ends_all(dated: Shell, monkeypatch: pytest.MonkeyPatch):
    """The quote's day is of no use after the order; the maintenance that the order states is. On the day before, both
    quotes were still good."""
    monkeypatch.setenv("NIPPO_NOW", "2026-11-10T18:00:00+09:00")
    dated.deal("受注案件", "--valid", "2026-11-25")
    dated.deal("失注案件", "--valid", "2026-11-25")
    monkeypatch.setenv("NIPPO_NOW", "2026-11-20T18:00:00+09:00")
    dated.done("add", "受注案件", *CALL, *WON, "--warranty", "2026-12-20")
    dated.done("add", "失注案件", *CALL, *LOST)
    monkeypatch.setenv("NIPPO_NOW", NOW)
    assert deadlines(dated) == [("受注案件", "warranty", "2026-12-20", 27)]
    assert deadlines(dated, "--as-of", "2026-11-19") == [
        ("受注案件", "valid", "2026-11-25", 6), ("失注案件", "valid", "2026-11-25", 6),
    ]  # fmt: skip


def test_a_deal_shows_its_deadlines_those_that_passed_too(dated: Shell):
    """Yesterday's quote and the maintenance of next year."""
    entry = dated.deal("案件", "--valid", "2026-11-22", "--warranty", "2027-03-31")
    page = dated.done("deal", "show", "案件", "--json").json
    assert [(d["field"], d["on"][-10:], d["entry"], d["days"]) for d in page["deadlines"]] == [
        ("valid", "2026-11-22", entry, -1), ("warranty", "2027-03-31", entry, 128),
    ]  # fmt: skip
    shown = dated.done("deal", "show", "案件").out
    assert "見積有効期限 11/22" in shown
    assert "期日を1日過ぎています" in shown


def test_a_renamed_deadline_keeps_its_days(dated: Shell):
    """The field is called otherwise from now on; what was written under the old key is told under the new one."""
    dated.deal("案件", "--valid", "2026-11-25")
    text = dated.schema.read_text(encoding="utf-8")
    dated.schema.write_text(text.replace("{key: valid,", "{key: good_until, was: [valid],"), encoding="utf-8")
    dated.done("add", "案件", *CALL)
    assert deadlines(dated) == [("案件", "good_until", "2026-11-25", 2)]


MAP = """
source: crm
on: 日付
deal: 案件
fields:
  customer: 顧客
  activity: 活動
  stage: フェーズ
  facts: 事実
  next_step: 次
  next_on: 期日
  valid: 有効期限
  warranty: 保守
"""


def test_deadlines_that_come_in_by_the_file_are_as_those_typed(dated: Shell, tmp_path: Path):
    """Two rows of a file, the second silent on both fields."""
    rows = "日付,案件,顧客,フェーズ,活動,事実,次,期日,有効期限,保守\n"
    rows += "2026-11-19,検査,青葉,ヒアリング,電話,聞いた,見積,2026-11-27,2026-11-25,2026-12\n2026-11-20,検査,青葉,,電話,また聞いた,,,,\n"
    (tmp_path / "map.yaml").write_text(MAP, encoding="utf-8")
    (tmp_path / "in.csv").write_text(rows, encoding="utf-8")
    dated.done("import", str(tmp_path / "in.csv"), "--map", str(tmp_path / "map.yaml"))
    assert deadlines(dated) == [("検査", "valid", "2026-11-25", 2), ("検査", "warranty", "2026-12-31", 38)]


def test_ahead_is_said_of_deadlines_alone(dated: Shell):
    """Of a date that is none it is refused, with what is allowed."""
    text = dated.schema.read_text(encoding="utf-8")
    dated.schema.write_text(text.replace("role: deadline, coarse", "coarse"), encoding="utf-8")
    answer = dated("schema", "check")
    assert answer.code != 0
    assert "role が deadline の項目だけです" in answer.err + answer.out


def test_the_page_stays_as_long_as_it_was(dated: Shell):
    """Thirty deadlines and thirty steps due share the rows."""
    day = date(2026, 11, 23)
    for n in range(30):
        dated.deal(f"案件{n:02d}", "--valid", "2026-11-25", "--next-on", (day - timedelta(days=n)).isoformat())
    assert len(dated.done("--limit", "0", "--json").json["deadlines"]) == 30
    before, after = dated.done("--limit", "24").out.splitlines(), dated.done().out.splitlines()
    assert before == after
    assert sum("見積有効期限" in line for line in after) == 12
    assert sum("見積提出" in line for line in after) == 12
    assert "30件" in next(line for line in after if "まもなく期限" in line)
