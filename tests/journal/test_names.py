"""What a person types names one deal, or the answer says which it could be."""

from datetime import date, timedelta

import pytest
from diary import FIRST, Diary

from nippo_cli.base.errors import NotFound
from nippo_cli.base.ids import show_id
from nippo_cli.journal.read.names import answering, find_deal, find_deal_on
from nippo_cli.journal.read.reader import reading
from nippo_cli.journal.read.unclear_names import AmbiguousDeal, UnknownDeal
from nippo_cli.journal.write.deals import NameTaken
from nippo_cli.line.facts import AsOf

EVER = AsOf(date.max)


def test_id_then_name_then_alias_then_part(diary: Diary) -> None:
    """In this order; width and case apart."""
    pump, entry = diary.deal("ポンプ更新", customer="東亜")
    valve, _ = diary.deal(show_id(pump), customer="北斗")
    with diary.write() as writer:
        writer.rename(valve, "バルブ ABC")
        writer.alias(valve, "ポンプ")
    with reading(diary.path) as reader:
        for said, meant in {
            show_id(pump): pump, f"#{pump}": pump, "ポンプ更新": pump, "ﾎﾟﾝﾌﾟ更新": pump, "ポンプ": valve, "更新": pump,
            "ばる": None, "ＡＢＣ": valve, "バルブ　abc": valve, "ブabc": valve, "ポンプ 更": pump,
        }.items():  # fmt: skip
            if meant is None:
                with pytest.raises(NotFound):
                    find_deal(reader.cx, said, script=False)
            else:
                assert find_deal(reader.cx, said, script=False) == meant, said
        with pytest.raises(UnknownDeal):
            find_deal(reader.cx, show_id(entry), script=False)


def test_who_only_asks_whether_a_deal_answers_waits_for_no_likeness(diary: Diary) -> None:
    """An import asks of every deal that it begins: it compares no name with all others."""
    deal, _ = diary.deal("ポンプ更新")
    said: list[str] = []
    with reading(diary.path) as reader:
        assert answering(reader.past(AsOf(date.max)), "ﾎﾟﾝﾌﾟ更新", script=True) == deal
        reader.cx.set_trace_callback(said.append)
        assert answering(reader.past(AsOf(date.max)), "ポンプ", script=True) is None
        reader.cx.set_trace_callback(None)
    assert said
    assert not any("instr(" in statement for statement in said)


def test_all_names_are_gone_through_once_where_one_holds_the_part_as_typed(diary: Diary) -> None:
    """Without their blanks only where none does."""
    deal, _ = diary.deal("ポンプ 更新")
    looked: dict[str, int] = {}
    with reading(diary.path) as reader:
        for part in ("ポンプ 更", "ポンプ更"):
            said: list[str] = []
            reader.cx.set_trace_callback(said.append)
            assert answering(reader.past(AsOf(date.max)), part, script=False) == deal
            reader.cx.set_trace_callback(None)
            looked[part] = sum("instr(" in statement and "deal_name" in statement for statement in said)
    assert looked == {"ポンプ 更": 1, "ポンプ更": 2}


def test_a_script_takes_no_part_of_a_name(diary: Diary) -> None:
    """A whole name in another width is still the whole name."""
    deal, _ = diary.deal("ポンプ更新")
    with reading(diary.path) as reader:
        assert find_deal(reader.cx, "ﾎﾟﾝﾌﾟ更新", script=True) == deal
        with pytest.raises(UnknownDeal) as caught:
            find_deal(reader.cx, "ポンプ", script=True)
    assert [c.name for c in caught.value.candidates] == ["ポンプ更新"]
    assert caught.value.exit_code == 4
    assert caught.value.hint is not None
    assert caught.value.hint.params["names"] == ["ポンプ更新"]


def test_several_are_listed_with_their_customers(diary: Diary) -> None:
    """At most ten, live ones before ended ones."""
    ended, _ = diary.deal("保守 0", customer="甲", stage="lost")
    for n in range(1, 13):
        diary.deal(f"保守 {n}", customer=f"乙{n}", stage="lead")
    with reading(diary.path) as reader, pytest.raises(AmbiguousDeal) as caught:
        find_deal(reader.cx, "保守", script=False)
    found = caught.value
    assert (found.n, len(found.candidates), len(found.problems)) == (13, 10, 10)
    assert found.candidates[0].customer == "乙1"
    assert ended not in {c.id for c in found.candidates}


def test_who_writes_is_asked_whether_a_finished_deal_or_a_live_one_is_meant(diary: Diary) -> None:
    """The live ones that are called so come first, the finished one is marked; a page, or a script, has the whole name."""
    ended, _ = diary.deal("保守更新", customer="甲", stage="lost")
    live, _ = diary.deal("保守更新 2027", customer="甲", stage="lead")
    with reading(diary.path) as reader:
        with pytest.raises(AmbiguousDeal) as caught:
            find_deal(reader.cx, "保守更新", script=False)
        assert [(c.id, c.ended) for c in caught.value.candidates] == [(live, False), (ended, True)]
        assert find_deal(reader.cx, "保守更新", script=True) == ended
        assert find_deal_on(reader.past(EVER), "保守更新", script=False) == ended


def test_a_customer_decides_between_namesakes(diary: Diary) -> None:
    """As known on the day; it hides no deal whose name is nobody else's, and no alias stands before a name."""
    one, _ = diary.deal("保守更新", customer="甲", stage="lead")
    then, diary.today = diary.today, diary.today + timedelta(days=1)
    two, _ = diary.deal("保守更新", customer="乙", stage="lead")
    third, _ = diary.deal("トナー", customer="乙", stage="lead")
    with diary.write() as writer, pytest.raises(NameTaken):
        writer.rename(third, "保守更新")
    with reading(diary.path) as reader:
        for customer, meant in {"甲": one, "乙": two}.items():
            assert find_deal(reader.cx, "保守更新", script=True, customer=customer) == meant
        assert find_deal(reader.cx, "トナー", script=True, customer="甲") == third
        for customer in ("", "丙"):
            with pytest.raises(AmbiguousDeal):
                find_deal(reader.cx, "保守更新", script=True, customer=customer)
        # On the day before there was one.
        assert find_deal(reader.cx, "保守更新", script=True, as_of=AsOf(then, known=True)) == one


def test_a_merge_may_make_namesakes_at_one_customer(diary: Diary) -> None:
    """Two devices begin one name, or two customers become one: both stand, and answer by their ids."""
    one, _ = diary.deal("保守更新", customer="甲")
    two, _ = diary.deal("保守更新", customer="乙")
    with diary.write() as writer:
        writer.add_entry(diary.today, {"customer": "甲"}, deal=two)
    with reading(diary.path) as reader:
        with pytest.raises(AmbiguousDeal):
            find_deal(reader.cx, "保守更新", script=True, customer="甲")
        assert find_deal(reader.cx, show_id(two), script=True, customer="甲") == two
    with diary.write() as writer:
        writer.merge(two, one)
    with reading(diary.path) as reader:
        assert find_deal(reader.cx, "保守更新", script=True, customer="甲") == one


def test_a_merged_deal_answers_for_the_other(diary: Diary) -> None:
    """Its id and its name lead to the deal that it was merged into; before the merge, to itself."""
    pump, _ = diary.deal("ポンプ")
    other, _ = diary.deal("ぽんぷ二")
    diary.today += timedelta(days=1)
    with diary.write() as writer:
        writer.merge(other, pump)
    with reading(diary.path) as reader:
        assert find_deal(reader.cx, show_id(other), script=True) == pump
        assert find_deal(reader.cx, "ぽんぷ二", script=True) == pump
        assert find_deal(reader.cx, "ぽんぷ二", script=True, as_of=AsOf(FIRST, known=True)) == other


def test_a_past_day_knows_the_names_of_then(diary: Diary) -> None:
    """A deal answers to the name that it had, and one begun later to none."""
    pump, _ = diary.deal("ポンプ")
    diary.today += timedelta(days=1)
    with diary.write() as writer:
        writer.rename(pump, "圧縮機")
    diary.deal("弁")
    then = AsOf(FIRST, known=True)
    with reading(diary.path) as reader:
        assert find_deal(reader.cx, "ポンプ", script=True, as_of=then) == pump
        for later in ("圧縮機", "弁"):
            with pytest.raises(UnknownDeal):
                find_deal(reader.cx, later, script=True, as_of=then)


def test_a_deal_whose_entries_all_went_elsewhere_answered_to_its_name_before(diary: Diary) -> None:
    """Begun by mistake and taken back, written on by its number, then moved: on the days between it had a line."""
    pump, _ = diary.deal("ポンプ", stage="lead")
    with diary.write() as writer:
        twin = writer.begin_deal("ポンプ更新")
    with diary.write() as writer:
        writer.undo()
    entry = diary.add(twin, stage="visit")
    then, diary.today = diary.today, diary.today + timedelta(days=1)
    with diary.write() as writer:
        writer.amend(entry, {"deal": pump}, why="別案件")
    with reading(diary.path) as reader:
        assert find_deal(reader.cx, "ポンプ更新", script=True, as_of=AsOf(then, known=True)) == twin
        with pytest.raises(UnknownDeal):
            find_deal(reader.cx, "ポンプ更新", script=True)


def test_a_deal_whose_beginning_was_taken_back_answers_to_nothing(diary: Diary) -> None:
    """Neither by its number nor by its name, so that nothing is written onto it; one that still has entries does."""
    deal, _ = diary.deal("ポンプ")
    with diary.write() as writer:
        writer.undo()
    with reading(diary.path) as reader:
        for said in (show_id(deal), "ポンプ"):
            with pytest.raises(UnknownDeal):
                find_deal(reader.cx, said, script=True)
    diary.add(deal)
    with reading(diary.path) as reader:
        assert find_deal(reader.cx, show_id(deal), script=True) == deal
