"""Two to six journals of one team, written apart, that meet in any order: those that hold the same records say the same."""

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from random import Random

import pytest
from derived import kept, rebuilt, rows
from diary import bulk
from dying import Countdown, dying
from hypothesis import HealthCheck, Phase, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from one_entry import EntryDraft
from replicas import NAMES, Replica, derived, stages, team
from script import STEP, Script

from nippo_cli.base.errors import NippoError
from nippo_cli.base.ids import slot_named
from nippo_cli.journal.care import own_tail
from nippo_cli.journal.care.restore import restore
from nippo_cli.journal.check import make_anew
from nippo_cli.journal.derive.projection import Projection
from nippo_cli.journal.log import SEAL_2, TEAM, store
from nippo_cli.journal.read.reader import reading
from nippo_cli.journal.search.query import read_query
from nippo_cli.journal.search.search import search
from nippo_cli.journal.union.arrivals import Wait
from nippo_cli.journal.write.opening import connect_to_write
from nippo_cli.line.facts import AsOf

PICK = st.integers(0, 5)
# Most go on; who dies does so at this statement, or at this step of a carrier's.
DEEP = settings.get_profile("nippo").max_examples > 25
SEARCHED = ("どうでしたか", "高橋", "佐藤", "甲社")
# Memory, where the system lends some: hundreds of journals are made and written.
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
TRIALS, STEPS = (100, 120) if DEEP else (5, 120)
# What is done how often: a step in three is a command.
KINDS = (
    "meet in part", "meet unwatched", "clock jumps", "later nippo", "older nippo", "upgrade", "restore", "crossed merges",
    "amend against erasure", "same file", "parallel schemas", "records before what they are about",
)  # fmt: skip


class HeldScript(Script):
    """Writes about what this member's journal holds, whoever wrote it."""

    def run(self, step: tuple[str, object, object, object]) -> None:
        """One step, about records as they are there by now."""
        with closing(self.diary.open()) as cx:
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

    # How often each step was taken in all trials, and what came of it.
    taken: Counter[str]
    kinds_of_step = KINDS

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(dir=MEMORY)
        self.replicas: list[Replica] = []
        self.older: set[int] = set()
        self.numbered = 0

    @initialize(members=st.integers(2, 6), seed=st.integers(0, 1 << 32))
    def begin(self, members: int, seed: int) -> None:
        """They all have the schema."""
        self.kinds = [*self.kinds_of_step]
        Random(seed).shuffle(self.kinds)
        self.replicas = team(Path(self.folder.name), members)
        for replica in self.replicas:
            with replica.write() as writer:
                writer.set_meta(TEAM, "{}")
        self.scripts = [HeldScript(replica) for replica in self.replicas]

    # --- what is counted, and who is killed

    def note(self, what: str, *, n: int = 1) -> None:
        """Count a step, or what came of one."""
        self.taken[what] += n

    def _after(self, what: str, n: int, countdown: Countdown) -> None:
        if countdown.struck:
            self.note(f"killed: {what}")
            path = self._pick(n).path
            # The next who writes takes back what was begun.
            again = rebuilt(path)
            if n % len(self.replicas) not in self.older:
                assert kept(path) == again

    def _pick(self, n: int) -> Replica:
        return self.replicas[n % len(self.replicas)]

    def _other(self, n: int, other: int) -> Replica:
        """Another one than the n-th."""
        own = n % len(self.replicas)
        return self.replicas[(own + 1 + other % (len(self.replicas) - 1)) % len(self.replicas)]

    def _named(self, what: str) -> str:
        self.numbered += 1
        return f"{what}{self.numbered:03}"

    # --- one step

    @rule(what=st.integers(0, 9), n=PICK, other=PICK, seed=st.integers(0, 1 << 32), step=STEP)
    def go(self, what, n, other, seed, step):
        """One step of one member, and perhaps a colleague: a command, a meeting, or the next kind of step, each in its turn."""
        self.note("steps")
        chance = Random(seed)
        if what < 4:
            self.write(n, step, chance)
        elif what < 7:
            self.note("meet")
            self.meet(n, other, chance)
        else:
            kind = self.kinds.pop()
            self.kinds.insert(0, kind)
            self.note(kind)
            getattr(self, kind.replace(" ", "_"))(n, other, chance)

    def _dies(self, chance: Random) -> int | None:
        """At which statement, or call, if at all."""
        return chance.choice((None, None, None, chance.randrange(30), chance.randrange(300)))

    # --- one member alone

    def write(self, n: int, step: tuple[str, object, object, object], chance: Random) -> None:
        """A command."""
        self.note(f"write {step[0]}")
        with dying(self._dies(chance), self._pick(n).path.parent) as countdown:
            self.scripts[n % len(self.replicas)].run(step)
        self._after("write", n, countdown)

    def clock_jumps(self, n: int, _other: int, chance: Random) -> None:
        """A clock is set anew."""
        self._pick(n).clock = timedelta(hours=chance.randint(-30, 20))

    def later_nippo(self, n: int, _other: int, chance: Random) -> None:
        """A member has a later nippo, and writes what this one knows nothing of, about a record perhaps."""
        replica = self._pick(n)
        with closing(replica.open()) as cx:
            held = [record for (record,) in cx.execute("select id from record order by recorded_at, id")]
        with replica.write() as writer:
            target = chance.choice([*held, None])
            writer.append("forecast", {"model": 3, "of": "来期"}, on=replica.today, target=target)

    def older_nippo(self, n: int, other: int, _chance: Random) -> None:
        """One has an older nippo, that knows no reviews, comments and days: it takes them and derives nothing of them."""
        self.older.add(n % len(self.replicas))
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(Projection, "_remark", lambda *_: None)
            self._pick(n).take(self._other(n, other).hand_out(self._pick(n)))

    def upgrade(self, n: int, _other: int = 0, _chance: Random | None = None) -> None:
        """It is brought up to date."""
        if n % len(self.replicas) in self.older:
            self.older.remove(n % len(self.replicas))
            self.note("upgraded")
            with closing(connect_to_write(self._pick(n).path)) as cx:
                make_anew(cx)
                cx.execute("commit")

    def restore(self, n: int, other: int, chance: Random) -> None:
        """A copy is brought back, on a machine whose clock is behind: what was written since is lost here, and stays with a colleague."""
        self.upgrade(n)
        replica, copy = self._pick(n), Path(self.folder.name) / "copy.db"
        shutil.copyfile(replica.path, copy)
        for _ in range(chance.randrange(3)):
            replica.deal(self._named("復元"), stage="lead")
        self._other(n, other).take_from(replica)
        replica.clock = -timedelta(hours=chance.randint(1, 40))
        self.restore_from(copy, replica)

    def restore_from(self, copy: Path, replica: Replica, name: str = "") -> None:
        """Bring a copy back, as a device of this name; of another one each time, if none is given."""
        with self.drawn(name):
            restore(replica.path, copy, now=replica.now)

    @contextmanager
    def drawn(self, name: str = "") -> Iterator[None]:
        """A device that is begun draws this name; else one that no other draws, and the same one in each run of the steps, as is its
        random id: of two that began at one instant this says which comes first."""
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(store, "draw_slot", lambda _taken: slot_named(name or self._named("r")))
            for module in (store, own_tail):
                patched.setattr(
                    module, "new_device_id", lambda: SEAL_2 + sha256(self._named("id").encode()).hexdigest()[:32]
                )
            yield

    # --- two that meet

    def meet(self, n: int, other: int, chance: Random) -> None:
        """One takes what another holds, or the first of it; perhaps twice."""
        one, dies, again = self._pick(n), self._dies(chance), chance.random() < 0.3
        arrivals = self._other(n, other).hand_out(one, chance.choice((None, None, 1, 2, 5)))
        with dying(dies, one.path.parent) as countdown:
            for _ in range(1 + again):
                self._note_waits(one.take(arrivals, seconds=0.25 if dies is None else 0.0).waits)
            self.note("the same twice", n=again)
        self._after("meet", n, countdown)

    def meet_in_part(self, n: int, other: int, chance: Random) -> None:
        """One takes what another holds of one device: perhaps records before what they refer to."""
        arrivals = [one for one in self._other(n, other).hand_out(self._pick(n)) if one.records]
        if arrivals:
            self._note_waits(self._pick(n).take([chance.choice(arrivals)]).waits)

    def records_before_what_they_are_about(self, n: int, other: int, _chance: Random) -> None:
        """A third one takes a colleague's correction before what it corrects."""
        one, two = self._with_all(n, other)
        _, entry = one.deal(self._named("訂正"), stage="visit")
        two.take_from(one)
        with suppress(NippoError), two.write() as writer:
            writer.amend(entry, {"values": {"stage": "quote"}}, why="誤記")
        for third in self.replicas:
            if third not in (one, two):
                own = slot_named(NAMES[two.nth])
                self._note_waits(third.take([arrival for arrival in two.hand_out(third) if arrival.slot == own]).waits)

    def meet_unwatched(self, n: int, other: int, _chance: Random) -> None:
        """One takes what another holds, where nobody waits for it: what would take long is left."""
        self._pick(n).take(self._other(n, other).hand_out(self._pick(n)), watched=False)

    def _note_waits(self, waits: Sequence[Wait]) -> None:
        for wait in waits:
            self.note(f"waits: {wait.why}")

    # --- what two wrote that is at odds

    def _with_all(self, n: int, other: int) -> tuple[Replica, Replica]:
        """Two that hold the same."""
        one, two = self._pick(n), self._other(n, other)
        two.take_from(one)
        one.take_from(two)
        return one, two

    def crossed_merges(self, n: int, other: int, _chance: Random) -> None:
        """One merges a deal into another, a colleague that one into this."""
        one, two = self._with_all(n, other)
        (first, _), (second, _) = (one.deal(self._named("交差"), stage="lead") for _ in range(2))
        if not two.take_from(one).waits:
            self.note("merges crossed")
            with one.write() as writer:
                writer.merge(first, second)
            with two.write() as writer:
                writer.merge(second, first)

    def amend_against_erasure(self, n: int, other: int, chance: Random) -> None:
        """One erases an entry that a colleague corrects, who does not know of it; whichever comes first."""
        one, two = self._with_all(n, other)
        _, entry = one.deal(self._named("消去"), stage="visit", facts="極秘の話")
        if not two.take_from(one).waits:
            self.note("amended and erased")
            for erases in chance.choice(((True, False), (False, True))):
                if erases:
                    with one.write() as writer:
                        writer.redact(entry, "依頼")
                else:
                    with two.write() as writer:
                        writer.amend(entry, {"values": {"facts": "極秘の訂正"}}, why="誤記")

    def same_file(self, n: int, other: int, chance: Random) -> None:
        """Both import one file."""
        file = chance.randrange(4)
        for replica in self._with_all(n, other):
            with suppress(NippoError), replica.write() as writer:
                batch = writer.begin_batch()
                day = replica.today
                values = {"stage": "visit", "facts": f"{replica.nth}の話"}
                drafts = [EntryDraft(day, day, "高橋", f"表{file}", values, f"sheet:{row}") for row in range(3)]
                bulk(writer, drafts, batch=batch)
                writer.end_batch(batch, {"rows": 3, "sha256": str(file) * 64})
                self.note("a file imported again", n=bool(rows(replica.path, "select 1 from twin limit 1")))

    def parallel_schemas(self, n: int, other: int, chance: Random) -> None:
        """Both adopt another schema, behind the same one."""
        for replica in self._with_all(n, other):
            order = chance.randrange(20)
            with replica.write() as writer:
                writer.adopt(f"name: {order}", stages(("lead", f"引合い{order}")), f"{order:064x}")

    # --- the end

    def teardown(self) -> None:
        """Once all met all, there is one answer everywhere."""
        try:
            if self.replicas:
                self._agree()
        finally:
            self.folder.cleanup()

    def _agree(self) -> None:
        for n in self.older.copy():
            self.upgrade(n)
        last = max(replica.today for replica in self.replicas)
        for replica in self.replicas:
            replica.today, replica.clock = last, timedelta(days=3)
        first, *others = self.replicas
        for last_round in (False, False, True):
            for one, other in (*((first, other) for other in others), *((other, first) for other in others)):
                waits = one.take_from(other).waits
                assert not (last_round and waits)
        expected, log = derived(first), first.log()
        assert kept(first.path) == rebuilt(first.path)
        hits = answers(first)
        for other in others:
            assert other.log() == log
            assert derived(other) == expected
            assert answers(other) == hits
        self.note("records", n=len(log))


def answers(replica: Replica) -> list[object]:
    """What a member reads: lines and hits, today and as of a day before."""
    said: list[object] = []
    with reading(replica.path) as reader:
        for as_of in (AsOf(date(2026, 6, 1)), AsOf(date(2026, 1, 20), known=True)):
            heads = list(reader.heads(as_of))
            said += [heads, [list(reader.points(as_of, head.id)) for head in heads]]
            said += [[view.id for view in search(reader, read_query(word), as_of).entries] for word in SEARCHED]
    return said


# What every run meets.
MET = (
    *KINDS, "meet", "upgraded", "the same twice", "merges crossed", "amended and erased", "a file imported again", "waits: half",
    "waits: refers", "killed: write", "killed: meet",
    *(f"write {kind}" for kind in ("entry", "amend", "retract", "redact", "undo", "merge", "adopt", "import", "sale", "person")),
)  # fmt: skip


def run_trials(machine: type[Replicas], *, met: tuple[str, ...], trials: int = TRIALS) -> None:
    """The same trials every time, unless one looks for others; what they are to meet, they met."""
    machine.taken = Counter()
    chosen = settings(
        max_examples=trials,
        stateful_step_count=STEPS,
        deadline=None,
        derandomize=not DEEP,
        # To make a failure smaller takes many minutes.
        phases=tuple(Phase) if DEEP else (Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=chosen)
    assert machine.taken["steps"] >= trials * STEPS * 0.7, machine.taken
    assert [what for what in met if not machine.taken[what]] == [], machine.taken


@pytest.mark.long
def test_members_that_meet_in_any_order_say_the_same():
    """More than four hundred steps, every kind of them, and kills at any statement."""
    run_trials(Replicas, met=MET)
