"""`nippo import FILE.ics`: the day's meetings are offered, and become drafts only where a person says so."""

from pathlib import Path

import pytest
from shell import Shell

from nippo_cli.cli.commands import calendar

CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:x
X-WR-CALNAME:sato@us.example
BEGIN:VEVENT
UID:1
SUMMARY:甲社 A機の打合せ
DTSTART:20261123T010000Z
DTEND:20261123T020000Z
ORGANIZER;CN=佐藤:mailto:sato@us.example
ATTENDEE;CN=山本 剛:mailto:yamamoto@kou.example
END:VEVENT
BEGIN:VEVENT
UID:2
SUMMARY:乙社 訪問
DTSTART:20261123T050000Z
END:VEVENT
BEGIN:VEVENT
UID:3
SUMMARY:歯医者
CLASS:PRIVATE
DTSTART:20261123T080000Z
END:VEVENT
END:VCALENDAR
"""


@pytest.fixture
def diary(nippo: Shell, tmp_path: Path) -> Shell:
    """A diary with a live deal of 甲社 and two of 乙社, and a calendar of 23 November."""
    for customer, deal in (("甲社", "A機"), ("乙社", "B機"), ("乙社", "C機")):
        nippo.done(
            "add",
            deal,
            "--new-deal",
            "--customer",
            customer,
            "--activity",
            "訪問",
            "--stage",
            "提案",
            "-m",
            "x",
            "--later",
            "--no-input",
        )
    (tmp_path / "予定.ics").write_text(CALENDAR.replace("\n", "\r\n"), encoding="utf-8")
    return nippo


def test_a_days_meetings_are_shown_with_the_deals_that_their_titles_name(diary: Shell):
    """A customer's only one, too; of two neither. Nothing is written by a look."""
    page = diary.done("import", "予定.ics", "--on", "2026-11-23", "--dry-run", "--json").json
    shown = [(one["title"], one["begins"], one["customer"], one["deal"], one["people"]) for one in page["meetings"]]
    assert shown == [
        ("甲社 A機の打合せ", "10:00", "甲社", "A機", ["山本 剛"]),
        ("乙社 訪問", "14:00", "乙社", None, []),
    ]
    assert page["left_out"] == {"private": 1}
    assert diary.done("draft", "list", "--json").json["drafts"] == []


@pytest.mark.parametrize(
    ("title", "customer", "deal"),
    [
        ("乙社 A機の打合せ", "乙社", None),
        ("乙社 C機", "乙社", "C機"),
        ("A機の打合せ", "甲社", "A機"),
        ("乙社 A機C機", "乙社", "C機"),
    ],
)
def test_a_meeting_with_one_customer_is_never_anothers_deal(
    diary: Shell, tmp_path: Path, title: str, customer: str, deal: str | None
):
    """The deal's name alone does; beside a customer it is theirs or nobody's."""
    text = CALENDAR.replace("甲社 A機の打合せ", title)
    (tmp_path / "予定.ics").write_text(text.replace("\n", "\r\n"), encoding="utf-8")
    page = diary.done("import", "予定.ics", "--on", "2026-11-23", "--dry-run", "--json").json
    assert [(one["customer"], one["deal"]) for one in page["meetings"] if one["title"] == title] == [(customer, deal)]


def test_nothing_is_taken_without_a_yes_in_a_script(diary: Shell):
    """The page stands all the same."""
    answer = diary("import", "予定.ics", "--on", "2026-11-23")
    assert answer.code == 2
    assert "A機" in answer.out
    assert "--yes" in answer.err
    assert diary.done("draft", "list", "--json").json["drafts"] == []


def test_chosen_meetings_become_drafts_that_are_offered_and_come_once(diary: Shell, monkeypatch):
    """The morning page names the draft; the same calendar offers the other alone."""
    monkeypatch.setattr("nippo_cli.cli.frame.context.CliContext.interactive", property(lambda _: True))
    monkeypatch.setattr(calendar, "line", lambda _: "1")
    diary.done("import", "予定.ics", "--on", "2026-11-23")
    drafts = diary.done("draft", "list", "--json").json["drafts"]
    assert [(one["on"], one["deal"], one["customer"], one["facts"]) for one in drafts] == [
        ("2026-11-23", "A機", "甲社", "甲社 A機の打合せ")
    ]
    assert "書きかけが1件" in diary.done().out
    again = diary.done("import", "予定.ics", "--on", "2026-11-23", "--dry-run", "--json").json["meetings"]
    assert [one["taken"] for one in again] == [True, False]


@pytest.mark.parametrize("said", ["", "\u3000"])
def test_enter_takes_none(diary: Shell, monkeypatch, said: str):
    """Nor is it a failure."""
    monkeypatch.setattr("nippo_cli.cli.frame.context.CliContext.interactive", property(lambda _: True))
    monkeypatch.setattr(calendar, "line", lambda _: said)
    diary.done("import", "予定.ics", "--on", "2026-11-23")
    assert diary.done("draft", "list", "--json").json["drafts"] == []


def test_a_draft_of_a_meeting_is_completed_and_recorded(diary: Shell):
    """With whom it was; the title waits where what was said is asked for."""
    diary.done("import", "予定.ics", "--on", "2026-11-23", "--yes")
    drafts = {one["facts"]: one["number"] for one in diary.done("draft", "list", "--json").json["drafts"]}
    number = str(drafts["甲社 A機の打合せ"])
    diary.done("draft", "resume", number, "--activity", "訪問", "-m", "価格を詰めた", "--later", "--no-input")
    entry = diary.done("log", "--json", "--limit", "1").json["entries"][0]
    assert (entry["on"], entry["deal"]["name"], entry["values"]["facts"]) == ("2026-11-23", "A機", "価格を詰めた")
    assert entry["values"]["people"] == [{"name": "山本 剛"}]


def test_on_goes_with_a_calendar_alone(diary: Shell, tmp_path: Path):
    """A sheet has days of its own."""
    (tmp_path / "a.csv").write_text("日付,会社\n2026/11/1,甲社\n", encoding="utf-8")
    assert diary("import", "a.csv", "--on", "2026-11-23").code == 2


def offered(diary: Shell, tmp_path: Path, *titles: str) -> list[tuple[str | None, str | None]]:
    """The customer and the deal that each title of a day's meetings is taken to name."""
    meetings = "".join(
        f"BEGIN:VEVENT\nUID:t{n}\nSUMMARY:{title}\nDTSTART:20261123T{n + 10}0000\nEND:VEVENT\n"
        for n, title in enumerate(titles)
    )
    (tmp_path / "t.ics").write_text(
        f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{meetings}END:VCALENDAR\n", encoding="utf-8"
    )
    page = diary.done("import", "t.ics", "--on", "2026-11-23", "--dry-run", "--json").json
    assert [one["title"] for one in page["meetings"]] == list(titles)
    return [(one["customer"], one["deal"]) for one in page["meetings"]]


def test_the_legal_form_in_a_title_tells_customers_apart(nippo: Shell, tmp_path: Path):
    """Another form is another customer, and its deal another's; a name that could be either's is nobody's."""
    for customer, deal in (("株式会社大谷商会", "検査装置"), ("株式会社青葉", "A機"), ("有限会社青葉", "B機")):
        nippo.deal(deal, "--customer", customer)
    titles = (
        "有限会社大谷商会 訪問", "㈲大谷商会 検査装置", "大谷商会様 訪問", "㈱青葉 定例", "有限会社青葉 定例", "青葉 定例", "青葉 B機",
        "大谷商会 学校法人向け提案",
    )  # fmt: skip
    assert offered(nippo, tmp_path, *titles) == [
        (None, None), (None, None), ("株式会社大谷商会", "検査装置"), ("株式会社青葉", "A機"), ("有限会社青葉", "B機"), (None, None),
        ("有限会社青葉", "B機"), ("株式会社大谷商会", "検査装置"),
    ]  # fmt: skip


def test_a_title_that_names_a_customer_takes_no_other_customers_deal(nippo: Shell, tmp_path: Path):
    """Though its deal's name stands there; of a firm whose name holds another's neither. Nobody's deal is no other's."""
    for customer, deal in (("甲社", "検査装置"), ("乙社", "保守"), ("乙社", "更新"), ("青葉", "ライン")):
        nippo.deal(deal, "--customer", customer)
    nippo.deal("塗装機", "--customer", "青葉製作所")
    nippo.done("add", "無客機", "--new-deal", "--activity", "訪問", "--stage", "提案", "-m", "x", "--later")
    titles = (
        "乙社 検査装置の件",
        "乙社 甲社の検査装置",
        "青葉製作所 ラインの件",
        "検査装置の件",
        "甲社 乙社 合同",
        "乙社 無客機",
    )
    assert offered(nippo, tmp_path, *titles) == [
        ("乙社", None), ("甲社", "検査装置"), ("青葉製作所", "塗装機"), ("甲社", "検査装置"), (None, None),
        (None, "無客機"),
    ]  # fmt: skip


def test_a_renamed_customer_is_known_by_every_name(nippo: Shell, tmp_path: Path):
    """By the old one, by the new one, by one it goes by besides: it is called as it is today, and its deal comes along."""
    nippo.deal("A機", "--customer", "丸井工業")
    nippo.done("customer", "rename", "丸井工業", "マルイテック")
    nippo.done("customer", "alias", "マルイテック", "別名製作")
    assert (
        offered(nippo, tmp_path, "丸井工業 訪問", "マルイテック 訪問", "別名製作 訪問") == [("マルイテック", "A機")] * 3
    )


def test_a_deal_of_one_letter_counts_among_a_customers_deals(nippo: Shell, tmp_path: Path):
    """It is looked for in no title, but the other is not the only one."""
    for deal in ("X", "搬送機"):
        nippo.deal(deal, "--customer", "甲社")
    assert offered(nippo, tmp_path, "甲社 訪問", "甲社 X", "甲社 搬送機") == [
        ("甲社", None),
        ("甲社", None),
        ("甲社", "搬送機"),
    ]


def test_a_draft_of_a_meeting_keeps_a_deal_that_another_device_began(diary: Shell):
    """Its number bears that device's name."""
    copy = diary.done("backup", "--json").json["path"]
    diary.done("restore", copy)
    diary.deal("D機", "--customer", "丙社")
    assert "-" in diary.done("deal", "show", "D機", "--json").json["id"]
    Path("予定.ics").write_text(CALENDAR.replace("A機", "D機").replace("甲社", "丙社"), encoding="utf-8")
    diary.done("import", "予定.ics", "--on", "2026-11-23", "--yes")
    drafts = {one["facts"]: one for one in diary.done("draft", "list", "--json").json["drafts"]}
    draft = drafts["丙社 D機の打合せ"]
    assert (draft["deal"], draft["customer"]) == ("D機", "丙社")
    diary.done("draft", "resume", str(draft["number"]), "--activity", "訪問", "-m", "詰めた", "--later", "--no-input")
    assert diary.done("log", "--json", "--limit", "1").json["entries"][0]["deal"]["name"] == "D機"
