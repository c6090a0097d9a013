"""Writes: each one transaction, appended to the log and derived before it ends."""

from typing import TYPE_CHECKING

from nippo_cli.base.faces import face

if TYPE_CHECKING:
    from nippo_cli.journal.write.ledger import (
        SaleKnown as SaleKnown,
    )
    from nippo_cli.journal.write.rollback import (
        derive_anew as derive_anew,
        settle as settle,
    )
    from nippo_cli.journal.write.rows import (
        Row as Row,
        body as body,
        row_maker as row_maker,
    )
    from nippo_cli.journal.write.undo import (
        Written as Written,
    )
    from nippo_cli.journal.write.writer import (
        Writer as Writer,
        writing as writing,
    )
else:
    __getattr__ = face(
        __name__,
        {
            "ledger": "SaleKnown",
            "rollback": "derive_anew settle",
            "rows": "Row body row_maker",
            "undo": "Written",
            "writer": "Writer writing",
        },
    )
