"""Writes: each one transaction, appended to the log and derived before it ends."""

from nippo_cli.base.faces import face

TYPE_CHECKING = False  # `typing` itself is not loaded for it

if TYPE_CHECKING:
    from nippo_cli.journal.write.append import (
        UNWIPED as UNWIPED,
        latest_of as latest_of,
    )
    from nippo_cli.journal.write.ledger import (
        SaleKnown as SaleKnown,
    )
    from nippo_cli.journal.write.opening import (
        LEFT_TO_OTHERS as LEFT_TO_OTHERS,
        connect_rw as connect_rw,
        connect_to_write as connect_to_write,
        create as create,
        forget_empty as forget_empty,
    )
    from nippo_cli.journal.write.persons import (
        merge_person as merge_person,
        say_of_person as say_of_person,
    )
    from nippo_cli.journal.write.redact import (
        ERASE as ERASE,
        wipe as wipe,
    )
    from nippo_cli.journal.write.undo import (
        WrittenRecord as WrittenRecord,
        derive_batch as derive_batch,
    )
    from nippo_cli.journal.write.undo_import import (
        batch_of as batch_of,
        import_use as import_use,
        retract_import as retract_import,
    )
    from nippo_cli.journal.write.writer import (
        Writer as Writer,
        writing as writing,
    )
else:
    __getattr__ = face(
        __name__,
        {
            "append": "UNWIPED latest_of",
            "ledger": "SaleKnown",
            "opening": "LEFT_TO_OTHERS connect_rw connect_to_write create forget_empty",
            "persons": "merge_person say_of_person",
            "redact": "ERASE wipe",
            "undo": "WrittenRecord derive_batch",
            "undo_import": "batch_of import_use retract_import",
            "writer": "Writer writing",
        },
    )
