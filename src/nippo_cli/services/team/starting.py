"""The start of a sync that nobody waits for, once a command has answered."""

import os
from contextlib import suppress

from nippo_cli.base.detached import start_python
from nippo_cli.base.places import Places
from nippo_cli.services.team.turns import ask, turn

# Says whether a write, and the morning page, start a sync by themselves.
SETTING = "NIPPO_SYNC"
_OFF = ("off", "no", "0", "false", "never")


def start_sync(places: Places, module: str) -> bool:
    """Start a sync of a team's journal in a process of its own, unless `NIPPO_SYNC` is `off` or one is at it already, which then
    goes once more; whether one was started.

    Args:
        module: what the process runs; it gets the journal, the schema and the state folder.
    """
    if os.environ.get(SETTING, "").strip().casefold() in _OFF:
        return False
    ask(places.state)
    with suppress(OSError), turn(places.state) as alone:
        if not alone:
            return False
    return start_python(module, [str(places.journal_db), str(places.schema), str(places.state)])
