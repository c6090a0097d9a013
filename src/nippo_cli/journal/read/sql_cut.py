"""The statements that cut lines off at past days. Days are ISO text."""

from typing import Final

# Deals live today, or of which something happened after :since, begun by :last.
TOLD: Final = """
select id, began_on, last_event_on, last_known_on, steady_since, customer, kind, owner, source, amount, closes, confidence
from deal where (fate = 'live' or last_event_on > :since) and began_on <= :last {which} order by id
"""
# Of these, those whose expected close, or its last day, ever lay in one of some months, and those that don't tell all of
# the days after :since by themselves.
WHICH: Final = """
and id in (select deal from promise where what = 'closes' and substr(value, -10, 7) in (select value from json_each(:months))
  union select id from deal where steady_since > :since and began_on <= :last
  union select id from deal where steady_since is null)
"""
CLOSING: Final = """
select distinct deal from promise where what = 'closes' and substr(value, -10, 7) in (select value from json_each(?))
"""
# Entries of a day or before it that were not known yet. The index holds only what was written down later than it happened.
TOLD_LATE: Final = """
select distinct deal from entry indexed by entry_late
where known_on > on_date and known_on > :known and on_date <= :on
"""
# Deals that have no line today and may have had one.
GONE: Final = "select deal from gone where last_event_on > :on or last_known_on > :known"
MERGED: Final = "select deal, into_deal from gone where into_deal is not null"
# In the order of the deals that are asked for, which is ascending, and of each line.
STAYS: Final = """
select s.deal, s.stage, s.entered_on, s.left_on, s.days, s.entry, s.step
from stay s where s.deal in (select value from json_each(?)) order by s.deal, s.seq
"""
_PROMISES = """
select p.deal, p.what, p.made_on, p.value
from promise p where p.deal in (select value from json_each(?)) and p.what {what} order by p.deal, p.seq
"""
AMOUNTS: Final = _PROMISES.format(what="= 'amount'")
PROMISES: Final = _PROMISES.format(what="<> 'next'")
# Deals that were ever assigned to someone; `begun.deal_of` says what stands of it.
HANDED: Final = """
select distinct r.target from record r indexed by record_target
where r.target is not null and r.kind = 'deal' and instr(r.body, '"do":"assign"') > 0
"""
FIRST_AUTHOR: Final = "select author from entry where deal = ? order by on_date, recorded_at, id limit 1"
