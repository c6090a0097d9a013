"""What moved forward within a window."""

import json
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from typing import Final

from nippo_cli.journal.asof import AsOfView
from nippo_cli.journal.read.deal_filter import DealFilter

# Steps forward of deals of which something happened lately, by the stage; of those in `:stale` none.
FORWARD: Final = """
select s.stage, count(*) from stay s
where s.deal in (select id from deal where last_event_on >= :since and {where})
and s.deal not in (select value from json_each(:stale))
and s.step > 0 and s.entered_on >= :since and s.entered_on <= :on group by s.stage
"""


def forward(
    there: AsOfView, since: date, picked: DealFilter, spelled: Callable[[str], Iterable[str]]
) -> dict[str, int]:
    """How often each stage was entered by a step forward from `since` on; a loss is none.

    Args:
        spelled: every spelling of a customer.
    """
    lost = {stage.key for stage in there.agreement.stages if stage.ends == "lost"}
    where, params = picked.where(spelled)
    bound = {**params, "since": since.isoformat(), "on": there.day, "stale": json.dumps(sorted(there.unsettled))}
    counted = Counter(dict(there.cx.execute(FORWARD.format(where=where), bound).fetchall()))
    for line in there.folded():
        if picked.matches(line.head):
            counted.update(s.stage for s in line.stays if s.step > 0 and since <= s.entered_on <= there.as_of.on)
    return {stage: n for stage, n in counted.items() if stage not in lost}
