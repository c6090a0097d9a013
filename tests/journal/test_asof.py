"""What was known on a day can be asked for later, whatever was written since."""

import tempfile
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from diary import FIRST, Diary, as_device, restored
from hypothesis import Phase, example, given, settings, strategies as st
from story import STAGES, WORDS, stories, told

from nippo_cli.journal.derive import building
from nippo_cli.journal.derive.rebuild import rebuild
from nippo_cli.journal.facts.gap_facts import GapScope, JournalGapFacts
from nippo_cli.journal.read.names import find_deal
from nippo_cli.journal.read.picked import LessonFilter, Quietness
from nippo_cli.journal.read.reader import JournalReader, reading
from nippo_cli.journal.search.index import rebuild_index
from nippo_cli.journal.search.query import read_query
from nippo_cli.journal.search.search import search
from nippo_cli.lessons.finished import Lived
from nippo_cli.line import history as fold
from nippo_cli.line.facts import AsOf
from nippo_cli.line.metrics import OF_HEAD, OF_STAYS
from nippo_cli.line.span import ClosedDays

if TYPE_CHECKING:
    import sqlite3

TALLIES = sorted({*OF_HEAD, *OF_STAYS, "gap", "run", "rank"})
PHASES = (Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink)


def answers(reader: JournalReader, as_of: AsOf) -> dict[str, Any]:
    """Everything that a page of the day could print, in plain values."""
    heads = sorted(reader.heads(as_of), key=lambda h: h.id)
    norms = reader.norms(as_of)
    log = reader.log(as_of)
    quiet = Quietness(5, ClosedDays(reader.schema(as_of).closures))
    finished = reader.finished(as_of)
    facts = JournalGapFacts(reader, as_of, GapScope(as_of.on))
    return {
        "heads": heads,
        "live": sorted(reader.heads(as_of, live=True), key=lambda h: h.id),
        "stays": sorted(facts.live_stays()),
        "lines": [reader.line(as_of, h.id) for h in heads],
        "points": [[(v.id, v.version, v.values) for v in reader.points(as_of, h.id)] for h in heads],
        "norms": [norms.of(stage, kind) for stage in STAGES[:3] for kind in ("new", "parts")],
        "counted": [tally_of(reader, as_of, stage) for stage in STAGES],
        "quiet": norms.quiet(),
        "tallies": {what: facts.counters(what) for what in TALLIES},
        "many lines": sorted(facts.lines([h.id for h in heads]).items()),
        "contacts": facts.contacts([h.id for h in heads]),
        "reviews": reader.reviews(as_of),
        "latest": (latest := finished.latest(LessonFilter(), quiet, 9)),
        "lived": [known(one) for one in finished.lived(LessonFilter(kind="new"), quiet, 9, 4)],
        "stood": sorted(finished.stood(latest, 3, "visit"), key=lambda one: one.of.deal),
        "reviewed": [reader.reviews_of(as_of, h.id) for h in heads],
        "closed": sorted(reader.heads(as_of, fate="won", closed_since=FIRST), key=lambda h: h.id),
        "log": [(v.id, v.version, v.on, v.values, v.deal, v.incomplete, v.corrected) for v in log.entries],
        "totals": log[1:],
        "few": [v.id for v in reader.log(as_of, limit=3).entries],
        "counted_log": reader.log(as_of, limit=1)[1:],
        "customer": [v.id for v in reader.log(as_of, customer="東亜").entries],
        "people": reader.people(as_of, "東亜"),
        "outcomes": vars(reader.outcomes(as_of, quiet_days=5)),
        "left_out": reader.left_out(as_of),
        "customers": sorted(reader.customers(as_of)),
        "owners": reader.owners(as_of),
        "closes": facts.closes([h.id for h in heads]),
        "won deals": sorted(facts.won_deals(), key=lambda one: one.id),
        "last contacts": facts.last_contacts(as_of.on - timedelta(days=6)),
        "entry texts": facts.entry_texts([v.id for v in log.entries]),
        "entry facts": list(facts.entry_facts([v.id for v in log.entries])),
        "found": {word: [v.id for v in search(reader, read_query(word), as_of)[0]] for word in WORDS},
        "named": {h.name: find_deal(reader.cx, h.name, script=True, as_of=as_of) for h in heads},
    }


def known(one: Lived) -> Lived:
    """A deal at an age; entries that name nobody tell nothing, said or not."""
    return one._replace(people={entry: names for entry, names in one.people.items() if names})


def live_stays(reader: JournalReader, as_of: AsOf) -> list[Any]:
    """The stays of live deals on a day."""
    return list(JournalGapFacts(reader, as_of, GapScope(as_of.on)).live_stays())


def tally_of(reader: JournalReader, as_of: AsOf, stage: str) -> Any:
    """The tally of one stage, and the stays that last in it."""
    from nippo_cli.journal.read.counts import Counts

    counts = Counts(reader.past(as_of))
    return dict(counts.counted("stay", stage)), dict(counts.censored(stage))


@settings(phases=PHASES)
@given(stories())
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


@settings(phases=PHASES)
@given(stories(most=22), st.integers(0, 12))
@example([("begin", {}, 0), ("begin", {"facts": "見積"}, 0), ("day", 1), ("retract", 1)], 1)
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
    """Leave only the records known by a day, and derive everything from them, what is searched by as well."""
    cx = diary.open()
    cx.execute("drop trigger record_kept")
    cx.execute("begin")
    cx.execute("delete from record where known_on > ? and kind <> 'schema'", (day.isoformat(),))
    rebuild(cx)
    rebuild_index(cx)
    cx.execute("commit")
    cx.close()


def test_a_schema_of_another_shape_folds_the_past_under_its_own(diary: Diary) -> None:
    """A line folds under the agreement in force on the day that is asked about."""
    from diary import AGREEMENT

    from nippo_cli.schema.schema import Stage

    deal, _ = diary.deal("ポンプ", stage="quote", customer="東亜")
    diary.today += timedelta(days=3)
    first, *others = AGREEMENT.stages
    renamed = tuple(s._replace(key="offer", was=("quote",)) if s.key == "quote" else s for s in others)
    with diary.write() as writer:
        writer.adopt("name: later", AGREEMENT._replace(stages=(first, Stage("call", "電話"), *renamed)), "1" * 64)
    with reading(diary.path) as reader:
        today, then = AsOf(diary.today), AsOf(FIRST, known=True)
        now_head, then_head = reader.head(today, deal), reader.head(then, deal)
        assert now_head is not None
        assert then_head is not None
        assert (now_head.stage, then_head.stage) == ("offer", "quote")
        assert reader.schema(then).ladder["quote"] == 2
        assert reader.schema(today).ladder["offer"] == 3


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
        assert [v.stage for v in live_stays(reader, AsOf(FIRST))] == ["lead"]
        assert live_stays(reader, AsOf(FIRST + timedelta(days=9))) == []


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
            hits = search(reader, read_query("山田"), as_of)
            assert (hits.entries, hits.total, hits.is_exact) == ([], 0, True)
            head = reader.head(as_of, deal)
            assert head is not None
            assert head.stage == "lead"


@pytest.mark.parametrize("known", [True, False])
def test_a_settled_deal_is_read_and_not_folded(diary: Diary, known: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of it was learned later, so its row is what the log says."""
    diary.deal("ポンプ", stage="lead")
    diary.today += timedelta(days=1)
    for room in (fold, building):
        monkeypatch.setattr(room, "build_history", lambda *_: pytest.fail("folded"))
    with reading(diary.path) as reader:
        assert len(list(reader.heads(AsOf(FIRST, known=known)))) == 1


def test_a_reader_takes_any_connection(diary: Diary) -> None:
    """`find_deal` is asked by writers too, inside their transaction."""
    deal, _ = diary.deal("ポンプ")
    cx: sqlite3.Connection = diary.open()
    assert find_deal(cx, "ポンプ", script=True) == deal
    cx.close()


def test_what_the_first_device_says_of_the_others_deal_counts_from_its_day(diary: Diary):
    """The records of the first have the lower ids, also where they are about a deal that the second has begun."""
    diary.deal("弁", stage="lead")
    restored(diary)
    with as_device(diary, 1) as writer:
        deal = writer.begin_deal("ポンプ")
        writer.add_entry(diary.today, {"stage": "lead"}, deal=deal)
    begun_on = diary.today
    diary.today += timedelta(days=3)
    with as_device(diary, 0) as writer:
        assert writer.assign(deal, "高橋", on=diary.today) < deal
    with reading(diary.path) as reader:
        heads = [reader.head(AsOf(day), deal) for day in (begun_on, diary.today)]
    assert [head.owner for head in heads if head is not None] == ["鈴木", "高橋"]
