"""The end of the day, the boss's reply to it, and the next morning."""

import pytest
from shell import Shell

TUESDAY = "2026-11-24T08:00:00+09:00"
VISIT = ("add", "案件", "--activity", "訪問", "--people", "田中健:部長:決裁", "--stage", "見積", "--amount", "120万",
         "--closes", "12月", "--confidence", "B", "-m", "見積を渡した", "--impression", "脈がある",
         "--next-step", "電話する", "--next-on", "2026-11-24")  # fmt: skip


@pytest.fixture
def evening(kept: Shell) -> Shell:
    """Monday evening: a first call, then a visit that moved the deal to a quote."""
    kept.done(*VISIT)
    return kept


@pytest.fixture
def tuesday(monkeypatch):
    """The clock of the next morning."""

    def move() -> None:
        monkeypatch.setenv("NIPPO_NOW", TUESDAY)

    return move


def test_the_daily_report_says_it_all_in_order(evening: Shell):
    """Title, contact, move of stage, people, facts, the impression apart, promises, next step; then remarks, and the
    plan with what is dated for tomorrow."""
    evening.done("day", "-m", "よい一日だった", "--tomorrow", "午後は社内会議")
    said = evening.done("log", "--on", "today", "--format", "md").out
    wanted = ("# 日報　2026/11/23(月)  佐藤", "## 青葉製作所  案件", "- **活動**: 電話", "- **活動**: 訪問",
              "ヒアリング → 見積", "- **面談者**: 田中健（部長）【決裁者】", "- **事実**: 見積を渡した", "- **所感**: 脈がある",
              "- **金額**: 1,200,000円", "- **受注予定日**: 12月", "電話する", "## 所感", "よい一日だった", "## 明日の予定",
              "- 11/24(火)  電話する", "- 午後は社内会議")  # fmt: skip
    places = [said.find(part) for part in wanted]
    assert -1 not in places, [part for part, at in zip(wanted, places, strict=True) if at < 0]
    assert places == sorted(places)


def test_the_day_on_the_screen_is_the_same_report(evening: Shell):
    """`nippo day` alone; as data it is told apart by key."""
    evening.done("day", "-m", "よい一日だった")
    assert "よい一日だった" in evening.done("day").out
    found = evening.done("day", "--json").json
    assert (found["period"], found["since"], found["until"]) == ("day", "2026-11-23", "2026-11-23")
    assert found["days"][0]["values"] == {"remarks": "よい一日だった"}
    assert [one["name"] for one in found["planned"]] == ["案件"]


def test_what_is_said_of_a_day_is_mended_and_taken_back(evening: Shell):
    """A second word keeps the first field; an empty one takes it out; `undo` brings back what stood."""
    evening.done("day", "-m", "疲れた")
    evening.done("day", "--tomorrow", "訪問")
    assert evening.done("day", "--json").json["days"][0]["values"] == {"remarks": "疲れた", "tomorrow": "訪問"}
    evening.done("day", "--tomorrow", "")
    assert evening.done("day", "--json").json["days"][0]["values"] == {"remarks": "疲れた"}
    evening.done("undo")
    assert evening.done("day", "--json").json["days"][0]["values"] == {"remarks": "疲れた", "tomorrow": "訪問"}
    assert evening("day", "-m", "疲れた").code == 2, "nothing changes"


def test_leave_of_several_days_is_one_command(evening: Shell):
    """Each day is off, with its reason; one undo takes all back."""
    found = evening.done("day", "--off", "12/1", "--until", "12/3", "-m", "有給", "--json").json
    assert len(found["records"]) == 3
    assert evening.done("day", "2026-12-02", "--json").json["days"][0]["off"] == "有給"
    assert "休み（有給）" in evening.done("day", "2026-12-02").out
    evening.done("undo")
    assert evening.done("day", "2026-12-02", "--json").json["days"] == []


def test_leave_is_cancelled(evening: Shell):
    """The day is one of work again, and what was remarked of it stays."""
    evening.done("day", "--off", "12/1", "-m", "有給")
    evening.done("day", "--not-off", "12/1")
    assert evening.done("day", "2026-12-01", "--json").json["days"][0]["off"] is None


def test_a_day_off_without_a_year_is_the_nearest(evening: Shell):
    """Leave lies ahead as well as behind."""
    assert evening.done("day", "--off", "11/20", "--json").json["params"]["on"] == "2026-11-20"
    assert evening.done("day", "--off", "12/1", "--json").json["params"]["on"] == "2026-12-01"


@pytest.mark.parametrize("argv", [("--off", "--not-off"), ("11/20", "--on", "11/20"), ("--until", "12/1"),
                                  ("--off", "12/3", "--until", "12/1")], ids=" ".join)  # fmt: skip
def test_what_contradicts_itself_is_refused(evening: Shell, argv):
    """With what is wrong, and nothing written."""
    answer = evening("day", *argv)
    assert answer.code == 2
    assert answer.err.startswith("エラー:")


def test_the_boss_is_heard_first_in_the_morning(evening: Shell, tuesday):
    """Before what is due; until the rep answers."""
    evening.done("comment", "3", "-m", "競合は?", "--due", "11/25", "--by", "部長")
    tuesday()
    page = evening.done().out
    assert 0 < page.find("競合は?") < page.find("電話する")
    assert evening.done("--json").json["comments"][0]["due"] == "2026-11-25"
    comment = evening.done("comment", "--json").json["comments"][0]["id"]
    evening.done("comment", comment, "-m", "いません")
    assert "競合は?" not in evening.done().out


def test_a_comment_stands_with_what_it_is_about(evening: Shell):
    """With the entry, with the answer under it; on the day; and on the deal's line in a row of its own."""
    evening.done("comment", "3", "-m", "競合は?", "--by", "部長")
    evening.done("comment", "5", "-m", "いません")
    evening.done("comment", "今日", "-m", "お疲れさま", "--by", "部長")
    shown = evening.done("show", "3").out
    assert shown.index("競合は?") < shown.index("いません")
    assert all(text in evening.done("day").out for text in ("競合は?", "いません", "お疲れさま"))
    assert "3 へのコメント  部長  競合は?" in evening.done("deal", "show", "案件").out
    assert [c["text"] for c in evening.done("show", "3", "--json").json["comments"]] == ["競合は?", "いません"]
    assert [c["of"] for c in evening.done("comment", "--json").json["comments"]] == ["佐藤"]


def test_a_comment_is_settled_mended_and_taken_back(evening: Shell):
    """Each by its id."""
    evening.done("comment", "3", "-m", "競合わ?", "--by", "部長")
    evening.done("comment", "5", "--correct", "-m", "競合は?")
    assert evening.done("comment", "--json").json["comments"][0]["text"] == "競合は?"
    evening.done("comment", "5", "--done")
    assert evening.done("comment", "--json").json["comments"] == []
    assert evening("comment", "5", "--done").code == 2
    evening.done("undo")
    assert evening("comment", "5", "--retract", "-m", "間違い").code == 2
    evening.done("comment", "5", "--retract")
    assert evening.done("show", "3", "--json").json["comments"] == []


@pytest.mark.parametrize(("argv", "code"), [(("99", "-m", "x"), 4), (("いつか", "-m", "x"), 4), (("3",), 2), (("3", "-m", " "), 2),
                                            (("3", "--done"), 4), (("-m", "x"), 2)], ids=str)  # fmt: skip
def test_a_comment_on_nothing_is_refused(evening: Shell, argv, code):
    """An id that is none; no day and no deal; no words."""
    assert evening("comment", *argv).code == code


def test_a_report_that_is_missing_is_asked_for(evening: Shell, monkeypatch):
    """Of the last working day: 23 November is a holiday, 24 is not; a day off is no missing one."""
    monkeypatch.setenv("NIPPO_NOW", "2026-11-25T08:00:00+09:00")
    assert evening.done("--json").json["unwritten"] == "2026-11-24"
    assert "日報がまだです" in evening.done().out
    evening.done("day", "--off", "2026-11-24", "-m", "出張")
    assert evening.done("--json").json["unwritten"] is None


def test_a_holiday_is_no_missing_report(kept: Shell, monkeypatch):
    """Written on Friday, nothing over the long weekend: on Tuesday nothing is missing."""
    kept.done("add", "案件", "--activity", "電話", "-m", "話した", "--on", "2026-11-20")
    kept.done("edit", "3", "--retract")
    monkeypatch.setenv("NIPPO_NOW", TUESDAY)
    assert kept.done("--json").json["unwritten"] is None


def test_the_morning_tells_what_the_week_brings(evening: Shell, tuesday, tmp_path):
    """Promises that fall in it, holds that end in it, and the draft that was begun."""
    evening.done("edit", "4", "--closes", "2026-11-27")
    evening.deal("保留の件")
    evening.done("deal", "hold", "保留の件", "--until", "2026-11-26", "--why", "予算")
    assert evening("add", "案件", "-m", "").code == 3
    drafts = next((tmp_path / "state").rglob("drafts"))
    tuesday()
    found = evening.done("--json").json
    assert [(one["name"], one["days"]) for one in found["closing"]] == [("案件", 3)]
    assert [(one["name"], one["days"]) for one in found["holds"]] == [("保留の件", 2)]
    assert found["drafts"] == [path.stem for path in drafts.iterdir()]


def test_a_deal_about_to_fall_silent_is_told(kept: Shell, monkeypatch):
    """The quiet limit is 60 days and the next step is over: 61 days after the last contact it is beyond."""
    monkeypatch.setenv("NIPPO_NOW", "2027-01-20T08:00:00+09:00")
    found = kept.done("--json").json["quiet"]
    # 12-29 to 01-04, seven closed days, lengthen the limit.
    assert [(one["name"], one["days"]) for one in found] == []
    monkeypatch.setenv("NIPPO_NOW", "2027-01-25T08:00:00+09:00")
    assert [(one["name"], one["days"]) for one in kept.done("--json").json["quiet"]] == [("案件", 5)]


def test_the_week_is_written_from_the_diary(evening: Shell):
    """Counts, the move, the new deal, day by day, and next week's step."""
    evening.done("add", "案件", "--activity", "電話", "-m", "注文書が届いた", "--stage", "受注", "--amount", "120万",
                 "--next-step", "納期連絡", "--next-on", "2026-12-01")  # fmt: skip
    found = evening.done("log", "--week", "--json").json
    assert (found["since"], found["until"]) == ("2026-11-23", "2026-11-29")
    assert found["counts"] == {
        "entries": 3, "contacts": 3, "new_deals": 1, "moves_on": 2, "moves_back": 0, "won": 1, "won_amount": 1_200_000,
        "lost": 0, "lost_amount": 0,
    }  # fmt: skip
    assert [(m["from"], m["to"]) for m in found["moves"]] == [("hearing", "quote"), ("quote", "won")]
    said = evening.done("log", "--week", "--format", "md").out
    assert said.startswith("# 週報　2026/11/23〜11/29  佐藤")
    assert "注文書が届いた" in said


def test_next_weeks_steps_close_the_week(evening: Shell):
    """Those dated from Monday to Sunday, and no others."""
    evening.deal("来週の件", "--next-on", "2026-12-01")
    evening.deal("先の件", "--next-on", "2026-12-07")
    found = evening.done("log", "--week", "--json").json
    assert [one["name"] for one in found["planned"]] == ["来週の件"]
    assert (found["plan_since"], found["plan_until"]) == ("2026-11-30", "2026-12-06")


def test_a_month_is_told_of_the_month_that_a_day_lies_in(evening: Shell):
    """From its first to its last day."""
    found = evening.done("log", "--month", "--on", "2026-11-01", "--json").json
    assert (found["since"], found["until"]) == ("2026-11-01", "2026-11-30")
    assert evening.done("log", "--month").out.startswith("月報　2026/11/1〜11/30")


def test_entries_of_one_meeting_are_one_contact(evening: Shell):
    """In the counts of a report."""
    evening.deal("別件", "--meeting", "4")
    counts = evening.done("log", "--week", "--json").json["counts"]
    assert (counts["entries"], counts["contacts"]) == (3, 2)
    evening.deal("もう一件", "--meeting", "4")
    evening.deal("無関係の件")
    counts = evening.done("log", "--week", "--json").json["counts"]
    assert (counts["entries"], counts["contacts"]) == (5, 3), "three deals of one talk, and another talk"


def test_a_report_of_a_period_is_whole(evening: Shell):
    """It can be asked of one author, not of one deal."""
    assert evening.done("log", "--week", "--by", "佐藤", "--json").json["entries"] != []
    assert evening("log", "--week", "--by", "鈴木").code == 4
    assert evening("log", "--week", "--deal", "案件").code == 2
    assert evening("log", "--week", "--month").code == 2


def test_one_page_before_a_visit(evening: Shell):
    """People with their say, the last words, both sides' promises, what is live, what was lost and why."""
    evening.deal("逃した件")
    evening.done("add", "逃した件", "--activity", "社内", "--stage", "失注", "--lost-reason", "価格", "-m", "他社に決まった",
                 "--customer-words", "半値でした")  # fmt: skip
    evening.done("comment", "4", "-m", "値引は不可", "--by", "部長")
    found = evening.done("prep", "青葉", "--json").json
    assert [(p["name"], p["title"], p["decides"]) for p in found["people"]] == [("田中健", "部長", True)]
    assert [one["next_step"] for one in found["live"]] == ["電話する"]
    assert [one["closes"] for one in found["live"]] == ["2026-12-01/2026-12-31"]
    assert [(one["name"], one["lost_reason"], one["customer_words"]) for one in found["lost"]] == [
        ("逃した件", "price", "半値でした")
    ]
    assert [c["text"] for c in found["comments"]] == ["値引は不可"]
    page = evening.done("prep", "青葉").out
    places = [
        page.index(part)
        for part in (
            "値引は不可",
            "こちらの約束",
            "受注の見込",
            "田中健（部長）【決裁者】",
            "見積を渡した",
            "半値でした",
        )
    ]
    assert places == sorted(places)


def test_nobody_is_prepared_for_who_is_not_known(evening: Shell):
    """The nearest names are offered."""
    assert evening("prep", "赤葉").code == 4


def test_the_sweep_needs_a_person(evening: Shell):
    """Without a terminal it says so, and how to see the deals; nothing is written."""
    answer = evening("sweep")
    assert answer.code == 2
    assert "sweep --list" in answer.err


def test_the_sweep_lists_what_stands_still(evening: Shell, monkeypatch):
    """Stalled, fizzled or overdue, each with its reasons; a deal on hold is none of them."""
    monkeypatch.setenv("NIPPO_NOW", "2027-03-01T08:00:00+09:00")
    (row,) = evening.done("sweep", "--json").json["deals"]
    assert (row["name"], row["why"]) == ("案件", ["fizzled", "stalled", "overdue"])
    evening.done("deal", "hold", "案件", "--until", "+7d", "--why", "予算")
    assert evening.done("sweep", "--json").json["deals"] == []


def test_own_fields_of_a_day(evening: Shell):
    """A team's list takes the place of the two; choices are read by label, and a wrong one is refused with what is
    allowed."""
    text = evening.schema.read_text(encoding="utf-8")
    head, _, tail = text.partition("day_fields:\n")
    fields = "day_fields:\n  - {key: mood, label: 手応え, type: choice, choices: [良い, 悪い]}\n"
    evening.schema.write_text(head + fields + tail[tail.index("\n# ---") :], encoding="utf-8")
    evening.done("day", "--mood", "良い")
    assert evening.done("day", "--json").json["days"][0]["values"] == {"mood": "良い"}
    answer = evening("day", "--mood", "普通")
    assert answer.code == 3
    assert "良い" in answer.err


@pytest.fixture
def thirty(nippo: Shell, tuesday) -> Shell:
    """Thirty deals whose next step was due, the last of them today, and which are expected to close this week."""
    for n in range(30):
        on = ("--next-on", f"2026-11-{24 if n == 29 else 23}", "--closes", "2026-11-27")
        begin = ("--new-deal", "--customer", "青葉製作所", "--activity", "電話", "--stage", "見積", "--amount", "120万")
        nippo.done("add", f"案件{n:02d}", *begin, "--confidence", "B", "--people", "田中健:部長:決裁", "-m", "話",
                   "--next-step", f"手{n:02d}", *on)  # fmt: skip
    tuesday()
    return nippo


def test_the_morning_lists_24_rows_and_counts_the_rest(thirty: Shell):
    """Twelve of each of two sections, on a pipe as on a terminal; today's step before those that are overdue."""
    said = thirty.done().out
    due, _, closing = said.partition("今週が受注予定の案件")
    assert "手29" in due
    assert (due.count("青葉製作所"), closing.count("青葉製作所")) == (12, 12)
    assert "期限の来た次の一手  30件" in due
    assert due.count("ほか 18件  すべて見る: nippo --limit 0") == 1
    assert closing.count("ほか 18件  すべて見る: nippo --limit 0") == 1


def test_the_morning_has_as_many_rows_as_are_asked_for(thirty: Shell):
    """`--limit` counts the rows of all sections together; 0 is all; as data it is always all."""
    assert thirty.done("--limit", "5").out.count("青葉製作所") == 5
    assert thirty.done("--limit", "0").out.count("青葉製作所") == 60
    found = thirty.done("--json", "--limit", "5").json
    assert (len(found["due"]), len(found["closing"])) == (30, 30)
    assert [one["days"] for one in found["due"]] == [-1] * 29 + [0]
