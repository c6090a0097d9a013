"""`nippo search`."""

from typing import Annotated, Any

import typer

from nippo_cli.base.errors import UsageError, msg
from nippo_cli.cli.frame import AnswerCommand, AtSite, BilledTo, By, Customer, Since, Until, command, context_of
from nippo_cli.services.context import key_meant, shown
from nippo_cli.services.pages import log

_ORDERS = ("date", "relevance")


class SearchCommand(AnswerCommand):
    """A command whose words may begin with a minus: `-失注` is no option."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """A minus before a letter that no option has becomes the full-width one, which a search takes for the same."""
        words = [f"－{arg[1:]}" if arg[:1] == "-" and not arg[1:2].isascii() else arg for arg in args]
        return super().parse_args(ctx, words)


@command("search", SearchCommand, help="cli.search.help")
def search(
    ctx: typer.Context,
    text: Annotated[list[str], typer.Argument(help="cli.search.text")],
    without: Annotated[list[str] | None, typer.Option("--not", metavar="TEXT", help="cli.search.without")] = None,
    since: Since = None,
    until: Until = None,
    by: By = None,
    customer: Customer = None,
    billed_to: BilledTo = None,
    site: AtSite = None,
    deal: Annotated[str | None, typer.Option("--deal", metavar="DEAL", help="cli.log.deal")] = None,
    sort: Annotated[str, typer.Option("--sort", metavar="date|relevance", help="cli.search.sort")] = "date",
) -> None:
    """Entries that hold a text."""
    order = key_meant("order", sort, _ORDERS)
    if order is None:
        raise UsageError(msg("cli.bad_choice", option="--sort", said=sort, allowed=shown("order", _ORDERS)))
    run = context_of(ctx)
    workspace = run.workspace()
    wanted = log.SearchFilter(since, until, by, customer, deal, tuple(without or ()), billed_to, site)
    hits = log.search(workspace, " ".join(text), wanted, likeliest=order == "relevance", limit=run.entry_limit)
    run.show(hits, workspace)
