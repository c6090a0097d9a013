"""Whose move it is: who held the ball of a deal from when on, and how many days of a wait were whose. Pure."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.text import normal_form
from nippo_cli.line.facts import BallTurn, DealEvent
from nippo_cli.line.span import Hold, net_days

if TYPE_CHECKING:
    from nippo_cli.schema.schema import Schema


def ball_turns(points: Sequence[DealEvent], schema: "Schema") -> tuple[BallTurn, ...]:
    """Who held the ball, one turn after the other. An entry hands it to whom it names, else to whom its activity leaves it to
    (`ball:` of the activity); one that does neither leaves it where it is. The last word of a day counts. A list, which says what
    is and not what was done, hands it to nobody by its activity.

    Args:
        points: of a deal, in the order of its line.

    Rule: docs/counting.md#the-ball
    """
    if schema.key("ball") is None:
        return ()
    by_activity = schema.ball_by_activity
    turns: list[BallTurn] = []
    for point in points:
        holder = point.ball or ("" if point.snapshot else by_activity.get(point.activity or ""))
        if not holder:
            continue
        if turns and turns[-1].since == point.on:
            turns.pop()
        if not turns or turns[-1].holder != holder:
            turns.append(BallTurn(holder, point.on, point.id))
    return tuple(turns)


def days_by_holder(turns: Sequence[BallTurn], holds: Sequence[Hold], after: date, upto: date) -> Mapping[str, int]:
    """The days of a wait by who held the ball, those on hold taken off; "" for days of which nothing says whose they were.
    They add up to the wait's `net_days`.

    Args:
        after, upto: the day on which the wait began, and the one on which it ended or is looked at.
    """
    days: dict[str, int] = {}
    bounds = [("", after), *((turn.holder, max(turn.since, after)) for turn in turns if turn.since < upto), ("", upto)]
    for (holder, first), (_, end) in pairwise(bounds):
        length = net_days(holds, first, end)
        if length:
            days[holder] = days.get(holder, 0) + length
    return days


# A step that is to wait for somebody: `先方からの連絡待ち`, `Wait for their call`.
_WAITS = r".*(待ち|待つ|待って(いる|います))|(a?wait|waiting|awaiting)\b.*"


def waits_for_customer(step: str, *, dated: bool, ball: str, activity: str, schema: "Schema") -> bool:
    """Whether a next step is the customer's to do, not a promise of ours: as the entry says whose move it is; else where the step is
    to wait; else, of one without a day, where the activity leaves the move to the customer.

    Args:
        ball, activity: what the entry says in the fields of these roles; empty where it says nothing.

    Rule: docs/day.md#before-a-visit
    """
    known = schema.activity_by_key.get(activity)
    if ball in schema.ball_holders:
        return not schema.ball_holders[ball].ours
    if re.fullmatch(_WAITS, normal_form(step).rstrip("。.")):
        return True
    left_to = schema.ball_holders.get(known.ball if known is not None and not dated else "")
    return left_to is not None and not left_to.ours


class BallSplit(NamedTuple):
    """Who has to move next, since when, and whose the days of a wait were (`days_by_holder`)."""

    holder: str
    since: date
    days: Mapping[str, int]


def ball_split(turns: Sequence[BallTurn], holds: Sequence[Hold], after: date, upto: date) -> BallSplit | None:
    """The ball on a day, and the wait until then by who held it; None where nothing says who has it.

    Args:
        after, upto: the day on which the wait began, and the one on which it is looked at.
    """
    until = [turn for turn in turns if turn.since <= upto]
    if not until:
        return None
    return BallSplit(until[-1].holder, until[-1].since, days_by_holder(until, holds, after, upto))
