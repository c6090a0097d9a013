"""The statements behind what is offered while a report is typed: names, the latest first, and steps that are due."""

from typing import Final

RECENT_DEALS: Final = """
select d.id, d.name, d.customer,
  (select group_concat(n.name, ' ') from deal_name n where n.deal = d.id and n.is_alias)
from deal d order by d.last_on desc, d.id desc
"""
RECENT_CUSTOMERS: Final = """
select customer from deal where customer <> '' group by customer order by max(last_on) desc, customer
"""
# Live deals whose next step is due by :on, those of :owner first, the latest due first; held ones are told apart later.
DUE_STEPS: Final = """
select id from deal where fate = 'live' and next_on is not null and substr(next_on, -10) <= :on
order by owner = :owner desc, substr(next_on, -10) desc, id limit :limit
"""
LAST_ENTRY: Final = "select id from entry order by recorded_at desc, id desc limit 1"
LAST_ENTRY_BY: Final = "select id from entry where author = ? order by recorded_at desc, id desc limit 1"
