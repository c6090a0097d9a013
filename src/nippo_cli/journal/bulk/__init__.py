"""Rows by the thousand, in one transaction, folded once a deal."""

from typing import TYPE_CHECKING

from nippo_cli.base.faces import face

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
