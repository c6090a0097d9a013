"""The statements behind the shell's completion. Each is an index range, or a scan of names alone."""

from typing import Final

LAST_AGREEMENT: Final = """
select r.body from agreement a join record r on r.id = a.id order by a.recorded_at desc, a.id desc limit 1
"""
LATEST_DEALS: Final = """
select d.id, d.name, d.customer from (
  select deal from entry where deal is not null order by on_date desc, recorded_at desc, id desc limit ?) e
join deal d on d.id = e.deal
"""
_DEALS: Final = """
select d.id, d.name, d.customer from (select distinct deal from deal_name where {which} order by folded limit ?) n
join deal d on d.id = n.deal
"""
DEALS_FROM: Final = _DEALS.format(which="folded >= ? and folded < ?")
DEALS_WITH: Final = _DEALS.format(which="instr(folded, ?) > 0")
# Of the latest deals: who owns none of those is hardly asked for, and nobody waits at TAB for a scan.
OWNERS: Final = "select distinct owner from (select owner from deal order by id desc limit 5000) order by owner"
LATEST_ENTRIES: Final = """
select e.id, e.on_date, coalesce(e.customer, d.customer, ''), coalesce(d.name, '')
from entry e left join deal d on d.id = e.deal order by e.on_date desc, e.recorded_at desc, e.id desc limit ?
"""
