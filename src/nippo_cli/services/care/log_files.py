"""The complete log out of a journal, and into one that has nothing yet."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from nippo_cli.base.errors import UsageError, msg
from nippo_cli.results.recap import Done
from nippo_cli.services.context import Workspace, no_journal, state

if TYPE_CHECKING:
    from nippo_cli.base.progress import Progress


def log_lines(workspace: Workspace) -> Iterator[str]:
    """The complete log as the text of a file, piece by piece: docs/export.md#the-log

    Raises:
        NotFound: there is no journal. UsageError: it is asked for as of a day. JournalError: it can't be read, or is damaged.
    """
    from nippo_cli.journal.care.log_file import count_left_out, lines_of_log

    if workspace.as_of_said is not None:
        raise UsageError(msg("log_file.as_of"))
    if not workspace.places.journal_db.exists():
        raise no_journal(workspace)
    if n := count_left_out(workspace.places.journal_db):
        workspace.notices.append(msg("log_file.early", n=n))
    return lines_of_log(workspace.places.journal_db)


def is_log(file: str) -> bool:
    """Whether a file is a journal's complete log."""
    from nippo_cli.journal.care.log_reading import is_log_file

    return is_log_file(Path(file))


def import_log(workspace: Workspace, file: str, *, progress: "Progress | None" = None) -> Done:
    """Make this journal of a complete log, with the `schema.yaml` that it adopted last. What is there of the same log says so.

    Raises:
        LogFileRefused: the file is not whole, or not as it was written. UsageError: the journal has a log of its own.
        JournalError: it can't be read or written.
    """
    from nippo_cli.journal.care.log_import import bring_log

    path = workspace.places.journal_db
    brought = bring_log(Path(file), path, now=workspace.now.astimezone(), dry_run=workspace.dry_run, progress=progress)
    said: dict[str, object] = {"n": brought.records, "path": str(path.parent)}
    if brought.more is not None:
        what = "done.log_there_and_more" if brought.more else "done.log_there"
        return Done(what, {**said, "more": brought.more}, [], workspace.dry_run)
    if workspace.dry_run:
        return Done("done.log_would_be_brought", said, [], dry_run=True)
    if brought.set_aside:
        workspace.notices.append(msg("log_file.set_aside", path=brought.set_aside))
    _put_schema(workspace)
    return Done("done.log_brought", {**said, "device": brought.device}, [], dry_run=False)


def _put_schema(workspace: Workspace) -> None:
    """Write the schema that the log adopted last beside the journal; another file there is set aside, and said."""
    from nippo_cli.journal.read import reading as open_reader
    from nippo_cli.services.care.schemas import restore

    path = workspace.places.schema
    with open_reader(workspace.places.journal_db) as reader:
        digest = reader.adopted()[0]
    if digest and not (path.exists() and state(path, digest) == "same"):
        restored = restore(workspace)
        if "aside" in restored.params:
            workspace.notices.append(msg(restored.what, **restored.params))
