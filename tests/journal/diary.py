"""A journal for tests of reading: an agreement, and a diary that is written day by day."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from one_entry import EntryDraft, alone

from nippo_cli.journal.bulk.bulk_import import BulkWritten, importing
from nippo_cli.journal.bulk.rows import row_maker
from nippo_cli.journal.care.backup import backup
from nippo_cli.journal.care.restore import restore
from nippo_cli.journal.write.opening import create
from nippo_cli.journal.write.writer import Writer, writing
from nippo_cli.schema.schema import (
    Activity,
    Choice,
    Field,
    Kind,
    Rank,
    Schema,
    Stage,
)

AGREEMENT = Schema(
    name="test",
    language="ja",
    stages=(
        Stage("lead", "引合い"),
        Stage("visit", "訪問"),
        Stage("quote", "見積"),
        Stage("won", "受注", ends="won"),
        Stage("lost", "失注", ends="lost"),
        Stage("follow", "フォロー", after=True),
    ),
    kinds=(Kind("new", "新規"), Kind("parts", "部品")),
    activities=(Activity("call", "電話"), Activity("inhouse", "社内", contact=False)),
    ranks=(Rank("A", "A"), Rank("B", "B")),
    fields=(
        Field("customer", "顧客", "customer", "customer"),
        Field("stage", "フェーズ", "choice", "stage"),
        Field("kind", "案件種別", "choice", "kind"),
        Field("activity", "活動", "choice", "activity"),
        Field("facts", "事実", "text", "facts"),
        Field("people", "面談者", "people", "people"),
        Field("with", "同行者", "people", "companions"),
        Field("amount", "金額", "money", "amount"),
        Field("closes", "受注予定", "date", "closes", coarse=True),
        Field("confidence", "確度", "choice", "confidence"),
        Field("next", "次の一手", "text", "next_step"),
        Field("next_on", "期日", "date", "next_on"),
        Field("valid", "見積有効期限", "date", "deadline"),
        Field("ball", "ボール", "choice", "ball", choices=(Choice("us", "当社", ours=True), Choice("them", "先方"))),
        Field("grant", "補助金の締切", "date", "deadline", coarse=True, ahead=30),
    ),
)
FIRST = date(2026, 1, 5)
# Empty journals by the name of their agreement and their first day: a property test needs hundreds.
_MADE: dict[tuple[str, date], bytes] = {}


class Diary:
    """A journal and the day that its writer lives in."""

    def __init__(self, folder: Path, schema: Schema = AGREEMENT, first: date = FIRST) -> None:
        self.path = folder / "journal.db"
        self.today = first
        self._tick = 0
        folder.mkdir(parents=True)
        if (made := (schema.name, first)) not in _MADE:
            create(self.path, time_zone="Asia/Tokyo", now="2026-01-01T00:00:00.000Z")
            with self.write() as writer:
                writer.adopt("name: test", schema, "0" * 64)
            _MADE[made] = self.path.read_bytes()
        else:
            self.path.write_bytes(_MADE[made])

    @property
    def now(self) -> datetime:
        """Noon of the day and some seconds, later with every command."""
        self._tick += 1
        return datetime.combine(self.today, time(12), UTC) + timedelta(seconds=self._tick)

    @contextmanager
    def write(self, author: str = "佐藤") -> Iterator[Writer]:
        """One command, on the diary's day."""
        with writing(self.path, author=author, now=self.now, today=self.today) as writer:
            yield writer

    def deal(self, name: str, *, on: date | None = None, author: str = "佐藤", **values: object) -> tuple[int, int]:
        """A deal begun and its first entry: their ids."""
        with self.write(author) as writer:
            deal = writer.begin_deal(name, customer=str(values.get("customer") or ""))
            return deal, writer.add_entry(on or self.today, values, deal=deal)

    def add(self, deal: int | None = None, *, on: date | None = None, author: str = "佐藤", **values: object) -> int:
        """An entry."""
        with self.write(author) as writer:
            return writer.add_entry(on or self.today, values, deal=deal)

    def open(self) -> sqlite3.Connection:
        """A connection that may do anything to the file."""
        return sqlite3.connect(self.path, isolation_level=None)


def restored(diary: Diary) -> Diary:
    """The same journal, brought back from its own backup: it writes as a new device."""
    copy = Path(backup(diary.path, diary.path.parent / "backups", 0, now=diary.now).path)
    restore(diary.path, copy, now=diary.now)
    return diary


@contextmanager
def as_device(diary: Diary, nth: int) -> Iterator[Writer]:
    """One command of the first device, or of the second."""
    with closing(diary.open()) as cx:
        slots = [slot for (slot,) in cx.execute("select slot from device order by began_at, slot")]
        cx.execute("update meta set value = ? where key = 'device'", (str(slots[nth]),))
    with diary.write(("佐藤", "鈴木")[nth]) as writer:
        yield writer


def snapshot(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Each file's bytes and time of change."""
    return {p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in folder.iterdir()}


def make_hot(path: Path) -> None:
    """Kill a writer in the middle of its commit, its pages already in the file."""
    script = """
import os, sqlite3, sys
cx = sqlite3.connect(sys.argv[1], isolation_level=None)
cx.execute("pragma cache_size = 1")
cx.execute("begin immediate")
for n in range(3000):
    cx.execute("insert into meta values (?, ?)", (f"k{n}", "x" * 900))
os._exit(9)
"""
    subprocess.run([sys.executable, "-c", script, str(path)], check=False)
    assert path.with_name(path.name + "-journal").stat().st_size > 0


def bulk(
    writer: Writer,
    drafts: Iterable[EntryDraft],
    *,
    batch: int,
    unique_keys: bool = False,
    not_new: dict[str, list[int]] | None = None,
) -> BulkWritten:
    """Write drafts as an import does, each when it is asked for; `not_new` is filled with the places of those not written."""
    assert writer.schema is not None
    rows = row_maker(writer.schema)
    with importing(writer, batch, unique_keys=unique_keys) as one:
        for place, draft in enumerate(drafts):
            own = one.write(rows(alone(draft)))
            if not_new is not None:
                not_new["known"] += [place for _ in own.known]
                not_new["rejected"] += [place for _ in own.rejected]
        return one.end()
