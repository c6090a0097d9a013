"""What a device wrote and can't hand on as it is: its last records where a clone of the machine published under the same numbers, or the
clock stood years ahead; all of them where its name is another's. One's own are issued anew; a colleague's make room."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from nippo_cli.base.dates import instant_text
from nippo_cli.base.errors import Message, msg
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.ids import device_name, slot_named
from nippo_cli.carriers.carrier import Carrier, PublishedHead
from nippo_cli.services.context import Workspace
from nippo_cli.services.team.device_names import NamedHeads
from nippo_cli.services.team.fetching import last_in_common, same_device
from nippo_cli.services.team.following import keep_member

if TYPE_CHECKING:
    from nippo_cli.journal.care.own_tail import NewTail

# What is dated less far ahead, colleagues take before long as it is.
_FAR_AHEAD: Final = timedelta(days=30)
_A_DAY: Final = timedelta(days=1)
_LATELY: Final = timedelta(days=30)


class AtOdds(NamedTuple):
    """A journal that holds what is published otherwise, and the instant at which that is put right; `tell` gets what is to be read."""

    path: Path
    now: datetime
    tell: Callable[[Message], None] | None = None

    def leave_name(self, named: NamedHeads) -> "NewTail | None":
        """Issue all that this device wrote anew under another name, where another device has this one; None where none has, or where
        a colleague's record names one of these."""
        from nippo_cli.journal.log import bare_slot
        from nippo_cli.journal.union import opened, version_vector

        with opened(self.path) as cx:
            slot = bare_slot(cx)
            own = next((held for held in version_vector(cx).values() if held.slot == slot), None)
        return self.draw_name() if own is not None and named.is_anothers(own) else None

    def draw_name(self, after: int = 0) -> "NewTail | None":
        """Issue what this device wrote anew under another name; None where a colleague's record names one of these.

        Args:
            after: the last number that is this device's own there already, and stays.
        """
        from nippo_cli.journal.care import reissue_tail
        from nippo_cli.journal.log import bare_slot
        from nippo_cli.journal.union import opened

        with opened(self.path) as cx:
            old = device_name(bare_slot(cx))
        moved = reissue_tail(self.path, after=after, now=self.now, anew=False, tell=self.tell)
        if moved is not None and moved.records:
            self._say("team.named_anew", n=moved.records, device=moved.device, aside=moved.set_aside, old=old)
        return moved

    def leave_names_of_others(self, named: NamedHeads) -> bool:
        """Let what is held of colleagues' devices make room where another device has the name; whether any did."""
        from nippo_cli.journal.log import bare_slot
        from nippo_cli.journal.union import opened, version_vector

        with opened(self.path) as cx:
            own = bare_slot(cx)
            slots = [held.slot for held in version_vector(cx).values() if held.slot != own and named.is_anothers(held)]
        dropped = [self._drop(slot, 0, "team.name_left") for slot in slots]
        return any(dropped)

    def leave_fork(self, carrier: Carrier, heads: Sequence[PublishedHead], forked: Sequence[str]) -> "NewTail | None":
        """Issue anew what this device wrote behind the last record that it has in common with what is published under its name; None
        where it could not. What is published stands."""
        if not forked:
            return None
        from nippo_cli.journal.care import reissue_tail
        from nippo_cli.journal.log import own_device
        from nippo_cli.journal.union import opened

        with opened(self.path) as cx:
            own = own_device(cx)
        published = next((head for head in heads if same_device(own, head.device)), None)
        if published is None or not any(same_device(own, device) for device in forked):
            return None
        common = last_in_common(carrier, published, self.path, opened)
        if common is None:
            return None
        moved = reissue_tail(self.path, after=common, now=self.now, anew=False, tell=self.tell)
        if moved is not None:
            self._say(
                "team.issued_anew", n=moved.records, device=moved.device, aside=moved.set_aside, old=published.name
            )
        return moved

    def leave_branches(self, carrier: Carrier, heads: Sequence[PublishedHead], forked: Sequence[str]) -> bool:
        """Let what is held of colleagues' devices make room where another branch of their log is published, which stands for everybody;
        whether any did. Whoever wrote this one issues it anew. What a third one's record is about stays, and waits."""
        from nippo_cli.journal.log import own_device
        from nippo_cli.journal.union import opened

        with opened(self.path) as cx:
            own = own_device(cx)
        left = False
        for published in (head for head in heads if not same_device(own, head.device)):
            if any(same_device(published.device, device) for device in forked):
                common = last_in_common(carrier, published, self.path, opened)
                left |= common is not None and self._drop(slot_named(published.name), common, "team.branch_left")
        return left

    def _drop(self, slot: int, after: int, key: str) -> bool:
        from nippo_cli.journal.care import drop_tail

        dropped = drop_tail(self.path, slot, after=after, now=self.now, tell=self.tell)
        if dropped is not None and dropped.records:
            self._say(key, n=dropped.records, device=dropped.device, aside=dropped.set_aside)
        return dropped is not None

    def _say(self, key: str, **params: object) -> None:
        if self.tell is not None:
            self.tell(msg(key, **params))


def put_right(workspace: Workspace) -> AtOdds:
    """What puts the journal of a workspace right, and tells."""
    return AtOdds(workspace.places.journal_db, workspace.now, workspace.notices.append)


def right_clock(workspace: Workspace) -> bool:
    """Date anew what was written while this machine's clock stood far ahead, once it is right: nobody would take it for years. Whether
    there was any. That the clock is right, others' records say: the last one is not ahead of it, nor far behind, as it is where a
    team wrote little and the clock was set back. What colleagues have already would be there twice then."""
    from nippo_cli.journal.care import written_since

    path, now = workspace.places.journal_db, workspace.now
    tail = written_since(path, instant_text(now + _FAR_AHEAD))
    is_right = instant_text(now - _LATELY) <= tail.others <= instant_text(now + _A_DAY)
    if not tail.records or not tail.after or not is_right:
        return False
    from nippo_cli.journal.care import reissue_tail

    moved = reissue_tail(path, after=tail.after, now=now, anew=True, tell=workspace.notices.append)
    if moved is None:
        return False
    workspace.notices.append(
        msg("team.dated_anew", n=moved.records, device=moved.device, aside=moved.set_aside, on=tail.latest)
    )
    go_on_as(workspace, moved, tail.device, tail.after)
    return True


def go_on_as(workspace: Workspace, moved: "NewTail", old: str = "", after: int = 0) -> None:
    """Be the new device, and say whose it is; and of the old one, if need be, behind which number nothing of it is to be taken."""
    from nippo_cli.journal.write import writing

    workspace.device_note().claim(moved.id)
    keep_member(workspace)
    if old:
        with writing(workspace.places.journal_db, author="", now=workspace.now) as writer:
            writer.author = workspace.author or writer.meta("author") or workspace.machine_user
            writer.append("member", {"do": "drop", "device": old, "after": after}, on=writer.today)
