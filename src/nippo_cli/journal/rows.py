"""An entry on its way into the log by the million: all of it that can be made ready before its number is known."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from nippo_cli.journal.heads import iso
from nippo_cli.journal.lens import ColumnRow, column_reader
from nippo_cli.journal.record import canonical
from nippo_cli.line.draft import EntryDraft
from nippo_cli.schema.agreement import Agreement

# `entry`'s columns in the order in which `sql.bulk_inserts` binds them after id and deal: on_date, known_on, stage,
# contact, author ("" for whoever imports), activity, customer, kind, amount, closes, confidence, next_step, next_on,
# accepts, source, evidence, incomplete.
Said: TypeAlias = tuple[
    str, str, str | None, int, str, str | None, str | None, str | None, int | None, str | None, str | None,
    str | None, str | None, str | None, str | None, int, bool,
]  # fmt: skip
# The deal's name and the source key, if there is one; the values as canonical text; the columns. Plain, so that
# `marshal` takes it.
Row: TypeAlias = tuple[str | None, str | None, str, Said]


def row_maker(agreement: Agreement) -> Callable[[EntryDraft], Row]:
    """What makes rows of drafts that were judged by an agreement, the one in force."""
    columns: Callable[[Mapping[str, Any]], ColumnRow] = column_reader(agreement)

    def row(draft: EntryDraft) -> Row:
        on, known_on, author, deal, values, key, incomplete, text = draft
        stage, contact, activity, *rest = columns(values)
        said: Any = (iso(on), iso(known_on), stage, contact, author, activity, *rest, incomplete)
        return deal, key, text or canonical(values), said

    return row


def body(row: Row, deal: int | None) -> str:
    """The canonical body of an entry; the same text as `canonical` makes, from its one open part."""
    named = f'"deal":{deal},' if deal is not None else ""
    incomplete = '"incomplete":true,' if row[3][-1] else ""
    return f'{{{named}{incomplete}"values":{row[2]}}}'
