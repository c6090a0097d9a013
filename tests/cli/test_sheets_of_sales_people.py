"""Sheets as sales people keep them: heads that only hint at what stands below, months for days, a sum in any column."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from shell import Shell

from nippo_cli.cli.commands import import_plan

SHEET = (
    "■2025年度 案件管理表（関東営業所）,,,,,,,,,\n更新:2026/3/31 担当:鈴木,,,,,,,,,\n"
    ",管理No,得意先,案件名,担当,金額(万円),見込ランク,現在の状況,受注予定,最終訪問,メモ\n"
    ",K-001,㈱山中製作所,コンベア更新,鈴木,350,A,受注済,2025/8,2025/7/20,値引き1割\n"
    ",K-002,㈱山中製作所,予備品,鈴木,45,B,見積提出済み,2025/12,2025/11/2,\n"
    ",K-003,北浜鉄工,ポンプ,木村,80,A,内示,2026/4,2026/3/25,来月注文書\n"
    ",計,,,,475,,,,,\n"
)


def answered_by_enter(nippo: Shell, monkeypatch: pytest.MonkeyPatch, *argv: str, questions: int) -> dict[str, Any]:
    """An import on a terminal, each question answered by Enter, with the likeliest."""
    left = [""] * questions
    with monkeypatch.context() as at_terminal:
        at_terminal.setattr("nippo_cli.cli.frame.context.CliContext.interactive", property(lambda _: True))
        at_terminal.setattr(import_plan, "line", lambda _: left.pop())
        said = nippo.done("import", *argv, "--json").json
    assert left == []
    return said


def test_heads_that_hint_are_believed_where_the_cells_agree(
    nippo: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """見込ランク has ranks, 現在の状況 says what ended, 受注予定 names months: no day on which a deal ended. When the order
    came is asked, the last visit first. The sum is no row."""
    file = tmp_path / "案件管理表.csv"
    file.write_text(SHEET, encoding="cp932")
    at = datetime(2026, 3, 31, 3, tzinfo=UTC).timestamp()
    os.utime(file, (at, at))
    refused = nippo("import", file.name, "--yes")
    assert (refused.code, "日がない行をいつ終わったとするか（最終訪問、file、-）" in refused.err) == (2, True)
    plan = answered_by_enter(nippo, monkeypatch, file.name, "--dry-run", questions=1)
    assert {one["column"]: one["role"] for one in plan["taken"]} == {
        "管理No": "deal_key", "得意先": "customer", "案件名": "deal", "担当": "owner", "金額(万円)": "amount", "見込ランク": "confidence",
        "現在の状況": "status", "受注予定": "closes", "最終訪問": "contacted", "メモ": "facts",
    }  # fmt: skip
    report = answered_by_enter(nippo, monkeypatch, file.name, "--yes", questions=1)
    assert (report["taken"], report["skipped"], report["rejected"]) == (3, 1, 0)
    deals = {one["name"]: one for one in nippo.done("deal", "list", "--all", "--json").json["deals"]}
    assert (deals["コンベア更新"]["outcome"], deals["コンベア更新"]["closed_on"]) == ("won", "2025-07-20")
    assert (deals["ポンプ"]["amount"], deals["ポンプ"]["confidence"]) == (800_000, "A")


BOOK = [
    ["令和7年度　営業第一課　引合管理表"],
    ["（単位：千円）", None, None, None, None, None, None, None, "作成：営業企画 山口"],
    [],
    ["№", "得意先", "引合内容", "担当", "引合受付日", "見積金額", "ランク", "状況", "備考"],
    [1, "㈱東洋精工", "NC旋盤 更新", "山口", "R7.4.8", 12500, "A", "受注", "4/20 訪問、部長同席"],
    [None, None, None, None, None, None, None, None, "5/12 見積再提出"],
    [2, "〃", "切削油装置", "〃", "R7.5.20", 800, "C", "失注", "価格で他社"],
    [3, "日進機械", "検査治具", "木村", "R7.6.2", 3200, "B", "商談中", "6/30 仕様打合せ予定"],
    [4, "〃", "ローダー", "〃", "R7.7.15", 15000, "A", "見積提出済み", None],
    [None, "小計", None, None, None, 31500, None, None, None],
    [5, "北陸電装", "搬送コンベア", "佐々木", "R7.8.1", 9800, "B", "保留", "予算凍結"],
    [None, "合計", None, None, None, 41300, None, None, None],
]


def test_a_list_with_titles_thousands_eras_dittos_and_sums(
    nippo: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """One question, when the order and the loss came, which no cell says; a line that holds a remark alone is part of the
    deal above it; what no step is called is said."""
    openpyxl = pytest.importorskip("openpyxl", reason="writes the workbook")
    book = openpyxl.Workbook()
    for row in BOOK:
        book.active.append(row)
    book.active.merge_cells("A1:I1")
    book.save(tmp_path / "引合管理表_20251130.xlsx")
    refused = nippo("import", "引合管理表_20251130.xlsx", "--yes")
    assert (refused.code, "日がない行をいつ終わったとするか（file、-）" in refused.err) == (2, True)
    plan = answered_by_enter(nippo, monkeypatch, "引合管理表_20251130.xlsx", "--dry-run", questions=1)
    assert plan["left_out"] == ["№"]
    assert [one["said"] for one in plan["stages"] if one["stage"] is None] == ["商談中", "保留"]
    report = answered_by_enter(nippo, monkeypatch, "引合管理表_20251130.xlsx", "--yes", questions=1)
    assert (report["taken"], report["new_deals"], report["rejected"]) == (5, 5, 0)
    deals = {one["name"]: one for one in nippo.done("deal", "list", "--all", "--json").json["deals"]}
    assert {name: (one["customer"], one["owner"], one["amount"], one["outcome"]) for name, one in deals.items()} == {
        "NC旋盤 更新": ("㈱東洋精工", "山口", 12_500_000, "won"),
        "切削油装置": ("㈱東洋精工", "山口", 800_000, "lost"),
        "検査治具": ("日進機械", "木村", 3_200_000, "fizzled"),
        "ローダー": ("日進機械", "木村", 15_000_000, "fizzled"),
        "搬送コンベア": ("北陸電装", "佐々木", 9_800_000, "fizzled"),
    }
    assert deals["ローダー"]["stage"] == "quote"
    said = nippo.done("log", "--since", "2025-01-01", "--json", "--limit", "0").json["entries"]
    assert "4/20 訪問、部長同席\n5/12 見積再提出" in [one["values"].get("facts") for one in said]


OUTLOOK = (
    "営業,ユーザー名,商材,売上見込（万円）,区分,結果月,次回アクション\n"
    "田口,アサヒ樹脂,射出成形機,1800,受注,2026年3月,納入立会\n"
    "田口,アサヒ樹脂,金型,450,失注,2026年4月,\n"
    "森,共立紙工,断裁機,2200,見込,2026年12月,再見積\n"
    "森,関東運輸,搬送ロボ,980,見込,2027年1月,役員プレゼン\n"
    "森,大和フーズ,包装機,3100,受注,令和8年10月,\n"
)


def test_what_ended_and_in_which_month_in_two_columns(nippo: Shell, tmp_path: Path):
    """区分 sorts deals by how they ended, though it may sort them by kind elsewhere; a month is its last day for what ended, and a
    promise as coarse as it is for what did not."""
    (tmp_path / "ヨミ表_20261120.csv").write_text(OUTLOOK, encoding="cp932")
    assert nippo.done("import", "ヨミ表_20261120.csv", "--dry-run", "--json").json["questions"] == []
    nippo.done("import", "ヨミ表_20261120.csv", "--yes")
    deals = {one["name"]: one for one in nippo.done("deal", "list", "--all", "--json").json["deals"]}
    ended = {name: (one["outcome"], one["closed_on"]) for name, one in deals.items() if one["closed_on"]}
    assert ended == {
        "射出成形機": ("won", "2026-03-31"), "金型": ("lost", "2026-04-30"), "包装機": ("won", "2026-10-31"),
    }  # fmt: skip
    assert {deals[name]["closes"] for name in ("断裁機", "搬送ロボ")} == {
        "2026-12-01/2026-12-31", "2027-01-01/2027-01-31",
    }  # fmt: skip
    assert deals["断裁機"]["amount"] == 22_000_000


def test_a_contract_that_was_talked_about_ends_no_deal(nippo: Shell, tmp_path: Path):
    """用件 and 活動種別 of contacts are what was said and done, though one of their words would end a deal elsewhere."""
    text = "日付,会社,活動種別,用件\n2026/11/2,甲社,訪問,契約\n2026/11/3,乙社,電話,見積\n2026/11/4,丙社,契約,クレーム対応\n"
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    plan = nippo.done("import", "a.csv", "--dry-run", "--json").json
    assert plan["shape"] == "diary"
    roles = {one["column"]: one["role"] for one in plan["taken"]}
    assert roles == {"日付": "on", "会社": "customer", "活動種別": "activity", "用件": "facts"}


VISITS = (
    "営業日報　東京支店,,,,,,\n,,,,,,\n月日,時間,訪問先,面談者,用件,話した内容,次のステップ\n"
    "11/2({monday}),10:00～11:00,青木製作所,川島課長,新規提案,ロボット導入の相談を受けた,見積 11/13まで\n"
    "〃,14:00～15:00,三栄工業,小野部長,見積説明,価格が高いと言われた,\n"
    "11/5({thursday}),13:30～,ヤマト精機,井上様,クレーム対応,部品不良の件,\n"
)


@pytest.mark.parametrize(
    ("name", "weekdays", "title", "days"),
    [
        # In 2026 the second of November is a Monday, in 2020 too, which is longer ago.
        ("訪問記録.csv", ("月", "木"), "", ["2026-11-02", "2026-11-02", "2026-11-05"]),
        ("訪問記録.csv", ("日", "水"), "", ["2025-11-02", "2025-11-02", "2025-11-05"]),
        ("訪問記録.csv", ("", ""), "2024年度", ["2024-11-02", "2024-11-02", "2024-11-05"]),
        ("訪問記録.csv", ("", ""), "令和7年11月", ["2025-11-02", "2025-11-02", "2025-11-05"]),
    ],
)
def test_days_without_a_year_are_of_the_year_that_the_sheet_says(
    nippo: Shell, tmp_path: Path, name: str, weekdays: tuple[str, str], title: str, days: list[str]
):
    """By the weekdays or by a title; the sheet is no list of deals, and none of its days is the file's."""
    text = (
        VISITS.format(monday=weekdays[0], thursday=weekdays[1])
        .replace("()", "")
        .replace("東京支店", f"東京支店 {title}")
    )
    (tmp_path / name).write_text(text, encoding="cp932")
    plan = nippo.done("import", name, "--dry-run", "--json").json
    assert (plan["questions"], plan["shape"], plan["left_out"]) == ([], "diary", ["時間"])
    nippo.done("import", name, "--yes")
    entries = nippo.done("log", "--since", "2020-01-01", "--json", "--limit", "0").json["entries"]
    assert sorted(one["on"] for one in entries) == days
    assert {one["values"]["facts"] for one in entries} >= {"新規提案 / ロボット導入の相談を受けた"}


def test_days_whose_year_nothing_says_are_asked_about_with_what_each_answer_makes_of_them(
    nippo: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The first guess is the file's own day; a script is told."""
    text = VISITS.format(monday="", thursday="").replace("()", "")
    (tmp_path / "訪問記録_20261110.csv").write_text(text, encoding="cp932")
    refused = nippo("import", "訪問記録_20261110.csv", "--yes")
    assert (refused.code, "年のない日付" in refused.err, nippo.db.exists()) == (2, True, False)
    monkeypatch.setattr("nippo_cli.cli.frame.context.CliContext.interactive", property(lambda _: True))
    answers = ["2", ""]
    monkeypatch.setattr(import_plan, "line", lambda _: answers.pop(0))
    asked = nippo.done("import", "訪問記録_20261110.csv")
    assert "1 2026-11-10 まで（2026-11-02、2026-11-05）" in asked.err
    entries = nippo.done("log", "--since", "2020-01-01", "--json", "--limit", "0").json["entries"]
    assert sorted(one["on"] for one in entries) == ["2025-11-02", "2025-11-02", "2025-11-05"]


@pytest.mark.parametrize(
    ("heads", "rows", "ended"),
    [
        ("受注日,得意先,品名,受注金額", "2026/10/3,甲社,ロボット,120\n2026/11/5,乙社,検査機,83\n",
         {"ロボット": ("won", "2026-10-03"), "検査機": ("won", "2026-11-05")}),
        ("失注日,得意先,品名,失注金額", "2026/10/3,甲社,ロボット,120\n,乙社,検査機,83\n",
         {"ロボット": ("lost", "2026-10-03"), "検査機": ("open", None)}),
        ("得意先,品名,受注日,失注日,金額", "甲社,ロボット,2026/10/3,,120\n乙社,検査機,,2026/11/5,83\n丙社,秤,,,9\n",
         {"ロボット": ("won", "2026-10-03"), "検査機": ("lost", "2026-11-05"), "秤": ("open", None)}),
        # A day to come is one that is expected.
        ("受注日,得意先,品名,受注金額", "2026/10/3,甲社,ロボット,120\n2027/2/5,乙社,検査機,83\n",
         {"ロボット": ("open", None), "検査機": ("open", None)}),
    ],
)  # fmt: skip
def test_the_day_of_an_order_or_a_loss_says_how_a_deal_ended(
    nippo: Shell, tmp_path: Path, heads: str, rows: str, ended: dict[str, tuple[str, str | None]]
):
    """A list of orders has no column for what every row of it is."""
    (tmp_path / "台帳_20261120.csv").write_text(f"{heads}\n{rows}", encoding="cp932")
    nippo.done("import", "台帳_20261120.csv", "--yes")
    deals = nippo.done("deal", "list", "--all", "--json").json["deals"]
    assert {one["name"]: (one["outcome"], one["closed_on"]) for one in deals} == ended


def test_an_owner_that_is_said_once_for_the_rows_below_is_not_passed_over_in_silence(nippo: Shell, tmp_path: Path):
    """Of a sheet saved as CSV nobody knows whether an empty cell was merged with the one above; `fill: down` says so."""
    text = "担当,得意先,案件名,見込金額\n佐藤,甲社,ロボット,120\n,乙社,検査機,83\n,,秤,9\n村井,丙社,包装機,22\n"
    (tmp_path / "見込_20261120.csv").write_text(text, encoding="cp932")
    plan = nippo.done("import", "見込_20261120.csv", "--dry-run", "--json", "--save-map", "m.yaml").json
    assert plan["blank"] == [{"column": "担当", "rows": 2}, {"column": "得意先", "rows": 1}]
    assert "担当（2行）、得意先（1行）" in nippo.done("import", "見込_20261120.csv", "--dry-run").out
    assert "担当（2行）、得意先（1行）" in nippo.done("import", "見込_20261120.csv", "--yes").err
