"""Two to six journals of one team, written apart, that meet in any order: those that hold the same records say the same."""

import tempfile
from contextlib import closing, suppress
from datetime import date, timedelta
from pathlib import Path

from derived import kept, rebuilt
from hypothesis import Phase, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from replicas import Replica, derived, team
from script import STEPS, Script

from nippo_cli.journal.read.reader import reading
from nippo_cli.journal.search.query import read_query
from nippo_cli.journal.search.search import search
from nippo_cli.line.facts import AsOf

PICK = st.integers(0, 5)
DEEP = settings.get_profile("nippo").max_examples > 25
SEARCHED = ("どうでしたか", "高橋", "佐藤", "甲社")


class Killed(BaseException):
    """The process is gone."""


class HeldScript(Script):
    """Writes about what this member's journal holds, whoever wrote it."""

    def run(self, step: tuple[str, object, object, object]) -> None:
        """One step, about records as they are there by now."""
        with closing(self.diary.open_ro()) as cx:
            self.deals, self.records, self.sales = (
                [record for (record,) in cx.execute(f"select id from record where {which} order by recorded_at, id")]
                for which in (
                    "kind = 'deal' and target is null",
                    "kind not in ('schema', 'redact') and not (kind = 'deal' and target is null)",
                    "kind = 'sale'",
                )
            )
        super().run(step)


class Replicas(RuleBasedStateMachine):
    """Writes of every kind, handed on in portions that are cut, doubled and broken off."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.replicas: list[Replica] = []

    @initialize(members=st.integers(2, 6 if DEEP else 4))
    def begin(self, members: int) -> None:
        """They all have the schema."""
        self.replicas = team(Path(self.folder.name), members)
        self.scripts = [HeldScript(replica) for replica in self.replicas]

    def _pick(self, n: int) -> Replica:
        return self.replicas[n % len(self.replicas)]

    @rule(n=PICK, steps=STEPS)
    def write(self, n, steps):
        """Some commands of one member."""
        for step in steps[:4]:
            self.scripts[n % len(self.scripts)].run(step)

    @rule(n=PICK, hours=st.integers(-30, 20))
    def jump(self, n, hours):
        """A clock is set anew."""
        self._pick(n).clock = timedelta(hours=hours)

    @rule(n=PICK, other=PICK, most=st.none() | st.integers(1, 6), again=st.booleans())
    def meet(self, n, other, most, again):
        """One takes what another holds, or the first of it; perhaps twice."""
        if self._pick(n) is not self._pick(other):
            arrivals = self._pick(other).hand_out(self._pick(n), most)
            for _ in range(1 + again):
                self._pick(n).take(arrivals)

    @rule(n=PICK, other=PICK, pieces=st.integers(1, 3))
    def die(self, n, other, pieces):
        """One is killed after so many transactions."""

        def progress(_key: str, _done: int, _all: int) -> None:
            nonlocal pieces
            pieces -= 1
            if not pieces:
                raise Killed

        if self._pick(n) is not self._pick(other):
            arrivals = self._pick(other).hand_out(self._pick(n))
            with suppress(Killed):
                self._pick(n).take(arrivals, seconds=0.0, progress=progress)
            assert kept(self._pick(n).path) == rebuilt(self._pick(n).path)

    @rule(n=PICK, about=st.none() | st.integers(0, 9))
    def later_version(self, n, about):
        """A member has a later nippo, and writes what this one knows nothing of, about a record perhaps."""
        replica = self._pick(n)
        with closing(replica.open_ro()) as cx:
            held = [record for (record,) in cx.execute("select id from record order by recorded_at, id")]
        with replica.write() as writer:
            target = held[about % len(held)] if about is not None and held else None
            writer.append("forecast", {"model": 3, "of": "来期"}, on=replica.today, target=target)

    @rule(n=PICK, other=PICK)
    def unwatched(self, n, other):
        """One takes what another holds, where nobody waits for it: what would take long is left."""
        if self._pick(n) is not self._pick(other):
            self._pick(n).take(self._pick(other).hand_out(self._pick(n)), watched=False)

    def teardown(self) -> None:
        """Once all met all, there is one answer everywhere."""
        try:
            if self.replicas:
                self._agree()
        finally:
            self.folder.cleanup()

    def _agree(self) -> None:
        last = max(replica.today for replica in self.replicas)
        for replica in self.replicas:
            replica.today, replica.clock = last, timedelta(days=1)
        for last_round in (False, False, True):
            for one in self.replicas:
                for other in self.replicas:
                    if one is not other:
                        waits = one.take_from(other).waits
                        if last_round:
                            assert not waits
        first, *others = self.replicas
        expected, log = derived(first), first.log()
        assert kept(first.path) == rebuilt(first.path)
        hits = answers(first)
        for other in others:
            assert other.log() == log
            assert derived(other) == expected
            assert answers(other) == hits


def answers(replica: Replica) -> list[object]:
    """What a member reads: lines and hits, today and as of a day before."""
    said: list[object] = []
    with reading(replica.path) as reader:
        for as_of in (AsOf(date(2026, 6, 1)), AsOf(date(2026, 1, 20), known=True)):
            heads = list(reader.heads(as_of))
            said += [heads, [list(reader.points(as_of, head.id)) for head in heads]]
            said += [[view.id for view in search(reader, read_query(word), as_of).entries] for word in SEARCHED]
    return said


TestReplicas = Replicas.TestCase
TestReplicas.settings = settings(
    max_examples=150 if DEEP else 18,
    stateful_step_count=60 if DEEP else 20,
    deadline=None,
    # The same trials every time, unless one looks for others; to make a failure smaller takes many minutes.
    derandomize=not DEEP,
    phases=tuple(Phase) if DEEP else (Phase.explicit, Phase.generate),
)
