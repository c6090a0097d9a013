"""`nippo team settle`: one field corrected twice, one deal begun twice; one key each."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from nippo_cli.base.errors import Interrupted, NippoError, UsageError, msg
from nippo_cli.base.ids import show_id
from nippo_cli.base.language import say, t
from nippo_cli.base.text import visible
from nippo_cli.cli.frame import AnswerLost, CareCommand, command, context_of, one_key
from nippo_cli.render.day.conflicts import keys_of, one
from nippo_cli.render.draw import draw_page
from nippo_cli.services.context import bring_up_to_date
from nippo_cli.services.pages import conflicts as pages
from nippo_cli.services.writing import settling

if TYPE_CHECKING:
    from nippo_cli.cli.frame import CliContext
    from nippo_cli.results.conflicts import Conflict, ConflictPage


@command("team settle", CareCommand, help="cli.team.settle.help")
def settle(
    ctx: typer.Context,
    about: Annotated[str | None, typer.Argument(metavar="[ID]", help="cli.team.settle.about")] = None,
    keep: Annotated[
        str | None, typer.Option("--keep", metavar="mine|theirs|both|NAME", help="cli.team.settle.keep")
    ] = None,
    field: Annotated[str | None, typer.Option("--field", metavar="FIELD", help="cli.team.settle.field")] = None,
    list_only: Annotated[bool, typer.Option("--list", help="cli.team.settle.list")] = False,
) -> None:
    """Go through what colleagues and you wrote without knowing of each other."""
    run = context_of(ctx)
    workspace = run.workspace()
    if about is not None or keep is not None or field is not None:
        if about is None or keep is None or list_only:
            raise UsageError(msg("settle.half"), hint=msg("settle.half.hint"))
        run.show(settling.settle(workspace, about, keep, field=field), workspace)
        return
    is_listed = list_only or run.format != "table"
    if not is_listed and run.interactive:
        # As whatever writes does.
        bring_up_to_date(workspace)
    page = pages.conflict_page(workspace)
    if not is_listed and page.conflicts and not run.interactive:
        raise UsageError(msg("settle.no_terminal"), hint=msg("settle.half.hint"))
    if is_listed or not page.conflicts:
        run.show(page, workspace)
    else:
        _ask_all(run, page)


def _ask_all(run: "CliContext", page: "ConflictPage") -> None:
    """Ask about each, until all are asked about or the person stops. Each answer is written before the next is asked about."""
    # A pager would take the keys that are meant for the next one.
    run.no_pager = True
    done = 0
    try:
        for place, conflict in enumerate(page.conflicts, 1):
            shown = one(conflict, page, f"{place}/{len(page.conflicts)}", run.screen)
            sys.stderr.write("\n" + draw_page(shown, run.screen))
            answer = _ask(run, conflict)
            done += answer == "settled"
            if answer == "q":
                break
    except (KeyboardInterrupt, EOFError):
        # What was answered is written; to stop is an answer too.
        sys.stderr.write("\n")
    run.notice(msg("settle.ended", n=done, left=len(page.conflicts) - done))


def _ask(run: "CliContext", conflict: "Conflict") -> str:
    """One answer: `settled`, `s` for later, `q` for no more."""
    sides = dict(zip(keys_of(conflict), conflict.sides, strict=True))
    keys = [*sides, *(("b",) if conflict.takes_both else ()), "s", "q"]
    while True:
        sys.stderr.write(f"  {visible(t('settle.keys', keys='/'.join(keys[:-2])))} ")
        sys.stderr.flush()
        key = one_key()
        while key not in keys:
            key = one_key()
        sys.stderr.write(f"{key}\n")
        if key in ("s", "q"):
            return key
        keep = settling.BOTH if key == "b" else show_id(sides[key].record)
        workspace = run.workspace()
        try:
            run.show(settling.settle(workspace, show_id(conflict.id), keep, field=conflict.field or None), workspace)
        except (AnswerLost, Interrupted):
            # What is recorded would be twice if it were asked again.
            raise
        except NippoError as error:
            sys.stderr.write(f"  {visible(say(error.message))}\n")
            return "s"
        return "settled"
