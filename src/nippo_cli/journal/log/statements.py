"""The statements that write the journal's tables, and those that a write reads with; the rest is in `sql_read`."""

from typing import Final

from nippo_cli.base.ids import NUMBER_BITS

# --- the log

RECORD_COLUMNS: Final = (
    "id, kind, author, recorded_at, known_on, on_date, schema, target, batch, source_key, salt, body, hash"
)
INSERT_RECORD: Final = f"insert into record ({RECORD_COLUMNS}) values (?,?,?,?,?,?,?,?,?,?,?,?,?)"
# A record as `records.record_of` reads it: the columns of `Rec`, then what seals them.
REC: Final = (
    "r.id, r.kind, r.author, r.recorded_at, r.known_on, r.on_date, r.schema, r.target, r.batch, r.body,"
    # Its device's random id; if no device bears its slot, the ids of all.
    f" r.source_key, r.salt, r.hash, coalesce((select d.id from device d where d.slot = r.id >> {NUMBER_BITS}),"
    " (select group_concat(id) from device))"
)
ONE_RECORD: Final = f"select {REC} from record r where r.id = ?"
# A record and everything that targets it, directly or not, in the order of the log. Comments on it, reviews of a deal,
# and what corrects those, say nothing of the record itself.
RECORD_TREE: Final = f"""
with recursive tree(id) as (
  select ? union
  select t.id from tree join record t on t.target = tree.id and t.kind not in ('comment', 'review'))
select {REC} from tree join record r on r.id = tree.id order by r.recorded_at, r.id
"""
ALL_TARGETED: Final = "select target, id from record where target is not null"
LOG_OF_KIND: Final = f"select {REC} from record r where r.kind = ? order by r.id"
# Every deal's begin: the one deal record without a target.
BEGINS: Final = f"select {REC} from record r where r.kind = 'deal' and r.target is null order by r.id"
IDS_OF_KIND: Final = "select id from record where kind = ? order by id"
ERASE: Final = "update record set body = null, salt = null where id = ?"
# A device's records, the last first.
LAST_FIRST: Final = f"select {REC} from record r where r.id > ? and r.id < ? order by r.id desc"
SOURCE_KNOWN: Final = f"select {REC} from record r where r.source_key = ? order by r.recorded_at, r.id"
SOURCE_BATCHES: Final = "select batch from record where source_key = ?"
ANY_SOURCE: Final = "select 1 from record where source_key is not null limit 1"
# The records of an import follow its batch record.
_OF_BATCH = "from record r where r.id > ? and r.batch = ? and r.kind"
_PLAIN = "not exists (select 1 from record t where t.target = r.id)"
ENTRIES_OF_BATCH: Final = f"select {REC} {_OF_BATCH} = 'entry'"
OTHERS_OF_BATCH: Final = f"select {REC} {_OF_BATCH} <> 'entry'"
TARGETED_OF_BATCH: Final = f"select {REC} {_OF_BATCH} = 'entry' and not {_PLAIN}"
DEALS_OF_BATCH: Final = (
    "select distinct coalesce(own_deal, deal) from entry"
    f" where deal is not null and id in (select r.id {_OF_BATCH} = 'entry' and {_PLAIN})"
)
DROP_PLAIN_OF_BATCH: Final = f"delete from entry where id in (select r.id {_OF_BATCH} = 'entry' and {_PLAIN})"

META: Final = "select value from meta where key = ?"
META_VALUES: Final = "select value from meta"
SET_META: Final = "insert into meta values (?, ?) on conflict (key) do update set value = excluded.value"
DEVICE: Final = "select d.slot, d.id, d.last_number from device d, meta m where m.key = 'device' and d.slot = m.value"
LAST_ID: Final = "select max(id) from record where id > ? and id < ?"
SELECT_SLOTS: Final = "select slot from device"
INSERT_DEVICE: Final = "insert into device (slot, id, began_at) values (?, ?, ?)"
NAME_DEVICE: Final = "update device set id = ? where slot = ?"
MOVE_DEVICE: Final = "update device set slot = ? where slot = ?"
LAST_NUMBER: Final = "update device set last_number = ? where slot = ?"

AGREEMENTS: Final = "select id from agreement order by recorded_at, id"
INSERT_AGREEMENT: Final = "insert into agreement values (?, ?, ?, ?, ?)"
FILE: Final = "pragma database_list"
ADOPTED_SHA256: Final = "select sha256 from agreement where id = ?"
SHAPE: Final = "select shape from agreement where id = ?"
SOURCE_OF: Final = "select source_key from record where id = ?"

# --- entries

ENTRY_COLUMNS: Final = (
    "id, version, deal, on_date, recorded_at, known_on, stage, contact, author, activity, customer, kind, amount,"
    " closes, confidence, next_step, next_on, meeting, incomplete, own_deal, accepts, source, evidence"
)
PUT_ENTRY: Final = f"insert or replace into entry ({ENTRY_COLUMNS}) values ({'?,' * 22}?)"
ENTRY: Final = f"select {ENTRY_COLUMNS} from entry where id = ?"
ENTRIES_KEPT: Final = "select id, coalesce(own_deal, deal), known_on, on_date from entry where deal is not null"
MOVE_ENTRY: Final = (
    "update entry set own_deal = case when coalesce(own_deal, deal) = :root then null else coalesce(own_deal, deal) end,"
    " deal = :root where id = :id"
)
DEALS_OF_ROW: Final = "select deal, own_deal from entry where id = ?"
DROP_ENTRY: Final = "delete from entry where id = ?"
# What entries add to the tally of activities by month, as `line.seen.Seen`; those that share a meeting are one.
_MONTH = "cast(substr(on_date, 1, 4) as integer) * 12 + cast(substr(on_date, 6, 2) as integer) - 1"
DID_OF: Final = "select activity, on_date from entry where id = ? and meeting is null"
COUNT_DID: Final = f"""
insert into tally select 'did', coalesce(activity, ''), '', 0, {_MONTH}, count(*) from entry
where meeting is null group by 2, 5
"""
DID_OF_BATCH: Final = f"""
select coalesce(activity, ''), {_MONTH}, count(*) from entry
where meeting is null and id in (select r.id {_OF_BATCH} = 'entry' and {_PLAIN}) group by 1, 2
"""
ENTRY_COUNT: Final = "select count(*) from entry"
# Folding a deal: one index range.
POINT_COLUMNS: Final = (
    "e.id, e.on_date, e.stage, e.contact, e.author, e.activity, e.customer, e.kind, e.amount, e.closes, e.confidence,"
    " e.next_step, e.next_on, e.version, e.meeting, e.accepts, e.source, e.evidence"
)
POINTS: Final = f"select {POINT_COLUMNS} from entry e where e.deal = ? order by e.on_date, e.recorded_at, e.id"
# Behind what a point is made of come the day on which it was known, if that is not its own, and last the deal.
_LATE = "nullif(e.known_on, e.on_date)"
ALL_POINTS: Final = (
    f"select {POINT_COLUMNS}, {_LATE}, e.deal from entry e where e.deal is not null"
    " order by e.deal, e.on_date, e.recorded_at, e.id"
)
# The touched deals drive the plan: `cross join` keeps SQLite from turning it round.
TOUCHED_POINTS: Final = (
    f"select {POINT_COLUMNS}, {_LATE}, t.deal from temp.touched t cross join entry e on e.deal = t.deal"
    " order by t.deal, e.on_date, e.recorded_at, e.id"
)
# From the deal that an entry's body names, whether a merge has moved it or not.
MOVE_ENTRIES: Final = (
    "update entry set own_deal = case when coalesce(own_deal, deal) = :root then null else coalesce(own_deal, deal)"
    " end, deal = :root where own_deal = :deal or (deal = :deal and own_deal is null)"
)

# --- deals

HEAD_COLUMNS: Final = (
    "id, name, customer, kind, owner, parent, stage, entered_on, stay_entry, fate, began_on, closed_on, last_on,"
    " last_contact_on, last_contact, entries, contacts, amount, closes, first_closes, closes_entry, pushes, pulls,"
    " slip_days, confidence, next_step, next_on, next_entry, holds, first_contact_on, longest_back, longest_silence,"
    " accepts, source, evidence, steady_since, visited, went_back"
)
PUT_DEAL: Final = (
    f"insert or replace into deal ({HEAD_COLUMNS}, gaps, last_known_on, last_event_on) values ({'?,' * 40}?)"
)
NEW_DEAL: Final = PUT_DEAL.replace("insert or replace", "insert", 1)
DEAL: Final = f"select {HEAD_COLUMNS}, gaps from deal where id = ?"
NAME_TAG: Final = "select name, customer from deal where id = ?"
STAYS: Final = "select stage, entered_on, left_on, days, entry, step from stay where deal = ? order by seq"
PROMISES: Final = "select what, value, made_on, entry, move from promise where deal = ? order by seq"
# What is kept of a deal whose records are damaged.
KEPT_DEAL: Final = """
select name, parent, owner, null from deal where id = :deal
union all select null, null, null, into_deal from gone where deal = :deal
"""
KEPT_NAMES: Final = "select name, is_alias from deal_name where deal = ?"
KEPT_HOLDS: Final = "select * from hold where deal = ?"
REACH: Final = (
    "select last_known_on, last_event_on from deal where id = :deal"
    " union all select last_known_on, last_event_on from gone where deal = :deal"
)
DROP_LINE: Final = (
    "delete from deal where id = ?",
    "delete from stay where deal = ?",
    "delete from promise where deal = ?",
    "delete from gone where deal = ?",
)
DROP_NAMES: Final = "delete from deal_name where deal = ?"
NAMES: Final = "select folded, deal, is_alias, name from deal_name where deal = ?"
PUT_NAME: Final = "insert or ignore into deal_name (folded, deal, is_alias, name) values (?, ?, ?, ?)"
BATCHES_OF: Final = """
select id from record indexed by record_imports
where kind = 'batch' and case when json_valid(body) then json_extract(body, '$.sha256') end = ?
"""
ANY_RECORD: Final = "select 1 from record limit 1"
ANY_DEAL: Final = "select 1 from deal union all select 1 from gone limit 1"
NAMED: Final = "select deal from deal_name where folded = ? order by is_alias, deal"
PUT_GONE: Final = "insert or replace into gone values (?, ?, ?, ?)"
MERGED_INTO: Final = "select into_deal from gone where deal = ?"
MERGED_HERE: Final = "select deal from gone where into_deal = ? order by deal"
PUT_STAY: Final = "insert into stay values (?,?,?,?,?,?,?,?)"
PUT_PROMISE: Final = "insert into promise values (?,?,?,?,?,?,?)"
PUT_HOLD: Final = "insert or replace into hold values (?,?,?,?,?,?)"
DROP_HOLD: Final = "delete from hold where id = ?"
COMMENTS_ON: Final = "select id from record where target = ? and kind = 'comment' order by id"
PUT_COMMENT: Final = f"insert or replace into comment values ({'?,' * 11}?)"
DROP_COMMENT: Final = "delete from comment where id = ?"
# The first answer to a comment in the order of the log.
_ANSWER = (
    "(select a.id from comment a join record r on r.id = a.id where a.parent = comment.id"
    " order by r.recorded_at, a.id limit 1)"
)
ALL_ANSWERED: Final = f"update comment set answered = {_ANSWER} where answered is not {_ANSWER}"
PUT_ANSWERED: Final = f"{ALL_ANSWERED} and id = ?"
PUT_DAY: Final = "insert or replace into day values (?,?,?,?,?,?,?)"
DROP_DAY: Final = "delete from day where id = ?"
ADD_TALLY: Final = (
    "insert into tally values (?,?,?,?,?,?) on conflict (what, stage, kind, won, days) do update set n = n + excluded.n"
)
DROP_EMPTY_TALLY: Final = (
    "delete from tally where what = ? and stage = ? and kind = ? and won = ? and days = ? and n = 0"
)
TOUCHED_TABLE: Final = "create temp table if not exists touched (deal integer primary key)"
PUT_TOUCHED: Final = "insert or ignore into temp.touched values (?)"
CLEAR_TOUCHED: Final = "delete from temp.touched"


def again(insert: str) -> str:
    """An insert that puts its row in the place of one of the same id. No delete trigger fires for that."""
    return insert.replace("insert into", "replace into", 1)


def bulk_inserts(recorded_at: str, schema: int, batch: int) -> tuple[str, str]:
    """An import's inserts into `record` and `entry`. What all its rows share, nippo's own instant and ids, is written
    out: each value bound costs 5 % of the row.

    A record binds id, kind, author, known_on, on_date, source_key, salt, body, hash; an entry id, version, deal,
    on_date, known_on, those of `lens.Columns` with the author after the second, and incomplete. A body is bound as the
    UTF-8 that it was hashed as.
    """
    record = f"insert into record values (?,?,?,'{recorded_at}',?,?,{schema:d},null,{batch:d},?,?,cast(? as text),?)"
    columns = (
        "id, version, deal, on_date, known_on, stage, contact, author, activity, customer, kind, amount, closes,"
        " confidence, next_step, next_on, accepts, source, evidence, incomplete, recorded_at"
    )
    entry = f"insert into entry ({columns}) values ({'?,' * 20}'{recorded_at}')"
    return record, entry
