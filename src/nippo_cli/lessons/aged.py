"""What could be known of a deal at a fixed age: the figures in which won lines are held against the others.

The age is in days since the first contact (since the first entry, where there was none). Points dated later are not
looked at, so that a deal that simply lived longer does not look better. Rule: docs/lessons.md#contrast
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import pairwise

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.lessons.finished import Lived
from nippo_cli.line.facts import Stay
from nippo_cli.line.history import promises_of, stays_of
from nippo_cli.line.span import ClosedDays, net_days
from nippo_cli.line.step_outcomes import StepPoint, steps
from nippo_cli.line.steps import passed_over
from nippo_cli.schema.schema import Schema

_MONTH = 30


class Cut(NamedTuple):
    """A line as far as its age, and what is measured of it: `met` are the days of its contacts."""

    lived: Lived
    stays: Sequence[Stay]
    met: Sequence[date]
    age: int
    schema: Schema
    rest: ClosedDays


def figures(lived: Lived, age: int, schema: Schema, rest: ClosedDays) -> dict[str, float]:
    """What is known of a deal at an age, by the key of each figure; what does not apply to it is left out. Of one that a list told
    of by then nothing is: what had been done for it is in no diary."""
    if any(point.snapshot for point in lived.points):
        return {}
    stays, _ = stays_of(lived.holds, lived.points, schema)
    cut = Cut(lived, stays, [point.on for point in lived.points if point.contact], age, schema, rest)
    measured = {key: measure(cut) for key, measure in FIGURES.items()}
    return {key: value for key, value in measured.items() if value is not None}


def _second_contact(cut: Cut) -> float:
    """Days to the second contact; the age itself where there was none by then."""
    met = cut.met
    return float((met[1] - cut.lived.first_on).days) if len(met) > 1 else float(cut.age)


def _contacts(cut: Cut) -> float:
    return len(cut.met) / cut.age * _MONTH


def _silence(cut: Cut) -> float:
    """The longest time without a contact, that before the age is reached among them; held days taken off."""
    days = [cut.lived.first_on, *cut.met, cut.lived.cut_on]
    return float(max(net_days(cut.lived.holds, a, b) for a, b in pairwise(days)))


def _people(cut: Cut) -> float | None:
    """How many people were met; None where the schema has no field for them."""
    if cut.schema.key("people") is None:
        return None
    return float(len(set().union(*cut.lived.people.values())))


def _demo_to_quote(cut: Cut) -> float | None:
    """Days from the first demo to the first quote after it: stages or activities whose key is, or was, one of these."""
    demo = _first(cut, "demo", date.min)
    quoted = _first(cut, "quote", demo) if demo is not None else None
    return float((quoted - demo).days) if demo is not None and quoted is not None else None


def _first(cut: Cut, key: str, since: date) -> date | None:
    stages, activities = cut.schema.renamed_stages, cut.schema.renamed_activities
    stage, activity = (key, stages.get(key)), (key, activities.get(key))
    days = [stay.entered_on for stay in cut.stays if stay.stage in stage]
    days += [point.on for point in cut.lived.points if point.activity in activity]
    return min((on for on in days if on >= since), default=None)


def _pushes(cut: Cut) -> float:
    # A correction made later is a promise of that later day.
    upto, said = cut.lived.cut_on, [p for p in cut.lived.points if p.closes is not None or p.earlier]
    return float(sum((p.move or 0) > 0 for p in promises_of(said) if p.what == "closes" and p.made_on <= upto))


def _share_in_time(cut: Cut) -> float | None:
    """The share of dated next steps that were kept in time, of those due by then; None where none was."""
    points = [StepPoint(point.id, point.on, point.next_on, point.contact) for point in cut.lived.points]
    became = [one.became for _, one in steps(points, cut.schema.grace, cut.rest, cut.lived.cut_on)]
    due = [one for one in became if one != "open"]
    return sum(one == "on_time" for one in due) / len(due) if due else None


def _skipped(cut: Cut) -> float:
    """Stages passed over by a move onward."""
    stays, schema = cut.stays, cut.schema
    moves = [n for n, stay in enumerate(stays[1:]) if stay.step > 1 and not _ends(schema, stay.stage)]
    return float(len({stage for n in moves for stage in passed_over(stays, n, schema)}))


def _ends(schema: Schema, stage: str) -> bool:
    known = schema.stage_by_key.get(stage)
    return known is not None and known.ends == "lost"


def _empty(cut: Cut) -> float | None:
    """Fields that the stages it stood in ask for as evidence and that no entry fills in; None where none asks."""
    bits = cut.schema.evidence_bits
    if not bits:
        return None
    stages = cut.schema.stage_by_key
    asked = {
        key for stay in cut.stays if (known := stages.get(stay.stage)) and not known.ends for key in known.evidence
    }
    filled_in = 0
    for point in cut.lived.points:
        filled_in |= point.evidence
    return float(sum(not filled_in & bits[key] for key in asked))


# In the order in which equal effects are shown.
FIGURES: Mapping[str, Callable[[Cut], float | None]] = {
    "second_contact_days": _second_contact,
    "contacts_a_month": _contacts,
    "longest_silence": _silence,
    "people": _people,
    "demo_to_quote_days": _demo_to_quote,
    "pushes": _pushes,
    "steps_kept": _share_in_time,
    "skipped": _skipped,
    "fields_empty": _empty,
}
