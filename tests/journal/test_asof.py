"""What was known on a day can be asked for later, whatever was written since."""

import sqlite3
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from diary import FIRST, Diary
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from nippo_cli.journal.names import find_deal
from nippo_cli.journal.reader import Reader, reading
from nippo_cli.journal.rebuild import rebuild
from nippo_cli.journal.search import search
from nippo_cli.line.facts import AsOf

STAGES = ("lead", "visit", "quote", "won", "lost", "follow")
PHASES = (Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink)
WORDS = ("見積", "値引", "納期")


def answers(reader: Reader, as_of: AsOf) -> dict[str, Any]:
    """Everything that a page of the day could print, in plain values."""
    heads = sorted(reader.heads(as_of), key=lambda h: h.id)
    norms = reader.norms(as_of)
    log = reader.log(as_of)
    return {
        "heads": heads,
        "live": sorted(reader.heads(as_of, live=True), key=lambda h: h.id),
        "stays": sorted(reader.live_stays(as_of)),
        "lines": [reader.line(as_of, h.id) for h in heads],
        "points": [[(v.id, v.version, v.values) for v in reader.points(as_of, h.id)] for h in heads],
        "norms": [norms.of(stage, kind) for stage in STAGES[:3] for kind in ("new", "parts")],
        "counted": [Counter_of(reader, as_of, stage) for stage in STAGES],
        "quiet": norms.quiet(),
        "log": [(v.id, v.version, v.on, v.values, v.deal, v.incomplete, v.corrected) for v in log.entries],
        "totals": log[1:],
        "few": [v.id for v in reader.log(as_of, limit=3).entries],
        "counted_log": reader.log(as_of, limit=1)[1:],
        "customer": [v.id for v in reader.log(as_of, customer="東亜").entries],
        "people": reader.people(as_of, "東亜"),
        "outcomes": reader.outcomes(as_of, quiet_days=5),
        "left_out": reader.left_out(as_of),
        "customers": sorted(reader.customers(as_of)),
        "owners": reader.owners(as_of),
        "found": {word: [v.id for v in search(reader, word, as_of)[0]] for word in WORDS},
        "named": {h.name: find_deal(reader.cx, h.name, script=True, as_of=as_of) for h in heads},
    }


def Counter_of(reader: Reader, as_of: AsOf, stage: str) -> Any:
    """The tally of one stage, and the stays that last in it."""
    from nippo_cli.journal.reader_counts import Counts

    counts = Counts(reader.past(as_of))
    return dict(counts.counted("stay", stage)), dict(counts.censored(stage))


values = st.fixed_dictionaries(
    {},
    optional={
        "stage": st.sampled_from(STAGES),
        "kind": st.sampled_from(("new", "parts")),
        "customer": st.sampled_from(("東亜", "北斗")),
        "amount": st.integers(1, 3),
        "closes": st.sampled_from(("2026-03-01/2026-03-31", "2026-04-10")),
        "next": st.sampled_from(("電話", "訪問")),
        "activity": st.sampled_from(("call", "inhouse")),
        "facts": st.sampled_from(WORDS),
        "people": st.just([{"name": "山田"}]),
    },
)
change = values.flatmap(
    lambda v: st.fixed_dictionaries({"values": st.just(v)}, optional={"incomplete": st.booleans()})
)
back = st.integers(-3, 12)
step = st.one_of(
    st.tuples(st.just("begin"), values, back),
    st.tuples(st.just("add"), st.integers(0, 5), values, back),
    st.tuples(st.just("late_import"), st.integers(0, 5), values, back),
    st.tuples(st.just("amend"), st.integers(0, 9), change),
    st.tuples(st.just("move"), st.integers(0, 9), st.integers(0, 5), back),
    st.tuples(st.just("retract"), st.integers(0, 9)),
    st.tuples(st.just("undo")),
    st.tuples(st.just("hold"), st.integers(0, 5), back, st.integers(0, 8)),
    st.tuples(st.just("assign"), st.integers(0, 5), back),
    st.tuples(st.just("merge"), st.integers(0, 5), st.integers(0, 5)),
    st.tuples(st.just("rename"), st.integers(0, 5)),
    st.tuples(st.just("day"), st.integers(1, 6)),
)


class Story:
    """Applies steps to a diary; whatever can't be done is left out."""

    def __init__(self, diary: Diary) -> None:
        self.diary = diary
        self.deals: list[int] = []
        self.entries: list[int] = []
        self.n = 0

    def tell(self, what: str, *said: Any) -> None:
        """One step."""
        from nippo_cli.errors import NippoError

        try:
            getattr(self, what)(*said)
        except (NippoError, IndexError):
            pass

    def on(self, back: int) -> date:
        return self.diary.today - timedelta(days=back)

    def begin(self, said: dict[str, Any], back: int) -> None:
        self.n += 1
        deal, entry = self.diary.deal(f"案件{self.n}", on=self.on(back), **said)
        self.deals.append(deal)
        self.entries.append(entry)

    def add(self, deal: int, said: dict[str, Any], back: int) -> None:
        with self.diary.write() as writer:
            self.entries.append(
                writer.add_entry(self.on(back), said, deal=self.deals[deal], incomplete="amount" not in said)
            )

    def late_import(self, deal: int, said: dict[str, Any], back: int) -> None:
        on = min(self.on(back), self.diary.today)
        with self.diary.write() as writer:
            self.entries.append(writer.add_entry(on, said, deal=self.deals[deal], known_on=on))

    def amend(self, entry: int, body: dict[str, Any]) -> None:
        with self.diary.write() as writer:
            writer.amend(self.entries[entry], body, why="誤記")

    def move(self, entry: int, deal: int, back: int) -> None:
        with self.diary.write() as writer:
            body = {"deal": self.deals[deal], "on": self.on(back).isoformat()}
            writer.amend(self.entries[entry], body, why="別案件")

    def retract(self, entry: int) -> None:
        with self.diary.write() as writer:
            writer.retract(self.entries[entry])

    def undo(self) -> None:
        with self.diary.write() as writer:
            writer.undo()

    def hold(self, deal: int, back: int, days: int) -> None:
        with self.diary.write() as writer:
            writer.hold(self.deals[deal], self.on(back), self.on(back) + timedelta(days=days), "工事")

    def assign(self, deal: int, back: int) -> None:
        with self.diary.write() as writer:
            writer.assign(self.deals[deal], "鈴木", on=self.on(back))

    def merge(self, deal: int, into: int) -> None:
        with self.diary.write() as writer:
            writer.merge(self.deals[deal], self.deals[into])

    def rename(self, deal: int) -> None:
        self.n += 1
        with self.diary.write() as writer:
            writer.rename(self.deals[deal], f"改名{self.n}")

    def day(self, days: int) -> None:
        self.diary.today += timedelta(days=days)


def told(steps: list[tuple[Any, ...]], folder: str, each_day: Callable[[Diary], None] | None = None) -> Diary:
    """A journal grown by steps; `each_day` is called as each day ends."""
    diary = Diary(Path(folder) / "j")
    story = Story(diary)
    for what, *said in steps:
        if what == "day" and each_day is not None:
            each_day(diary)
        story.tell(what, *said)
    if each_day is not None:
        each_day(diary)
    return diary


@settings(max_examples=40, phases=PHASES)
@given(st.lists(step, min_size=4, max_size=25).filter(lambda s: sum(x[0] == "begin" for x in s) > 1))
def test_a_past_days_pages_are_printed_again_as_they_were(steps: list[tuple[Any, ...]]) -> None:
    """Day by day, what is printed on D equals what `--as-of D` prints at the end: heads, stays, norms, log."""
    steps = [s for s in steps if s[0] != "late_import"]
    printed: dict[date, dict[str, Any]] = {}

    def note(diary: Diary) -> None:
        with reading(diary.path) as reader:
            printed[diary.today] = answers(reader, AsOf(diary.today))

    with tempfile.TemporaryDirectory() as folder:
        diary = told(steps, folder, note)
        with reading(diary.path) as reader:
            for day, then in printed.items():
                now = answers(reader, AsOf(day, known=True))
                for name, said in then.items():
                    assert now[name] == said, (day, name)


@settings(max_examples=40, phases=PHASES)
@given(
    st.lists(step, min_size=4, max_size=22).filter(lambda s: sum(x[0] == "begin" for x in s) > 1), st.integers(0, 12)
)
def test_a_past_day_is_what_a_journal_of_its_records_alone_says(steps: list[tuple[Any, ...]], back: int) -> None:
    """The oracle is the journal cut down to the records known by D, derived anew: imports of past days are in it."""
    with tempfile.TemporaryDirectory() as folder:
        diary = told(steps, folder)
        day = diary.today - timedelta(days=back)
        with reading(diary.path) as reader:
            asked = answers(reader, AsOf(day, known=True))
        cut_down(diary, day)
        with reading(diary.path) as reader:
            alone = answers(reader, AsOf(day))
    for name, said in alone.items():
        assert asked[name] == said, (day, name)


def cut_down(diary: Diary, day: date) -> None:
    """Leave only the records known by a day, and derive everything from them."""
    cx = diary.open()
    cx.execute("drop trigger record_kept")
    cx.execute("begin")
    cx.execute("delete from record where known_on > ? and kind <> 'schema'", (day.isoformat(),))
    rebuild(cx)
    cx.execute("commit")
    cx.close()


def test_a_schema_of_another_shape_folds_the_past_under_its_own(diary: Diary) -> None:
    """A line folds under the agreement in force on the day that is asked about."""
    from dataclasses import replace

    from diary import AGREEMENT

    from nippo_cli.schema.agreement import Stage

    deal, _ = diary.deal("ポンプ", stage="quote", customer="東亜")
    diary.today += timedelta(days=3)
    first, *others = AGREEMENT.stages
    renamed = tuple(replace(s, key="offer", was=("quote",)) if s.key == "quote" else s for s in others)
    with diary.write() as writer:
        writer.adopt("name: later", replace(AGREEMENT, stages=(first, Stage("call", "電話"), *renamed)), "1" * 64)
    with reading(diary.path) as reader:
        today, then = AsOf(diary.today), AsOf(FIRST, known=True)
        now_head, then_head = reader.head(today, deal), reader.head(then, deal)
        assert now_head is not None
        assert then_head is not None
        assert (now_head.stage, then_head.stage) == ("offer", "quote")
        assert reader.agreement(then).ladder["quote"] == 2
        assert reader.agreement(today).ladder["offer"] == 3


def test_what_is_dated_later_is_in_no_line_but_in_the_log(diary: Diary) -> None:
    """An entry dated after the day is shown apart and counted, and moves no deal."""
    deal, _ = diary.deal("ポンプ", stage="lead")
    diary.add(deal, on=FIRST + timedelta(days=9), stage="won")
    with reading(diary.path) as reader:
        head = reader.head(AsOf(FIRST), deal)
        assert head is not None
        assert (head.stage, head.fate) == ("lead", "live")
        log = reader.log(AsOf(FIRST))
        assert (log.total, log.ahead) == (2, 1)
        assert reader.left_out(AsOf(FIRST))["future"] == 1
        assert [v.stage for v in reader.live_stays(AsOf(FIRST))] == ["lead"]
        assert reader.live_stays(AsOf(FIRST + timedelta(days=9))).__next__ is not None
        assert list(reader.live_stays(AsOf(FIRST + timedelta(days=9)))) == []


def test_an_erasure_changes_past_pages_too(diary: Diary) -> None:
    """What was erased is in no version and no page, of whatever day; that there was an entry stays."""
    deal, entry = diary.deal("ポンプ", stage="lead", facts="山田部長の私事", customer="東亜")
    diary.today += timedelta(days=2)
    with diary.write() as writer:
        writer.redact(entry, "本人の求め")
    with reading(diary.path) as reader:
        for as_of in (AsOf(FIRST, known=True), AsOf(diary.today)):
            view = reader.entry(as_of, entry)
            assert view is not None
            assert view.erased
            assert "facts" not in view.values
            assert search(reader, "山田", as_of) == ([], 0)
            head = reader.head(as_of, deal)
            assert head is not None
            assert head.stage == "lead"


@pytest.mark.parametrize("known", [True, False])
def test_a_settled_deal_is_read_and_not_folded(diary: Diary, known: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of it was learned later, so its row is what the log says."""
    import nippo_cli.journal.asof as room

    diary.deal("ポンプ", stage="lead")
    diary.today += timedelta(days=1)
    monkeypatch.setattr(room, "fold", lambda *_: pytest.fail("folded"))
    with reading(diary.path) as reader:
        assert len(list(reader.heads(AsOf(FIRST, known=known)))) == 1


def test_a_reader_takes_any_connection(diary: Diary) -> None:
    """`find_deal` is asked by writers too, inside their transaction."""
    deal, _ = diary.deal("ポンプ")
    cx: sqlite3.Connection = diary.open()
    assert find_deal(cx, "ポンプ", script=True) == deal
    cx.close()
