"""Entries by the thousand, in one transaction, each deal's history built once."""

from nippo_cli.base.faces import face

TYPE_CHECKING = False  # `typing` itself is not loaded for it

if TYPE_CHECKING:
    from nippo_cli.journal.bulk.bulk_import import (
        BulkImport as BulkImport,
        BulkWritten as BulkWritten,
        importing as importing,
    )
    from nippo_cli.journal.bulk.changed import (
        ChangedEntry as ChangedEntry,
    )
    from nippo_cli.journal.bulk.known import (
        HASH_OF as HASH_OF,
        deal_with_key as deal_with_key,
        deals_of_row as deals_of_row,
        has_key_beside as has_key_beside,
        has_rows as has_rows,
    )
    from nippo_cli.journal.bulk.rows import (
        EntryRows as EntryRows,
        row_maker as row_maker,
    )
else:
    __getattr__ = face(
        __name__,
        {
            "bulk_import": "BulkImport BulkWritten importing",
            "changed": "ChangedEntry",
            "known": "HASH_OF deal_with_key deals_of_row has_key_beside has_rows",
            "rows": "EntryRows row_maker",
        },
    )
