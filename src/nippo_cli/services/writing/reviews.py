"""What was learned of finished deals: written down, and asked for where nobody has."""

from typing import TYPE_CHECKING

from nippo_cli.base.errors import UsageError, msg
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.ids import show_id
from nippo_cli.line.facts import WAYS, AsOf
from nippo_cli.line.quiet import is_fizzled
from nippo_cli.line.span import ClosedDays
from nippo_cli.results.recap import Done
from nippo_cli.services.context import EVER, Workspace, day_of, find, in_force, key_meant, reading, shown, writing
from nippo_cli.services.lessons import chosen
from nippo_cli.services.writing.revisits import revisit_day

if TYPE_CHECKING:
    from datetime import date

    from nippo_cli.journal.read import JournalReader
    from nippo_cli.line.facts import DealSummary
    from nippo_cli.schema.schema import Schema


class Learned(NamedTuple):
    """What is told of a finished deal, as typed: the text, how it is known, the cause, who learned it, on which day, and when
    the customer is to be called again."""

    text: str
    known_by: str
    cause: str = ""
    by: str = ""
    on: str | None = None
    revisit: str | None = None


def to_be_reviewed(workspace: Workspace, said: str) -> tuple["DealSummary", "Schema"]:
    """A finished deal as it stands, and the schema whose causes there are: before anything is asked.

    Raises:
        NotFound, Ambiguous: no deal, or several, answer to the name.
        UsageError: it still goes on.
    """
    from nippo_cli.journal.read import find_deal

    with reading(workspace) as (reader, as_of):
        deal = find_deal(reader.cx, said, script=not workspace.interactive)
        return _finished(reader, deal, said, as_of.on), reader.schema(as_of)


def review(workspace: Workspace, said: str, learned: Learned) -> Done:
    """Record what was learned of a finished deal. An earlier review is kept; the last one counts.

    Raises:
        NotFound, Ambiguous: no deal, or several, answer to the name.
        UsageError: the deal is still open, or the day lies ahead or before it began; nothing is told; the cause is not in
            the schema, or is left out of a deal that was not won; `known_by` is none of the ways; or the day to call again
            is past.
    """
    if not learned.text.strip():
        raise UsageError(msg("desk.review_text"))
    if not learned.known_by:
        raise UsageError(msg("desk.review_how", allowed=shown("known", WAYS)))
    way = key_meant("known", learned.known_by, WAYS)
    if way is None:
        raise UsageError(msg("desk.review_known", said=learned.known_by, allowed=shown("known", WAYS)))
    with writing(workspace, begin=False) as writer:
        deal = find(workspace, writer, said)
        schema = in_force(writer)
        head = _finished(writer.reader, deal, said, writer.today)
        key = chosen("--cause", learned.cause, schema.causes) if learned.cause else ""
        # Causes are those of failures: an order may have none.
        if not key and head.fate != "won" and schema.causes:
            raise UsageError(msg("desk.review_cause", allowed=tuple(c.label for c in schema.causes)))
        day = day_of(learned.on, writer.today)
        if not head.began_on <= day <= writer.today:
            raise UsageError(
                msg(
                    "desk.review_day",
                    on=day.isoformat(),
                    first=head.began_on.isoformat(),
                    last=writer.today.isoformat(),
                )
            )
        again = revisit_day(writer, learned.revisit) if learned.revisit is not None else None
        record = writer.review(
            deal,
            cause=key,
            text=learned.text.strip(),
            known_by=way,
            who=learned.by.strip(),
            on=day,
            revisit=again,
        )
    return Done("done.reviewed", {"id": show_id(deal), "name": head.name}, [record], workspace.dry_run)


def revisit(workspace: Workspace, said: str, on: str) -> Done:
    """Say when the customer of a reviewed deal is to be called again: its last review says so from now on.

    Raises:
        NotFound, Ambiguous: no deal, or several, answer to the name. UsageError: the day is past, the deal is still open, or
            nobody has reviewed it.
    """
    with writing(workspace, begin=False) as writer:
        deal = find(workspace, writer, said)
        head = _finished(writer.reader, deal, said, writer.today)
        known = writer.reader.reviews_of(EVER, deal)
        if not known:
            raise UsageError(
                msg("desk.revisit_unreviewed", said=said), hint=msg("desk.revisit_unreviewed_hint", id=show_id(deal))
            )
        day = revisit_day(writer, on)
        record = writer.amend(known[-1].id, {"revisit": day.isoformat()}, why="")
    params: dict[str, object] = {"id": show_id(deal), "name": head.name, "on": day.isoformat()}
    return Done("done.deal_revisit", params, [record], workspace.dry_run)


def _finished(reader: "JournalReader", deal: int, said: str, today: "date") -> "DealSummary":
    """The deal, closed or fizzled.

    Raises:
        UsageError: it still goes on.
    """
    head = reader.head(EVER, deal)
    if head is None:
        raise UsageError(msg("desk.review_open", said=said), hint=msg("desk.review_open_hint", id=show_id(deal)))
    if head.fate == "live":
        as_of = AsOf(today)
        rest = ClosedDays(reader.schema(as_of).closures)
        if not is_fizzled(head, reader.norms(as_of).quiet().days, rest, today):
            raise UsageError(msg("desk.review_open", said=said), hint=msg("desk.review_open_hint", id=show_id(deal)))
    return head
