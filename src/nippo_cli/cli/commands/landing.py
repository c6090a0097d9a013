"""`nippo landing` and `nippo landing say`."""

from typing import TYPE_CHECKING, Annotated, cast

import typer

from nippo_cli.base.errors import UsageError, msg
from nippo_cli.base.language import current
from nippo_cli.cli.frame import Customer, Owner, WithSubcommands, WriteCommand, command, context_of, waiting
from nippo_cli.landing.parts import LANDING_BY, LandingBy
from nippo_cli.services import landing as landings
from nippo_cli.services.context import Scope, basis_meant, key_meant, shown

if TYPE_CHECKING:
    from nippo_cli.landing.horizon import LandingSpan

# As scripts write them, and as a Japanese screen names them.
_UNITS = {"1": 1, "1000": 1000, "10000": 10_000, "円": 1, "千円": 1000, "万円": 10_000}


@command("landing", WithSubcommands, help="cli.landing.help")
def landing(
    ctx: typer.Context,
    month: Annotated[bool, typer.Option("--month", help="cli.landing.month")] = False,
    quarter: Annotated[bool, typer.Option("--quarter", help="cli.landing.quarter")] = False,
    half: Annotated[bool, typer.Option("--half", help="cli.landing.half")] = False,
    fiscal_year: Annotated[bool, typer.Option("--fiscal-year", help="cli.landing.fiscal_year")] = False,
    by: Annotated[str | None, typer.Option("--by", metavar="owner|kind|customer", help="cli.landing.by")] = None,
    basis: Annotated[str, typer.Option("--basis", metavar="order|sale", help="cli.landing.basis")] = "order",
    owner: Owner = None,
    customer: Customer = None,
    compare: Annotated[str | None, typer.Option("--compare", metavar="DATE", help="cli.landing.compare")] = None,
    unit: Annotated[str | None, typer.Option("--unit", metavar="1|1000|10000", help="cli.landing.unit")] = None,
) -> None:
    """Where this month and the next will land, what moved since last week, and how often that was right."""
    run = context_of(ctx)
    workspace = run.workspace()
    spans: dict[LandingSpan, bool] = {"month": month, "quarter": quarter, "half": half, "fiscal_year": fiscal_year}
    chosen = [span for span, is_asked in spans.items() if is_asked]
    if len(chosen) > 1:
        raise UsageError(msg("landing.one_span"))
    query = landings.LandingQuery(
        chosen[0] if chosen else "next",
        basis_meant(basis),
        _by(by),
        Scope(owner, customer),
        compare,
        _unit(unit),
        opens=run.format == "html",
    )
    with waiting() as progress:
        page = landings.landing(workspace, query, progress)
    run.show(page, workspace)


@command("landing say", WriteCommand, help="cli.landing.say.help")
def say(
    ctx: typer.Context,
    month: Annotated[str, typer.Argument(help="cli.target.month")],
    amount: Annotated[str, typer.Argument(help="cli.landing.say.amount")],
    owner: Annotated[str | None, typer.Option("--owner", metavar="NAME", help="cli.landing.say.owner")] = None,
    for_team: Annotated[bool, typer.Option("--for-team", help="cli.landing.say.for_team")] = False,
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="cli.landing.say.note")] = "",
) -> None:
    """Say what will be sold in a month: your own word, or a lead's for the team."""
    run = context_of(ctx)
    workspace = run.workspace()
    run.show(landings.declare(workspace, month, amount, owner=owner, team=for_team, note=note), workspace)


def _by(said: str | None) -> LandingBy | None:
    if said is None:
        return None
    by = key_meant("by", said, LANDING_BY)
    if by is None:
        raise UsageError(msg("cli.bad_choice", option="--by", said=said, allowed=shown("by", LANDING_BY)))
    return cast("LandingBy", by)


def _unit(said: str | None) -> int:
    """How many yen an amount on screen counts; 0 where the screen may choose."""
    if said is None:
        return 0
    if said not in _UNITS:
        allowed = ", ".join(unit for unit in _UNITS if unit.isascii() or current() == "ja")
        raise UsageError(msg("cli.bad_choice", option="--unit", said=said, allowed=allowed))
    return _UNITS[said]
