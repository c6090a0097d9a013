"""The union of a team's logs: what comes of others is taken whole, in any order and any portions, and every journal that holds the
same records says the same."""

import threading
import time
from contextlib import closing
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from derived import kept, rebuilt, rows
from diary import AGREEMENT, bulk
from one_entry import EntryDraft
from replicas import Replica, derived, exchange, note_transactions, stages, team

from nippo_cli.base.ids import device_name, record_id, slot_named
from nippo_cli.journal.bulk.bulk_import import importing
from nippo_cli.journal.bulk.rows import row_maker
from nippo_cli.journal.care.backup import backup
from nippo_cli.journal.care.restore import restore
from nippo_cli.journal.derive import projection
from nippo_cli.journal.log.store import draw_slot
from nippo_cli.journal.read.reader import reading
from nippo_cli.journal.search.query import read_query
from nippo_cli.journal.search.search import search
from nippo_cli.journal.union import taking
from nippo_cli.line.entry_drafts import EntryDrafts
from nippo_cli.line.facts import AsOf


def alike(*replicas: Replica) -> None:
    """All hold the same log, and derive the same from it, which is what a rebuild makes."""
    first, *others = replicas
    assert kept(first.path) == rebuilt(first.path)
    for other in others:
        assert other.log() == first.log()
        assert kept(other.path) == rebuilt(other.path)
        assert derived(other) == derived(first)


def facts(replica: Replica, deal: int) -> list[str]:
    """What the entries of a deal say."""
    with reading(replica.path) as reader:
        return [view.values.get("facts", "") for view in reader.points(AsOf(replica.today + timedelta(days=400)), deal)]


def test_what_two_wrote_apart_is_one_diary(tmp_path):
    """Each on their own; then both have all of it, under the ids of whoever wrote."""
    one, two = team(tmp_path, 2)
    deal, entry = one.deal("ポンプ", stage="visit", facts="見積")
    other, _ = two.deal("弁", stage="lead", facts="紹介")
    exchange(one, two)
    alike(one, two)
    assert facts(two, deal) == ["見積"]
    assert (deal >> 40, other >> 40) == (slot_named("aa"), slot_named("bb"))
    with two.write() as writer:
        writer.amend(entry, {"values": {"facts": "値引"}}, why="誤記")
    exchange(one, two)
    alike(one, two)
    assert facts(one, deal) == ["値引"]


def test_a_portion_may_come_twice_and_in_part(tmp_path):
    """What is held is passed over; of a command that is cut nothing is taken until the rest is there."""
    one, two = team(tmp_path, 2)
    one.deal("ポンプ", stage="visit", facts="見積")
    whole = one.hand_out(two)
    cut = one.hand_out(two, most=1)
    taken = two.take(cut)
    assert not taken.records
    assert [(wait.number, wait.why) for wait in taken.waits] == [(2, "half")]
    for _ in range(2):
        taken = two.take(whole)
        assert not taken.waits
    assert not taken.records
    alike(one, two)


def test_what_refers_to_a_record_waits_until_that_is_there(tmp_path):
    """Named is the device that waits, at which number, and for what."""
    one, two, three = team(tmp_path, 3)
    deal, entry = one.deal("ポンプ", stage="visit", facts="見積")
    two.take_from(one)
    with two.write() as writer:
        writer.amend(entry, {"values": {"facts": "値引"}}, why="誤記")
    of_two = [a for a in two.hand_out(three) if a.slot == slot_named("bb")]
    taken = three.take(of_two)
    assert [(w.slot, w.number, w.why, w.about) for w in taken.waits] == [(slot_named("bb"), 1, "refers", entry)]
    assert not taken.records
    three.take_from(one)
    three.take(of_two)
    exchange(one, two, three)
    alike(one, two, three)
    assert facts(three, deal) == ["値引"]


@pytest.mark.parametrize("part", ["body", "author", "hash", "known_on"])
def test_what_was_altered_on_the_way_is_not_taken(tmp_path, part):
    """Nor what comes behind it; what came before it is."""
    one, two = team(tmp_path, 2)
    one.deal("甲", stage="visit")
    one.deal("乙", stage="visit")
    (arrival,) = [a for a in one.hand_out(two) if a.slot == slot_named("aa")]
    bad = arrival.records[3]
    other = {"body": '{"values":{"stage":"won"}}', "author": "別人", "hash": b"0" * 32, "known_on": "2020-13-01"}[part]
    records = [bad._replace(**{part: other}) if record is bad else record for record in arrival.records]
    taken = two.take([arrival._replace(records=records)])
    assert [(wait.number, wait.why) for wait in taken.waits] == [(5, "altered")]
    assert taken.records == {slot_named("aa"): 2}
    assert rows(two.path, "select count(*) from entry") == [(1,)]
    two.take_from(one)
    alike(one, two)


def test_a_portion_from_a_day_ahead_waits_and_moves_no_clock(tmp_path):
    """A laptop whose clock is in 2031: its records wait, and what others write is dated by their own."""
    one, two = team(tmp_path, 2)
    two.clock = timedelta(days=5 * 365)
    two.deal("未来", stage="lead")
    taken = one.take_from(two)
    assert [(wait.slot, wait.number, wait.why) for wait in taken.waits] == [(slot_named("bb"), 1, "ahead")]
    one.deal("今日", stage="lead")
    assert max(at for (at,) in rows(one.path, "select recorded_at from record")) < "2026-02"


def test_a_correction_is_dated_after_what_it_corrects(tmp_path):
    """Whoever's clock is hours behind."""
    one, two = team(tmp_path, 2)
    _, entry = one.deal("ポンプ", stage="visit", facts="見積")
    two.clock = -timedelta(hours=9)
    two.take_from(one)
    with two.write() as writer:
        amend = writer.amend(entry, {"values": {"facts": "値引"}}, why="誤記")
    [(before,), (after,)] = rows(
        two.path, "select recorded_at from record where id in (?, ?) order by id", entry, amend
    )
    assert after > before


def test_a_name_or_a_number_that_is_anothers_waits(tmp_path):
    """Two devices of one name; and a device that wrote two records under one number."""
    one, two = team(tmp_path / "team", 2)
    [stranger] = [Replica(tmp_path / "other", 0)]
    taken = two.take_from(stranger)
    assert [wait.why for wait in taken.waits] == ["name_taken"]
    one.deal("ポンプ", stage="visit")
    copy = tmp_path / "copy.db"
    copy.write_bytes(one.path.read_bytes())
    two.take_from(one)
    [(recorded,)] = rows(two.path, "select max(recorded_at) from record")
    (arrival,) = [a for a in one.hand_out(stranger) if a.slot == slot_named("aa")]
    forked = [record._replace(hash=b"1" * 32) for record in arrival.records]
    taken = two.take([arrival._replace(records=forked)])
    assert [wait.why for wait in taken.waits] == ["fork"]
    assert rows(two.path, "select max(recorded_at) from record") == [(recorded,)]


def test_a_kind_of_a_later_nippo_is_kept_and_handed_on(tmp_path):
    """It changes no page."""
    one, two, three = team(tmp_path, 3)
    deal, _ = one.deal("ポンプ", stage="visit", facts="見積")
    with one.write() as writer:
        writer.append("forecast", {"deal": deal, "rain": True}, target=deal)
    two.take_from(one)
    three.take_from(two)
    alike(one, two, three)
    assert rows(three.path, "select body from record where kind = 'forecast'") == [(f'{{"deal":{deal},"rain":true}}',)]


def test_who_writes_waits_for_a_short_transaction_only(tmp_path, monkeypatch):
    """While twenty thousand records come in, whoever writes waits for a thousand of them at most, and finds all that came derived."""
    one, two = team(tmp_path, 2)
    two.take_from(one)
    with one.write() as writer:
        batch = writer.begin_batch()
        make_rows = row_maker(AGREEMENT)
        with importing(writer, batch, unique_keys=False) as importer:
            for at in range(0, 19_997, 500):
                importer.write(make_rows(twenty_rows(one.today, at, min(500, 19_997 - at))))
            importer.end()
        writer.end_batch(batch, {"rows": 19_997, "sha256": "a" * 64})

    def look(transactions: int, records: int) -> None:
        if transactions in (4, 12):
            assert kept(two.path) == rebuilt(two.path)
            # Another process writes between two of them.
            two.deal(f"間の案件{records}", stage="lead")

    held = note_transactions(monkeypatch, two, look)
    # A transaction that seems to take no time is as large as any.
    taken = two.take(one.hand_out(two), seconds=1e9)
    assert not taken.waits
    assert held[-1] > 20_000
    steps = [after - before for before, after in pairwise(held)]
    assert max(steps) <= taking.MOST + 2
    assert len(steps) >= 20
    assert not taken.rebuilt
    exchange(one, two)
    alike(one, two)


def test_each_deal_is_derived_once_a_transaction_however_many_commands_it_has(tmp_path, monkeypatch):
    """Two deals in turn, thirty entries each, every one a command of its own; the corrections of one, too."""
    one, two = team(tmp_path, 2)
    deals = [one.deal(f"案件{n}", stage="lead") for n in range(2)]
    for n in range(30):
        entries = [one.add(deal, facts=f"話{n}") for deal, _ in deals]
        with one.write() as writer:
            writer.amend(entries[0], {"values": {"facts": f"直した話{n}"}}, why="誤記")
    built: list[tuple[int, int]] = []
    transactions: list[None] = []
    commit, build = taking._Transactions.end, projection.rebuild_deals
    monkeypatch.setattr(taking._Transactions, "end", lambda self: (commit(self), transactions.append(None)))
    monkeypatch.setattr(
        projection,
        "rebuild_deals",
        lambda cx, touched, *args: (
            built.extend((len(transactions), deal) for deal in touched) or build(cx, touched, *args)
        ),
    )
    two.take(one.hand_out(two), seconds=1e9)
    assert {deal for _, deal in built} == {deal for deal, _ in deals}
    assert len(built) == len(set(built))
    alike(one, two)


def twenty_rows(day: date, first: int, n: int) -> EntryDrafts:
    """Rows of a file, twenty of each deal."""
    numbers = range(first, first + n)
    return EntryDrafts(
        on=[day] * n, known_on=[day] * n, author=["高橋"] * n, deal_name=[f"案件{number // 20}" for number in numbers],
        source_key=[f"crm:{number}" for number in numbers], deal_key=[None] * n, owner=[None] * n, incomplete=[False] * n,
        snapshot=[False] * n,
        values={"facts": [f"話{number}" for number in numbers], "stage": ["visit"] * n},
        texts={"facts": [f'"facts":"話{number}"' for number in numbers], "stage": ['"stage":"visit"'] * n},
        filled=[(True, True)] * n,
    )  # fmt: skip


def test_what_would_be_derived_anew_is_left_to_where_a_person_waits(tmp_path, monkeypatch):
    """A schema that moves the stages, for a diary that is no longer small: with all that comes behind it, and told."""
    one, two = team(tmp_path, 2)
    one.deal("甲", stage="visit")
    two.take_from(one)
    monkeypatch.setattr(taking, "FEW", 2)
    one.deal("乙", stage="visit")
    with one.write() as writer:
        writer.adopt("name: other", stages(("visit", "call")), "1" * 64)
    one.deal("丙", stage="call")
    before = rows(two.path, "select count(*) from record")
    unwatched = two.take(one.hand_out(two), watched=False)
    assert unwatched.left
    assert rows(two.path, "select count(*) from record") == before
    assert kept(two.path) == rebuilt(two.path)
    watched = two.take(one.hand_out(two))
    assert (watched.left, watched.rebuilt) == (False, True)
    alike(one, two)


# --- the table of conflicts


def test_a_retract_wins_over_an_amend(tmp_path):
    """Whichever was written first, and whichever came first."""
    one, two = team(tmp_path, 2)
    deal, entry = one.deal("ポンプ", stage="visit", facts="見積")
    exchange(one, two)
    one.clock = timedelta(minutes=5)
    with one.write() as writer:
        writer.retract(entry)
    two.clock = timedelta(minutes=9)
    with two.write() as writer:
        writer.amend(entry, {"values": {"facts": "値引"}}, why="誤記")
    exchange(one, two)
    alike(one, two)
    assert facts(one, deal) == []


@pytest.mark.parametrize("first", [0, 1])
def test_of_crossed_merges_the_first_in_the_order_of_the_log_counts(tmp_path, first):
    """The other would close a circle."""
    replicas = one, two = team(tmp_path, 2)
    a, _ = one.deal("甲", stage="lead")
    b, _ = one.deal("乙", stage="lead")
    exchange(one, two)
    replicas[first].clock, replicas[1 - first].clock = timedelta(minutes=1), timedelta(minutes=2)
    for replica, deal, into in ((one, a, b), (two, b, a)):
        with replica.write() as writer:
            writer.merge(deal, into)
    exchange(one, two)
    alike(one, two)
    assert rows(one.path, "select deal, into_deal from gone") == [((a, b), (b, a))[first]]


@pytest.mark.parametrize("erased_first", [True, False])
def test_an_erasure_takes_the_words_of_an_amend_that_did_not_know_of_it(tmp_path, erased_first):
    """The body of either is empty everywhere, in the file as well; whichever came first."""
    one, two, three = team(tmp_path, 3)
    _, entry = one.deal("ポンプ", stage="visit", facts="秘密の見積")
    exchange(one, two, three)
    with one.write() as writer:
        writer.redact(entry, "依頼")
    with two.write() as writer:
        writer.amend(entry, {"values": {"facts": "秘密の値引"}}, why="秘密の誤記")
    for source in (one, two) if erased_first else (two, one):
        three.take_from(source)
    exchange(one, two, three)
    alike(one, two, three)
    for replica in (one, two, three):
        assert rows(replica.path, "select count(*) from record where body like '%秘密%'") == [(0,)]
        assert "秘密".encode() not in replica.path.read_bytes()
        with closing(replica.open_ro()) as cx:
            assert cx.execute("select count(*) from search where search match '\"秘\"'").fetchone() == (0,)


def test_one_name_begun_twice_stands_twice(tmp_path):
    """Names are checked where they are typed, never by the log."""
    one, two = team(tmp_path, 2)
    for replica in (one, two):
        replica.deal("ポンプ", customer="甲社", stage="lead")
    exchange(one, two)
    alike(one, two)
    assert rows(one.path, "select name, customer from deal") == [("ポンプ", "甲社")] * 2


def test_a_row_id_is_its_device_and_number(tmp_path):
    """No file gives a record an id of its own."""
    one, two = team(tmp_path, 2)
    one.deal("ポンプ", stage="lead")
    exchange(one, two)
    assert rows(two.path, "select id from deal") == [(record_id(slot_named("aa"), 2),)]


def imported(replica: Replica, facts: str = "見積", key: str = "crm:1", file: str = "a") -> tuple[int, int]:
    """One row of a file, imported: the batch and the entry."""
    with replica.write() as writer:
        batch = writer.begin_batch()
        draft = EntryDraft(replica.today, replica.today, "高橋", "ポンプ", {"stage": "visit", "facts": facts}, key)
        bulk(writer, [draft], batch=batch)
        writer.end_batch(batch, {"rows": 1, "sha256": file * 64})
    [(entry,)] = rows(replica.path, "select max(id) from record where batch = ? and kind = 'entry'", batch)
    return batch, entry


@pytest.mark.parametrize("first", [0, 1])
def test_one_file_imported_on_two_devices_is_there_once(tmp_path, first):
    """The first in the order of the log speaks, and what corrects either corrects it."""
    replicas = one, two = team(tmp_path, 2)
    replicas[first].clock, replicas[1 - first].clock = timedelta(minutes=1), timedelta(minutes=2)
    (_, a), (_, b) = imported(one), imported(two)
    exchange(one, two)
    alike(one, two)
    speaks, silent = (a, b) if first == 0 else (b, a)
    assert rows(one.path, "select id from entry") == [(speaks,)]
    with two.write() as writer:
        writer.amend(silent, {"values": {"facts": "値引"}}, why="誤記")
    exchange(one, two)
    alike(one, two)
    with reading(one.path) as reader:
        now = AsOf(one.today + timedelta(days=9), known=True)
        assert [(view.id, view.values["facts"]) for view in reader.views(now, [speaks])] == [(speaks, "値引")]
        hits = search(reader, read_query("値引"), now)
        assert [view.id for view in hits.entries] == [speaks]
        assert not search(reader, read_query("見積"), now).entries


@pytest.mark.parametrize("back", [0, 1])
def test_an_import_that_is_taken_back_leaves_the_row_to_the_other(tmp_path, back):
    """And brought back, it speaks again."""
    replicas = one, two = team(tmp_path, 2)
    two.clock = timedelta(minutes=2)
    both = imported(one), imported(two)
    exchange(one, two)
    with replicas[back].write() as writer:
        retract = writer.retract(both[back][0])
    exchange(one, two)
    alike(one, two)
    assert rows(one.path, "select id from entry") == [(both[1 - back][1],)]
    with reading(two.path) as reader:
        hits = search(reader, read_query("見積"), AsOf(one.today + timedelta(days=9)))
        assert [view.id for view in hits.entries] == [both[1 - back][1]]
    with replicas[back].write() as writer:
        writer.retract(retract)
    exchange(one, two)
    alike(one, two)
    assert rows(one.path, "select id from entry") == [(both[0][1],)]


def test_rows_of_two_files_are_two_though_their_keys_are_equal(tmp_path):
    """Every sheet has a row 1: nobody's is hidden by a colleague's, and what corrects one corrects that one."""
    one, two = team(tmp_path, 2)
    _, a = imported(one, "甲の話", file="a")
    _, b = imported(two, "乙の話", file="b")
    exchange(one, two)
    with two.write() as writer:
        writer.amend(b, {"values": {"facts": "値引"}}, why="誤記")
    exchange(one, two)
    alike(one, two)
    with reading(one.path) as reader:
        now = AsOf(one.today + timedelta(days=9), known=True)
        assert [view.values["facts"] for view in reader.views(now, [a, b])] == ["甲の話", "値引"]


@pytest.mark.parametrize("erased_late", [False, True])
def test_an_erased_import_still_says_of_which_file_it_was(tmp_path, erased_late):
    """Its rows are known by that; whichever of its record and its erasure came first."""
    one, two = team(tmp_path, 2)
    two.clock = timedelta(minutes=2)
    (batch, a), _ = imported(one), imported(two)
    if erased_late:
        exchange(one, two)
    with one.write() as writer:
        writer.redact(batch, "依頼")
    exchange(one, two)
    alike(one, two)
    assert rows(two.path, "select id from entry") == [(a,)]


def test_an_erased_row_is_erased_wherever_it_was_imported(tmp_path):
    """The words of each device's record go, and those of what corrects any; each correction's reason once."""
    one, two = team(tmp_path, 2)
    two.clock = timedelta(minutes=2)
    (_, a), (_, b) = imported(one, "秘密の見積"), imported(two, "秘密の見積")
    exchange(one, two)
    with two.write() as writer:
        writer.retract(writer.amend(b, {"values": {"facts": "秘密の値引"}}, why="秘密の訂正"), why="秘密の取消")
    exchange(one, two)
    with one.write() as writer:
        writer.redact(a, "依頼")
    exchange(one, two)
    alike(one, two)
    for replica in (one, two):
        assert rows(replica.path, "select count(*) from record where body like '%秘密%'") == [(0,)]
    assert rows(one.path, "select count(*) from record where kind = 'redact'") == [(3,)]


@pytest.mark.parametrize("turned", [False, True])
def test_of_two_devices_that_take_one_name_at_once_one_is_taken_whole(tmp_path, turned):
    """Under its own id, whichever came first; the other waits."""
    one, other = (Replica(tmp_path / folder, 0) for folder in ("one", "other"))
    newcomer = Replica(tmp_path / "newcomer", 1)
    for replica, facts in ((one, "甲の話"), (other, "乙の話")):
        replica.deal("ポンプ", stage="visit", facts=facts)
    arrivals = [*one.hand_out(newcomer), *other.hand_out(newcomer)]
    taken = newcomer.take(arrivals[::-1] if turned else arrivals)
    assert [wait.why for wait in taken.waits] == ["name_taken"]
    exchange(other if turned else one, newcomer)
    alike(other if turned else one, newcomer)
    with reading(newcomer.path) as reader:
        now = AsOf(newcomer.today + timedelta(days=9))
        assert [view.values["facts"] for view in reader.views(now, [record_id(slot_named("aa"), 3)])] == [
            "乙の話" if turned else "甲の話"
        ]
        assert not reader.damage_notices()


@pytest.mark.parametrize("later", [0, 1])
def test_of_two_schemas_adopted_apart_the_later_is_in_force(tmp_path, later):
    """What was written under the other goes back to where both began, and on from there."""
    replicas = one, two = team(tmp_path, 2)
    replicas[later].clock = timedelta(hours=1)
    for replica, (key, text) in zip(replicas, (("enquiry", "甲"), ("call", "乙")), strict=True):
        with replica.write() as writer:
            writer.adopt(text, stages(("lead", key)), text * 64)
        replica.deal(text, stage=key)
    exchange(one, two)
    alike(one, two)
    in_force = ("enquiry", "call")[later]
    assert rows(one.path, "select name, stage from deal order by name") == [("乙", in_force), ("甲", in_force)]
    with reading(two.path) as reader:
        assert reader.adopted()[0] == ("甲", "乙")[later] * 64


def test_a_newcomers_schema_is_read_and_never_in_force(tmp_path):
    """However late it was adopted."""
    one, two = team(tmp_path / "a", 2)
    newcomer = Replica(tmp_path / "b", 2)
    newcomer.clock = timedelta(hours=9)
    with newcomer.write() as writer:
        writer.adopt("自分の", stages(("lead", "enquiry")), "1" * 64)
    newcomer.deal("弁", stage="enquiry", facts="紹介")
    exchange(one, two, newcomer)
    alike(one, two, newcomer)
    with reading(newcomer.path) as reader:
        assert reader.adopted()[0] == "0" * 64
    assert rows(one.path, "select name, stage from deal") == [("弁", "enquiry")]


def test_no_device_is_called_what_windows_calls_its_own(monkeypatch):
    """Nor what another is called: such a name is drawn again."""
    drawn = iter(slot_named(name) - slot_named("a000") for name in ("com1", "lpt9", "k3x9", "k3xa"))
    monkeypatch.setattr("nippo_cli.journal.union.reissuing.os.urandom", lambda size: next(drawn).to_bytes(size, "big"))
    assert device_name(draw_slot({slot_named("k3x9")})) == "k3xa"


def test_a_record_whose_erasure_is_still_to_come_is_no_damage(tmp_path):
    """A colleague's erasure reached the record before it reached this journal: a copy of it is a good copy."""
    one, two, three = team(tmp_path, 3)
    _, entry = one.deal("ポンプ", stage="visit", facts="極秘の話")
    two.take_from(one)
    with two.write() as writer:
        writer.redact(entry, "依頼")
    one.take_from(two)
    three.take([arrival for arrival in one.hand_out(three) if arrival.slot == slot_named("aa")])
    assert rows(three.path, "select body from record where id = ?", entry) == [(None,)]
    copy = backup(three.path, three.path.parent / "backups", 0, now=three.now).path
    restore(three.path, Path(copy), now=three.now)
    exchange(one, two, three)
    alike(one, two, three)


def test_who_waits_to_write_comes_between_two_portions(tmp_path):
    """A sync that takes in one portion after another gives the lock away for a moment only: who asks for it as rarely as SQLite does
    would wait for the last one."""
    one, _ = team(tmp_path, 2)
    ended: list[int] = []
    began = threading.Event()

    def take() -> None:
        with closing(taking._Transactions(one.path, None)) as journal:
            for n in range(60):
                journal.begin()
                began.set()
                time.sleep(0.05)
                journal.end()
                ended.append(n)

    taker = threading.Thread(target=take)
    taker.start()
    began.wait()
    for n in range(3):
        before = len(ended)
        with one.write() as writer:
            writer.append("forecast", {"rain": n})
        assert len(ended) - before <= 10
    assert len(ended) < 60
    taker.join()
