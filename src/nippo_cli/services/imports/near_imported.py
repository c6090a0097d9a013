"""Customers that a file brought in and that may be ones which the diary knows: said, never joined."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Final

from nippo_cli.base.customers import customer_key
from nippo_cli.base.errors import msg
from nippo_cli.services.context import EVER

if TYPE_CHECKING:
    from nippo_cli.journal.write import Writer
    from nippo_cli.services.context import Workspace

_FEW: Final = 20
_MANY: Final = 2000


def note_imported_near(workspace: "Workspace", writer: "Writer", before: Collection[str]) -> None:
    """Say that customers which the file brought in are near others; which ones, `nippo customer --near` lists.

    Args:
        before: every spelling of a customer that the diary had.
    """
    from nippo_cli.line.near_customers import (
        alike_notice,
        as_called,
        name_as,
        names_answering,
        near_customers,
        near_pairs,
        spelled_alike,
    )

    spelled, names = writer.reader.spelled_customers(), writer.projection.customer_names
    brought_in = {name for name in spelled if name not in before}
    if not brought_in:
        return
    alike = alike_notice([group for group in spelled_alike(spelled) if not brought_in.isdisjoint(group)])
    workspace.notices += [alike] if alike is not None else []
    # A known customer in another spelling is none that the file brought in.
    known = {customer_key(names.name(name)) for name in before}
    cores = {core for core, _ in known}

    def is_known(name: str) -> bool:
        core, form = customer_key(name)
        return (core, form) in known or (core, "") in known or (not form and core in cores)

    new = {name for name in map(names.name, brought_in) if not is_known(name)}
    if len(new) > _MANY:
        # To count the pairs of so many would take a quarter of the import's time; who wants them asks for them.
        workspace.notices.append(msg("customers.imported_many", n=f"{len(new):,}"))
        return
    if not new:
        return
    recorded = writer.reader.past(EVER).names_of_customers()
    answering = names_answering(dict.fromkeys(map(names.name, spelled)), recorded)
    # Each of a few against all takes less than all against all.
    near = (
        [pair for name in sorted(new) for pair in near_customers(name, answering)]
        if len(new) <= _FEW
        else near_pairs(answering)
    )
    pairs = [pair for pair in as_called(near, names) if new.intersection(pair[:2])]
    if pairs:
        first = pairs[0]
        one, other = name_as(first.one, first.one_as), name_as(first.other, first.other_as)
        workspace.notices.append(msg("customers.imported_near", n=len(pairs), one=one, other=other))
