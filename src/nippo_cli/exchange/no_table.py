"""What holds no table and is given to an import all the same: a journal, its folder, a schema, a map. Said as what it is."""

from pathlib import Path
from typing import Final

from nippo_cli.base.errors import UsageError, msg
from nippo_cli.base.guards import SCHEMA_BEGINS, SQLITE_BEGINS, YAML_ENDINGS, sqlite_application
from nippo_cli.base.ids import JOURNAL_MARK
from nippo_cli.base.places import JOURNAL_FILE
from nippo_cli.base.text import quoted

_HEAD: Final = 4096
_ENTRIES, _MAP = "entries.csv", "import.yaml"


def refuse_no_table(path: Path) -> None:
    """Refuse what nippo keeps for itself, and other programs' databases: whoever gives one to an import means another command.

    Raises:
        UsageError: it is such a file, or a folder with a journal or an export in it. OSError: it can't be read.
    """
    if path.is_dir():
        if (path / JOURNAL_FILE).is_file():
            raise _refused("journal", path, db=quoted(str(path / JOURNAL_FILE)))
        if (path / _ENTRIES).is_file() and (path / _MAP).is_file():
            raise _refused("export", path, file=quoted(str(path / _ENTRIES)), map=quoted(str(path / _MAP)))
        return
    if not path.is_file():
        return
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    if head.startswith(SQLITE_BEGINS):
        # What stands beside a journal has no mark of its own.
        is_database = head.startswith(SQLITE_BEGINS[0])
        kind = "journal" if not is_database or sqlite_application(head) == JOURNAL_MARK else "database"
        raise _refused(kind, path, db=quoted(str(path)))
    if path.suffix.casefold() in YAML_ENDINGS:
        raise _refused("schema" if SCHEMA_BEGINS.match(head) else "yaml", path)


def _refused(kind: str, path: Path, **params: str) -> UsageError:
    hint = msg(f"exchange.no_table.{kind}.hint", path=quoted(str(path)), **params)
    return UsageError(msg(f"exchange.no_table.{kind}", path=str(path)), hint=hint)
