"""Corrections of one entry by several members: which of them contradict one another. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.persons import person_key


class Amendment(NamedTuple):
    """A correction of an entry, by its record; `slot` is the device that wrote it.

    `upon` are the corrections by other devices that its writer had before them, or the last of them: what those had seen, it
    had too. None, of a record that does not say so, is all that come before it. `changes` has what it says, by field key, `on` and
    `deal`; nothing where it was taken back.
    """

    record: int
    slot: int
    author: str
    known_on: str
    upon: Sequence[int] | None
    changes: Mapping[str, Any]


def unseen_by_others(corrections: Sequence[Amendment], slot: int) -> list[int]:
    """The corrections that a device names as those before its next one: of other devices' the last, which no other has seen.

    Args:
        corrections: in the order of the log.
    """
    known = known_to_each(corrections)
    covered = {one.record for one in corrections if one.slot == slot}.union(*known.values())
    return [one.record for one in corrections if one.record not in covered]


def contradictions(corrections: Sequence[Amendment]) -> dict[str, list[Amendment]]:
    """By what they change, the corrections of two or more members of which none had seen another's, which say different things, and which
    nobody corrected since who had seen them; in the order of the log: the last is in force.

    Args:
        corrections: of one entry, in the order of the log.
    """
    known = known_to_each(corrections)
    fields = dict.fromkeys(key for one in corrections for key in one.changes)
    left: dict[str, list[Amendment]] = {}
    for field in fields:
        of_field = [one for one in corrections if field in one.changes]
        settled = {record for one in of_field for record in known[one.record]}
        last = [one for one in of_field if one.record not in settled]
        several = len({person_key(one.author) for one in last}) > 1
        if several and any(one.changes[field] != last[0].changes[field] for one in last):
            left[field] = last
    return left


def any_unseen(corrections: Sequence[Amendment]) -> bool:
    """Whether two members corrected it and neither had seen the other's correction.

    Args:
        corrections: in the order of the log.
    """
    known = known_to_each(corrections)
    return any(
        one.record not in known[other.record] and person_key(one.author) != person_key(other.author)
        for n, other in enumerate(corrections)
        for one in corrections[:n]
    )


def known_to_each(corrections: Sequence[Amendment]) -> dict[int, set[int]]:
    """By the record of each correction, those that its writer had seen."""
    known: dict[int, set[int]] = {}
    for place, one in enumerate(corrections):
        before = corrections[:place]
        if one.upon is None:
            known[one.record] = {other.record for other in before}
            continue
        direct = {other.record for other in before if other.slot == one.slot} | set(one.upon)
        known[one.record] = direct.union(*(known.get(record, ()) for record in direct))
    return known
