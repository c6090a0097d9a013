"""Journals of one team, each with a device of its own, and the exchange of records between them."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from derived import rows
from diary import AGREEMENT, FIRST, Diary

from nippo_cli.base.ids import slot_named
from nippo_cli.journal.log.store import connect_ro
from nippo_cli.journal.log.tables import PROJECTIONS
from nippo_cli.journal.union import taking
from nippo_cli.journal.union.arrivals import Arrival, version_vector
from nippo_cli.journal.union.handing_out import handed_out
from nippo_cli.journal.union.taking import Admitted, append_foreign
from nippo_cli.journal.write.opening import create
from nippo_cli.journal.write.writer import writing
from nippo_cli.schema.schema import Schema

NAMES = ("aa", "bb", "cc", "dd", "ee", "ff")
# Empty journals by their member and agreement: a property test needs hundreds.
_MADE: dict[tuple[int, str], bytes] = {}
AUTHORS = ("佐藤", "鈴木", "高橋", "田中", "伊藤", "渡辺")


class Replica(Diary):
    """The journal of one member of a team; the first one founds it.

    Args:
        copied: its device may be the one that another team of this run had.
    """

    def __init__(
        self, folder: Path, nth: int, schema: Schema = AGREEMENT, first: date = FIRST, *, copied: bool = False
    ) -> None:
        self.path = folder / NAMES[nth] / "journal.db"
        self.path.parent.mkdir(parents=True)
        self.today = first
        self.nth = nth
        self._tick = 0
        self.clock = timedelta()
        if copied and (nth, schema.name) in _MADE:
            self.path.write_bytes(_MADE[nth, schema.name])
            return
        create(self.path, time_zone="Asia/Tokyo", now="2026-01-01T00:00:00.000Z", slot=slot_named(NAMES[nth]))
        if nth == 0:
            with self.write() as writer:
                writer.adopt("name: test", schema, "0" * 64, founds=True)
        _MADE[nth, schema.name] = self.path.read_bytes()

    @property
    def now(self) -> datetime:
        """Noon of the day and some seconds, later with every command, as this member's clock has it."""
        return super().now.astimezone(UTC) + self.clock

    @contextmanager
    def write(self, author: str = "") -> Iterator:
        """One command of this member's."""
        with writing(self.path, author=author or AUTHORS[self.nth], now=self.now, today=self.today) as writer:
            yield writer

    def open_ro(self) -> sqlite3.Connection:
        """A connection that reads."""
        return connect_ro(self.path)

    def hand_out(self, to: "Replica", most: int | None = None) -> list[Arrival]:
        """All that the other lacks of every device, or so many records of each."""
        with closing(self.open()) as own, closing(to.open()) as other:
            there = version_vector(other)
            return [
                handed_out(own, held, there[device].number if device in there else 0, most)
                for device, held in version_vector(own).items()
            ]

    def take(self, arrivals: list[Arrival], **options: float) -> Admitted:
        """Take what came."""
        return append_foreign(self.path, arrivals, now=self.now, **options)

    def take_from(self, other: "Replica", most: int | None = None) -> Admitted:
        """Take what another holds."""
        return self.take(other.hand_out(self, most))

    def log(self) -> list[tuple[object, ...]]:
        """Every record, column by column."""
        with closing(self.open_ro()) as cx:
            return cx.execute("select * from record order by id").fetchall()


def stages(*changes: tuple[str, str]) -> Schema:
    """The agreement with stages renamed, each from a key to another."""
    renamed = dict(changes)
    return AGREEMENT._replace(
        stages=tuple(
            stage._replace(key=renamed[stage.key], was=(stage.key,)) if stage.key in renamed else stage
            for stage in AGREEMENT.stages
        )
    )


def team(folder: Path, members: int, schema: Schema = AGREEMENT) -> list[Replica]:
    """So many members, who all have the schema that the first one founded the team with."""
    replicas = [Replica(folder, nth, schema, copied=True) for nth in range(members)]
    for replica in replicas[1:]:
        replica.take_from(replicas[0])
    return replicas


def exchange(*replicas: Replica) -> None:
    """Hand all to all, until nobody lacks anything."""
    for _ in range(2):
        for one in replicas:
            for other in replicas:
                if one is not other:
                    one.take_from(other)


def derived(replica: Replica) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every projection, by primary key."""
    with closing(replica.open_ro()) as cx:
        return {table: sorted(cx.execute(f"select * from {table}").fetchall(), key=repr) for table in PROJECTIONS}


def note_transactions(monkeypatch: pytest.MonkeyPatch, to: Replica, meanwhile: Callable[[int, int], None]) -> list[int]:
    """How many records a journal has by the end of each transaction in which others' come in, from now on.

    Args:
        meanwhile: is called after each, with how many there were and how many records there are.
    """
    held: list[int] = []
    commit = taking._Transactions.end

    def end(self: taking._Transactions) -> None:
        commit(self)
        [(records,)] = rows(to.path, "select count(*) from record")
        held.append(records)
        meanwhile(len(held), records)

    monkeypatch.setattr(taking._Transactions, "end", end)
    return held
