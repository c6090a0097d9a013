"""The token by which a server knows the device that writes to a journal."""

from nippo_cli.base.ids import device_name
from nippo_cli.carriers.carrier import Carrier, Gated
from nippo_cli.journal.log import TEAM, bare_slot
from nippo_cli.services.context import Workspace
from nippo_cli.services.team.settings import TeamSettings, carrier_at


def carrier_of_device(workspace: Workspace, carrier: Carrier, settings: TeamSettings) -> Carrier:
    """The carrier as which the journal's device publishes. A journal that goes on as another device, as a copied or restored one does,
    gets a token for it by that of before.

    Raises:
        DeviceNameTaken: another device has the name. CarrierError: it can't be reached, or does not know the device of before.
    """
    from nippo_cli.journal.union import opened
    from nippo_cli.journal.write import writing

    with opened(workspace.places.journal_db) as cx:
        device = device_name(bare_slot(cx))
    if not isinstance(carrier, Gated) or settings.device in {"", device}:
        return carrier
    own = settings._replace(key=carrier.another(device), device=device)
    with writing(workspace.places.journal_db, author="", now=workspace.now) as writer:
        writer.set_meta(TEAM, own.to_text())
    return carrier_at(own.address, own.key)
