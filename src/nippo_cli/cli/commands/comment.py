"""`nippo comment`."""

from typing import Annotated

import typer

from nippo_cli.base.errors import UsageError, msg
from nippo_cli.cli.frame import CareCommand, command, context_of
from nippo_cli.services.pages import waiting
from nippo_cli.services.writing import remarks


@command("comment", CareCommand, help="cli.comment.help")
def comment(
    ctx: typer.Context,
    target: Annotated[str | None, typer.Argument(help="cli.comment.target")] = None,
    text: Annotated[str | None, typer.Option("-m", metavar="TEXT", help="cli.comment.text")] = None,
    due: Annotated[str | None, typer.Option("--due", metavar="DATE", help="cli.comment.due")] = None,
    done: Annotated[bool, typer.Option("--done", help="cli.comment.done")] = False,
    by: Annotated[str | None, typer.Option("--by", metavar="NAME", help="cli.comment.by")] = None,
    to: Annotated[str | None, typer.Option("--to", metavar="NAME", help="cli.comment.to")] = None,
    correct: Annotated[bool, typer.Option("--correct", help="cli.comment.correct")] = False,
    retract: Annotated[bool, typer.Option("--retract", help="cli.comment.retract")] = False,
    erase: Annotated[bool, typer.Option("--erase", help="cli.comment.erase")] = False,
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="cli.opt.why")] = "",
) -> None:
    """Reply to an entry, a day or a comment."""
    run = context_of(ctx)
    workspace = run.workspace()
    if target is None:
        if text is not None or done or correct or retract or erase:
            raise UsageError(msg("cli.comment.no_target"), hint=msg("cli.comment.no_target_hint"))
        run.show(waiting(workspace), workspace)
    elif erase:
        run.show(remarks.erase(workspace, target, why=why), workspace)
    elif retract:
        run.show(remarks.take_back(workspace, target, why=why), workspace)
    elif correct:
        run.show(remarks.correct(workspace, target, text=text, due=due, why=why), workspace)
    elif done:
        if text is not None:
            # An answer closes a comment by itself.
            raise UsageError(msg("cli.comment.done_or_text"))
        run.show(remarks.settle(workspace, target), workspace)
    elif text is None:
        raise UsageError(msg("cli.comment.no_text"), hint=msg("cli.comment.no_text_hint", id=target))
    else:
        run.show(remarks.comment(workspace, target, text, due=due, by=by, of=to), workspace)
