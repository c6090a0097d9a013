"""`day` and `comment`."""

from typing import Annotated, Any

import typer

from nippo_cli.base.errors import UsageError, msg
from nippo_cli.base.language import t
from nippo_cli.cli.frame import By, CareCommand, Chosen, context_of


def register(app: Chosen) -> None:
    """Put the commands into the app."""
    app.command("day", cls=DayCommand, help=t("cli.day.help"))(day)
    app.command("comment", cls=CareCommand, help=t("cli.comment.help"))(comment)


class DayCommand(CareCommand):
    """A command whose options are the fields of a day."""

    def more_params(self) -> list[Any]:
        """An option for each field of a day that the agreement lists."""
        from nippo_cli.cli.frame import option_of, the_args
        from nippo_cli.schema.schema import day_fields

        agreement = the_args().for_writing
        return [option_of(field.field, agreement) for field in day_fields(agreement)]


def day(
    ctx: typer.Context,
    date: Annotated[str | None, typer.Argument(help=t("cli.day.date"))] = None,
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help=t("cli.day.on"))] = None,
    text: Annotated[str | None, typer.Option("-m", metavar="TEXT", help=t("cli.day.text"))] = None,
    off: Annotated[bool, typer.Option("--off", help=t("cli.day.off"))] = False,
    until: Annotated[str | None, typer.Option("--until", metavar="DATE", help=t("cli.day.until"))] = None,
    not_off: Annotated[bool, typer.Option("--not-off", help=t("cli.day.not_off"))] = False,
    by: By = None,
) -> None:
    """Write a day's remarks, or show the day."""
    from nippo_cli.services.pages import periods
    from nippo_cli.services.writing import remarks

    session = context_of(ctx)
    if date is not None and on is not None:
        raise UsageError(msg("cli.day.two_dates", said=on))
    if off and not_off:
        raise UsageError(msg("cli.day.off_or_not"))
    if until is not None and not off:
        raise UsageError(msg("cli.day.until_alone"))
    desk = session.desk()
    on = on or date
    if text is None and not session.fields and not off and not not_off:
        session.show(periods.report(desk, "day", on=on, author=by), desk)
        return
    said = remarks.TypedDay(on, text, dict(session.fields), off, not_off, until, by)
    session.show(remarks.write_day(desk, said), desk)


def comment(
    ctx: typer.Context,
    target: Annotated[str | None, typer.Argument(help=t("cli.comment.target"))] = None,
    text: Annotated[str | None, typer.Option("-m", metavar="TEXT", help=t("cli.comment.text"))] = None,
    due: Annotated[str | None, typer.Option("--due", metavar="DATE", help=t("cli.comment.due"))] = None,
    done: Annotated[bool, typer.Option("--done", help=t("cli.comment.done"))] = False,
    by: Annotated[str | None, typer.Option("--by", metavar="NAME", help=t("cli.comment.by"))] = None,
    to: Annotated[str | None, typer.Option("--to", metavar="NAME", help=t("cli.comment.to"))] = None,
    correct: Annotated[bool, typer.Option("--correct", help=t("cli.comment.correct"))] = False,
    retract: Annotated[bool, typer.Option("--retract", help=t("cli.comment.retract"))] = False,
    erase: Annotated[bool, typer.Option("--erase", help=t("cli.comment.erase"))] = False,
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help=t("cli.opt.why"))] = "",
) -> None:
    """Reply to an entry, a day or a comment."""
    from nippo_cli.services.pages import waiting
    from nippo_cli.services.writing import remarks

    session = context_of(ctx)
    desk = session.desk()
    if target is None:
        if text is not None or done or correct or retract or erase:
            raise UsageError(msg("cli.comment.no_target"), hint=msg("cli.comment.no_target_hint"))
        session.show(waiting(desk), desk)
    elif erase:
        session.show(remarks.erase(desk, target, why=why), desk)
    elif retract:
        session.show(remarks.take_back(desk, target, why=why), desk)
    elif correct:
        session.show(remarks.correct(desk, target, text=text, due=due, why=why), desk)
    elif done:
        if text is not None:
            # An answer closes a comment by itself.
            raise UsageError(msg("cli.comment.done_or_text"))
        session.show(remarks.settle(desk, target), desk)
    elif text is None:
        raise UsageError(msg("cli.comment.no_text"), hint=msg("cli.comment.no_text_hint", id=target))
    else:
        session.show(remarks.comment(desk, target, text, due=due, by=by, of=to), desk)
