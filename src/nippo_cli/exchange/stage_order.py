"""The stages that a file names, in the order in which its deals go through them."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final
from unicodedata import normalize

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.exchange.recognition import stage_key, words

_NUMBERED: Final = re.compile(r"\s*(?:フェーズ|ステージ|step|stage|phase|no\.?)?\s*(\d{1,3})(?!\d)", re.IGNORECASE)


class StagesOfFile(NamedTuple):
    """The steps before a deal ends, in order, and what the file calls winning and losing, "" where it has no word that is known."""

    steps: tuple[str, ...]
    won: str
    lost: str


def stages_of_file(names: Sequence[str], runs: Sequence[Sequence[tuple[date, str]]]) -> StagesOfFile:
    """The stages of a file.

    Numbers in their names say their order; else the days on which deals entered them; else the steps that such words usually mean;
    else which comes first in the file.

    Args:
        names: what cells say, in the order of the file.
        runs: of each deal the days on which it was in a stage, where the file tells them; a day's in the file's order.
    """
    known = words()
    won = [name for name in names if stage_key(name) in known.won]
    lost = [name for name in names if stage_key(name) in known.lost]
    steps = [name for name in names if name not in (*won, *lost)]
    return StagesOfFile(tuple(_ordered(steps, runs)), next(iter(won), ""), next(iter(lost), ""))


def _ordered(steps: Sequence[str], runs: Sequence[Sequence[tuple[date, str]]]) -> list[str]:
    numbers = {step: int(match[1]) for step in steps if (match := _NUMBERED.match(normalize("NFKC", step)))}
    if len(numbers) == len(steps) and len(set(numbers.values())) == len(steps):
        return sorted(steps, key=numbers.__getitem__)
    ahead = _ahead(steps, runs)
    if ahead:
        return sorted(steps, key=lambda step: (-ahead.get(step, 0), steps.index(step)))
    usual = {step: _usual(step) for step in steps}
    if all(place is not None for place in usual.values()):
        return sorted(steps, key=lambda step: (usual[step], steps.index(step)))
    return list(steps)


def _ahead(steps: Sequence[str], runs: Sequence[Sequence[tuple[date, str]]]) -> Mapping[str, int]:
    """Of how many other steps a step was mostly entered first by the deals that met both, less how many were entered before it."""
    before: defaultdict[tuple[str, str], int] = defaultdict(int)
    wanted = frozenset(steps)
    for run in runs:
        once = list(dict.fromkeys(stage for _, stage in sorted(run, key=lambda one: one[0]) if stage in wanted))
        for place, one in enumerate(once):
            for other in once[place + 1 :]:
                before[one, other] += 1
    ahead = Counter[str]()
    for one, other in before:
        if before[one, other] > before.get((other, one), 0):
            ahead[one] += 1
            ahead[other] -= 1
    return ahead


def _usual(step: str) -> int | None:
    """The step that a word usually means, by its place among those known."""
    key = stage_key(step)
    return next((place for place, group in enumerate(words().stages) if key in group), None)
