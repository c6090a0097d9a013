"""Which deals moved on, when and to which stage: what `forward` counts, deal by deal."""

import json
from datetime import date
from typing import TYPE_CHECKING, Final

from nippo_cli.base.frozen import NamedTuple

if TYPE_CHECKING:
    from nippo_cli.journal.facts.gap_facts import JournalGapFacts

# Of the steps forward that `FORWARD` counts the last of each stage.
LAST_FORWARD: Final = """
select deal, stage, entered_on from (
  select s.deal, s.stage, s.entered_on, row_number() over (partition by s.stage order by s.entered_on desc, s.deal desc) as place
  from stay s
  where s.deal in (select id from deal where last_event_on >= :since and {where})
  and s.deal not in (select value from json_each(:stale))
  and s.step > 0 and s.entered_on >= :since and s.entered_on <= :on
) where place <= :most
"""


class MoveForward(NamedTuple):
    """A deal's step forward to a stage, and its day."""

    deal: int
    stage: str
    on: date


def last_forward(facts: "JournalGapFacts", most: int) -> list[MoveForward]:
    """The last steps forward of the window to each stage, so many at most, the latest first; a loss is none."""
    view, since, asked = facts.view, facts.since, facts.scope.deals
    where, params = asked.where(view.spellings)
    bound = {
        **params,
        "since": since.isoformat(),
        "on": view.day,
        "most": most,
        "stale": json.dumps(sorted(view.stale)),
    }
    moves = [
        MoveForward(deal, stage, date.fromisoformat(on))
        for deal, stage, on in view.cx.execute(LAST_FORWARD.format(where=where), bound)
    ]
    moves += [
        MoveForward(line.head.id, stay.stage, stay.entered_on)
        for line in view.rebuilt()
        if asked.matches(line.head, view.customers.same)
        for stay in line.stays
        if stay.step > 0 and since <= stay.entered_on <= facts.as_of
    ]
    lost = {stage.key for stage in facts.schema.stages if stage.ends == "lost"}
    return sorted((one for one in moves if one.stage not in lost), key=lambda one: (one.on, one.deal), reverse=True)
