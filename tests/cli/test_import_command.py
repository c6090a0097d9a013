"""`nippo import`, from good files and bad ones: all or nothing, or the rest and a list of what failed."""

import csv
import json
from pathlib import Path

import pytest
from shell import Shell, files

MAP = """\
source: crm
on: {column: 訪問日, format: "%Y/%m/%d"}
deal: 案件
author: 担当
fields:
  customer: 会社
  activity: 活動
  facts: 内容
  amount: {column: 金額, empty: ["0"]}
"""
SCHEMA = """\
nippo: 1
name: t
stages:
  - {key: lead, label: 引合い}
  - {key: won, label: 受注, ends: won}
  - {key: lost, label: 失注, ends: lost}
activities: [訪問, 電話]
fields:
  - {key: deal, label: 案件, type: deal, role: deal}
  - {key: customer, label: 顧客, type: customer, role: customer}
  - {key: stage, label: フェーズ, type: choice, role: stage}
  - {key: activity, label: 活動, type: choice, role: activity, required: true}
  - {key: facts, label: 事実, type: text, role: facts, required: true}
  - {key: amount, label: 金額, type: money, role: amount}
"""
HEAD = "訪問日,案件,担当,会社,活動,内容,金額"
GOOD = (
    '2026/10/01,搬送ロボット,佐藤,青葉製作所,訪問,"現場を見た\n2号機が古い",１２０万',
    "2026/10/08,搬送ロボット,佐藤,青葉製作所,電話,見積を頼まれた,0",
    "2026/10/09,切断機,鈴木,若葉工業,電話,初めて話した,",
)
# A day that is none, an activity that is none, a fact that is missing.
BAD = (
    "2026/13/01,切断機,鈴木,若葉工業,電話,話した,",
    "2026/10/10,切断機,鈴木,若葉工業,散歩,話した,",
    "2026/10/11,切断機,鈴木,若葉工業,電話,,",
)


@pytest.fixture
def rows(nippo: Shell, tmp_path: Path):
    """Writes rows.csv beside its map, for a journal of a few fields; returns the command that imports it."""
    (tmp_path / "t.yaml").write_text(SCHEMA, encoding="utf-8")
    (tmp_path / "map.yaml").write_text(MAP, encoding="utf-8")
    nippo.done("init", "--template", "t.yaml")

    def write(*lines: str, head: str = HEAD, encoding: str = "utf-8", end: str = "\n") -> tuple[str, ...]:
        (tmp_path / "rows.csv").write_bytes(end.join((head, *lines, "")).encode(encoding))
        return ("import", "rows.csv", "--map", "map.yaml")

    return write


@pytest.mark.parametrize(
    ("encoding", "end"), [("utf-8", "\n"), ("utf-8-sig", "\r\n"), ("cp932", "\r\n"), ("utf-16", "\n")]
)
def test_a_good_file_goes_in(nippo: Shell, rows, encoding, end):
    """Whatever it is encoded in: each row an entry of its author's, on its day, its deal begun."""
    found = nippo.done(*rows(*GOOD, encoding=encoding, end=end), "--json").json
    assert (found["rows"], found["taken"], found["entries"], found["new_deals"]) == (3, 3, 3, 2)
    entries = {e["on"]: e for e in nippo.done("log", "--json").json["entries"]}
    first = entries["2026-10-01"]
    assert (first["author"], first["known_on"], first["values"]["amount"]) == ("佐藤", "2026-10-01", 1_200_000)
    assert first["values"]["facts"].replace("\r\n", "\n") == "現場を見た\n2号機が古い"
    assert "amount" not in entries["2026-10-08"]["values"]


def test_a_second_import_adds_nothing(nippo: Shell, rows):
    """Every row is known already; the journal's entries are as they were."""
    command = rows(*GOOD)
    nippo.done(*command)
    before = nippo.done("log", "--json").out
    found = nippo.done(*command, "--json").json
    assert (found["taken"], found["known"], found["entries"], found["batch"]) == (0, 3, 0, None)
    assert nippo.done("log", "--json").out == before


def test_what_is_written_after_an_import_of_nothing_new_is_searched(nippo: Shell, rows):
    """And what is taken back is not: the index is what the log says."""
    nippo.done(*rows(*GOOD))
    nippo.done(*rows(*GOOD))
    nippo.done("add", "--activity", "電話", "--later", "-m", "取込後の特別な話")
    assert nippo.done("search", "特別な話", "--json").json["total"] == 1
    nippo.done(*rows(*GOOD))
    nippo.done("undo")
    assert nippo.done("search", "特別な話", "--json").json["total"] == 0
    nippo.done("doctor")


def test_undo_takes_an_import_back_whole(nippo: Shell, rows):
    """Its entries and deals are gone from every page; what stood before stays; it can be imported again."""
    nippo.done("add", "別件", "--new-deal", "--activity", "電話", "-m", "話した")
    nippo.done(*rows(*GOOD))
    nippo.done("undo")
    assert nippo.done("log", "--json").json["total"] == 1
    assert nippo.done("deal", "list", "--all", "--json").json["total"] == 1
    assert nippo.done(*rows(*GOOD), "--json").json["taken"] == 3


def test_a_row_that_fails_stops_the_import(nippo: Shell, rows, tmp_path: Path):
    """Nothing is written, every failed row is told with its line and its reason, and the exit is 3."""
    command = rows(*GOOD, *BAD)
    before = files(tmp_path)
    answer = nippo(*command)
    assert answer.code == 3
    for said in ("2026/13/01", "散歩", "事実"):
        assert said in answer.out
    found = nippo(*command, "--json")
    assert (found.code, found.json["stopped"], found.json["entries"]) == (3, True, 0)
    # The first row's text runs over two lines.
    assert [r["line"] for r in found.json["rejects"]] == [6, 7, 8]
    assert files(tmp_path) == before


def test_on_error_skip_takes_the_rest(nippo: Shell, rows, tmp_path: Path):
    """The failed rows go, as they were and with their reasons, to a file that can be mended and imported."""
    found = nippo.done(*rows(*GOOD, *BAD), "--on-error", "skip", "--json").json
    assert (found["taken"], found["rejected"], found["rejects_file"]) == (3, 3, "rows.csv.rejects.csv")
    text = (tmp_path / "rows.csv.rejects.csv").read_text(encoding="utf-8-sig")
    rejected = list(csv.DictReader(text.splitlines()))
    assert [r["nippo_line"] for r in rejected] == ["6", "7", "8"]
    assert "散歩" in rejected[1]["nippo_reason"]
    mended = text.replace("2026/13/01", "2026/11/01").replace(",散歩,", ",訪問,").replace(",電話,,", ",電話,話した,")
    (tmp_path / "mended.csv").write_text(mended, encoding="utf-8-sig")
    assert nippo.done("import", "mended.csv", "--map", "map.yaml", "--json").json["taken"] == 3
    # A page says what an import left out.
    assert nippo.done("gap", "stalled", "--json").json["left_out"]["rejected"] == 3


def test_every_row_left_out_is_in_the_file_of_rejects(
    nippo: Shell, rows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """However few the report tells one by one; and why each was left out is counted."""
    monkeypatch.setattr("nippo_cli.services.imports.row_count.REJECTS_KEPT", 2)
    found = nippo.done(*rows(*GOOD, *BAD), "--on-error", "skip", "--json").json
    assert (found["rejected"], [row["line"] for row in found["rejects"]]) == (3, [6, 7])
    text = (tmp_path / "rows.csv.rejects.csv").read_text(encoding="utf-8-sig")
    assert [row["nippo_line"] for row in csv.DictReader(text.splitlines())] == ["6", "7", "8"]
    log = map(json.loads, nippo.done("export", "--log").out.splitlines())
    (batch,) = [record["body"] for record in log if record.get("kind") == "batch"]
    assert (batch["rejected"], sum(batch["reasons"].values())) == (3, 3)


def test_a_ragged_row_is_rejected_not_mended(nippo: Shell, rows):
    """A cell too many, and one too few where more than the map can do without is missing."""
    found = nippo(*rows(GOOD[1], GOOD[2] + ",余分", "2026/10/12,切断機"), "--json")
    assert found.code == 3
    assert [r["line"] for r in found.json["rejects"]] == [3, 4]


@pytest.mark.parametrize(("content", "option", "said"), [
    (b"", (), "rows.csv"),
    (b"\n\n", (), "rows.csv"),
    ("訪問日,案件\n2026/10/01,x\n".encode(), (), "会社"),
    (HEAD.encode() + b"\n\xff\xfe\xfd\x80,x\n", (), "rows.csv"),
    ((HEAD + "\n" + GOOD[1] + "\n").encode("cp932"), ("--encoding", "utf-8"), "utf-8"),
    ((HEAD + "\n" + GOOD[1] + "\n").encode(), ("--encoding", "klingon"), "klingon"),
], ids=["empty", "blank", "missing column", "no known encoding", "another encoding than said", "no such encoding"])  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused(nippo: Shell, rows, tmp_path: Path, content, option, said):
    """Exit 2, the file or what it lacks is named, and nothing is written."""
    command = rows(*GOOD)
    (tmp_path / "rows.csv").write_bytes(content)
    before = files(tmp_path)
    answer = nippo(*command, *option)
    assert (answer.code, answer.out) == (2, "")
    assert said in answer.err
    assert "Traceback" not in answer.err
    assert files(tmp_path) == before


def test_a_file_of_a_head_alone_is_an_import_of_nothing(nippo: Shell, rows):
    """No rows, no batch, exit 0."""
    found = nippo.done(*rows(), "--json").json
    assert (found["rows"], found["batch"]) == (0, None)


def test_a_map_says_what_is_wrong_with_it_at_once(nippo: Shell, rows, tmp_path: Path):
    """Unknown keys, columns that the file lacks, fields that the schema lacks: all, each with its line."""
    command = rows(*GOOD)
    (tmp_path / "map.yaml").write_text(MAP + "  colour: 色\nsorce: x\n", encoding="utf-8")
    answer = nippo(*command)
    assert answer.code == 2
    assert "map.yaml:11" in answer.err


def test_on_error_is_stop_or_skip(nippo: Shell, rows):
    """Said before anything is read, exit 2."""
    rows(*GOOD)
    answer = nippo("import", "rows.csv", "--map", "map.yaml", "--on-error", "x")
    assert (answer.code, answer.out) == (2, "")


def test_rows_that_fail_alike_are_told_as_one(nippo: Shell, rows):
    """One fault of a column is one thing to mend: its lines together, each other reason by itself."""
    bad = BAD[1]
    answer = nippo(*rows(*GOOD, bad, bad, GOOD[0].replace("2026", "2025"), bad, *BAD[:1]))
    assert answer.code == 3
    assert answer.out.count("散歩") == 1
    assert "6〜7、10行目（3行）" in answer.out
    assert answer.out.count("2026/13/01") == 1


def test_the_reason_of_a_rejected_row_does_not_say_its_line_again(nippo: Shell, rows, tmp_path: Path):
    """It stands in the column beside it."""
    nippo.done(*rows(*GOOD, *BAD), "--on-error", "skip")
    text = (tmp_path / "rows.csv.rejects.csv").read_text(encoding="utf-8-sig")
    assert all("行目" not in row["nippo_reason"] for row in csv.DictReader(text.splitlines()))


def test_a_file_without_rows_is_told_as_such(nippo: Shell, rows):
    """Not as one whose rows are known already."""
    assert "行がありません" in nippo.done(*rows()).out


def test_who_stops_an_import_is_told_what_became_of_it(nippo: Shell, rows, monkeypatch: pytest.MonkeyPatch):
    """Ctrl-C: exit 130, one line, and nothing of the file in the journal."""

    def stopped(*_args: object, **_options: object) -> None:
        raise KeyboardInterrupt

    command = rows(*GOOD)
    monkeypatch.setattr("nippo_cli.services.imports.entries.import_file", stopped)
    answer = nippo(*command)
    assert (answer.code, "取り込み" in answer.err) == (130, True)
    assert nippo.done("log", "--json").json["total"] == 0
