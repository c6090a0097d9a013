"""`nippo import FILE` without a map: shown before it is written, asked where it is unsure, taken by --yes."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from shell import Shell

from nippo_cli.cli.commands import import_plan
from nippo_cli.services.imports.proposing_file import FileProposal

SHEET = (
    "2026年度 案件一覧,,,,,,,,\n"
    "No,お客様名,件名,営業担当,見込額（千円）,進捗,引合日,結果,結果日\n"
    "1,甲社,A機,山田,1200,見積提出,2026/4/1,受注,2026/9/1\n"
    "2,乙社,B機,村井,800,提案,2026/5/1,失注,2026/9/2\n"
    "3,丙社,C機,村井,500,交渉中,2026/6/1,,\n"
    "合計,,,,2500,,,,\n"
)
ODD = "日付,会社,案件,フェーズ,内容\n2026/11/20,甲社,A機,謎,x\n"


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    """A team's list of deals, saved on 20 November."""
    path = tmp_path / "案件一覧.csv"
    path.write_text(SHEET, encoding="cp932")
    at = datetime(2026, 11, 20, 3, tzinfo=UTC).timestamp()
    os.utime(path, (at, at))
    return path


def test_a_sheet_is_shown_first_and_nothing_is_written(nippo: Shell, sheet: Path):
    """What it is taken for, how much will come, the first lines as they will stand, what it can't know."""
    answer = nippo("import", sheet.name, "--json", "--dry-run")
    assert answer.code == 0
    plan = answer.json
    assert plan["questions"] == []
    assert (plan["shape"], plan["left_out"], plan["exported"], plan["people"]) == ("snapshot", ["No"], "2026-11-20", 2)
    assert (plan["report"]["entries"], plan["report"]["deals"], plan["report"]["rejected"]) == (8, 3, 0)
    assert plan["first"][2] == {"on": "2026-09-01", "customer": "甲社", "deal": "A機", "stage": "受注", "facts": ""}
    assert [one["stage"] for one in plan["first"]] == ["", "見積", "受注"]
    assert not nippo.db.exists()


def test_a_script_without_a_yes_writes_nothing_and_is_told(nippo: Shell, sheet: Path):
    """The page stands on stdout all the same."""
    answer = nippo("import", sheet.name)
    assert answer.code == 2
    assert "--yes" in answer.err
    assert "A機" in answer.out
    assert not nippo.db.exists()


def test_yes_takes_it_and_the_deals_stand_as_in_the_sheet(nippo: Shell, sheet: Path):
    """Amounts in thousands, the ends on their own days, the live one on the file's day; a second time adds nothing."""
    report = nippo.done("import", sheet.name, "--yes", "--json").json
    assert (report["taken"], report["skipped"], report["new_deals"]) == (3, 1, 3)
    deals = {one["name"]: one for one in nippo.done("deal", "list", "--all", "--json").json["deals"]}
    assert {name: (one["outcome"], one["amount"], one["owner"], one["customer"]) for name, one in deals.items()} == {
        "A機": ("won", 1_200_000, "山田", "甲社"), "B機": ("lost", 800_000, "村井", "乙社"), "C機": ("open", 500_000, "村井", "丙社"),
    }  # fmt: skip
    assert nippo.done("import", sheet.name, "--yes", "--json").json["known"] == 3
    assert nippo.done("log", "--incomplete", "--json").json["entries"] == []


def test_what_is_unsure_is_told_a_script_with_a_half_made_map(nippo: Shell, tmp_path: Path):
    """It is written once, however often the command is tried."""
    (tmp_path / "odd.csv").write_text(ODD, encoding="utf-8")
    for _ in range(2):
        answer = nippo("import", "odd.csv", "--yes")
        assert answer.code == 2
        assert "謎" in answer.err
        assert "odd.csv.map.yaml" in answer.err
    assert [path.name for path in tmp_path.glob("odd.csv.map*")] == ["odd.csv.map.yaml"]
    made = (tmp_path / "odd.csv.map.yaml").read_text(encoding="utf-8")
    (tmp_path / "ended.yaml").write_text(made.replace('"謎": ""', '"謎": "見積"'), encoding="utf-8")
    assert nippo.done("import", "odd.csv", "--map", "ended.yaml", "--json").json["taken"] == 1


def test_a_person_is_asked_and_the_answer_is_remembered_for_the_same_header(nippo: Shell, tmp_path: Path, monkeypatch):
    """The sixth stage by its number, then Enter; next week's file of the same columns asks nothing."""
    (tmp_path / "odd.csv").write_text(ODD, encoding="utf-8")
    monkeypatch.setattr("nippo_cli.cli.frame.context.CliContext.interactive", property(lambda _: True))
    said = iter(["6", ""])
    asked: list[str] = []
    monkeypatch.setattr(import_plan, "line", lambda question: asked.append(question) or next(said))
    nippo.done("import", "odd.csv")
    assert len(nippo.done("log", "--json").json["entries"]) == 1
    assert len(asked) == 2
    monkeypatch.setattr("nippo_cli.cli.frame.context.CliContext.interactive", property(lambda _: False))
    (tmp_path / "odd2.csv").write_text(ODD.replace("11/20", "11/21"), encoding="utf-8")
    assert nippo.done("import", "odd2.csv", "--yes", "--json").json["taken"] == 1


def test_what_was_answered_before_is_shown_and_can_be_asked_again(nippo: Shell, tmp_path: Path, monkeypatch):
    """The sixth stage was a slip: `r` forgets it, its map too, and asks; the third is remembered from then on."""
    (tmp_path / "odd.csv").write_text(ODD, encoding="utf-8")
    monkeypatch.setattr("nippo_cli.cli.frame.context.CliContext.interactive", property(lambda _: True))
    said = iter(["6", "", "r", "3", ""])
    asked: list[str] = []
    monkeypatch.setattr(import_plan, "line", lambda question: asked.append(question) or next(said))
    assert "前に同じ列" not in nippo.done("import", "odd.csv").out
    (tmp_path / "odd2.csv").write_text(ODD.replace("11/20", "11/21"), encoding="utf-8")
    shown = nippo.done("import", "odd2.csv", "--save-map", "m.yaml").out
    assert "前に同じ列のファイルで答えたとおりに読みます: 謎\n" in shown
    assert ["聞き直す" in question for question in asked] == [False, False, True, False, False]
    assert '"謎": "hearing"' in (tmp_path / "m.yaml").read_text(encoding="utf-8")
    assert len(nippo.done("log", "--json").json["entries"]) == 2


@pytest.mark.parametrize("said", ["n", "ｎ", "Ｎ", "no", "いいえ", "ちがう", "q"])
def test_what_is_no_yes_writes_nothing(nippo: Shell, sheet: Path, monkeypatch, said: str):
    """Nor is it a failure. An input method that is on types full-width letters."""
    monkeypatch.setattr("nippo_cli.cli.frame.context.CliContext.interactive", property(lambda _: True))
    monkeypatch.setattr(import_plan, "line", lambda _: said)
    assert nippo("import", sheet.name).code == 0
    assert not nippo.db.exists()
    monkeypatch.setattr(import_plan, "line", lambda _: "Ｙ")
    nippo.done("import", sheet.name)
    assert nippo.db.exists()


def test_the_map_that_was_used_can_be_kept(nippo: Shell, sheet: Path, tmp_path: Path):
    """It imports the same; one that is there is not written over."""
    nippo.done("import", sheet.name, "--yes", "--save-map", "m.yaml")
    assert nippo.done("import", sheet.name, "--map", "m.yaml", "--json").json["known"] == 3
    assert nippo("import", sheet.name, "--yes", "--save-map", "m.yaml").code == 2


def test_next_weeks_file_goes_by_the_key_that_was_chosen_though_one_row_more_would_tell_another(
    nippo: Shell, tmp_path: Path
):
    """One deal a customer and name: they are known again, the new one alone comes in, and two of one name are asked about."""
    head = "お客様名,件名,引合日,進捗,変更日\n"
    first = head + "甲社,A機,2026/4/1,提案,2026/5/1\n乙社,B機,2026/5/1,提案,2026/5/2\n"
    (tmp_path / "案件_20260501.csv").write_text(first, encoding="utf-8")
    nippo.done("import", "案件_20260501.csv", "--yes")
    second = first + "甲社,A機,2026/6/1,提案,2026/6/2\n"
    (tmp_path / "案件_20260601.csv").write_text(second, encoding="utf-8")
    answer = nippo("import", "案件_20260601.csv", "--yes")
    assert answer.code == 2
    assert "お客様名 + 件名" in answer.err
    assert "甲社 A機" in answer.err
    assert len(nippo.done("deal", "list", "--all", "--json").json["deals"]) == 2
    (tmp_path / "案件_20260602.csv").write_text(first + "丙社,A機,2026/6/1,提案,2026/6/2\n", encoding="utf-8")
    report = nippo.done("import", "案件_20260602.csv", "--yes", "--json").json
    assert (report["known"], report["new_deals"]) == (2, 1)


def test_a_wider_key_that_was_chosen_once_stays_though_a_narrower_would_do(nippo: Shell, tmp_path: Path):
    """The first week has two deals of one name, the second no more: its row is known all the same."""
    head = "お客様名,件名,引合日,進捗,変更日\n"
    rows = ["甲社,A機,2026/4/1,提案,2026/5/1\n", "甲社,A機,2026/6/1,提案,2026/6/2\n"]
    (tmp_path / "案件_20260601.csv").write_text(head + "".join(rows), encoding="utf-8")
    nippo.done("import", "案件_20260601.csv", "--yes")
    (tmp_path / "案件_20260608.csv").write_text(head + rows[0], encoding="utf-8")
    assert nippo.done("import", "案件_20260608.csv", "--yes", "--json").json["known"] == 1
    memory = list((nippo.db.parent / "state").rglob("imports/*.json")) or list(tmp_path.rglob("imports/*.json"))
    assert [oct(path.stat().st_mode & 0o777) for path in memory] == ["0o600"]


def test_the_same_file_saved_another_day_is_known_and_a_move_is_not(nippo: Shell, sheet: Path):
    """The live deal is dated by the file: its new day alone is no change, a new stage is one, with its day."""
    nippo.done("import", sheet.name, "--yes")
    at = datetime(2026, 11, 21, 3, tzinfo=UTC).timestamp()
    os.utime(sheet, (at, at))
    assert nippo.done("import", sheet.name, "--yes", "--json").json["known"] == 3
    sheet.write_text(SHEET.replace("交渉中", "見積提出"), encoding="cp932")
    os.utime(sheet, (at, at))
    report = nippo.done("import", sheet.name, "--yes", "--changed", "amend", "--json").json
    assert (report["known"], report["amended"]) == (2, 1)
    last = nippo.done("log", "--deal", "C機", "--json").json["entries"][0]
    assert (last["on"], last["values"]["stage"]) == ("2026-11-21", "quote")


def test_of_a_deal_as_it_stands_only_the_live_ones_entry_is_a_contact(nippo: Shell, sheet: Path):
    """Nobody need have spoken to anybody on the day that one began or ended; the live one's last sign of life is the list."""
    nippo.done("import", sheet.name, "--yes")
    entries = nippo.done("log", "--json").json["entries"]
    assert {(one["on"], one["values"].get("activity")) for one in entries} == {
        ("2026-04-01", "internal"), ("2026-05-01", "internal"), ("2026-06-01", "internal"), ("2026-09-01", "internal"),
        ("2026-09-02", "internal"), ("2026-11-20", None),
    }  # fmt: skip


def test_a_deal_that_ended_is_not_dated_by_a_day_still_to_come(nippo: Shell, tmp_path: Path, monkeypatch):
    """The expected day of one that was won is after the file's: that column says nothing of when deals ended, so a person does; a
    script is told to."""
    rows = "お客様名,件名,進捗,受注予定日\n甲社,A機,受注,2026/12/20\n乙社,B機,失注,2026/9/1\n丙社,C機,提案,2026/12/1\n"
    (tmp_path / "案件_20261110.csv").write_text(rows, encoding="utf-8")
    told = nippo("import", "案件_20261110.csv", "--yes")
    assert (told.code, "A機" in told.err, "受注予定日" in told.err) == (2, True, True)
    assert not nippo.db.exists()
    with monkeypatch.context() as there:
        there.setattr("nippo_cli.cli.frame.context.CliContext.interactive", property(lambda _: True))
        said = iter(["2", ""])
        there.setattr(import_plan, "line", lambda _: next(said))
        nippo.done("import", "案件_20261110.csv")
    assert {one["on"] for one in nippo.done("log", "--json").json["entries"]} == {"2026-11-10"}
    late = "お客様名,件名,進捗,受注予定日\n丁社,D機,受注,2026/9/20\n"
    (tmp_path / "受注_20261110.csv").write_text(late, encoding="utf-8")
    nippo.done("import", "受注_20261110.csv", "--yes")
    assert nippo.done("log", "--deal", "D機", "--json").json["entries"][0]["on"] == "2026-09-20"


def test_columns_and_cells_that_do_not_come_in_are_listed_and_told_a_script(nippo: Shell, tmp_path: Path):
    """A column that looked like one of days and amounts, and holds neither; a word that is no choice."""
    head = "お客様名,件名,進捗,種別,確度,備考欄\n"
    rows = "甲社,A機,提案,新規,高いかも,x\n乙社,B機,提案,新規,たぶん,y\n丙社,C機,提案,なぞ,どうか,\n"
    (tmp_path / "案件_20261110.csv").write_text(head + rows, encoding="utf-8")
    plan = nippo.done("import", "案件_20261110.csv", "--dry-run", "--json").json
    assert "確度" in plan["left_out"]
    assert "確度" not in [one["column"] for one in plan["taken"]]
    assert plan["emptied"] == [{"column": "種別", "cell": "なぞ", "rows": 1}]
    told = nippo.done("import", "案件_20261110.csv", "--yes").err
    assert "確度" in told
    assert "種別「なぞ」（1行）" in told


def test_an_amount_that_deals_share_is_said_before_it_is_taken_once(nippo: Shell, tmp_path: Path):
    """The million is the first one's; the page says it, and so does the result."""
    openpyxl = pytest.importorskip("openpyxl", reason="writes the workbook")
    book = openpyxl.Workbook()
    for row in (
        ["お客様名", "件名", "進捗", "見込額"],
        ["甲社", "A機", "提案", 1_000_000],
        [None, "B機", "提案", None],
    ):
        book.active.append(row)
    book.active.merge_cells("A2:A3")
    book.active.merge_cells("D2:D3")
    book.save(tmp_path / "案件_20261110.xlsx")
    said = "金額のセルが上の行と結合された行が 1 行あり"
    assert said in nippo.done("import", "案件_20261110.xlsx", "--dry-run").out.replace("\n", "")
    assert said in nippo.done("import", "案件_20261110.xlsx", "--yes").out.replace("\n", "")
    deals = nippo.done("deal", "list", "--json").json["deals"]
    assert {one["name"]: (one["customer"], one["amount"]) for one in deals} == {
        "A機": ("甲社", 1_000_000), "B機": ("甲社", None),
    }  # fmt: skip


def test_a_dry_run_that_has_questions_leaves_no_file(nippo: Shell, tmp_path: Path):
    """It says what is to be decided all the same."""
    (tmp_path / "odd.csv").write_text(ODD, encoding="utf-8")
    answer = nippo("import", "odd.csv", "--dry-run")
    assert answer.code == 2
    assert "謎" in answer.err
    assert [path.name for path in tmp_path.iterdir() if "map" in path.name] == []


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
def test_a_half_made_map_is_written_through_no_link(nippo: Shell, tmp_path: Path):
    """One that leads nowhere yet lies in wait under its name, and under that of the next a pipe: it goes beside them."""
    (tmp_path / "odd.csv").write_text(ODD, encoding="utf-8")
    (tmp_path / "odd.csv.map.yaml").symlink_to(tmp_path / "elsewhere")
    os.mkfifo(tmp_path / "odd.csv.map-2.yaml")
    answer = nippo("import", "odd.csv", "--yes")
    assert (answer.code, "odd.csv.map-3.yaml" in answer.err, (tmp_path / "elsewhere").exists()) == (2, True, False)


def test_a_cell_of_several_lines_is_a_comment_of_the_half_made_map(nippo: Shell, tmp_path: Path):
    """None of its lines is a key."""
    (tmp_path / "odd.csv").write_text(ODD.replace("謎", '"謎\nauthor: 社長\u2028x: y"'), encoding="utf-8")
    assert nippo("import", "odd.csv", "--yes").code == 2
    lines = (tmp_path / "odd.csv.map.yaml").read_text(encoding="utf-8").splitlines()
    assert "author: 社長" not in lines
    assert not any(line.startswith("x: y") for line in lines)


def test_a_stage_answered_once_that_is_no_more_is_asked_again(nippo: Shell, tmp_path: Path, monkeypatch):
    """It counts as none only where a person said so."""
    (tmp_path / "odd.csv").write_text(ODD, encoding="utf-8")
    monkeypatch.setattr(FileProposal, "_remembered", lambda *_: {"stage_of:謎": "昔の段階"})
    answer = nippo("import", "odd.csv", "--yes")
    assert answer.code == 2
    assert "謎" in answer.err


@pytest.mark.parametrize(
    ("name", "day"),
    [("案件_20250401_20260402.csv", "2026-04-02"), ("案件.v2_2026-04-02.csv", "2026-04-02"), ("案件_20260402_20269999.csv", "2026-04-02")],
)  # fmt: skip
def test_the_last_day_in_a_files_name_is_its_day(nippo: Shell, tmp_path: Path, name: str, day: str):
    """Also behind a dot; what is no day is passed over."""
    (tmp_path / name).write_text("お客様名,件名,進捗\n甲社,A機,提案\n", encoding="utf-8")
    assert nippo.done("import", name, "--dry-run", "--json").json["exported"] == day


def test_of_a_file_that_brings_nothing_new_nobody_is_asked(nippo: Shell, sheet: Path, monkeypatch):
    """It says so and ends, on a terminal as in a script, where no --yes is needed either; a new row is shown as ever."""
    nippo.done("import", sheet.name, "--yes")
    assert "新しいものはありません" in nippo.done("import", sheet.name).out
    monkeypatch.setattr("nippo_cli.cli.frame.context.CliContext.interactive", property(lambda _: True))
    monkeypatch.setattr(import_plan, "line", pytest.fail)
    before = nippo.db.read_bytes()
    assert "新しいものはありません" in nippo.done("import", sheet.name).out
    assert nippo.db.read_bytes() == before
    sheet.write_text(SHEET.replace("合計", "4,丁社,D機,村井,5,提案,2026/6/1,,\n合計"), encoding="cp932")
    asked = []
    monkeypatch.setattr(import_plan, "line", lambda question: asked.append(question) or "n")
    assert "取り込み済みの行" in nippo.done("import", sheet.name).out
    assert len(asked) == 1


def test_the_day_that_a_title_says_comes_before_that_of_the_name_and_of_the_file(nippo: Shell, tmp_path: Path):
    """Rows without a day are of that day, and the page says so before anybody agrees."""
    name = "案件_20261120.csv"
    (tmp_path / name).write_text("案件一覧　2026年11月13日現在\nお客様名,件名,進捗\n甲社,A機,提案\n", encoding="utf-8")
    plan = nippo.done("import", name, "--dry-run", "--json").json
    assert (plan["exported"], plan["day_from"], plan["first"][0]["on"]) == ("2026-11-13", "title", "2026-11-13")
    assert "表の上に書かれた日付 2026-11-13" in nippo.done("import", name, "--dry-run").out
    (tmp_path / name).write_text("案件一覧\nお客様名,件名,進捗\n甲社,A機,提案\n", encoding="utf-8")
    plan = nippo.done("import", name, "--dry-run", "--json").json
    assert (plan["exported"], plan["day_from"]) == ("2026-11-20", "name")


@pytest.mark.parametrize(
    ("row", "exported", "day_from"),
    [
        ("提案,2026/5/2,", "2026-11-20", "name"),
        ("提案,,2026-05-02", "2026-11-20", "name"),
        ("提案,2025/4/1,", "2025-04-01", "title"),
        # When it is expected, or mistyped, is no sign.
        ("提案,2027/5/2,", "2025-04-01", "title"),
    ],
)
def test_a_title_of_before_its_rows_says_when_the_sheet_was_made_and_not_of_which_day_the_list_is(
    nippo: Shell, tmp_path: Path, row: str, exported: str, day_from: str
):
    """Else every live deal would have been silent since then, and have stood in its stage before it began."""
    name = "案件_20261120.csv"
    head = "案件管理表　作成日 2025年4月1日\nお客様名,件名,進捗,受付日,更新日,受注予定日\n"
    (tmp_path / name).write_text(f"{head}甲社,A機,{row},2026/10/31\n乙社,B機,提案,,,\n", encoding="utf-8")
    plan = nippo.done("import", name, "--dry-run", "--json").json
    assert (plan["exported"], plan["day_from"]) == (exported, day_from)


CARDS = "会社名,役職,氏名,名刺交換日,名刺所有者ユーザID\n甲社,課長,山本 剛,2026/4/10,sato\n乙社,,田中 実,,sato\n"


def test_a_business_card_is_whom_somebody_met_and_no_contact_about_a_deal(nippo: Shell, tmp_path: Path):
    """With the title; on the file's day where the card has none. A later export brings only what is new."""
    (tmp_path / "名刺出力20260420_101500.csv").write_text(CARDS, encoding="utf-8-sig")
    plan = nippo.done("import", "名刺出力20260420_101500.csv", "--yes", "--json").json
    assert (plan["taken"], plan["entries"], plan["deals"]) == (2, 2, 0)
    people = nippo.done("customer", "people", "甲社", "--json").json["people"]
    assert [(one["name"], one["title"], one["first_met_on"]) for one in people] == [("山本 剛", "課長", "2026-04-10")]
    entries = nippo.done("log", "--json").json["entries"]
    assert [(one["on"], one["values"]["activity"]) for one in entries] == [
        ("2026-04-20", "internal"),
        ("2026-04-10", "internal"),
    ]
    (tmp_path / "名刺出力20260501_101500.csv").write_text(
        CARDS + "丙社,部長,森 一,2026/4/30,sato\n", encoding="utf-8-sig"
    )
    report = nippo.done("import", "名刺出力20260501_101500.csv", "--yes", "--json").json
    assert (report["taken"], report["known"]) == (1, 2)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("山本 剛", "取締役、営業本部長"),
        ("山本 剛", "CEO, Founder"),
        ("Smith, John", "Sales: East"),
        ("山本 剛", "部長（兼）決裁"),
    ],
)
def test_a_card_is_one_person_whatever_its_title_holds(nippo: Shell, tmp_path: Path, name: str, title: str):
    """Signs that part people where they are typed, and words that mark who decides."""
    (tmp_path / "名刺.csv").write_text(
        f'会社名,役職,氏名,名刺交換日,名刺所有者ユーザID\n甲社,"{title}","{name}",2026/4/10,sato\n乙社,部長,,2026/4/10,sato\n',
        encoding="utf-8-sig",
    )
    nippo.done("import", "名刺.csv", "--yes")
    people = nippo.done("customer", "people", "甲社", "--json").json["people"]
    assert [(one["name"], one["title"]) for one in people] == [(name, title)]
    assert nippo.done("customer", "people", "乙社", "--json").json["people"] == []


def test_a_column_of_days_that_no_word_names_is_the_day_of_contacts(nippo: Shell, tmp_path: Path):
    """The only one, none of it to come; numbers are no days."""
    (tmp_path / "営業日報.csv").write_text(
        "日,訪問先,内容,台数\n2026/10/1,甲社,見積の話,46000\n2026/10/5,乙社,紹介,46010\n", encoding="utf-8"
    )
    nippo.done("import", "営業日報.csv", "--yes")
    entries = nippo.done("log", "--json").json["entries"]
    assert [(one["on"], one["values"]["facts"]) for one in entries] == [
        ("2026-10-05", "紹介"),
        ("2026-10-01", "見積の話"),
    ]


LIST = "会社,案件名,金額,顔合わせ"


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        (f"{LIST},お約束\n甲社,A機,100万,2026/10/1,2027/3/1\n",
         ("「始まった日」はどの列か（顔合わせ、お約束）", "「受注予定日」はどの列か（顔合わせ、お約束）")),
        (f"{LIST}\n甲社,A機,100万,2026/10/1\n", ("「始まった日」はどの列か（顔合わせ）",)),
        ("会社,内容,顔合わせ,お約束\n甲社,見積,2026/10/1,2026/10/2\n", ("「日付」はどの列か（顔合わせ、お約束）",)),
        ("会社,内容,お約束\n甲社,見積,2027/10/1\n", ("「日付」はどの列か（お約束）",)),
    ],
)  # fmt: skip
def test_days_that_no_word_names_are_asked_about_and_not_dropped_for_the_files(
    nippo: Shell, tmp_path: Path, text: str, asked: tuple[str, ...]
):
    """Which is what."""
    (tmp_path / "list.csv").write_text(text, encoding="utf-8")
    answer = nippo("import", "list.csv", "--yes")
    assert answer.code == 2
    assert [line.partition("」 ")[2] for line in answer.err.splitlines() if "どの列か" in line] == list(asked)


@pytest.mark.parametrize(
    "text",
    [
        "Company,Deal,Amount,First contact,Target close\nA,B,100,2026/10/1,2027/3/1\n",
        "Customer,Deal,Stage,Amount,Result date\nA,B,Won,100,2026/10/1\nC,D,Lost,100,2026/10/2\n",
    ],
)
def test_an_english_list_has_its_days(nippo: Shell, tmp_path: Path, text: str):
    """Nobody is asked where words say it."""
    (tmp_path / "list.csv").write_text(text, encoding="utf-8")
    plan = nippo.done("import", "list.csv", "--dry-run", "--json").json
    assert (plan["questions"], plan["left_out"]) == ([], [])


def test_the_records_of_an_export_are_refused_and_its_entries_are_named(nippo: Shell):
    """They are no rows of which a column could be asked about."""
    nippo.done("add", "A機", "--new-deal", "--customer", "甲社", "--activity", "電話", "--later", "-m", "x")
    nippo.done("export", "out")
    answer = nippo("import", "out/log.jsonl")
    assert (answer.code, answer.out) == (2, "")
    assert f" import {Path('out', 'entries.csv')}\n" in answer.err
    assert len(nippo("import", "out/log.jsonl", "--map", "out/import.yaml").err) < 30_000
    Path("out", "entries.csv").unlink()
    answer = nippo("import", "out/log.jsonl")
    assert answer.code == 2
    assert "entries.csv" not in answer.err


OWN = (
    "案件名,会社,段階,更新日\nA機,甲社,2.すり合わせ,2026/4/1\nB機,乙社,1.顔つなぎ,2026/4/2\nC機,丙社,3.握り,2026/4/3\n"
    "D機,丁社,4.詰め,2026/4/4\nE機,戊社,成約,2026/4/5\n"
)
OWN_DATED = OWN.replace("更新日", "受注予定日")


def test_stages_that_are_nobodys_make_a_schema_for_a_journal_that_is_empty(nippo: Shell, tmp_path: Path, monkeypatch):
    """One question for all of them; a journal with entries keeps its own stages, and is not offered others."""
    (tmp_path / "案件.csv").write_text(OWN, encoding="utf-8")
    answer = nippo("import", "案件.csv", "--yes")
    assert answer.code == 2
    assert "nippo schema new --from" in answer.err
    monkeypatch.setattr("nippo_cli.cli.frame.context.CliContext.interactive", property(lambda _: True))
    monkeypatch.setattr(import_plan, "line", lambda _: "")
    nippo.done("import", "案件.csv")
    stages = [one["label"] for one in nippo.done("schema", "show", "--json").json["agreement"]["stages"]]
    assert stages[:5] == ["1.顔つなぎ", "2.すり合わせ", "3.握り", "4.詰め", "成約"]
    deals = {one["name"]: one["stage"] for one in nippo.done("deal", "list", "--all", "--json").json["deals"]}
    assert deals["A機"] == "2.すり合わせ"
    other = OWN.replace("すり合わせ", "甲").replace("顔つなぎ", "乙").replace("握り", "丙").replace("詰め", "丁")
    (tmp_path / "other.csv").write_text(other.replace("機,", "号機,"), encoding="utf-8")
    monkeypatch.setattr("nippo_cli.cli.frame.context.CliContext.interactive", property(lambda _: False))
    told = nippo("import", "other.csv", "--dry-run")
    assert told.code == 2
    assert len(nippo.done("log", "--json").json["entries"]) == 5


def test_a_schema_is_made_of_a_file_before_its_import_asks_nothing(nippo: Shell, tmp_path: Path):
    """`nippo schema new --from FILE`; what has no stages is refused."""
    (tmp_path / "案件.csv").write_text(OWN_DATED, encoding="utf-8")
    nippo.done("schema", "new", "mine.yaml", "--from", "案件.csv")
    nippo.done("init", "--template", "mine.yaml")
    assert nippo.done("import", "案件.csv", "--yes", "--json").json["taken"] == 5
    (tmp_path / "none.csv").write_text("日付,会社,内容\n2026/4/1,甲社,x\n", encoding="utf-8")
    assert nippo("schema", "new", "other.yaml", "--from", "none.csv").code == 2
    assert not (tmp_path / "other.yaml").exists()


def test_a_log_of_events_brings_each_step_once_where_a_person_says_so(nippo: Shell, tmp_path: Path, monkeypatch):
    """The second proposal and the second visit stay out; without that answer they come in."""
    head = "case:concept:name,concept:name,time:timestamp\n"
    (tmp_path / "log.csv").write_text(
        head + "A,初回訪問,2026-04-01\nA,提案,2026-04-05\nA,初回訪問,2026-04-08\nA,提案,2026-04-09\n", encoding="utf-8"
    )
    monkeypatch.setattr("nippo_cli.cli.frame.context.CliContext.interactive", property(lambda _: True))
    said = iter(["2", ""])
    monkeypatch.setattr(import_plan, "line", lambda _: next(said))
    nippo.done("import", "log.csv")
    assert [one["on"] for one in nippo.done("log", "--json").json["entries"]] == ["2026-04-05", "2026-04-01"]


SALESFORCE = (
    "商談名,商談 所有者,取引先名,フェーズ,完了予定日,金額,商談 ID,作成日\n"
    "搬送ロボット,佐藤,青葉製作所,提案,2026/11/30,12000000,006A1,2026/09/01\n"
    "検査装置,村井,大門電機,見積,2026/12/15,8300000,006A2,2026/09/10\n"
)
KINTONE = (
    "レコード番号,更新者,更新日時,作成日時,作業者,会社名,見込み時期,確度,製品名,小計\n"
    "1,山田,2026-11-12 10:00,2026-10-01 10:00,山田,甲社,2026-11-30,B,搬送ロボット,1200000\n"
    "2,山田,2026-11-10 10:00,2026-10-02 10:00,山田,乙社,2026-12-31,C,検査装置,800000\n"
)


@pytest.mark.parametrize(
    ("first", "second", "on"),
    [
        (SALESFORCE, SALESFORCE.replace("提案,2026/11/30", "見積,2026/12/31"), "2026-11-20"),
        (KINTONE, KINTONE.replace("11-12 10:00", "11-19 10:00").replace("2026-11-30,B", "2026-12-31,A"), "2026-11-19"),
    ],
)
def test_two_weekly_exports_make_a_line_and_a_push_shows(
    nippo: Shell, tmp_path: Path, first: str, second: str, on: str
):
    """The second brings only what changed, on the day of the export or that the row names; each of the files again brings nothing."""
    (tmp_path / "案件_20261113.csv").write_text(first, encoding="utf-8")
    (tmp_path / "案件_20261120.csv").write_text(second, encoding="utf-8")
    nippo.done("import", "案件_20261113.csv", "--yes")
    report = nippo.done("import", "案件_20261120.csv", "--yes", "--json").json
    assert (report["entries"], report["added"], report["known"], report["new_deals"]) == (1, 1, 1, 0)
    deals = {one["name"]: one for one in nippo.done("deal", "list", "--json").json["deals"]}
    moved = deals["搬送ロボット"]
    assert (moved["pushes"], moved["slip_days"], moved["first_closes"], moved["closes"]) == (
        1,
        31,
        "2026-11-30",
        "2026-12-31",
    )
    assert deals["検査装置"]["pushes"] == 0
    assert nippo.done("log", "--json").json["entries"][0]["on"] == on
    for file in ("案件_20261113.csv", "案件_20261120.csv"):
        again = nippo.done("import", file, "--yes", "--json").json
        assert (again["taken"], again["known"]) == (0, 2)


def test_a_file_that_changes_its_encoding_far_below_is_refused_where_it_does(nippo: Shell, tmp_path: Path):
    """What is proposed is read from its beginning alone; the import reads all of it before the first row is written."""
    head = "日付,会社,案件名,内容\n"
    row = f"2026/11/20,甲社,A機,{'打合せ' * 30}\n"
    body = (head + row * 18_000).encode() + "2026/11/20,乙社,B機,見積\n".encode("cp932")
    assert len(body) > 4 << 20
    (tmp_path / "mixed.csv").write_bytes(body)
    answer = nippo("import", "mixed.csv", "--yes")
    assert answer.code == 2
    assert "18002" in answer.err
    assert not nippo.db.exists()


@pytest.mark.parametrize(
    ("text", "questions"),
    [
        ("product,series,sales_price\nGTX Basic,GTX,550\nGTX Pro,GTX,4821\n", 1),
        ("商品名,定価\n加工治具,120000\n部品洗浄機,980000\n", 1),
        ("会社名,業種,所在地\n甲社,製造,浜松\n乙社,食品,静岡\n", 1),
        # With whose deal it is, or how it stands, a short list is one of deals.
        ("案件,顧客,金額\nA機,甲社,120000\nB機,乙社,980000\n", 0),
        ("案件,金額,受注予定日\nA機,120000,2026/12/25\nB機,980000,2026/12/28\n", 0),
    ],
    ids=["products", "prices", "companies", "deals of customers", "deals with a date"],
)
def test_a_list_that_need_not_be_of_deals_is_asked_about(nippo: Shell, tmp_path: Path, text: str, questions: int):
    """A price list has names and amounts, a list of companies has customers: neither is taken for deals by itself."""
    path = tmp_path / "一覧.csv"
    path.write_text(text, encoding="utf-8")
    answer = nippo("import", path.name, "--yes", "--json")
    assert answer.code == (2 if questions else 0), answer.err
    assert ("「案件」はどの列か" in answer.err, nippo.db.exists()) == (bool(questions), not questions)
