"""What copies beside a journal hold that it lacks."""

import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Final

from nippo_cli.base.errors import JournalError, Message, msg
from nippo_cli.journal.care.beside import conflicted_copies
from nippo_cli.journal.care.copies import typed
from nippo_cli.journal.log import lenient, look_into

RECORDS: Final = "select id, hash, kind from record order by id"
IS_HERE: Final = "select 1 from record where id = ? and hash = ?"


def compare_with_copies(path: Path) -> list[Message]:
    """Of each copy that a synchronising folder left beside a journal, how many records it has that the journal lacks, and
    how many entries are among them. A record is the same where its number and its hash are.

    Raises:
        NoJournal: there is none. JournalError: it can't be read.
    """
    notes = []
    with closing(look_into(path)) as cx:
        for copy in conflicted_copies(path):
            try:
                with closing(look_into(copy, older=True)) as other:
                    other.text_factory = lenient
                    lacked = [
                        kind for number, digest, kind in other.execute(RECORDS)
                        if cx.execute(IS_HERE, (number, digest)).fetchone() is None
                    ]  # fmt: skip
            except (JournalError, sqlite3.Error, OSError):
                notes.append(msg("doctor.copy.unreadable", copy=copy.name))
                continue
            if lacked:
                entries = lacked.count("entry")
                notes.append(msg("doctor.copy.more", n=len(lacked), copy=copy.name, entries=entries, path=typed(copy)))
            else:
                notes.append(msg("doctor.copy.same", copy=copy.name))
    return notes


def compare_with_schema_copies(path: Path) -> list[Message]:
    """Of each copy that a synchronising folder left beside a `schema.yaml`, how many lines it has that the file lacks."""
    lines, notes = _lines(path), list[Message]()
    for copy in conflicted_copies(path):
        try:
            lacked = (_lines(copy) - lines).total() if copy.is_file() else None
        except OSError:
            lacked = None
        if lacked is None:
            notes.append(msg("doctor.schema_copy.unreadable", copy=copy.name))
            continue
        key = "doctor.schema_copy.more" if lacked else "doctor.schema_copy.same"
        notes.append(msg(key, copy=copy.name, n=lacked))
    return notes


def _lines(file: Path) -> Counter[bytes]:
    """The lines of a text, how often each, whatever their ends."""
    return Counter(file.read_bytes().splitlines()) if file.is_file() else Counter()
