"""What is derived from the log, rule by rule."""

import json
from datetime import date, timedelta

import pytest
from derived import kept, rebuilt, rows
from diary import FIRST, Diary
from flips import put

from nippo_cli.journal.derive.heads import stored_line
from nippo_cli.journal.write.persons import say_of_person


def promises(diary: Diary, what="closes"):
    """What was promised: value, day, days moved."""
    return rows(diary.path, "select value, made_on, move from promise where what = ? order by deal, seq", what)


def begun(diary: Diary, name: str, **values: object) -> tuple[int, int]:
    """A deal and its first entry."""
    with diary.write() as writer:
        deal = writer.begin_deal(name)
        return deal, writer.add_entry(diary.today, values, deal=deal)


def later(diary: Diary, days: int) -> None:
    """Some days go by."""
    diary.today += timedelta(days=days)


def test_a_correction_on_a_later_day_is_a_new_promise(diary: Diary):
    """31 January said on the 5th, corrected on the 9th to 28 February: both were promised, 28 days apart."""
    _, entry = begun(diary, "案件", closes="2026-01-31")
    later(diary, 4)
    with diary.write() as writer:
        writer.amend(entry, {"values": {"closes": "2026-02-28"}}, why="客先都合")
    assert promises(diary) == [("2026-01-31", "2026-01-05", None), ("2026-02-28", "2026-01-09", 28)]
    assert kept(diary.path) == rebuilt(diary.path)


def test_a_correction_on_the_same_day_mends_a_slip(diary: Diary):
    """Only what stood at the end of the day was promised."""
    _, entry = begun(diary, "案件", closes="2026-01-31")
    with diary.write() as writer:
        writer.amend(entry, {"values": {"closes": "2026-02-28"}}, why="打ち間違い")
    assert promises(diary) == [("2026-02-28", "2026-01-05", None)]


def test_a_correction_of_something_else_promises_nothing(diary: Diary):
    """The facts were mended a week later; the expected close was said once."""
    _, entry = begun(diary, "案件", closes="2026-01-31", facts="訪問")
    later(diary, 7)
    with diary.write() as writer:
        writer.amend(entry, {"values": {"facts": "電話"}}, why="")
    assert promises(diary) == [("2026-01-31", "2026-01-05", None)]


def test_a_correction_keeps_its_entrys_place(diary: Diary):
    """Mended last, it is still the first of its day."""
    deal, first = begun(diary, "案件", stage="lead")
    diary.add(deal, stage="visit")
    with diary.write() as writer:
        writer.amend(first, {"values": {"stage": "quote"}}, why="")
    assert [row[0] for row in rows(diary.path, "select stage from stay order by seq")] == ["quote", "visit"]


def test_taking_a_value_out_leaves_nothing_of_it(diary: Diary):
    """None takes a key out."""
    _, entry = begun(diary, "案件", amount=100, facts="訪問")
    with diary.write() as writer:
        writer.amend(entry, {"values": {"amount": None}}, why="")
    assert rows(diary.path, "select amount from entry") == [(None,)]


def test_entries_of_one_meeting_are_one_contact(diary: Diary):
    """Two of them in one deal, and one that is no contact."""
    deal, first = begun(diary, "案件")
    with diary.write() as writer:
        writer.add_entry(diary.today, {}, deal=deal, meeting=first)
        writer.add_entry(diary.today, {"activity": "inhouse"}, deal=deal)
    assert rows(diary.path, "select entries, contacts from deal") == [(3, 1)]


def test_an_entry_linked_to_another_deal_later_leaves_the_first(diary: Diary):
    """A deal whose only entry went has no head; its name stays taken."""
    one, entry = begun(diary, "一", stage="lead")
    other, _ = begun(diary, "二", stage="visit")
    with diary.write() as writer:
        writer.amend(entry, {"deal": other}, why="別の案件")
    assert rows(diary.path, "select id, entries from deal") == [(other, 2)]
    assert rows(diary.path, "select deal from deal_name where name = '一'") == [(one,)]
    with diary.write() as writer:
        writer.amend(entry, {"deal": None}, why="社内")
    assert rows(diary.path, "select entries from deal") == [(1,)]
    assert kept(diary.path) == rebuilt(diary.path)


def test_a_merged_deals_entries_and_names_are_the_others(diary: Diary):
    """Until the merge is taken back."""
    one, _ = begun(diary, "一", stage="lead", customer="甲社")
    later(diary, 3)
    other, _ = begun(diary, "二", stage="visit")
    before = kept(diary.path)
    with diary.write() as writer:
        merge = writer.merge(other, one)
    assert rows(diary.path, "select id, entries, stage from deal") == [(one, 2, "visit")]
    assert rows(diary.path, "select name, is_alias, deal from deal_name order by name") == [
        ("一", 0, one),
        ("二", 1, one),
    ]
    diary.add(other, stage="quote")
    assert rows(diary.path, "select stage from deal") == [("quote",)], "the old id leads to the new deal"
    with diary.write() as writer:
        writer.undo()
    with diary.write() as writer:
        writer.retract(merge)
    now = kept(diary.path)
    assert {t: now[t] for t in ("entry", "stay", "promise", "deal_name", "tally")} == {
        t: before[t] for t in ("entry", "stay", "promise", "deal_name", "tally")
    }
    assert now == rebuilt(diary.path)


def test_deals_merged_one_after_the_other_end_in_one(diary: Diary):
    """一 into 二, then 二 into 三; taking the first merge back gives 一 its own line again."""
    deals = [begun(diary, name, stage="lead")[0] for name in ("一", "二", "三")]
    with diary.write() as writer:
        first = writer.merge(deals[0], deals[1])
    with diary.write() as writer:
        writer.merge(deals[1], deals[2])
    assert rows(diary.path, "select id, entries from deal") == [(deals[2], 3)]
    assert kept(diary.path) == rebuilt(diary.path)
    with diary.write() as writer:
        writer.retract(first)
    assert rows(diary.path, "select id, entries from deal order by id") == [(deals[0], 1), (deals[2], 2)]
    assert kept(diary.path) == rebuilt(diary.path)


def test_held_days_are_taken_off_a_stay(diary: Diary):
    """5 to 15 January is 10 days; held from the 7th to the 9th, 7 are left."""
    deal, _ = begun(diary, "案件", stage="lead")
    later(diary, 10)
    diary.add(deal, stage="visit")
    with diary.write() as writer:
        hold = writer.hold(deal, date(2026, 1, 7), date(2026, 1, 9), "予算審議")
    assert rows(diary.path, "select days from stay where seq = 0") == [(7,)]
    assert rows(diary.path, "select days, n from tally where what = 'stay'") == [(7, 1)]
    with diary.write() as writer:
        writer.amend(hold, {"last": "2026-01-10"}, why="延びた")
    assert rows(diary.path, "select days from stay where seq = 0") == [(6,)]
    with diary.write() as writer:
        writer.retract(hold)
    assert rows(diary.path, "select days from stay where seq = 0") == [(10,)]
    assert kept(diary.path) == rebuilt(diary.path)


def test_a_deal_handed_over_has_a_new_owner(diary: Diary):
    """By the day of the hand-over, not by when it was written down."""
    deal, _ = begun(diary, "案件")
    with diary.write() as writer:
        writer.assign(deal, "鈴木", on=date(2026, 2, 1))
        writer.assign(deal, "高橋", on=date(2026, 1, 20))
    assert rows(diary.path, "select owner from deal") == [("鈴木",)]


def test_an_erased_entry_keeps_its_place_in_the_line(diary: Diary):
    """What it said is gone from the file; the stage and the money stay, the customer's name does not."""
    deal, entry = begun(diary, "案件", stage="visit", amount=500, facts="山田部長の私事", customer="山田商店")
    with diary.write() as writer:
        writer.amend(entry, {"values": {"facts": "山田部長の病気"}}, why="言い直し")
    with diary.write() as writer:
        writer.redact(entry, "本人の依頼")
    assert rows(diary.path, "select stage, amount, customer from deal") == [("visit", 500, "")]
    assert rows(diary.path, "select deal from entry") == [(deal,)]
    left = [row[0] for row in rows(diary.path, "select body from record where body is not null")]
    assert not [body for body in left if "山田" in json.dumps(json.loads(body), ensure_ascii=False)]
    assert rows(diary.path, "select count(*) from record where body is null and length(salt) = 32") == [(2,)]
    assert kept(diary.path) == rebuilt(diary.path)


def test_the_tally_counts_every_line_once(diary: Diary):
    """A stay that grows is counted at its new length, and no longer at its old."""
    deal, _ = begun(diary, "案件", stage="lead")
    moved = diary.add(deal, on=date(2026, 1, 9), stage="visit")
    diary.add(deal, on=date(2026, 2, 1), stage="won")
    assert rows(diary.path, "select what, stage, days, n from tally where what in ('gap', 'stay') order by what, days") == [
        ("gap", "", 4, 1), ("gap", "", 23, 1), ("stay", "lead", 4, 1), ("stay", "visit", 23, 1),
    ]  # fmt: skip
    with diary.write() as writer:
        writer.amend(moved, {"on": date(2026, 1, 7)}, why="日付違い")
    assert rows(diary.path, "select what, stage, days, n from tally where what in ('gap', 'stay') order by what, days") == [
        ("gap", "", 2, 1), ("gap", "", 25, 1), ("stay", "lead", 2, 1), ("stay", "visit", 25, 1),
    ]  # fmt: skip


def test_a_stored_line_is_the_line(diary: Diary):
    """Read back from its rows, with its holds and its promises as dates."""
    deal, entry = begun(diary, "案件", stage="lead", closes="2026-03-01/2026-03-31", next="電話", next_on="2026-01-20")
    with diary.write() as writer:
        writer.hold(deal, date(2026, 1, 7), date(2026, 1, 9), "予算審議")
    cx = diary.open()
    line = stored_line(cx, deal)
    cx.close()
    assert line is not None
    assert (line.head.closes.first, line.head.closes.last) == (date(2026, 3, 1), date(2026, 3, 31))
    assert (line.head.next_step, line.head.next_on.first, line.head.next_entry) == ("電話", date(2026, 1, 20), entry)
    assert [(h.first, h.last, h.why) for h in line.head.holds] == [(date(2026, 1, 7), date(2026, 1, 9), "予算審議")]
    assert [p.what for p in line.promises] == ["closes", "next"]


def test_a_sale_is_corrected_and_taken_back(diary: Diary):
    """Like every record."""
    with diary.write() as writer:
        sale = writer.add_sale(date(2026, 1, 20), "甲社", 1_000_000, reference="S-1")
    with diary.write() as writer:
        writer.amend(sale, {"amount": 900_000, "on": date(2026, 1, 21)}, why="値引")
    assert rows(diary.path, "select on_date, customer, amount, reference from sale") == [
        ("2026-01-21", "甲社", 900_000, "S-1")
    ]
    with diary.write() as writer:
        writer.retract(sale)
    assert rows(diary.path, "select * from sale") == []
    assert kept(diary.path) == rebuilt(diary.path)


def test_a_rebuild_makes_every_kind_of_row_again(diary: Diary):
    """Deals (one merged, one held, handed over and renamed, one promised for a month to come), entries (one corrected, one taken
    back, two of one meeting), a customer's name, sales and a match, a target, a declaration, comments and an answer, what was read,
    what is followed, a day, a review: each table has rows, and the same ones afterwards."""
    pump, entry = diary.deal(
        "ポンプ",
        stage="lead",
        activity="call",
        amount=5,
        closes="2026-03-31",
        valid="2026-02-28",
        customer="東亜",
        ball="them",
    )
    valve, _ = diary.deal("弁", stage="won", activity="call", amount=7, grant="2026-02-01/2026-02-28")
    diary.deal("濾過器", stage="lead", activity="call", amount=3, closes="2026-03-31")
    with diary.write() as writer:
        writer.add_entry(FIRST, {"activity": "call"}, deal=valve, meeting=entry)
        wrong = writer.add_entry(FIRST, {"stage": "lost"}, deal=pump)
        writer.hold(pump, FIRST, FIRST, "工事")
        writer.assign(pump, "鈴木")
        writer.rename(pump, "揚水ポンプ")
        writer.rename_customer("東亜", "東亜ポンプ")
        say_of_person(writer, "山本", "東亜", [{"do": "left", "customer": "東亜"}], on=FIRST)
        sale = writer.add_sale(FIRST, "東亜", 5, reference="S-1")
        writer.match(sale, valve)
        writer.set_target("佐藤", "2026-01", 100)
        writer.declare("2026-01", 90, owner="佐藤", team=False)
        comment = writer.add_comment(entry, "値引は不可", author="部長")
        writer.add_comment(comment, "承知")
        writer.acknowledge(entry)
        writer.follow(deal=valve)
        writer.add_day_comment(FIRST, "お疲れさま", of="佐藤", author="部長")
        writer.add_day(FIRST, values={}, off="休暇", author="佐藤")
        writer.review(valve, text="聞いた", known_by="asked", on=FIRST, revisit=FIRST)
    diary.today += timedelta(days=1)
    with diary.write() as writer:
        writer.amend(entry, {"values": {"amount": 6, "closes": "2026-04-30"}}, why="")
        writer.retract(wrong)
        writer.merge(pump, valve)
    before = kept(diary.path)
    # Rows that several devices imported, only a team's journal has: tests/team.
    assert [table for table, found in before.items() if not found] == ["twin"]
    assert before == rebuilt(diary.path)


@pytest.mark.parametrize("do", ["begin", "rename"])
def test_a_rebuild_keeps_what_a_damaged_record_said_of_a_deal(diary: Diary, do: str):
    """Its second name stays, and so does its line, whichever of its two records is damaged."""
    deal, entry = diary.deal("ポンプ", stage="visit", amount=5)
    with diary.write() as writer:
        rename = writer.rename(deal, "送水機")
    put(diary.path, {"begin": deal, "rename": rename}[do], body=b"\xff")
    made = rebuilt(diary.path)
    assert made["deal"] == kept(diary.path)["deal"]
    assert made["deal_name"] == kept(diary.path)["deal_name"]
    assert [row[0] for row in made["entry"]] == [entry]
