"""Sheets whose shape says more than their heads: heads of two lines, a column for each step, a sheet for each person."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from shell import Shell

openpyxl = pytest.importorskip("openpyxl", reason="writes the workbooks")


def saved(tmp_path: Path, name: str, *rows: list[Any], merged: tuple[str, ...] = ()) -> str:
    """A workbook of one sheet."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for cells in merged:
        book.active.merge_cells(cells)
    book.save(tmp_path / name)
    return name


def taken(nippo: Shell, file: str, *options: str) -> dict[str, str]:
    """What each column of a file is taken for."""
    plan = nippo.done("import", file, "--dry-run", "--json", *options).json
    assert plan["questions"] == []
    return {one["column"]: one["role"] for one in plan["taken"]}


def deals_of(nippo: Shell, file: str, *options: str) -> dict[str, dict[str, Any]]:
    """The deals of the journal, once a file is taken in."""
    nippo.done("import", file, "--yes", *options)
    return {one["name"]: one for one in nippo.done("deal", "list", "--all", "--json").json["deals"]}


def moves_of(nippo: Shell, deal: str) -> list[tuple[str, str]]:
    """The days on which a deal came into its stages."""
    stays = nippo.done("deal", "show", deal, "--json").json["stays"]
    return [(one["stage"], one["entered_on"]) for one in stays]


TWO_LINES = (
    ["2025年度　見込案件一覧", *[None] * 8, "（単位：千円）"],
    [],
    ["No.", "得意先名", "案件名", "担当", "見積", None, "受注", None, None, "失注理由"],
    [None, None, None, None, "提出日", "金額", "結果", "日付", "金額", None],
    [1, "甲社", "A機", "佐藤", date(2025, 5, 9), 12000, "○", date(2025, 6, 15), 11500, None],
    [2, None, "B機", "村井", date(2025, 7, 1), 800, "×", date(2025, 8, 1), None, "価格"],
    [3, "乙社", "C機", "村井", date(2025, 9, 1), 3000, None, None, None, None],
    [None, "合計", None, None, None, 15800, None, None, 11500, None],
    ["※金額は税抜"],
)  # fmt: skip
MERGED = ("A1:E1", "E3:F3", "G3:I3", "A3:A4", "B3:B4", "C3:C4", "D3:D4", "J3:J4", "B5:B6")


def test_a_head_of_two_lines_names_each_column_behind_its_group(nippo: Shell, tmp_path: Path):
    """見積 above 金額 is no 受注 above 金額; what was sold for stands with the order; a note below the table is no deal."""
    file = saved(tmp_path, "一覧.xlsx", *TWO_LINES, merged=MERGED)
    assert taken(nippo, file) == {
        "得意先名": "customer", "案件名": "deal", "担当": "owner", "見積提出日": "moved", "見積金額": "amount", "受注結果": "status",
        "受注日付": "closed", "受注金額": "won_amount", "失注理由": "lost_reason",
    }  # fmt: skip
    deals = deals_of(nippo, file)
    assert {name: (one["customer"], one["outcome"], one["amount"]) for name, one in deals.items()} == {
        "A機": ("甲社", "won", 11_500_000),
        "B機": ("甲社", "lost", 800_000),
        "C機": ("乙社", deals["C機"]["outcome"], 3_000_000),
    }
    assert deals["C機"]["outcome"] in ("open", "fizzled")
    assert ("quote", "2025-05-09") in moves_of(nippo, "A機")


@pytest.mark.parametrize("between", [[[]], []], ids=["a blank line", "nothing"])
def test_a_title_above_a_head_of_two_lines_is_no_part_of_it(nippo: Shell, tmp_path: Path, between: list[list[Any]]):
    """Who made the sheet, and its unit at the far end, stand as groups do."""
    above = ["作成：営業一課", *[None] * 7, "単位：千円"]
    file = saved(tmp_path, "一覧.xlsx", ["引合・受注管理表"], above, *between, *TWO_LINES[2:])
    assert {"見積提出日", "見積金額", "受注日付", "受注金額"} <= taken(nippo, file).keys()


def test_a_line_below_a_head_that_has_no_groups_is_a_row(nippo: Shell, tmp_path: Path):
    """Though it fills in the column without a name."""
    first = [None, None, None, None, "x"]
    file = saved(
        tmp_path, "一覧.xlsx", ["会社", "品名", "段階", "金額", None], first, ["甲社", "A機", "提案", 100, None]
    )
    report = nippo.done("import", file, "--yes", "--json").json
    assert (report["header_line"], report["new_deals"]) == (1, 1)


def test_a_map_that_names_the_second_line_alone_goes_on_doing_so(nippo: Shell, tmp_path: Path):
    """As maps did before heads were joined, as far as it names them."""
    file = saved(tmp_path, "一覧.xlsx", *TWO_LINES, merged=MERGED)
    (tmp_path / "m.yaml").write_text(
        "source: s\nrequired: ignore\non: 提出日\ndeal: 案件名\nfields: {customer: {column: 得意先名, fill: down}}\n",
        encoding="utf-8",
    )
    assert nippo.done("import", file, "--map", "m.yaml", "--on-error", "skip", "--json").json["taken"] == 3


def test_a_title_in_pieces_is_no_group_of_heads(nippo: Shell, tmp_path: Path):
    """Whatever stands above the header, with cells empty between."""
    rows = ["営業一課", None, "単位：円", None], ["会社", "品名", "担当", "金額"], ["甲社", "A機", "佐藤", 100]
    assert taken(nippo, saved(tmp_path, "一覧.xlsx", *rows)) == {
        "会社": "customer", "品名": "deal", "担当": "owner", "金額": "amount",
    }  # fmt: skip


def test_two_columns_of_one_name_are_two(nippo: Shell, tmp_path: Path):
    """The first is taken, and a saved map reads the file again."""
    rows = ["会社", "品名", "段階", "金額", "備考", "備考"], ["甲社", "A機", "提案", 100, "一", "二"]
    file = saved(tmp_path, "一覧.xlsx", *rows)
    deals_of(nippo, file, "--save-map", "m.yaml")
    facts = [one["values"].get("facts") for one in nippo.done("log", "--json", "--since", "2020-01-01").json["entries"]]
    assert facts == ["一 / 二"]
    assert nippo.done("import", file, "--map", "m.yaml", "--json").json["known"] == 1


def test_days_below_the_names_of_steps_are_moves(nippo: Shell, tmp_path: Path):
    """引合日, 訪問日, 見積提出日, 受注日, 失注日: a line, and no question."""
    file = saved(
        tmp_path, "進捗.xlsx",
        ["客先名", "品名", "営業", "引合日", "訪問日", "見積提出日", "受注日", "失注日"],
        ["甲社", "A機", "佐藤", date(2025, 4, 1), date(2025, 4, 10), date(2025, 5, 1), date(2025, 6, 10), None],
        ["乙社", "B機", "佐藤", date(2025, 4, 2), date(2025, 4, 20), None, None, date(2025, 7, 1)],
    )  # fmt: skip
    deals = deals_of(nippo, file)
    assert {name: (one["outcome"], one["closed_on"]) for name, one in deals.items()} == {
        "A機": ("won", "2025-06-10"), "B機": ("lost", "2025-07-01"),
    }  # fmt: skip
    assert moves_of(nippo, "A機") == [
        ("inquiry", "2025-04-01"), ("first_visit", "2025-04-10"), ("quote", "2025-05-01"), ("won", "2025-06-10"),
    ]  # fmt: skip


def test_marks_below_the_names_of_steps_say_where_a_deal_stands(nippo: Shell, tmp_path: Path):
    """The last ○ counts; a × below 失注 is a loss, and below a step nothing."""
    file = saved(
        tmp_path, "進捗_20251031.xlsx",
        ["顧客名", "案件名", "担当", "見込金額", "引合", "訪問", "提案", "見積", "受注", "失注", "結果日"],
        ["甲社", "A機", "佐藤", 100, "○", "○", "○", "○", "○", None, date(2025, 6, 1)],
        ["乙社", "B機", "佐藤", 200, "○", "○", None, None, None, "×", date(2025, 7, 1)],
        ["丙社", "C機", "村井", 300, "○", "○", "〇", "×", None, None, None],
    )  # fmt: skip
    deals = deals_of(nippo, file)
    assert {name: (one["stage"], one["closed_on"]) for name, one in deals.items()} == {
        "A機": ("won", "2025-06-01"), "B機": ("lost", "2025-07-01"), "C機": ("proposal", None),
    }  # fmt: skip
    assert nippo.done("import", file, "--yes", "--json").json["taken"] == 0


def test_contacts_with_steps_and_amounts_are_of_a_deal_that_a_column_names(nippo: Shell, tmp_path: Path):
    """As wholesalers keep them; which column it is is asked where no head says it: orders of nobody's deal would count nowhere."""
    head = [
        "No",
        "得意先",
        "商品・提案内容",
        "担当者",
        "商談日",
        "サンプル",
        "見積",
        "採用",
        "不採用",
        "年間見込",
        "コメント",
    ]
    rows = (
        [1, "甲社", "餃子 1kg", "森", date(2025, 10, 1), "○", "○", "○", None, 1200, "反応良し"],
        [2, "甲社", "餃子 2kg", "森", date(2025, 10, 2), "○", None, None, "×", 800, None],
    )
    deals = deals_of(nippo, saved(tmp_path, "提案.xlsx", head, *rows))
    assert {name: (one["stage"], one["amount"]) for name, one in deals.items()} == {
        "餃子 1kg": ("won", 1200), "餃子 2kg": ("lost", 800),
    }  # fmt: skip
    head[2] = "中身"
    asked = nippo("import", saved(tmp_path, "別.xlsx", head, *rows), "--dry-run")
    assert (asked.code, "「案件」はどの列か（中身" in asked.err) == (2, True)


def test_numbers_and_notes_alone_are_no_rows(nippo: Shell, tmp_path: Path):
    """Lines that are still to be filled in have a number; what explains the marks stands in the first column."""
    file = saved(
        tmp_path, "引合.xlsx",
        ["管理番号", "客先", "品名", "担当", "段階", "金額"],
        ["K1", "甲社", "A機", "佐藤", "提案", 100],
        ["K2"],
        ["※ ランクは月末に見直す"],
    )  # fmt: skip
    assert nippo.done("import", file, "--dry-run", "--json").json["blank"] == []
    report = nippo.done("import", file, "--yes", "--json").json
    assert (report["taken"], report["entries"], report["new_deals"]) == (1, 1, 1)


def test_a_day_of_delivery_is_no_beginning(nippo: Shell, tmp_path: Path):
    """Nor is it asked whether it is one."""
    file = saved(
        tmp_path, "引合.xlsx",
        ["客先", "部品名", "担当", "見積提出日", "金額", "受注日", "納期希望"],
        ["甲社", "A", "佐藤", date(2025, 5, 1), 100, date(2025, 6, 1), date(2025, 9, 1)],
        ["乙社", "B", "佐藤", date(2025, 5, 2), 200, None, date(2025, 9, 2)],
    )  # fmt: skip
    assert "納期希望" not in taken(nippo, file)


def test_a_rank_that_also_says_what_became_of_a_deal(nippo: Shell, tmp_path: Path):
    """A, B, 受注 and 失注 in one column: ranks of live deals, ends of the others. What months come to is their sum."""
    file = saved(
        tmp_path, "ヨミ.xlsx",
        ["担当", "お客様", "物件名", "ランク", "結果日", "4月", "5月", "6月", "7月", "合計"],
        ["佐藤", "甲社", "A機", "受注", date(2025, 6, 1), None, 5, 7, None, 12],
        ["佐藤", "乙社", "B機", "失注", date(2025, 7, 1), 9, None, None, None, 9],
        ["村井", "丙社", "C機", "A", None, None, None, None, 4, 4],
    )  # fmt: skip
    deals = deals_of(nippo, file)
    assert {name: (one["closed_on"], one["amount"]) for name, one in deals.items()} == {
        "A機": ("2025-06-01", 12), "B機": ("2025-07-01", 9), "C機": (None, 4),
    }  # fmt: skip
    assert deals["C機"]["confidence"] == "A"
    (tmp_path / "new").mkdir()
    plan = nippo.done("--journal", "new", "import", file, "--dry-run", "--json").json
    assert ([one["said"] for one in plan["stages"] if not one["stage"]], plan["emptied"]) == ([], [])


def book_of(tmp_path: Path, *people: str) -> None:
    """A workbook with a sheet for each person, each with the same numbers and names of deals."""
    book = openpyxl.Workbook()
    for name in people:
        sheet = book.active if name == people[0] else book.create_sheet()
        sheet.title = name
        for row in (
            ["案件No", "会社", "品名", "段階"],
            [1, f"{name}の客", "A機", "提案"],
            [2, f"{name}の客", "B機", "見積"],
        ):
            sheet.append(row)
    book.save(tmp_path / "案件.xlsx")


def test_sheets_with_the_same_columns_are_told_and_keep_their_rows_apart(nippo: Shell, tmp_path: Path):
    """One for each person, each with its own No. 1."""
    book_of(tmp_path, "佐藤", "村井")
    assert nippo.done("import", "案件.xlsx", "--dry-run", "--json").json["alike"] == ["村井"]
    assert nippo.done("import", "案件.xlsx", "--yes", "--json").json["new_deals"] == 2
    assert nippo.done("import", "案件.xlsx", "--sheet", "村井", "--yes", "--json").json["new_deals"] == 2
    for sheet in ("佐藤", "村井"):
        assert nippo.done("import", "案件.xlsx", "--sheet", sheet, "--yes", "--json").json["known"] == 2


def test_a_sheet_is_known_however_many_others_like_it_there_are(nippo: Shell, tmp_path: Path):
    """Alone it has the file's name for its source; among others like it the file's and its own. A book that gains a colleague's sheet,
    and loses it, doubles no row; and the colleague's number 1 is another deal."""
    book_of(tmp_path, "佐藤")
    assert nippo.done("import", "案件.xlsx", "--yes", "--json").json["new_deals"] == 2
    book_of(tmp_path, "佐藤", "村井")
    again = nippo.done("import", "案件.xlsx", "--yes", "--json").json
    assert (again["known"], again["taken"], again["new_deals"]) == (2, 0, 0)
    assert nippo.done("import", "案件.xlsx", "--sheet", "村井", "--yes", "--json").json["new_deals"] == 2
    for people in (["村井"], ["佐藤"], ["村井", "佐藤"]):
        book_of(tmp_path, *people)
        again = nippo.done("import", "案件.xlsx", "--yes", "--json").json
        assert (again["known"], again["taken"]) == (2, 0), people


def test_a_sheet_of_sales_is_known_however_many_others_like_it_there_are(nippo: Shell, tmp_path: Path):
    """No sale is counted twice where a book gains a sheet for the next month."""

    def months(*names: str) -> None:
        book = openpyxl.Workbook()
        for name in names:
            sheet = book.active if name == names[0] else book.create_sheet()
            sheet.title = name
            for row in (
                ["売上日", "得意先名", "売上金額"],
                [date(2026, int(name[0]), 3), "甲社", 1000],
                [date(2026, int(name[0]), 9), "乙社", 2000],
            ):
                sheet.append(row)
        book.save(tmp_path / "売上.xlsx")

    months("4月")
    assert nippo.done("sales", "import", "売上.xlsx", "--yes", "--json").json["taken"] == 2
    months("4月", "5月")
    assert nippo.done("sales", "import", "売上.xlsx", "--yes", "--json").json["known"] == 2
    assert nippo.done("sales", "import", "売上.xlsx", "--sheet", "5月", "--yes", "--json").json["taken"] == 2
    months("5月")
    assert nippo.done("sales", "import", "売上.xlsx", "--yes", "--json").json["known"] == 2


def test_what_a_deal_is_about_is_its_name_where_no_other_column_is(nippo: Shell, tmp_path: Path):
    """In English sheets too, whatever the case of their heads."""
    file = saved(
        tmp_path, "Tracker.xlsx",
        ["Opp ID", "CLIENT", "Description", "Sales lead", "Sales stage", "Deal value (JPY M)", "Outcome", "Closed on"],
        ["OP1", "Acme", "Robot cell", "Tanaka", "5-Closed", 12.5, "Won", date(2025, 6, 1)],
        ["OP2", "Borealis", "Checkweigher", "Smith", "2-Qualify", 3, None, None],
    )  # fmt: skip
    deals = deals_of(nippo, file)
    assert {name: (one["customer"], one["amount"], one["outcome"]) for name, one in deals.items()} == {
        "Robot cell": ("Acme", 12_500_000, "won"),
        "Checkweigher": ("Borealis", 3_000_000, deals["Checkweigher"]["outcome"]),
    }
