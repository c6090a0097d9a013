"""Entries on their way into the log by the million: all of them that can be made ready before their numbers are known."""

from collections.abc import Callable, Mapping, Sequence
from itertools import compress
from typing import Any, Final

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.journal.derive import iso
from nippo_cli.journal.log import ROLES, deadline_reader, why_lost_of
from nippo_cli.journal.search import characters_of
from nippo_cli.line.entry_drafts import EntryDrafts
from nippo_cli.schema.schema import Schema


class EntryRows(NamedTuple):
    """Entries side by side as the journal stores them, of each column a list; all lists are as long as there are entries.

    `deal_name`, `source_key`, `deal_key` and `owner` are None where there is none (`deal_key` is how the source knows the deal,
    `owner` whose it is from that entry on), `body` is the canonical text of the values, in UTF-8. The others
    are columns of `entry` but for `characters`, what the search index holds of it, in UTF-8; an empty `author` is whoever imports.
    """

    deal_name: Sequence[str | None]
    source_key: Sequence[str | None]
    deal_key: Sequence[str | None]
    owner: Sequence[str | None]
    body: Sequence[bytes]
    on_date: Sequence[str]
    known_on: Sequence[str]
    author: Sequence[str]
    incomplete: Sequence[bool]
    snapshot: Sequence[bool]
    stage: Sequence[str | None]
    contact: Sequence[int]
    activity: Sequence[str | None]
    customer: Sequence[str | None]
    kind: Sequence[str | None]
    amount: Sequence[int | None]
    closes: Sequence[str | None]
    confidence: Sequence[str | None]
    next_step: Sequence[str | None]
    next_on: Sequence[str | None]
    accepts: Sequence[str | None]
    source: Sequence[str | None]
    billed_to: Sequence[str | None]
    site: Sequence[str | None]
    ball: Sequence[str | None]
    evidence: Sequence[int]
    deadlines: Sequence[str | None]
    why_lost: Sequence[str | None]
    characters: Sequence[bytes]

    def part(self, first: int, end: int) -> "EntryRows":
        """The entries from one place to before another."""
        return EntryRows._make([column[first:end] for column in self])

    def at(self, places: Sequence[int]) -> "EntryRows":
        """The entries at some places."""
        return EntryRows._make([[column[place] for place in places] for column in self])

    def keyed(self, place: int, key: str) -> "KeyedEntry":
        """The entry at a place, as it is held against the one that its source key stands for."""
        return KeyedEntry(
            key, self.on_date[place], self.author[place], self.body[place], self.incomplete[place], self.snapshot[place],
            self.deal_name[place], self.deal_key[place],
        )  # fmt: skip


class KeyedEntry(NamedTuple):
    """An entry to be written, as far as it is held against the one that its source key stands for: `author` "" for whoever
    imports, `values` canonical, `deal_name` None for an entry of no deal."""

    source_key: str
    on_date: str
    author: str
    values: bytes
    incomplete: bool
    snapshot: bool
    deal_name: str | None
    deal_key: str | None = None


# Those that stand in the table `entry` as they are.
ENTRY_COLUMNS: Sequence[str] = tuple(
    name
    for name in EntryRows._fields
    if name not in ("deal_name", "source_key", "deal_key", "owner", "body", "characters")
)


def row_maker(schema: Schema) -> Callable[[EntryDrafts], EntryRows]:
    """What makes rows of drafts that were judged by a schema, the one in force."""
    silent = {activity.key for activity in schema.activities if not activity.contact}
    keys_by_role = {role: schema.key(role) or "" for role in ROLES}
    reason, competitor = schema.key("lost_reason") or "", schema.key("competitor") or ""
    bits_of = schema.evidence_bits
    evidence: dict[tuple[str, ...], _Bits] = {}
    read_deadlines = deadline_reader(schema)
    deadline_keys = [field.key for field in schema.deadlines]

    def rows(drafts: EntryDrafts) -> EntryRows:
        """The drafts as rows: `2026-10-01` for a day, the evidence's bits for what is filled in."""
        nothing = [None] * len(drafts.on)
        by_role: dict[str, Any] = {role: drafts.values.get(key, nothing) for role, key in keys_by_role.items()}
        keys = tuple(drafts.values)
        bits = evidence.get(keys) or evidence.setdefault(keys, _Bits([bits_of.get(key, 0) for key in keys]))
        on_date = list(map(iso, drafts.on))
        return EntryRows(
            deal_name=drafts.deal_name,
            source_key=drafts.source_key,
            deal_key=drafts.deal_key,
            owner=drafts.owner,
            body=_bodies(drafts),
            on_date=on_date,
            known_on=on_date if drafts.known_on is drafts.on else list(map(iso, drafts.known_on)),
            author=drafts.author,
            incomplete=drafts.incomplete,
            snapshot=drafts.snapshot,
            contact=[0 if activity in silent else 1 for activity in by_role["activity"]],
            evidence=list(map(bits.__getitem__, drafts.filled)),
            deadlines=_deadlines(drafts, deadline_keys, read_deadlines),
            why_lost=list(map(why_lost_of, drafts.values.get(reason, nothing), drafts.values.get(competitor, nothing))),
            characters=characters_of(drafts.values, schema, len(drafts.on)),
            **by_role,
        )

    return rows


def _deadlines(
    drafts: EntryDrafts, keys: Sequence[str], read: Callable[[Mapping[str, Any]], str | None]
) -> Sequence[str | None]:
    """The deadlines of each entry, as the journal stores them."""
    said = {key: drafts.values[key] for key in keys if key in drafts.values}
    if not said:
        return [None] * len(drafts.on)
    return [read(dict(zip(said, row, strict=True))) for row in zip(*said.values(), strict=True)]


def _bodies(drafts: EntryDrafts) -> list[bytes]:
    """Each entry's values as the log keeps them: `{"amount":100,"stage":"won"}`."""
    if not drafts.texts:
        return [b"{}"] * len(drafts.on)
    return [f"{{{','.join(filter(None, parts))}}}".encode() for parts in zip(*drafts.texts.values(), strict=True)]


class _Bits(dict[tuple[bool, ...], int]):
    """The evidence bits of the fields that an entry fills in."""

    def __init__(self, bits: Sequence[int]) -> None:
        super().__init__()
        self._bits = bits

    def __missing__(self, filled: tuple[bool, ...]) -> int:
        evidence = 0
        for bit in compress(self._bits, filled):
            evidence |= bit
        self[filled] = evidence
        return evidence


_PLAIN: Final = b'{"deal":%d,"values":%b}'


def bodies_of(rows: EntryRows, deals: Sequence[int | None]) -> list[bytearray]:
    """`body_of` of entries that belong to these deals."""
    if None in deals or any(rows.incomplete) or any(rows.snapshot):
        marked = zip(rows.body, deals, rows.incomplete, rows.snapshot, strict=True)
        return [body_of(values, deal, incomplete=part, snapshot=listed) for values, deal, part, listed in marked]
    return list(map(bytearray, map(_PLAIN.__mod__, zip(deals, rows.body, strict=True))))


def body_of(values: bytes, deal: int | None, *, incomplete: bool, snapshot: bool) -> bytearray:
    """The canonical body of an entry; the same text as `canonical` makes, from that of its values."""
    flag = (b'"incomplete":true,' if incomplete else b"") + (b'"snapshot":true,' if snapshot else b"")
    if deal is None:
        return bytearray(b'{%b"values":%b}' % (flag, values))
    return bytearray(b'{"deal":%d,%b"values":%b}' % (deal, flag, values))
