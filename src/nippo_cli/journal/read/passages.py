"""Stays that a window touches, added up by SQL where a deal's stored stays tell all of it: one that never went back, so that
it was in no stage twice. The others are left to whoever looks at them one by one (`APART`)."""

import json
from collections.abc import Collection, Iterator
from datetime import date
from typing import Any, Final

from nippo_cli.journal.asof import AsOfView
from nippo_cli.journal.read.picked import Quietness
from nippo_cli.line.steps import PassageSum

# Deals that are not added up: of which something happened or was learned after the day, that went back, that are on hold
# or were, that were handed over, that stood in a stage which the schema does not know, whose stays a list alone tells of.
APART: Final = """
(id in (select id from deal indexed by deal_back where went_back
  union select id from deal indexed by deal_held where fate = 'live' and holds is not null
  union select deal from stay indexed by stay_listed where arrival <> 'known'
  union select id from deal where last_event_on > :on union select id from deal where last_known_on > :known
  union select value from json_each(:handed) {unknown}))
"""
UNKNOWN_STAGE: Final = """
union select deal from stay where stage not in (select value from json_each(:stages))
"""
STAGES_ENTERED: Final = "select distinct stage from tally where what = 'enter'"
# By group, stage, the next stage, and one number of the stay's length (-1 while it lasts) and four marks: whether the deal began
# with it, whether it began in the window, whether the deal lives and is silent. What a deal tells is worked out once for all of its
# stays, and the number is told apart first: each stay by itself and in five columns takes a third more.
PASSED: Final = """
with picked as materialized (
  select id, {group} as of, amount, 4 * (fate = 'live') + 8 * (fate = 'live'
    and coalesce(last_contact_on, began_on) <= :silent_since and (next_on is null or substr(next_on, -10) < :on)) as marks
  from deal
  where id in (select id from deal where fate = 'live' union select id from deal where last_event_on > :before)
  and not {apart} and {where})
select d.of, s.stage, n.stage, 16 * coalesce(s.days, -1) + d.marks + (s.seq = 0) + 2 * (s.entered_on >= :since),
  count(*), coalesce(sum(d.amount), 0), sum(d.amount is null)
from picked d cross join stay s on s.deal = d.id left join stay n on n.deal = s.deal and n.seq = s.seq + 1
where s.left_on is null or s.left_on >= :since
group by 4, 2, 3{then}
"""


class PassageReader:
    """The stays of a day's deals between `since` and the day.

    Args:
        where: the condition on rows of `deal` that picks them, and what is bound in it.
        handed: deals that changed hands, which are looked at one by one; none where it does not matter whose they are.
    """

    def __init__(
        self, view: AsOfView, since: date, where: tuple[str, dict[str, Any]], handed: Collection[int] = ()
    ) -> None:
        self._cx, self._day = view.cx, view.as_of.on
        self._where, params = where
        known = [stage.key for stage in view.schema.stages]
        entered = {stage for (stage,) in self._cx.execute(STAGES_ENTERED)}
        self.apart = APART.format(unknown=UNKNOWN_STAGE if entered - set(known) else "")
        self.bound = {
            **params,
            "on": view.day,
            "known": view.known,
            "since": since.isoformat(),
            "handed": json.dumps(sorted(handed)),
            "stages": json.dumps(known),
        }

    def sums(self, before: date, quiet: Quietness, group: str = "") -> Iterator[tuple[str, PassageSum]]:
        """What the stays add up to, by group.

        Args:
            before: deals of which nothing happened after this day are left out, unless they live.
            group: the column of `deal` to group by, if any.
        """
        bound = {"before": before.isoformat(), "silent_since": quiet.silent_since(self._day).isoformat()}
        # One more thing to tell rows apart by, though it be empty, takes a tenth more.
        names = {"group": group or "''", "then": ", 1" if group else ""}
        statement = PASSED.format(**names, apart=self.apart, where=self._where)
        for name, stage, to, length, n, amount, unknown in self._cx.execute(statement, self.bound | bound):
            first, inside, live, fizzled = (bool(length & 1 << bit) for bit in range(4))
            days = length >> 4 if length >= 0 else None
            yield name, PassageSum(stage, to, first, inside, days, live, fizzled, n, amount, unknown)
