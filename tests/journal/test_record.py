"""Records: one text for one body, a hash over all of it, and a log that only grows."""

import hashlib
import json
import sqlite3

import pytest
from derived import rows
from diary import Diary, bulk
from hypothesis import given, strategies as st

from nippo_cli.journal.log.record import Header, Sealer, canonical, digest
from nippo_cli.journal.log.records import one_record

VALUES = st.dictionaries(
    st.text(min_size=1, max_size=8),
    st.one_of(
        st.text(max_size=20), st.integers(), st.booleans(), st.lists(st.text(max_size=5), max_size=3),
        st.dictionaries(st.sampled_from(["name", "title"]), st.text(max_size=5)),
    ),
    max_size=6,
)  # fmt: skip


@given(VALUES)
def test_a_body_has_one_text(values):
    """What the standard library's own writer makes of it: keys sorted, no blanks, letters as they are."""
    written = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    assert canonical(values) == written
    assert canonical(dict(reversed(values.items()))) == written


def test_what_no_json_can_hold_is_refused():
    """An infinite number, or a thing of another kind."""
    with pytest.raises(ValueError, match="JSON"):
        canonical({"a": float("inf")})
    with pytest.raises(TypeError):
        canonical({"a": object()})


@given(VALUES)
def test_a_body_reads_back_as_it_was(values):
    """Whatever letters it holds."""
    assert json.loads(canonical(values)) == values


def test_the_hash_covers_header_salt_and_body():
    """SHA-256 of the fields joined by U+001F, then U+001E, salt and body."""
    header = Header(7, "entry", "佐藤", "2026-01-05T03:00:00.000Z", "2026-01-05", "2026-01-04", 1, None, None, "crm:9")
    text = "dev\x1f7\x1fentry\x1f佐藤\x1f2026-01-05T03:00:00.000Z\x1f2026-01-05\x1f2026-01-04\x1f1\x1f\x1f\x1fcrm:9\x1e"
    expected = hashlib.sha256(text.encode() + b"salt" + b'{"a":1}').digest()
    assert digest("dev", header, b"salt", '{"a":1}') == expected


@given(
    st.sampled_from(["dev", "2-dev"]),
    st.text(max_size=6),
    st.one_of(st.none(), st.text(max_size=6)),
    st.integers(1, 10**9),
)
def test_an_imports_hashes_are_the_same(device, author, key, number):
    """A sealer only puts the shared parts together once; under either seal."""
    at = "2026-01-05T03:00:00.000Z"
    (salt,), (seal,) = Sealer(device, at, 3, 9).seal_all(
        [number], "entry", [author], ["2026-01-05"], ["2026-01-04"], [key], [bytearray(b"{}")]
    )
    header = Header(number, "entry", author, at, "2026-01-05", "2026-01-04", 3, None, 9, key)
    assert seal == digest(device, header, bytes(salt), "{}")
    assert len(salt) == 16


def test_every_record_of_a_journal_hashes_to_what_it_says(diary: Diary):
    """Written one by one or by an import, erased ones apart."""
    from datetime import date

    from one_entry import EntryDraft

    with diary.write() as writer:
        deal = writer.begin_deal("案件")
        entry = writer.add_entry(diary.today, {"facts": "訪問"}, deal=deal)
    with diary.write() as writer:
        writer.amend(entry, {"values": {"facts": "電話"}}, why="訂正")
        batch = writer.begin_batch()
        bulk(
            writer,
            [EntryDraft(date(2026, 1, 1), date(2026, 1, 2), "鈴木", "別件", {"facts": "x"}, "crm:1")],
            batch=batch,
        )
        writer.end_batch(batch, {"rows": 1})
    (device,) = rows(diary.path, "select id from device")[0]
    found = rows(
        diary.path,
        "select id, kind, author, recorded_at, known_on, on_date, schema, target, batch, source_key, salt, body, hash"
        " from record",
    )
    for *header, salt, body, stored in found:
        text = "\x1f".join([device, *("" if part is None else str(part) for part in header)])
        assert (
            hashlib.sha256(text.encode() + b"\x1e" + hashlib.sha256(salt + body.encode()).digest()).digest() == stored
        )
    assert [row[0] for row in found] == list(range(1, len(found) + 1)), "numbers are gapless"


@pytest.mark.parametrize(
    "change",
    [
        "delete from record where id = 1",
        "update record set author = 'someone else' where id = 1",
        "update record set body = '{}' where id = 1",
        "update record set recorded_at = '2020-01-01T00:00:00.000Z', body = null, salt = null where id = 1",
    ],
)
def test_the_log_only_grows(diary: Diary, change):
    """SQLite itself refuses to change or delete a record."""
    cx = diary.open()
    with pytest.raises(sqlite3.IntegrityError, match="a record"):
        cx.execute(change)
    cx.close()


def test_an_erased_records_header_still_verifies(diary: Diary):
    """The digest of salt and body stays where the salt was: a changed author is damage, an erased body is none."""
    entry = diary.add(facts="秘密の話")
    with diary.write() as writer:
        writer.redact(entry, "本人の求め")
    cx = diary.open()
    salt, body = cx.execute("select salt, body from record where id = ?", (entry,)).fetchone()
    assert (len(salt), body) == (32, None)
    assert not one_record(cx, entry).damaged
    cx.execute("drop trigger record_unchanged")
    cx.execute("update record set author = '他人' where id = ?", (entry,))
    assert one_record(cx, entry).damaged
    cx.close()


def test_two_steps_by_hand():
    """What another program would compute from docs/journal.md."""
    header = (7, "entry", "佐藤", "2026-10-05T09:00:00.000Z", "2026-10-05", None, 1, None, None, None)
    text = "2-ab\x1f7\x1fentry\x1f佐藤\x1f2026-10-05T09:00:00.000Z\x1f2026-10-05\x1f\x1f1\x1f\x1f\x1f\x1e"
    inner = hashlib.sha256(b"s" * 16 + b'{"values":{}}').digest()
    wanted = hashlib.sha256(text.encode() + inner).digest()
    assert digest("2-ab", header, b"s" * 16, '{"values":{}}') == wanted
    assert digest("2-ab", header, inner, None) == wanted
    assert digest("ab", header, b"s" * 16, '{"values":{}}') != wanted
