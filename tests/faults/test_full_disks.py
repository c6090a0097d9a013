"""Every writing command on a disk that is full at one page or another: nothing acknowledged is lost, and the message says so."""

import os
import random
import subprocess
from collections.abc import Iterator

import pytest
from acts import ACTS
from house import House
from test_every_call import ALL, SAMPLE, Trial, unclear

PAGE = 4096
DISK_MIB = 16
# Enough for any of the commands.
MOST_PAGES = 2048
_TRIALS = 1


@pytest.fixture
def small_disk(ready_house: House) -> Iterator[House]:
    """The house on a disk of its own."""
    if not hasattr(os, "geteuid") or os.geteuid():
        pytest.skip(
            "only root may mount a small disk; a file that may not grow stands for one in test_killed_writers.py"
        )
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK_MIB}m,mode=700", "tmpfs", str(ready_house.root)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if mounted.returncode:
        pytest.skip(f"no disk can be mounted here: {mounted.stderr.strip()}")
    yield ready_house
    subprocess.run(["umount", "-l", str(ready_house.root)], check=True)


@pytest.mark.parametrize("name", ACTS)
def test_a_command_on_a_full_disk(small_disk: House, name):
    """With no page left, with as many as it needs, and some numbers between."""
    trial = Trial(small_disk, name)
    needed = next(pages for pages in doubling() if trial.run(room=pages * PAGE).code == trial.act.code)
    chance = random.Random(f"{SAMPLE} {name}")
    between = range(needed)
    wrong = []
    for pages in between if ALL else sorted({0, *chance.sample(between, min(_TRIALS, needed))}):
        ran = trial.run(room=pages * PAGE)
        what = unclear(ran, trial.act) + trial.faults(ended=ran.code == trial.act.code, ran=ran)
        wrong += [f"{pages} pages of {needed}, exit {ran.code}: {one}\n{ran.err}" for one in what]
    if wrong:
        pytest.fail("\n".join((f"{len(wrong)} faults", *wrong)), pytrace=False)


def doubling() -> Iterator[int]:
    """0, 1, 2, 4 … pages."""
    yield 0
    pages = 1
    while pages <= MOST_PAGES:
        yield pages
        pages *= 2
