"""Whether a journal still holds what its backups hold, told by their running heads."""

import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

from nippo_cli.base.errors import JournalError, Message, msg
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.ids import record_id, show_id
from nippo_cli.journal.care import copies
from nippo_cli.journal.log import RunningHead, compare_heads, lenient, look_into, noted_heads, usable

# So many backups are asked, the newest first.
_ASKED: Final = 10


class BackupComparison(NamedTuple):
    """What the backups beside a journal say of it: that it holds `less` than they do, or that it is `another`."""

    backups: int
    less: list[Message]
    another: list[Message]


def compare_with_backups(path: Path) -> BackupComparison:
    """A journal against the backups beside it. A backup that can't be read says nothing.

    Raises:
        NoJournal: there is none. JournalError: it can't be read.
    """
    copy_of: dict[RunningHead, str] = {}
    backups = 0
    for copy in list(reversed(copies.backups(path.stem, path.parent / copies.FOLDER)))[:_ASKED]:
        with suppress(JournalError, sqlite3.Error, OSError), closing(look_into(copy, older=True)) as other:
            other.text_factory = lenient
            heads = noted_heads(other)
            backups += bool(heads)
            for head in heads:
                copy_of.setdefault(head, copy.name)
    # All at once: to make a head is to read every record before it.
    with closing(look_into(path)) as cx, usable(path):
        cx.text_factory = lenient
        against = compare_heads(cx, list(copy_of))
    return BackupComparison(
        backups,
        [
            msg(
                "doctor.heads.less",
                copy=copy_of[head],
                id=show_id(record_id(head.slot, head.number)),
                last=show_id(record_id(head.slot, last)) if last else "–",
            )
            for head, last in against.ends_before
        ],
        [
            msg("doctor.heads.another", copy=copy_of[head], id=show_id(record_id(head.slot, head.number)))
            for head in against.another
        ],
    )
