"""Damaged records named: which it is, whose deal, which day, as far as what was derived from it still tells."""

import sqlite3
from collections.abc import Sequence
from typing import Any, Final

from nippo_cli.base.errors import Message, msg
from nippo_cli.base.ids import show_id
from nippo_cli.journal.log.records import Rec, is_day, met, one_record, rows
from nippo_cli.journal.log.versions import KINDS

# Of a record's id, by kind: the deal and the day of the row derived from it.
DERIVED_FROM: Final = {
    "entry": "select deal, on_date from entry where id = ?",
    "deal": "select id, began_on from deal where id = ?1 union all select deal, null from gone where deal = ?1",
    "sale": "select link, on_date from sale where id = ?",
    "hold": "select deal, first from hold where id = ?",
    "review": "select deal, on_date from review where id = ?",
    "match": "select deal, known_on from match where id = ?",
    "comment": "select coalesce(c.deal, e.deal), c.known_on from comment c left join entry e on e.id = c.entry where c.id = ?1"
    " union all select null, known_on from acknowledgement where id = ?1",
    "day": "select null, on_date from day where id = ?",
    "follow": "select deal, known_on from follow where id = ?",
    "target": "select null, known_on from target where id = ?",
    "declaration": "select null, known_on from declaration where id = ?",
    "schema": "select null, known_on from agreement where id = ?",
}
NAME_OF: Final = """
select coalesce((select name from deal where id = ?),
  (select d.name from gone g join deal d on d.id = g.into_deal where g.deal = ?), '')
"""


_NAMED = 3


def notices(cx: sqlite3.Connection) -> list[Message]:
    """A line for each damaged record that was met since this was last asked; of many the first few, and how many more."""
    damaged = met()
    lines = [msg("damage.notice", record=named(cx, rec)) for rec in damaged[:_NAMED]]
    return [*lines, msg("damage.notice.more", n=len(damaged) - _NAMED)] if len(damaged) > _NAMED else lines


def named(cx: sqlite3.Connection, rec: Rec) -> Message:
    """`#123 (entry, Pump, 2026-03-02)`: what is not known is left out."""
    kind, row = derived_of(cx, rec)
    deal, on = _place(cx, kind, row, rec)
    parts = [msg(f"damage.kind.{kind}" if kind in KINDS else "damage.kind.record"), deal, on]
    return msg("damage.named", id=show_id(rec.id), parts=[part for part in parts if part])


def kind_of(cx: sqlite3.Connection, rec: Rec) -> str:
    """What a record is: of a damaged one, what was derived from it goes before what it says."""
    return derived_of(cx, rec)[0] if rec.damaged else rec.kind


def as_derived(cx: sqlite3.Connection, rec: Rec) -> Rec:
    """A damaged record with the kind, and what it is about, that the row derived from it tells."""
    kind, (deal, _) = derived_of(cx, rec)
    about = {"hold": deal, "deal": None if deal == rec.id else rec.target}.get(kind, rec.target)
    return rec._replace(kind=kind, target=about)


def derived_of(cx: sqlite3.Connection, rec: Rec) -> tuple[str, Sequence[Any]]:
    """A record's kind; and the deal, and the day, of the row derived from it. Nothing is derived from some."""
    for kind, statement in DERIVED_FROM.items():
        row = next(rows(cx, statement, (rec.id,)), None)
        if row is not None:
            return kind, row
    return rec.kind, (None, None)


def has_row(cx: sqlite3.Connection, record: int) -> bool:
    """Whether anything is derived from a record of this id."""
    return any(next(rows(cx, statement, (record,)), None) for statement in DERIVED_FROM.values())


def _place(cx: sqlite3.Connection, kind: str, row: Sequence[Any], rec: Rec) -> tuple[str, str]:
    """The name of the deal that a record is about, and its day; empty where it can't be told."""
    deal, on = row
    if deal is None and kind not in ("day", "target", "schema", "batch") and rec.target is not None:
        about = one_record(cx, rec.target)
        deal = derived_of(cx, about)[1][0] if about is not None else None
    name = next(rows(cx, NAME_OF, (deal, deal)), ("",))[0] if deal is not None else ""
    return str(name or ""), str(next((day for day in (on, rec.on_date, rec.known_on) if is_day(day)), ""))
