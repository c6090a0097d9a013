"""A long answer is what a short one would be, read, drawn and written row by row; and nobody waits for its reader."""

import json
import random
import re
import sqlite3
import tracemalloc
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from diary import FIRST, Diary
from hypothesis import given, strategies as st
from wcwidth import wcswidth

from nippo_cli.base import language
from nippo_cli.base.guards import Guard, OutputKind
from nippo_cli.base.outputs import target, write
from nippo_cli.base.places import Places
from nippo_cli.journal.read import log as reading_log, views
from nippo_cli.journal.search import search as searching
from nippo_cli.render.draw import Screen, draw, draw_in_pieces, draw_page, json_text, layout, rows
from nippo_cli.render.draw.page import Column, Page, Span, Table
from nippo_cli.render.draw.rows import LazyRows
from nippo_cli.results.entries import EntryList
from nippo_cli.services.context.scope import Scope
from nippo_cli.services.context.workspace import Workspace
from nippo_cli.services.pages import deals, log, people

WORDS = ("見積を出した", "価格の話", "=1+1", "*強調* | 表", "納期は未定\n要確認", "ポンプ", "\u202e逆", "abc")


@pytest.fixture(autouse=True)
def _long_from_fifty(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is long begins at fifty entries."""
    monkeypatch.setattr(reading_log, "HELD_AT_MOST", 50)
    monkeypatch.setattr(searching, "HELD_AT_MOST", 50)


def diary_of(folder: Path, entries: int, seed: int = 7) -> Diary:
    """A journal of so many entries: with deals and without, complete or not, some dated ahead, corrected, taken back."""
    chosen = random.Random(seed)
    diary = Diary(folder / f"journal-{entries}")
    with diary.write() as writer:
        some = [writer.begin_deal(f"案件{n}", customer=f"東洋計測{n % 3}") for n in range(6)]
        made = [
            writer.add_entry(
                FIRST + timedelta(days=chosen.randrange(40)),
                {"activity": chosen.choice(("call", "inhouse")), "facts": chosen.choice(WORDS)}
                | ({"amount": 1_000 * n, "people": [{"name": "山田", "role": "課長"}]} if n % 5 == 0 else {}),
                deal=chosen.choice((None, *some)),
                incomplete=n % 11 == 0,
            )
            for n in range(entries)
        ]
    with diary.write("鈴木") as writer:
        for n in range(3, entries, 29):
            writer.amend(made[n], {"values": {"facts": "書き直した見積"}}, why="誤記")
        for n in range(5, entries, 31):
            writer.retract(made[n])
    return diary


def workspace_of(diary: Diary) -> Workspace:
    """A workspace thirty days after the diary's first."""
    folder = diary.path.parent
    places = Places(journal_db=diary.path, schema=folder / "schema.yaml", state=folder / "state")
    return Workspace(places, datetime(FIRST.year, 2, 4, 3, tzinfo=UTC))


ASKED = {
    "log": lambda workspace: log.log(workspace, log.LogFilter()),
    "log --limit": lambda workspace: log.log(workspace, log.LogFilter(), limit=120),
    "log -n": lambda workspace: log.log(workspace, log.LogFilter(author="佐藤"), limit=120, count=False),
    "search": lambda workspace: log.search(workspace, "見積"),
    "search, likeliest": lambda workspace: log.search(workspace, "見積", likeliest=True),
    "search, by deal": lambda workspace: log.search(workspace, "案件"),
    "search, by field": lambda workspace: log.search(workspace, "facts:見積"),
    "deals": lambda workspace: deals.listed(workspace, scope=Scope(), every=True),
}
FORMATS = {
    "table": ("table", Screen()),
    "colour": ("table", Screen(color=True)),
    "terminal": ("table", Screen(terminal=True, columns=80)),
    "json": ("json", Screen()),
    "jsonl": ("jsonl", Screen()),
    "csv": ("csv", Screen()),
    "md": ("md", Screen()),
}


@pytest.fixture(autouse=True)
def _one_language() -> Iterator[None]:
    """Whatever language other tests left."""
    before = language.current()
    language.bind("ja")
    yield
    language.bind(before)


@pytest.fixture(scope="module")
def diary(tmp_path_factory: pytest.TempPathFactory) -> Diary:
    """Four hundred entries."""
    return diary_of(tmp_path_factory.mktemp("long"), 400)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Diary:
    """A thousand."""
    return diary_of(tmp_path_factory.mktemp("many"), 1_000)


@pytest.mark.parametrize("fmt", FORMATS)
@pytest.mark.parametrize("asked", ASKED)
def test_a_long_answer_is_byte_for_byte_what_it_is_when_it_is_held(
    diary: Diary, monkeypatch: pytest.MonkeyPatch, asked: str, fmt: str
) -> None:
    """Read row by row and written piece by piece it is what it is read at once and drawn as one text."""
    monkeypatch.setattr(rows, "_PIECE", 2_000)
    kind, screen = FORMATS[fmt]
    pieces = list(draw_in_pieces(ASKED[asked](workspace_of(diary)), fmt=kind, screen=screen))
    for module in (reading_log, searching):
        monkeypatch.setattr(module, "HELD_AT_MOST", 10_000)
    held = ASKED[asked](workspace_of(diary))
    assert asked == "deals" or (isinstance(held.entries, list) and len(held.entries) > 50)
    assert "".join(pieces) == draw(held, fmt=kind, screen=screen)


@pytest.mark.parametrize("asked", [one for one in ASKED if one != "deals"])
def test_a_long_answer_is_read_as_it_is_written(diary: Diary, asked: str) -> None:
    """Beyond what is held at most."""
    assert isinstance(ASKED[asked](workspace_of(diary)).entries, EntryList)


def test_who_writes_does_not_wait_for_a_reader_and_changes_nothing_of_what_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a page is half read another terminal corrects an entry, takes one back and adds one; the page goes on as it was."""
    monkeypatch.setattr(views, "_AT_ONCE", 20)
    diary = diary_of(tmp_path, 100)
    page = log.log(workspace_of(diary), log.LogFilter())
    before = list(page.entries)
    assert len(before) == page.total
    left = iter(page.entries)
    read = [next(left) for _ in range(10)]
    # Whoever holds the journal would make this wait and fail.
    with closing(sqlite3.connect(diary.path, timeout=0, isolation_level=None)) as cx:
        cx.execute("begin exclusive")
        cx.execute("rollback")
    corrected, taken_back = before[50], before[70]
    with diary.write() as writer:
        writer.amend(corrected.id, {"values": {"facts": "あとから書き直した"}}, why="誤記")
        writer.retract(taken_back.id)
        writer.add_entry(FIRST, {"facts": "あとから"})
    assert [*read, *left] == before
    now = {view.id: view for view in log.log(workspace_of(diary), log.LogFilter()).entries}
    assert now[corrected.id].values["facts"] == "あとから書き直した"
    assert taken_back.id not in now


def test_a_page_that_is_left_early_leaves_nothing_open(diary: Diary) -> None:
    """As when `head` has read enough; the fixture of all tests looks for connections that were left open."""
    pieces = draw_in_pieces(log.log(workspace_of(diary), log.LogFilter()), fmt="jsonl", screen=Screen())
    assert next(pieces).startswith('{"id"')
    del pieces


@pytest.mark.parametrize("fmt", ["table", "json", "jsonl", "csv", "md"])
def test_memory_does_not_grow_with_the_rows(
    diary: Diary, many: Diary, monkeypatch: pytest.MonkeyPatch, fmt: str
) -> None:
    """A thousand entries take no 800 bytes each more than four hundred, for their days are longer; one that is held takes
    thousands."""
    monkeypatch.setattr(views, "_AT_ONCE", 20)
    monkeypatch.setattr(rows, "_PIECE", 2_000)

    def peak(of: Diary) -> int:
        result = log.log(workspace_of(of), log.LogFilter())
        for _ in draw_in_pieces(result, fmt=fmt, screen=Screen()):
            pass
        tracemalloc.start()
        try:
            for _ in draw_in_pieces(result, fmt=fmt, screen=Screen()):
                pass
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak(many) - peak(diary) < 800 * 600


def people_diary(folder: Path, people: int) -> Diary:
    """A journal in which so many people were met twice, at fifty customers."""
    diary = Diary(folder / f"people-{people}")
    with diary.write() as writer:
        for n in range(2 * people):
            who = [{"name": f"山本{n % people // 50}", "title": WORDS[n % 3]}]
            values = {"activity": "call", "customer": f"東洋計測{n % 50}", "people": who}
            writer.add_entry(FIRST + timedelta(days=n // 60), values)
    return diary


@pytest.mark.parametrize("fmt", ["table", "json", "csv", "md"])
def test_a_person_takes_no_more_memory_than_a_few_numbers_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fmt: str
) -> None:
    """Eight hundred people more, whose names and titles others have, too: an object of each takes a kilobyte, and its rows another."""
    monkeypatch.setattr(rows, "_PIECE", 2_000)
    monkeypatch.setattr(layout, "_HELD", 50)
    monkeypatch.setattr(layout, "_AT_ONCE", 20)

    def peak(of: Diary) -> int:
        workspace = workspace_of(of)

        def drawn() -> None:
            for _ in draw_in_pieces(people.listed(workspace, None), fmt=fmt, screen=Screen()):
                pass

        drawn()
        tracemalloc.start()
        try:
            drawn()
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    few, many = people_diary(tmp_path, 200), people_diary(tmp_path, 1_000)
    assert peak(many) - peak(few) < 800 * 700


def test_people_are_drawn_alike_whether_their_rows_are_held_or_made_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a terminal and through a pipe."""
    workspace = workspace_of(people_diary(tmp_path, 100))
    for screen in (Screen(), Screen(terminal=True), Screen(color=True)):
        held = draw(people.listed(workspace, None), fmt="table", screen=screen)
        assert held.count("山本") == 100
        with monkeypatch.context() as patch:
            patch.setattr(layout, "_HELD", 50)
            assert draw(people.listed(workspace, None), fmt="table", screen=screen) == held


@given(
    st.dictionaries(
        st.text(max_size=3),
        st.lists(
            st.dictionaries(
                st.text(max_size=4), st.text() | st.lists(st.integers(), max_size=4) | st.none(), max_size=4
            ),
            max_size=6,
        ),
        max_size=4,
    )
)
def test_json_row_by_row_is_what_python_writes_of_the_whole(answer: dict[str, list[object]]) -> None:
    """Lists whose rows are made as they are written, empty ones too; the oracle is Python's own writer."""
    lazy = {key: LazyRows(lambda row: row, value) for key, value in answer.items()}
    text = "".join(json_text.write({"n": 1, **lazy}))
    assert json.loads(text) == {"n": 1, **answer}
    if text.isprintable():
        assert text == json.dumps({"n": 1, **answer}, ensure_ascii=False, indent=2) + "\n"


@pytest.mark.parametrize(
    "screen", [Screen(), Screen(color=True), Screen(terminal=True)], ids=["pipe", "colour", "terminal"]
)
def test_a_long_table_is_aligned_by_its_widest_row(screen: Screen) -> None:
    """Wherever that stands: here last of 1,201."""
    made = [[f"{n}", Span("短い", "warn")] for n in range(1_200)] + [["長い案件の名前", "x"]]
    table = Table([Column("a", "案件"), Column("b", "額", right=True)], LazyRows(list, made))
    drawn = [row for row in draw_page(Page([table]), screen).split("\n") if row and "─" not in row]
    plain = [re.sub(r"\x1b\[[\d;]*m", "", row) for row in drawn]
    assert len(plain) == 1_202
    assert {wcswidth(row) for row in plain} == {14 + 2 + 4}


def test_a_file_that_can_not_be_drawn_to_its_end_is_as_it_was(tmp_path: Path) -> None:
    """Written whole or not at all, though it is written piece by piece."""
    file = tmp_path / "log.csv"
    file.write_bytes(b"before")

    def pieces() -> Iterator[bytes]:
        yield b"half"
        raise RuntimeError

    where = target(str(file), OutputKind((".csv",)), force=True, guard=Guard())
    with pytest.raises(RuntimeError):
        write(where, pieces())
    assert file.read_bytes() == b"before"
    assert [left.name for left in tmp_path.iterdir()] == ["log.csv"]
    write(write(where, (b"one", b"two")), (b"three",), behind=True)
    assert file.read_bytes() == b"onetwothree"
