"""The agreement: which one is in force, what it says, whether the file is sound."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from nippo_cli.answers.care import SchemaCheck
from nippo_cli.answers.schemas import SchemaPage
from nippo_cli.desk.desk import Desk, schema_differs
from nippo_cli.errors import NippoError
from nippo_cli.line.facts import AsOf
from nippo_cli.places import Places

if TYPE_CHECKING:
    from nippo_cli.schema.agreement import Agreement

_EVER = AsOf(date.max)


def last_adopted(places: Places) -> "Agreement | None":
    """What the journal last adopted; None where there is no journal, or none that can be read."""
    from nippo_cli.journal.reader import reading as open_reader

    if not places.journal_db.exists():
        return None
    try:
        with open_reader(places.journal_db) as reader:
            return reader.agreement(_EVER)
    except (NippoError, LookupError):
        return None


def for_writing(places: Places) -> "Agreement":
    """What the next entry will be judged by: `schema.yaml` where it is new or changed, else the adopted one.

    A changed file that has problems is left to the write to refuse; until then the last good one stands.
    """
    from nippo_cli.journal.reader import reading as open_reader

    adopted: Agreement | None = None
    if places.journal_db.exists():
        try:
            with open_reader(places.journal_db) as reader:
                adopted = reader.agreement(_EVER)
                if not schema_differs(places.schema, reader.adopted()[0]):
                    return adopted
        except (NippoError, LookupError):
            adopted = None
    try:
        return _of_file(places.schema)
    except NippoError:
        if adopted is not None:
            return adopted
        raise


def shown(desk: Desk) -> SchemaPage:
    """The agreement in force, and whether `schema.yaml` differs from it; without a journal, the file or the default."""
    from nippo_cli.journal.reader import reading as open_reader

    if desk.places.journal_db.exists():
        with open_reader(desk.places.journal_db) as reader:
            digest, adopted_at = reader.adopted()
            return SchemaPage(
                agreement=reader.agreement(desk.as_of(desk.today(reader.time_zone))),
                path=str(desk.places.schema),
                adopted_at=adopted_at,
                differs=schema_differs(desk.places.schema, digest),
            )
    return SchemaPage(agreement=_of_file(desk.places.schema), path=str(desk.places.schema), adopted_at="", differs=False)


def checked(desk: Desk, path: str | None) -> SchemaCheck:
    """Every problem of a schema file: the one named, else the journal's own, else the default."""
    from nippo_cli.schema.load import check_file

    file = Path(path) if path else desk.places.schema
    return SchemaCheck(path=str(file), problems=check_file(file))


def _of_file(path: Path) -> "Agreement":
    from nippo_cli.schema.load import load_agreement, read_text
    from nippo_cli.schema.templates import text_of

    if path.exists():
        return load_agreement(read_text(path), str(path))
    return load_agreement(text_of("default"), "schema.yaml")
