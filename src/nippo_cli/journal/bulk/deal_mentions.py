"""What rows of an import say of their deals beside what they add to their lines: how each is called, and whose it is."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import TypeAlias

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.text import normal_form
from nippo_cli.journal.bulk.known import deal_with_key
from nippo_cli.journal.log import NAMES, Batches
from nippo_cli.line.facts import DealRecord, Handover


class DealMention(NamedTuple):
    """How an entry calls its deal, None where names decide which deal it is; whom it names as owner, None for nobody; and who
    wrote it."""

    name: str | None
    owner: str | None
    author: str


class DatedMention(NamedTuple):
    """What an entry says of its deal, in the order of the deal's line: by its day, then by its id, which is its place in the file."""

    on: str
    entry: int
    known_on: str
    said: DealMention


class _Alike(NamedTuple):
    """A deal of which all entries so far say the same: the first day of them, when that was known, and the last."""

    said: DealMention
    on: str
    known_on: str
    last_on: str


# The entries of a deal before some entry, by their ids: of each its day, its id and when it was known.
EarlierOf: TypeAlias = Callable[[int, int], Iterable[tuple[str, int, str]]]


class DealMentions:
    """By deal what its entries say of it.

    Most deals' entries all say the same: of those the first and the last are kept, since no other tells anything. Once one says
    something else, those before it may count again, and are read from the journal. Of entries of one day that say the same one
    after another the first and the last are kept: what stands between them in the file may belong before them on the line.
    """

    def __init__(self) -> None:
        self._alike: dict[int, _Alike] = {}
        self._points: dict[int, list[DatedMention]] = {}
        # Of deals with points what the entries before the first of these say.
        self._before: dict[int, DealMention] = {}
        # A million rows have few days and few names.
        self._texts: dict[str, str] = {}

    def note(self, deal: int, entry: int, on: str, known_on: str, said: DealMention) -> None:
        """Note what the file's next entry says."""
        alike = self._alike.get(deal)
        if alike is not None and alike.said == said:
            if on < alike.on or on > alike.last_on:
                on, known_on = self._text(on), self._text(known_on)
                first = (on, known_on) if on < alike.on else (alike.on, alike.known_on)
                self._alike[deal] = _Alike(alike.said, *first, max(on, alike.last_on))
            return
        points = self._points.get(deal)
        said = DealMention(said.name, said.owner and self._text(said.owner), self._text(said.author))
        on, known_on = self._text(on), self._text(known_on)
        if alike is None and points is None:
            self._alike[deal] = _Alike(said, on, known_on, on)
            return
        if points is None:
            points = self._points[deal] = []
            self._before[deal] = self._alike.pop(deal).said
        point = DatedMention(on, entry, known_on, said)
        if len(points) > 1 and points[-1].on == points[-2].on == on and points[-1].said == points[-2].said == said:
            ends = sorted((points.pop(), points.pop(), point))
            points += [ends[0], ends[-1]]
        else:
            points.append(point)

    def all_say(self, deal: int) -> DealMention | None:
        """What all entries of a deal say; None where they say different things."""
        alike = self._alike.get(deal)
        return alike.said if alike is not None else None

    def let_go(self, deal: int) -> None:
        """Forget a deal of which all entries say the same."""
        del self._alike[deal]

    def _text(self, text: str) -> str:
        return self._texts.setdefault(text, text)

    def by_deal(self, earlier: EarlierOf) -> Iterator[tuple[int, Sequence[DatedMention]]]:
        """Each deal with its points in the order of its line. They are let go of on the way.

        Args:
            earlier: asked of a deal whose entries say different things; they are all in the journal by now.
        """
        for deal in tuple(self._alike):
            alike = self._alike.pop(deal)
            first = DatedMention(alike.on, 0, alike.known_on, alike.said)
            last = DatedMention(alike.last_on, 1, alike.last_on, alike.said)
            yield deal, (first, last) if alike.last_on != alike.on else (first,)
        for deal, points in self._points.items():
            said = self._before[deal]
            before = [DatedMention(on, entry, known, said) for on, entry, known in earlier(deal, points[0].entry)]
            yield deal, sorted([*before, *points])
        self._points.clear()
        self._before.clear()


class OwnRecords:
    """What a new deal's own records say: its names one after another, and who it was handed to; `told_on` the last day that any
    of them but the first is dated, or was known on, "" where there is no other."""

    def __init__(self, name: str) -> None:
        self.names = [name]
        self.handovers: list[Handover] = []
        self.told_on = ""
        self.counted = 1, 0

    def count(self, point: DatedMention) -> None:
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


class CalledByKey:
    """What rows that are known call their deals, where their source knows these by keys."""

    def __init__(self, cx: sqlite3.Connection, batches: Batches) -> None:
        self._cx = cx
        self._batches = batches
        self._called: dict[str, str] = {}
        self._renamed: list[tuple[int, str]] = []

    def note(self, key: str, name: str) -> None:
        """Note what one row calls its deal."""
        self._called[key] = name

    def look_up(self) -> None:
        """Keep of what was noted that to which a deal does not answer by now, and what is called by a key that none has yet."""
        called, self._called = self._called, {}
        for key, name in called.items():
            deal = deal_with_key(self._cx, self._batches, key)
            if deal is None:
                self._called[key] = name
            elif not self._answers(deal, name):
                self._renamed.append((deal, name))

    def renamed(self) -> Iterator[tuple[int, str]]:
        """The deals that do not answer to what rows call them, with that name, once all that is new is written. Whoever takes one
        gives it the name before the next is asked for."""
        self.look_up()
        for deal, name in self._renamed:
            if not self._answers(deal, name):
                yield deal, name

    def _answers(self, deal: int, name: str) -> bool:
        return normal_form(name) in {row[0] for row in self._cx.execute(NAMES, (deal,))}
