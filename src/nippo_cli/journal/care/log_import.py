"""A complete log brought into a journal that has nothing yet: the same records, and all that is derived from them made anew."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Final

from nippo_cli.base.dates import instant_text
from nippo_cli.base.errors import JournalError, Message, UsageError, msg
from nippo_cli.base.files import clear_leftovers, growing
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.ids import device_name
from nippo_cli.base.progress import Progress
from nippo_cli.base.scratch import scratch_folder
from nippo_cli.base.worker import working_beside
from nippo_cli.journal.care import copies
from nippo_cli.journal.care.in_place import put_in_place
from nippo_cli.journal.care.log_file import LogHeader
from nippo_cli.journal.care.log_reading import LogFile, LogFileRefused, read_in_worker
from nippo_cli.journal.check import examine, make_anew
from nippo_cli.journal.log import (
    INSERT_RECORD,
    PUT_HEAD,
    PUT_LOSS,
    SET_META,
    begin_device,
    bind_fast,
    connect_ro,
    insert_many,
    usable,
)

PUT_DEVICE: Final = "insert into device (slot, id, began_at, last_number, ordinal) values (?, ?, ?, ?, ?)"
HASH_OF: Final = "select hash from record where id = ?"
ANY_BUT_SCHEMAS: Final = "select 1 from record where kind <> 'schema' limit 1"
COUNT: Final = "select count(*) from record"
DEVICES_THERE: Final = "select id from device where last_number > 0"
# A body that holds nothing by its own name says nothing that a line could be made of.
NO_OBJECT: Final = """
select id from record where body is not null
  and case when json_valid(body) then json_type(body) end is not 'object' limit 1
"""

# Fewer are read before a second Python has started.
_MANY = 20_000
_AT_ONCE: Final = 1000


class LogBrought(NamedTuple):
    """What became of a log's file: its `records`; the `device` under which the journal writes on, empty where nothing was written;
    where the journal of before was `set_aside`, and how many `more` records the journal has, if it has these already."""

    records: int
    device: str = ""
    set_aside: str = ""
    more: int | None = None


def bring_log(
    file: Path, path: Path, *, now: datetime, dry_run: bool = False, progress: Progress | None = None
) -> LogBrought:
    """Make a journal of a log's file: ids, devices, instants, salts and hashes as they are, what was erased and what is lost too.

    The journal writes on as a new device, since the one that the log comes from may still be written to. A journal that
    holds no more than schemas is set aside for it, as by a restore; killed at any moment, the journal is whole, the old or the
    new one. If the journal has all these records already, nothing is done.

    Args:
        path: the journal; there may be none yet.
        now: the local time (aware), which names what is set aside.

    Raises:
        LogFileRefused: the file is not what was written, or not all of it.
        UsageError: the journal has a log of its own, or an earlier or another state of this one.
        JournalError: it can't be read or written.
    """
    log_file = LogFile(file, progress)
    if _has_some(path, log_file.header):
        return LogBrought(log_file.header.records, more=_held_against(path, log_file))
    # SQLite, too, looks for what belongs to a file beside the file itself.
    place = path.resolve() if path.is_symlink() else path
    with _draft_for(place, dry_run=dry_run) as draft, usable(place):
        slot = _fill(draft, log_file, now, progress)
        _check(draft, log_file, progress)
        set_aside = None
        if not dry_run:
            name = place.with_name(f"{place.stem}.{now:%Y%m%d-%H%M%S}{place.suffix}")
            set_aside = put_in_place(draft, place, name, lambda copy: _keep_schema(path, copy))
            clear_leftovers(place.parent, now)
    return LogBrought(log_file.header.records, device_name(slot), str(set_aside or ""))


def _has_some(path: Path, header: LogHeader) -> bool:
    """Whether a journal has more than the schemas that it was begun with, or those of this very log."""
    if not path.exists():
        return False
    with usable(path), closing(connect_ro(path)) as cx:
        own = {device for (device,) in cx.execute(DEVICES_THERE)}
        return (
            not own.isdisjoint(one.id for one in header.devices) or cx.execute(ANY_BUT_SCHEMAS).fetchone() is not None
        )


def _held_against(path: Path, log_file: LogFile) -> int:
    """How many more records a journal has than the file, all of whose records it has.

    Raises:
        UsageError: it lacks some, or has others in their place.
    """
    with usable(path), closing(connect_ro(path)) as cx:
        (count,) = cx.execute(COUNT).fetchone()
        own = {device for (device,) in cx.execute(DEVICES_THERE)}
        same = lacking = 0
        if not own.isdisjoint(one.id for one in log_file.header.devices):
            for record in log_file.records():
                there = cx.execute(HASH_OF, (record.id,)).fetchone()
                same += there is not None and there[0] == record.hash
                lacking += there is None
    if same == log_file.header.records:
        return int(count - same)
    key = "another"
    if same and same + lacking == log_file.header.records:
        key = "earlier" if same == count else "branch"
    raise UsageError(
        msg(f"log_file.{key}_log", path=str(path), n=same, of=log_file.header.records, own=count - same),
        hint=msg("log_file.another_log.hint", file=copies.typed(log_file.path)),
    )


@contextmanager
def _draft_for(place: Path, *, dry_run: bool) -> Iterator[Path]:
    """Where the new journal is made, until it is whole; for a dry run, somewhere that is gone afterwards."""
    if dry_run:
        with scratch_folder() as folder:
            yield folder / place.name
        return
    from nippo_cli.base.files import make_folder

    make_folder(place.parent)
    with growing(place) as draft:
        yield draft


def _fill(draft: Path, log_file: LogFile, now: datetime, progress: Progress | None) -> int:
    """Write the log into a new file and derive the rest; the slot of the device that writes on."""
    from nippo_cli.journal.write import migrations

    header = log_file.header
    with closing(sqlite3.connect(draft, isolation_level=None)) as cx:
        # It is synced as a whole before it gets its name.
        cx.execute("pragma synchronous = off")
        cx.execute("pragma trusted_schema = off")
        migrations.apply(cx)
        cx.execute("begin immediate")
        _put_facts(cx, header)
        _put_records(cx, log_file)
        strange = cx.execute(NO_OBJECT).fetchone()
        if strange is not None:
            raise _unsound(log_file, [msg("log_file.no_object", id=strange[0])])
        tell = (lambda done: progress("log_file.deriving", done, header.records)) if progress else None
        if tell is not None:
            tell(0)
        make_anew(cx, is_sound=True, tell=tell)
        slot = begin_device(cx, instant_text(now))
        cx.execute("commit")
    return slot


def _put_records(cx: sqlite3.Connection, log_file: LogFile) -> None:
    """Write a log's records, which a second process reads where they are many."""
    bind_fast()
    beside = working_beside(read_in_worker, log_file.device_ids) if log_file.header.records >= _MANY else nullcontext()
    with beside as second:
        records = log_file.records(second)
        while some := list(islice(records, _AT_ONCE)):
            insert_many(cx, INSERT_RECORD, some)


def _put_facts(cx: sqlite3.Connection, header: LogHeader) -> None:
    """What a file knows of its log besides the records."""
    for key, said in header.settings.items():
        cx.execute(SET_META, (key, said))
    cx.execute(SET_META, ("indexed", "0"))
    cx.executemany(PUT_DEVICE, header.devices)
    cx.executemany(PUT_LOSS, header.lost)
    cx.executemany(PUT_HEAD, [(slot, number, bytes.fromhex(head)) for slot, number, head in header.heads])


def _check(draft: Path, log_file: LogFile, progress: Progress | None) -> None:
    """Go through the new journal as `nippo doctor` does, but for what was derived a moment ago, for the hashes, which each record was
    held against as it was read, and for the pages, which are just written.

    Raises:
        LogFileRefused: it is not sound.
    """
    health = examine(draft, progress, anew=True, sealed=True)
    problems = [said for check in health.checks for said in check.problems]
    if problems:
        raise _unsound(log_file, problems)


def _unsound(log_file: LogFile, problems: list[Message]) -> JournalError | LogFileRefused:
    from nippo_cli.base.errors import Place, Problem

    return LogFileRefused(
        msg("log_file.unsound", path=str(log_file.path), n=len(problems)),
        hint=msg("log_file.damaged.hint"),
        problems=[Problem(Place(file=str(log_file.path)), "", said) for said in problems],
    )


def _keep_schema(path: Path, old_copy: Path) -> None:
    """Keep the `schema.yaml` of the journal that is set aside under the name by which a restore of it finds it."""
    from nippo_cli.base.files import replace_file

    beside = path.with_name(copies.SCHEMA)
    if beside.is_file():
        replace_file(copies.schema_of(old_copy), beside.read_bytes())
