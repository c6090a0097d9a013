"""Columns of days that no word names: which is which is asked, the likeliest first."""

import re
from typing import Final

from nippo_cli.exchange.cells import CellReader
from nippo_cli.exchange.doubts import EXAMPLES, LEAVE_OUT, Decisions, Doubt
from nippo_cli.exchange.recognition import header_key, words
from nippo_cli.exchange.sampling import Sample, day_columns, is_past
from nippo_cli.exchange.stage_matching import step_of_day

# What is still to be done for a deal, or was after it: it began on neither, nor did it end.
DUE_OR_AFTER: Final = re.compile(
    "納期|納品|納入|出荷|検収|請求|入金|計上|希望|予定|期限|deliver|due|ship|invoice|valid|expir", re.IGNORECASE
)


def by_days(sample: Sample, roles: dict[str, str], decisions: Decisions, cell_reader: CellReader) -> None:
    """Columns of days that no word names, where else every row would have the file's day: of contacts the only one is theirs, if none of
    it is to come; else it is asked which is what."""
    if decisions.asks("on"):
        return
    # The day of a quote is a step of the deal.
    free = [one for one in sample.columns if one and not step_of_day(one, cell_reader.schema)]
    options = day_columns(sample, [one for one in free if one not in roles.values()], cell_reader)
    past = [one for one in options if is_past(sample, one, cell_reader)]
    coming = tuple(one for one in options if one not in past)
    past = [one for one in past if not DUE_OR_AFTER.search(one)]
    options = tuple(one for one in options if one in past or one in coming)
    if roles.keys() & {"on", "began", "changed", "closed"}:
        if coming and not roles.keys() & {"on", "closes"}:
            examples = tuple(sample.values(coming[0])[:EXAMPLES])
            decisions.decide_role(Doubt("closes", "", coming[0], coming, examples), roles)
        began = tuple(one for one in past if header_key(one) not in words().columns["closed"])
        if began and not roles.keys() & {"on", "began"}:
            # A deal has begun whatever became of it.
            guess = next((one for one in began if sample.cells[one].total() == sample.rows), "")
            examples = tuple(sample.values(began[0])[:EXAMPLES])
            decisions.decide_role(Doubt("began", "", guess, began, examples), roles)
        return
    tells = bool(roles.keys() & {"activity", "facts", "impression", "people"})
    stands = bool(roles.keys() & {"stage", "status", "amount", "closes"})
    if len(options) == 1 and tells and not stands and past:
        roles["on"] = options[0]
        return
    examples = tuple(sample.values(column)[0] for column in options[:EXAMPLES])
    asked = ("on",) if tells and not stands else ("began", *(() if "closes" in roles else ("closes",)))
    if len(options) == 1 and len(asked) > 1:
        # One column is one of them: first it is asked whether it is the likelier, then whether it is the other.
        first, other = ("began", "closes") if past else ("closes", "began")
        asked = (first, other) if decisions.answers.get(f"{first}:") == LEAVE_OUT else (first,)
    for role in asked if options else ():
        likely = {"began": past, "closes": coming}.get(role, ())
        decisions.decide_role(Doubt(role, "", next(iter(likely), ""), options, examples), roles)
    if roles.get("closes") == roles.get("began"):
        # One column is one of them.
        roles.pop("closes", None)
