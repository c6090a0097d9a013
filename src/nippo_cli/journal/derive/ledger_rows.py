"""From records to the ledger's rows: a sale with where it belongs, what people said of it, a target."""

import sqlite3
from collections.abc import Container, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.journal.log import (
    Batches,
    Rec,
    body_now,
    not_retracted,
    retracted,
)

if TYPE_CHECKING:
    from nippo_cli.gaps.facts import SaleKind

PUT_SALE: Final = "insert or replace into sale values (?,?,?,?,?,?,?,?,?,?,?,?,?)"
DROP_SALE: Final = "delete from sale where id = ?"
PUT_MATCH: Final = "insert or replace into match values (?,?,?,?,?,?)"
DROP_MATCHES: Final = "delete from match where sale = ?"
PUT_TARGET: Final = "insert or replace into target values (?,?,?,?,?,?,?)"
DROP_TARGET: Final = "delete from target where id = ?"
PUT_DECLARATION: Final = "insert or replace into declaration values (?,?,?,?,?,?,?,?)"
DROP_DECLARATION: Final = "delete from declaration where id = ?"
SOURCE_OF: Final = "select source_key from record where id = ?"


YES, NO = "yes", "no"


class SaleState(NamedTuple):
    """A sale as its records say it. `deal` is the one that it names itself; `link` the one that it belongs to once what
    people said is put in."""

    id: int
    on: str
    known_on: str
    customer: str
    amount: int
    deal: int | None
    link: int | None
    reference: str
    note: str
    kind: "SaleKind"
    gross: int | None
    tax: int


class MatchState(NamedTuple):
    """What was said of a sale and a deal: `yes` or `no`."""

    id: int
    sale: int
    deal: int
    says: str
    known_on: str
    recorded_at: str


class DeclarationState(NamedTuple):
    """What somebody said would be sold in a month (`2026-10`): an owner of their own, or (`team`) a lead for all."""

    id: int
    month: str
    owner: str
    team: bool
    amount: int
    note: str
    known_on: str
    recorded_at: str


class TargetState(NamedTuple):
    """What an owner, or the team (`owner` empty), was to sell in a month (`2026-10`), of a kind or of all (`kind` empty), as
    one record says it."""

    id: int
    owner: str
    month: str
    amount: int
    kind: str
    known_on: str
    recorded_at: str


def sale_of(records: Sequence[Rec], gone_batches: Container[object] = ()) -> SaleState | None:
    """A sale from its tree of records, oldest first; None where it is taken back or erased."""
    active_records = not_retracted(records, gone_batches)
    said = body_now(active_records) if active_records else {}
    if not said or active_records[0].body is None:
        return None
    first, deal = records[0], said.get("deal")
    link = deal
    for match in matches_of(records):
        link = match.deal if match.says == YES else None if match.deal == link else link
    return SaleState(
        first.id, said.get("on", first.on_date or first.known_on), first.known_on, said.get("customer", ""), said["amount"], deal, link,
        said.get("reference", ""), said.get("note", ""), said.get("kind", "sale"), said.get("gross"), said.get("tax", 0),
    )  # fmt: skip


def matches_of(records: Sequence[Rec]) -> Iterator[MatchState]:
    """What was said of a sale and stands, oldest first, from the sale's tree."""
    retracted_ids = retracted(records)
    for rec in records[1:]:
        if rec.kind == "match" and rec.target == records[0].id and rec.id not in retracted_ids and rec.parsed_body:
            yield MatchState(
                rec.id, records[0].id, rec.parsed_body["deal"], rec.parsed_body["says"], rec.known_on, rec.recorded_at
            )


def target_of(records: Sequence[Rec], gone_batches: Container[object] = ()) -> TargetState | None:
    """A target from its tree of records; None where it is taken back or erased."""
    active_records = not_retracted(records, gone_batches)
    said = body_now(active_records) if active_records else {}
    if not said or active_records[0].body is None:
        return None
    first = records[0]
    return TargetState(
        first.id, said["owner"], said["month"], said["amount"], said.get("kind", ""), first.known_on, first.recorded_at
    )


def declaration_of(records: Sequence[Rec]) -> DeclarationState | None:
    """A declaration from its tree of records; None where it is taken back or erased."""
    active_records = not_retracted(records)
    said = body_now(active_records) if active_records else {}
    if not said or active_records[0].body is None:
        return None
    first = records[0]
    return DeclarationState(
        first.id, said["month"], said.get("owner", ""), bool(said.get("team")), said["amount"], said.get("note", ""),
        first.known_on, first.recorded_at,
    )  # fmt: skip


def put_sale(cx: sqlite3.Connection, records: Sequence[Rec], batches: Batches) -> None:
    """A sale's row and those of what was said of it; none where it is taken back or erased."""
    first = records[0]
    cx.execute(DROP_MATCHES, (first.id,))
    sale = sale_of(records, batches)
    if sale is None:
        cx.execute(DROP_SALE, (first.id,))
        return
    _put(cx, sale, cx.execute(SOURCE_OF, (first.id,)).fetchone()[0])
    cx.executemany(PUT_MATCH, matches_of(records))


def plain_sale(cx: sqlite3.Connection, rec: Rec, source: str | None) -> None:
    """The row of a sale that nothing targets yet."""
    sale = sale_of([rec])
    if sale is not None:
        _put(cx, sale, source)


def put_target(cx: sqlite3.Connection, records: Sequence[Rec], batches: Batches) -> None:
    """A target's row; none where it is taken back or erased."""
    target = target_of(records, batches)
    if target is None:
        cx.execute(DROP_TARGET, (records[0].id,))
    else:
        cx.execute(PUT_TARGET, target)


def put_declaration(cx: sqlite3.Connection, records: Sequence[Rec]) -> None:
    """A declaration's row; none where it is taken back or erased."""
    declaration = declaration_of(records)
    if declaration is None:
        cx.execute(DROP_DECLARATION, (records[0].id,))
    else:
        cx.execute(PUT_DECLARATION, declaration)


def _put(cx: sqlite3.Connection, sale: SaleState, source: str | None) -> None:
    cx.execute(PUT_SALE, (*sale[:7], source, *sale[7:]))
