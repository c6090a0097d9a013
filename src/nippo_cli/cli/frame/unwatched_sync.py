"""The process of a sync that nobody waits for: `python -m nippo_cli.cli.frame.unwatched_sync JOURNAL SCHEMA STATE`."""

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from nippo_cli.base.detached import leave_terminal
from nippo_cli.base.language import asked_for, bind
from nippo_cli.base.places import Places
from nippo_cli.cli.frame.clock import now
from nippo_cli.services.context import Workspace
from nippo_cli.services.team.syncing import sync_unwatched


def main(argv: Sequence[str]) -> None:
    """Sync one journal once; what goes wrong is kept for the morning page, or left to the next one."""
    from nippo_cli.cli.frame.context import author, machine_user

    journal, schema, state = map(Path, argv)
    leave_terminal()
    bind(asked_for(None, os.environ))
    with suppress(OSError):
        # A folder that a process stands in can't be removed, nor its stick be pulled.
        os.chdir(state)
    places = Places(journal_db=journal, schema=schema, state=state)
    sync_unwatched(Workspace(places, now(), author=author(), machine_user=machine_user()))


if __name__ == "__main__":
    main(sys.argv[1:])
