"""Two to six journals of one team that meet over a folder, and over a server: which break off at any call, as does who syncs. Once all
have synced, there is one answer everywhere, and what lies there is what they hold."""

from contextlib import closing
from pathlib import Path
from random import Random

import pytest
from dying import Countdown, dying, stepping
from hypothesis import strategies as st
from hypothesis.stateful import initialize
from replicas import AUTHORS, NAMES, Replica
from servers import Server
from test_replicas import MET, Replicas, run_trials

from nippo_cli.carriers.carrier import Carrier, CarrierError
from nippo_cli.carriers.folder import FolderCarrier
from nippo_cli.carriers.postgres import PostgresCarrier
from nippo_cli.journal.log import SealedRecord, write_line
from nippo_cli.journal.union import opened, version_vector
from nippo_cli.services.team.fetching import fetch, met_devices
from nippo_cli.services.team.publishing import erase, publish


class Breaking:
    """A carrier that is lost at its n-th call: before it is done, or after, when nobody hears of it.

    Args:
        calls: None where it holds.
        countdown: of who calls it, and may be killed before each call and after it.
    """

    def __init__(self, carrier: Carrier, calls: int | None, countdown: Countdown, *, done: bool) -> None:
        self._carrier = carrier
        self._calls = calls
        self._done = done
        self._countdown = countdown

    def __getattr__(self, name: str):
        def call(*args: object, **options: object) -> object:
            self._calls = self._calls - 1 if self._calls is not None else None
            if self._calls == 0 and not self._done:
                raise CarrierError("lost")
            answer = stepping(self._countdown, getattr(self._carrier, name))(*args, **options)
            answer = list(answer) if name == "fetch" else answer
            if self._calls == 0:
                raise CarrierError("lost")
            return answer

        return call


def sync(replica: Replica, carrier: Carrier) -> None:
    """What `nippo sync` does between a journal and a carrier."""
    heads = carrier.heads()
    with opened(replica.path) as cx:
        met = met_devices(cx, heads)
    fetched = fetch(carrier, met)
    replica.take(fetched.arrivals)
    published = publish(carrier, heads, replica.path, opened, fetched.forked)
    assert not published.waits
    erase(carrier, carrier.heads() if published.records else heads, replica.path, opened, fetched.forked)


class OverCarriers(Replicas):
    """The steps of before, and syncs."""

    def carrier_of(self, n: int, members: int) -> Carrier:
        """A member's way to the place that they share."""
        raise NotImplementedError

    @initialize(members=st.integers(2, 6), seed=st.integers(0, 1 << 32))
    def begin(self, members: int, seed: int) -> None:
        """They all have the schema, and a place."""
        super().begin(members, seed)
        self.shared = [self.carrier_of(n, members) for n in range(members)]

    def meet(self, n: int, other: int, chance: Random) -> None:
        """One syncs, and may be cut off, or killed; seldom two meet without the place that they share."""
        if chance.random() < 0.3:
            super().meet(n, other, chance)
            return
        self.note("syncs")
        n %= len(self.replicas)
        calls, done = chance.choice((None, chance.randint(1, 12))), chance.random() < 0.5
        with dying(self._dies(chance), self.replicas[n].path.parent) as countdown:
            try:
                sync(self.replicas[n], Breaking(self._changing(n, countdown), calls, countdown, done=done))
            except CarrierError:
                self.note("cut off")
        self._after("sync", n, countdown)

    def _changing(self, n: int, countdown: Countdown) -> Carrier:
        """A member's carrier, within which nobody is killed."""
        del countdown
        return self.shared[n]

    def _agree(self) -> None:
        for n in self.older.copy():
            self.upgrade(n)
        for _ in range(3):
            for replica, carrier in zip(self.replicas, self.shared, strict=True):
                replica.today = max(one.today for one in self.replicas)
                sync(replica, carrier)
        super()._agree()
        # What a restored journal wrote as a device without a token, a lead puts there.
        sync(self.replicas[0], self.shared[0])
        with closing(self.replicas[0].open_ro()) as cx:
            held = {one.device: one for one in version_vector(cx).values() if one.number}
        records = [SealedRecord._make(row) for row in self.replicas[0].log()]
        heads = self.shared[0].heads()
        assert sum(one.number for one in heads) == len(records)
        for device, one in held.items():
            lines = [line for portion in self.shared[0].fetch(device, 0) for line in portion.records]
            assert lines == [write_line(record).encode() for record in records if record.slot == one.slot]


class OverFolder(OverCarriers):
    """A shared folder."""

    def carrier_of(self, n: int, members: int) -> Carrier:
        """Each looks into it."""
        del n, members
        place = Path(self.folder.name) / "share"
        place.mkdir(exist_ok=True)
        return FolderCarrier(place, b"k" * 32)

    def _changing(self, n: int, countdown: Countdown) -> Carrier:
        """One that may die before and after each file that it puts there or removes."""
        carrier = self.carrier_of(n, len(self.replicas))
        for change in ("_write", "_remove"):
            setattr(carrier, change, stepping(countdown, getattr(carrier, change)))
        return carrier


class OverServer(OverCarriers):
    """A PostgreSQL server; the first member is a lead."""

    server: Server
    begun: PostgresCarrier
    shared: list[PostgresCarrier]

    def carrier_of(self, n: int, members: int) -> Carrier:
        """Each has a token."""
        del members
        if n == 0:
            self.begun = self.server.begun()
        token = self.begun.invite(NAMES[n], AUTHORS[n], "member" if n else "lead")
        return PostgresCarrier(self.begun.address, token)

    def teardown(self) -> None:
        """A server has so many connections, and whoever refers to a carrier keeps its own."""
        try:
            super().teardown()
        finally:
            for carrier in (self.begun, *self.shared) if self.replicas else ():
                if (connection := carrier._connection) is not None:
                    connection.close()


SYNCED = (*MET, "syncs", "cut off", "killed: sync")


def test_members_that_share_a_folder_say_the_same():
    """As many steps, syncs among them that are cut off and killed anywhere."""
    run_trials(OverFolder, steps=700, met=SYNCED)


def test_members_that_share_a_server_say_the_same(server: Server, monkeypatch: pytest.MonkeyPatch):
    """The same."""
    monkeypatch.setattr(OverServer, "server", server, raising=False)
    run_trials(OverServer, steps=700, met=SYNCED)
