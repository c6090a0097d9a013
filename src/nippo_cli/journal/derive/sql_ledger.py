"""The statements about the ledger: sales, what people said of them, targets. The tables are described in `tables`.

Days are ISO text. `:known` bounds when a row was known, `:on` its date; `:late` lists rows that later corrections
changed, as JSON.
"""

from typing import Final

from nippo_cli.journal.log import REC

# --- derived from the log

SALES_OF_LOG: Final = f"select {REC} from record r where r.kind = 'sale' order by r.id"
PUT_SALE: Final = "insert or replace into sale values (?,?,?,?,?,?,?,?,?,?)"
DROP_SALE: Final = "delete from sale where id = ?"
PUT_MATCH: Final = "insert or replace into match values (?,?,?,?,?,?)"
DROP_MATCHES: Final = "delete from match where sale = ?"
PUT_TARGET: Final = "insert or replace into target values (?,?,?,?,?,?)"
DROP_TARGET: Final = "delete from target where id = ?"

# --- read as of a day

_KNOWN = "on_date <= :on and known_on <= :known and id not in (select value from json_each(:late))"
SALE_COLUMNS: Final = "id, on_date, customer, amount, link, reference, note, deal"
SALES: Final = f"select {SALE_COLUMNS} from sale where on_date >= :since and {_KNOWN} order by on_date, id"
SALES_LINKED: Final = f"""
select {SALE_COLUMNS} from sale where link in (select value from json_each(:deals)) and {_KNOWN} order by on_date, id
"""
ONE_SALE: Final = f"select {SALE_COLUMNS} from sale where id = :id and {_KNOWN}"
# A month's number, as `date_basics.month_number`.
_MONTH = "cast(substr(on_date, 1, 4) as integer) * 12 + cast(substr(on_date, 6, 2) as integer) - 1"
BY_MONTH: Final = f"select {_MONTH}, sum(amount) from sale where {_KNOWN} group by 1"
BY_DEAL_AND_MONTH: Final = f"""
select link, {_MONTH}, sum(amount) from sale where link is not null and {_KNOWN} group by 1, 2
"""
LINKED: Final = f"select distinct link from sale where link is not null and {_KNOWN}"
MATCHES: Final = """
select id, sale, deal, says, known_on, recorded_at from match
where known_on <= :known and sale not in (select value from json_each(:late))
"""
TARGETS: Final = """
select id, owner, month, amount, known_on, recorded_at from target
where known_on <= :known and id not in (select value from json_each(:late))
"""
FIRST_CONTACTS: Final = """
select d.id, coalesce(d.first_contact_on, d.began_on) from json_each(?) j cross join deal d on d.id = j.value
"""
# Deals that have no line of their own: each with the one that it was merged into, if any.
GONE: Final = "select deal, into_deal from gone"
# Orders closed before a day that nothing in the ledger belongs to, those of `:stale` apart; what follows is the
# condition on deals. The index of closed deals tells when, and by which day each was to be accepted.
_UNINVOICED = """
from deal d indexed by deal_closed where fate = 'won' and closed_on is not null and closed_on < :before
and not exists (select 1 from sale s where s.link = d.id and s.on_date <= :on and s.known_on <= :known
  and s.id not in (select value from json_each(:late)))
and id not in (select value from json_each(:stale)) and """
# Those closed from a day on, or with an acceptance promised for then or later; and how many there are in all.
UNINVOICED: Final = f"select id, stage, customer, closed_on, accepts, kind, amount {_UNINVOICED}"
SINCE: Final = " and (closed_on >= :since or substr(accepts, -10) >= :since)"
COUNT_UNINVOICED: Final = f"select count(*) {_UNINVOICED}"
# Sales that another program's rows became, by their source key: those that stand first, the oldest of them before all.
SALE_KNOWN: Final = f"""
select {REC}, s.id is not null from record r left join sale s on s.id = r.id
where r.source_key = ? and r.kind = 'sale' order by s.id is null, r.recorded_at, r.id
"""
