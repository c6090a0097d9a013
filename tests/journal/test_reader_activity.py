"""What was done, by activity and month: the tally of a day, past or present, against every entry counted one by one."""

import tempfile
from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from diary import AGREEMENT, FIRST, Diary
from hypothesis import example, given, settings, strategies as st
from story import step, told

from nippo_cli.base.dates.calendar import month_number
from nippo_cli.journal.read.activity import activity_counts_in
from nippo_cli.journal.read.reader import reading
from nippo_cli.line.facts import AsOf
from nippo_cli.line.metrics import Metric
from nippo_cli.results.entries import EntryView
from nippo_cli.schema.schema import Activity

STORIES = st.lists(step, min_size=4, max_size=25).filter(lambda s: sum(x[0] == "begin" for x in s) > 1)
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


@settings(max_examples=60)
@example(LATE, 1, True)
@example(MENDED, 1, True)
@example(GONE, 1, True)
@given(STORIES, st.integers(0, 20), st.booleans())
def test_the_tally_of_a_day_is_its_entries_counted(steps: list[tuple[Any, ...]], back: int, known: bool) -> None:
    """After corrections, late entries, imports of past days, merges and taking back; of all, and of each deal."""
    with tempfile.TemporaryDirectory() as folder:
        diary = told(steps, folder)
        as_of = AsOf(diary.today - timedelta(days=back), known=known)
        with reading(diary.path) as reader:
            assert reader.counts(as_of).counters("did") == one_by_one(reader.entries(as_of), as_of)
            for deal in [head.id for head in reader.heads(as_of)]:
                assert activity_counts_in(reader.past(as_of), [deal]) == one_by_one(reader.points(as_of, deal), as_of)


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
