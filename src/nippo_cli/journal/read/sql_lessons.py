"""The statements behind lessons: reviews, and what finished deals have in common."""

from typing import Final

# --- reviews

PUT_REVIEW: Final = "insert or replace into review values (?,?,?,?,?,?,?,?)"
DROP_REVIEW: Final = "delete from review where id = ?"
# The columns of the table, then when each was recorded.
REVIEWS: Final = """
select v.*, r.recorded_at from review v cross join record r on r.id = v.id where v.known_on <= ? and v.on_date <= ?
"""
# Of one deal; those of deals merged into others are looked at one by one.
REVIEWS_OF: Final = f"{REVIEWS} and (v.deal = ? or v.deal in (select deal from gone where into_deal is not null))"

# --- ranks: of some deals, whose ids come as JSON

_OF = "from json_each(?) j cross join"
CLOSED_OF: Final = f"select d.id, d.owner, d.fate, d.closed_on {_OF} deal d on d.id = j.value where d.fate <> 'live'"
RANKS_OF_CLOSED: Final = f"""
select p.deal, p.what, p.value, p.made_on, p.entry, p.move {_OF} promise p on p.deal = j.value and p.what = 'confidence'
where exists (select 1 from deal d where d.id = j.value and d.fate <> 'live') order by p.deal, p.seq
"""

# --- deals that match, read as they are; what stands in braces is their condition

# A lost deal: what it is, its closing entry, and the stage before that.
LOST: Final = """
select d.id, d.customer, d.owner, d.amount, d.began_on, d.closed_on, d.contacts, coalesce(b.stage, ''),
  e.id, e.version, r.schema, r.body
from (select * from deal where fate = 'lost' and closed_on >= :since and closed_on <= :on and {where}) d
cross join stay c on c.deal = d.id and c.seq = (
  select max(x.seq) from stay x where x.deal = d.id and x.stage in (select value from json_each(:ends)))
left join stay b on b.deal = d.id and b.seq = c.seq - 1
cross join entry e on e.id = c.entry cross join record r on r.id = e.id
"""
# The entries of some deals, the latest first; `mark` stands in the body of each.
SAYING: Final = """
select e.deal, e.id, e.version, r.schema, r.body
from json_each(:deals) j cross join entry e on e.deal = j.value cross join record r on r.id = e.id
where e.version <> e.id or instr(r.body, :mark) order by e.deal, e.on_date desc, e.recorded_at desc, e.id desc
"""
# Orders by owner and month.
WON: Final = """
select owner, substr(closed_on, 1, 7), count(*) from deal
where fate = 'won' and closed_on >= :since and closed_on <= :on and {where} group by 1, 2
"""
_FIRST = "coalesce(first_contact_on, began_on)"
_SILENT = "coalesce(last_contact_on, began_on)"
# Live deals without a hold that are silent since :silent_since or longer, no next step ahead.
_FIZZLED = f"{_SILENT} <= :silent_since and (next_on is null or substr(next_on, -10) < :on)"
_SUMS = "count(*), coalesce(sum(amount), 0), sum(amount is null)"
# Closed deals by fate, days from the first contact to the end, and lead time.
CLOSED_DAYS: Final = f"""
select fate, cast(julianday(closed_on) - julianday({_FIRST}) as integer),
  cast(julianday(closed_on) - julianday(began_on) as integer), {_SUMS}
from deal where fate <> 'live' and {{where}} group by 1, 2, 3
"""
OPEN_SINCE: Final = f"""
select {_FIRST}, {_SUMS} from deal
where fate = 'live' and holds is null and not ({_FIZZLED}) and {{where}} group by 1
"""
SILENCES: Final = f"""
select distinct {_SILENT} from deal where fate = 'live' and holds is null and {_FIZZLED} and {{where}}
"""
# Fizzled deals by days from the first contact to the day on which their silence passed the limit; `passes` is that day
# (as a Julian day) for each day of a last contact.
FIZZLED_DAYS: Final = f"""
select cast(j.value - julianday({_FIRST}) as integer), {_SUMS}
from (select * from deal where fate = 'live' and holds is null and {_FIZZLED} and {{where}}) d
cross join json_each(:passes) j on j.key = {_SILENT} group by 1
"""
LIVE_RANKS: Final = f"""
select confidence, owner, {_FIZZLED}, count(*) from deal
where fate = 'live' and holds is null and {{where}} group by 1, 2, 3
"""
FINISHED_AMOUNTS: Final = """
select amount, count(*) from deal where fate <> 'live' and amount is not null and {where} group by 1
"""
MATCHING: Final = "select id, fate, amount from deal where {where}"
REACHED: Final = "exists (select 1 from stay s where s.deal = deal.id and s.stage = :reached)"
