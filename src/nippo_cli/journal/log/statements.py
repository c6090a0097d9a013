"""Statements that several rooms of the journal share."""

from typing import Final

from nippo_cli.base.ids import NUMBER_BITS

# A record as `records.record_of` reads it: the columns of `Rec`, then what seals them.
REC: Final = (
    "r.id, r.kind, r.author, r.recorded_at, r.known_on, r.on_date, r.schema, r.target, r.batch, r.body,"
    # Its device's random id; if no device bears its slot, the ids of all.
    f" r.source_key, r.salt, r.hash, coalesce((select d.id from device d where d.slot = r.id >> {NUMBER_BITS}),"
    " (select group_concat(id) from device))"
)
# A record as it is written, column by column.
RECORD_COLUMNS: Final = (
    "id, kind, author, recorded_at, known_on, on_date, schema, target, batch, source_key, salt, body, hash"
)
INSERT_RECORD: Final = f"insert into record ({RECORD_COLUMNS}) values (?,?,?,?,?,?,?,?,?,?,?,?,?)"
EVERY: Final = f"select {REC} from record r order by r.id"
ONE_RECORD: Final = f"select {REC} from record r where r.id = ?"
ANY_SOURCE: Final = "select 1 from record where source_key is not null limit 1"
META: Final = "select value from meta where key = ?"
SET_META: Final = "insert into meta values (?, ?) on conflict (key) do update set value = excluded.value"
# What the record of an import says, or what an erasure left of that. Nothing where it is damaged.
_BATCH_SAYS: Final = (
    "coalesce(r.body, (select json_extract(e.body, '$.stays') from record e where e.target = r.id and e.kind = 'redact'"
    " and json_valid(e.body)))"
)
BATCH_SHA256: Final = f"case when json_valid({_BATCH_SAYS}) then json_extract({_BATCH_SAYS}, '$.sha256') end"


def _file_of(alias: str) -> str:
    """The fingerprint of the file that a record was imported from."""
    return f"(select {BATCH_SHA256} from (select {alias}.batch as of_batch) join record r on r.id = of_batch)"


# Whether a record `o` came of the same row as the record `r`, imported apart from it: one key in one file. Two files may well
# have equal keys: every sheet has a row 1.
SAME_ROW: Final = (
    f"o.source_key = r.source_key and o.kind = r.kind and o.target is null and {_file_of('o')} = {_file_of('r')}"
)
SELECT_SLOTS: Final = "select slot from device"
AGREEMENTS: Final = "select id, place from agreement order by recorded_at, id"
SHAPE: Final = "select shape from agreement where id = ?"
# What entries add to the tally of activities by month, as `line.metrics.Metric`; those that share a meeting are one.
_MONTH = "cast(substr(on_date, 1, 4) as integer) * 12 + cast(substr(on_date, 6, 2) as integer) - 1"
# Building a deal: one index range.
POINT_COLUMNS: Final = (
    "e.id, e.on_date, e.stage, e.contact, e.author, e.activity, e.customer, e.kind, e.amount, e.closes, e.confidence,"
    " e.next_step, e.next_on, e.version, e.meeting, e.accepts, e.source, e.evidence, e.deadlines,"
    " e.billed_to, e.site, e.ball, e.snapshot"
)
POINT_CUSTOMERS: Final = (6, 19)  # which of them name a customer: whose the deal is, and who is billed for it
POINTS: Final = f"select {POINT_COLUMNS} from entry e where e.deal = ? order by e.on_date, e.recorded_at, e.id"
# Behind what a point is made of come the day on which it was known, if that is not its own, and last the deal.
_LATE = "nullif(e.known_on, e.on_date)"
ALL_POINTS: Final = (
    f"select {POINT_COLUMNS}, {_LATE}, e.deal from entry e where e.deal is not null"
    " order by e.deal, e.on_date, e.recorded_at, e.id"
)
HEAD_COLUMNS: Final = (
    "id, name, customer, kind, owner, parent, stage, entered_on, stay_entry, fate, began_on, closed_on, last_on,"
    " last_contact_on, last_contact, entries, contacts, amount, closes, first_closes, closes_entry, pushes, pulls,"
    " slip_days, confidence, next_step, next_on, next_entry, holds, first_contact_on, longest_back, longest_silence,"
    " accepts, source, evidence, steady_since, visited, went_back, billed_to, site, arrival, begin_known"
)
NAME_TAG: Final = "select name, customer from deal where id = ?"
NAMES: Final = "select folded, deal, is_alias, name from deal_name where deal = ?"
PUT_NAME: Final = "insert or ignore into deal_name (folded, deal, is_alias, name) values (?, ?, ?, ?)"
ANY_RECORD: Final = "select 1 from record limit 1"
ANY_DEAL: Final = "select 1 from deal union all select 1 from gone limit 1"
NAMED: Final = "select deal from deal_name where folded = ? order by is_alias, deal"
MERGED_INTO: Final = "select into_deal from gone where deal = ?"
MERGED_HERE: Final = "select deal from gone where into_deal = ? order by deal"
HEADS: Final = f"select {HEAD_COLUMNS} from deal"
DEVICE_IDS: Final = "select slot, id, last_number from device"
NUMBERS: Final = f"""
select id >> {NUMBER_BITS}, count(*), min(id & {(1 << NUMBER_BITS) - 1}), max(id & {(1 << NUMBER_BITS) - 1})
from record group by 1
"""
# Every spelling of every customer; a seek each, no scan.
CUSTOMERS: Final = """
with recursive found(name) as (
  select min(customer) from entry where customer is not null
  union all
  select (select min(customer) from entry where customer > found.name) from found where found.name is not null)
select name from found where name is not null
"""
# The same, and of every name that is billed.
EVERY_CUSTOMER: Final = """
with recursive found(name) as (
  select min(customer) from entry where customer is not null
  union all
  select (select min(customer) from entry where customer > found.name) from found where found.name is not null),
billed(name) as (
  select min(billed_to) from entry where billed_to is not null
  union all
  select (select min(billed_to) from entry where billed_to > billed.name) from billed where billed.name is not null)
select name from found where name is not null union select name from billed where name is not null
"""
