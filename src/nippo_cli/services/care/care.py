"""Looking after the journal: begin it, check it, copy it, bring a copy back, say where it is."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from nippo_cli.base.errors import JournalError, NotFound, UsageError, msg
from nippo_cli.base.files import lies_there
from nippo_cli.base.language import current
from nippo_cli.base.places import JOURNAL_FILE, SCHEMA_FILE
from nippo_cli.results.care import Copied, Health, PathPage, Rescued
from nippo_cli.results.recap import Done
from nippo_cli.services.context import (
    Workspace,
    astray,
    begin_journal,
    claim_device,
    is_blank,
    no_journal,
    put_text,
    text_in,
    writing,
)

if TYPE_CHECKING:
    from nippo_cli.base.errors import Message
    from nippo_cli.base.progress import Progress

KEPT_BACKUPS = 10
_SHOWN = 3


def init(
    workspace: Workspace,
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
    from nippo_cli.schema.load import load_schema, read_text
    from nippo_cli.schema.templates import names, text_of

    places = workspace.places
    must_be_new(workspace)
    if time_zone is not None:
        _check_zone(time_zone)
    if template is not None:
        file = Path(template)
        if template not in names() and not file.is_file():
            raise UsageError(msg("desk.no_template", said=template, allowed=tuple(names())))
        schema_text = text_of(template, current()) if template in names() else read_text(file)
        load_schema(schema_text, template)
    if schema_text is not None:
        there = text_in(places.schema)
        # One that is as wanted was left by an attempt that went no further.
        if there and there != schema_text:
            raise UsageError(msg("desk.schema_exists", path=str(places.schema)), hint=msg("desk.schema_exists_hint"))
        if not there and not workspace.dry_run:
            write_schema(places.schema, schema_text)
    if workspace.dry_run:
        return Done("done.would_begin", {"path": str(places.journal_db.parent)}, [], dry_run=True)
    begin_journal(workspace, time_zone=time_zone)
    workspace.notices.clear()
    with writing(workspace) as writer:
        if author:
            writer.set_meta("author", author)
            writer.author = author
    record = writer.schema_id
    return Done("done.begun", {"path": str(places.journal_db.parent), "schema": str(places.schema)}, [record], False)


def forget_answers(workspace: Workspace) -> None:
    """What was answered has become a schema, unless nothing was written."""
    from nippo_cli.services.care.saved_answers import SavedAnswers

    if not workspace.dry_run:
        SavedAnswers(workspace).forget()


def must_be_new(workspace: Workspace) -> None:
    """Refuse to begin a journal where there is one.

    Raises:
        UsageError: there is one. NotFound: a link is there, which leads nowhere.
    """
    if (error := astray(workspace.places.journal_db)) is not None:
        raise error
    if workspace.places.journal_db.exists():
        raise UsageError(msg("desk.journal_exists", path=str(workspace.places.journal_db)), hint=msg("desk.see_path"))


def must_be_free(path: Path) -> None:
    """Refuse a place for a new `schema.yaml`, before anybody is asked what it should say. One that says nothing is free.

    Raises:
        UsageError: something is there, or it can't be.
    """
    from nippo_cli.base.guards import refuse_journal, stat_of
    from nippo_cli.base.outputs import must_take_files, unwritable

    if not path.name:
        raise UsageError(msg("places.empty", option="FILE"))
    try:
        refuse_journal(path, str(path))
        taken = (stat_of(path) is not None or lies_there(path)) and not is_blank(path)
        if path.parent.exists():
            must_take_files(path.parent)
    except (OSError, ValueError) as error:
        raise unwritable(path, error) from error
    if taken:
        raise UsageError(msg("desk.schema_exists", path=str(path)), hint=msg("desk.schema_exists_hint"))


def write_schema(path: Path, text: str) -> None:
    """Write a new `schema.yaml`; one that is there is never overwritten, unless it says nothing.

    Raises:
        UsageError: something is there, or the folder can't be written.
    """
    from nippo_cli.base.files import new_file
    from nippo_cli.base.outputs import folder, unwritable

    must_be_free(path)
    try:
        folder(str(path.parent), "FILE")
        blank = is_blank(path)
        if blank:
            put_text(path, text)
        written = blank or new_file(path, text.encode())
    except OSError as error:
        raise unwritable(path, error) from error
    if not written:
        raise UsageError(msg("desk.schema_exists", path=str(path)), hint=msg("desk.schema_exists_hint"))


def _check_zone(said: str) -> None:
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(said)
    except (LookupError, ValueError, OSError):
        raise UsageError(msg("desk.no_zone", said=said)) from None


def doctor(workspace: Workspace, *, rebuild: bool = False, progress: "Progress | None" = None) -> Health:
    """Check the file, every record's hash, the numbering and each projection; with `rebuild`, make the projections anew.

    Raises:
        NotFound: there is no journal. JournalError: it can't be opened at all.
    """
    from nippo_cli.journal.check import doctor as room

    _must_exist(workspace)
    if rebuild and not workspace.dry_run:
        from nippo_cli.journal.care import mending

        return mending.rebuild(
            workspace.places.journal_db, now=_local(workspace), tell=workspace.notices.append, progress=progress
        )
    health = room.examine(workspace.places.journal_db, progress)._replace(dry_run=workspace.dry_run)
    if not room.log_is_sound(health):
        return health
    from nippo_cli.journal.care import compare_with_copies, compare_with_schema_copies

    health = _with_backups(health, workspace.places.journal_db)
    alike = _spelled_alike(health, workspace.places.journal_db)
    copies = compare_with_copies(workspace.places.journal_db), compare_with_schema_copies(workspace.places.schema)
    return health._replace(notes=[*health.notes, *alike, *chain(*copies)])


def _spelled_alike(health: Health, journal: Path) -> "list[Message]":
    """Which spellings of customers count as one, where nothing is wrong with what is derived."""
    from nippo_cli.journal.read import reading
    from nippo_cli.line.near_customers import alike_notice, spelled_alike

    if any(check.problems for check in health.checks):
        return []
    with reading(journal) as reader:
        alike = alike_notice(spelled_alike(reader.spelled_customers()))
    return [alike] if alike is not None else []


def _with_backups(health: Health, journal: Path) -> Health:
    """What the backups beside a sound log hold of it: less is noted, another log is a problem."""
    from nippo_cli.journal.care import compare_with_backups

    compared = compare_with_backups(journal)
    checks = [
        check._replace(looked_at=check.looked_at + compared.backups, problems=[*check.problems, *compared.another])
        if check.name == "doctor.heads"
        else check
        for check in health.checks
    ]
    return health._replace(checks=checks, notes=[*health.notes, *compared.less])


def rescue(workspace: Workspace, to: str, *, progress: "Progress | None" = None) -> Rescued:
    """Bring every intact record into a new journal, its `schema.yaml` along; the old one stays as it is.

    Args:
        to: the new journal's folder, or its file `F.db`.

    Raises:
        NotFound: there is no journal. JournalError: it can't be read, or holds no intact record.
        UsageError: something is at the new place, or it can't be written.
    """
    from nippo_cli.journal.care.rescue import rescue as bring
    from nippo_cli.services.context import local_time_zone

    _must_exist(workspace)
    folder = Path(to)
    new = folder if folder.suffix == ".db" else folder / JOURNAL_FILE
    if not folder.name:
        raise UsageError(msg("places.empty", option="--rescue"))
    if any(lies_there(taken) for taken in {folder, new, new.with_name(SCHEMA_FILE)}) and not _is_empty(folder):
        raise UsageError(msg("rescue.taken", path=str(folder)), hint=msg("rescue.taken.hint"))
    text = _schema_to_take(workspace)
    made = not new.parent.exists()
    with _folder_for(workspace, new.parent) as written:
        try:
            write_schema(written / SCHEMA_FILE, text)
            rescued = bring(
                workspace.places.journal_db,
                written / new.name,
                schema=text,
                author=workspace.author,
                user=workspace.machine_user,
                time_zone=local_time_zone(),
                now=_local(workspace),
                progress=progress,
            )
        except BaseException:
            with suppress(OSError):
                (written / SCHEMA_FILE).unlink(missing_ok=True)
                if made:
                    written.rmdir()
            raise
    return rescued._replace(path=str(new), dry_run=workspace.dry_run)


def _is_empty(folder: Path) -> bool:
    return folder.is_dir() and not any(folder.iterdir())


def _schema_to_take(workspace: Workspace) -> str:
    """The text of `schema.yaml`, of that of the newest backup where it can't be taken, or of the default."""
    from nippo_cli.base.errors import NippoError
    from nippo_cli.journal.care import schema_copies
    from nippo_cli.schema.load import load_schema
    from nippo_cli.schema.templates import text_of

    for file in (workspace.places.schema, *schema_copies(workspace.places.journal_db)):
        with suppress(NippoError):
            text = text_in(file)
            if text:
                load_schema(text, str(file))
                return text
    return text_of("default", current())


def damage_of(journal: Path) -> JournalError | None:
    """What is wrong with a journal that nippo could not cope with; None where nothing is, or there is none."""
    from nippo_cli.journal.check import doctor as room

    if not journal.exists():
        return None
    findings = [said for check in room.examine(journal).checks for said in check.problems]
    if not findings:
        return None
    return JournalError(
        msg("journal.stumbled", path=str(journal), found=findings[:_SHOWN]), hint=msg("journal.stumbled.hint")
    )


def refusal_of_disk(error: Exception, journal: Path) -> JournalError | None:
    """What SQLite raised about a disk that is full or broken, in words, wherever it was; None for anything else."""
    from nippo_cli.journal.log import disk_refusal

    return disk_refusal(journal, error)


def backup(
    workspace: Workspace, *, to: str | None = None, keep: int = KEPT_BACKUPS, progress: "Progress | None" = None
) -> Copied:
    """Copy the journal, in use or not, go through the copy, and keep the last `keep` sound ones.

    Raises:
        NotFound: there is no journal. JournalError: it is not sound. UsageError: the folder can't be written.
    """
    from nippo_cli.base.outputs import folder as folder_of
    from nippo_cli.journal.care.backup import backup as copy

    _must_exist(workspace)
    folder = Path(to) if to else workspace.places.journal_db.parent / "backups"
    with _folder_for(workspace, folder) as written:
        folder_of(str(written), "--to")
        made = copy(
            workspace.places.journal_db,
            written,
            keep,
            now=_local(workspace),
            progress=progress,
            keep_unsound=not workspace.dry_run,
            nippo=f"nippo{workspace.places.options}",
        )
    return made._replace(path=str(folder / Path(made.path).name), dry_run=workspace.dry_run)


def restore(workspace: Workspace, file: str, *, progress: "Progress | None" = None) -> Copied:
    """Bring a backup back as a new device; what stood there is kept beside it.

    Raises:
        NotFound: there is no such file. JournalError: it is no sound journal. UsageError: the folder can't be written.
    """
    from nippo_cli.journal.care import newest
    from nippo_cli.journal.care.restore import restore as bring_back

    source, path, nippo = Path(file), workspace.places.journal_db, f"nippo{workspace.places.options}"
    if not source.name or not source.exists():
        raise NotFound(msg("desk.no_file", path=file), hint=newest(path, nippo) or msg("restore.no_copy"))
    with _folder_for(workspace, path.parent) as written:
        brought = bring_back(written / path.name, source, now=_local(workspace), progress=progress, nippo=nippo)
    if not workspace.dry_run:
        claim_device(workspace.places)
    return brought._replace(path=str(path), dry_run=workspace.dry_run)


@contextmanager
def _folder_for(workspace: Workspace, folder: Path) -> Iterator[Path]:
    """Where a copy is written: the folder, or for a dry run, which copies and checks all the same, a temporary one."""
    if not workspace.dry_run:
        try:
            yield folder
        except OSError as error:
            from nippo_cli.base.outputs import unwritable

            raise unwritable(error.filename or folder, error) from error
        return
    from nippo_cli.base.scratch import scratch_folder

    with scratch_folder() as passing:
        yield passing


def where(workspace: Workspace) -> PathPage:
    """Where everything is."""
    places = workspace.places
    return PathPage(
        journal=str(places.journal_db),
        schema=str(places.schema),
        state=str(places.state),
        exists=places.journal_db.exists(),
        found_by=places.found_by,
    )


def _local(workspace: Workspace) -> datetime:
    """The time as the clock on the wall has it, for the names of files."""
    return workspace.now.astimezone()


def _must_exist(workspace: Workspace) -> None:
    if not workspace.places.journal_db.exists():
        raise no_journal(workspace)
