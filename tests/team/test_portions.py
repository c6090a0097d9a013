"""What an import of a colleague's brings comes deal by deal, in short transactions: each line is derived once, all that is read between
two of them agrees, and what is broken off is brought to its end."""

import shutil
from collections import Counter
from contextlib import closing
from copy import copy
from datetime import timedelta
from hashlib import sha256
from itertools import pairwise

import pytest
from derived import kept, rebuilt, rows
from diary import AGREEMENT
from replicas import Replica, derived, exchange, note_transactions, team
from test_replicas_over_carriers import sync

from nippo_cli.base.ids import slot_named
from nippo_cli.carriers.folder import FolderCarrier
from nippo_cli.journal.bulk.bulk_import import importing
from nippo_cli.journal.bulk.rows import row_maker
from nippo_cli.journal.check.doctor import examine
from nippo_cli.journal.derive import projection
from nippo_cli.journal.log import TEAM, SealedRecord
from nippo_cli.journal.read.reader import reading
from nippo_cli.journal.search.query import read_query
from nippo_cli.journal.search.search import search
from nippo_cli.journal.union import portions, taking
from nippo_cli.journal.union.arrivals import version_vector
from nippo_cli.line.entry_drafts import EntryDrafts
from nippo_cli.line.facts import AsOf

DEALS = 30
KEY = b"k" * 32


class Broken(Exception):
    """The process is gone."""


def imported(replica: Replica, n: int, word: str = "話") -> None:
    """A file of so many rows, of each deal every thirtieth."""
    with replica.write() as writer:
        batch = writer.begin_batch()
        make_rows = row_maker(AGREEMENT)
        with importing(writer, batch, unique_keys=False) as importer:
            for at in range(0, n, 500):
                numbers = range(at, min(n, at + 500))
                importer.write(make_rows(drafts(replica, numbers, word)))
            importer.end()
        writer.end_batch(batch, {"rows": n, "sha256": sha256(word.encode()).hexdigest()})


def drafts(replica: Replica, numbers: range, word: str) -> EntryDrafts:
    """Rows of a file."""
    n = len(numbers)
    return EntryDrafts(
        on=[replica.today] * n, known_on=[replica.today] * n, author=["高橋"] * n,
        deal_name=[f"案件{number % DEALS}" for number in numbers],
        source_key=[f"crm:{number}" for number in numbers], deal_key=[None] * n, owner=[None] * n, incomplete=[False] * n,
        snapshot=[False] * n,
        values={"facts": [f"{word}{number}" for number in numbers], "stage": ["visit"] * n},
        texts={"facts": [f'"facts":"{word}{number}"' for number in numbers], "stage": ['"stage":"visit"'] * n},
        filled=[(True, True)] * n,
    )  # fmt: skip


def hits(replica: Replica, word: str) -> int:
    """How many entries a search finds."""
    with reading(replica.path) as reader:
        return len(search(reader, read_query(word), AsOf(replica.today)).entries)


def take_a_part(monkeypatch: pytest.MonkeyPatch, two: Replica, one: Replica, *, transactions: int) -> None:
    """Take what the other holds; the process ends when so many transactions are done."""
    commit, done = taking._Transactions.end, []

    def end(self) -> None:
        if len(done) == transactions:
            raise Broken
        done.append(commit(self))

    with monkeypatch.context() as patched:
        patched.setattr(taking._Transactions, "end", end)
        with pytest.raises(Broken):
            two.take(one.hand_out(two), seconds=1e9)


def test_a_deal_of_an_import_is_derived_once(tmp_path, monkeypatch):
    """However many transactions its entries would have been in; and what is put in between two of them is all there."""
    one, two = team(tmp_path, 2)
    imported(one, 900)
    monkeypatch.setattr(taking, "MOST", 50)
    built: Counter[int] = Counter()
    build = projection.rebuild_deals
    monkeypatch.setattr(
        projection,
        "rebuild_deals",
        lambda cx, touched, *args: built.update(touched.keys()) or build(cx, touched, *args),
    )

    def look(transactions: int, _records: int) -> None:
        if transactions % 5 == 1:
            assert kept(two.path) == rebuilt(two.path)

    held = note_transactions(monkeypatch, two, look)
    two.take(one.hand_out(two), seconds=1e9)
    assert len(built) == DEALS
    assert set(built.values()) == {1}, built
    # None was larger than it may be, though a deal has thirty-one records.
    assert max(after - before for before, after in pairwise(held)) <= 50
    monkeypatch.undo()
    assert derived(two) == derived(one)
    assert two.log() == one.log()
    assert hits(two, "話") == 900


def test_a_deal_of_more_records_than_a_transaction_takes_comes_in_several(tmp_path, monkeypatch):
    """None of them waits for the whole."""
    one, two = team(tmp_path, 2)
    imported(one, 900)
    monkeypatch.setattr(taking, "MOST", 7)
    two.take(one.hand_out(two), seconds=1e9)
    assert derived(two) == derived(one)
    assert two.log() == one.log()


def test_of_long_texts_fewer_are_put_in_order_at_once(monkeypatch):
    """What they say is in the memory all at once; one that is longer than all may be comes alone."""
    monkeypatch.setattr(portions, "AT_ONCE_LETTERS", 100)
    long = [SealedRecord(*[None] * len(SealedRecord._fields))._replace(body="x" * n) for n in (40, 50, 30, 500, 10)]
    admitted = iter([(record, portions.NO_REPORT) for record in long])
    some = [[len(record.body or "") for record, _ in portions._some(admitted)] for _ in range(4)]
    assert some == [[40, 50, 30], [500], [10], []]


@pytest.mark.parametrize("after", [1, 2, 7, 18])
@pytest.mark.parametrize("bound", [("AT_ONCE", 25), ("AT_ONCE", 25_000), ("AT_ONCE_LETTERS", 1_000)])
def test_what_was_broken_off_agrees_and_is_brought_to_its_end(tmp_path, monkeypatch, after, bound):
    """What is there then is whole in all that is derived and found; numbers that lack are said to; one's own go on."""
    one, two, three = team(tmp_path, 3)
    imported(one, 300)
    monkeypatch.setattr(portions, *bound)
    monkeypatch.setattr(taking, "MOST", 20)
    take_a_part(monkeypatch, two, one, transactions=after)
    assert kept(two.path) == rebuilt(two.path)
    [(entries,)] = rows(two.path, "select count(*) from entry")
    [(there,)] = rows(two.path, "select count(*) from record where id >> 40 = ?", slot_named("aa"))
    with closing(two.open_ro()) as cx:
        [held] = [one.number for one in version_vector(cx).values() if one.slot == slot_named("aa")]
    assert hits(two, "話") == entries
    assert 0 < entries < 300
    health = examine(two.path)
    assert [check for check in health.checks if check.problems] == []
    assert [note.params["n"] for note in health.notes if note.key == "doctor.note.early_alone"] == (
        [there - held] if there > held else []
    )
    # What is handed on is without a gap; what this member writes goes on under their own numbers.
    three.take_from(two)
    [(handed,)] = rows(three.path, "select count(*) from record where id >> 40 = ?", slot_named("aa"))
    assert handed <= held
    two.deal("間の案件", stage="lead")
    two.take(one.hand_out(two), seconds=1e9)
    assert hits(two, "話") == 300
    exchange(one, two, three)
    assert two.log() == one.log() == three.log()
    assert derived(two) == derived(one) == derived(three)
    assert kept(two.path) == rebuilt(two.path)


def test_a_reader_finds_no_more_than_is_there_once_a_part_came(tmp_path, monkeypatch):
    """Whatever refers to what came early waits for what lacks, as does everything behind it."""
    one, two, three = team(tmp_path, 3)
    imported(one, 300)
    three.take_from(one)
    [(last,)] = rows(three.path, "select max(id) from record where kind = 'entry'")
    with three.write() as writer:
        writer.add_comment(last, "なるほど")
    monkeypatch.setattr(taking, "MOST", 20)
    take_a_part(monkeypatch, two, one, transactions=9)
    own = [arrival for arrival in three.hand_out(two) if arrival.slot == slot_named("cc")]
    [wait] = two.take(own).waits
    assert (wait.why, wait.about) == ("refers", last)
    exchange(one, two, three)
    assert derived(two) == derived(one) == derived(three)


def test_a_part_of_the_branch_that_does_not_stand_makes_room(tmp_path, monkeypatch, share):
    """A machine and its clone each imported a file under the same numbers; of one of them a part was taken when the other was published."""
    one, two = team(tmp_path, 2)
    for replica in (one, two):
        with replica.write() as writer:
            writer.set_meta(TEAM, "{}")
    sync(one, FolderCarrier(share, KEY))
    clone = copy(one)
    clone.path = tmp_path / "clone" / "journal.db"
    clone.path.parent.mkdir()
    shutil.copyfile(one.path, clone.path)
    published = {*share.iterdir()}
    imported(one, 300)
    clone.today += timedelta(days=1)
    imported(clone, 300, "複製")
    monkeypatch.setattr(taking, "MOST", 20)
    take_a_part(monkeypatch, two, one, transactions=7)
    assert 0 < hits(two, "話") < 300
    sync(clone, FolderCarrier(share, KEY))
    assert published < {*share.iterdir()}
    sync(two, FolderCarrier(share, KEY))
    two.today = clone.today
    assert (hits(two, "話"), hits(two, "複製")) == (0, 300)
    for replica in (one, clone, two, one, clone, two):
        sync(replica, FolderCarrier(share, KEY))
    assert kept(two.path) == rebuilt(two.path)
    assert derived(two) == derived(one) == derived(clone)
    assert (hits(two, "話"), hits(two, "複製")) == (300, 300)


def test_the_rest_of_an_import_that_was_taken_back_meanwhile_counts_for_nothing(tmp_path, monkeypatch):
    """A colleague took it back once they had all of it; here the rest comes behind that."""
    one, two, three = team(tmp_path, 3)
    imported(one, 300)
    three.take_from(one)
    [(batch,)] = rows(three.path, "select id from record where kind = 'batch'")
    with three.write() as writer:
        writer.retract(batch, why="別のファイル")
    monkeypatch.setattr(taking, "MOST", 20)
    take_a_part(monkeypatch, two, one, transactions=9)
    two.take([arrival for arrival in three.hand_out(two) if arrival.slot == slot_named("cc")])
    assert rows(two.path, "select count(*) from entry") == [(0,)]
    two.take(one.hand_out(two), seconds=1e9)
    assert rows(two.path, "select count(*) from entry") == [(0,)]
    assert kept(two.path) == rebuilt(two.path)
    exchange(one, two, three)
    assert derived(one) == derived(two) == derived(three)


def test_a_deal_whose_entries_come_later_is_there_by_its_own_record(tmp_path, monkeypatch):
    """One record a transaction: after each, what is kept is what a rebuild makes."""
    one, two = team(tmp_path, 2)
    one.deal("案件", facts="初めて")
    for bound in ("FIRST", "MOST"):
        monkeypatch.setattr(taking, bound, 1)

    def look(_nth: int, _records: int) -> None:
        assert kept(two.path) == rebuilt(two.path)

    held = note_transactions(monkeypatch, two, look)
    two.take(one.hand_out(two), seconds=1e9)
    assert held[:2] == [2, 3]
    assert rows(two.path, "select name from deal") == [("案件",)]


def test_a_deal_that_begins_and_has_another_merged_into_it_answers_to_both_names(tmp_path):
    """Both come at once; of the other its begin was there."""
    one, two = team(tmp_path, 2)
    old, _ = one.deal("古い案件")
    two.take_from(one)
    one.today = two.today = one.today + timedelta(days=3)
    new, _ = one.deal("新しい案件")
    with one.write() as writer:
        writer.merge(old, new)
    two.take_from(one)
    assert kept(two.path) == rebuilt(two.path)
    assert derived(two) == derived(one)
