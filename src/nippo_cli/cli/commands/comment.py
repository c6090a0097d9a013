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
    confirms: Annotated[bool, typer.Option("--seen", help="cli.comment.seen")] = False,
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
    ways = {"--seen": confirms, "--done": done, "--correct": correct, "--retract": retract, "--erase": erase}
    chosen = [flag for flag, is_on in ways.items() if is_on]
    if target is None:
        if text is not None or decision or chosen:
            raise UsageError(msg("cli.comment.no_target"), hint=msg("cli.comment.no_target_hint"))
        run.show(waiting(workspace), workspace)
        return
    _refuse_together(target, chosen, text=text, decision=decision, who=who)
    if confirms:
        answer = comments.confirm(workspace, target, by=by, of=to)
    elif erase:
        answer = comments.erase(workspace, target, why=why)
    elif retract:
        answer = comments.take_back(workspace, target, why=why)
    elif correct:
        answer = comments.correct(workspace, target, text=text, due=due, who=who, why=why)
    elif done:
        answer = comments.settle(workspace, target, text=text, by=by)
    else:
        answer = comments.comment(workspace, target, comments.TypedComment(text or "", due, by, to, decision, who))
    run.show(answer, workspace)


def _refuse_together(target: str, chosen: list[str], *, text: str | None, decision: bool, who: str | None) -> None:
    """Refuse what does not go together, and a comment without words.

    Raises:
        UsageError: so it is.
    """
    if len(chosen) + decision > 1:
        both = ", ".join([*(["--decision"] if decision else []), *chosen])
        raise UsageError(msg("cli.comment.one_of", options=both))
    if "--seen" in chosen and text is not None:
        raise UsageError(msg("cli.comment.seen_alone"))
    if text is not None and (takes_none := {"--retract", "--erase"}.intersection(chosen)):
        raise UsageError(msg("cli.comment.no_text_with", option=takes_none.pop()))
    if who is not None and not decision and "--correct" not in chosen:
        raise UsageError(msg("cli.comment.who_alone"), hint=msg("cli.comment.who_alone_hint", id=target))
    if not chosen and text is None:
        raise UsageError(msg("cli.comment.no_text"), hint=msg("cli.comment.no_text_hint", id=target))
