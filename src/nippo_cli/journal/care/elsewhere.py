"""A record that is not in a journal, looked for in what restores of it set aside."""

import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

from nippo_cli.base.errors import JournalError
from nippo_cli.journal.care.copies import set_aside
from nippo_cli.journal.log import look_into

_FILE: Final = "pragma database_list"
_IS_THERE: Final = "select 1 from record where id = ?"


def set_aside_with(cx: sqlite3.Connection, record: int) -> Path | None:
    """The newest file that a restore set aside beside the journal which has a record; None where none has."""
    path = Path(cx.execute(_FILE).fetchone()[2])
    for copy in reversed(set_aside(path)):
        with suppress(JournalError, sqlite3.Error, OSError), closing(look_into(copy, older=True)) as there:
            if there.execute(_IS_THERE, (record,)).fetchone():
                return copy
    return None
