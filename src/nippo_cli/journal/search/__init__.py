"""The search: its index, kept behind the log, and what it finds."""

from nippo_cli.base.faces import face

TYPE_CHECKING = False  # `typing` itself is not loaded for it

if TYPE_CHECKING:
    from nippo_cli.journal.search.bulk_index import (
        BulkIndex as BulkIndex,
        IndexAnew as IndexAnew,
    )
    from nippo_cli.journal.search.form import characters_of as characters_of
    from nippo_cli.journal.search.index import (
        AT_A_WRITE as AT_A_WRITE,
        catch_up as catch_up,
        compact as compact,
        forget as forget,
        is_behind as is_behind,
        learn as learn,
        marks as marks,
        rebuild_index as rebuild_index,
        texts_of_states as texts_of_states,
    )
else:
    __getattr__ = face(
        __name__,
        {
            "bulk_index": "BulkIndex IndexAnew",
            "form": "characters_of",
            "index": "AT_A_WRITE catch_up compact forget is_behind learn marks rebuild_index texts_of_states",
        },
    )
