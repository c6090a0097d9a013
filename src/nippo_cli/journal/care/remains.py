"""What is left of records that a rescue could not bring: their damaged text, and what was derived of them."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

from nippo_cli.base.errors import Message, msg
from nippo_cli.base.ids import show_id
from nippo_cli.journal.care.carving import Carved
from nippo_cli.journal.log import DAMAGE, KINDS, is_day, is_lost, lenient, one_record
from nippo_cli.results.care import LostRecord

# The tables that have a row of a record's own id, by the record's kind.
_DERIVED: Final = {
    "entry": "entry", "deal": "deal", "sale": "sale", "hold": "hold", "review": "review", "match": "match",
    "comment": "comment", "day": "day", "follow": "follow", "target": "target", "declaration": "declaration", "schema": "agreement",
}  # fmt: skip
DEAL_NAME: Final = "select name from deal where id = ?"
_MOST: Final = 1000


class Remains:
    """What a damaged file still tells of records that are not intact."""

    def __init__(self, cx: sqlite3.Connection | None) -> None:
        self._cx = cx
        if cx is not None:
            cx.text_factory = lenient
        self._damaged: dict[int, Carved] = {}
        # Of deals whose begin is lost: their name, and the day on which they began.
        self.deals: dict[int, tuple[str, str]] = {}

    def note(self, carved: Carved) -> None:
        """Keep a row that no hash proves."""
        if len(self._damaged) < _MOST * 10:
            self._damaged.setdefault(carved.id, carved)

    def of(self, lost: Sequence[tuple[int, int]]) -> Sequence[LostRecord]:
        """Those of the lost records of which anything is left, by id; a thousand of them at most."""
        derived = {record: (kind, row) for first, last in lost for kind, record, row in self._rows(first, last)}
        for record, (kind, row) in derived.items():
            if kind == "deal":
                self.deals[record] = (str(row.get("name", "")), str(row.get("began_on", "")))
        left = sorted(record for record in {*derived, *self._damaged} if is_lost(lost, record))[:_MOST]
        return [self._left(record, *derived.get(record, ("", {}))) for record in left]

    def _rows(self, first: int, last: int) -> Iterator[tuple[str, int, Mapping[str, Any]]]:
        """The rows derived from records from one id to another: the kind, the id, the row by column."""
        for kind, table in _DERIVED.items():
            if self._cx is None:
                return
            with suppress(*DAMAGE):
                picked = self._cx.execute(
                    f"select * from {table} where id between ? and ? order by id limit {_MOST}", (first, last)
                )
                columns = [column for column, *_ in picked.description]
                for row in picked:
                    said = dict(zip(columns, row, strict=True))
                    yield kind, said["id"], {key: value for key, value in said.items() if value not in (None, "")}

    def _left(self, record: int, kind: str, row: Mapping[str, Any]) -> LostRecord:
        """What is left of a record: of what is stored the kind, the day and the text, of its derived row the values."""
        stored = self._damaged.get(record)
        columns: Sequence[Any] = stored.columns if stored else self._stored(record)
        said_kind = str(columns[1]) if columns else ""
        kind = kind or (said_kind if said_kind in KINDS else "record")
        days = (row.get("on_date"), row.get("began_on"), *(columns[4:6] if columns else ()))
        day = next((str(one) for one in days if is_day(one)), "")
        parts = [msg(f"damage.kind.{kind}"), self._name(row), day]
        return LostRecord(
            record,
            msg("damage.named", id=show_id(record), parts=[part for part in parts if part]),
            kind,
            str(columns[9] or "") if columns else "",
            {key: value for key, value in row.items() if key != "id"},
        )

    def _stored(self, record: int) -> Sequence[Any]:
        """The record as SQLite still reads it; nothing where it doesn't."""
        with suppress(*DAMAGE):
            rec = one_record(self._cx, record) if self._cx is not None else None
            return rec[:10] if rec is not None else ()
        return ()

    def _name(self, row: Mapping[str, Any]) -> Message | str:
        """The name of the deal that a row is about; empty where it can't be told."""
        if "name" in row:
            return str(row["name"])
        deal = row.get("deal") or row.get("link")
        with suppress(*DAMAGE):
            named = self._cx.execute(DEAL_NAME, (deal,)).fetchone() if self._cx is not None and deal else None
            return str(named[0]) if named else ""
        return ""
