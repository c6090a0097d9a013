"""A diary of several: what one sees of the others, in the morning and of a day."""

import json
import re
from pathlib import Path

import pytest
from shell import Shell

from nippo_cli.render import draw

MONDAY, TUESDAY, WEDNESDAY = (f"2026-11-{day}T08:30:00+09:00" for day in (23, 24, 25))
CALL = ("--activity", "電話", "-m")


class Office:
    """One journal that several people write, each at their own time; `looks` is a look at a terminal."""

    def __init__(self, shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
        self.shell = shell
        self._set = monkeypatch.setenv
        self._monkeypatch = monkeypatch

    def at(self, who: str, when: str) -> Shell:
        """The shell of one of them at a time."""
        self._set("NIPPO_AUTHOR", who)
        self._set("NIPPO_NOW", when)
        return self.shell

    def looks(self, who: str, when: str) -> str:
        """The morning page on a terminal, which is what counts as a look."""
        shell = self.at(who, when)
        with self._monkeypatch.context() as inside:
            inside.setattr(
                "nippo_cli.cli.frame.context.CliContext.screen", draw.Screen(columns=80, terminal=True, limit=20)
            )
            return shell.done().out


@pytest.fixture
def office(five: Shell, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Five deals of 佐藤's of Monday, the first written down by 西村 too."""
    office = Office(five, monkeypatch)
    office.at("西村", MONDAY).done("add", "検査", *CALL, "検査の話")
    office.shell.done("deal", "assign", "検査", "西村")
    return office


def test_what_colleagues_wrote_since_yesterdays_look(office: Office):
    """Nothing before the first look. What 大野 wrote on Tuesday is new on Wednesday, for the whole day, and on no other: first of
    the deal that 佐藤 owns, then the order; what concerns nobody here is counted."""
    assert "同僚の新着" not in office.looks("佐藤", TUESDAY)
    ono = office.at("大野", TUESDAY)
    ono.done("add", "検査", "--stage", "受注", "--amount", "300万", *CALL, "注文書を受け取った", "--later")
    ono.done("add", "案件", *CALL, "値引の相談")
    ono.done("add", "--activity", "社内", "-m", "価格の打合せ")
    for _ in range(2):
        said = office.looks("佐藤", WEDNESDAY)
        assert "11/24(火)以降の同僚の新着  活動3件" in said
        assert said.index("値引の相談") < said.index("受注  ")
        assert "ほか1件（大野 1件）" in said
    assert "同僚の新着" not in office.looks("佐藤", "2026-11-26T08:30:00+09:00")


def test_what_colleagues_wrote_since_the_first_look_of_all(office: Office):
    """It was today: what comes later on that day is new for the rest of it, and on no other day."""
    assert "同僚の新着" not in office.looks("佐藤", TUESDAY)
    office.at("大野", "2026-11-24T10:00:00+09:00").done("add", "検査", *CALL, "値引の相談")
    for hour in (11, 15):
        said = office.looks("佐藤", f"2026-11-24T{hour}:00:00+09:00")
        assert "同僚の新着  活動1件\n大野 1件  すべて見る: nippo log --new\n" in said
    assert "同僚の新着" not in office.looks("佐藤", WEDNESDAY)


def counted(text: str) -> list[int]:
    """The counts of a text, in their order."""
    return [int(n) for n in re.findall(r"(\d+)件", text)]


def asked_of_nishimura(office: Office) -> str:
    """佐藤 asks 西村 about an entry of theirs: the comment."""
    [entry] = office.at("佐藤", MONDAY).done("log", "--by", "西村", "--json").json["entries"]
    office.shell.done("comment", entry["id"], "-m", "価格は?")
    return office.shell.done("comment", "--json").json["comments"][0]["id"]


def test_the_heading_counts_what_is_shown_and_what_the_hint_shows(office: Office):
    """Dated before the last look, or ahead; an answer; an order; one's own, taken back and corrected ones. What is counted is what
    stands there and what is left, and `log --new` shows exactly that, whichever option of `log` the days would hide it from."""
    question = asked_of_nishimura(office)
    office.looks("佐藤", TUESDAY)
    ono = office.at("大野", TUESDAY)
    ono.done("add", "案件", *CALL, "先月の話", "--on", "10/30")
    ono.done("add", "検査", *CALL, "きのうの話", "--on", "昨日")
    ono.done("add", "検査", "--stage", "受注", "--amount", "300万", *CALL, "注文書", "--later")
    ono.done("add", "検査", *CALL, "間違い")
    ono.done("undo")
    office.at("西村", TUESDAY).done("add", "検査", *CALL, "西村の話")
    office.shell.done("comment", question, "-m", "来週出ます")
    office.at("佐藤", TUESDAY).done("add", "案件", *CALL, "自分の話")
    said = office.looks("佐藤", WEDNESDAY)
    heading = next(line for line in said.splitlines() if "同僚の新着" in line)
    assert heading == "11/24(火)以降の同僚の新着  5件（活動4件・返事1件）"
    section = said.partition(heading)[2].partition("\n\n")[0].splitlines()
    rows = [line for line in section if line.startswith("- ")]
    [rest] = [line for line in section if line.startswith("ほか")]
    assert counted(rest)[0] + len(rows) == 5
    assert counted(rest)[0] == sum(counted(rest)[1:])
    assert rest.endswith("すべて見る: nippo log --new")
    page = office.shell.done("log", "--new").out
    assert page.splitlines()[0] == heading
    listed = office.shell.done("log", "--new", "--json").json
    texts = {entry["values"]["facts"] for entry in listed["entries"]}
    assert texts == {"先月の話", "きのうの話", "注文書", "西村の話"}
    assert all(text in page for text in (*texts, "来週出ます"))
    assert listed["total"] + len(listed["news"]["answers"]) == listed["news"]["total"] == 5
    assert listed["news"] == {
        key: value
        for key, value in office.shell.done("--json").json["team"]["news"].items()
        if key not in ("rows", "rows_total")
    }


def test_an_answer_that_waits_for_one_stands_among_those_alone(office: Office):
    """部長 answers 佐藤 about 佐藤's own entry and wants to know more: that waits, and is counted there, once."""
    office.at("部長", MONDAY).done("comment", "3", "-m", "価格は?")
    question = office.shell.done("comment", "--json").json["comments"][0]["id"]
    office.at("佐藤", MONDAY).done("comment", question, "-m", "300万です")
    office.looks("佐藤", TUESDAY)
    mine = office.shell.done("show", "3", "--json").json["comments"][-1]["id"]
    office.at("部長", TUESDAY).done("comment", mine, "-m", "値引は?")
    said = office.looks("佐藤", WEDNESDAY)
    assert said.count("値引は?") == 1
    assert "同僚の新着" not in said


def test_a_first_look_tells_what_was_said_to_one_before(office: Office):
    """Answers and confirmations of the last two weeks, and no entry: for that whole day, and on no other. What is older is not told."""
    question = asked_of_nishimura(office)
    office.at("西村", TUESDAY).done("comment", question, "-m", "300万です")
    office.at("部長", TUESDAY).done("comment", "3", "--seen")
    office.at("大野", TUESDAY).done("add", "案件", *CALL, "値引の相談")
    for hour in (9, 11):
        said = office.looks("佐藤", f"2026-11-25T{hour:02}:00:00+09:00")
        assert "同僚の新着  返事1件" in said
        assert "300万です" in said
        assert "あなたの日報を確認: 部長 1件" in said
        assert "値引の相談" not in said
    assert office.shell.done("log", "--new", "--json").json["news"]["total"] == 1
    assert "新着" not in office.looks("佐藤", "2026-11-26T08:30:00+09:00")
    assert "同僚の新着はありません" in office.shell.done("log", "--new").out


def test_what_was_said_to_one_long_before_a_first_look_is_no_news(office: Office):
    """Another machine of a diary of years begins with the last two weeks."""
    office.at("部長", TUESDAY).done("comment", "3", "--seen")
    assert "あなたの日報を確認" not in office.looks("佐藤", "2026-12-09T08:30:00+09:00")


def test_what_is_new_goes_with_nothing_that_chooses_otherwise(office: Office):
    """A part of it would not be what the page counted; of a past day nobody knows who had looked."""
    for argv in (("--by", "大野"), ("--since", "昨日"), ("--team",), ("--week",)):
        assert office.shell("log", "--new", *argv).code == 2
    assert office.shell("log", "--new", "--as-of", "11/23").code == 2


def test_as_many_of_what_is_new_as_are_asked_for(office: Office):
    """By either option; the heading counts all."""
    office.looks("佐藤", TUESDAY)
    for text in ("一つ目", "二つ目"):
        office.at("大野", TUESDAY).done("add", "検査", *CALL, text)
    shell = office.at("佐藤", WEDNESDAY)
    for option in ("-n", "--limit"):
        said = shell.done("log", "--new", option, "1").out
        assert "同僚の新着  活動2件" in said
        assert ("二つ目" in said, "一つ目" in said) == (True, False)


def test_what_is_followed_comes_first(office: Office):
    """By the deal, or by the customer; through renames; until it is followed no more."""
    shell = office.at("佐藤", MONDAY)
    shell.done("follow", "検査")
    assert shell("follow", "検査").code == 2
    office.looks("佐藤", TUESDAY)
    office.at("西村", TUESDAY).done("add", "検査", *CALL, "仕様が決まった")
    assert "仕様が決まった" in office.looks("佐藤", WEDNESDAY)
    shell.done("deal", "rename", "検査", "検査装置")
    (followed,) = shell.done("follow", "--json").json["follows"]
    assert followed["deal"]["name"] == "検査装置"
    shell.done("follow", "検査装置", "--stop")
    assert shell.done("follow", "--json").json["follows"] == []
    assert "仕様が決まった" not in office.looks("佐藤", WEDNESDAY)


def test_a_customer_is_followed_by_any_of_its_names(office: Office):
    """Its alias means it, and a merged customer is the other one."""
    shell = office.at("大野", MONDAY)
    shell.done("follow", "青葉製作所")
    shell.done("customer", "rename", "青葉製作所", "青葉ホールディングス")
    (followed,) = shell.done("follow", "--json").json["follows"]
    assert followed["customer"] == "青葉ホールディングス"
    shell.done("follow", "青葉製作所", "--stop")
    assert shell.done("follow", "--json").json["follows"] == []
    assert office.at("佐藤", MONDAY).done("follow", "--json").json["follows"] == []


def test_a_pipe_is_no_look(office: Office):
    """A script that reads the page every hour takes nothing from the person who looks in the morning."""
    office.looks("佐藤", TUESDAY)
    office.at("大野", TUESDAY).done("add", "案件", *CALL, "値引の相談")
    assert office.at("佐藤", WEDNESDAY).done("--json").json["team"]["news"]["entries"] == {"大野": 1}
    office.at("佐藤", "2026-11-26T08:30:00+09:00").done("--json")
    assert "値引の相談" in office.looks("佐藤", "2026-11-27T08:30:00+09:00")


def test_a_diary_of_one_has_nothing_of_it(five: Shell):
    """No section, no key with anything in it, no file in the state folder."""
    assert five.done("--json").json["team"] is None


def test_who_has_read_it_is_shown_to_the_writer(office: Office):
    """An entry, a whole day of one member; nobody confirms what is their own, or twice."""
    chief = office.at("部長", TUESDAY)
    chief.done("comment", "3", "--seen")
    assert "確認: 部長 11/24(火)" in chief.done("show", "3").out
    assert chief.done("show", "3", "--json").json["read_by"] == [{"author": "部長", "on": "2026-11-24"}]
    assert chief("comment", "3", "--seen").code == 2
    office.at("佐藤", TUESDAY)
    assert office.shell("comment", "3", "--seen").code == 2
    office.at("部長", TUESDAY).done("comment", "昨日", "--seen", "--to", "西村")
    shown = office.shell.done("log", "--team", "--on", "昨日", "--json").json
    read = {of["author"]: [len(entry["read_by"]) for entry in of["entries"]] for of in shown["members"]}
    assert read == {"佐藤": [1, 0, 0, 0, 0], "西村": [1]}
    office.shell.done("undo")
    assert "確認" in office.shell.done("show", "3").out
    assert "取り消しました: 3 の確認" in office.shell.done("undo").out
    assert "確認" not in office.shell.done("show", "3").out


def test_a_morning_with_nothing_but_a_confirmation(office: Office):
    """No colleague wrote anything: the section counts no zero."""
    office.looks("西村", TUESDAY)
    office.at("部長", TUESDAY).done("comment", "昨日", "--seen", "--to", "西村")
    said = office.looks("西村", WEDNESDAY)
    assert "11/24(火)以降の同僚の新着\n" in said
    assert "あなたの日報を確認: 部長 1件" in said


def test_the_unread_pile_is_on_the_page_of_who_confirms(office: Office):
    """部長 has confirmed before, so what is left of the last days is theirs to read; it is on nobody else's page."""
    office.at("部長", MONDAY).done("comment", "3", "--seen")
    said = office.looks("部長", TUESDAY)
    assert "未確認の日報  5件" in said
    assert "西村  11/23(月)  1件" in said
    assert "nippo comment 2026-11-23 --seen --to" in said
    assert "未確認の日報" not in office.looks("佐藤", TUESDAY)


def test_who_has_not_handed_in_is_on_a_screen_and_in_no_file(office: Office, tmp_path: Path):
    """Of Tuesday 西村 wrote and 大野 was off; 佐藤 said nothing. No holiday, no report, no data."""
    office.at("大野", MONDAY).done("add", "案件", *CALL, "同行")
    office.at("大野", MONDAY).done("day", "--off", "11/24", "-m", "有給")
    office.at("西村", TUESDAY).done("add", "検査", *CALL, "仕様")
    office.at("部長", TUESDAY).done("comment", "3", "--seen")
    said = office.looks("部長", WEDNESDAY)
    assert "11/24(火)の日報がまだの人: 佐藤" in said
    for argv in (
        (),
        ("--format", "md"),
        ("--format", "html"),
        ("--json",),
        ("log", "--team", "--on", "11/24"),
        ("log", "--week"),
    ):
        assert "まだの人" not in office.at("部長", WEDNESDAY).done(*argv).out
    page = tmp_path / "page.html"
    office.shell.done("-o", str(page))
    assert "まだの人" not in page.read_text(encoding="utf-8")
    assert "missing" not in json.dumps(office.shell.done("--json").json["team"])
    assert "まだの人" not in office.looks("佐藤", WEDNESDAY)


def test_of_days_before_they_began_nobody_has_to_report(office: Office):
    """大野 and 佐藤 write for the first time on Monday: nobody asks them for Friday. Of Tuesday, of which they say nothing, they are."""
    office.at("部長", MONDAY).done("comment", "3", "--seen")
    office.at("大野", MONDAY).done("add", "案件", *CALL, "同行")
    for who in ("部長", "大野", "佐藤"):
        said = office.looks(who, "2026-11-24T08:30:00+09:00")
        assert "11/20" not in said
        assert "まだ" not in said
    assert "11/24(火)の日報がまだの人: 佐藤、大野、西村" in office.looks("部長", WEDNESDAY)
    assert "11/24(火)の日報がまだです" in office.looks("大野", WEDNESDAY)


def test_the_teams_day_on_one_page(office: Office):
    """Member by member: entries, remarks, that somebody was off, what was said to it; nobody who wrote nothing."""
    office.at("大野", MONDAY).done("day", "--off", "-m", "有給")
    office.at("西村", MONDAY).done("day", "-m", "忙しい一日だった")
    office.at("部長", MONDAY).done("comment", "3", "-m", "競合は?")
    said = office.shell.done("log", "--team", "--on", "11/23").out
    wanted = (
        "チームの日報　2026/11/23(月)",
        "佐藤",
        "話を聞いた",
        "競合は?",
        "大野",
        "休み（有給）",
        "西村",
        "検査の話",
        "忙しい一日だった",
    )
    assert all(part in said for part in wanted), [part for part in wanted if part not in said]
    members = {of["author"]: of for of in office.shell.done("log", "--team", "--on", "11/23", "--json").json["members"]}
    assert {name: (len(of["entries"]), of["off"]) for name, of in members.items()} == {
        "佐藤": (5, None), "大野": (0, "有給"), "西村": (1, None),
    }  # fmt: skip
    assert office.shell("log", "--team", "--by", "佐藤").code == 2


def test_an_answer_stands_below_what_was_asked_before_the_teams_day(office: Office):
    """What was asked of a deal on Monday, and what was asked back, come with Wednesday's answer, with their days; once,
    also where nobody handed in a report."""
    office.at("部長", MONDAY).done("comment", "案件", "-m", "予算はいつですか")
    asked = office.shell.done("comment", "--json").json["comments"][0]["id"]
    back = office.at("佐藤", TUESDAY).done("comment", asked, "-m", "設備の予算ですか", "--json").json["records"][0]
    for text in ("4月です", "部品は別です"):
        office.at("大野", WEDNESDAY).done("comment", str(back), "-m", text)
    said = office.shell.done("log", "--team", "--on", "11/25").out
    at = [
        said.index(text)
        for text in ("部長 11/23(月)  予算はいつ", "佐藤 11/24(火)  設備の予算", "4月です", "部品は別です")
    ]
    assert at == sorted(at)
    assert said.count("予算はいつ") == said.count("設備の予算") == 1
    assert "設備の予算" not in office.shell.done("log", "--team", "--on", "11/23").out


def test_on_the_teams_day_each_name_stands_once(office: Office):
    """Above what its member wrote; the data has it with each entry. What was said of a deal stands below the deal."""
    office.at("部長", MONDAY).done("comment", "検査", "-m", "値引は?")
    said = office.shell.done("log", "--team").out
    assert said.count("佐藤") == said.count("西村") == 1
    entries = [of["entries"] for of in office.shell.done("log", "--team", "--json").json["members"]]
    assert [{entry["author"] for entry in of} for of in entries] == [{"佐藤"}, {"西村"}]
    deal = office.shell.done("deal", "show", "検査", "--json").json
    about, comment = said.partition("コメント\n")[2].splitlines()[:2]
    assert about.startswith(f"- #{deal['id']} 検査")
    assert comment.startswith("  - 部長 11/23(月)  値引は?")


def test_a_day_of_rest_names_the_last_day_of_work(office: Office):
    """The day before a Monday, or after a holiday: 11/23 is one in Japan, and the 21st and 22nd are a weekend. `yesterday` stays yesterday,
    and where somebody wrote all the same, the page has it; a day of work of which nobody wrote is none of rest."""
    shell = office.at("佐藤", MONDAY)
    for on in ("昨日", "11/21"):
        assert "前の営業日: nippo log --team --on 2026-11-20" in shell.done("log", "--team", "--on", on).out
        assert shell.done("log", "--team", "--on", on, "--json").json["workday_before"] == "2026-11-20"
        refused = shell("comment", on, "--seen")
        assert refused.code == 2
        assert "comment 2026-11-20 --seen" in refused.err
    assert "2026-11-20" in shell.done("--lang", "en", "log", "--team", "--on", "yesterday").out
    written = shell.done("log", "--team", "--on", "11/23", "--json").json
    assert (len(written["members"]), written["workday_before"]) == (2, None)
    assert "この日の日報はまだありません" in shell.done("log", "--team", "--on", "11/20").out
    assert "前の営業日" not in shell.done("log", "--team", "--on", "11/20").out


def test_the_log_of_a_day_of_rest_names_the_last_day_of_work(office: Office):
    """Where the day alone is asked for and has no entry."""
    shell = office.at("佐藤", MONDAY)
    assert (
        "休みの日で、活動はありません。前の営業日: nippo log --on 2026-11-20" in shell.done("log", "--on", "昨日").out
    )
    assert "nippo log --on 2026-11-20" in shell.done("--lang", "en", "log", "--on", "yesterday").out
    for argv in (
        ("--on", "11/20"),
        ("--on", "11/23"),
        ("--on", "昨日", "--by", "西村"),
        ("--since", "昨日", "--until", "昨日"),
    ):
        assert "前の営業日" not in shell.done("log", *argv).out, argv


def test_no_screen_tells_the_hour_of_writing(office: Office):
    """The data has it."""
    shell = office.at("佐藤", MONDAY)
    hour = shell.done("show", "3", "--json").json["recorded_at"]
    assert "T" in hour
    assert ":" not in shell.done("show", "3").out.partition("記録")[2]
