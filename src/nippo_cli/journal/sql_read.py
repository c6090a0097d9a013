"""The statements that only read. What writes is in `sql`; tables and columns are described there.

Days are ISO text; `ALWAYS` is after every day, for a question from which nothing is hidden.
"""

from typing import Final

from nippo_cli.ids import NUMBER_BITS, SLOTS
from nippo_cli.journal.sql import HEAD_COLUMNS, POINT_COLUMNS, REC

ALWAYS: Final = "9999-12-31"

# --- what was known when

# Deals of which something was learned, or happened, after a day: their rows are not what the log said then.
UNSETTLED: Final = """
select id from deal where last_event_on > :on
union select id from deal where last_known_on > :known
union select deal from gone where last_event_on > :on or last_known_on > :known
"""
EVERY_DEAL: Final = "select id from deal union select deal from gone"
IS_UNSETTLED: Final = """
select 1 from deal where id = :deal and (last_event_on > :on or last_known_on > :known)
union all select 1 from gone where deal = :deal and (last_event_on > :on or last_known_on > :known)
"""
# Corrections, retractions and the like learned after a day. They are few: the index of targets is read, not the log.
LATE: Final = f"""
select {REC} from record r indexed by record_target
where r.target is not null and r.known_on > ? and r.kind in ('amend', 'retract', 'redact', 'deal', 'hold', 'match')
"""
IN_FORCE: Final = """
select id from agreement where known_on <= ? order by recorded_at desc, id desc limit 1
"""
FIRST_AGREEMENT: Final = "select id from agreement order by recorded_at, id limit 1"
LAST_AGREEMENT: Final = "select id, sha256, recorded_at from agreement order by recorded_at desc, id desc limit 1"
IMPORTED_FILES: Final = """
select json_extract(body, '$.sha256') from record indexed by record_imports where kind = 'batch' and json_valid(body)
"""
LAST_AGREEMENT_TEXT: Final = (
    "select json_extract(r.body, '$.text') from agreement a join record r on r.id = a.id"
    " order by a.recorded_at desc, a.id desc limit 1"
)
MERGED_DEALS: Final = "select deal from gone where into_deal = ?"
# Rows of `POINT_COLUMNS`, then what decides whether and where they were known.
POINTS_OF: Final = f"""
select {POINT_COLUMNS}, e.recorded_at, e.known_on, coalesce(e.own_deal, e.deal)
from entry e where e.deal = ? order by e.on_date, e.recorded_at, e.id
"""

# Of some deals, those that records tell of apart from their entries, that others were merged into, or without a line.
TOLD_OF: Final = """
select j.value from json_each(?) j
where exists (select 1 from record r indexed by record_target where r.target = j.value)
  or exists (select 1 from gone g where g.deal = j.value or g.into_deal = j.value)
"""
# The entries of some deals as they are, cut at a day; the day that the deal's begin was known and is of, its name, its
# parent and itself come last.
PLAIN_POINTS: Final = f"""
select {POINT_COLUMNS}, max(b.known_on, coalesce(b.on_date, '')), d.name, d.parent, d.id
from json_each(:deals) j cross join deal d on d.id = j.value cross join record b on b.id = d.id
cross join entry e on e.deal = d.id
where d.began_on <= :on and b.known_on <= :known and e.on_date <= :on and e.known_on <= :known
order by d.id, e.on_date, e.recorded_at, e.id
"""

# --- deals

HEADS: Final = f"select {HEAD_COLUMNS} from deal"
LIVE_STAYS: Final = "select id, stage, kind, entered_on, amount, holds from deal where fate = 'live'"
CUSTOMERS_OF: Final = "select customer from entry where deal = ? and customer <> '' order by on_date, recorded_at, id"
CHILDREN: Final = "select id from deal where parent = ? order by id"
GONE: Final = "select deal from gone"
OWNERS: Final = "select distinct owner from deal"
# What entries say under some keys, in any version of them that is not erased, as a JSON array of one value a path; one of
# the marks, the keys in quotes, stands in the body of each. Two paths at least: of one alone SQLite tells no array.
SAID: Final = """
select distinct json_extract(body, {paths}) from record where kind in ('entry', 'amend') and ({marks})
"""
TALLY: Final = "select what, stage, kind, won, days, n from tally where what = ? and stage = ?"
TALLY_OF: Final = "select what, stage, kind, won, days, n from tally where what = ?"
# Many lines at once, in order: the deal first, then the columns of `sql.DEAL`, `sql.STAYS`, `sql.PROMISES`.
_OF = "from json_each(?) j cross join"
DEALS_OF: Final = (
    f"select d.id, {', '.join(f'd.{name}' for name in HEAD_COLUMNS.split(', '))}, d.gaps {_OF} deal d on d.id = j.value"
)
PROMISES_OF: Final = f"""
select p.deal, p.what, p.value, p.made_on, p.entry, p.move {_OF} promise p on p.deal = j.value order by p.deal, p.seq
"""
CONTACTS_OF: Final = f"""
select e.deal, e.on_date, e.id, e.meeting {_OF} entry e on e.deal = j.value where e.contact
order by e.deal, e.on_date, e.recorded_at, e.id
"""
# What is counted of some deals as they are kept: the columns of `line.seen.Told` after the id; their gaps.
TOLD_HEADS: Final = f"""
select d.id, d.kind, d.fate, d.began_on, d.closed_on, d.first_contact_on, d.longest_back, d.longest_silence, d.amount
{_OF} deal d on d.id = j.value
"""
GAPS_OF: Final = f"select d.gaps {_OF} deal d on d.id = j.value where d.fate = 'won'"
CLOSES_OF_WON: Final = f"""
select p.deal, p.what, p.value, p.made_on, p.entry, p.move {_OF} promise p on p.deal = j.value and p.what = 'closes'
where exists (select 1 from deal d where d.id = j.value and d.fate = 'won') order by p.deal, p.seq
"""
# Whether a row of the ledger names a deal, or may name one that was merged into it.
NAMED_BY_SALES: Final = """
select exists(select 1 from sale where link = :deal) or exists(select 1 from gone where into_deal = :deal)
"""
# Steps forward of deals of which something happened lately, by the stage; of those in `:stale` none.
FORWARD: Final = """
select s.stage, count(*) from stay s
where s.deal in (select id from deal where last_event_on >= :since and {where})
and s.deal not in (select value from json_each(:stale))
and s.step > 0 and s.entered_on >= :since and s.entered_on <= :on group by s.stage
"""
# Who is in a stage: before the end only live deals are, and the index of those tells all.
LASTING: Final = "select id, entered_on, holds from deal where fate = 'live' and stage = ?"
LASTING_AFTER: Final = "select id, entered_on, holds from deal where stage = ?"
# Outcomes of deals that are read as they are; lead time in days.
OUTCOMES: Final = """
select fate, count(*), coalesce(sum(amount), 0), sum(amount is null) from deal {where} group by fate
"""
# Live deals without a hold, silent since a day before :quiet_from, no next step ahead.
SILENT: Final = """
select coalesce(last_contact_on, began_on), count(*), coalesce(sum(amount), 0) from deal {where}
and fate = 'live' and holds is null and coalesce(last_contact_on, began_on) < :quiet_from
and (next_on is null or substr(next_on, -10) < :on) group by 1
"""
LEAD_DAYS: Final = """
select fate, cast(julianday(closed_on) - julianday(began_on) as integer), count(*) from deal {where} group by 1, 2
"""

# --- customers: every distinct one by a seek each, never a scan of entries

CUSTOMERS: Final = """
with recursive found(name) as (
  select min(customer) from entry where customer is not null
  union all
  select (select min(customer) from entry where customer > found.name) from found where found.name is not null)
select name from found where name is not null
"""
CUSTOMER_BY: Final = "select id from entry where customer = ? and on_date <= ? and known_on <= ?"
DEAL_CUSTOMERS: Final = "select distinct customer from deal"

# --- names

NAMES_SAME: Final = "select folded, deal, is_alias, name from deal_name where folded = ?"
NAMES_HOLDING: Final = "select folded, deal, is_alias, name from deal_name where instr(folded, ?) > 0"
# The same, whatever blanks stand in the name: `text.fold` leaves no others than this one between words.
NAMES_HOLDING_BARE: Final = """
select folded, deal, is_alias, name from deal_name where instr(replace(folded, ' ', ''), ?) > 0
"""
NAMES_LIKE: Final = """
select name, deal from deal_name where {likeness} > 0 order by {likeness} desc, length(folded), deal limit 60
"""
DEAL_OF_ENTRY: Final = "select deal from entry where id = ? and deal is not null"
# By what was derived too: the record that began it may be damaged.
IS_DEAL: Final = """
select 1 from record where id = ?1 and kind = 'deal' and target is null
union all select 1 from deal where id = ?1 union all select 1 from gone where deal = ?1
"""

# --- entries

# What is told of an entry by its row and its deal's, then its record.
VIEWS: Final = f"""
select e.id, e.version, e.on_date, e.recorded_at, e.known_on, e.author, e.deal, coalesce(e.own_deal, e.deal),
  e.meeting, e.incomplete, d.name, d.customer, d.owner, {REC}
from json_each(?) j cross join entry e on e.id = j.value join record r on r.id = e.id left join deal d on d.id = e.deal
order by j.key
"""
LOG: Final = "select id, on_date, recorded_at from entry {where} order by on_date desc, recorded_at desc, id desc"
COUNT_ALL: Final = """
select (select count(*) from entry), (select count(*) from entry where incomplete),
  (select count(*) from entry where on_date > :on)
"""
# The same but for the first: two short index ranges, however long the log.
COUNT_MARKED: Final = """
select (select count(*) from entry where incomplete), (select count(*) from entry where on_date > :on)
"""
COUNT: Final = """
select count(*), coalesce(sum(incomplete), 0), coalesce(sum(on_date > :on), 0) from entry {where}
"""
WAITING: Final = "select id from entry where incomplete and on_date <= ? and known_on <= ?"
AHEAD: Final = "select id from entry where on_date > ? and known_on <= ?"
# Whether any deal was closed, or has been silent since a day: nothing else can have ended.
ANY_FINISHED: Final = """
select exists (select 1 from deal where closed_on is not null)
  or exists (select 1 from deal where fate = 'live' and coalesce(last_contact_on, began_on) <= ?)
"""
PLACES_OF: Final = "select id, on_date, recorded_at from entry where id in (select value from json_each(?))"
BATCHES: Final = f"select {REC} from record r indexed by record_imports where r.kind = 'batch'"

# --- remarks

# The columns of the table, then what orders them: when each was recorded.
_COMMENTS = "select c.*, r.recorded_at from {source} cross join record r on r.id = c.id"
COMMENTS: Final = _COMMENTS.format(source="comment c") + " where c.known_on <= ?"
COMMENT: Final = _COMMENTS.format(source="comment c") + " where c.id = ?"
COMMENTS_ON_ENTRIES: Final = _COMMENTS.format(source="json_each(?) j cross join comment c on c.entry = j.value")
COMMENTS_ON_DAYS: Final = _COMMENTS.format(source="comment c") + " where c.day >= ? and c.day <= ?"
COMMENTS_WAITING: Final = (
    _COMMENTS.format(source="comment c indexed by comment_open") + " where c.asks and not c.done and c.answered is null"
)
DAYS: Final = """
select d.*, r.recorded_at from day d cross join record r on r.id = d.id
where d.on_date >= ? and d.on_date <= ? and d.known_on <= ?
"""

# --- search

INDEXED: Final = "select value from meta where key = 'indexed'"
# A slot that no short name stands for is damaged.
DEVICES: Final = f"select slot, last_number from device where slot >= 0 and slot < {SLOTS} order by slot"
UNINDEXED: Final = f"select {REC} from record r where r.id > ? and r.id <= ? order by r.id limit ?"
TAIL: Final = "select id, kind, author, body from record where id > ? and id <= ?"
MATCHES: Final = """
select s.rowid, e.id is not null from search s left join entry e on e.id = s.rowid where s.search match ?
"""
EVERY_ENTRY: Final = "select id from entry"
PUT_GRAMS: Final = "insert into search(rowid, grams) values (?, ?)"
DROP_GRAMS: Final = "insert into search(search, rowid, grams) values ('delete', ?, ?)"
EMPTY_SEARCH: Final = "insert into search(search) values ('delete-all')"
COMPACT_SEARCH: Final = "insert into search(search) values ('optimize')"
DEALS_NAMED: Final = "select distinct deal from deal_name where {words}"
DEALS_OF_CUSTOMERS: Final = "select id from deal where customer in (select value from json_each(?))"
ENTRIES_OF_DEALS: Final = """
select e.id from json_each(?) j cross join entry e on e.deal = j.value
"""

# --- the whole file

DEVICE_IDS: Final = "select slot, id, last_number from device"
COUNT_LISTED: Final = "select count(*) from sqlite_master"
SETTINGS: Final = "select key, value from meta"
COUNT_RECORDS: Final = "select count(*) from record"
# What a record points at and is not there: (record, what, to).
LOST_RELATIONS: Final = """
select * from (
  select r.id, 'target', r.target from record r left join record t on t.id = r.target
    where r.target is not null and t.id is null
  union all
  select r.id, 'batch', r.batch from record r left join record t on t.id = r.batch and t.kind = 'batch'
    where r.batch is not null and t.id is null
  union all
  select r.id, 'schema', r.schema from record r left join record t on t.id = r.schema and t.kind = 'schema'
    where t.id is null)
limit ?
"""
# What an erasure took: a record and its corrections.
ERASURES: Final = """
select r.target from record r where r.kind = 'redact' and r.target is not null
union
select a.id from record r join record a on a.target = r.target
where r.target is not null and r.kind = 'redact' and a.target is not null and a.kind = 'amend'
"""
NUMBERS: Final = f"""
select id >> {NUMBER_BITS}, count(*), min(id & {(1 << NUMBER_BITS) - 1}), max(id & {(1 << NUMBER_BITS) - 1})
from record group by 1
"""
TOKENS: Final = "select term, count(*), sum(doc % 1000003 * 7 + doc % 10007) from temp.tokens group by term"
