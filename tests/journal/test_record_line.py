"""A record as a line of text: it comes back as it was, and what is no record is refused."""

from contextlib import closing

import pytest
from diary import Diary
from hypothesis import given, strategies as st

from nippo_cli.journal.log.record import canonical
from nippo_cli.journal.log.record_line import NoRecord, SealedRecord, read_line, sealed_records, write_line

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
RECORDS = st.builds(
    SealedRecord,
    id=st.integers(1, 1 << 60), kind=TEXT, author=TEXT, recorded_at=TEXT, known_on=TEXT, on_date=st.none() | TEXT,
    schema=st.integers(0, 1 << 60), target=st.none() | st.integers(1, 1 << 60), batch=st.none() | st.integers(1, 1 << 60),
    source_key=st.none() | TEXT, salt=st.none() | st.binary(max_size=32),
    body=st.none() | st.builds(canonical, st.dictionaries(TEXT, TEXT)), hash=st.binary(max_size=32),
)  # fmt: skip


@given(RECORDS)
def test_a_line_says_all_of_a_record(record):
    """One line of UTF-8, whatever its texts hold; read as text or as bytes."""
    line = write_line(record)
    assert "\n" not in line
    assert read_line(line) == record == read_line(line.encode())


def test_the_lines_of_a_log_seal_it_anew(diary: Diary):
    """From the line alone the hash can be made again, also once the body is erased."""
    _, entry = diary.deal("ポンプ", stage="visit", facts="見積")
    with diary.write() as writer:
        writer.redact(entry, "依頼")
    with closing(diary.open()) as cx:
        slot, device = cx.execute("select slot, id from device").fetchone()
        lines = [write_line(record) for record in sealed_records(cx, slot, 0, 99)]
    records = [read_line(line) for line in lines]
    assert [record.number for record in records] == [1, 2, 3, 4]
    assert [record.body is None for record in records] == [False, False, True, False]
    assert [record.sealed_by(device) for record in records] == [record.hash for record in records]


SOUND = SealedRecord(
    1, "entry", "佐藤", "2026-01-05T00:00:00.000Z", "2026-01-05", None, 1, None, None, None, b"\0", '{"deal":2}', b"\0"
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('"id":1,', '"id":"1",'), ('"id":1,', '"id":true,'), ('"id":1,', '"id":1.0,'), ('"id":1,', '"id":-1,'),
        ('"hash":"00"', '"hash":"xy"'), ('"schema":1', '"schema":null'), ('"target":null', '"target":"1"'),
        ('"target":null', '"target":[1]'), ('"salt":"00"', '"salt":"0g"'), ('"salt":"00"', '"salt":"AB"'),
        ('"kind":"entry"', '"kind":3'), ('"kind":"entry"', '"kind":"\\u0065ntry"'), ('"on":null,', ""), (',"on"', ', "on"'),
        (',"body":{"deal":2}', ""), ("}}", "}"), ('"author":"佐藤","recorded_at"', '"recorded_at"'),
    ],
)  # fmt: skip
def test_what_is_no_record_is_refused(one: str, other: str):
    """Parts of another kind are no record, nor is a line that is cut, or one that says the same in other letters: one record has
    one line."""
    line = write_line(SOUND)
    assert read_line(line) == SOUND
    assert one in line
    with pytest.raises(NoRecord):
        read_line(line.replace(one, other, 1) if one != "}}" else line[:-1])
    for text in ("", "[]", "{}", line + " ", '"null"'):
        with pytest.raises(NoRecord):
            read_line(text)
