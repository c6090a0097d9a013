"""Taking back what was written: an entry, what it says, or the last command."""

from contextlib import suppress
from typing import TYPE_CHECKING

from nippo_cli.base.errors import Message, NotFound, msg
from nippo_cli.base.ids import read_id, show_id
from nippo_cli.results.recap import Done
from nippo_cli.services.context import Workspace, entry_of, lost, writing
from nippo_cli.services.writing.deal_customer import customer_changes

if TYPE_CHECKING:
    from nippo_cli.journal.write import Writer, WrittenRecord

_NAMED = 4
# What these records did, they did to the record they target.
_ABOUT_ANOTHER = ("amend", "retract", "hold", "deal", "review", "comment")


def retract(workspace: Workspace, said: str, *, why: str = "") -> Done:
    """Take an entry or a review back; its record stays in the log.

    Raises:
        NotFound: there is no such entry.
    """
    with writing(workspace, begin=False) as writer:
        target, what = _entry_or_review(writer, said)
        record = writer.retract(target, why=why)
        changed = customer_changes(writer)
    return Done(f"done.retracted{what}", {"id": show_id(target)}, [record], workspace.dry_run, changed)


def erase(workspace: Workspace, said: str, *, why: str) -> Done:
    """Erase what an entry or a review says, in all its versions; that there was one, and why it went, stays in the log.

    Raises:
        NotFound: there is no such entry. UsageError: the reason names somebody that it names.
    """
    from nippo_cli.services.writing.erasing import erase_records

    with writing(workspace, begin=False) as writer:
        target, what = _entry_or_review(writer, said)
        (record,) = erase_records(writer, [target], why)
        changed = customer_changes(writer)
    return Done(f"done.erased{what}", {"id": show_id(target)}, [record], workspace.dry_run, changed)


def _entry_or_review(writer: "Writer", said: str) -> tuple[int, str]:
    """The record of an id as typed, and the ending of what is said of it."""
    number = read_id(said)
    if number is not None:
        with suppress(NotFound):
            if writer.record(number).kind == "review":
                return number, "_review"
    return entry_of(writer, said).id, ""


def undo(workspace: Workspace) -> Done:
    """Take the last command back, an import included.

    Raises:
        NotFound: there is nothing to take back.
    """
    if not workspace.places.journal_db.exists():
        raise lost(workspace) or NotFound(msg("desk.nothing_to_undo"))
    with writing(workspace, begin=False) as writer:
        taken = writer.last_command()
        records = writer.undo()
        changed = customer_changes(writer)
    if any(r.kind == "batch" for r in taken):
        return Done("done.undone_import", {"id": show_id(records[-1])}, records, workspace.dry_run, changed)
    names = [_name_of(r) for r in taken[:_NAMED]]
    if len(taken) > _NAMED:
        names.append(msg("done.thing.more", n=len(taken) - _NAMED))
    return Done("done.undone", {"n": len(records), "things": names}, records, workspace.dry_run, changed)


def _name_of(taken: "WrittenRecord") -> Message:
    """What one record did, in words: `活動 7 の訂正`."""
    about = taken.target if taken.kind in _ABOUT_ANOTHER else None
    kind = "deal_change" if taken.kind == "deal" and about else taken.kind
    return msg(f"done.thing.{kind}", id=show_id(about or taken.id))
