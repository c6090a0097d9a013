"""Who has to move next, and whose the days of a wait were: in words, and as JSON."""

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from nippo_cli.base import language
from nippo_cli.base.language import t
from nippo_cli.render.parts import words

if TYPE_CHECKING:
    from nippo_cli.line.ball import BallSplit
    from nippo_cli.schema.schema import Choice, Schema


def ball_label(schema: "Schema") -> str:
    """What the schema calls the ball; "" where it has none."""
    field = schema.by_role.get("ball")
    return field.label if field is not None else ""


def ball_held(split: "BallSplit", schema: "Schema", as_of: date) -> str:
    """`顧客の窓口（11/20から9日）`."""
    days = words.days((as_of - split.since).days)
    return t("ball.held", holder=_label(split.holder, schema), day=words.day(split.since, as_of), days=days)


def ball_days(split: "BallSplit", schema: "Schema") -> str:
    """`114日のうち 顧客80日・技術20日・営業14日`: the customer's days are one figure, ours go by who it was."""
    theirs = unknown = 0
    ours: list[tuple[int, str]] = []
    for holder, days in split.days.items():
        choice = _choice(holder, schema)
        if choice is None:
            unknown += days
        elif choice.ours:
            ours.append((days, _label(holder, schema)))
        else:
            theirs += days
    parts = [(theirs, t("ball.theirs"))] if theirs else []
    parts += sorted(ours, key=lambda one: -one[0])
    if unknown:
        parts.append((unknown, t("ball.unknown")))
    said = t("show.dot").join(_part(who, days, language.current()) for days, who in parts)
    return t("ball.of", days=words.days(sum(split.days.values())), parts=said) if parts else ""


# Of thousands of waits most say the same.
@lru_cache(maxsize=4096)
def _part(who: str, days: int, _language: str) -> str:
    return t("ball.part", who=who, days=words.days(days))


def ball_json(split: "BallSplit | None", schema: "Schema") -> dict[str, object] | None:
    """The holder and since when, and the days of the wait: all of the customer's, those of each holder, and those of which nothing
    says whose they were."""
    if split is None:
        return None
    return {
        "holder": split.holder,
        "ours": choice.ours if (choice := _choice(split.holder, schema)) is not None else None,
        "since": split.since.isoformat(),
        "customer_days": _customer_days(split, schema),
        "unknown_days": _unknown_days(split, schema),
        "days": {holder: days for holder, days in split.days.items() if holder},
    }


def _customer_days(split: "BallSplit", schema: "Schema") -> int:
    return sum(days for holder, days in split.days.items() if (c := _choice(holder, schema)) is not None and not c.ours)


def _unknown_days(split: "BallSplit", schema: "Schema") -> int:
    """Those of which nothing says whose they were, and those of whom the schema does not know any more."""
    return sum(days for holder, days in split.days.items() if _choice(holder, schema) is None)


def _choice(holder: str, schema: "Schema") -> "Choice | None":
    """Who that is; None where the schema does not know."""
    field = schema.by_role.get("ball")
    return next((c for c in (field.choices if field is not None else ()) if holder in (c.key, *c.was)), None)


def _label(holder: str, schema: "Schema") -> str:
    field = schema.by_role.get("ball")
    return schema.label(field, holder) if field is not None else holder
