"""Taking back what was written: an entry, what it says, or the last command."""

from contextlib import suppress
from typing import TYPE_CHECKING

from nippo_cli.base.errors import Message, NotFound, UsageError, msg
from nippo_cli.base.ids import read_id, show_id
from nippo_cli.line.facts import deal_tag
from nippo_cli.results.recap import Done
from nippo_cli.services.context import Workspace, entry_of, lost, writing
from nippo_cli.services.writing.deal_customer import customer_changes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nippo_cli.journal.write import Writer, WrittenRecord

_NAMED = 4
# What these records did, they did to the record they target.
_ABOUT_ANOTHER = ("amend", "retract", "hold", "deal", "customer", "person", "review", "comment", "follow")


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
    _expect_journal(workspace)
    with writing(workspace, begin=False) as writer:
        taken = writer.last_command()
        records = writer.undo()
        changed = customer_changes(writer)
        done = _names_of(writer, taken)
    if any(r.kind == "batch" for r in taken):
        return Done("done.undone_import", {"id": show_id(records[-1])}, records, workspace.dry_run, changed)
    params: dict[str, object] = {"n": len(records), "things": done}
    return Done("done.undone", params, records, workspace.dry_run, changed)


def undo_import(workspace: Workspace, said: str, *, everything: bool = False) -> Done:
    """Take an import back by its number, whatever was written after it. What people wrote on its deals stays, and with it
    those deals.

    Args:
        everything: also where people wrote about its records, which goes with them.

    Raises:
        UsageError: it is no number; or it is taken back already; or something stands in the way.
        NotFound: there is no such import.
    """
    from nippo_cli.journal.write import batch_of, import_use, retract_import

    _expect_journal(workspace)
    number = read_id(said)
    if number is None:
        raise UsageError(msg("desk.bad_id", said=said))
    with writing(workspace, begin=False) as writer:
        batch = batch_of(writer, number)
        use = import_use(writer, batch)
        if use.in_way and not everything:
            raise UsageError(
                msg("desk.import_in_use", id=show_id(number), things=_names_of(writer, use.in_way)),
                hint=msg("desk.import_in_use.hint", id=show_id(number)),
            )
        records = retract_import(writer, batch)
        changed = customer_changes(writer)
        named = [_tag_of(writer, deal) for deal in list(use.staying)[:_NAMED]]
    if len(use.staying) > _NAMED:
        named.append(msg("done.thing.more", n=len(use.staying) - _NAMED))
    params: dict[str, object] = {
        "id": show_id(number), "file": str(batch.parsed_body.get("file", "")), "n": sum(use.staying.values()),
        "deals": [show_id(deal) for deal in use.staying], "lost": len(use.in_way), "called": named,
    }  # fmt: skip
    what = "done.import_undone.staying" if use.staying else "done.import_undone"
    if not use.staying:
        del params["n"]
    return Done(what, params, records, workspace.dry_run, changed)


def _expect_journal(workspace: Workspace) -> None:
    if not workspace.places.journal_db.exists():
        raise lost(workspace) or NotFound(msg("desk.nothing_to_undo"))


def _tag_of(writer: "Writer", deal: int) -> Message:
    from nippo_cli.journal.read import tag

    return deal_tag(deal, tag(writer.cx, deal).name, "")


def _names_of(writer: "Writer", records: "Sequence[WrittenRecord]") -> list[Message]:
    """What the first of some records did, each said once, and how many more there are."""
    # A customer's or a person's begin says nothing that could be taken back.
    records = [r for r in records if r.kind not in ("customer", "person") or r.target is not None]
    names = list[Message]()
    for at, record in enumerate(records):
        name = _name_of(writer, record)
        if name in names:
            continue
        if len(names) == _NAMED:
            return [*names, msg("done.thing.more", n=len(records) - at)]
        names.append(name)
    return names


def _name_of(writer: "Writer", taken: "WrittenRecord") -> Message:
    """What one record did, in words: `活動 7 の訂正`, `顧客「青葉」の呼び名の変更`."""
    if taken.kind in ("customer", "person") and taken.target is not None:
        said = writer.record(taken.target).parsed_body
        if "name" in said:
            customer = writer.projection.customer_names.name(str(said.get("customer", "")))
            return msg(f"done.thing.{taken.kind}.named", name=said["name"], customer=customer)
    about = taken.target if taken.kind in _ABOUT_ANOTHER else None
    if taken.kind == "comment" and writer.record(taken.id).parsed_body.get("read"):
        return msg("done.thing.confirmation", id=show_id(about or taken.id))
    kind = "deal_change" if taken.kind == "deal" and about else taken.kind
    return msg(f"done.thing.{kind}", id=show_id(about or taken.id))
