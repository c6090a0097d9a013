"""Entries on their way into the log by the million: all of them that can be made ready before their numbers are known."""

from collections.abc import Callable, Sequence
from itertools import compress
from typing import Any, TypeAlias

from nippo_cli.journal.derive import iso
from nippo_cli.journal.log import ROLES
from nippo_cli.line.checked_entry import EntryDrafts
from nippo_cli.schema.schema import Schema

# The deal's name; the source key, if there is one; the values as canonical text, in UTF-8; and `entry`'s columns in the order in
# which `sql.bulk_inserts` binds them after the ids: on_date, known_on, stage, contact, author ("" for whoever imports),
# activity, customer, kind, amount, closes, confidence, next_step, next_on, accepts, source, evidence, incomplete.
Row: TypeAlias = tuple[
    str | None, str | None, bytes,
    str, str, str | None, int, str, str | None, str | None, str | None, int | None, str | None, str | None,
    str | None, str | None, str | None, str | None, int, bool,
]  # fmt: skip


def row_maker(schema: Schema) -> Callable[[EntryDrafts], list[Row]]:
    """What makes rows of drafts that were judged by an agreement, the one in force."""
    silent = {activity.key for activity in schema.activities if not activity.contact}
    stage_key, activity_key, *other_keys = map(schema.key, ROLES)
    bits_of = schema.evidence_bits
    evidence: dict[tuple[str, ...], _Bits] = {}

    def rows(drafts: EntryDrafts) -> list[Row]:
        nothing = [None] * len(drafts.on)

        def said(key: str | None) -> Sequence[Any]:
            return drafts.values.get(key or "", nothing)

        activity, keys = said(activity_key), tuple(drafts.values)
        bits = evidence.get(keys) or evidence.setdefault(keys, _Bits([bits_of.get(key, 0) for key in keys]))
        return list(
            zip(
                drafts.deal_name, drafts.source_key, map(str.encode, drafts.text), map(iso, drafts.on), map(iso, drafts.known_on),
                said(stage_key), [0 if key in silent else 1 for key in activity], drafts.author, activity,
                *map(said, other_keys), map(bits.__getitem__, drafts.filled), drafts.incomplete, strict=True,
            )
        )  # fmt: skip

    return rows


class _Bits(dict[tuple[bool, ...], int]):
    """The evidence bits of the fields that an entry fills in."""

    def __init__(self, bits: Sequence[int]) -> None:
        super().__init__()
        self._bits = bits

    def __missing__(self, filled: tuple[bool, ...]) -> int:
        bits = 0
        for bit in compress(self._bits, filled):
            bits |= bit
        self[filled] = bits
        return bits


def body(values: bytes, deal: int | None, *, incomplete: bool) -> bytearray:
    """The canonical body of an entry; the same text as `canonical` makes, from that of its values."""
    flag = b'"incomplete":true,' if incomplete else b""
    if deal is None:
        return bytearray(b'{%b"values":%b}' % (flag, values))
    return bytearray(b'{"deal":%d,%b"values":%b}' % (deal, flag, values))
