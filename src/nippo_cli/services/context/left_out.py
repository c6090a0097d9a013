"""The entries that a page leaves out, where their counts are to open."""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nippo_cli.journal.read import JournalReader
    from nippo_cli.line.facts import AsOf
    from nippo_cli.results.entries import EntryView

_MOST: Final = 100


def entries_left_out(reader: "JournalReader", as_of: "AsOf") -> "dict[str, Sequence[EntryView]]":
    """The first of the incomplete entries, and of those dated after the day, by the reason for which no count holds them."""
    waiting = reader.log(as_of, incomplete=True, until=as_of.on, limit=_MOST, count=False).entries
    return {"incomplete": waiting, "future": reader.entries_ahead(as_of, _MOST)}
