"""Statements for what gaps ask of live and of won deals: promised dates, won deals in brief, who was met lately."""

from typing import Final

# The promised closes of many deals, each deal's in the order in which they were said.
CLOSES_OF: Final = """
select p.deal, p.value, p.made_on, p.entry, p.move from json_each(?) j cross join promise p on p.deal = j.value
where p.what = 'closes' order by p.deal, p.seq
"""
SOLD: Final = """
select id, stage, kind, customer, max(entered_on, coalesce(last_contact_on, '')), amount, holds from deal where {where}
"""
# Deals in which something happened lately, by the index of that: who was met in them, and when.
HEARD_IN_DEALS: Final = """
select id, customer, last_contact_on from deal indexed by deal_event
where last_event_on between :since and :on and last_contact_on >= :since
"""
# Who was met outside any deal, by the index of days.
HEARD_OUTSIDE: Final = """
select id, customer, on_date from entry indexed by entry_day
where on_date between :since and :on and deal is null and contact and customer is not null and known_on <= :known
"""
OUTSIDE: Final = "select id from entry indexed by entry_day where on_date between :since and :on and deal is null"
