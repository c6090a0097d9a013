"""`nippo prep`."""

from typing import Annotated

import typer

from nippo_cli.base.errors import UsageError, msg
from nippo_cli.cli.frame import AnswerCommand, Owner, command, context_of
from nippo_cli.services.pages import prep as pages


@command("prep", AnswerCommand, help="cli.prep.help")
def prep(
    ctx: typer.Context,
    whom: Annotated[str | None, typer.Argument(metavar="[CUSTOMER|DEAL]", help="cli.prep.whom")] = None,
    handover: Annotated[bool, typer.Option("--handover", help="cli.prep.handover")] = False,
    owner: Owner = None,
    to: Annotated[str | None, typer.Option("--to", metavar="NAME", help="cli.prep.to")] = None,
) -> None:
    """One page before a visit; or what somebody has to know who takes customers over."""
    run = context_of(ctx)
    workspace = run.workspace()
    if handover:
        from nippo_cli.services.pages import handover_page

        run.show(handover_page(workspace, customer=whom, owner=owner, to=to or ""), workspace)
        return
    if owner is not None or to is not None:
        raise UsageError(msg("cli.prep.of_handover"))
    if whom is None:
        raise UsageError(msg("cli.prep.no_whom"), hint=msg("cli.prep.no_whom_hint"))
    run.show(pages.page(workspace, whom), workspace)
