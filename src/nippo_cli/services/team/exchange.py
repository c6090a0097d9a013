"""One exchange of a journal with what is published, start to end."""

import json
from contextlib import closing
from typing import TYPE_CHECKING

from nippo_cli.base.ids import device_name, show_id
from nippo_cli.carriers.carrier import Carrier, CarrierError, DeviceNameTaken, Gated, PublishedHead
from nippo_cli.journal.log import TEAM, bare_slot
from nippo_cli.results.team import SyncReport, WaitingDevice
from nippo_cli.services.context import Workspace
from nippo_cli.services.team.device_names import NamedHeads, clear_nameless, heads_by_name
from nippo_cli.services.team.erased_copies import clear_copies
from nippo_cli.services.team.fetching import Fetched, fetch, met_devices, same_device
from nippo_cli.services.team.following import adopted_sha256, erase_own_rows, follow_schema, keep_member
from nippo_cli.services.team.own_tail import AtOdds, go_on_as, put_right, right_clock
from nippo_cli.services.team.publishing import erase, mend, publish
from nippo_cli.services.team.refusals import why_refused
from nippo_cli.services.team.settings import WAITING, TeamSettings, carrier_at

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nippo_cli.base.progress import Progress
    from nippo_cli.journal.care.own_tail import NewTail
    from nippo_cli.journal.union import Wait


def exchange(
    workspace: Workspace,
    settings: TeamSettings,
    *,
    watched: bool,
    verbose: bool = False,
    progress: "Progress | None" = None,
) -> SyncReport:
    """Take in what others published, publish what is one's own, and erase where the records lie what was erased here.

    Args:
        watched: a person waits for it; else what takes long is left to one that a person waits for.
    """
    right_clock(workspace)
    before = adopted_sha256(workspace)
    one = TeamExchange(
        carrier_at(settings.address, settings.key),
        put_right(workspace),
        go_on=lambda moved: go_on_as(workspace, moved),
        watched=watched,
        progress=progress,
    )
    unreachable = ""
    try:
        one.take_in()
        if one.erased_here:
            clear_copies(workspace)
        keep_member(workspace)
        erase_own_rows(workspace)
        one.hand_out(lambda carrier: _carrier_of_device(workspace, carrier, settings))
    except CarrierError as error:
        unreachable = why_refused(error)
    else:
        _note_waiting(workspace, one.waits)
        _note_heads(workspace)
    follow_schema(workspace, before)
    return _report(one, unreachable, verbose=verbose)


def _report(one: "TeamExchange", unreachable: str, *, verbose: bool) -> SyncReport:
    """What came of it, as it is told."""
    return SyncReport(
        one.taken,
        one.published,
        one.waits,
        one.erased,
        unreachable,
        verbose,
        one.own,
        one.left,
        one.mended,
        one.unerased,
    )


class TeamExchange:
    """What is done with a carrier, and what came of it.

    Args:
        right: puts right what the journal holds otherwise than it is published.
        go_on: called with the device as which the journal writes on, if that is another one from now on.
        watched: a person waits for it.
    """

    def __init__(
        self,
        carrier: Carrier,
        right: AtOdds,
        *,
        go_on: "Callable[[NewTail], None]",
        watched: bool = True,
        progress: "Progress | None" = None,
    ) -> None:
        self._carrier = carrier
        self._right = right
        self._path = right.path
        self._go_on = go_on
        self._watched = watched
        self._progress = progress
        self._heads: Sequence[PublishedHead] = ()
        self._named = NamedHeads()
        self._forked: list[str] = []
        self.taken: list[tuple[str, int]] = []
        self.published: list[tuple[str, int]] = []
        self.waits: list[WaitingDevice] = []
        self.erased = self.unerased = self.own = self.mended = 0
        # `erased_here`: a colleague's erasure came in.
        self.left = self.erased_here = False

    def take_in(self) -> None:
        """Fetch what is not held and take it, once what is held otherwise is put right.

        Raises:
            CarrierError: the carrier can't be reached.
        """
        self._heads = self._carrier.heads()
        self._named = heads_by_name(self._carrier, self._heads)
        self._settle_names()
        fetched = self._settle_forks(self._fetch())
        self._forked = fetched.forked
        self.waits += fetched.waits
        if fetched.arrivals:
            from nippo_cli.journal.union import append_foreign

            admitted = append_foreign(
                self._path,
                fetched.arrivals,
                now=self._right.now,
                tell=self._right.tell,
                progress=self._progress,
                watched=self._watched,
            )
            self.left, self.erased_here = admitted.left, admitted.erased
            self.taken = [(device_name(slot), n) for slot, n in sorted(admitted.records.items())]
            self.waits += map(_waiting, admitted.waits)

    def hand_out(self, as_own_device: "Callable[[Carrier], Carrier]") -> None:
        """Publish what is not there, erase what is erased here, and put back what is damaged.

        Args:
            as_own_device: the carrier as which the journal's device publishes; raises `DeviceNameTaken` where another device has
                its name.

        Raises:
            CarrierError: the carrier can't be reached, or refuses.
        """
        from nippo_cli.journal.union import opened, version_vector

        path = self._path
        self.mended = mend(self._carrier, path, opened)
        carrier = self._as_own_device(as_own_device)
        with opened(path) as cx:
            slot, held = bare_slot(cx), version_vector(cx).values()
        self.own = next((one.number for one in held if one.slot == slot), 0)
        # What is another's number or name is not published as this one's.
        others = [*self._forked, *(one.device for one in held if self._named.is_anothers(one))]
        out = publish(carrier, self._heads, path, opened, others)
        self.published = out.records
        self.waits += out.waits
        heads = carrier.heads() if out.records else self._heads
        self.erased, self.unerased = erase(carrier, heads, path, opened, others)
        self.waits += clear_nameless(carrier, self._named, path, opened)

    def _as_own_device(self, as_own_device: "Callable[[Carrier], Carrier]") -> Carrier:
        """The carrier as which this device publishes; under another name, where the server knows another device by its own."""
        from nippo_cli.journal.union import opened, version_vector

        try:
            return as_own_device(self._carrier)
        except DeviceNameTaken:
            with opened(self._path) as cx:
                slot = bare_slot(cx)
                own = next(held for held in version_vector(cx).values() if held.slot == slot)
            # Where it is known by the name itself, its token was lost.
            published = next((head.number for head in self._heads if same_device(own.device, head.device)), 0)
            moved = self._right.draw_name(published)
            if moved is None and published < own.number:
                raise
            if moved is None:
                # It has nothing to publish.
                return self._carrier
            self._go_on(moved)
            return as_own_device(self._carrier)

    def _fetch(self) -> Fetched:
        from nippo_cli.journal.union import opened

        with opened(self._path) as cx:
            met = met_devices(cx, self._named.rightful)
        return fetch(self._carrier, met, spool_in=self._path.parent, progress=self._progress)

    def _settle_names(self) -> None:
        """Give up names that are another device's."""
        moved = self._right.leave_name(self._named)
        if moved is not None:
            self._go_on(moved)
        if self._watched:
            # All is derived anew of it: that takes as long as a person waits for.
            self._right.leave_names_of_others(self._named)

    def _settle_forks(self, fetched: Fetched) -> Fetched:
        """Give up what is held under numbers that are another log's; what is fetched then."""
        heads = self._named.rightful
        moved = self._right.leave_fork(self._carrier, heads, fetched.forked)
        if moved is not None:
            self._go_on(moved)
        left = self._watched and self._right.leave_branches(self._carrier, heads, fetched.forked)
        return self._fetch() if left or moved is not None else fetched


def _waiting(wait: "Wait") -> WaitingDevice:
    about = show_id(wait.about) if wait.about is not None else ""
    return WaitingDevice(device_name(wait.slot), wait.number, wait.why, about)


def _note_waiting(workspace: Workspace, waits: "Sequence[WaitingDevice]") -> None:
    """Keep who waits for the page that tells; written only where it is otherwise than before."""
    from nippo_cli.journal.read import reading as open_reader
    from nippo_cli.journal.write import writing

    note = json.dumps([list(wait) for wait in waits])
    with open_reader(workspace.places.journal_db) as reader:
        before = reader.meta(WAITING) or "[]"
    if before != note:
        with writing(workspace.places.journal_db, author="", now=workspace.now) as writer:
            writer.set_meta(WAITING, note)


def _note_heads(workspace: Workspace) -> None:
    """Note the running heads of devices that wrote much since they were noted last."""
    from nippo_cli.journal.log import PUT_HEAD
    from nippo_cli.journal.union import opened, unnoted_heads
    from nippo_cli.journal.write import connect_to_write

    path = workspace.places.journal_db
    with opened(path) as cx:
        heads = unnoted_heads(cx)
    if heads:
        with closing(connect_to_write(path)) as cx:
            cx.executemany(PUT_HEAD, heads)
            cx.execute("commit")


def _carrier_of_device(workspace: Workspace, carrier: Carrier, settings: TeamSettings) -> Carrier:
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
