"""What was done, by activity and month: the tally of a day, past or present, against every entry counted one by one."""

import tempfile
from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from derived import kept, rebuilt
from diary import AGREEMENT, FIRST, Diary
from hypothesis import example, given, strategies as st
from story import stories, told

from nippo_cli.base.dates.calendar import month_number
from nippo_cli.journal.read.activity import activity_counts_in
from nippo_cli.journal.read.reader import reading
from nippo_cli.line.facts import AsOf
from nippo_cli.line.metrics import Metric
from nippo_cli.results.entries import EntryView
from nippo_cli.schema.schema import Activity

STORIES = stories()
# An entry written down late; one whose activity and day were corrected later; one taken back.
LATE = [("begin", {}, 3), ("begin", {}, 0), ("day", 3), ("add", 0, {"activity": "call"}, 2)]
MENDED = [
    ("begin", {"activity": "call"}, 0),
    ("begin", {}, 0),
    ("day", 2),
    ("amend", 0, {"values": {"activity": "inhouse"}}),
]
GONE = [("begin", {"activity": "call"}, 0), ("begin", {}, 0), ("day", 2), ("retract", 0)]


def one_by_one(views: Iterable[EntryView], as_of: AsOf) -> Counter[Metric]:
    """Entries counted as a reader would."""
    found: Counter[Metric] = Counter()
    for view in views:
        if view.on <= as_of.on and view.meeting is None:
            found[Metric("did", view.values.get("activity") or "", "", False, month_number(view.on))] += 1
    return found


def meetings(views: Iterable[EntryView]) -> list[EntryView]:
    """Of entries that share a meeting the first, wherever that was told."""
    first: dict[int, EntryView] = {}
    for view in views:
        first.setdefault(view.meeting or view.id, view)
    return [view._replace(meeting=None) for view in first.values()]


@example(LATE, {(1, True)})
@example(MENDED, {(1, True)})
@example(GONE, {(1, True)})
@given(STORIES, st.sets(st.tuples(st.integers(0, 20), st.booleans()), min_size=3, max_size=4))
def test_the_tally_of_a_day_is_its_entries_counted(steps: list[tuple[Any, ...]], days: set[tuple[int, bool]]) -> None:
    """After corrections, late entries, imports of past days, merges and taking back; of all, and of each deal; on several
    days of a journal, for what takes time is to write it."""
    with tempfile.TemporaryDirectory() as folder:
        diary = told(steps, folder)
        for back, known in sorted(days):
            as_of = AsOf(diary.today - timedelta(days=back), known=known)
            with reading(diary.path) as reader:
                assert reader.counts(as_of).counters("did") == one_by_one(reader.entries(as_of), as_of)
                for deal in [head.id for head in reader.heads(as_of)]:
                    points = [view for view in reader.points(as_of, deal) if view.on <= as_of.on]
                    assert activity_counts_in(reader.past(as_of), [deal]) == one_by_one(meetings(points), as_of)


def test_under_another_shape_of_the_schema_the_words_are_those_of_then(diary: Diary) -> None:
    """Calls that were renamed since are calls on that day, and phone calls today."""
    diary.deal("ポンプ", activity="call")
    diary.today += timedelta(days=3)
    with diary.write() as writer:
        activities = (Activity("phone", "電話", was=("call",)), *AGREEMENT.activities[1:])
        writer.adopt("name: later", AGREEMENT._replace(activities=activities), "1" * 64)
    with reading(diary.path) as reader:
        then, now = (
            reader.counts(AsOf(FIRST, known=True)).counters("did"),
            reader.counts(AsOf(diary.today)).counters("did"),
        )
    assert {seen.stage: n for seen, n in then.items()} == {"call": 1}
    assert {seen.stage: n for seen, n in now.items()} == {"phone": 1}


def test_a_meeting_about_two_deals_is_one(diary: Diary) -> None:
    """However many of its deals are asked about; and it counts where only its second deal is."""
    first, entry = diary.deal("ポンプ", activity="call")
    second, _ = diary.deal("弁", activity="inhouse")
    with diary.write() as writer:
        writer.add_entry(FIRST, {"activity": "call"}, deal=second, meeting=entry)
    calls = Metric("did", "call", "", False, month_number(date(2026, 1, 1)))
    with reading(diary.path) as reader:
        as_of = AsOf(FIRST)
        assert reader.counts(as_of).counters("did")[calls] == 1
        assert activity_counts_in(reader.past(as_of), [first, second])[calls] == 1
        assert activity_counts_in(reader.past(as_of), [first])[calls] == 1
        assert activity_counts_in(reader.past(as_of), [second])[calls] == 1


def calls(diary: Diary, as_of: AsOf) -> dict[str, int]:
    """What was done by a day, by activity, over all months."""
    with reading(diary.path) as reader:
        found: Counter[str] = Counter()
        for metric, times in reader.counts(as_of).counters("did").items():
            found[metric.stage] += times
    return dict(found)


def test_a_meeting_that_deals_share_is_counted_once_through_every_change(diary: Diary) -> None:
    """One call about three deals, one of them corrected to be about a fourth, on past pages and after a rebuild; each
    deal has had one contact of it. A second call is another."""
    first, entry = diary.deal("ポンプ", activity="call")
    deals = [first, *(diary.deal(name, activity="inhouse")[0] for name in ("弁", "管", "軸"))]
    with diary.write() as writer:
        for deal in deals[1:3]:
            shared = writer.add_entry(FIRST, {"activity": "call"}, deal=deal, meeting=entry)
    assert calls(diary, AsOf(FIRST)) == {"call": 1, "inhouse": 3}
    with reading(diary.path) as reader:
        assert [reader.head(AsOf(FIRST), deal).contacts for deal in deals] == [1, 1, 1, 0]
        assert {deal: len(met) for deal, met in reader.line_reader(AsOf(FIRST)).contacts(deals).items()} == dict(
            zip(deals, (1, 1, 1, 0), strict=True)
        )
    diary.today += timedelta(days=1)
    diary.add(first, activity="call")
    with diary.write() as writer:
        writer.amend(shared, {"deal": deals[3], "values": {"people": [{"name": "山田"}]}}, why="別案件")
    assert calls(diary, AsOf(diary.today)) == {"call": 2, "inhouse": 3}
    assert calls(diary, AsOf(FIRST, known=True)) == calls(diary, AsOf(FIRST)) == {"call": 1, "inhouse": 3}
    with reading(diary.path) as reader:
        then, now = (
            [reader.head(as_of, deal).contacts for deal in deals]
            for as_of in (AsOf(FIRST, known=True), AsOf(diary.today))
        )
        assert (then, now) == ([1, 1, 1, 0], [2, 1, 0, 1])
        met = reader.line_reader(AsOf(FIRST, known=True)).contacts(deals)
        assert [len(met[deal]) for deal in deals] == [1, 1, 1, 0]
        assert sum(activity_counts_in(reader.past(AsOf(diary.today)), deals).values()) == 5
        assert sum(activity_counts_in(reader.past(AsOf(FIRST, known=True)), deals).values()) == 4
    assert kept(diary.path)["tally"] == rebuilt(diary.path)["tally"]


def test_of_a_shared_meeting_whose_first_entry_is_taken_back_the_others_are_no_call_of_their_own(diary: Diary) -> None:
    """The meeting was told by its first entry; on the page of the day before the taking back it is there."""
    _, entry = diary.deal("ポンプ", activity="call")
    other, _ = diary.deal("弁", activity="inhouse")
    with diary.write() as writer:
        writer.add_entry(FIRST, {"activity": "call"}, deal=other, meeting=entry)
    diary.today += timedelta(days=1)
    with diary.write() as writer:
        writer.retract(entry)
    assert calls(diary, AsOf(diary.today)) == {"inhouse": 1}
    assert calls(diary, AsOf(FIRST, known=True)) == {"call": 1, "inhouse": 1}
    with reading(diary.path) as reader:
        head = reader.head(AsOf(diary.today), other)
    assert head is not None
    assert head.contacts == 1, "the deal was talked about all the same"


def test_two_entries_of_a_deal_in_one_meeting_are_one_contact_on_the_day_of_the_first(diary: Diary) -> None:
    """Today, on a past page, and where the deal was corrected since."""
    deal, entry = diary.deal("ポンプ", activity="call")
    with diary.write() as writer:
        second = writer.add_entry(FIRST, {"activity": "call"}, deal=deal, meeting=entry)
    diary.add(deal, on=FIRST + timedelta(days=1), activity="call")
    diary.today += timedelta(days=2)
    with diary.write() as writer:
        writer.amend(second, {"values": {"facts": "見積"}}, why="")
    for as_of in (AsOf(diary.today), AsOf(FIRST + timedelta(days=1), known=False), AsOf(diary.today, known=True)):
        with reading(diary.path) as reader:
            met = [(one.on, one.entry) for one in reader.line_reader(as_of).contacts([deal])[deal]]
            head = reader.head(as_of, deal)
            assert head is not None
            assert (head.contacts, len(met), met[0]) == (2, 2, (FIRST, entry))
