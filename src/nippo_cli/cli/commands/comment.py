"""`nippo comment`."""

from typing import Annotated

import typer

from nippo_cli.base.errors import UsageError, msg
from nippo_cli.cli.frame import CareCommand, command, context_of
from nippo_cli.services.pages import waiting
from nippo_cli.services.writing import comments


@command("comment", CareCommand, help="cli.comment.help")
def comment(
    ctx: typer.Context,
    target: Annotated[str | None, typer.Argument(help="cli.comment.target")] = None,
    text: Annotated[str | None, typer.Option("-m", metavar="TEXT", help="cli.comment.text")] = None,
    due: Annotated[str | None, typer.Option("--due", metavar="DATE", help="cli.comment.due")] = None,
    done: Annotated[bool, typer.Option("--done", help="cli.comment.done")] = False,
    by: Annotated[str | None, typer.Option("--by", metavar="NAME", help="cli.comment.by")] = None,
    decision: Annotated[bool, typer.Option("--decision", help="cli.comment.decision")] = False,
    who: Annotated[str | None, typer.Option("--who", metavar="NAME", help="cli.comment.who")] = None,
    to: Annotated[str | None, typer.Option("--to", metavar="NAME", help="cli.comment.to")] = None,
    correct: Annotated[bool, typer.Option("--correct", help="cli.comment.correct")] = False,
    retract: Annotated[bool, typer.Option("--retract", help="cli.comment.retract")] = False,
    erase: Annotated[bool, typer.Option("--erase", help="cli.comment.erase")] = False,
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="cli.opt.why")] = "",
) -> None:
    """Reply to an entry, a deal, a day or a comment; or note what was decided."""
    run = context_of(ctx)
    workspace = run.workspace()
    if target is None:
        if text is not None or decision or done or correct or retract or erase:
            raise UsageError(msg("cli.comment.no_target"), hint=msg("cli.comment.no_target_hint"))
        run.show(waiting(workspace), workspace)
    elif who is not None and not (decision or correct):
        raise UsageError(msg("cli.comment.who_alone"), hint=msg("cli.comment.who_alone_hint", id=target))
    elif erase:
        run.show(comments.erase(workspace, target, why=why), workspace)
    elif retract:
        run.show(comments.take_back(workspace, target, why=why), workspace)
    elif correct:
        run.show(comments.correct(workspace, target, text=text, due=due, who=who, why=why), workspace)
    elif done:
        run.show(comments.settle(workspace, target, text=text, by=by), workspace)
    elif text is None:
        raise UsageError(msg("cli.comment.no_text"), hint=msg("cli.comment.no_text_hint", id=target))
    else:
        said = comments.TypedComment(text, due, by, to, decision, who)
        run.show(comments.comment(workspace, target, said), workspace)
