"""Erasing on request: first a look at everything that names whom it is about, then the erasure of just that."""

import os
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from nippo_cli.base.errors import JournalError, NotFound, UsageError, msg
from nippo_cli.base.files import sync_folder
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.ids import read_id, show_id
from nippo_cli.base.persons import person_key
from nippo_cli.base.progress import Progress
from nippo_cli.base.text import quoted
from nippo_cli.journal.read import (
    Sought,
    Traces,
    find_traces,
    holds_bodies,
    mentions,
    numbers_and_instants,
    traces_of,
    with_every_name,
)
from nippo_cli.results.redaction import OutOfReach, RedactedRecord, Redaction
from nippo_cli.services.context import EVER, Workspace, reading, text_in, where_else, writing
from nippo_cli.services.writing import drafts_of
from nippo_cli.services.writing.erasing import erase_records, refuse_naming

if TYPE_CHECKING:
    from nippo_cli.journal.read import JournalReader, Trace

_ENCODINGS = ("utf-8", "utf-16-le", "cp932")


class RedactionRequest(NamedTuple):
    """What is to be erased, as typed: records by their ids, or whatever names somebody. `named_only`: not what only mentions
    the name in a text."""

    ids: Sequence[str] = ()
    persons: Sequence[str] = ()
    customers: Sequence[str] = ()
    named_only: bool = False

    @property
    def sought(self) -> Sought:
        """Whom it is about."""
        return Sought(tuple(self.persons), tuple(self.customers))


def look(workspace: Workspace, request: RedactionRequest, progress: Progress | None = None) -> Redaction:
    """List what would be erased, and where else the same stands. Nothing is changed.

    Args:
        progress: told now and then how far the look through the log is.

    Raises:
        UsageError: nothing is named, or ids and names at once, or a name is empty. NotFound: there is no such record.
    """
    _check(request)
    with reading(workspace) as (reader, _):
        request = _by_every_name(reader, request)
        traces = _traces(reader, request, progress)
        records = [_row(reader, trace) for trace in _wanted(traces, request)]
        bodies = numbers_and_instants(reader.cx, [row.id for row in records])
    drafts, open_elsewhere = _drafts(workspace, request.sought)
    copies, beyond = _files(workspace, request.sought, bodies)
    return Redaction(
        records,
        len(traces.traces) - len(records),
        [str(path) for path in drafts],
        [str(path) for path in copies],
        [*_in_headers(traces), *(OutOfReach("draft_open", str(p)) for p in open_elsewhere), *beyond],
        traces.near,
        dry_run=workspace.dry_run,
    )


def redact(
    workspace: Workspace,
    request: RedactionRequest,
    listed: Redaction,
    *,
    why: str,
    progress: Progress | None = None,
) -> Redaction:
    """Erase what was listed: bodies with their corrections and all that is derived from them, drafts, copies that an upgrade
    left; and every trace of them in free space of the file.

    Raises:
        UsageError: the reason holds a name; or something was written meanwhile that would be erased as well.
        JournalError: the journal can't be written, or its free space not wiped.
    """
    erasures: list[int] = []
    if listed.records:
        with writing(workspace, begin=False) as writer:
            request = _by_every_name(writer.reader, request)
            now = {trace.id for trace in _wanted(_traces(writer.reader, request, progress), request)}
            if now != {row.id for row in listed.records}:
                raise UsageError(msg("redact.changed"), hint=msg("redact.changed.hint"))
            erasures = erase_records(writer, [row.id for row in listed.records], why, request.sought, progress)
    drafts = drafts_of(workspace)
    for path in map(Path, listed.drafts):
        if path.stem.isdecimal():
            drafts.drop(int(path.stem))
        path.unlink(missing_ok=True)
    for path in map(Path, listed.copies):
        path.unlink(missing_ok=True)
    # A power cut would bring back what was removed.
    for folder in {Path(path).parent for path in (*listed.drafts, *listed.copies)}:
        sync_folder(folder)
    return listed._replace(
        records=[row._replace(says="", deal_name="") for row in listed.records],
        near=(),
        erasures=erasures,
        is_done=True,
    )


def check_reason(request: RedactionRequest, why: str) -> None:
    """See that there is a reason, which stays in the log, and that it names nobody.

    Raises:
        UsageError: there is none, or it holds one of the names.
    """
    if not why.strip():
        raise UsageError(msg("redact.no_why"), hint=msg("redact.no_why.hint"))
    refuse_naming(why, request.sought)


def _check(request: RedactionRequest) -> None:
    names = (*request.persons, *request.customers)
    if bool(request.ids) == bool(names):
        raise UsageError(msg("redact.which"), hint=msg("redact.which.hint"))
    for option, said in (("--person", request.persons), ("--customer", request.customers)):
        if not all(name.strip() for name in said):
            raise UsageError(msg("places.empty", option=option))
        # Bytes that are no letters are nobody's name: that nothing of them is there would be taken for a fact.
        for name in said:
            name.encode()


def _by_every_name(reader: "JournalReader", request: RedactionRequest) -> RedactionRequest:
    """The same of a customer or a person by whatever name they have. A name that somebody else has, too, is not added: it would
    take a stranger's."""
    sought = with_every_name(reader.cx, request.sought)
    added = [name for name in sought.persons if name not in request.persons]
    if added:
        asked = set(map(person_key, request.persons))
        named = [{person_key(name) for name in (one.name, *one.names)} for one in reader.everybody(EVER)]
        strangers = set().union(*(keys for keys in named if keys.isdisjoint(asked)))
        added = [name for name in added if person_key(name) not in strangers]
    return request._replace(persons=(*request.persons, *added), customers=sought.customers)


def _traces(reader: "JournalReader", request: RedactionRequest, progress: Progress | None) -> Traces:
    """Where the texts in question stand: in the records named by id, or found in all of the journal."""
    if not request.ids:
        return find_traces(reader.cx, request.sought, progress)
    from nippo_cli.journal.log import one_record

    own: dict[int, Trace] = {}
    for said in request.ids:
        number = read_id(said)
        if number is None:
            raise UsageError(msg("desk.bad_id", said=said))
        rec = one_record(reader.cx, number)
        while rec is not None and rec.kind == "amend" and rec.target is not None:
            rec = one_record(reader.cx, rec.target)
        if rec is None:
            raise NotFound(msg("journal.no_record", id=show_id(number)), hint=where_else(reader, number))
        if rec.body is not None:
            own.update((trace.id, trace) for trace in traces_of(reader.cx, rec).traces)
    return Traces(list(own.values()))


def _wanted(traces: Traces, request: RedactionRequest) -> list["Trace"]:
    return [trace for trace in traces.traces if trace.how != "mentioned" or not request.named_only]


def _row(reader: "JournalReader", trace: "Trace") -> RedactedRecord:
    from nippo_cli.journal.read import tag

    name = tag(reader.cx, trace.deal).name if trace.deal is not None else ""
    return RedactedRecord(
        trace.id, trace.kind, trace.how, trace.on, trace.author, trace.deal, name, trace.where, trace.says
    )


def _drafts(workspace: Workspace, sought: Sought) -> tuple[list[Path], list[Path]]:
    """Files of the drafts' folder that hold a name, whatever wrote them there; and those that another terminal has open."""
    drafts = drafts_of(workspace)
    free, in_use = list[Path](), list[Path]()
    for path in _files_in(drafts.folder):
        if _holds(path, sought):
            number = int(path.stem) if path.stem.isdecimal() else 0
            (in_use if number and drafts.elsewhere(number) else free).append(path)
    # A mail that was never sent is a draft, too.
    free += [path for path in _files_in(workspace.places.state / "mails") if sought.forms and _holds(path, sought)]
    return free, in_use


def _files(
    workspace: Workspace, sought: Sought, records: Sequence[tuple[int, str]]
) -> tuple[list[Path], list[OutOfReach]]:
    """Copies beside the journal: those that upgrades left, which go with the erasure; and what is the person's own to keep."""
    from nippo_cli.journal.care.copies import copies_beside

    journal = workspace.places.journal_db
    erased, beyond = list[Path](), list[OutOfReach]()
    for path, what in copies_beside(journal):
        if not _copy_holds(path, sought, records):
            continue
        if what == "upgraded":
            erased.append(path)
        else:
            beyond.append(OutOfReach(what, str(path), command=_removal(path, what)))
    state = workspace.places.state
    for path in (path for folder in (state, state / "imports", state / "ledgers") for path in _files_in(folder)):
        if sought.forms and path.suffix == ".json" and _holds(path, sought):
            beyond.append(OutOfReach("remembered", str(path), command=_removal(path, "remembered")))
    if sought.forms and sought.is_in(text_in(workspace.places.schema)):
        beyond.append(OutOfReach("schema", str(workspace.places.schema)))
    return erased, [*beyond, OutOfReach("outputs")]


def _in_headers(traces: Traces) -> Iterator[OutOfReach]:
    """What stands in the log outside of bodies."""
    if traces.authors:
        yield OutOfReach("author", n=traces.authors)
    if traces.source_keys:
        yield OutOfReach("source_key", n=traces.source_keys)
    if traces.schemas:
        yield OutOfReach("schema_record", n=len(traces.schemas))


def _copy_holds(path: Path, sought: Sought, records: Sequence[tuple[int, str]]) -> bool:
    """Whether a copy says what is to be erased. Of one that can't be read as a journal its bytes tell, and where no name is
    sought nothing does: it may."""
    from nippo_cli.journal.log import look_into, usable

    try:
        with closing(look_into(path, older=True)) as cx, usable(path):
            return holds_bodies(cx, records) or (bool(sought.forms) and mentions(cx, sought))
    except (JournalError, NotFound, OSError):
        return _holds(path, sought) if sought.forms else bool(records)


def _holds(path: Path, sought: Sought) -> bool:
    """Whether a file's bytes, in any encoding that a person's programs write, hold a name."""
    with suppress(OSError):
        content = path.read_bytes()
        parts = _parts_of_mail(content) if path.suffix == ".eml" else [content]
        return any(sought.is_in(part.decode(encoding, "replace")) for part in parts for encoding in _ENCODINGS)
    return False


def _parts_of_mail(content: bytes) -> Iterator[bytes]:
    """What a mail's own encoding hides: its heads, its texts and what it brings; of a workbook the files that it consists of."""
    from email import message_from_bytes
    from email.policy import default
    from io import BytesIO
    from zipfile import ZipFile, is_zipfile

    from nippo_cli.exchange.zips import BROKEN_ZIP

    for part in message_from_bytes(content, policy=default).walk():
        yield "\n".join(map(str, part.values())).encode("utf-8", "replace")
        payload = part.get_payload(decode=True)
        if not isinstance(payload, bytes):
            continue
        yield payload
        if is_zipfile(BytesIO(payload)):
            with suppress(*BROKEN_ZIP), ZipFile(BytesIO(payload)) as book:
                yield from map(book.read, book.namelist())


def _files_in(folder: Path) -> list[Path]:
    with suppress(OSError):
        return sorted(path for path in folder.iterdir() if path.is_file() and not path.is_symlink())
    return []


def _removal(path: Path, what: str) -> str:
    """The command that deletes a copy; of a backup with what was copied along under its name."""
    every = what == "backup" and path.suffix == ".db"
    return f"{'del' if os.name == 'nt' else 'rm'} {quoted(str(path.with_suffix('') if every else path))}{'.*' if every else ''}"
