"""The statements that count what was done, apart from the tally."""

from typing import Final

# The number of an entry's month: `date_basics.month_number`.
_MONTH = "cast(substr(on_date, 1, 4) as integer) * 12 + cast(substr(on_date, 6, 2) as integer) - 1"
# What the tally holds and was not known, or had not happened, by a day. Entries that share another's meeting are not in
# it; those that later corrections touched are told one by one.
_ADDED = f"""
select coalesce(activity, ''), {_MONTH}, count(*) from entry
where meeting is null and id not in (select value from json_each(:late)) and {{where}} group by 1, 2
"""
DID_AFTER: Final = _ADDED.format(where="on_date > :on")
DID_UNKNOWN: Final = _ADDED.format(where="known_on > on_date and known_on > :known and on_date <= :on")
# What these entries, as they stand now, have added.
DID_NOW: Final = f"""
select coalesce(activity, ''), {_MONTH}, count(*) from json_each(:late) j cross join entry e on e.id = j.value
where meeting is null group by 1, 2
"""
DID_IN: Final = """
select coalesce(e.meeting, e.id), e.activity, e.on_date from json_each(?) j cross join entry e on e.deal = j.value
order by e.on_date, e.recorded_at, e.id
"""
EVERY_ENTRY_KNOWN: Final = "select id from record where kind = 'entry' and known_on <= ?"
