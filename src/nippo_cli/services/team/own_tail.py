"""What a device wrote last and can't hand on as it is: where a clone of the machine published under the same numbers, or the clock stood
years ahead. One's own is issued anew; a colleague's makes room."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from nippo_cli.base.dates import instant_text
from nippo_cli.base.errors import msg
from nippo_cli.base.ids import slot_named
from nippo_cli.carriers.carrier import Carrier, PublishedHead
from nippo_cli.services.context import Workspace
from nippo_cli.services.team.exchange import last_in_common, same_device
from nippo_cli.services.team.following import keep_member

if TYPE_CHECKING:
    from nippo_cli.journal.care.own_tail import NewTail

# What is dated less far ahead, colleagues take before long as it is.
_FAR_AHEAD: Final = timedelta(days=30)
_A_DAY: Final = timedelta(days=1)
_LATELY: Final = timedelta(days=30)


def right_clock(workspace: Workspace) -> bool:
    """Date anew what was written while this machine's clock stood far ahead, once it is right: nobody would take it for years. Whether
    there was any. That the clock is right, others' records say: the last one is not ahead of it, nor far behind, as it is where a
    team wrote little and the clock was set back. What colleagues have already would be there twice then."""
    from nippo_cli.journal.care import reissue_tail, written_since

    path, now = workspace.places.journal_db, workspace.now
    tail = written_since(path, instant_text(now + _FAR_AHEAD))
    is_right = instant_text(now - _LATELY) <= tail.others <= instant_text(now + _A_DAY)
    if not tail.records or not tail.after or not is_right:
        return False
    moved = reissue_tail(path, after=tail.after, now=now, anew=True, tell=workspace.notices.append)
    if moved is None:
        return False
    workspace.notices.append(
        msg("team.dated_anew", n=moved.records, device=moved.device, aside=moved.set_aside, on=tail.latest)
    )
    _go_on(workspace, moved, tail.device, tail.after)
    return True


def leave_fork(workspace: Workspace, carrier: Carrier, heads: Sequence[PublishedHead], forked: Sequence[str]) -> bool:
    """Issue anew what this device wrote behind the last record that it has in common with what is published under its name; whether
    it could. What is published stands."""
    from nippo_cli.journal.care import reissue_tail
    from nippo_cli.journal.log import own_device
    from nippo_cli.journal.union import opened

    path = workspace.places.journal_db
    with opened(path) as cx:
        own = own_device(cx)
    published = next((head for head in heads if same_device(own, head.device)), None)
    if published is None or not any(same_device(own, device) for device in forked):
        return False
    common = last_in_common(carrier, published, path, opened)
    if common is None:
        return False
    moved = reissue_tail(path, after=common, now=workspace.now, anew=False, tell=workspace.notices.append)
    if moved is None:
        return False
    params = {"n": moved.records, "device": moved.device, "aside": moved.set_aside, "old": published.name}
    workspace.notices.append(msg("team.issued_anew", **params))
    _go_on(workspace, moved)
    return True


def leave_branches(
    workspace: Workspace, carrier: Carrier, heads: Sequence[PublishedHead], forked: Sequence[str]
) -> bool:
    """Let what is held of colleagues' devices make room where another branch of their log is published, which stands for everybody;
    whether any did. Whoever wrote this one issues it anew. What a third one's record is about stays, and waits."""
    from nippo_cli.journal.care import drop_tail
    from nippo_cli.journal.log import own_device
    from nippo_cli.journal.union import opened

    path = workspace.places.journal_db
    with opened(path) as cx:
        own = own_device(cx)
    left = False
    for published in (head for head in heads if not same_device(own, head.device)):
        if not any(same_device(published.device, device) for device in forked):
            continue
        common = last_in_common(carrier, published, path, opened)
        if common is None:
            continue
        slot = slot_named(published.name)
        dropped = drop_tail(path, slot, after=common, now=workspace.now, tell=workspace.notices.append)
        if dropped is not None:
            left = True
            params = {"n": dropped.records, "device": dropped.device, "aside": dropped.set_aside}
            workspace.notices.append(msg("team.branch_left", **params))
    return left


def _go_on(workspace: Workspace, moved: "NewTail", old: str = "", after: int = 0) -> None:
    """Be the new device, and say whose it is; and of the old one, if need be, behind which number nothing of it is to be taken."""
    from nippo_cli.journal.write import writing

    workspace.device_note().claim(moved.id)
    keep_member(workspace)
    if old:
        with writing(workspace.places.journal_db, author="", now=workspace.now) as writer:
            writer.author = workspace.author or writer.meta("author") or workspace.machine_user
            writer.append("member", {"do": "drop", "device": old, "after": after}, on=writer.today)
