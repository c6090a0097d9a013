"""Which schema is in force, for a first look before any command runs."""

import os
from datetime import date, datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from nippo_cli.base.errors import Message, NippoError, msg
from nippo_cli.base.files import NoFile, TooLarge, lies_there, light_sha256, make_folder, read_whole, replace_file
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.language import current
from nippo_cli.base.places import Places
from nippo_cli.line.facts import AsOf
from nippo_cli.schema.schema import LARGEST_MIB

if TYPE_CHECKING:
    from nippo_cli.schema.schema import Schema

# The journal's note of `schema.yaml` as it was when it was adopted.
STAMP = "schema_seen"
# `schema.yaml` against what was last adopted. What a crash, a full disk or a folder service left without a word in it is
# no edit, and neither is what can't be read: the adopted one stays in force.
FileState: TypeAlias = Literal["same", "changed", "empty", "unreadable"]
_BLANK = b" \t\r\n\0\xef\xbb\xbf"
_EVER = AsOf(date.max)


class ActiveSchema(NamedTuple):
    """What a journal last adopted: the schema, None where there is no journal or none that can be read; the SHA-256 of
    its `schema.yaml`, and what `stamp` said of that file then."""

    schema: "Schema | None" = None
    sha256: str = ""
    stamp: str = ""


def read_active_schema(places: Places) -> ActiveSchema:
    """What the journal last adopted."""
    from nippo_cli.journal.read import reading as open_reader

    if not places.journal_db.exists():
        return ActiveSchema()
    try:
        with open_reader(places.journal_db) as reader:
            return ActiveSchema(reader.schema(_EVER), reader.adopted()[0], reader.meta(STAMP))
    except (NippoError, LookupError):
        return ActiveSchema()


def for_writing(places: Places, known: ActiveSchema | None = None) -> "Schema":
    """What the next entry will be judged by: `schema.yaml` where it is new or changed, else the adopted one.

    A changed file that has problems is left to the write to refuse; until then the last good one stands.

    Args:
        known: what the journal last adopted, if that was read already.
    """
    known = known or read_active_schema(places)
    if known.schema is not None and state(places.schema, known.sha256, known.stamp) != "changed":
        return known.schema
    try:
        return of_file(places.schema, known.schema)
    except NippoError:
        if known.schema is not None:
            return known.schema
        raise


def refused(places: Places) -> "NippoError | None":
    """Why `schema.yaml` can't be adopted, where it is new or changed: the next write would refuse it. None where it can."""
    from nippo_cli.journal.read import reading as open_reader

    before: Schema | None = None
    try:
        if places.journal_db.exists():
            with open_reader(places.journal_db) as reader:
                adopted_sha256 = reader.adopted()[0]
                if adopted_sha256 and state(places.schema, adopted_sha256, reader.meta(STAMP)) != "changed":
                    return None
                before = reader.schema(_EVER) if adopted_sha256 else None
    except (NippoError, LookupError):
        # What is wrong with the journal is told by whoever opens it.
        return None
    try:
        of_file(places.schema, before)
    except NippoError as error:
        return error
    return None


def state(path: Path, adopted_sha256: str, known: str = "") -> FileState:
    """What has become of `schema.yaml` since it was last adopted. A file that is gone is no other one.

    `known` is what `stamp` said of the file when it was adopted: a file that still has the same size and time is not
    read at all.
    """
    if known and stamp(path) == known:
        return "same"
    try:
        content = read_whole(path, LARGEST_MIB)
    except FileNotFoundError:
        return "same"
    except (NoFile, TooLarge):
        return "changed"
    except OSError:
        return "unreadable"
    if sha256(content) == adopted_sha256:
        return "same"
    return "changed" if content.strip(_BLANK) else "empty"


def is_blank(path: Path) -> bool:
    """Whether a schema file is there and says nothing."""
    try:
        return not read_whole(path, LARGEST_MIB).strip(_BLANK)
    except (OSError, NoFile, TooLarge):
        return False


def notice(places: Places, state: FileState) -> Message | None:
    """What a person is told of `schema.yaml` beside an answer."""
    if state == "same":
        return None
    command = f"nippo{places.options} schema restore"
    return msg(f"desk.schema_{state}", path=str(places.schema), command=command)


def put_text(path: Path, text: str) -> None:
    """Write a schema file in place of what is there; where that is a link, in place of what it leads to.

    Raises:
        OSError: it can't be written.
    """
    make_folder(path.parent)
    replace_file(Path(os.path.realpath(path)), text.encode())


def free_beside(path: Path, now: datetime) -> Path:
    """A name beside a schema file, by the time, that nothing has."""
    stem = f"{path.stem}.{now.astimezone():%Y%m%d-%H%M%S}"
    names = (path.with_name(f"{stem}{'' if n == 1 else f'-{n}'}{path.suffix}") for n in count(1))
    return next(name for name in names if not lies_there(name))


def stamp(path: Path) -> str:
    """A file's size and time of last change, in nanoseconds; empty where there is none."""
    try:
        status = path.stat()
    except OSError:
        return ""
    return f"{status.st_size}:{status.st_mtime_ns}"


def sha256(content: bytes) -> str:
    """A file's fingerprint, hexadecimal."""
    return light_sha256()(content).hexdigest()


def of_file(path: Path, before: "Schema | None" = None) -> "Schema":
    """What a schema file says; the default where there is none, or nothing in it. `before` is the agreement in force, if any.

    Raises:
        SchemaRefused: it has problems. UsageError: it can't be read.
    """
    from nippo_cli.schema.load import load_schema
    from nippo_cli.schema.templates import text_of

    text = text_in(path)
    return load_schema(text, str(path), before) if text else load_schema(text_of("default", current()), "schema.yaml")


def text_in(path: Path) -> str:
    """The text of a schema file; empty where there is none, or nothing in it.

    Raises:
        SchemaRefused: it is none that can be taken. UsageError: it can't be read.
    """
    from nippo_cli.schema.load import read_text

    if not lies_there(path) or is_blank(path):
        return ""
    return read_text(path)
