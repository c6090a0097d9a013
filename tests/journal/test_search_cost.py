"""What a search, a suggestion and the index cost: counted, not timed."""

import random
import re
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from diary import Diary, bulk
from one_entry import EntryDraft

from nippo_cli.journal.log import store
from nippo_cli.journal.read import completing, reader as reading_room
from nippo_cli.journal.read.completing import NameOffers
from nippo_cli.journal.read.reader import reading
from nippo_cli.journal.search.query import read_query
from nippo_cli.journal.search.search import search
from nippo_cli.journal.search.streams import SearchScope
from nippo_cli.journal.write import opening
from nippo_cli.line.facts import AsOf
from nippo_cli.services.pages.completing import Offers

BEGIN = date(2025, 1, 1)
NOW = AsOf(date(2026, 1, 1))
LETTERS = "見積納期価格会社東亜の件は確認済再訪問電話先方担当者部長課長御社工場設備稼働率更新計画予算稟議決裁"


def grown(diary: Diary, entries: int) -> None:
    """A journal of so many entries, half of which hold 見積, and deals of which one in three is called 製作所."""
    lot = random.Random(20261129)
    with diary.write() as writer:
        batch = writer.begin_batch()
        drafts = (
            EntryDraft(
                on, on, "鈴木", f"{'製作所' if n % 3 else '工業'} 装置{n // 10}",
                {"facts": "".join(lot.choices(LETTERS, k=40)) + ("見積" if n % 2 else "")}, f"crm:{n}",
            )
            for n in range(entries)
            for on in (BEGIN + timedelta(days=n * 300 // entries),)
        )  # fmt: skip
        bulk(writer, drafts, batch=batch)
        writer.end_batch(batch, {"rows": entries})


class Cost:
    """What was run on a journal's connections: the statements, and the steps of SQLite's machine."""

    def __init__(self) -> None:
        self.statements: list[str] = []
        self.steps = 0

    def step(self) -> None:
        """One more step."""
        self.steps += 1


@contextmanager
def counting(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cost]:
    """Count what is run in the block."""
    cost = Cost()

    def counted(connect):
        def connected(*args, **kwargs):
            cx = connect(*args, **kwargs)
            cx.set_progress_handler(cost.step, 1)
            cx.set_trace_callback(cost.statements.append)
            return cx

        return connected

    with monkeypatch.context() as patch:
        patch.setattr(store, "connect", counted(store.connect))
        patch.setattr(opening, "connect", counted(opening.connect))
        patch.setattr(reading_room, "connect_ro", counted(reading_room.connect_ro))
        yield cost


def scans(diary: Diary, statements: Iterable[str]) -> list[str]:
    """Those of some statements that walk through all entries or all records, as SQLite plans them."""
    cx = diary.open()
    walks = []
    for statement in statements:
        # What FTS5 runs for itself is a comment.
        if statement.lower().lstrip().startswith(("select", "with", "insert", "update", "delete")):
            plan = [row[3] for row in cx.execute(f"explain query plan {statement}")]
            walks += [f"{step}: {statement}" for step in plan if re.match(r"SCAN (entry|record|e|r)\b", step)]
    cx.close()
    return walks


@pytest.fixture(scope="module")
def journals(tmp_path_factory: pytest.TempPathFactory) -> tuple[Diary, Diary]:
    """One of 3,000 entries and one of three times as many."""
    small, large = (Diary(tmp_path_factory.mktemp("cost") / "j") for _ in range(2))
    grown(small, 3_000)
    grown(large, 9_000)
    return small, large


@pytest.mark.parametrize(("text", "shown"), [
    ("見積", 5), ("の", 5), ("未踏峰", 0), ("見積 -部長", 5), ('"稟議決裁の件は確認"', 0),
])  # fmt: skip
def test_the_first_page_costs_the_same_in_a_journal_three_times_as_large(journals, monkeypatch, text, shown):
    """But for the deals' names, which are looked through: some steps of SQLite's machine for each deal, and none for each
    entry or record."""
    costs = []
    for diary in journals:
        with counting(monkeypatch) as cost, reading(diary.path) as reader:
            assert len(search(reader, read_query(text), NOW, 5).entries) == shown
        costs.append(cost)
    small, large = costs
    # What FTS5 runs for itself is a comment: a look into each part of the index for each character.
    assert (
        len([s for s in large.statements if s[:2] != "--"]) <= len([s for s in small.statements if s[:2] != "--"]) + 2
    )
    # 600 deals more; and the index counts, three steps a row, the 3,000 more that hold a word.
    assert large.steps - small.steps <= 40 * 600 + 4 * 6_000
    assert scans(journals[1], large.statements) == []


def test_several_words_a_write_and_tab_scan_neither_entries_nor_records(journals, monkeypatch):
    """Whatever is looked at of them is looked up."""
    diary = journals[0]
    with counting(monkeypatch) as cost:
        with reading(diary.path) as reader:
            for text in ("製作所", "製作所 見積", "見積 納期 -の", "見積 -製作所", "事実:見積"):
                search(reader, read_query(text, {"事実": "facts"}), NOW, 5)
            search(reader, read_query("見積"), NOW, 5, likeliest=True)
            search(reader, read_query("見積"), NOW, 5, within=SearchScope(since=BEGIN, author="鈴木"))
        searched = len(cost.statements)
        diary.add(facts="電話で確認")
        written = len(cost.statements)
        offers = Offers(str(diary.path))
        assert offers.of("deal", "製")
        offers.of("customer", "")
    assert 0 < searched < written
    assert scans(diary, cost.statements) == []


@pytest.mark.parametrize("text", ["見積", "見積 -部長", '"稟議決裁の件は確認"'])
def test_in_one_deal_its_entries_are_read_and_no_other(journals, monkeypatch, text):
    """However many entries of other deals hold it: neither the index nor the deals' names are asked."""
    diary = journals[1]
    with reading(diary.path) as reader:
        everywhere = search(reader, read_query(text), NOW).entries
        (deal,) = reader.cx.execute("select id from deal order by id limit 1 offset 7").fetchone()
    wanted = [view.id for view in everywhere if view.deal is not None and view.deal.id == deal]
    with counting(monkeypatch) as cost, reading(diary.path) as reader:
        hits = search(reader, read_query(text), NOW, 5, within=SearchScope(deals=frozenset({deal})))
    assert [view.id for view in hits.entries] == wanted[:5]
    assert (hits.total, hits.is_exact) == (len(wanted), True)
    assert not [s for s in cost.statements if "search match" in s or "deal_search_text" in s]
    assert cost.steps < 5_000


def test_of_a_word_that_many_hold_only_the_newest_days_are_looked_at(journals, monkeypatch):
    """Of no deal but theirs is the name looked at, and no more are counted than it is said there are."""
    for name, low in (
        ("streams.FEW", 50),
        ("search.FEW", 50),
        ("search.COUNTED_AT_MOST", 50),
        ("search.INDEX_COUNTS_AT_MOST", 200),
    ):
        monkeypatch.setattr(f"nippo_cli.journal.search.{name}", low)
    with counting(monkeypatch) as cost, reading(journals[1].path) as reader:
        hits = search(reader, read_query("見積"), NOW, 5)
    assert (len(hits.entries), hits.total, hits.is_exact) == (5, 200, False)
    assert not [s for s in cost.statements if "deal_search_text" in s]
    assert cost.steps < 20_000
    assert scans(journals[1], cost.statements) == []


def test_a_phrase_with_two_characters_that_nobody_wrote_together_is_asked_for_no_further(diary: Diary, monkeypatch):
    """Whatever each of its characters stands in."""
    for n in range(120):
        diary.add(facts=f"会社の件{n}。形式")
    with counting(monkeypatch) as cost, reading(diary.path) as reader:
        assert search(reader, read_query("。会社式"), NOW, 5).total == 0
    asked = [s for s in cost.statements if "search match" in s and "limit 1 offset 99" not in s]
    assert len(asked) == 1
    assert '"。 会"' in asked[0] or '"社 式"' in asked[0]


def test_of_a_long_phrase_the_index_is_asked_for_the_rarest_part_first(diary: Diary, monkeypatch):
    """What only a few rows say answers at once; what nearly all say is read through."""
    common, rare = "電話で確認した件の件の", "鋳物"
    for n in range(120):
        diary.add(facts=f"{common}{'鋳物' if n % 60 == 0 else '工場'}")
    with counting(monkeypatch) as cost, reading(diary.path) as reader:
        assert len(search(reader, read_query(f'"{common}{rare}"'), NOW, 5).entries) == 2
    parts = [s for s in cost.statements if "limit 100 + 1" in s]
    assert len(parts) == 1
    assert "鋳" in parts[0]


def test_tab_looks_through_a_bounded_number_of_names(journals, monkeypatch, tmp_path):
    """Of three times as many customers and deals it takes no more steps, so long as something begins as typed."""
    monkeypatch.setattr(completing, "_LOOKED_THROUGH", 50)
    steps = []
    for diary in journals:
        copy = tmp_path / str(len(steps))
        shutil.copy(diary.path, copy)
        with sqlite3.connect(copy) as cx:
            cx.execute("update entry set customer = '株式会社' || id")
        names, cost = NameOffers(str(copy)), Cost()
        assert names.schema()
        assert names._cx is not None
        names._cx.set_progress_handler(cost.step, 1)
        assert len(names.customers("株式", 5)) == 5
        assert len(names.customers("", 5)) == 50
        assert len(names.deals("製作", 5)) == 5
        steps.append(cost.steps)
    small, large = steps
    assert large <= small * 1.05


def test_a_customer_behind_a_legal_form_is_offered_beyond_the_names_that_are_looked_through(diary: Diary, monkeypatch):
    """As most are written; so is one that is typed as it is."""
    monkeypatch.setattr(completing, "_LOOKED_THROUGH", 3)
    for name in ("青葉", "赤坂", "茜", "株式会社若葉", "若松㈱"):
        diary.deal(f"{name}の案件", stage="lead", customer=name)
    offers = Offers(str(diary.path))
    for typed, names in (
        ("若葉", ["株式会社若葉"]),
        ("株式会社若", ["株式会社若葉"]),
        ("若松", ["若松㈱"]),
        ("茜", ["茜"]),
    ):
        assert [offer.word for offer in offers.of("customer", typed)] == names


def test_a_write_after_an_import_leaves_the_index_of_the_import_alone(diary: Diary, monkeypatch):
    """A hundred writes, one after another: none writes more than a few of the index's pages, though the import made
    many."""
    cx = diary.open()
    # So little is held in memory that even this import makes several segments.
    cx.execute("insert into search(search, rank) values ('hashsize', 200000)")
    cx.commit()
    cx.close()
    grown(diary, 6_000)
    cx = diary.open()
    (pages,) = cx.execute("select count(*) from search_data").fetchone()
    cx.close()
    assert pages > 150
    for n in range(100):
        with counting(monkeypatch) as cost:
            diary.add(facts=f"電話で{n}回目の確認")
        written = [one for one in cost.statements if "search_data'(id, block)" in one]
        assert 0 < len(written) <= 60, n
