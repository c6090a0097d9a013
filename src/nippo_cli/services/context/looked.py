"""How far a person had read a journal when they last looked: kept in the state folder, for it is of one machine and no record.

What is new stays new for the whole day: a second look on one day shows what the first one did.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Final

from nippo_cli.base.files import make_folder, replace_file
from nippo_cli.base.frozen import NamedTuple

if TYPE_CHECKING:
    from nippo_cli.base.places import Places

_FILE: Final = "looked.json"


class Look(NamedTuple):
    """A look on the day `on`: each device's last record then (`upto`), by slot; and those at the last look of a day before (`after`),
    which was on the day `since`. On the first day of all `since` is None, and `after` what was there at its first look: None before
    that."""

    on: date
    upto: Mapping[int, int]
    since: date | None = None
    after: Mapping[int, int] | None = None


def look_of(places: "Places", today: date, upto: Mapping[int, int]) -> Look:
    """Today's look, with what was there at the last one of a day before. What can't be read is as if nobody had looked yet."""
    last = _read(places)
    if last is None:
        return Look(today, upto)
    if last.on == today:
        # Where the first look of all was today, what came since then is new.
        return last._replace(upto=upto, after=last.upto if last.after is None else last.after)
    return Look(today, upto, last.on, last.upto)


def note_look(places: "Places", look: Look) -> None:
    """Keep a look, where it is otherwise than what is kept. What can't be kept is no fault."""
    if _read(places) == look:
        return
    said = {
        "on": look.on.isoformat(),
        "upto": look.upto,
        "since": look.since.isoformat() if look.since is not None else None,
        "after": look.after,
    }
    with suppress(OSError):
        make_folder(places.state)
        replace_file(places.state / _FILE, json.dumps(said).encode())


def _read(places: "Places") -> Look | None:
    """The last look that this machine noted; None where there is none, or it can't be read."""
    try:
        said = json.loads((places.state / _FILE).read_bytes())
        since, after = said["since"], said["after"]
        return Look(
            date.fromisoformat(said["on"]),
            _numbers(said["upto"]),
            date.fromisoformat(since) if since is not None else None,
            _numbers(after) if after is not None else None,
        )
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def _numbers(said: Mapping[str, int]) -> dict[int, int]:
    return {int(slot): int(number) for slot, number in said.items()}
