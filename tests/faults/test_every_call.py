"""Every command that writes, stopped or refused at every call to the system: what was acknowledged is there, what was not is
there wholly or not at all, the journal is sound, whoever comes next needs nothing, and a refusal says what happened and what
to do.

A sample of the calls, drawn by a seed; all of them with NIPPO_FAULTS=all.
"""

import os
import random
import re
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest
import system_calls
from acts import ACTS, OF_A_RECORD, WITHOUT_ACT, Act
from disk import Disk, state_of, states
from house import House
from system_calls import Point, Ran, answering, why_not

from nippo_cli.base.errors import ExitCode
from nippo_cli.base.language import t
from nippo_cli.cli.completion.command_table import COMMANDS

pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not() or "-")

SAMPLE = os.environ.get("NIPPO_FAULTS", "1")
ALL = SAMPLE == "all"
# Of hundreds of calls alike, such as a page read, one error each is enough.
_MANY = 3
_DRAWN = 2
_STOPS = _REFUSALS = int(os.environ.get("NIPPO_N", "2"))
# What goes on failing on a disk that is full or broken, and reaches nothing but that disk.
LASTING = (
    "pwrite64",
    "ftruncate",
    "fsync",
    "fdatasync",
    "mkdir",
    "mkdirat",
    "rename",
    "renameat",
    "renameat2",
    "link",
    "linkat",
)


def draw(of: list, most: int, *why: str) -> list:
    """A sample by the seed; all of it where all is asked for."""
    return of if ALL or len(of) <= most else sorted(random.Random(f"{SAMPLE} {why}").sample(of, most), key=of.index)


every_act = pytest.mark.parametrize("name", [*ACTS, *draw([*OF_A_RECORD], _DRAWN, "of a record")])


# Whoever waits for one of these may lose patience.
LONG = (
    "an import", "an import by plan", "sales imported", "a redaction", "a backup", "a restore", "an upgrade", "a rebuild", "an export",
    "a report", "a mail", "a form filled", "a look", "a sync",
)  # fmt: skip


class Outcome(NamedTuple):
    """What a person finds who goes on: every record, what every draft says, what the command lacks by whether it had ended,
    and what lies about."""

    records: list[tuple[object, ...]]
    drafts: list[str]
    lacks: list[str]
    strangers: list[str]


class Trial:
    """One command in its house: how all was before, and how it is once the command was done."""

    def __init__(self, house: House, name: str) -> None:
        self.house, self.name, self.act = house, name, (ACTS | OF_A_RECORD)[name]
        self.act.begin(house)
        self._start = house.root.parent / "start"
        house.keep(self._start)
        self.argv = tuple(
            arg.replace("{root}", str(house.root)).replace("{backup}", str(self._backup())) for arg in self.act.argv
        )
        self._outcomes: dict[bytes, Outcome] = {}
        self.before: Outcome | None = None
        self.before = self._settled()
        assert self.run().code == self.act.code
        self.after = self._settled()
        self.passed_over = self.before.records
        if self.act.adopts:
            house.bring_back(self._start)
            house.nippo.done("schema", "restore")
            house.run(self.argv)
            self.passed_over = house.records()

    def run(self, *strace: str, room: int | None = None) -> Ran:
        """The house made anew, and the command run in it; `room` is how many bytes its disk has left."""
        self.house.bring_back(self._start)
        filler = self.house.root / "filler"
        if room is not None:
            filler.write_bytes(bytes(max(shutil.disk_usage(self.house.root).free - room, 0)))
        ran = self.house.run(self.argv, *strace, before=self.act.before)
        filler.unlink(missing_ok=True)
        return ran

    def disk(self) -> Disk:
        """The house as it was before."""
        self.house.bring_back(self._start)
        return Disk(self.house.root)

    def traced(self) -> tuple[Disk, list[system_calls.Call]]:
        """As it was before, and what the command asks of the system."""
        self.house.bring_back(self._start)
        return self.house.traced(self.argv, code=self.act.code, before=self.act.before)

    def points(self) -> list[Point]:
        """Its calls about anything of the house."""
        self.house.bring_back(self._start)
        return system_calls.points(self.run(*system_calls.LISTED).trace, self.house.root)

    def faults(self, *, ended: bool, ran: Ran | None = None) -> list[str]:
        """What does not hold once it was stopped, or had ended."""
        try:
            one = self._settled()
        except AssertionError as error:
            return [f"the journal is not usable: {error}"]
        typed, log = self.act.typed, (self.before.records, self.after.records)
        if ran is not None and self.act.adopts and self._unread_notice() in ran.err:
            log = (self.before.records, self.passed_over)
        said_again = ran is not None and bool(typed) and typed in ran.err
        in_doubt = ran is not None and t("journal.doubtful").partition("{")[0] in ran.err
        times = sum(typed in draft for draft in one.drafts) + (one.records == log[1] != log[0])
        return [
            *(["half of it is there"] if one.records not in log else []),
            *(["what was acknowledged is gone"] if ended and one.records != log[1] else []),
            *([f"drafts: {one.drafts}"] if ended and one.drafts != self.after.drafts and not said_again else []),
            *(
                [f"what was typed is there {times} times"]
                if typed and ran and not said_again and times not in (1, 1 + in_doubt)
                else []
            ),
            *([lack] if (lack := one.lacks[ended]) else []),
            *([f"left behind: {one.strangers}"] if one.strangers else []),
        ]

    def _unread_notice(self) -> str:
        return t("desk.schema_unreadable", path=str(self.house.nippo.schema), command="\0").partition("\0")[0]

    def _settled(self) -> Outcome:
        """What comes of the house as it is, looked at once: most refusals leave it as it was."""
        state = state_of(self.house.root)
        if state not in self._outcomes:
            records, drafts = self.house.records(), self.house.drafts()
            log = records if self.before is None else self.before.records
            lacks = [self.act.lacks(self.house, log, ended=ended) for ended in (False, True)]
            if self.act.again:
                self.house.nippo.done(*self.argv)
            self._outcomes[state] = Outcome(records, drafts, lacks, self.house.strangers())
        return self._outcomes[state]

    def _backup(self) -> Path | None:
        return next(iter(self.house.nippo.journal.glob("backups/*.db")), None)


@pytest.fixture
def trial(request: pytest.FixtureRequest, ready_house: House, name: str) -> Trial:
    """The command that a test is about."""
    return Trial(ready_house, name)


@every_act
def test_a_command_that_is_stopped_or_refused(trial: Trial, name):
    """Killed just before any of its calls; the power cut there; any of its calls answered by no room, a broken disk, no
    permission, a signal, once or from then on."""
    wrong = [*stopped(trial, cut=False), *stopped(trial, cut=True)]
    for point, error, onwards in draw(ways(trial.points()), _REFUSALS, name):
        wrong += refused(trial, point, error, onwards=onwards)
    if wrong:
        pytest.fail("\n".join((f"{len(wrong)} faults", *wrong)), pytrace=False)


def test_every_command_that_writes_is_tried_so_or_says_why_not():
    """By the table of commands; a reason for one that is tried is out of date."""
    writing = {path for path, command in COMMANDS.items() if command[3] != "answer"} | {"export", "report"}
    typed = [act.argv for act in (ACTS | OF_A_RECORD).values()]
    tried = {" ".join(argv[: 2 if " ".join(argv[:2]) in COMMANDS else 1]) for argv in typed}
    assert writing - tried == set(WITHOUT_ACT)


@pytest.mark.parametrize("name", LONG)
def test_who_presses_ctrl_c_leaves_nothing_behind(trial: Trial):
    """At any call: all or nothing is done, and nothing half written lies about, before anybody comes next."""
    wrong = []
    for point in draw(trial.points(), _REFUSALS, "ctrl-c", trial.name):
        ran = trial.run(*system_calls.LISTED, "-e", f"inject={point.name}:signal=SIGINT:when={point.nth}")
        what = [f"left behind: {trial.house.left()}"] if trial.house.left() else []
        what += [f"exit code {ran.code}"] if ran.code not in (trial.act.code, ExitCode.INTERRUPTED) else []
        what += trial.faults(ended=ran.code == trial.act.code)
        wrong += [f"Ctrl-C at {point.name} {point.nth} ({point.said}): {one}\n{ran.err}" for one in what]
    if wrong:
        pytest.fail("\n".join((f"{len(wrong)} faults", *wrong)), pytrace=False)


def stopped(trial: Trial, *, cut: bool) -> list[str]:
    """What does not hold where a command is killed, or the power cut."""
    disk, calls = trial.traced()
    return [
        f"{'cut' if cut else 'killed'} {said}: {one}"
        for said, ended in states(disk, calls, f"{SAMPLE} {trial.name}", None if ALL else _STOPS, cut=cut)
        for one in trial.faults(ended=ended)
    ]


def refused(trial: Trial, point: Point, error: str, *, onwards: bool) -> list[str]:
    """What does not hold where a call is answered with an error; where the command ended well all the same, also once the
    power is cut then."""
    disk = trial.disk()
    ran = trial.run(*system_calls.replayed(point.name), *answering(point, error, onwards=onwards))
    if not system_calls.was_met(ran.trace, trial.house.root):
        # The process closed some file of its own a call earlier or later.
        return []
    ended = ran.code == trial.act.code
    wrong = unclear(ran, trial.act) + trial.faults(ended=ended, ran=ran)
    if ended and not nobody_could(ran.trace):
        for call in system_calls.calls(ran.trace):
            disk.play(call)
        disk.put(lambda: False)
        wrong += [f"after a power cut: {one}" for one in trial.faults(ended=True, ran=ran)]
    often = " from then on" if onwards else ""
    return [
        f"{error}{often} by {point.name} {point.nth} ({point.said}), exit {ran.code}: {one}\n{ran.err}{ran.out}"
        for one in wrong
    ]


def nobody_could(trace: str) -> bool:
    """Whether a folder may not be read: then nobody can sync it. By what was answered, which may be a call beside the one that was
    meant."""
    answered = [line for line in trace.splitlines() if "(INJECTED)" in line and "EACCES" in line]
    return any("openat(" in line and "O_RDONLY" in line for line in answered)


def ways(points: list[Point]) -> list[tuple[Point, str, bool]]:
    """Each call with each error that it may be answered with; of calls alike the first ones with all, the others with one."""
    made = []
    alike: dict[str, int] = {}
    for point in points:
        kind = re.sub(r"\d+", "", f"{point.name} {point.said}")
        alike[kind] = alike.get(kind, 0) + 1
        of_it = [(point, error, False) for error in system_calls.ERRORS[point.name]]
        of_it += [(point, error, True) for _, error, _ in of_it if point.name in LASTING and error in ("ENOSPC", "EIO")]
        made += of_it if alike[kind] <= _MANY else [of_it[alike[kind] % len(of_it)]]
    return made


def blamed_disk(ran: Ran, act: Act) -> bool:
    """Whether the doctor told among its findings that the disk was full or broken; a damage there is none."""
    said = [t(key).partition("{")[0] for key in ("journal.io", "journal.full")]
    return (
        act.argv[0] == "doctor" and ran.code == ExitCode.JOURNAL
        and any(one in ran.out for one in said)
        and t("doctor.file.damaged").partition("{")[0] not in ran.out
    )  # fmt: skip


def unclear(ran: Ran, act: Act) -> list[str]:
    """What a person could not make out of a refusal."""
    if ran.code == act.code or blamed_disk(ran, act):
        return []
    return [
        *([f"exit code {ran.code}"] if ran.code not in (1, 2, 4, 5) else []),
        *(
            ["no error is said"]
            if not ran.err.startswith(t("cli.error")) and f"\n{t('cli.error')}" not in ran.err
            else []
        ),
        *(["what is full is not named"] if t("system.refused_unnamed", reason=t("system.why_full")) in ran.err else []),
        *(["nothing to do is said"] if t("cli.hint") not in ran.err else []),
        *(["a fault of nippo's own"] if "Traceback" in ran.err or t("cli.fault").partition("（")[0] in ran.err else []),
    ]
