"""A sales person's list of deals, which has no day on which any moved: what is known of them is shown, and nothing else."""

import io
import json
import shutil
import sqlite3
from contextlib import closing, redirect_stderr, redirect_stdout
from datetime import date
from pathlib import Path

import pytest
from derived import kept, rebuilt
from shell import Shell, settle

from nippo_cli.cli.frame.main import main
from nippo_cli.journal.read.counts import Counts
from nippo_cli.journal.read.reader import reading
from nippo_cli.line.facts import AsOf

HEAD = "No,案件名,顧客名,担当,フェーズ,金額,受付日,受注予定日,結果,結果日\n"
LIVE = [
    "1,搬送ロボット,青葉製作所,佐藤,見積,12000000,2026/5/2,2026/12/25,,",
    "2,検査装置,大門電機,村井,提案,8300000,2026/5/12,2027/1/31,,",
    "3,洗浄機,東洋計測,佐藤,引合,3000000,2026/10/12,2027/3/31,,",
    "4,保守更新,北浜工業,村井,社内決裁,1500000,2026/6/2,2026/12/10,,",
    "5,制御盤,西田鉄工,佐藤,見積,5400000,2026/7/20,2026/12/20,,",
    "6,搬送ライン,南光産業,田中,提案,22000000,2026/8/3,2027/2/28,,",
    "7,塗装ロボ,三和塗装,田中,見積,9800000,2026/4/8,2026/12/28,,",
    "8,温調ユニット,山手化成,村井,引合,1200000,2026/11/2,2027/4/30,,",
    "9,カメラ検査,光陽精機,佐藤,内示,7600000,2026/3/16,2026/12/5,,",
    "10,集塵機,大和木工,田中,提案,2500000,2026/9/14,2027/1/20,,",
    "11,組立セル,富士見機器,田中,見積,15000000,2026/6/22,2027/1/15,,",
    "12,包装機,関東食品,村井,引合,4000000,2026/11/9,2027/5/31,,",
]
ENDED = [
    "13,コンベア,青葉製作所,佐藤,社内決裁,6000000,2026/2/4,,受注,2026/7/3",
    "14,計量器,大門電機,村井,見積,2100000,2026/1/20,,受注,2026/5/15",
    "15,冷却塔,山手化成,村井,社内決裁,9000000,2026/3/2,,受注,2026/9/30",
    "16,交換部品,東洋計測,佐藤,見積,450000,2026/8/1,,受注,2026/11/18",
    "17,搬送台車,西田鉄工,佐藤,見積,3200000,2026/2/14,,失注,2026/6/30",
    "18,自動倉庫,南光産業,田中,提案,45000000,2026/1/8,,失注,2026/8/20",
    "19,溶接機,三和塗装,田中,引合,5000000,2026/5/5,,失注,2026/7/1",
    "20,分析器,光陽精機,佐藤,見積,7000000,2026/4/1,,失注,2026/11/19",
]


# Nothing is required, so that what a list left empty comes back as it went out.
SCHEMA = """\
nippo: 1
name: t
stages:
  - {key: inquiry, label: 引合}
  - {key: proposal, label: 提案, must: true}
  - {key: quote, label: 見積}
  - {key: approval, label: 社内決裁}
  - {key: offer, label: 内示}
  - {key: won, label: 受注, ends: won}
  - {key: lost, label: 失注, ends: lost}
activities: [{key: visit, label: 訪問}, {key: inhouse, label: 社内, contact: false, ball: us}]
fields:
  - {key: deal, label: 案件, type: deal, role: deal}
  - {key: customer, label: 顧客, type: customer, role: customer}
  - {key: activity, label: 活動, type: choice, role: activity}
  - {key: stage, label: フェーズ, type: choice, role: stage}
  - {key: facts, label: 事実, type: text, role: facts}
  - {key: amount, label: 金額, type: money, role: amount}
  - {key: closes, label: 受注予定日, type: date, role: closes}
  - {key: ball, label: ボール, type: choice, role: ball, choices: [{key: us, label: 営業, ours: true}, {key: them, label: 先方}]}
"""


def write_list(folder: Path, day: str, rows: list[str]) -> Path:
    """A list as Excel saves it in Japan."""
    file = folder / f"案件一覧_{day}.csv"
    file.write_text(HEAD + "\n".join(rows) + "\n", encoding="cp932")
    return file


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The journal of the list of Friday 20 November: 12 live deals in five stages, 4 won, 4 lost. Made once."""
    folder = tmp_path_factory.mktemp("listed")
    (folder / "schema.yaml").write_text(SCHEMA, encoding="utf-8")
    with pytest.MonkeyPatch.context() as monkeypatch, redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        settle(monkeypatch, folder)
        assert main(["--journal", "journal", "init", "--template", "schema.yaml"]) == 0
        write_list(folder, "20261120", [*LIVE, *ENDED])
        assert main(["--journal", "journal", "import", "案件一覧_20261120.csv", "--yes"]) == 0
    return folder


@pytest.fixture
def listed(nippo: Shell, made: Path) -> Shell:
    """Nippo on a copy of it."""
    shutil.copytree(made / "journal", nippo.journal)
    return nippo


def deal(nippo: Shell, name: str):
    """A deal as `deal show` has it."""
    return nippo.done("deal", "show", name, "--json").json


def stays(nippo: Shell, name: str):
    """Each stay: stage, day, how it came there, how many stages it moved."""
    return [(s["stage"], s["entered_on"], s["arrival"], s["step"]) for s in deal(nippo, name)["stays"]]


def test_a_live_deal_is_where_the_list_says_and_nobody_knows_since_when(listed: Shell):
    """Begun on 2 May, in quote on 20 November."""
    assert stays(listed, "搬送ロボット") == [("", "2026-05-02", "unknown", 0), ("quote", "2026-11-20", "unknown", 0)]
    shown = deal(listed, "搬送ロボット")
    assert (shown["began_on"], shown["begin_known"], shown["stay_days"], shown["ball"]) == ("2026-05-02", True, 3, None)
    assert [entry["snapshot"] for entry in shown["entries"]] == [True, True]


def test_a_lost_one_was_lost_out_of_the_stage_that_the_list_says(listed: Shell):
    """失注 out of 提案 on 20 August; nothing was skipped, and how long it stood there is left open."""
    assert stays(listed, "自動倉庫")[1:] == [
        ("proposal", "2026-08-20", "unknown", 0),
        ("lost", "2026-08-20", "listed", 5),
    ]
    rows = listed.done("lessons", "lost", "--deals", "--json").json
    assert "proposal" in json.dumps(rows)
    assert listed.done("gap", "broken", "--since", "2026-01-01", "--json").json["summary"]["broken"] == 0


def test_no_page_makes_up_a_move_a_stay_or_a_stall(listed: Shell):
    """On the Monday after the list: nothing went on but what was won, nothing stalls, no stage has a length."""
    assert listed.done("report", "--json").json["forward"] == []
    steps = {s["stage"]: s for s in listed.done("steps", "--json").json["stages"]}
    open_ones = [steps[key] for key in ("inquiry", "proposal", "quote", "approval")]
    assert [(s["in"], s["skipped"], s["stay_days"]["n"]) for s in open_ones] == [(0, 0, 0)] * 4
    assert sum(s["listed"] for s in steps.values()) == 20
    assert (steps["won"]["in"], steps["lost"]["in"], sum(s["skipped"] for s in steps.values())) == (4, 4, 0)
    assert listed.done("gap", "stalled", "--json").json["findings"] == []
    month = listed.done("log", "--month", "--json").json
    assert [(move["from"], move["to"]) for move in month["moves"]] == [("quote", "won"), ("quote", "lost")]
    assert [one["name"] for one in month["new_deals"]] == ["温調ユニット", "包装機"]


@pytest.mark.parametrize(
    ("language", "since", "least", "false"),
    [
        ("ja", "11/20(金)の一覧で（いつからかは不明）", "少なくとも3日", "ぶりに前進"),
        ("en", "as listed on Fri 20 Nov; since when is not known", "at least 3 days", "moved on after"),
    ],
)
def test_screens_say_what_is_not_known(listed: Shell, language, since, least, false):
    """In words, in both languages, at 80 columns."""
    page = listed.done("deal", "show", "搬送ロボット", "--lang", language).out
    assert since in page
    assert least in page
    assert false not in listed.done("report", "--lang", language).out
    assert {"ja": "見積 3日以上", "en": "見積 3d+"}[language] in listed.done(
        "deal", "timeline", "搬送ロボット", "--lang", language
    ).out
    assert {"ja": "一覧だけでわかる滞在 20件", "en": "20 stays are known by a list alone"}[language] in " ".join(
        listed.done("steps", "--lang", language).out.split("\n")
    )


def test_before_the_list_the_stage_is_not_known_either(listed: Shell):
    """On 1 October the deal lived, in no known stage; so it stalls in none, and is no silent one that came back with the list."""
    then = listed.done("deal", "show", "搬送ロボット", "--as-of", "2026-10-01", "--json").json
    assert (then["stage"], then["outcome"], then["norm"], then["stalled"]) == ("", "open", None, False)
    crossed = listed.done("landing", "--json").json
    assert "revived" not in json.dumps(crossed)
    assert listed.done("gap", "stalled", "--as-of", "2026-10-01", "--json").json["findings"] == []
    assert "不明" in listed.done("deal", "show", "搬送ロボット", "--as-of", "2026-10-01").out


def test_the_next_list_brings_moves_that_count_on_its_day(
    listed: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """A week later one stands in 社内決裁, one was lost out of where it stood: a move between both lists, no stage skipped."""
    monkeypatch.setenv("NIPPO_NOW", "2026-11-28T09:00:00+09:00")
    changed = [LIVE[0].replace("見積", "社内決裁"), LIVE[1].replace(",,", ",失注,2026/11/25"), *LIVE[2:], *ENDED]
    listed.done("import", str(write_list(tmp_path, "20261127", changed)), "--yes")
    assert stays(listed, "搬送ロボット")[1:] == [
        ("quote", "2026-11-20", "unknown", 0),
        ("approval", "2026-11-27", "listed", 1),
    ]
    assert [s[:3] for s in stays(listed, "検査装置")[1:]] == [
        ("proposal", "2026-11-20", "unknown"), ("lost", "2026-11-25", "listed")
    ]  # fmt: skip
    (moved,) = listed.done("report", "--json").json["forward"]
    assert (moved["stage"], moved["on"], moved["after_days"]) == ("approval", "2026-11-27", None)
    assert "前進: 社内決裁 11/27（佐藤）" in listed.done("report").out
    assert kept(listed.db) == rebuilt(listed.db)


def test_a_deal_that_changed_hands_did_so_between_both_lists(
    listed: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Not on the day on which it began: that stays as its first owner's list said it."""
    monkeypatch.setenv("NIPPO_NOW", "2026-11-28T09:00:00+09:00")
    before = [(one["id"], one["author"]) for one in deal(listed, "搬送ロボット")["entries"]]
    file = write_list(tmp_path, "20261127", [LIVE[0].replace("佐藤", "村井"), *LIVE[1:], *ENDED])
    report = listed.done("import", str(file), "--yes", "--json").json
    assert (report["entries"], report["added"]) == (1, 1)
    now = deal(listed, "搬送ロボット")
    assert [(one["on"], one["author"]) for one in now["entries"]] == [
        ("2026-05-02", "佐藤"), ("2026-11-20", "佐藤"), ("2026-11-27", "村井")
    ]  # fmt: skip
    assert [(one["id"], one["author"]) for one in now["entries"][:2]] == before
    assert now["owner"] == "村井"
    assert listed.done("deal", "show", "搬送ロボット", "--as-of", "2026-11-25", "--json").json["owner"] == "佐藤"
    assert listed.done("import", str(file), "--yes", "--json").json["entries"] == 0
    assert kept(listed.db) == rebuilt(listed.db)


def test_whoever_says_the_day_makes_it_a_move(listed: Shell):
    """The stage that the list said, corrected to the day on which it was reached; taken back, it is the list's again."""
    entry = deal(listed, "搬送ロボット")["entries"][-1]["id"]
    listed.done("edit", entry, "--on", "2026-11-06", "--why", "見積書の日付")
    assert stays(listed, "搬送ロボット")[-1] == ("quote", "2026-11-06", "known", 0)
    assert deal(listed, "搬送ロボット")["entries"][-1]["snapshot"] is False
    assert "一覧より: はい → いいえ" in listed.done("show", entry, "--history").out
    listed.done("undo")
    assert stays(listed, "搬送ロボット")[-1] == ("quote", "2026-11-20", "unknown", 0)
    assert kept(listed.db) == rebuilt(listed.db)


def test_an_entry_said_to_be_of_its_own_day_is_no_list_any_more(listed: Shell):
    """It was on the very day of the list that the deal came there."""
    entry = deal(listed, "搬送ロボット")["entries"][-1]["id"]
    listed.done("edit", entry, "--on", "2026-11-20", "--why", "この日に出した")
    assert stays(listed, "搬送ロボット")[-1] == ("quote", "2026-11-20", "known", 0)


@pytest.mark.parametrize("name", ["entries.csv", "entries.xlsx", "entries.json", "folder", "whole.jsonl"])
def test_what_goes_out_comes_back_with_the_mark(listed: Shell, made: Path, tmp_path: Path, name: str):
    """Every format that is read back."""
    other = Shell(listed._capsys, tmp_path / "other")
    if name == "folder":
        listed.done("export", str(tmp_path / "out"))
        other.done("init", "--template", str(made / "schema.yaml"))
        other.done("import", str(tmp_path / "out/entries.csv"), "--map", str(tmp_path / "out/import.yaml"))
    elif name == "whole.jsonl":
        listed.done("export", "--journal", "-o", str(tmp_path / name))
        other.done("import", str(tmp_path / name))
    else:
        listed.done("export", "-o", str(tmp_path / name))
        other.done("init", "--template", str(made / "schema.yaml"))
        other.done("import", str(tmp_path / name), "--yes")
    assert stays(other, "自動倉庫") == stays(listed, "自動倉庫")
    assert stays(other, "搬送ロボット") == stays(listed, "搬送ロボット")


def test_what_was_erased_of_a_list_stays_one(listed: Shell):
    """The words go; that a list said so stays."""
    entry = deal(listed, "搬送ロボット")["entries"][-1]["id"]
    listed.done("redact", entry, "--why", "依頼", "--yes")
    assert stays(listed, "搬送ロボット")[-1] == ("quote", "2026-11-20", "unknown", 0)
    assert kept(listed.db) == rebuilt(listed.db)


def test_a_lasting_stay_of_a_list_is_censored_at_no_length(listed: Shell):
    """Of four deals that a list found in quote none counts for the norm of quote; one that a person wrote does, at three days."""
    listed.done("add", "新規機", "--new-deal", "--customer", "甲社", "--stage", "見積", "--on", "2026-11-20", "-m", "x")
    with reading(listed.db) as reader:
        assert dict(Counts(reader.past(AsOf(date(2026, 11, 23)))).censored("quote")) == {3: 1}


def test_tables_for_sql_have_it(listed: Shell, tmp_path: Path):
    """How deals came into their stages, and whether their beginnings are known."""
    listed.done("export", "-o", str(tmp_path / "diary.sqlite"))
    with closing(sqlite3.connect(tmp_path / "diary.sqlite")) as cx:
        assert cx.execute("select arrival, count(*) from stays group by 1 order by 1").fetchall() == [
            ("listed", 8),
            ("unknown", 40),
        ]
        assert cx.execute("select distinct begin_known, arrival from deals order by 2").fetchall() == [
            (1, "listed"),
            (1, "unknown"),
        ]
        assert cx.execute("select sum(snapshot), count(*) from entries").fetchone() == (48, 48)


@pytest.mark.parametrize(
    ("language", "in_none", "false"),
    [
        ("ja", "フェーズが不明の案件 2件", ("進行中の案件がまだない", "滞留を見ない種別")),
        (
            "en",
            "2 deals from a list that names no stage",
            ("There are no live deals yet", "of a kind that never stalls"),
        ),
    ],
)
def test_a_list_without_stages_leaves_live_deals_that_no_stage_counts(
    nippo: Shell, tmp_path: Path, language: str, in_none: str, false: tuple[str, str]
):
    """They are live, and of no kind that never stalls."""
    (tmp_path / "ヨミ表_20261120.csv").write_text(
        "会社名,案件,担当,金額,受注予定日\n甲社,A機,佐藤,100,2026/12/25\n乙社,B機,村井,200,2027/1/31\n",
        encoding="utf-8",
    )
    nippo.done("import", "ヨミ表_20261120.csv", "--yes")
    for command in (("steps",), ("gap", "stalled")):
        page = " ".join(nippo.done(*command, "--lang", language).out.split())
        assert in_none in page
        assert not [one for one in false if one in page]
    assert nippo.done("steps", "--json").json["left_out"] == {"stage_unknown": 2}


def test_a_file_says_too_that_an_entry_was_from_a_list(listed: Shell, tmp_path: Path):
    """Whoever names the day makes it a move: the correction says both, on screen and in a page to hand on."""
    entry = deal(listed, "搬送ロボット")["entries"][-1]["id"]
    listed.done("edit", entry, "--on", "2026-11-06")
    assert "一覧より: はい → いいえ" in listed.done("log", entry, "--history").out
    listed.done("log", entry, "--history", "-o", str(tmp_path / "entry.html"))
    assert "一覧より: はい → いいえ" in (tmp_path / "entry.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("asked", [("--deals",), ("--format", "html"), ("--deals", "--json")])
def test_what_won_deals_did_otherwise_is_asked_of_a_list_too(listed: Shell, asked: tuple[str, ...]):
    """Eight ended, some after sixty days, and of none is known how often anybody was met."""
    answer = listed.done("lessons", "contrast", *asked)
    assert "計量器" in answer.out
