"""What members of a team wrote without knowing of each other: corrections of one entry, and deals of one name."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from nippo_cli.base.ids import NUMBER_BITS, SLOTS, slot_of
from nippo_cli.journal.log import REC, Rec, entry_versions, not_retracted, retracted, select_records, tree
from nippo_cli.line.corrections import Amendment, any_unseen, unseen_by_others

if TYPE_CHECKING:
    from nippo_cli.journal.asof import AsOfView

# Which records several devices corrected, an index tells alone; of these, what the writer of each correction had.
CORRECTED_BY_SEVERAL: Final = f"""
select r.target, r.id, r.author, r.known_on, case when json_valid(r.body) then json_extract(r.body, '$.upon') end from (
  select target from record indexed by record_amends where kind = 'amend'
  group by target having min(id) >> {NUMBER_BITS} <> max(id) >> {NUMBER_BITS}) t
cross join record r indexed by record_amends on r.target = t.target and r.kind = 'amend' order by r.target, r.recorded_at, r.id
"""
# Deals of which several devices said what they are called, or whose they are; an index has those of which anything was said.
STATED_BY_SEVERAL: Final = f"""
select r.target, r.id, r.author, r.known_on, json_extract(r.body, '$.upon') from (
  select target from record indexed by record_stated where kind = 'deal' and target is not null
  group by target having min(id) >> {NUMBER_BITS} <> max(id) >> {NUMBER_BITS}) t
cross join record r indexed by record_stated on r.target = t.target and r.kind = 'deal'
where case when json_valid(r.body) then json_extract(r.body, '$.do') end in ('rename', 'assign') order by r.target, r.recorded_at, r.id
"""
# What of a deal two may say, by the deed that says it.
STATEMENTS: Final = {"rename": "name", "assign": "owner"}
# Names of deals that were begun on several devices: each of all names is looked at.
NAMED_BY_SEVERAL: Final = f"""
select folded from deal_name where not is_alias
group by folded having min(deal) >> {NUMBER_BITS} <> max(deal) >> {NUMBER_BITS}
"""
# A slot that no short name stands for is damaged.
WROTE_MOST: Final = f"select slot from device where slot between 0 and {SLOTS - 1} order by last_number desc limit 1"
OF_OTHERS: Final = """
select folded, deal from deal_name where deal < :first and not is_alias
union all select folded, deal from deal_name where deal >= :end and not is_alias
"""
# The same by the deals of all devices but one.
NAMED_ELSEWHERE: Final = f"""
select o.folded from ({OF_OTHERS}) o where exists (
  select 1 from deal_name d where d.folded = o.folded and not d.is_alias and d.deal >> {NUMBER_BITS} <> o.deal >> {NUMBER_BITS})
"""
DEALS_CALLED: Final = (
    "select json_group_array(deal) from deal_name where not is_alias and folded in ({}) group by folded"
)
# Of up to so many deals of the others, that takes half the time or less: 5 ms of 5,000 among 100,000, against 46.
FEW_OF_OTHERS: Final = 20_000
# Deals that an import's source knows by a key of its own.
KEYED: Final = "select r.id from json_each(?) j cross join record r on r.id = j.value where r.source_key is not null"
SET_APART: Final = f"""
select {REC} from json_each(?) j cross join record r on r.target = j.value and r.kind = 'deal'
where instr(r.body, '"do":"apart"') order by r.id
"""


class ConflictReader:
    """Made by `JournalReader.conflicts`."""

    def __init__(self, there: "AsOfView") -> None:
        self._there = there
        self._cx = there.cx

    def corrected_unseen(self) -> list[int]:
        """The records that members corrected without having seen one another's correction, whatever either says."""
        return self._unseen(CORRECTED_BY_SEVERAL)

    def stated_unseen(self) -> list[int]:
        """The deals of whose names or owners members said something without having seen what the other said."""
        return self._unseen(STATED_BY_SEVERAL)

    def _unseen(self, statement: str) -> list[int]:
        by_target: defaultdict[int, list[Amendment]] = defaultdict(list)
        for target, record, author, known_on, upon in self._cx.execute(statement):
            named = json.loads(upon) if isinstance(upon, str) else None
            by_target[target].append(Amendment(record, slot_of(record), author, known_on, _ids(named), {}))
        return [target for target, corrections in by_target.items() if any_unseen(corrections)]

    def corrections(self, entry: int) -> list[Amendment]:
        """An entry's corrections as they are known on the day, in the words of the schema that its last version is in; none of what is no
        entry, or is taken back or erased."""
        records = self._there.records(entry)
        if not records or records[0].kind != "entry":
            return []
        versions = entry_versions(records, self._there.migrator, self._there.batches)
        if not versions or versions[-1].erased:
            return []
        in_force = {rec.id for rec in not_retracted(records, self._there.batches)}
        return [
            correction_of(rec, self._changes(rec, versions[-1].schema) if rec.id in in_force else {})
            for rec in records
            if rec.kind == "amend" and rec.target == entry and not rec.damaged
        ]

    def statements(self, deal: int) -> list[Amendment]:
        """What was said of a deal's name and owner, as it is known on the day."""
        records = self._there.records(deal)
        taken_back = retracted(records)
        return [
            correction_of(rec, _stated(rec) if rec.id not in taken_back else {})
            for rec in records
            if rec.target == deal and not rec.damaged and rec.parsed_body.get("do") in STATEMENTS
        ]

    def _changes(self, rec: Rec, schema: int) -> dict[str, Any]:
        said = rec.parsed_body
        values = said.get("values", {})
        carried = self._there.migrator.carry({k: v for k, v in values.items() if v is not None}, rec.schema, schema)
        changes = {**carried, **{key: None for key, value in values.items() if value is None}}
        if "on" in said:
            changes["on"] = said["on"]
        if "deal" in said:
            changes["deal"] = self._there.root(said["deal"]) if said["deal"] is not None else None
        return changes

    def deals_of_one_name(self) -> list[list[int]]:
        """Deals that are called the same and were begun on several devices, whosever customer's they are."""
        [(most,)] = self._cx.execute(WROTE_MOST).fetchall() or [(0,)]
        others = {"first": most << NUMBER_BITS, "end": most + 1 << NUMBER_BITS}
        [(n,)] = self._cx.execute(f"select count(*) from (select 1 from ({OF_OTHERS}) limit {FEW_OF_OTHERS})", others)
        names, of = (NAMED_ELSEWHERE, others) if n < FEW_OF_OTHERS else (NAMED_BY_SEVERAL, {})
        return [sorted(json.loads(deals)) for (deals,) in self._cx.execute(DEALS_CALLED.format(names), of)]

    def keyed(self, deals: Collection[int]) -> set[int]:
        """Those of some deals that an import brought by a key of their own."""
        return {deal for (deal,) in self._cx.execute(KEYED, (json.dumps(sorted(deals)),))}

    def set_apart(self, deals: Collection[int]) -> set[frozenset[int]]:
        """The pairs of some deals of which somebody said that they are two."""
        pairs: defaultdict[frozenset[int], bool] = defaultdict(bool)
        for rec in select_records(self._cx, SET_APART, (json.dumps(sorted(deals)),)):
            other = rec.parsed_body.get("of")
            if isinstance(other, int) and rec.target is not None and rec.id not in retracted(tree(self._cx, rec.id)):
                pairs[frozenset((rec.target, other))] = True
        return set(pairs)


def correction_of(rec: Rec, changes: Mapping[str, Any]) -> Amendment:
    """A correction as its record has it."""
    upon = rec.parsed_body.get("upon")
    return Amendment(rec.id, slot_of(rec.id), rec.author, rec.known_on, _ids(upon), changes)


def _stated(rec: Rec) -> dict[str, Any]:
    """What a record says of a deal's name or owner; nothing once it is erased."""
    key = STATEMENTS[rec.parsed_body["do"]]
    return {key: rec.parsed_body[key]} if key in rec.parsed_body else {}


def _ids(said: object) -> Sequence[int] | None:
    return [one for one in said if isinstance(one, int)] if isinstance(said, list) else None


def unseen_corrections(cx: sqlite3.Connection, entry: int, slot: int) -> list[int]:
    """The corrections of an entry that the next one by a device is to name as those before it (`Amendment.upon`)."""
    records = tree(cx, entry)
    corrections = [correction_of(rec, {}) for rec in records if rec.kind == "amend" and rec.target == entry]
    return unseen_by_others(corrections, slot)


def unseen_statements(cx: sqlite3.Connection, deal: int, slot: int) -> list[int]:
    """What other devices said of a deal's name and owner, which the next such record of a device is to name as before it."""
    stated = [rec for rec in tree(cx, deal) if rec.target == deal and rec.parsed_body.get("do") in STATEMENTS]
    return unseen_by_others([correction_of(rec, {}) for rec in stated], slot)
