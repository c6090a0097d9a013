"""What colleagues wrote is read by the numbers of records, however long the diary is; and who follows or has read what is told of
any past day."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from diary import FIRST, Diary

from nippo_cli.journal.read.news import bounds_of
from nippo_cli.journal.read.reader import reading
from nippo_cli.line.facts import AsOf

EVER = AsOf(date.max)


@pytest.fixture
def diary(tmp_path: Path) -> Diary:
    """A journal with one deal of 佐藤's."""
    made = Diary(tmp_path / "j")
    made.deal("案件", facts="話した")
    return made


def news_of(diary: Diary, me: str, after: int) -> tuple[list[int], dict[str, int], int]:
    """The entries that are new to a member behind a number, who has read what of theirs, and how many steps SQLite took."""
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    with reading(diary.path) as reader:
        upto = reader.last_records()
        reader.cx.set_progress_handler(count, 1)
        new, bounds = reader.team_news(EVER), list(bounds_of({0: after}, upto, {}))
        entries, _ = new.entries(me, bounds)
        new.answers(me, bounds)
        readers = new.readers(me, bounds)
        reader.cx.set_progress_handler(None, 0)
        return [one.id for one in entries], readers, steps


def test_what_is_new_costs_as_much_in_a_diary_of_years(diary: Diary):
    """Two new entries beside ten, then beside five hundred: as many steps of SQLite. One's own are none."""
    costs = []
    for n in (10, 490):
        with diary.write("西村") as writer:
            for _ in range(n):
                writer.add_entry(diary.today, {"facts": "以前"})
            after = writer.last_number
        new = [diary.add(author="西村", facts="新着"), diary.add(author="大野", facts="新着")]
        diary.add(author="佐藤", facts="自分")
        found, _, steps = news_of(diary, "佐藤", after)
        assert sorted(found) == new
        costs.append(steps)
    assert costs[1] <= costs[0] * 1.2, costs


def test_the_unread_days_are_a_range_of_an_index(diary: Diary):
    """No scan of the entries."""
    from nippo_cli.journal.read.news import UNREAD

    with reading(diary.path) as reader:
        bound = {"me": "部長", "first": "2026-01-01", "last": "2026-01-31"}
        plan = " / ".join(row[3] for row in reader.cx.execute(f"explain query plan {UNREAD}", bound))
    assert "SEARCH e USING INDEX entry_day (on_date>? AND on_date<?)" in plan
    assert "SCAN e" not in plan


def test_what_was_confirmed_under_another_spelling_of_ones_name_is_read(diary: Diary):
    """A blank in the name is no other person."""
    first, second = diary.add(author="西村", facts="一"), diary.add(author="西村", facts="二")
    with diary.write("部長 一郎") as writer:
        writer.acknowledge(first)
    with reading(diary.path) as reader:
        assert reader.team_news(EVER).unread("部長一郎", FIRST, FIRST)["西村", FIRST] == 1
    with diary.write("部長一郎") as writer:
        writer.acknowledge(second)
    with reading(diary.path) as reader:
        assert ("西村", FIRST) not in reader.team_news(EVER).unread("部長一郎", FIRST, FIRST)


def test_a_past_day_knows_who_followed_and_had_read_then(diary: Diary):
    """A deal is followed on the second day, and no more on the fourth; it is merged meanwhile. What was read on the third is taken
    back on the fourth."""
    deal, entry = diary.deal("別件", facts="話した")
    days = [FIRST + timedelta(n) for n in range(5)]
    diary.today = days[1]
    with diary.write("西村") as writer:
        follow = writer.follow(deal=deal)
    diary.today = days[2]
    with diary.write("部長") as writer:
        read = writer.acknowledge(entry)
    with diary.write() as writer:
        writer.merge(deal, 2)
    diary.today = days[3]
    with diary.write() as writer:
        writer.retract(follow)
        writer.retract(read)
    told = []
    with reading(diary.path) as reader:
        for on in days:
            as_of = AsOf(on, known=True)
            follows = [one.deal for one in reader.follows_of(as_of, "西村")]
            told.append((follows, [one.author for one in reader.readers_of(as_of, [entry]).get(entry, ())]))
    assert told == [([], []), ([deal], []), ([2], ["部長"]), ([], []), ([], [])]
