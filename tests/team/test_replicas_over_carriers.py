"""Two to six journals of one team that meet over a folder, and over a server: which break off at any call, as does who syncs. Once all
have synced, there is one answer everywhere, and what lies there is what they hold."""

import shutil
from collections.abc import Callable, Sequence
from contextlib import closing
from copy import copy
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from derived import kept, rebuilt
from dying import Countdown, dying, stepping
from hypothesis import strategies as st
from hypothesis.stateful import initialize
from replicas import AUTHORS, NAMES, Replica
from servers import Server
from test_replicas import KINDS, MET, TRIALS, Replicas, run_trials

from nippo_cli.base.errors import Message
from nippo_cli.carriers.carrier import Carrier, CarrierError
from nippo_cli.carriers.folder import FolderCarrier
from nippo_cli.carriers.postgres import PostgresCarrier
from nippo_cli.journal.log import SealedRecord, write_line
from nippo_cli.journal.union import opened, version_vector
from nippo_cli.services.team.exchange import TeamExchange
from nippo_cli.services.team.own_tail import AtOdds
from nippo_cli.services.team.publishing import publish

# Why a device never waits where all that is there can be read.
AT_ODDS = {"fork", "name_taken"}


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
        asked = getattr(self._carrier, name)

        def call(*args: object, **options: object) -> object:
            self._calls = self._calls - 1 if self._calls is not None else None
            if self._calls == 0 and not self._done:
                raise CarrierError("lost")
            answer = stepping(self._countdown, asked)(*args, **options)
            answer = list(answer) if name == "fetch" else answer
            if self._calls == 0:
                raise CarrierError("lost")
            return answer

        return call


def sync(replica: Replica, carrier: Carrier, tell: Callable[[Message], None] | None = None) -> set[str]:
    """What `nippo sync` does between a journal and a carrier; why devices wait."""
    one = TeamExchange(carrier, AtOdds(replica.path, replica.now, tell), go_on=lambda _moved: None)
    one.take_in()
    one.hand_out(lambda carrier: carrier)
    # What a restored journal wrote as a device without a token, a lead puts there.
    return {wait.why for wait in one.waits} - {"device"}


class OverCarriers(Replicas):
    """The steps of before, and syncs; and what two machines wrote under one name, and under the same numbers."""

    kinds_of_step = (*KINDS, "one name drawn twice", "a machine is cloned")

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
                waits = sync(self.replicas[n], Breaking(self._changing(n, countdown), calls, countdown, done=done))
                assert waits.isdisjoint(AT_ODDS)
            except CarrierError:
                self.note("cut off")
        self._after("sync", n, countdown)

    def _changing(self, n: int, countdown: Countdown) -> Carrier:
        """A member's carrier, within which nobody is killed."""
        del countdown
        return self.shared[n]

    # --- two machines at odds

    def one_name_drawn_twice(self, n: int, other: int, chance: Random) -> None:
        """Two go on from copies, as devices of one name, and write; neither may see what the other published, and a third one may hold
        either."""
        two, name, copy = [self._pick(n), self._other(n, other)], self._named("x"), Path(self.folder.name) / "copy.db"
        for replica in two:
            self.upgrade(self.replicas.index(replica))
            shutil.copyfile(replica.path, copy)
            self.restore_from(copy, replica, name)
            replica.deal(self._named("同名"), stage="lead")
        if chance.random() < 0.5:
            for replica in two:
                publish(self.shared[self.replicas.index(replica)], (), replica.path, opened)
        self._settle(two, chance)

    def a_machine_is_cloned(self, n: int, _other: int, chance: Random) -> None:
        """Two write under the same numbers; a third one may hold what either wrote."""
        one = self._pick(n)
        self.upgrade(self.replicas.index(one))
        self._share([one])
        clone = copy(one)
        clone.path = Path(self.folder.name) / self._named("clone") / "journal.db"
        clone.path.parent.mkdir()
        shutil.copyfile(one.path, clone.path)
        for replica, entries in ((one, chance.randint(1, 2)), (clone, chance.randint(1, 2))):
            for _ in range(entries):
                replica.deal(self._named("複製"), stage="lead")
        self._settle([one, clone], chance)

    def _settle(self, two: Sequence[Replica], chance: Random) -> None:
        """They sync until each word is there for all: also where one is killed on the way."""
        third, last = chance.choice(self.replicas), max(one.today for one in self.replicas)
        for replica in (*two, third, self.replicas[0]):
            # No clock is a day behind.
            replica.today, replica.clock = last, timedelta(hours=20)
        if third not in two:
            third.take_from(chance.choice(two))
        for turn in range(3):
            ones = list(dict.fromkeys((*two, third)))
            chance.shuffle(ones)
            for replica in ones:
                with self.drawn(), dying(None if turn else self._dies(chance), replica.path.parent) as countdown:
                    sync(replica, self._carrier_as(replica, two), lambda said: self.note(said.key))
                if countdown.struck:
                    self.note("killed: settling")
                    # The next who writes takes back what was begun.
                    again = rebuilt(replica.path)
                    assert kept(replica.path) == again
            self._share(two)
        for replica in dict.fromkeys((*two, third)):
            assert sync(replica, self._carrier_as(replica, two)).isdisjoint(AT_ODDS)
        words = {record[-1] for record in self.replicas[0].log() if record[1] == "deal"}
        for replica in two:
            assert {record[-1] for record in replica.log() if record[1] == "deal"} <= words

    def _carrier_as(self, replica: Replica, two: Sequence[Replica]) -> Carrier:
        """A member's way to the place; a clone has that of the machine that it was made of."""
        return self.shared[self.replicas.index(replica if replica in self.replicas else two[0])]

    def _share(self, ones: Sequence[Replica]) -> None:
        """A lead puts there what they wrote as devices that the place does not know."""
        lead = self.replicas[0]
        for replica in ones:
            if replica is not lead:
                lead.take_from(replica)
            with self.drawn():
                sync(lead, self.shared[0], lambda said: self.note(said.key))

    def _agree(self) -> None:
        for n in self.older.copy():
            self.upgrade(n)
        for _ in range(3):
            for replica, carrier in zip(self.replicas, self.shared, strict=True):
                replica.today = max(one.today for one in self.replicas)
                sync(replica, carrier)
        super()._agree()
        assert sync(self.replicas[0], self.shared[0]).isdisjoint(AT_ODDS)
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


SYNCED = (
    *MET, *OverCarriers.kinds_of_step[-2:], "syncs", "cut off", "killed: sync", "killed: settling",
    "team.named_anew", "team.name_left", "team.issued_anew", "team.branch_left",
)  # fmt: skip


@pytest.mark.long
def test_members_that_share_a_folder_say_the_same():
    """Twice as many steps, syncs among them that are cut off and killed anywhere: all that members do who hand records on
    themselves, and what is particular to a folder."""
    run_trials(OverFolder, met=SYNCED, trials=2 * TRIALS)


@pytest.mark.long
def test_members_that_share_a_server_say_the_same(server: Server, monkeypatch: pytest.MonkeyPatch):
    """The same, half as often: what is particular to a server is said once more by the suite of carriers."""
    monkeypatch.setattr(OverServer, "server", server, raising=False)
    run_trials(OverServer, met=SYNCED)
