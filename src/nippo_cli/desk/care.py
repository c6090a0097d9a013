"""Looking after the journal: begin it, check it, copy it, bring a copy back, say where it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from nippo_cli.answers.care import Copied, Health, PathPage
from nippo_cli.answers.recap import Done
from nippo_cli.desk.desk import Desk, begin_journal, writing
from nippo_cli.errors import JournalError, NotFound, UsageError, msg

KEPT_BACKUPS = 10
_TOLD = 3


def init(
    desk: Desk,
    *,
    template: str | None = None,
    schema_text: str | None = None,
    author: str = "",
    time_zone: str | None = None,
) -> Done:
    """Begin a journal: its folder, its `schema.yaml` (a template's, or the text given) and its first record.

    Raises:
        UsageError: there is a journal already, or no such template or time zone.
    """
    from nippo_cli.schema.load import load_agreement, read_text
    from nippo_cli.schema.templates import names, text_of

    places = desk.places
    must_be_new(desk)
    if time_zone is not None:
        _check_zone(time_zone)
    if template is not None:
        file = Path(template)
        if template not in names() and not file.is_file():
            raise UsageError(msg("desk.no_template", said=template, allowed=", ".join(names())))
        schema_text = text_of(template) if template in names() else read_text(file)
        load_agreement(schema_text, template)
    if schema_text is not None:
        if places.schema.exists():
            raise UsageError(msg("desk.schema_exists", path=str(places.schema)), hint=msg("desk.schema_exists_hint"))
        if not desk.dry_run:
            write_schema(places.schema, schema_text)
    if desk.dry_run:
        return Done("done.would_begin", {"path": str(places.journal_db.parent)}, [], dry_run=True)
    begin_journal(desk, time_zone=time_zone)
    desk.notices.clear()
    with writing(desk) as writer:
        if author:
            writer.set_meta("author", author)
            writer.author = author
    record = writer.schema_id
    return Done("done.begun", {"path": str(places.journal_db.parent), "schema": str(places.schema)}, [record], False)


def must_be_new(desk: Desk) -> None:
    """Refuse to begin a journal where there is one.

    Raises:
        UsageError: there is one.
    """
    if desk.places.journal_db.exists():
        raise UsageError(msg("desk.journal_exists", path=str(desk.places.journal_db)), hint=msg("desk.see_path"))


def write_schema(path: Path, text: str) -> None:
    """Write a new `schema.yaml`; one that is there is never overwritten.

    Raises:
        UsageError: there is one, or the folder can't be written.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise UsageError(msg("desk.schema_exists", path=str(path)), hint=msg("desk.schema_exists_hint")) from None
    except OSError as error:
        raise UsageError(msg("desk.cannot_write", path=str(path), reason=error.strerror or str(error))) from error


def _check_zone(said: str) -> None:
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(said)
    except (LookupError, ValueError, OSError):
        raise UsageError(msg("desk.no_zone", said=said)) from None


def doctor(desk: Desk, *, rebuild: bool = False) -> Health:
    """Check the file, every record's hash, the numbering and each projection; with `rebuild`, make the projections anew.

    Raises:
        NotFound: there is no journal. JournalError: it can't be opened at all.
    """
    from nippo_cli.journal import doctor as room

    _must_exist(desk)
    if rebuild and not desk.dry_run:
        return room.rebuild(desk.places.journal_db, now=desk.now)
    return room.examine(desk.places.journal_db)._replace(dry_run=desk.dry_run)


def damage_of(journal: Path) -> JournalError | None:
    """What is wrong with a journal that nippo could not cope with; None where nothing is, or there is none."""
    from nippo_cli.journal import doctor as room

    if not journal.exists():
        return None
    found = [said for check in room.examine(journal).checks for said in check.found]
    if not found:
        return None
    return JournalError(
        msg("journal.stumbled", path=str(journal), found=found[:_TOLD]), hint=msg("journal.stumbled.hint")
    )


def backup(desk: Desk, *, to: str | None = None, keep: int = KEPT_BACKUPS) -> Copied:
    """Copy the journal, in use or not, check the copy, and keep the last `keep` of them.

    Raises:
        NotFound: there is no journal. JournalError: the copy is not sound.
    """
    from nippo_cli.journal.backup import backup as copy

    _must_exist(desk)
    folder = Path(to) if to else desk.places.journal_db.parent / "backups"
    with _folder_for(desk, folder) as written:
        made = copy(desk.places.journal_db, written, keep, now=_local(desk))
    return made._replace(path=str(folder / Path(made.path).name), dry_run=desk.dry_run)


def restore(desk: Desk, file: str) -> Copied:
    """Bring a backup back as a new device; what stood there is kept beside it.

    Raises:
        NotFound: there is no such file. JournalError: it is no sound journal.
    """
    from nippo_cli.journal.backup import restore as bring_back

    source = Path(file)
    if not source.exists():
        raise NotFound(msg("desk.no_file", path=file))
    path = desk.places.journal_db
    with _folder_for(desk, path.parent) as written:
        brought = bring_back(written / path.name, source, now=_local(desk))
    return brought._replace(path=str(path), dry_run=desk.dry_run)


@contextmanager
def _folder_for(desk: Desk, folder: Path) -> Iterator[Path]:
    """Where a copy is written: the folder, or for a dry run, which copies and checks all the same, a temporary one."""
    if not desk.dry_run:
        yield folder
        return
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as passing:
        yield Path(passing)


def where(desk: Desk) -> PathPage:
    """Where everything is."""
    places = desk.places
    return PathPage(
        journal=str(places.journal_db),
        schema=str(places.schema),
        state=str(places.state),
        exists=places.journal_db.exists(),
        found_by=places.found_by,
    )


def _local(desk: Desk) -> datetime:
    """The time as the clock on the wall has it, for the names of files."""
    return desk.now.astimezone()


def _must_exist(desk: Desk) -> None:
    if not desk.places.journal_db.exists():
        raise NotFound(msg("desk.no_journal", path=str(desk.places.journal_db)), hint=msg("desk.no_journal_hint"))
