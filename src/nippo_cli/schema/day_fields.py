"""What a day's report says beside its entries: the fields that an agreement lists, or the two that every team has."""

from typing import Any

from nippo_cli.base.errors import Problem
from nippo_cli.schema.schema import DayField, Schema

# Where an agreement lists none. They are written in its language, as its own labels would be.
_DEFAULT = {
    "ja": (DayField("remarks", "所感", role="remarks"), DayField("tomorrow", "明日の予定", role="plan")),
    "en": (DayField("remarks", "Remarks", role="remarks"), DayField("tomorrow", "Plan for tomorrow", role="plan")),
}


def day_fields(agreement: Schema) -> tuple[DayField, ...]:
    """The agreement's own list, else remarks and the plan for tomorrow."""
    return agreement.day_fields or _DEFAULT.get(agreement.language, _DEFAULT["en"])


def main_field(agreement: Schema) -> DayField:
    """The field that `-m` writes: the one for remarks, else the first."""
    found = day_fields(agreement)
    return next((f for f in found if f.role == "remarks"), found[0])


def check_day(raw: dict[str, object], agreement: Schema, today: Any) -> tuple[dict[str, Any], list[Problem]]:
    """Values as typed, canonical by key, and every problem; an empty one is None: it takes the field out.

    Args:
        today: the day that is written about, from which `来月` counts.
    """
    from nippo_cli.base.errors import Place
    from nippo_cli.schema.types import Reading, ValueRefused, reader_for

    fields = {f.key: f for f in day_fields(agreement)}
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for key, said in raw.items():
        if said in ("", None, []):
            values[key] = None
            continue
        try:
            values[key] = reader_for(fields[key].field, Reading(today, agreement)).read(said)
        except ValueRefused as error:
            problems.append(Problem(Place(key), error.said, error.needs))
    return values, problems
