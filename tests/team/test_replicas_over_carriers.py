"""Two to six journals of one team that meet over a folder, and over a server: which break off at any call. Once all have synced, there is
one answer everywhere, and what lies there is what they hold."""

from contextlib import closing, suppress
from pathlib import Path

import pytest
from hypothesis import Phase, settings, strategies as st
from hypothesis.stateful import initialize, rule
from replicas import AUTHORS, NAMES, Replica
from script import STEPS
from servers import Server
from test_replicas import DEEP, PICK, Replicas

from nippo_cli.carriers.carrier import Carrier, CarrierError
from nippo_cli.carriers.folder import FolderCarrier
from nippo_cli.carriers.postgres import PostgresCarrier
from nippo_cli.journal.log import SealedRecord, write_line
from nippo_cli.journal.union import opened, version_vector
from nippo_cli.services.team.exchange import erase, fetch, met_devices, publish


class Breaking:
    """A carrier that is lost at its n-th call: before it is done, or after, when nobody hears of it."""

    def __init__(self, carrier: Carrier, calls: int, *, done: bool) -> None:
        self._carrier = carrier
        self._calls = calls
        self._done = done

    def __getattr__(self, name: str):
        def call(*args: object, **options: object) -> object:
            self._calls -= 1
            if not self._calls and not self._done:
                raise CarrierError("lost")
            answer = getattr(self._carrier, name)(*args, **options)
            answer = list(answer) if name == "fetch" else answer
            if not self._calls:
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
    """The rules of before, and syncs."""

    def carriers(self, members: int) -> list[Carrier]:
        """One a member, who share a place."""
        raise NotImplementedError

    @initialize(members=st.integers(2, 6 if DEEP else 3))
    def begin(self, members: int) -> None:
        """They all have the schema, and a place."""
        super().begin(members)
        self.shared = self.carriers(members)

    @rule(n=PICK, steps=STEPS, calls=st.integers(1, 12), done=st.booleans())
    def sync(self, n, steps, calls, done):
        """One writes and syncs, and may be cut off."""
        self.write(n, steps)
        n %= len(self.replicas)
        with suppress(CarrierError):
            sync(self.replicas[n], Breaking(self.shared[n], calls, done=done))

    def _agree(self) -> None:
        for _ in range(3):
            for replica, carrier in zip(self.replicas, self.shared, strict=True):
                replica.today = max(one.today for one in self.replicas)
                sync(replica, carrier)
        super()._agree()
        with closing(self.replicas[0].open_ro()) as cx:
            held = {one.device: one for one in version_vector(cx).values()}
        records = [SealedRecord._make(row) for row in self.replicas[0].log()]
        heads = self.shared[0].heads()
        assert sum(one.number for one in heads) == len(records)
        for device, one in held.items():
            lines = [line for portion in self.shared[0].fetch(device, 0) for line in portion.records]
            assert lines == [write_line(record).encode() for record in records if record.slot == one.slot]


class OverFolder(OverCarriers):
    """A shared folder."""

    def carriers(self, members: int) -> list[Carrier]:
        """Each looks into it."""
        place = Path(self.folder.name) / "share"
        place.mkdir()
        return [FolderCarrier(place, b"k" * 32) for _ in range(members)]


class OverServer(OverCarriers):
    """A PostgreSQL server; the first member is a lead."""

    server: Server

    def carriers(self, members: int) -> list[Carrier]:
        """Each has a token."""
        begun = self.server.begun()
        roles = ("lead", *["member"] * (members - 1))
        tokens = [begun.invite(NAMES[n], AUTHORS[n], roles[n]) for n in range(members)]
        return [PostgresCarrier(begun.address, token) for token in tokens]


class TestOverFolder(OverFolder.TestCase):
    """A shared folder."""


class TestOverServer(OverServer.TestCase):
    """A PostgreSQL server."""

    @pytest.fixture(autouse=True)
    def _served(self, server: Server) -> None:
        OverServer.server = server


TestOverFolder.settings = TestOverServer.settings = settings(
    max_examples=60 if DEEP else 12,
    stateful_step_count=60 if DEEP else 30,
    deadline=None,
    derandomize=not DEEP,
    phases=tuple(Phase) if DEEP else (Phase.explicit, Phase.generate),
)
