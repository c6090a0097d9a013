"""`nippo import`, `nippo sales import` and `nippo target import`: what a file brings in."""

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from nippo_cli.base.errors import ExitCode, Interrupted, UsageError, msg
from nippo_cli.cli.frame import WriteCommand, check_progress, command, context_of, row_progress
from nippo_cli.services import imports

if TYPE_CHECKING:
    from collections.abc import Callable

    from nippo_cli.cli.frame.context import CliContext
    from nippo_cli.results.care import ImportReport

_File = Annotated[str, typer.Argument(help="cli.import.file")]
_Map = Annotated[str | None, typer.Option("--map", metavar="MAP", help="cli.import.map")]
_OnError = Annotated[str, typer.Option("--on-error", metavar="stop|skip", help="cli.import.on_error")]
_OnChanged = Annotated[str, typer.Option("--changed", metavar="reject|amend|add|keep", help="cli.import.changed")]
_OnChangedSale = Annotated[str, typer.Option("--changed", metavar="reject|amend|add", help="cli.sales.import.changed")]
_Encoding = Annotated[str, typer.Option("--encoding", metavar="utf-8|cp932", help="cli.import.encoding")]
_Yes = Annotated[bool, typer.Option("--yes", help="cli.import.yes")]
_SaveMap = Annotated[str, typer.Option("--save-map", metavar="FILE", help="cli.import.save_map")]
_Sheet = Annotated[str, typer.Option("--sheet", metavar="NAME", help="cli.import.sheet")]


@command("import", WriteCommand, help="cli.import.help")
def import_entries(
    ctx: typer.Context,
    file: _File,
    map_: _Map = None,
    on_error: _OnError = "stop",
    changed: _OnChanged = "",
    encoding: _Encoding = "",
    sheet: _Sheet = "",
    yes: _Yes = False,
    save_map: _SaveMap = "",
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="cli.import.on")] = None,
) -> None:
    """Import a file's rows as entries, a complete log as a journal; of a calendar offer a day's meetings as drafts."""
    run = context_of(ctx)
    if _is_no_table(run, file, map_, on, yes=yes):
        return
    importing = partial(
        imports.import_file, file=file, on_error=on_error, changed=changed, encoding=encoding, sheet=sheet
    )
    if map_ is not None:
        _bring_in(ctx, partial(importing, map_file=map_))
        return
    own_map = imports.own_map_of(run.workspace(), file, encoding=encoding, sheet=sheet)
    if own_map is not None:
        _bring_in(ctx, partial(importing, map_text=own_map.text), left_out=own_map.strange)
        return
    from nippo_cli.cli.commands.import_plan import import_by_plan, takes_sales

    proposing = partial(imports.propose_import, file=file, encoding=encoding, sheet=sheet)
    try:
        import_by_plan(run, importing, proposing, yes=yes, save_map=save_map)
    except imports.LedgerFile as ledger:
        if takes_sales(run, ledger):
            import_sales(ctx, file, None, on_error, changed, encoding, sheet, yes, save_map)
            return
        import_by_plan(run, importing, partial(proposing, of_deals=True), yes=yes, save_map=save_map)


def _is_no_table(run: "CliContext", file: str, map_: str | None, on: str | None, *, yes: bool) -> bool:
    """Whether a file holds no rows but a calendar or a complete log, and was taken as that.

    Raises:
        UsageError: a day was named, which is a calendar's.
    """
    if file.lower().endswith(".ics"):
        from nippo_cli.cli.commands.calendar import offer_meetings

        offer_meetings(run, file, on, yes=yes)
        return True
    if on is not None:
        raise UsageError(msg("importing.on_of_calendar"))
    from nippo_cli.services.care.log_files import is_log

    if map_ is None and is_log(file):
        _import_log(run, file)
        return True
    return False


@command("sales import", WriteCommand, help="cli.sales.import.help")
def import_sales(
    ctx: typer.Context,
    file: _File,
    map_: _Map = None,
    on_error: _OnError = "stop",
    changed: _OnChangedSale = "",
    encoding: _Encoding = "",
    sheet: _Sheet = "",
    yes: _Yes = False,
    save_map: _SaveMap = "",
) -> None:
    """Import rows of the ledger."""
    importing = partial(
        imports.import_sales, file=file, on_error=on_error, changed=changed, encoding=encoding, sheet=sheet
    )
    if map_ is not None:
        _bring_in(ctx, partial(importing, map_file=map_))
        return
    from nippo_cli.cli.commands.import_plan import import_by_plan

    proposing = partial(imports.propose_sales, file=file, encoding=encoding, sheet=sheet)
    import_by_plan(context_of(ctx), importing, proposing, yes=yes, save_map=save_map)


@command("target import", WriteCommand, help="cli.target.import.help")
def import_targets(
    ctx: typer.Context,
    file: _File,
    map_: Annotated[str | None, typer.Option("--map", metavar="MAP", help="cli.target.import.map")] = None,
    on_error: _OnError = "stop",
    changed: Annotated[str, typer.Option("--changed", metavar="amend|reject", help="cli.target.import.changed")] = "",
    encoding: _Encoding = "",
    sheet: _Sheet = "",
) -> None:
    """Import targets."""
    importing = partial(
        imports.import_targets,
        file=file,
        map_file=map_,
        on_error=on_error,
        changed=changed,
        encoding=encoding,
        sheet=sheet,
    )
    _bring_in(ctx, importing)


def _import_log(run: "CliContext", file: str) -> None:
    """Bring a complete log in as the journal that it is of.

    Raises:
        Interrupted: the person stopped it.
    """
    from nippo_cli.services.care.log_files import import_log

    workspace = run.workspace()
    with check_progress() as progress:
        try:
            brought = import_log(workspace, file, progress=progress)
        except KeyboardInterrupt:
            raise Interrupted(msg("cli.import.interrupted")) from None
    run.show(brought, workspace)


def _bring_in(ctx: typer.Context, importing: "Callable[..., ImportReport]", *, left_out: tuple[str, ...] = ()) -> None:
    """Run an import of whatever it brings, say how far it is and then what it did.

    Args:
        importing: called with the workspace, and with what takes the progress.
        left_out: columns that do not come in.

    Raises:
        typer.Exit: it stopped at rows that do not pass. Interrupted: the person stopped it.
    """
    run = context_of(ctx)
    workspace = run.workspace()
    with row_progress() as progress:
        try:
            report = importing(workspace, progress=progress)
        except KeyboardInterrupt:
            raise Interrupted(msg("cli.import.interrupted")) from None
    if left_out:
        workspace.notices.append(msg("importing.left_out", columns=left_out))
    run.show(report, workspace)
    if report.stopped:
        raise typer.Exit(ExitCode.SCHEMA)
