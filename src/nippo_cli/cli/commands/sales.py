"""`nippo sales …`."""

from functools import partial
from typing import Annotated

import typer

from nippo_cli.base.errors import UsageError, msg
from nippo_cli.base.language import t
from nippo_cli.cli.frame import (
    AnswerCommand,
    CareCommand,
    Chosen,
    Customer,
    On,
    Since,
    Until,
    Why,
    WriteCommand,
    context_of,
)


def register(app: Chosen) -> None:
    """Put the commands into the app."""
    sales = app.group("sales", t("cli.sales.help"))
    sales.command("add", cls=WriteCommand, help=t("cli.sales.add.help"))(add)
    sales.command("import", cls=WriteCommand, help=t("cli.sales.import.help"))(import_)
    sales.command("list", cls=AnswerCommand, help=t("cli.sales.list.help"))(list_)
    sales.command("match", cls=CareCommand, help=t("cli.sales.match.help"))(match)
    sales.command("retract", cls=WriteCommand, help=t("cli.sales.retract.help"))(retract)


def add(
    ctx: typer.Context,
    amount: Annotated[str, typer.Option("--amount", metavar="MONEY", help=t("cli.sales.amount"))],
    customer: Annotated[str | None, typer.Option("--customer", metavar="NAME", help=t("cli.sales.customer"))] = None,
    deal: Annotated[str | None, typer.Option("--deal", metavar="DEAL", help=t("cli.sales.deal"))] = None,
    on: On = None,
    reference: Annotated[str, typer.Option("--ref", metavar="TEXT", help=t("cli.sales.ref"))] = "",
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help=t("cli.sales.note"))] = "",
) -> None:
    """Record one row of the real ledger."""
    from nippo_cli.services.imports import sales

    session = context_of(ctx)
    desk = session.desk()
    session.show(
        sales.add(desk, amount=amount, customer=customer, deal=deal, on=on, reference=reference, note=note), desk
    )


def import_(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(help=t("cli.import.file"))],
    map_: Annotated[str | None, typer.Option("--map", metavar="MAP", help=t("cli.import.map"))] = None,
    on_error: Annotated[str, typer.Option("--on-error", metavar="stop|skip", help=t("cli.import.on_error"))] = "stop",
    encoding: Annotated[str, typer.Option("--encoding", metavar="utf-8|cp932", help=t("cli.import.encoding"))] = "",
) -> None:
    """Import rows of the ledger."""
    from nippo_cli.cli.commands.files import bring_in
    from nippo_cli.services.imports import import_sales

    if map_ is None:
        raise UsageError(msg("cli.sales.import.needs_map"))
    bring_in(ctx, partial(import_sales, file=file, map_file=map_, on_error=on_error, encoding=encoding))


def list_(
    ctx: typer.Context,
    since: Since = None,
    until: Until = None,
    customer: Customer = None,
    deal: Annotated[str | None, typer.Option("--deal", metavar="DEAL", help=t("cli.sales.list.deal"))] = None,
    unmatched: Annotated[bool, typer.Option("--unmatched", help=t("cli.sales.list.unmatched"))] = False,
) -> None:
    """List rows of the ledger."""
    from nippo_cli.services.imports import sales

    session = context_of(ctx)
    desk = session.desk()
    page = sales.listed(
        desk, since=since, until=until, customer=customer, deal=deal, unmatched=unmatched, limit=session.row_limit
    )
    session.show(page, desk)


def match(
    ctx: typer.Context,
    sale: Annotated[str, typer.Argument(help=t("cli.sales.match.sale"))] = "",
    deal: Annotated[str, typer.Argument(help=t("cli.sales.match.deal"))] = "",
    refuse: Annotated[bool, typer.Option("--refuse", help=t("cli.sales.match.refuse"))] = False,
    exact: Annotated[bool, typer.Option("--exact", help=t("cli.sales.match.exact"))] = False,
    since: Since = None,
) -> None:
    """Show proposals; or put a sale to a deal, or part them for good."""
    from nippo_cli.services.imports import sales

    session = context_of(ctx)
    desk = session.desk()
    if sale and deal and not exact:
        session.show(sales.match(desk, sale, deal, refuse=refuse), desk)
    elif exact and not (sale or refuse):
        session.show(sales.match_exact(desk, since=since), desk)
    elif sale or refuse:
        raise UsageError(msg("cli.sales.match.both"))
    else:
        session.show(sales.proposals(desk, since=since, limit=session.row_limit), desk)


def retract(
    ctx: typer.Context, sale: Annotated[str, typer.Argument(help=t("cli.sales.match.sale"))], why: Why = ""
) -> None:
    """Take a row of the ledger back."""
    from nippo_cli.services.imports import sales

    session = context_of(ctx)
    desk = session.desk()
    session.show(sales.retract(desk, sale, why=why), desk)
