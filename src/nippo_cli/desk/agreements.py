"""The agreement: which one is in force, what it says, whether the file is sound."""

from pathlib import Path

from nippo_cli.answers.care import SchemaCheck
from nippo_cli.answers.schemas import SchemaPage
from nippo_cli.desk.agreed import differs, of_file
from nippo_cli.desk.desk import Desk


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
                differs=differs(desk.places.schema, digest),
            )
    return SchemaPage(agreement=of_file(desk.places.schema), path=str(desk.places.schema), adopted_at="", differs=False)


def checked(desk: Desk, path: str | None) -> SchemaCheck:
    """Every problem of a schema file: the one named, else the journal's own.

    Raises:
        NotFound: there is no such file.
    """
    from nippo_cli.schema.load import check_file

    file = Path(path) if path else desk.places.schema
    return SchemaCheck(path=str(file), problems=check_file(file))
