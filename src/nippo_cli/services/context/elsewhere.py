"""A number that the journal does not have, looked for in what restores of it set aside."""

from typing import TYPE_CHECKING

from nippo_cli.base.errors import msg
from nippo_cli.base.ids import show_id

if TYPE_CHECKING:
    from nippo_cli.base.errors import Message
    from nippo_cli.journal.read import JournalReader


def where_else(reader: "JournalReader", record: int) -> "Message":
    """Where a number is to be looked for that the journal does not have: in what a restore set aside, else in the log."""
    return in_set_aside(reader, record) or msg("desk.see_log")


def in_set_aside(reader: "JournalReader", record: int) -> "Message | None":
    """Which file that a restore set aside has a number, and how it is read there; None where none has it."""
    from nippo_cli.journal.care import set_aside_with, typed

    stored = set_aside_with(reader.cx, record)
    if stored is None:
        return None
    key = "desk.set_aside.deal" if stored.kind == "deal" else "desk.set_aside"
    return msg(key, id=show_id(record), name=stored.copy.name, path=typed(stored.copy))
