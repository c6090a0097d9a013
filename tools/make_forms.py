"""The example forms that nippo ships: a day's and a week's report in each language, as `nippo form new` hands them out.

    python tools/make_forms.py

Each is a workbook with marks (docs/forms.md), drawn for one sheet of A4. The same script gives the same bytes.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook

HERE = Path(__file__).parent.parent / "src" / "nippo_cli" / "exchange" / "forms" / "examples"
MADE = datetime(2026, 11, 30, tzinfo=UTC).replace(tzinfo=None)

# What stands on the sheets, in Japanese and in English.
WORDS: dict[str, dict[str, Any]] = {
    "ja": {
        "font": "Yu Gothic",
        "daily": "営業日報",
        "weekly": "営業週報",
        "date": "日付",
        "span": "期間",
        "author": "氏名",
        "approved": ("課長", "部長"),
        "visits": ("顧客", "案件", "活動", "面談者", "内容", "次の一手", "期日"),
        "weekly_visits": ("日付", "顧客", "案件", "活動", "フェーズ", "内容", "金額"),
        "contacts": "接触数",
        "remarks": "所感",
        "tomorrow": "明日の予定",
        "totals": ("活動数", "接触数", "新規案件", "受注", "受注額"),
        "sum": "この頁の金額計",
        "planned": "来週の予定",
        "planned_heads": ("期日", "顧客", "案件", "次の一手"),
        "day": 'm"月"d"日"',
        "whole_day": 'yyyy"年"m"月"d"日"',
        "money": '"¥"#,##0',
    },
    "en": {
        "font": "Calibri",
        "daily": "Daily report",
        "weekly": "Weekly report",
        "date": "Date",
        "span": "Days",
        "author": "Name",
        "approved": ("Manager", "Director"),
        "visits": ("Customer", "Deal", "Activity", "People", "What was said", "Next step", "By"),
        "weekly_visits": ("Date", "Customer", "Deal", "Activity", "Stage", "What was said", "Amount"),
        "contacts": "Contacts",
        "remarks": "Remarks",
        "tomorrow": "Plan for tomorrow",
        "totals": ("Entries", "Contacts", "New deals", "Won", "Amount won"),
        "sum": "Amounts on this page",
        "planned": "Planned for next week",
        "planned_heads": ("By", "Customer", "Deal", "Next step"),
        "day": "d mmm",
        "whole_day": "d mmm yyyy",
        "money": "#,##0",
    },
}  # fmt: skip
# The marks of a form, as either language writes them.
MARKS: dict[str, dict[str, Any]] = {
    "ja": {
        "visits": ("活動.顧客", "活動.案件", "活動.活動", "活動.面談者", "活動.事実", "活動.次の一手", "活動.次の一手の期日"),
        "weekly_visits": ("活動.日付", "活動.顧客", "活動.案件", "活動.活動", "活動.フェーズ", "活動.事実", "活動.金額"),
        "totals": ("合計.活動数", "合計.接触数", "合計.新規案件数", "合計.受注件数", "合計.受注額"),
        "planned": ("予定.期日", "予定.顧客", "予定.案件", "予定.次の一手"),
        "one": {"date": "日.日付", "span": "期間.期間", "author": "記入者", "remarks": "日.所感", "tomorrow": "日.明日の予定",
                "contacts": "合計.接触数", "page": "ページ", "pages": "総ページ数"},
    },
    "en": {
        "visits": ("entries.customer", "entries.deal", "entries.activity", "entries.people", "entries.facts", "entries.next_step",
                   "entries.next_on"),
        "weekly_visits": ("entries.date", "entries.customer", "entries.deal", "entries.activity", "entries.stage", "entries.facts",
                          "entries.amount"),
        "totals": ("total.entries", "total.contacts", "total.new_deals", "total.won", "total.won_amount"),
        "planned": ("planned.date", "planned.customer", "planned.deal", "planned.step"),
        "one": {"date": "day.date", "span": "period.span", "author": "author", "remarks": "day.remarks", "tomorrow": "day.plan",
                "contacts": "total.contacts", "page": "page", "pages": "pages"},
    },
}  # fmt: skip
VISITS, WEEKLY_VISITS, PLANNED = 6, 12, 5


class Sheet:
    """A sheet of A4 across, of seven columns, and its styles."""

    def __init__(self, book: Any, name: str, language: str) -> None:
        self.book, self.words, self.marks = book, WORDS[language], MARKS[language]
        self.page = book.add_worksheet(name)
        self.page.set_landscape()
        self.page.set_paper(9)
        self.page.fit_to_pages(1, 1)
        self.page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.5)
        self.page.hide_gridlines(2)
        self._styles: dict[tuple[tuple[str, Any], ...], Any] = {}

    def style(self, **how: Any) -> Any:
        """A style, made once."""
        plain = {"font_name": self.words["font"], "font_size": 10, "valign": "vcenter", **how}
        key = tuple(sorted(plain.items()))
        if key not in self._styles:
            self._styles[key] = self.book.add_format(plain)
        return self._styles[key]

    def head(self, title: str, when: str, shown: dict[str, Any]) -> None:
        """The title, the day or days, the name, and two boxes to sign in."""
        words, one = self.words, self.marks["one"]
        self.page.merge_range("A1:C1", title, self.style(bold=True, font_size=16))
        label = self.style(bg_color="#EEF2F5", border=1, align="center")
        self.page.write("A2", words[when], label)
        self.page.merge_range("B2:C2", mark(one[when]), self.style(border=1, align="left", **shown))
        self.page.write("D2", words["author"], label)
        self.page.write("E2", mark(one["author"]), self.style(border=1, shrink=True))
        for column, who in zip("FG", words["approved"], strict=True):
            self.page.write(f"{column}1", who, label)
            self.page.write_blank(f"{column}2", None, self.style(border=1))
        self.page.set_row(1, 36)

    def table(self, row: int, heads: Any, marks: Any, rows: int, height: float) -> int:
        """A table whose rows hold the same marks each; the row behind it, from 0."""
        titles = self.style(bg_color="#D5E3EE", bold=True, border=1, align="center")
        for column, head in enumerate(heads):
            self.write(row, column, head, titles, last=column == len(heads) - 1)
        for at in range(row + 1, row + 1 + rows):
            self.page.set_row(at, height)
            for column, one in enumerate(marks):
                self.write(at, column, mark(one), self._cell(heads[column]), last=column == len(marks) - 1)
        return row + 1 + rows

    def write(self, row: int, column: int, said: str, style: Any, *, last: bool) -> None:
        """A cell of a table; the last one of a row goes to the edge of the page."""
        if last and column < 6:
            self.page.merge_range(row, column, row, 6, said, style)
        else:
            self.page.write(row, column, said, style)

    def _cell(self, head: str) -> Any:
        """The style of a column: days as days, amounts as amounts, texts wrapped."""
        words = self.words
        if head in (words["planned_heads"][0], words["visits"][6], words["weekly_visits"][0]):
            return self.style(border=1, align="center", num_format=words["day"])
        if head == words["weekly_visits"][6]:
            return self.style(border=1, num_format=words["money"])
        return self.style(border=1, text_wrap=True, valign="top", font_size=9)

    def note(self, row: int, label: str, said: str, height: float) -> int:
        """A label, and a wide cell for what is remarked; the row behind it, from 0."""
        self.page.write(row, 0, label, self.style(bg_color="#EEF2F5", border=1, align="center"))
        self.page.merge_range(
            row, 1, row, 6, mark(said), self.style(border=1, text_wrap=True, valign="top", align="left")
        )
        self.page.set_row(row, height)
        return row + 1


def mark(said: str) -> str:
    """A mark as it stands in a cell."""
    return f"{{{{{said}}}}}"


def daily(path: Path, language: str) -> None:
    """A day's report: its entries, remarks, and the plan for tomorrow."""
    with Workbook(path) as book:
        book.set_properties({"created": MADE})
        words, marks = WORDS[language], MARKS[language]
        sheet = Sheet(book, words["daily"], language)
        sheet.head(words["daily"], "date", {"num_format": words["whole_day"]})
        sheet.page.set_column("A:B", 20)
        sheet.page.set_column("C:D", 16)
        sheet.page.set_column("E:E", 46)
        sheet.page.set_column("F:F", 26)
        sheet.page.set_column("G:G", 12)
        row = sheet.table(3, words["visits"], marks["visits"], VISITS, 54)
        row = sheet.note(row + 1, words["contacts"], marks["one"]["contacts"], 18)
        row = sheet.note(row, words["remarks"], marks["one"]["remarks"], 60)
        row = sheet.note(row, words["tomorrow"], marks["one"]["tomorrow"], 60)
        _foot(sheet, row)


def weekly(path: Path, language: str) -> None:
    """A week's report: its entries with the sum of a page, totals, remarks, and what is planned."""
    with Workbook(path) as book:
        book.set_properties({"created": MADE})
        words, marks = WORDS[language], MARKS[language]
        sheet = Sheet(book, words["weekly"], language)
        sheet.head(words["weekly"], "span", {})
        sheet.page.set_column("A:A", 12)
        sheet.page.set_column("B:C", 22)
        sheet.page.set_column("D:E", 16)
        sheet.page.set_column("F:F", 52)
        sheet.page.set_column("G:G", 16)
        row = sheet.table(3, words["weekly_visits"], marks["weekly_visits"], WEEKLY_VISITS, 36)
        label = sheet.style(bg_color="#EEF2F5", border=1, align="center")
        sheet.page.write(row, 5, words["sum"], label)
        formula = f"=SUM(G5:G{row})"
        sheet.page.write_formula(row, 6, formula, sheet.style(border=1, num_format=words["money"]), 0)
        for column, (head, said) in enumerate(zip(words["totals"], marks["totals"], strict=True)):
            shown = {"num_format": words["money"]} if column == 4 else {}
            sheet.page.write(row + 2, column, head, label)
            sheet.page.write(row + 3, column, mark(said), sheet.style(border=1, align="center", **shown))
        row = sheet.note(row + 5, words["remarks"], marks["one"]["remarks"], 72)
        sheet.page.write(row + 1, 0, words["planned"], sheet.style(bold=True))
        row = sheet.table(row + 2, words["planned_heads"], marks["planned"], PLANNED, 24)
        _foot(sheet, row)


def _foot(sheet: Sheet, row: int) -> None:
    one = sheet.marks["one"]
    sheet.page.write(row + 1, 6, f"{mark(one['page'])} / {mark(one['pages'])}", sheet.style(align="right"))
    sheet.page.print_area(0, 0, row + 1, 6)


def main() -> None:
    """Write all four."""
    HERE.mkdir(exist_ok=True)
    for language in WORDS:
        daily(HERE / f"daily.{language}.xlsx", language)
        weekly(HERE / f"weekly.{language}.xlsx", language)


if __name__ == "__main__":
    main()
