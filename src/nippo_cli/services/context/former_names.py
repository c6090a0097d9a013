"""A customer by a part of a name that it is not called by today: a former one, an alias, one of a customer that was merged in."""

from typing import TYPE_CHECKING

from nippo_cli.base.errors import Ambiguous, Message, NotFound, msg
from nippo_cli.base.text import nearest, normal_form

if TYPE_CHECKING:
    from nippo_cli.journal.asof import AsOfView


def by_former_name(past: "AsOfView", said: str, refused: NotFound) -> str:
    """The customer of whom such a name holds what is said.

    Args:
        refused: why none is meant by what customers are called today.

    Raises:
        NotFound, Ambiguous: `refused`, where none is meant by another name, or several are; with the names that are near.
    """
    called, wanted = past.customers.name, normal_form(said)
    recorded = [name for names in past.names_of_customers() for name in names]
    own = list(dict.fromkeys(called(name) for name in recorded if wanted and wanted in normal_form(name)))
    if len(own) == 1 and not isinstance(refused, Ambiguous):
        return own[0]
    is_near_one = isinstance(refused.hint, Message) and refused.hint.key == "desk.did_you_mean"
    near = [] if is_near_one else nearest(said, recorded)
    if near:
        names = [msg("customers.name_as", name=called(name), other=name) for name in near]
        refused.hint = msg("desk.did_you_mean", names=names)
    raise refused
