"""Comments wait until somebody answers; what was said of a day can be mended; and any past day shows what stood then."""

import tempfile
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

import pytest
from derived import kept, rebuilt, rows
from diary import AGREEMENT, FIRST, Diary
from hypothesis import given, strategies as st

from nippo_cli.base.errors import NippoError
from nippo_cli.journal.check.doctor import examine
from nippo_cli.journal.read.reader import reading
from nippo_cli.line.facts import AsOf

EVER = AsOf(date.max)
BOSS, REP = "部長", "佐藤"


@pytest.fixture
def diary(tmp_path: Path) -> Diary:
    """A journal with one deal and one entry, by the rep."""
    made = Diary(tmp_path / "j")
    made.deal("案件", facts="話した")
    return made


def entry_of(diary: Diary) -> int:
    """The one entry."""
    return int(rows(diary.path, "select id from entry")[0][0])


def say(diary: Diary, target: int, text: str, by: str, due: date | None = None) -> int:
    """A comment."""
    with diary.write(by) as writer:
        return writer.add_comment(target, text, due=due)


def waiting(diary: Diary, as_of: AsOf = EVER) -> list[int]:
    """The comments that wait, in their order."""
    with reading(diary.path) as reader:
        return [c.id for c in reader.remarks(as_of).waiting()]


def test_a_comment_waits_until_the_writer_answers(diary):
    """The rep's answer settles it and asks nothing itself; what the boss says to that waits anew."""
    first = say(diary, entry_of(diary), "見積はいつ?", BOSS)
    assert waiting(diary) == [first]
    answer = say(diary, first, "金曜です", REP)
    assert waiting(diary) == []
    again = say(diary, answer, "木曜にできないか", BOSS)
    assert waiting(diary) == [again]


def test_an_answer_with_a_day_asks_back(diary):
    """Whoever gives it."""
    first = say(diary, entry_of(diary), "見積はいつ?", BOSS)
    back = say(diary, first, "原価をいただけますか", REP, due=FIRST + timedelta(3))
    assert waiting(diary) == [back]


def test_those_due_first_come_first(diary):
    """Then the oldest."""
    plain = say(diary, entry_of(diary), "A", BOSS)
    late = say(diary, entry_of(diary), "B", BOSS, due=date(2026, 3, 1))
    soon = say(diary, entry_of(diary), "C", BOSS, due=date(2026, 2, 1))
    assert waiting(diary) == [soon, late, plain]


def test_an_answer_taken_back_leaves_the_comment_waiting(diary):
    """And taking that back settles it again."""
    first = say(diary, entry_of(diary), "見積はいつ?", BOSS)
    answer = say(diary, first, "金曜です", REP)
    with diary.write() as writer:
        gone = writer.retract(answer)
    assert waiting(diary) == [first]
    with diary.write() as writer:
        writer.retract(gone)
    assert waiting(diary) == []


def test_what_is_done_waits_no_more_until_that_is_undone(diary):
    """Without an answer."""
    first = say(diary, entry_of(diary), "見た", BOSS)
    with diary.write(BOSS) as writer:
        writer.amend(first, {"done": True}, why="")
    assert waiting(diary) == []
    with diary.write(BOSS) as writer:
        assert len(writer.undo()) == 1
    assert waiting(diary) == [first]


def test_an_erased_comment_leaves_no_word(diary):
    """Neither in the log nor in what is derived; the answers to it stay, and the journal is sound."""
    first = say(diary, entry_of(diary), "田中様の病気の件", BOSS)
    say(diary, first, "承知しました", REP)
    with diary.write() as writer:
        writer.amend(first, {"text": "田中様の件"}, why="")
        writer.redact(first, "本人の求め")
    assert "田中様".encode() not in diary.path.read_bytes()
    assert [text for (text,) in rows(diary.path, "select text from comment")] == ["承知しました"]
    assert examine(diary.path).sound


def test_a_comment_says_nothing_of_the_entry(diary):
    """The deal's stored line stays what any past page shows, and the entry's history has no record of it."""
    before = rows(diary.path, "select last_known_on, last_event_on from deal")
    diary.today += timedelta(10)
    first = say(diary, entry_of(diary), "どうだった", BOSS)
    with diary.write(BOSS) as writer:
        writer.amend(first, {"text": "どうでしたか"}, why="")
    assert rows(diary.path, "select last_known_on, last_event_on from deal") == before
    with reading(diary.path) as reader:
        assert [v.what for v in reader.history(entry_of(diary))] == ["entry"]


def test_erasing_an_entry_leaves_the_comments_on_it(diary):
    """Each is somebody's own word, and is erased by itself."""
    first = say(diary, entry_of(diary), "見積はいつ?", BOSS)
    with diary.write(BOSS) as writer:
        writer.amend(first, {"text": "見積は?"}, why="")
    with diary.write() as writer:
        writer.redact(entry_of(diary), "依頼")
    with reading(diary.path) as reader:
        assert [c.text for c in reader.remarks(EVER).on_entries([entry_of(diary)])] == ["見積は?"]
    assert examine(diary.path).sound


def test_a_day_is_mended_key_by_key(diary):
    """Correcting it keeps one record, and taking it back leaves nothing."""
    with diary.write() as writer:
        day = writer.add_day(FIRST, values={"remarks": "多忙"}, author=None)
    with diary.write() as writer:
        writer.amend(day, {"values": {"remarks": "多忙", "tomorrow": "訪問"}, "off": "午後休"}, why="")
    with reading(diary.path) as reader:
        (note,) = reader.remarks(EVER).days(FIRST, FIRST)
    assert (dict(note.values), note.off) == ({"remarks": "多忙", "tomorrow": "訪問"}, "午後休")
    with diary.write() as writer:
        writer.retract(day)
    with reading(diary.path) as reader:
        assert reader.remarks(EVER).days(FIRST, FIRST) == []


def test_a_days_values_are_read_under_the_schema_that_wrote_them(diary):
    """Words of the first schema; a new one is adopted; that the afternoon was off changes no words, a correction does."""

    def schema() -> object:
        return rows(diary.path, "select schema from day")[0][0]

    with diary.write() as writer:
        day = writer.add_day(FIRST, values={"remarks": "多忙"}, author=None)
    first = schema()
    with diary.write() as writer:
        second = writer.adopt("name: two", AGREEMENT._replace(name="two"), "1" * 64)
    with diary.write() as writer:
        writer.amend(day, {"off": "午後休"}, why="")
    assert schema() == first
    with diary.write() as writer:
        writer.amend(day, {"values": {"remarks": "訪問で多忙"}}, why="")
    assert schema() == second
    assert kept(diary.path) == rebuilt(diary.path)


STEP = st.one_of(
    st.tuples(st.just("comment"), st.integers(0, 4), st.sampled_from([BOSS, REP])),
    st.tuples(st.just("decide"), st.integers(0, 4), st.sampled_from([BOSS, REP])),
    st.tuples(st.just("merge"), st.none(), st.none()),
    st.tuples(st.just("move"), st.sampled_from([1, 2]), st.none()),
    st.tuples(st.just("on_day"), st.integers(0, 3), st.sampled_from([BOSS, REP])),
    st.tuples(st.just("note"), st.integers(0, 3), st.sampled_from(["", "有給"])),
    st.tuples(st.just("done"), st.integers(0, 6), st.none()),
    st.tuples(st.just("mend"), st.integers(0, 6), st.none()),
    st.tuples(st.just("retract"), st.integers(0, 6), st.none()),
    st.tuples(st.just("undo"), st.none(), st.none()),
)


@given(st.lists(STEP, min_size=1, max_size=9))
def test_a_past_day_shows_what_stood_then(steps):
    """A step a day; afterwards each day is asked about again. What is kept is what a rebuild makes."""
    with tempfile.TemporaryDirectory() as folder:
        diary = Diary(Path(folder) / "j")
        deal, entry = diary.deal("案件", facts="話した")
        seen: dict[date, object] = {}
        known = [entry, deal, diary.deal("別件", facts="話した")[0]]
        for step in steps:
            diary.today += timedelta(1)
            with suppress(NippoError, IndexError):
                _take(diary, known, step)
            seen[diary.today] = _all(diary, AsOf(diary.today))
        assert {on: _all(diary, AsOf(on, known=True)) for on in seen} == seen
        assert kept(diary.path) == rebuilt(diary.path)


def _take(diary: Diary, known: list[int], step: tuple[str, object, object]) -> None:
    what, n, by = step
    with diary.write(by if by in (BOSS, REP) else REP) as writer:
        if what == "comment":
            known.append(writer.add_comment(known[n], f"{n}"))
        elif what == "decide":
            known.append(writer.add_comment(known[n], f"{n}", decided_for=REP))
        elif what == "merge":
            known.append(writer.merge(known[1], known[2]))
        elif what == "move":
            writer.amend(known[0], {"deal": known[n]}, why="")
        elif what == "on_day":
            known.append(writer.add_day_comment(FIRST + timedelta(n), "どうだった", of=REP))
        elif what == "note":
            writer.add_day(FIRST + timedelta(n), values={"remarks": f"{n}"}, off=by, author=None)
        elif what == "done":
            writer.amend(known[n], {"done": True}, why="")
        elif what == "mend":
            writer.amend(known[n], {"text": "書き直し"}, why="")
        elif what == "retract":
            writer.retract(known[n])
        else:
            writer.undo()


def _all(diary: Diary, as_of: AsOf) -> object:
    with reading(diary.path) as reader:
        remarks = reader.remarks(as_of)
        entries = [entry for (entry,) in reader.cx.execute("select id from record where kind = 'entry'")]
        days = [(n.id, n.off, dict(n.values)) for n in remarks.days(FIRST, FIRST + timedelta(99))]
        deals = [deal for (deal,) in reader.cx.execute("select id from record where kind = 'deal' and target is null")]
        on_deals = [remarks.on_deal(deal) for deal in deals], remarks.on_deals(FIRST, FIRST + timedelta(99))
        decided = remarks.decisions(), remarks.decisions(FIRST)
        on_days = remarks.on_days(FIRST, FIRST + timedelta(99))
        return remarks.waiting(), remarks.on_entries(entries), on_days, days, on_deals, decided
