"""What was learned of finished deals: written down, and asked for where nobody has."""

from typing import TYPE_CHECKING

from nippo_cli.base.errors import UsageError, msg
from nippo_cli.base.ids import show_id
from nippo_cli.line.facts import WAYS, AsOf
from nippo_cli.line.quiet import is_fizzled
from nippo_cli.line.span import ClosedDays
from nippo_cli.results.recap import Done
from nippo_cli.services.context import EVER, Workspace, day_of, find, in_force, key_meant, shown, writing
from nippo_cli.services.lessons import chosen

if TYPE_CHECKING:
    from nippo_cli.journal.write import Writer
    from nippo_cli.line.facts import DealSummary


def review(
    workspace: Workspace, said: str, *, text: str, known_by: str, cause: str = "", by: str = "", on: str | None
) -> Done:
    """Record what was learned of a finished deal. An earlier review is kept; the last one counts.

    Raises:
        NotFound, Ambiguous: no deal, or several, answer to the name.
        UsageError: the deal is still open, or the day lies ahead or before it began; nothing is told; the cause is not in
            the schema, or is left out of a deal that was not won; or `known_by` is none of the ways.
    """
    if not text.strip():
        raise UsageError(msg("desk.review_text"))
    if not known_by:
        raise UsageError(msg("desk.review_how", allowed=shown("known", WAYS)))
    way = key_meant("known", known_by, WAYS)
    if way is None:
        raise UsageError(msg("desk.review_known", said=known_by, allowed=shown("known", WAYS)))
    with writing(workspace, begin=False) as writer:
        deal = find(workspace, writer, said)
        schema = in_force(writer)
        head = _finished(writer, deal, said)
        key = chosen("--cause", cause, schema.causes) if cause else ""
        # Causes are those of failures: an order may have none.
        if not key and head.fate != "won" and schema.causes:
            raise UsageError(msg("desk.review_cause", allowed=", ".join(c.label for c in schema.causes)))
        day = day_of(on, writer.today)
        if not head.began_on <= day <= writer.today:
            raise UsageError(
                msg(
                    "desk.review_day",
                    on=day.isoformat(),
                    first=head.began_on.isoformat(),
                    last=writer.today.isoformat(),
                )
            )
        record = writer.review(deal, cause=key, text=text.strip(), known_by=way, who=by.strip(), on=day)
    return Done("done.reviewed", {"id": show_id(deal), "name": head.name}, [record], workspace.dry_run)


def _finished(writer: "Writer", deal: int, said: str) -> "DealSummary":
    """The deal, closed or fizzled.

    Raises:
        UsageError: it still goes on.
    """
    reader = writer.reader
    head = reader.head(EVER, deal)
    if head is None:
        raise UsageError(msg("desk.review_open", said=said), hint=msg("desk.review_open_hint", id=show_id(deal)))
    if head.fate == "live":
        today = AsOf(writer.today)
        rest = ClosedDays(reader.schema(today).closures)
        if not is_fizzled(head, reader.norms(today).quiet().days, rest, writer.today):
            raise UsageError(msg("desk.review_open", said=said), hint=msg("desk.review_open_hint", id=show_id(deal)))
    return head
