"""Whoever left a team and joins it again with the diary that went on meanwhile: what it wrote since becomes the new device's."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nippo_cli.base.errors import UsageError, msg
from nippo_cli.base.ids import device_name, slot_named
from nippo_cli.carriers.carrier import Carrier, PublishedHead
from nippo_cli.journal.log import ROLE, TEAM
from nippo_cli.results.recap import Done
from nippo_cli.services.context import Workspace, claim_device, writing
from nippo_cli.services.team.device_names import heads_by_name
from nippo_cli.services.team.fetching import last_in_common, same_device
from nippo_cli.services.team.following import follow_schema, say_member
from nippo_cli.services.team.settings import Code, TeamSettings, shown_address

if TYPE_CHECKING:
    from nippo_cli.journal.union import Held
    from nippo_cli.journal.write import Writer


def come_back(
    workspace: Workspace, code: Code, settings: TeamSettings, carrier: Carrier, heads: Sequence[PublishedHead]
) -> Done:
    """Take part again with a diary that holds the team's records. What its device wrote and never published is issued anew as the new
    device's; the file as it was is kept beside it, and so is a `schema.yaml` of one's own. Where it broke off, the same code does the rest.

    Raises:
        UsageError: a colleague's record is about what can't be handed on as it is. CarrierError: the carrier can't be reached.
        JournalError: a record is damaged, or the file can't be written.
    """
    from nippo_cli.journal.care import reissue_tail
    from nippo_cli.journal.log import bare_slot
    from nippo_cli.journal.union import opened, version_vector

    path = workspace.places.journal_db
    with opened(path) as cx:
        slot = bare_slot(cx)
        own = next((held for held in version_vector(cx).values() if held.slot == slot), None)
    set_aside, n = "", 0
    if own is not None and device_name(own.slot) != code.device:
        moved = reissue_tail(
            path,
            after=_last_published(workspace, carrier, heads, own),
            now=workspace.now,
            anew=False,
            slot=slot_named(code.device),
            tell=workspace.notices.append,
        )
        if moved is None:
            raise UsageError(msg("team.answered"), hint=msg("team.answered.hint"))
        set_aside, n = moved.set_aside, moved.records
    claim_device(workspace.places)
    follow_schema(workspace, None)
    with writing(workspace) as writer:
        enter(writer, code, settings)
    params = {
        "address": shown_address(settings.address), "device": code.device, "name": code.name, "n": n, "aside": set_aside,
    }  # fmt: skip
    return Done("done.team_joined_again" if n else "done.team_joined_again_empty", params, [], dry_run=False)


def enter(writer: "Writer", code: Code, settings: TeamSettings) -> None:
    """Write whose the device is, and where its team is."""
    writer.author = code.name
    say_member(writer, code.name, code.role, code.device)
    writer.set_meta("author", code.name)
    writer.set_meta(ROLE, code.role)
    writer.set_meta(TEAM, settings.to_text())


def _last_published(workspace: Workspace, carrier: Carrier, heads: Sequence[PublishedHead], own: "Held") -> int:
    """Up to which number the team has what this device wrote."""
    from nippo_cli.journal.union import opened

    head = next((one for one in heads if same_device(one.device, own.device)), None)
    if head is None or heads_by_name(carrier, heads).is_anothers(own):
        # What lies there under a name that is another's, nobody takes.
        return 0
    common = last_in_common(carrier, head, workspace.places.journal_db, opened)
    return common if common is not None else min(head.number, own.number)
