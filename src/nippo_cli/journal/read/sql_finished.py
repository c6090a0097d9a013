"""The statements behind what finished deals tell of others: which ended last, and what was known of them at an age."""

from typing import Final

from nippo_cli.journal.log import POINT_COLUMNS

_FIRST = "coalesce(first_contact_on, began_on)"
_SILENT = "coalesce(last_contact_on, began_on)"
# Deals that ended last; what stands in braces is their condition. They ended more than :age days after their first
# contact, which the day of a fizzled one is looked at for once it is known.
CLOSED_LATELY: Final = f"""
select id, fate, amount, {_FIRST}, closed_on from deal
where closed_on is not null and closed_on <= :on and julianday(closed_on) - julianday({_FIRST}) > :age and {{where}}
order by closed_on desc, id desc limit :most
"""
SILENT_LATELY: Final = f"""
select id, amount, {_FIRST}, {_SILENT} from deal
where fate = 'live' and {_SILENT} <= :silent_since and holds is null
and (next_on is null or substr(next_on, -10) < :on) and {{where}}
order by {_SILENT} desc, id desc limit :most
"""
# Below, `:cuts` is a JSON object of days by deals.
_CUTS = "(select cast(key as integer) as deal, value as day from json_each(:cuts)) c"
# The entries of some deals up to a day each, with what tells whom they met; the deal comes last.
POINTS_UPTO: Final = f"""
select {POINT_COLUMNS}, r.schema, r.body, e.deal
from {_CUTS} cross join entry e on e.deal = c.deal and e.on_date <= c.day
cross join record r on r.id = e.id
order by e.deal, e.on_date, e.recorded_at, e.id
"""
HOLDS_OF: Final = """
select d.id, d.holds from json_each(?) j cross join deal d on d.id = j.value where d.holds is not null
"""
# Where deals stood at the end of a day each, from their stays; and what was last said of their amount by then.
STOOD: Final = f"""
select c.deal,
  (select s.stage from stay s where s.deal = c.deal and s.entered_on <= c.day order by s.seq desc limit 1)
from {_CUTS}
"""
WORTH: Final = f"""
select c.deal,
  (select p.value from promise p where p.deal = c.deal and p.what = 'amount' and p.made_on <= c.day
   order by p.seq desc limit 1),
  (select e.on_date from entry e where e.deal = c.deal and e.on_date <= c.day and e.contact
   order by e.on_date desc limit 1)
from {_CUTS}
"""
