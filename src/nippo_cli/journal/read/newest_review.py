"""Whether anything was learned of a loss since a deal was last written about: `add` asks for it at every entry."""

import sqlite3
from typing import Final

from nippo_cli.base.ids import NUMBER_BITS

# When the newest review was recorded, one index lookup a device; and the newest entry of a deal but one.
REVIEWED_SINCE: Final = f"""
select
  (select max((
    select r.recorded_at from review v cross join record r on r.id = v.id
    where v.id >= d.slot << {NUMBER_BITS} and v.id < (d.slot + 1) << {NUMBER_BITS} order by v.id desc limit 1
  )) from device d),
  (select max(r.recorded_at) from entry e cross join record r on r.id = e.id where e.deal = ? and e.id <> ?)
"""


def reviewed_since(cx: sqlite3.Connection, deal: int, entry: int) -> bool:
    """Whether a device's newest review was recorded after a deal's other entries; `entry` is left out of them."""
    newest, before = cx.execute(REVIEWED_SINCE, (deal, entry)).fetchone()
    return bool(newest) and (before is None or str(newest) > str(before))
