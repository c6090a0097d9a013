"""Which agreement is in force, for a first look before any command runs."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from nippo_cli.errors import NippoError
from nippo_cli.frozen import NamedTuple
from nippo_cli.line.facts import AsOf
from nippo_cli.places import Places

if TYPE_CHECKING:
    from nippo_cli.schema.agreement import Agreement

# The journal's note of `schema.yaml` as it was when it was adopted.
SEEN = "schema_seen"
_EVER = AsOf(date.max)


class Adopted(NamedTuple):
    """What a journal last adopted: the agreement, None where there is no journal or none that can be read; the SHA-256 of
    its `schema.yaml`, and what `stamp` said of that file then."""

    agreement: "Agreement | None" = None
    sha256: str = ""
    seen: str = ""


def adopted(places: Places) -> Adopted:
    """What the journal last adopted."""
    from nippo_cli.journal.reader import reading as open_reader

    if not places.journal_db.exists():
        return Adopted()
    try:
        with open_reader(places.journal_db) as reader:
            return Adopted(reader.agreement(_EVER), reader.adopted()[0], reader.meta(SEEN))
    except (NippoError, LookupError):
        return Adopted()


def for_writing(places: Places, known: Adopted | None = None) -> "Agreement":
    """What the next entry will be judged by: `schema.yaml` where it is new or changed, else the adopted one.

    A changed file that has problems is left to the write to refuse; until then the last good one stands.

    Args:
        known: what the journal last adopted, if that was read already.
    """
    known = known or adopted(places)
    if known.agreement is not None and not differs(places.schema, known.sha256, known.seen):
        return known.agreement
    try:
        return of_file(places.schema)
    except NippoError:
        if known.agreement is not None:
            return known.agreement
        raise


def refused(places: Places) -> "NippoError | None":
    """Why `schema.yaml` can't be adopted, where it is new or changed: the next write would refuse it. None where it can."""
    from nippo_cli.journal.reader import reading as open_reader

    try:
        if places.journal_db.exists():
            with open_reader(places.journal_db) as reader:
                if not differs(places.schema, reader.adopted()[0], reader.meta(SEEN)):
                    return None
    except (NippoError, LookupError):
        # What is wrong with the journal is told by whoever opens it.
        return None
    try:
        of_file(places.schema)
    except NippoError as error:
        return error
    return None


def differs(path: Path, adopted_sha256: str, seen: str = "") -> bool:
    """Whether `schema.yaml` is there and not what was last adopted.

    `seen` is what `stamp` said of the file when it was adopted: a file that still has the same size and time is not
    read at all.
    """
    if seen and stamp(path) == seen:
        return False
    try:
        return sha256(path.read_bytes()) != adopted_sha256
    except FileNotFoundError:
        return False


def stamp(path: Path) -> str:
    """A file's size and time of last change, in nanoseconds; empty where there is none."""
    try:
        found = path.stat()
    except OSError:
        return ""
    return f"{found.st_size}:{found.st_mtime_ns}"


def sha256(content: bytes) -> str:
    """A file's fingerprint, hexadecimal."""
    import hashlib

    return hashlib.sha256(content).hexdigest()


def of_file(path: Path) -> "Agreement":
    """What a schema file says; the default where there is none.

    Raises:
        SchemaRefused: it has problems.
    """
    from nippo_cli.schema.load import load_agreement, read_text
    from nippo_cli.schema.templates import text_of

    if path.exists():
        return load_agreement(read_text(path), str(path))
    return load_agreement(text_of("default"), "schema.yaml")
