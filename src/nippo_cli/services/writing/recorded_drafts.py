"""Which drafts are recorded already: told by the journal, in the transaction that records them.

A process that is killed once its entry is on disk and before its draft is dropped leaves a draft that says nothing new.
Where such a draft is met it is dropped, so that it is not recorded again. The journal keeps a draft's mark for as long
as its file is there.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from nippo_cli.base.errors import NippoError
from nippo_cli.base.files import sync_folder

if TYPE_CHECKING:
    from nippo_cli.journal.write import Writer
    from nippo_cli.services.context import Workspace

# A setting of this copy of the journal: drafts lie beside it, and are no part of it.
_RECORDED = "drafts_recorded"


class Drafts(Protocol):
    """As much of a journal's drafts as is asked for here."""

    folder: Path

    def mark(self, number: int) -> str:
        """What tells a draft from another that had its number; empty where there is none.

        Raises:
            OSError: there is one, and it can't be read.
        """


def note(drafts: Drafts, writer: "Writer", number: int) -> None:
    """A draft is recorded if this transaction ends well.

    Raises:
        OSError: it can't be read, so that nobody could tell later.
    """
    known = _marks(writer.meta(_RECORDED))
    marks = [mark for mark in known if _may_be_there(drafts, mark)]
    if marks != known:
        # Before a mark is forgotten, a power cut must not bring its draft back any more.
        sync_folder(drafts.folder)
    if own := drafts.mark(number):
        writer.set_meta(_RECORDED, json.dumps([*marks, own]))


def recorded(workspace: "Workspace") -> Sequence[str]:
    """The marks of drafts that are recorded; none where there is no journal, or none that can be read."""
    from nippo_cli.services.context import reading

    try:
        with reading(workspace.apart()) as (reader, _):
            return _marks(reader.meta(_RECORDED))
    except NippoError:
        return ()


def _may_be_there(drafts: Drafts, mark: str) -> bool:
    """Whether the draft of a mark is there, as far as can be told."""
    try:
        return drafts.mark(int(mark.partition(":")[0])) == mark
    except OSError:
        return True


def _marks(said: str) -> list[str]:
    marks: list[str] = json.loads(said or "[]")
    return marks
