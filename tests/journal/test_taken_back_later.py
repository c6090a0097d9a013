"""Past pages after what was known then was taken back: nothing of that day is lost, nothing of later days is there."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from diary import FIRST, Diary

from nippo_cli.journal.read.reader import reading
from nippo_cli.line.facts import AsOf


def entries_of(diary: Diary, day: date, *deals: int) -> list[list[int] | None]:
    """The entries of each deal on a page of a past day; None for a deal that there was not."""
    with reading(diary.path) as reader:
        as_of = AsOf(day, known=True)
        heads = {head.id for head in reader.heads(as_of)}
        return [[view.id for view in reader.points(as_of, deal)] if deal in heads else None for deal in deals]


def later(diary: Diary, days: int = 1) -> date:
    """Days pass; the day that it is then."""
    diary.today += timedelta(days=days)
    return diary.today


def merge(diary: Diary, deal: int, into: int) -> int:
    """Two deals made one."""
    with diary.write() as writer:
        return writer.merge(deal, into)


def retract(diary: Diary, record: int) -> int:
    """Something taken back."""
    with diary.write() as writer:
        return writer.retract(record)


def test_a_merge_taken_back_stands_on_the_days_on_which_it_stood(diary: Diary) -> None:
    """Before it two deals, while it stood one with all three entries in the order of their days, afterwards two again."""
    pump, first = diary.deal("ポンプ", stage="lead", amount=100)
    valve, second = diary.deal("弁", on=FIRST - timedelta(days=1), stage="visit")
    third = diary.add(pump, on=FIRST - timedelta(days=2), stage="lead")
    merged_on = later(diary)
    merged = merge(diary, valve, pump)
    fourth = diary.add(valve, stage="quote")
    apart_on = later(diary)
    retract(diary, merged)
    fifth = diary.add(valve)
    assert entries_of(diary, FIRST, pump, valve) == [[third, first], [second]]
    assert entries_of(diary, merged_on, pump, valve) == [[third, second, first, fourth], None]
    with reading(diary.path) as reader:
        head = reader.head(AsOf(merged_on, known=True), pump)
    assert head is not None
    assert (head.entries, head.began_on, head.stage, head.amount) == (4, FIRST - timedelta(days=2), "quote", 100)
    # What was written while they were one was written of the one.
    assert entries_of(diary, apart_on, pump, valve) == [[third, first, fourth], [second, fifth]]


def test_a_chain_of_merges_whose_last_was_taken_back(diary: Diary) -> None:
    """A into B into C, B taken out of C again: on the days between all three entries are C's, then A's and B's are B's."""
    deals = [diary.deal(name, stage="lead") for name in ("甲", "乙", "丙")]
    (a, of_a), (b, of_b), (c, of_c) = deals
    later(diary)
    merge(diary, a, b)
    chained_on = later(diary)
    last = merge(diary, b, c)
    apart_on = later(diary)
    retract(diary, last)
    assert entries_of(diary, chained_on, a, b, c) == [None, None, [of_a, of_b, of_c]]
    assert entries_of(diary, apart_on, a, b, c) == [None, [of_a, of_b], [of_c]]
    assert entries_of(diary, FIRST, a, b, c) == [[of_a], [of_b], [of_c]]


def test_a_chain_of_merges_whose_first_was_taken_back(diary: Diary) -> None:
    """A into B, B into C, then A taken out: A's entry was C's on the day between, and is A's again."""
    (a, of_a), (b, of_b), (c, of_c) = (diary.deal(name, stage="lead") for name in ("甲", "乙", "丙"))
    first = merge(diary, a, b)
    merge(diary, b, c)
    together_on = diary.today
    apart_on = later(diary)
    retract(diary, first)
    assert entries_of(diary, together_on, a, b, c) == [None, None, [of_a, of_b, of_c]]
    assert entries_of(diary, apart_on, a, b, c) == [[of_a], None, [of_b, of_c]]


def test_a_merge_taken_back_and_made_the_other_way_round(diary: Diary) -> None:
    """On each day the entries are those of the deal that stood for both."""
    (a, of_a), (b, of_b) = (diary.deal(name, stage="lead") for name in ("甲", "乙"))
    there = merge(diary, a, b)
    turned_on = later(diary)
    retract(diary, there)
    merge(diary, b, a)
    assert entries_of(diary, FIRST, a, b) == [None, [of_a, of_b]]
    assert entries_of(diary, turned_on, a, b) == [[of_a, of_b], None]


def test_the_taking_back_of_a_merge_taken_back(diary: Diary) -> None:
    """One on the first day, two on the second, one again on the third."""
    (a, of_a), (b, of_b) = (diary.deal(name, stage="lead") for name in ("甲", "乙"))
    merged = merge(diary, a, b)
    apart_on = later(diary)
    parting = retract(diary, merged)
    again_on = later(diary)
    retract(diary, parting)
    assert entries_of(diary, FIRST, a, b) == [None, [of_a, of_b]]
    assert entries_of(diary, apart_on, a, b) == [[of_a], [of_b]]
    assert entries_of(diary, again_on, a, b) == [None, [of_a, of_b]]


def test_an_entry_that_was_moved_while_its_deal_was_merged(diary: Diary) -> None:
    """Corrected into a third deal on the day after the merge was taken back: on the page before it is the merged one's."""
    (a, of_a), (b, of_b), (c, of_c) = (diary.deal(name, stage="lead") for name in ("甲", "乙", "丙"))
    moved = diary.add(a, stage="visit")
    merged = merge(diary, a, b)
    later(diary)
    retract(diary, merged)
    with diary.write() as writer:
        writer.amend(moved, {"deal": c}, why="別案件")
    assert entries_of(diary, FIRST, a, b, c) == [None, [of_a, of_b, moved], [of_c]]
    assert entries_of(diary, diary.today, a, b, c) == [[of_a], [of_b], [of_c, moved]]


def test_an_entry_taken_back_later_is_on_the_pages_of_the_days_between(diary: Diary) -> None:
    """Of a deal that stands, of one merged since, and of one of which nothing is left."""
    (a, of_a), (b, of_b), (c, of_c) = (diary.deal(name, stage="lead") for name in ("甲", "乙", "丙"))
    more = diary.add(a, stage="visit")
    later(diary)
    for entry in (more, of_b, of_c):
        retract(diary, entry)
    merge(diary, b, a)
    assert entries_of(diary, FIRST, a, b, c) == [[of_a, more], [of_b], [of_c]]
    assert entries_of(diary, diary.today, a, b, c) == [[of_a], None, None]


def test_a_hold_taken_back_later_stood_on_the_days_between(diary: Diary) -> None:
    """And a hand-over and a new name."""
    deal, _ = diary.deal("ポンプ", stage="lead")
    with diary.write() as writer:
        hold = writer.hold(deal, FIRST, FIRST + timedelta(days=9), "工事")
    with diary.write() as writer:
        handed = writer.assign(deal, "鈴木")
    with diary.write() as writer:
        named = writer.rename(deal, "揚水ポンプ")
    today = later(diary)
    for record in (hold, handed, named):
        retract(diary, record)
    with reading(diary.path) as reader:
        then, now = reader.head(AsOf(FIRST, known=True), deal), reader.head(AsOf(today, known=True), deal)
    assert then is not None
    assert now is not None
    assert ([h.id for h in then.holds], then.owner, then.name) == ([hold], "鈴木", "揚水ポンプ")
    assert (now.holds, now.owner, now.name) == ((), "佐藤", "ポンプ")


CORRECTIONS: list[tuple[int, dict[str, object]]] = [
    (2, {"amount": 200}), (5, {"amount": 300, "closes": "2026-04-10"}), (5, {"amount": 301}), (9, {"closes": "2026-05-01"}),
]  # fmt: skip


def promised(diary: Diary, as_of: AsOf, deal: int) -> list[tuple[str, object, int]]:
    """What was promised: what, the value, and the day of it, counted from the first."""
    with reading(diary.path) as reader:
        found = reader.line(as_of, deal)
    assert found is not None
    return [(p.what, p.value, (p.made_on - FIRST).days) for p in found[1].promises]


@pytest.fixture
def corrected(diary: Diary) -> tuple[Diary, int, Callable[[int], AsOf]]:
    """A deal whose first entry said 100 and was corrected on the days of `CORRECTIONS`; and what a day is as of."""
    deal, entry = diary.deal("ポンプ", stage="lead", amount=100)
    for days, values in CORRECTIONS:
        diary.today = FIRST + timedelta(days=days)
        with diary.write() as writer:
            writer.amend(entry, {"values": values}, why="聞き直した")
    return diary, deal, lambda days: AsOf(FIRST + timedelta(days=days), known=True)


EVERY = [
    ("amount", 100, 0), ("amount", 200, 2), ("closes", "2026-04-10", 5), ("amount", 301, 5), ("closes", "2026-05-01", 9),
]  # fmt: skip


def test_each_correction_is_a_promise_of_the_day_on_which_it_was_made(corrected) -> None:
    """The second and third as the first; two of one day are one, for the second only mends the first."""
    diary, deal, _ = corrected
    assert promised(diary, AsOf(diary.today), deal) == EVERY


@pytest.mark.parametrize(("days", "known"), [(0, 1), (1, 1), (2, 2), (4, 2), (5, 4), (8, 4), (9, 5)])
def test_a_past_page_knows_the_corrections_made_by_then(corrected, days: int, known: int) -> None:
    """None before its day, each from its day on."""
    diary, deal, as_of = corrected
    assert promised(diary, as_of(days), deal) == EVERY[:known]


def test_a_correction_taken_back_is_no_promise_and_the_next_keeps_its_day(diary: Diary) -> None:
    """Said on day 0, corrected on 2 and on 5; the first correction is taken back on 7: 300 is still of day 5."""
    deal, entry = diary.deal("ポンプ", stage="lead", amount=100)
    amends = []
    for days, amount in ((2, 200), (5, 300)):
        diary.today = FIRST + timedelta(days=days)
        with diary.write() as writer:
            amends.append(writer.amend(entry, {"values": {"amount": amount}}, why=""))
    diary.today = FIRST + timedelta(days=7)
    retract(diary, amends[0])
    assert promised(diary, AsOf(diary.today), deal) == [("amount", 100, 0), ("amount", 300, 5)]
    before = AsOf(FIRST + timedelta(days=6), known=True)
    assert promised(diary, before, deal) == [("amount", 100, 0), ("amount", 200, 2), ("amount", 300, 5)]


def test_an_entry_written_late_promised_on_its_own_day(diary: Diary) -> None:
    """A visit of day 0, written on day 3, corrected on 4 and 6; on the page of day 2 nobody knew of it."""
    deal, _ = diary.deal("ポンプ", stage="lead")
    diary.today = FIRST + timedelta(days=3)
    entry = diary.add(deal, on=FIRST, amount=100)
    for days, amount in ((4, 200), (6, 300)):
        diary.today = FIRST + timedelta(days=days)
        with diary.write() as writer:
            writer.amend(entry, {"values": {"amount": amount}}, why="")
    assert promised(diary, AsOf(diary.today), deal) == [("amount", 100, 0), ("amount", 200, 4), ("amount", 300, 6)]
    assert promised(diary, AsOf(FIRST + timedelta(days=2), known=True), deal) == []


def test_what_is_dated_ahead_is_on_no_page_before_its_day(diary: Diary) -> None:
    """A hold from the fifth day on and a hand-over on the seventh, both written on the first."""
    deal, _ = diary.deal("ポンプ", stage="lead")
    with diary.write() as writer:
        hold = writer.hold(deal, FIRST + timedelta(days=5), FIRST + timedelta(days=9), "工事")
        writer.assign(deal, "鈴木", on=FIRST + timedelta(days=7))
    diary.today += timedelta(days=20)
    with reading(diary.path) as reader:
        for days, held, owner in (
            (0, [], "佐藤"),
            (4, [], "佐藤"),
            (5, [hold], "佐藤"),
            (6, [hold], "佐藤"),
            (7, [hold], "鈴木"),
        ):
            for known in (True, False):
                head = reader.head(AsOf(FIRST + timedelta(days=days), known=known), deal)
                assert head is not None
                assert ([one.id for one in head.holds], head.owner) == (held, owner), days


def test_a_chain_of_merges_takes_holds_and_names_along(diary: Diary) -> None:
    """A on hold, merged into B, that into C: on the days between C is on hold and answers to all three names; afterwards B
    does, and C to its own alone."""
    (a, _), (b, _), (c, of_c) = (diary.deal(name, stage="lead") for name in ("甲", "乙", "丙"))
    with diary.write() as writer:
        hold = writer.hold(a, FIRST, FIRST + timedelta(days=30), "工事")
    merge(diary, a, b)
    last = merge(diary, b, c)
    apart_on = later(diary)
    retract(diary, last)
    with reading(diary.path) as reader:
        for on, held, names in (
            (FIRST, {c: [hold]}, {c: ("乙", "甲")}),
            (apart_on, {b: [hold], c: []}, {b: ("甲",), c: ()}),
        ):
            as_of = AsOf(on, known=True)
            heads = {head.id: [one.id for one in head.holds] for head in reader.heads(as_of)}
            assert heads == held
            for deal, aliases in names.items():
                found = reader.line(as_of, deal)
                assert found is not None
                assert sorted(found[0].aliases) == sorted(aliases)
    assert entries_of(diary, apart_on, c) == [[of_c]]


def test_a_correction_of_what_promises_nothing_changes_no_promise(diary: Diary) -> None:
    """Two days later the facts are mended: what was promised is of the first day, and the deal's facts stand since then; a
    correction of the amount after that is of its own day."""
    deal, entry = diary.deal("ポンプ", stage="lead", amount=100, closes="2026-04-10", facts="見積")
    later(diary, 2)
    with diary.write() as writer:
        writer.amend(entry, {"values": {"facts": "見積を出した"}}, why="誤記")
    assert promised(diary, AsOf(diary.today), deal) == [("closes", "2026-04-10", 0), ("amount", 100, 0)]
    with reading(diary.path) as reader:
        head = reader.head(AsOf(diary.today), deal)
    assert head is not None
    assert head.steady_since == FIRST
    later(diary, 2)
    with diary.write() as writer:
        writer.amend(entry, {"values": {"amount": 200}}, why="聞き直した")
    assert promised(diary, AsOf(diary.today), deal) == [
        ("closes", "2026-04-10", 0), ("amount", 100, 0), ("amount", 200, 4),
    ]  # fmt: skip


def test_a_deal_of_whose_merge_nothing_else_is_known_is_looked_up_by_itself(diary: Diary) -> None:
    """B was merged into A on the first day, and on the second nothing happened but a new entry: on the first day's page the
    entries of both are A's."""
    (a, of_a), (b, of_b) = (diary.deal(name, stage="lead") for name in ("甲", "乙"))
    merge(diary, b, a)
    (c, of_c) = diary.deal("丙", stage="lead")
    later(diary)
    diary.add(a, stage="visit")
    diary.add(c, stage="visit")
    assert entries_of(diary, FIRST, a, b, c) == [[of_a, of_b], None, [of_c]]
    with reading(diary.path) as reader:
        heads = {head.id: (head.entries, head.stage) for head in reader.heads(AsOf(FIRST, known=True))}
    assert heads == {a: (2, "lead"), c: (1, "lead")}


def test_a_merge_that_another_ones_end_sets_free_is_not_seen_on_earlier_days(diary: Diary) -> None:
    """甲 into 乙; 乙 into 甲, written by who knew nothing of it, closes a circle and has no effect; 甲 into 丙. When that of
    no effect is taken back, the days before still have 甲 in 乙."""
    (a, of_a), (b, of_b), (c, of_c) = (diary.deal(name, stage="lead") for name in ("甲", "乙", "丙"))
    merges = []
    for deal, into in ((a, b), (b, a), (a, c)):
        later(diary)
        with diary.write() as writer:
            rec = writer.append("deal", {"do": "merge", "into": into}, on=diary.today, target=deal)
            writer.projection.record(rec)
        merges.append((rec.id, diary.today))
    later(diary)
    retract(diary, merges[1][0])
    days = [entries_of(diary, day, a, b, c) for _, day in merges]
    assert days == [[None, [of_a, of_b], [of_c]], [None, [of_a, of_b], [of_c]], [None, [of_b], [of_a, of_c]]]
