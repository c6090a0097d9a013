"""Under which of the names that a sheet's source may have the journal knows its rows: no row is to come in a second time."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from nippo_cli.base.text import normal_form
from nippo_cli.exchange.cells import CellReader
from nippo_cli.exchange.drafts import identify_rows
from nippo_cli.exchange.mapping import ImportMap
from nippo_cli.exchange.source import Source, column_places
from nippo_cli.services.context import Workspace, writing

if TYPE_CHECKING:
    from nippo_cli.journal.write import Writer

_LOOKED_AT: Final = 500


def source_with_rows(workspace: Workspace, names: Sequence[str]) -> str:
    """The first of some sources of which an import brought in rows; else the first."""
    from nippo_cli.journal.bulk import has_rows

    if len(names) == 1 or not workspace.places.journal_db.exists():
        return names[0]
    with writing(_on_trial(workspace)) as writer:
        return next((name for name in names if has_rows(writer.cx, name)), names[0])


def source_of_rows(
    workspace: Workspace,
    names: Sequence[str],
    rows: Sequence[Sequence[str]],
    import_map: ImportMap,
    cell_reader: CellReader,
    source: Source,
) -> str:
    """The first of some sources under which most of the rows that are known by their keys are of the deals that they name: that a row
    has the number 1 says little, sheets of other people have one, too. Else the first."""
    if len(names) == 1 or not workspace.places.journal_db.exists():
        return names[0]
    rows, places = rows[:_LOOKED_AT], column_places(source.columns)
    with writing(_on_trial(workspace)) as writer:
        for name in names:
            keys = identify_rows(replace(import_map, source=name), places, cell_reader)(rows)
            keyed = ((key, cells) for key, cells in zip(keys, rows, strict=True) if isinstance(key, str))
            known = [is_same for key, cells in keyed if (is_same := _names_its_deal(writer, key, cells)) is not None]
            if known.count(True) * 2 > len(known):
                return name
    return names[0]


def _names_its_deal(writer: "Writer", key: str, cells: Sequence[str]) -> bool | None:
    """Whether the deal that a row's key stands for is the one that it names; None where the journal has no such row."""
    from nippo_cli.journal.bulk import deals_of_row

    deals = list(deals_of_row(writer.cx, key))
    texts = set(map(normal_form, filter(None, cells)))
    is_named = any(name in texts and (not customer or normal_form(customer) in texts) for name, customer in deals)
    return is_named if deals else None


def _on_trial(workspace: Workspace) -> Workspace:
    trial = workspace.apart()
    trial.dry_run = True
    return trial
