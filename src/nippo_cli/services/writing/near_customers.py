"""A customer that is new to the diary and near one that it knows: said, never joined."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from nippo_cli.base.errors import msg
from nippo_cli.base.text import quoted
from nippo_cli.line.near_customers import as_called, name_as, names_answering, near_customers
from nippo_cli.services.context import EVER

if TYPE_CHECKING:
    from nippo_cli.journal.write import Writer
    from nippo_cli.services.context import Workspace

_SHOWN = 3


def note_near(workspace: "Workspace", writer: "Writer", new: Collection[str]) -> None:
    """Say of each name that was new to the diary which customers it is near to, where it is no spelling of a known one."""
    names, spelled = writer.projection.customer_names, writer.reader.spelled_customers()
    recorded = writer.reader.past(EVER).names_of_customers()
    for said in new:
        others = [name for name in spelled if name != said]
        if any(names.same(said, name) for name in others):
            continue
        answering = names_answering(dict.fromkeys(map(names.name, others)), recorded)
        near = as_called(near_customers(said, answering), names)[:_SHOWN]
        if near:
            shown = [name_as(pair.other, pair.other_as) for pair in near]
            merge = f"nippo{workspace.places.options} customer merge {quoted(said)} {quoted(near[0].other)}"
            workspace.notices.append(msg("customers.new_near", said=said, names=shown, merge=merge))
