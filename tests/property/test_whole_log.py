"""The complete log out and back: whatever is in it comes back as it was, and a file that is not as it was written brings nothing."""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from derived import kept
from diary import Diary, restored
from hypothesis import given, settings, strategies as st
from story import step, told

from nippo_cli.base.errors import NippoError
from nippo_cli.journal.care import log_import, log_reading
from nippo_cli.journal.care.log_file import lines_of_log
from nippo_cli.journal.care.log_import import bring_log
from nippo_cli.journal.care.log_reading import LogFileRefused
from nippo_cli.journal.check import comparing
from nippo_cli.journal.check.doctor import examine
from nippo_cli.journal.derive import building
from nippo_cli.journal.search.index import rebuild_index

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
# What a file knows of its log, by the reader that every program has. A device that never wrote is no part of the log.
LOG = (
    "select * from record order by id",
    "select slot, id, began_at, last_number, ordinal from device where last_number > 0 order by slot",
    "select * from loss order by first",
    "select * from meta where key in ('time_zone', 'journal_id', 'author') order by key",
)


def log_of(path: Path) -> list[list[tuple[Any, ...]]]:
    """All of it."""
    with closing(sqlite3.connect(path)) as cx:
        return [cx.execute(query).fetchall() for query in LOG]


def tokens_of(path: Path) -> list[tuple[Any, ...]]:
    """What the search index holds, by SQLite's own table of it."""
    with closing(sqlite3.connect(path)) as cx:
        cx.execute("create virtual table temp.tokens using fts5vocab(main, search, instance)")
        return sorted(cx.execute('select term, doc, "offset" from temp.tokens'))


@contextmanager
def lived(steps: list[tuple[Any, ...]], *, erase: int, moved: bool) -> Iterator[Diary]:
    """A journal after some steps: one record erased, and, if it was `moved`, brought back as a second device that writes."""
    with tempfile.TemporaryDirectory() as folder:
        diary = told(steps, folder)
        with suppress(NippoError), diary.write() as writer:
            writer.redact(erase, "依頼")
        if moved:
            restored(diary).deal("別の端末", customer="甲社")
        yield diary


@given(st.lists(step, max_size=10), st.integers(2, 9), st.booleans())
def test_a_log_comes_back_as_it_was(steps: list[tuple[Any, ...]], erase: int, moved: bool):
    """Ids, instants, salts, hashes, devices, erased records, every projection; and the file of the copy is the same file."""
    with lived(steps, erase=erase, moved=moved) as diary:
        written = "".join(lines_of_log(diary.path))
        file, copy = diary.path.with_name("log.jsonl"), diary.path.parent / "copy" / "journal.db"
        file.write_text(written, encoding="utf-8", newline="\n")
        brought = bring_log(file, copy, now=NOW)
        assert log_of(copy) == log_of(diary.path)
        assert kept(copy) == kept(diary.path)
        assert "".join(lines_of_log(copy)) == written
        assert examine(copy).sound
        assert brought.device
        # Into itself, and once more: all is there.
        assert bring_log(file, diary.path, now=NOW).more == 0
        assert bring_log(file, copy, now=NOW).more == 0


@given(st.lists(step, max_size=12), st.integers(2, 9), st.booleans())
@settings(max_examples=5)
def test_two_processes_bring_the_same(steps: list[tuple[Any, ...]], erase: int, moved: bool):
    """A large log is read, and what follows from it derived, in two processes: the same rows, and the same hits of a search."""
    with lived(steps, erase=erase, moved=moved) as diary, pytest.MonkeyPatch.context() as patch:
        patch.setattr(log_import, "_MANY", 0)
        patch.setattr(comparing, "_WORTH_RECORDS", 0)
        patch.setattr(building, "_WORTH_DEALS", 0)
        patch.setattr(log_reading, "_AT_ONCE", 2000)
        file, copy = diary.path.with_name("log.jsonl"), diary.path.parent / "copy" / "journal.db"
        file.write_text("".join(lines_of_log(diary.path)), encoding="utf-8", newline="\n")
        bring_log(file, copy, now=NOW)
        assert log_of(copy) == log_of(diary.path)
        assert kept(copy) == kept(diary.path)
        with closing(diary.open()) as cx:
            rebuild_index(cx)
        assert tokens_of(copy) == tokens_of(diary.path)
        assert examine(copy).sound


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The file of a journal of a few records, two devices and an erasure."""
    diary = Diary(tmp_path_factory.mktemp("log") / "j")
    for name in ("切断", "検査", "塗装"):
        diary.deal(name, customer="東亜", facts="見積の話")
    with diary.write() as writer:
        writer.redact(3, "依頼")
    restored(diary).deal("溶接", customer="北斗")
    return "".join(lines_of_log(diary.path)).encode()


def refusal(content: bytes) -> str:
    """What is said against a file; it leaves nothing behind."""
    with tempfile.TemporaryDirectory() as folder:
        file, copy = Path(folder) / "log.jsonl", Path(folder) / "copy" / "journal.db"
        file.write_bytes(content)
        with pytest.raises(LogFileRefused) as caught:
            bring_log(file, copy, now=NOW)
        assert not copy.exists()
        assert list(copy.parent.iterdir()) == [] if copy.parent.exists() else True
        named = [f"{one.where.line}: {one.needs.key}" for one in caught.value.problems]
        return "\n".join(named) or caught.value.message.key


@given(st.data())
def test_a_file_cut_off_anywhere_is_refused_whole(written: bytes, data: st.DataObject):
    """Behind its first line, wherever it ends."""
    first = written.index(b"\n") + 1
    at = data.draw(st.integers(first, len(written) - 1))
    assert "log_file.cut_off" in refusal(written[:at])


@given(st.data())
def test_a_flipped_bit_is_named_by_its_line(written: bytes, data: st.DataObject):
    """One bit of any byte: the line that it stands on is named, or the file's first or last."""
    at, bit = data.draw(st.integers(0, len(written) - 1)), data.draw(st.integers(0, 7))
    flipped = bytearray(written)
    flipped[at] ^= 1 << bit
    line = written.count(b"\n", 0, at) + 1
    said = refusal(bytes(flipped))
    assert f"{line}:" in said or (line == 1 and said == "log_file.newer")


@given(st.data())
def test_a_record_that_is_left_out_or_moved_is_missed(written: bytes, data: st.DataObject):
    """The others are sound, each for itself."""
    lines = written.splitlines(keepends=True)
    at = data.draw(st.integers(1, len(lines) - 2))
    said = refusal(b"".join(lines[:at] + lines[at + 1 :]))
    assert "log_file.missing" in said
    if at < len(lines) - 2:
        swapped = [*lines[:at], lines[at + 1], lines[at], *lines[at + 2 :]]
        assert "log_file.not_here" in refusal(b"".join(swapped))


def test_another_body_under_the_same_hash_is_named(written: bytes):
    """A word replaced in an entry, as somebody might who wants the past otherwise."""
    assert "見積の話".encode() in written
    changed = written.replace("見積の話".encode(), "値引の話".encode(), 1)
    assert "log_file.another" in refusal(changed)


def test_the_hash_covers_what_another_program_reads(written: bytes):
    """With nothing but JSON and SHA-256, as docs/export.md says it: each line's hash, and the chain to its device's head."""
    import hashlib
    import json

    first, *lines, last = written.decode().splitlines()
    header, end = json.loads(first), json.loads(last)
    devices = {one["slot"]: one for one in header["devices"]}
    heads = {slot: hashlib.sha256(one["id"].encode()).digest() for slot, one in devices.items()}
    for line in lines:
        said = json.loads(line)
        slot, number = said["id"] >> 40, said["id"] & (1 << 40) - 1
        fields = [devices[slot]["id"], number, *(said[key] for key in (
            "kind", "author", "recorded_at", "known_on", "on", "schema", "target", "batch", "source_key"))]  # fmt: skip
        outside = "\x1f".join("" if one is None else str(one) for one in fields) + "\x1e"
        body = line.split('","body":', 1)[1][:-1]
        salt = bytes.fromhex(said["salt"])
        inner = salt if said["body"] is None else hashlib.sha256(salt + body.encode()).digest()
        assert hashlib.sha256(outside.encode() + inner).hexdigest() == said["hash"]
        heads[slot] = hashlib.sha256(heads[slot] + bytes.fromhex(said["hash"])).digest()
    assert {
        (one["slot"], one["head"]) for one in header["heads"] if one["number"] == devices[one["slot"]]["last_number"]
    } == {(slot, head.hex()) for slot, head in heads.items()}
    assert end == {
        "end": len(lines),
        "sha256": hashlib.sha256("".join(f"{one}\n" for one in (first, *lines)).encode()).hexdigest(),
    }
    assert any(json.loads(line)["body"] is None for line in lines)


def test_what_a_second_process_finds_wrong_is_named_as_well(written: bytes, monkeypatch: pytest.MonkeyPatch):
    """The same lines, and the same words, as one process says: another word, a line left out, the end cut off, no line at all."""
    lines = written.splitlines(keepends=True)
    wrong = [
        written.replace("見積の話".encode(), "値引の話".encode(), 1),
        b"".join([*lines[:3], *lines[4:]]),
        written[:-90],
        b"".join([*lines[:3], b"\r\n", *lines[3:]]),
    ]
    said = [refusal(content) for content in wrong]
    monkeypatch.setattr(log_import, "_MANY", 0)
    monkeypatch.setattr(log_reading, "_AT_ONCE", 600)
    assert [refusal(content) for content in wrong] == said
