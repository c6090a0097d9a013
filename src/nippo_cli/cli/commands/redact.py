"""`nippo redact`."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from nippo_cli.base.errors import UsageError, msg
from nippo_cli.base.language import tn
from nippo_cli.cli.frame import WhyText, WriteCommand, check_progress, columns, command, context_of, yes
from nippo_cli.render.draw import Screen, draw
from nippo_cli.services.care import redact as care

if TYPE_CHECKING:
    from nippo_cli.cli.frame import CliContext
    from nippo_cli.results.redaction import Redaction


@command("redact", WriteCommand, help="cli.redact.help")
def redact(
    ctx: typer.Context,
    ids: Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="cli.redact.ids")] = None,
    person: Annotated[list[str] | None, typer.Option("--person", metavar="NAME", help="cli.redact.person")] = None,
    customer: Annotated[
        list[str] | None, typer.Option("--customer", metavar="NAME", help="cli.redact.customer")
    ] = None,
    why: WhyText = "",
    named_only: Annotated[bool, typer.Option("--named-only", help="cli.redact.named_only")] = False,
    confirmed: Annotated[bool, typer.Option("--yes", help="cli.redact.yes")] = False,
) -> None:
    """List what would be erased, and erase it once a person agrees."""
    run = context_of(ctx)
    workspace = run.workspace()
    request = care.RedactionRequest(tuple(ids or ()), tuple(person or ()), tuple(customer or ()), named_only)
    with check_progress() as progress:
        listed = care.look(workspace, request, progress)
    if workspace.dry_run or listed.is_empty:
        run.show(listed, workspace)
        return
    care.check_reason(request, why)
    if not (confirmed or _agrees(run, listed)):
        run.notice(msg("redact.nothing_done"))
        return
    with check_progress() as progress:
        done = care.redact(workspace, request, listed, why=why, progress=progress)
    run.show(done, workspace)


def _agrees(run: "CliContext", listed: "Redaction") -> bool:
    """Whether the person who sees the list wants all of it erased.

    Raises:
        UsageError: nobody can be asked.
    """
    if not run.interactive:
        raise UsageError(msg("redact.not_confirmed", n=len(listed.records)), hint=msg("redact.not_confirmed.hint"))
    sys.stderr.write(draw(listed, fmt="table", screen=Screen(columns=columns())))
    return yes(tn("redact.ask", len(listed.records)))
