"""Arguments and options that several commands share, their help as keys of the catalogue."""

from typing import Annotated, TypeAlias
from unicodedata import normalize

import typer

from nippo_cli.base.errors import UsageError, msg
from nippo_cli.base.text import whole_number

Deal: TypeAlias = Annotated[str, typer.Argument(help="cli.arg.deal")]
Deals: TypeAlias = Annotated[list[str], typer.Argument(help="cli.arg.deals")]
EntryId: TypeAlias = Annotated[str, typer.Argument(help="cli.arg.id")]
On: TypeAlias = Annotated[str | None, typer.Option("--on", metavar="DATE", help="cli.opt.on")]
NewDay: TypeAlias = Annotated[str | None, typer.Option("--on", metavar="DATE", help="cli.opt.new_day")]
OfDay: TypeAlias = Annotated[str | None, typer.Option("--on", metavar="DATE", help="cli.opt.of_day")]
Since: TypeAlias = Annotated[str | None, typer.Option("--since", metavar="90d|DATE", help="cli.opt.since")]
Until: TypeAlias = Annotated[str | None, typer.Option("--until", metavar="DATE", help="cli.opt.until")]
By: TypeAlias = Annotated[str | None, typer.Option("--by", metavar="NAME", help="cli.opt.by")]
Owner: TypeAlias = Annotated[str | None, typer.Option("--owner", metavar="NAME", help="cli.opt.owner")]
Customer: TypeAlias = Annotated[str | None, typer.Option("--customer", metavar="NAME", help="cli.opt.customer")]
BilledTo: TypeAlias = Annotated[str | None, typer.Option("--billed-to", metavar="NAME", help="cli.opt.billed_to")]
AtSite: TypeAlias = Annotated[str | None, typer.Option("--site", metavar="SITE", help="cli.opt.site")]
AtStage: TypeAlias = Annotated[str | None, typer.Option("--stage", metavar="STAGE", help="cli.opt.stage")]
NewDeal: TypeAlias = Annotated[bool, typer.Option("--new-deal", help="cli.add.new_deal")]
ChangeCustomer: TypeAlias = Annotated[bool, typer.Option("--change-customer", help="cli.add.change_customer")]
Later: TypeAlias = Annotated[bool, typer.Option("--later", help="cli.add.later")]
WhyText: TypeAlias = Annotated[str, typer.Option("--why", metavar="TEXT", help="cli.opt.why")]


def days(said: str | None, option: str) -> int:
    """Days as typed: `60d`, `60日`, `60`; 0 where nothing is typed.

    Raises:
        UsageError: it is no number of days.
    """
    if said is None:
        return 0
    text = normalize("NFKC", said).strip().lower()
    count = whole_number(text.removesuffix("d").removesuffix("日"))
    if count is None:
        raise UsageError(msg("cli.bad_days", option=option, said=said))
    return count


def number(said: str | None, option: str, *, least: int, default: int) -> int:
    """A whole number as typed, full-width digits too.

    Raises:
        UsageError: it is none, or less than `least`.
    """
    if said is None:
        return default
    value = whole_number(said)
    if value is None or value < least:
        raise UsageError(msg("cli.bad_number", option=option, said=said, least=least))
    return value
