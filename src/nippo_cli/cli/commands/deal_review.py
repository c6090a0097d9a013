"""`nippo deal review`."""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from nippo_cli.base.errors import Interrupted, msg
from nippo_cli.base.ids import show_id
from nippo_cli.base.language import say, t
from nippo_cli.base.text import quoted
from nippo_cli.cli.frame import Deal, WriteCommand, command, context_of, line, numbered, tell
from nippo_cli.line.facts import WAYS
from nippo_cli.schema.schema import Choice
from nippo_cli.schema.types import ValueRefused, chosen
from nippo_cli.services.context import key_meant
from nippo_cli.services.writing import reviews

if TYPE_CHECKING:
    from nippo_cli.services.context import Workspace


@command("deal review", WriteCommand, help="cli.deal.review.help")
def review(
    ctx: typer.Context,
    deal: Deal,
    cause: Annotated[str, typer.Option("--cause", metavar="CAUSE", help="cli.deal.review.cause")] = "",
    text: Annotated[str, typer.Option("-m", "--message", metavar="TEXT", help="cli.deal.review.text")] = "",
    known: Annotated[str, typer.Option("--known", metavar="asked|found|guess", help="cli.deal.review.known")] = "",
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="cli.deal.review.by")] = "",
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="cli.deal.review.on")] = None,
    revisit: Annotated[str | None, typer.Option("--revisit", metavar="DATE", help="cli.deal.review.revisit")] = None,
) -> None:
    """Record what was learned of a finished deal."""
    run = context_of(ctx)
    workspace = run.workspace()
    if revisit is not None and not (text or known or cause or by or on):
        run.show(reviews.revisit(workspace, deal, revisit), workspace)
        return
    learned = reviews.Learned(text, known, cause, by, on, revisit)
    if run.interactive and not (text and known and cause):
        learned = _asked(workspace, deal, learned)
    run.show(reviews.review(workspace, deal, learned), workspace)


def _asked(workspace: "Workspace", deal: str, learned: reviews.Learned) -> reviews.Learned:
    """What is said of a finished deal, with what is missing asked for.

    Raises:
        NotFound, Ambiguous, UsageError: nothing can be said of that deal; before anything is typed.
        Interrupted: the person stopped; the command with what was answered is given back.
    """
    head, schema = reviews.to_be_reviewed(workspace, deal)
    wants_cause = bool(schema.causes) and not learned.cause
    if learned.text and learned.known_by and (not wants_cause or head.fate == "won"):
        return learned
    about = [
        f"#{show_id(head.id)} {head.name}",
        head.customer,
        t(f"show.outcome.{head.fate}") if head.closed_on else "",
    ]
    tell("  ".join(part for part in about if part))
    said = learned
    try:
        if wants_cause:
            said = said._replace(cause=_cause(schema.causes, may_be_none=head.fate == "won"))
        if not said.text:
            said = said._replace(text=_answer(t("cli.deal.review.ask_text"), str))
        if not said.known_by:
            said = said._replace(known_by=_way())
    except (KeyboardInterrupt, EOFError):
        sys.stderr.write("\n")
        stopped = Interrupted(msg("cli.stopped"))
        if said != learned:
            stopped.lost = _command(workspace, deal, said)
        raise stopped from None
    return said


def _cause(causes: tuple[Choice, ...], *, may_be_none: bool) -> str:
    sys.stderr.write(numbered([cause.label for cause in causes]))
    labels = {cause.key: cause.label for cause in causes}
    return _answer(t("cli.deal.review.ask_cause"), lambda said: labels[chosen(causes, said)], may_be_none=may_be_none)


def _way() -> str:
    """How it is known: by its number, or by any of its words."""
    ways = [Choice(way, t(f"deal.known_{way}")) for way in WAYS]
    sys.stderr.write(numbered([way.label for way in ways]))

    def read(said: str) -> str:
        return key_meant("known", said, WAYS) or chosen(ways, said)

    return _answer(t("cli.deal.review.ask_known"), read)


def _answer(label: str, read: Callable[[str], str], *, may_be_none: bool = False) -> str:
    """An answer that can be read; asked again until it can, and until there is one where one is needed.

    Raises:
        KeyboardInterrupt, EOFError: the person stopped.
    """
    while True:
        said = line(label)
        if not said and may_be_none:
            return ""
        try:
            if said:
                return read(said)
            tell(t("cli.ask.needed", field=label))
        except ValueRefused as refused:
            tell(t("cli.ask.no_choice", field=label, said=refused.said, needs=say(refused.needs)))


def _command(workspace: "Workspace", deal: str, said: reviews.Learned) -> str:
    """The command that says what was answered so far."""
    pairs = (
        ("--cause", said.cause), ("-m", said.text), ("--known", said.known_by), ("--by", said.by), ("--on", said.on),
        ("--revisit", said.revisit),
    )  # fmt: skip
    typed = [deal, *(word for option, value in pairs if value for word in (option, value))]
    return f"nippo{workspace.places.options} deal review {' '.join(map(quoted, typed))}"
