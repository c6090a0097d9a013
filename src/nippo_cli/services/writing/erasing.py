"""What an erasure's reason may say: it stays in the log for good."""

from typing import TYPE_CHECKING

from nippo_cli.base.errors import UsageError, msg
from nippo_cli.base.progress import Progress
from nippo_cli.journal.read import Sought, traces_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nippo_cli.journal.write import Writer

NOBODY = Sought()
_SHORTEST = 2


def refuse_naming(why: str, sought: Sought) -> None:
    """Refuse a reason that names whom the erasure is about.

    Raises:
        UsageError: it does.
    """
    if sought.is_in(why):
        raise UsageError(msg("redact.why_names"), hint=msg("redact.why_names.hint"))


def erase_records(
    writer: "Writer",
    records: "Iterable[int]",
    why: str,
    sought: Sought = NOBODY,
    progress: Progress | None = None,
) -> list[int]:
    """Erase records, of which the reason names nobody; the records that say so. Where that is asked for a person's sake, the
    customer stays: it is not about them.

    Raises:
        UsageError: the reason holds a name of a person or a customer that one of them names; or one says nothing.
    """
    targets = list(dict.fromkeys(records))
    names: dict[str, None] = {}
    for target in targets:
        names.update(dict.fromkeys(traces_of(writer.cx, writer.record(target)).spellings))
    named = tuple(name for name in names if len(name) >= _SHORTEST)
    refuse_naming(why, Sought(named, named))
    stays = bool(sought.persons) and not sought.customers
    return writer.redact_all(
        targets, why, spares=lambda customer: stays and not sought.is_in(customer), progress=progress
    )
