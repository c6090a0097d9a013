"""The start of a sync that nobody waits for, once a command has answered."""

import os
from collections.abc import Callable
from contextlib import suppress

from nippo_cli.base.detached import start_python
from nippo_cli.base.errors import Message, msg
from nippo_cli.base.places import Places
from nippo_cli.services.team.turns import ask, turn

# Says whether a write, and the morning page, start a sync by themselves.
SETTING = "NIPPO_SYNC"
_OFF = ("off", "no", "0", "false", "never")
_ON = ("", "on", "yes", "1", "true", "always")


def start_sync(places: Places, module: str, tell: Callable[[Message], None]) -> bool:
    """Start a sync of a team's journal in a process of its own, unless `NIPPO_SYNC` is `off` or one is at it already, which then
    goes once more; whether one was started.

    Args:
        module: what the process runs; it gets the journal, the schema and the state folder.
        tell: called where `NIPPO_SYNC` is neither on nor off: it is taken for off.
    """
    said = os.environ.get(SETTING, "").strip()
    if said.casefold() not in _ON:
        if said.casefold() not in _OFF:
            tell(msg("team.sync_setting", said=said))
        return False
    ask(places.state)
    with suppress(OSError), turn(places.state) as alone:
        if not alone:
            return False
    return start_python(module, [str(places.journal_db), str(places.schema), str(places.state)])
