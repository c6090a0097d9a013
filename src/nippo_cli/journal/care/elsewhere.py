"""A record that is not in a journal, looked for in what restores of it set aside."""

import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

from nippo_cli.base.errors import JournalError
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.journal.care.copies import set_aside
from nippo_cli.journal.log import look_into

_FILE: Final = "pragma database_list"
_KIND: Final = "select kind from record where id = ?"


class SetAsideRecord(NamedTuple):
    """A record of a file that a restore set aside."""

    copy: Path
    kind: str


def set_aside_with(cx: sqlite3.Connection, record: int) -> SetAsideRecord | None:
    """A record in the newest file of those that restores set aside beside the journal which has it; None where none has."""
    path = Path(cx.execute(_FILE).fetchone()[2])
    for copy in reversed(set_aside(path)):
        with suppress(JournalError, sqlite3.Error, OSError), closing(look_into(copy, older=True)) as there:
            for (kind,) in there.execute(_KIND, (record,)):
                return SetAsideRecord(copy, kind)
    return None
