"""The part of writing that is about persons: what one is called, where they went, who came after them.

A person is given by a name that they answer to and the customer where they are; they get their begin with the first that is
said of them.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from nippo_cli.journal.write.append import Log


def say_of_person(log: Log, name: str, customer: str, said: Sequence[Mapping[str, object]], *, on: date) -> list[int]:
    """Say something of a person, in this order.

    Args:
        said: a body each: `{"do": "rename" | "alias", "name": …}`, `{"do": "moved", "customer": …, "to": …}`,
            `{"do": "left", "customer": …}`, `{"do": "successor", "customer": …, "name": …}`.
        on: the day since which it is so.

    Returns:
        The records, the person's begin among them where they had none.
    """
    begin, records = _begin_of(log, name, customer)
    return [*records, *(_say(log, body, begin, on) for body in said)]


def merge_person(log: Log, name: str, customer: str, into: str, *, at: str = "") -> list[int]:
    """From now on a person is another, who answers to their names too.

    Args:
        at: the customer where the other one is; "" for the same.
    """
    other, made = _begin_of(log, into, at or customer)
    begin, records = _begin_of(log, name, customer)
    return [*made, *records, _say(log, {"do": "merge", "into": other}, begin, log.today)]


def _begin_of(log: Log, name: str, customer: str) -> tuple[int, list[int]]:
    """A person's begin, and that record where it is made now."""
    known = log.projection.people.person(name, customer)
    if known is not None:
        return known.id, []
    begin = _say(log, {"do": "begin", "name": name, "customer": customer}, None, log.today)
    return begin, [begin]


def _say(log: Log, body: Mapping[str, object], begin: int | None, on: date) -> int:
    rec = log.append("person", body, on=on, target=begin)
    log.projection.record(rec)
    return rec.id
