"""What a journal's own device wrote last: asked with each sync, so it loads little."""

from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Final

from nippo_cli.base.dates import local_day
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.ids import device_name, number_of, record_id
from nippo_cli.journal.log import DEVICE_IDS, bare_slot, connect_ro, rows, time_zone, usable
from nippo_cli.journal.write import latest_of

OWN_LAST_FIRST: Final = "select recorded_at, id from record where id > ? and id < ? order by id desc"


class WrittenSince(NamedTuple):
    """What the journal's own device wrote last: its name; behind which number; how many; the latest instant of any other device,
    empty where none wrote; and the day of the last of them in the journal's time zone."""

    device: str
    after: int
    records: int
    others: str
    latest: str


def written_since(path: Path, since: str) -> WrittenSince:
    """What the journal's own device wrote that is dated after an instant."""
    with closing(connect_ro(path)) as cx, usable(path):
        slot = bare_slot(cx)
        others = (latest_of(cx, one) for one, _, _ in rows(cx, DEVICE_IDS) if one != slot)
        n, after, latest = 0, 0, ""
        for recorded_at, number in cx.execute(OWN_LAST_FIRST, (record_id(slot, 0), record_id(slot + 1, 0))):
            if recorded_at <= since:
                after = number_of(number)
                break
            n, latest = n + 1, latest or recorded_at
        day = local_day(datetime.fromisoformat(latest), time_zone(cx)).isoformat() if latest else ""
        return WrittenSince(device_name(slot), after, n, max(others, default=""), day)
