"""Statements that several readers share."""

from typing import Final

# What belongs to some deals, whose ids come as JSON.
FROM_LISTED: Final = "from json_each(?) j cross join"
CLOSED_OF: Final = (
    f"select d.id, d.owner, d.fate, d.closed_on {FROM_LISTED} deal d on d.id = j.value where d.fate <> 'live'"
)
RANKS_OF_CLOSED: Final = f"""
select p.deal, p.what, p.value, p.made_on, p.entry, p.move {FROM_LISTED} promise p on p.deal = j.value and p.what = 'confidence'
where exists (select 1 from deal d where d.id = j.value and d.fate <> 'live') order by p.deal, p.seq
"""
WITHOUT_LINE: Final = "select deal from gone"
COUNTERS_OF: Final = "select what, stage, kind, won, days, n from tally where what = ?"
# Of names in their normal form those to which several deals answer: a seek each.
SHARED_NAMES: Final = """
select j.value from json_each(?) j
where (select count(*) from (select distinct deal from deal_name where folded = j.value limit 2)) > 1
"""
SITES: Final = "select distinct site from deal where site <> '' order by site"
