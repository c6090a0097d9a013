"""What rows of an import say of their deals beside what they add to their lines: how each is called, and whose it is."""

from collections.abc import Iterator, Sequence
from datetime import date

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.text import normal_form
from nippo_cli.line.facts import DealRecord, Handover


class SaidOfDeal(NamedTuple):
    """How an entry calls its deal, None where names decide which deal it is; whom it names as owner, None for nobody; and who
    wrote it."""

    name: str | None
    owner: str | None
    author: str


class SaidPoint(NamedTuple):
    """What an entry says of its deal, in the order of the deal's line: by its day, then by its place in the file."""

    on: str
    place: int
    known_on: str
    said: SaidOfDeal


class SaidLines:
    """By deal what its entries say of it. Of entries of one day that say the same one after another the first and the last are
    kept: what stands between them in the file may belong before them on the line."""

    def __init__(self) -> None:
        self._points: dict[int, list[SaidPoint]] = {}
        self._place = 0

    def note(self, deal: int, on: str, known_on: str, said: SaidOfDeal) -> None:
        """Note what the file's next entry says."""
        self._place += 1
        point = SaidPoint(on, self._place, known_on, said)
        points = self._points.setdefault(deal, [])
        if len(points) > 1 and points[-1].on == points[-2].on == on and points[-1].said == points[-2].said == said:
            ends = sorted((points.pop(), points.pop(), point))
            points += [ends[0], ends[-1]]
        else:
            points.append(point)

    def by_deal(self) -> Iterator[tuple[int, Sequence[SaidPoint]]]:
        """Each deal with its points in the order of its line."""
        for deal, points in self._points.items():
            yield deal, sorted(points)


class OwnRecords:
    """What a new deal's own records say: its names one after another, and who it was handed to; `told_on` the last day that any
    of them but the first is dated, or was known on, "" where there is no other."""

    def __init__(self, name: str) -> None:
        self.names = [name]
        self.handovers: list[Handover] = []
        self.told_on = ""
        self.counted = 1, 0

    def count(self, point: SaidPoint) -> None:
        """A record was written of what a point says."""
        self.counted = len(self.names), len(self.handovers)
        self.told_on = max(self.told_on, point.on, point.known_on)

    def record(self, deal: int, begun_on: str) -> DealRecord:
        """The deal as all of its records tell it."""
        name = self.names[-1]
        aliases = tuple(dict.fromkeys(one for one in self.names if one != name))
        told_on = date.fromisoformat(max(self.told_on, begun_on))
        return DealRecord(deal, name, aliases, handovers=tuple(self.handovers), told_on=told_on)

    def name_rows(self, deal: int) -> Sequence[tuple[object, ...]]:
        """What it answers to, as it is stored."""
        record = self.record(deal, self.told_on)
        return [(normal_form(name), deal, at > 0, name) for at, name in enumerate((record.name, *record.aliases))]
