"""Reading leaves a journal as it was, looks at no more than it must, and says what the log says."""

import os
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from diary import FIRST, Diary, make_hot, snapshot

from nippo_cli.base.errors import JournalError
from nippo_cli.journal.facts.gap_facts import GapScope, JournalGapFacts
from nippo_cli.journal.read.names import find_deal
from nippo_cli.journal.read.reader import JournalReader, reading
from nippo_cli.journal.search.query import read_query
from nippo_cli.journal.search.search import search
from nippo_cli.line.facts import AsOf

TODAY = AsOf(FIRST)


def everything(reader: JournalReader, deal: int) -> None:
    """Every question there is."""
    for as_of in (TODAY, AsOf(FIRST, known=True)):
        list(reader.heads(as_of))
        reader.line(as_of, deal)
        reader.log(as_of)
        reader.norms(as_of).of("lead", "new")
        reader.left_out(as_of)
        search(reader, read_query("見積"), as_of)
        find_deal(reader.cx, "ポンプ", script=True, as_of=as_of)


def test_reading_changes_no_byte(diary: Diary) -> None:
    """No file is written, none is made, no time moves."""
    deal, _ = diary.deal("ポンプ", facts="見積")
    before = snapshot(diary.path.parent)
    with reading(diary.path) as reader:
        everything(reader, deal)
    assert snapshot(diary.path.parent) == before


def test_a_read_only_folder_is_enough(diary: Diary) -> None:
    """The file and its folder may both be closed to writing."""
    deal, _ = diary.deal("ポンプ", facts="見積")
    diary.path.chmod(0o400)
    diary.path.parent.chmod(0o500)
    try:
        with reading(diary.path) as reader:
            everything(reader, deal)
    finally:
        diary.path.parent.chmod(0o700)
        diary.path.chmod(0o600)


def test_no_journal_is_made(tmp_path: Path) -> None:
    """Asking where there is none is an error that leaves nothing behind."""
    from nippo_cli.base.errors import NotFound

    with pytest.raises(NotFound), reading(tmp_path / "journal.db"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_hot_journal_is_left_to_a_writer(diary: Diary) -> None:
    """A reader says that a write must be recovered, and changes nothing."""
    diary.deal("ポンプ")
    make_hot(diary.path)
    before = snapshot(diary.path.parent)
    with pytest.raises(JournalError) as caught, reading(diary.path) as reader:
        reader.log(TODAY)
    assert caught.value.message.key == "journal.hot"
    assert caught.value.hint is not None
    assert snapshot(diary.path.parent) == before


@pytest.mark.skipif(os.name == "nt", reason="a file in use can't be removed")
def test_a_reader_sees_one_moment(diary: Diary) -> None:
    """What is written while a page is made is not in it."""
    diary.deal("ポンプ")
    with reading(diary.path) as reader:
        assert reader.log(TODAY).total == 1
        writer = sqlite3.connect(diary.path, isolation_level=None, timeout=0)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            writer.execute("begin exclusive")
        writer.close()


def steps(cx: sqlite3.Connection, ask: Callable[[], Any]) -> int:
    """How many hundred instructions SQLite takes to answer."""
    taken = 0

    def count() -> int:
        nonlocal taken
        taken += 1
        return 0

    cx.set_progress_handler(count, 100)
    ask()
    cx.set_progress_handler(None, 0)
    return taken


def grown(diary: Diary, deals: int, first: int) -> None:
    """So many ended deals of five entries, corrections among them, and one live one."""
    with diary.write() as writer:
        for n in range(first, first + deals):
            deal = writer.begin_deal(f"第{n}案件")
            for stage in ("lead", "visit", "quote", "visit", "lost"):
                entry = writer.add_entry(FIRST, {"stage": stage, "customer": f"顧客{n % 7}"}, deal=deal)
            if n % 10 == 0:
                writer.amend(entry, {"values": {"amount": n}}, why="訂正")
    cx = diary.open()
    cx.close()


def test_hot_questions_stay_flat_as_the_journal_grows(diary: Diary) -> None:
    """One deal, the last entries, live stays, norms: as many steps among 10 ended deals as among 400."""
    deal, _ = diary.deal("ポンプ", stage="lead", customer="東亜", facts="見積")
    questions: dict[str, Callable[[JournalReader], Any]] = {
        "deal show": lambda r: (r.line(TODAY, deal), r.points(TODAY, deal), r.children(TODAY, deal)),
        "head": lambda r: r.head(TODAY, deal),
        "by name": lambda r: find_deal(r.cx, "ポンプ", script=True, as_of=TODAY),
        "log": lambda r: r.log(TODAY, limit=1, count=False),
        "log of a deal": lambda r: r.log(TODAY, deal=deal, limit=10),
        "live stays": lambda r: list(JournalGapFacts(r, TODAY, GapScope(TODAY.on)).live_stays()),
        "live heads": lambda r: list(r.heads(TODAY, live=True)),
        "norms": lambda r: (r.norms(TODAY).of("lead", "new"), r.norms(TODAY).quiet()),
        "left out": lambda r: r.left_out(TODAY),
        "customer": lambda r: list(r.heads(TODAY, customer="東亜")),
        "contacts": lambda r: r.log(TODAY, customer="東亜", limit=10),
    }
    counted: list[dict[str, int]] = []
    for deals, first in ((10, 0), (390, 10)):
        grown(diary, deals, first)
        with reading(diary.path) as reader:
            counted.append(
                {
                    name: steps(reader.cx, lambda ask=ask: ask(JournalReader(reader.cx)))
                    for name, ask in questions.items()
                }
            )
    small, large = counted
    for name in questions:
        assert large[name] <= small[name] + 3, (name, small[name], large[name])


def test_norms_read_nothing_that_the_agreement_states(diary: Diary) -> None:
    """A stated norm and a stated quiet limit need no tally."""
    from diary import AGREEMENT

    stages = tuple(s._replace(norm=14) if not s.ends else s for s in AGREEMENT.stages)
    stated = AGREEMENT._replace(name="stated", quiet=30, stages=stages)
    with diary.write() as writer:
        writer.adopt("name: stated", stated, "2" * 64)
    with reading(diary.path) as reader:
        norms = reader.norms(TODAY)
        reader.schema(TODAY)
        asked: list[str] = []
        reader.cx.set_trace_callback(asked.append)
        norm = norms.of("lead", "new")
        assert norm is not None
        assert (norm.days, norm.source, norms.quiet().days) == (14, "schema", 30)
        assert asked == []


def test_history_tells_every_version(diary: Diary) -> None:
    """The entry, its correction, the correction taken back, the entry taken back and brought back."""
    entry = diary.add(facts="甲", stage="lead")
    with diary.write("鈴木") as writer:
        amend = writer.amend(entry, {"values": {"facts": "乙"}, "on": "2026-01-03"}, why="日付")
    with diary.write() as writer:
        writer.retract(amend)
    with diary.write() as writer:
        gone = writer.retract(entry, why="重複")
    with reading(diary.path) as reader:
        view = reader.entry(TODAY, entry)
        assert view is not None
        assert view.values["facts"] == "甲"
        assert reader.is_retracted(entry)
        assert reader.log(TODAY).total == 0
    with diary.write() as writer:
        writer.retract(gone)
    with reading(diary.path) as reader:
        versions = reader.history(entry)
        assert [v.what for v in versions] == ["entry", "amend", "restore", "retract", "restore"]
        assert versions[1].changed == {"facts": ("甲", "乙"), "on": ("2026-01-05", "2026-01-03")}
        assert versions[2].changed == {"facts": ("乙", "甲"), "on": ("2026-01-03", "2026-01-05")}
        assert (versions[1].author, versions[1].why, versions[3].why) == ("鈴木", "日付", "重複")
        assert not reader.is_retracted(entry)


def test_a_customers_page_holds_all_spellings(diary: Diary) -> None:
    """Deals, contacts (of a deal whose entry does not name the customer too), people once each."""
    deal, first = diary.deal("ポンプ", customer="ABC商事", people=[{"name": "山田", "title": "課長"}])
    second = diary.add(deal, people=[{"name": "山田", "decides": True}, {"name": "林"}])
    third = diary.add(customer="ＡＢＣ商事", people=[{"name": "林"}], **{"with": [{"name": "社長"}]})
    diary.deal("弁", customer="東亜")
    with reading(diary.path) as reader:
        assert [h.id for h in reader.heads(TODAY, customer="abc商事")] == [deal]
        log = reader.log(TODAY, customer="ABC商事")
        assert [v.id for v in log.entries] == [third, second, first]
        people = reader.people(TODAY, "ABC商事")
        assert [(p.name, p.title, p.decides, p.entries) for p in people] == [
            ("山田", "課長", True, 2), ("林", "", None, 2),
        ]  # fmt: skip


def test_outcomes_add_up(diary: Diary) -> None:
    """Four slices, by hand: won 100 after 4 days, lost without an amount, one silent since, one open."""
    won, _ = diary.deal("甲", stage="lead", amount=100)
    diary.deal("乙", stage="lost")
    diary.deal("丙", stage="lead", amount=7)
    diary.today += timedelta(days=4)
    diary.add(won, stage="won")
    diary.deal("丁", stage="lead", amount=30)
    with reading(diary.path) as reader:
        found = reader.outcomes(AsOf(diary.today), quiet_days=3)
        assert dict(found.deals) == {"won": 1, "lost": 1, "fizzled": 1, "open": 1}
        assert found.amounts == {"won": 100, "fizzled": 7, "open": 30, "lost": 0}
        assert (found.lead_days, found.without_amount) == ({"won": {4: 1}, "lost": {0: 1}}, 1)


def test_left_out_counts_what_imports_rejected(diary: Diary) -> None:
    """Of imports that stand; with incomplete entries and those dated later."""
    with diary.write() as writer:
        batch = writer.begin_batch()
        writer.end_batch(batch, {"rejected": 5})
        writer.add_entry(FIRST, {}, incomplete=True)
        writer.add_entry(FIRST + timedelta(days=1), {})
    with reading(diary.path) as reader:
        assert reader.left_out(TODAY) == {"incomplete": 1, "future": 1, "rejected": 5}
    with diary.write() as writer:
        writer.retract(batch)
    with reading(diary.path) as reader:
        assert reader.left_out(TODAY)["rejected"] == 0


def test_outcomes_judge_as_the_line_does(diary: Diary) -> None:
    """Next steps ahead, holds and closures: the count by SQL is that of judging head by head."""
    from collections import Counter

    from diary import AGREEMENT

    from nippo_cli.line.quiet import is_fizzled
    from nippo_cli.line.span import ClosedDays
    from nippo_cli.schema.schema import Closure

    closures = (Closure("休業", "2026-01-12", "2026-01-14"),)
    with diary.write() as writer:
        writer.adopt("name: closed", AGREEMENT._replace(name="closed", closures=closures), "3" * 64)
    steps = ({}, {"next_on": "2026-01-20"}, {"next_on": "2026-01-01/2026-01-31"}, {"next_on": "2026-01-07"})
    for n, said in enumerate(s for s in steps for _ in range(3)):
        deal, _ = diary.deal(f"案件{n}", on=FIRST + timedelta(days=n % 3), amount=n, stage="lead", **said)
        if n % 4 == 0:
            with diary.write() as writer:
                writer.hold(deal, FIRST + timedelta(days=5), FIRST + timedelta(days=6), "工事")
    for days in range(3, 20):
        as_of = AsOf(FIRST + timedelta(days=days))
        for quiet in (2, 5):
            with reading(diary.path) as reader:
                judged = Counter[str]()
                for head in reader.heads(as_of):
                    fizzled = is_fizzled(head, quiet, ClosedDays(closures), as_of.on)
                    judged["fizzled" if fizzled else "open"] += 1
                found = reader.outcomes(as_of, quiet_days=quiet)
            assert {k: n for k, n in found.deals.items() if n} == dict(judged), days
