"""Who has to move next, and whose the days of a wait were: in words, and as JSON."""

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from nippo_cli.base import language
from nippo_cli.base.language import t
from nippo_cli.render.parts import words

if TYPE_CHECKING:
    from nippo_cli.line.ball import BallSplit
    from nippo_cli.schema.schema import Schema


def ball_label(schema: "Schema") -> str:
    """What the schema calls the ball; "" where it has none."""
    field = schema.by_role.get("ball")
    return field.label if field is not None else ""


def ball_held(split: "BallSplit", schema: "Schema", as_of: date) -> str:
    """`顧客の窓口（11/20から9日）`."""
    return _held(_label(split.holder, schema), split.since, as_of, language.current())


# Of thousands of waits most say the same.
@lru_cache(maxsize=4096)
def _held(holder: str, since: date, as_of: date, _language: str) -> str:
    return t("ball.held", holder=holder, day=words.day(since, as_of), days=words.days((as_of - since).days))


def ball_days(split: "BallSplit", schema: "Schema") -> str:
    """`114日のうち 顧客80日・技術20日・営業14日`: the customer's days are one figure, ours go by who it was."""
    theirs = unknown = 0
    ours: list[tuple[int, str]] = []
    for holder, days in split.days.items():
        choice = schema.ball_holders.get(holder)
        if choice is None:
            unknown += days
        elif choice.ours:
            ours.append((days, choice.label))
        else:
            theirs += days
    parts = [(theirs, t("ball.theirs"))] if theirs else []
    parts += sorted(ours, key=lambda one: -one[0])
    if unknown:
        parts.append((unknown, t("ball.unknown")))
    said = t("show.dot").join(_part(who, days, language.current()) for days, who in parts)
    return t("ball.of", days=words.days(sum(split.days.values())), parts=said) if parts else ""


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
        "ours": choice.ours if (choice := schema.ball_holders.get(split.holder)) is not None else None,
        "since": split.since.isoformat(),
        "customer_days": _customer_days(split, schema),
        "unknown_days": _unknown_days(split, schema),
        "days": {holder: days for holder, days in split.days.items() if holder},
    }


def _customer_days(split: "BallSplit", schema: "Schema") -> int:
    holders = schema.ball_holders
    return sum(days for holder, days in split.days.items() if (c := holders.get(holder)) is not None and not c.ours)


def _unknown_days(split: "BallSplit", schema: "Schema") -> int:
    """Those of which nothing says whose they were, and those of whom the schema does not know any more."""
    return sum(days for holder, days in split.days.items() if holder not in schema.ball_holders)


def _label(holder: str, schema: "Schema") -> str:
    """Who that is, as an earlier agreement called them where this one does not know them."""
    choice, field = schema.ball_holders.get(holder), schema.by_role.get("ball")
    if choice is not None or field is None:
        return choice.label if choice is not None else holder
    return schema.label(field, holder)
