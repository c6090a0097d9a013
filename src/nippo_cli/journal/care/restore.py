"""The way back from a copy: gone through first, then put into the journal's file in one transaction."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path

from nippo_cli.base.dates import instant_text
from nippo_cli.base.errors import JournalError, Message, UsageError, msg
from nippo_cli.base.files import clear_leftovers, growing, make_folder, replace_file
from nippo_cli.base.ids import device_name
from nippo_cli.base.progress import Progress
from nippo_cli.journal.care import copies
from nippo_cli.journal.care.backup import examine_copy, last_sound, problems_of, records_of
from nippo_cli.journal.care.heads_of_backups import compare_with_backups
from nippo_cli.journal.care.in_place import put_in_place
from nippo_cli.journal.check import derived_alone, log_is_sound, make_anew
from nippo_cli.journal.log import (
    begin_device,
    look_into,
    tables,
    usable,
)
from nippo_cli.results.care import Copied, Health

# What is said of a file that is none of nippo's.
_NO_COPY = frozenset(("journal.not_a_journal", "files.folder", "files.endless"))


def restore(
    path: Path, from_file: Path, *, now: datetime, progress: Progress | None = None, nippo: str = "nippo"
) -> Copied:
    """Put a copy in a journal's place and begin a new device in it.

    The copy is gone through like `nippo doctor` goes through a journal. What is derived is made anew where it is not what the
    log says, or where the copy has an older format; anything else that is wrong with it ends the restore.

    What was there is set aside beside it first; then one transaction replaces what the file holds, so that whoever has it open
    goes on with the new content. Killed at any moment, the journal is whole, the old or the new one. A new device, so that
    records written from now on can't be taken for those that the copy does not hold.

    Args:
        now: the local time (aware), which names what is set aside.
        nippo: how nippo is called for this journal, for the command that an error names.

    Raises:
        UsageError: the copy is the journal itself.
        JournalError: the copy is not sound, or comes from a newer nippo, or somebody is writing to the journal; nothing was
            touched.
    """
    if path.exists() and path.samefile(from_file):
        raise UsageError(msg("backup.restore.itself", file=str(from_file)))
    make_folder(path.parent)
    schema = copies.schema_of(from_file)
    schema_text = schema.read_bytes() if schema.is_file() else None
    # SQLite, too, looks for what belongs to a file beside the file itself.
    place = path.resolve() if path.is_symlink() else path
    with growing(place) as part:
        with usable(place):
            with closing(_source(from_file, path, nippo)) as source:
                copies.copy_into(source, part)
            health = examine_copy(part, progress)
            if not health.sound and not derived_alone(health):
                raise _refused(path, from_file, health, nippo)
            slot, derived = _made_ready(part, health, now)
        with usable(place):
            set_aside = put_in_place(
                part,
                place,
                place.with_name(f"{place.stem}.{now:%Y%m%d-%H%M%S}{place.suffix}"),
                lambda old_copy: _set_aside_schema(path, old_copy, schema_text),
            )
    if schema_text is not None:
        replace_file(path.with_name(copies.SCHEMA), schema_text)
    clear_leftovers(place.parent, now)
    return Copied(
        "restore", str(path), records_of(health), (), set_aside=str(set_aside or ""),
        device=device_name(slot), derived=derived, notes=_less_than_backups(path),
    )  # fmt: skip


def _less_than_backups(path: Path) -> Sequence[Message]:
    """What the journal lacks that its backups have; nothing where the disk says no now: what was restored stands."""
    try:
        with usable(path):
            return compare_with_backups(path).less
    except JournalError:
        return ()


def newest(path: Path, nippo: str) -> Message | None:
    """The command that brings a journal's newest backup back; None where none lies in its folder of backups."""
    backups = copies.backups(path.stem, path.parent / copies.FOLDER)
    return msg("restore.newest", command=f"{nippo} restore {copies.typed(backups[-1])}") if backups else None


def _source(from_file: Path, path: Path, nippo: str) -> sqlite3.Connection:
    """A connection to the copy; what can't be one is refused with the way out."""
    try:
        return look_into(from_file, older=True)
    except JournalError as error:
        if error.message.key in _NO_COPY:
            raise JournalError(error.message, hint=newest(path, nippo) or msg("restore.no_copy")) from error
        if error.message.key == copies.HOT:
            raise JournalError(error.message, hint=msg("restore.hot.hint", file=copies.typed(from_file))) from error
        if error.message.key == "journal.wal":
            raise JournalError(error.message, hint=msg("restore.wal.hint", file=copies.typed(from_file))) from error
        raise


def _refused(path: Path, from_file: Path, health: Health, nippo: str) -> JournalError:
    problems = problems_of(health)
    return JournalError(
        msg("restore.unsound", file=str(from_file), n=len(problems)),
        problems=problems,
        hint=_way_out(path, from_file, health, nippo),
    )


def _way_out(path: Path, from_file: Path, health: Health, nippo: str) -> Message:
    other = last_sound(
        copies.stem_of(from_file) or path.stem, (from_file.parent, path.parent / copies.FOLDER), but=from_file
    )
    if other is not None:
        return msg("restore.unsound.other", command=f"{nippo} restore {copies.typed(other)}", day=copies.day_of(other))
    file = copies.typed(from_file)
    return msg("restore.unsound.mend" if log_is_sound(health) else "restore.unsound.alone", file=file)


def _made_ready(part: Path, health: Health, now: datetime) -> tuple[int, bool]:
    """Bring what is derived and the format up to date and begin a device: its slot, and whether anything was derived."""
    with closing(sqlite3.connect(part, isolation_level=None)) as cx:
        cx.execute("pragma trusted_schema = off")
        older = cx.execute("pragma user_version").fetchone()[0] < tables.FORMAT
        if older:
            from nippo_cli.journal.write import migrations

            migrations.apply(cx)
        cx.execute("begin immediate")
        if not health.sound:
            make_anew(cx)
        slot = begin_device(cx, instant_text(now))
        cx.execute("commit")
    return slot, older or not health.sound


def _set_aside_schema(path: Path, set_aside: Path, schema_text: bytes | None) -> None:
    """Keep the `schema.yaml` that is to be replaced, if it is, under the name by which a restore of the set-aside journal
    finds it."""
    beside = path.with_name(copies.SCHEMA)
    if schema_text is not None and beside.is_file() and (content := beside.read_bytes()) != schema_text:
        replace_file(copies.schema_of(set_aside), content)
