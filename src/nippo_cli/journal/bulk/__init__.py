"""Rows by the thousand, in one transaction, folded once a deal."""

from nippo_cli.base.faces import face

TYPE_CHECKING = False  # `typing` itself is not loaded for it

if TYPE_CHECKING:
    from nippo_cli.journal.bulk.batch import (
        bulk as bulk,
    )
else:
    __getattr__ = face(
        __name__,
        {
            "batch": "bulk",
        },
    )
