"""What a deal promised for a month, as its line tells it of the day before the month began. Pure."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import zip_longest

from nippo_cli.base.dates import month_number, month_start, read_when
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.line.facts import DealEvent, DealHistory
from nippo_cli.schema.schema import Schema

_DAY = timedelta(days=1)


class Eve(NamedTuple):
    """A live deal on the day before a month (`2026-03`) that its expected close, by its last day, lay in: the stage, the amount (smallest
    unit) and the confidence that stood, and the last contact, or where there was none the deal's beginning."""

    month: str
    stage: str
    amount: int | None
    confidence: str
    heard_on: date


def eves_of(line: DealHistory, points: Sequence[DealEvent], schema: Schema) -> Iterator[Eve]:
    """The eves of which a line tells by itself (`DealSummary.steady_since`); of a month to come, as things stand.

    Args:
        points: those that the line was built from.
    """
    from nippo_cli.line.trail import stage_at

    head = line.head
    if head.steady_since is None:
        return
    closes = [promise for promise in line.promises if promise.what == "closes"]
    for promise, after in zip_longest(closes, closes[1:]):
        first = month_start(month_number(read_when(str(promise.value)).last))
        if first <= max(head.steady_since, promise.made_on) or (after is not None and after.made_on < first):
            continue
        eve = first - _DAY
        stage = stage_at(line.stays, schema, eve)
        if stage is None:
            continue
        said = {one.what: one.value for one in line.promises if one.made_on <= eve}
        amount = said.get("amount")
        yield Eve(
            first.isoformat()[:7],
            stage,
            int(amount) if amount is not None else None,
            str(said.get("confidence", "")),
            next(
                (point.on for point in reversed(points) if (point.contact or point.stands) and point.on <= eve),
                head.began_on,
            ),
        )
