"""A shared folder as a carrier: a file server, a folder service, a stick.

A portion is one file, a segment: `<name>-<id8>-<first>-<last>-<head8>-<erased>.seg`. The listing is the state; no file changes
once it has its name. The content is encrypted and sealed under the team's key. A file that is cut, or full of zeros, as a folder
service may show it for a while, is taken for one that is not there yet; names of any other form are passed over.
"""

import os
import re
import stat
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from itertools import pairwise, takewhile
from pathlib import Path
from time import sleep, time
from typing import Final

from nippo_cli.base.errors import Message, system_reason
from nippo_cli.base.files import clear_leftovers, part_beside, sync_folder
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.carriers.carrier import (
    KEY_BYTES,
    DeviceKey,
    Fork,
    Gap,
    Portion,
    PublishedHead,
    Unavailable,
    Unreadable,
    short_id,
)
from nippo_cli.carriers.segment_content import MOST_BYTES, open_segment, seal_segment

_NAME: Final = re.compile(
    # Name, id, first and last number, head, how many are erased.
    r"([a-z][a-z0-9]{1,3})-([0-9a-f]{8})-([1-9]\d{0,11})-([1-9]\d{0,11})-([0-9a-f]{8})-(\d{1,12})\.seg"
)
# A segment under so many records is small; so many small ones in a row are put together.
SMALL, MANY_SMALL = 500, 32
# What is put together has so many at most, so that who reads it holds no more.
LARGEST: Final = 20_000
# A file that another program holds open for a moment: Windows then refuses to replace it.
_TRIES, _PAUSE = 6, 0.05
# So many files of one's own, and of others, tell whether the key is the right one.
_LOOKED_AT: Final = 3
# In seconds.
_A_WEEK: Final = 7 * 86_400.0


class Segment(NamedTuple):
    """What the name of a segment says."""

    file: str
    name: str
    id8: str
    first: int
    last: int
    head8: str
    erased: int


def new_key() -> bytes:
    """A key for a team."""
    return os.urandom(KEY_BYTES)


class FolderCarrier:
    """The carrier of a team that shares a folder.

    Args:
        folder: it must be there: a share that is not connected is not made anew in its place.
        key: of 32 bytes.
        pause: waits so many seconds; for tests.
    """

    def __init__(self, folder: Path, key: bytes, *, pause: Callable[[float], None] = sleep) -> None:
        self._folder = folder
        self._key = key
        self._pause = pause
        self._listed: dict[str, list[Segment]] | None = None

    # --- the protocol

    def heads(self) -> list[PublishedHead]:
        """One look at the folder."""
        self._listed = None
        heads: list[PublishedHead] = []
        for id8, segments in self._listing().items():
            chosen = _chosen(segments, 0)
            if chosen:
                last = chosen[-1]
                # Where an old one with the words lies there again, or still, nothing is erased yet.
                erased = 0 if _outdated(segments, chosen) else sum(one.erased for one in chosen)
                heads.append(PublishedHead(id8, last.last, bytes.fromhex(last.head8), last.name, erased))
        return heads

    def fetch(self, device: str, after: int) -> Iterator[Portion]:
        """From the listing that `heads` made."""
        reached = after
        while True:
            chosen = _chosen(self._listing().get(short_id(device), []), reached)
            if not chosen:
                return
            portion = self._first_readable(chosen[0], device, reached)
            if portion is None:
                if reached == after:
                    raise Unreadable(chosen[0].file)
                return
            yield portion
            reached = portion.last

    def append(
        self,
        device: DeviceKey,
        after: int,
        head: bytes,
        records: Sequence[bytes],
        whole_to: int,
        *,
        erased: int = 0,
    ) -> None:
        """One segment; many small ones become one."""
        self._listed = None
        own = self._listing().get(short_id(device.id), [])
        published = _chosen(own, 0)
        number = published[-1].last if published else 0
        if after > number:
            raise Gap(f"{device.name}-{after}")
        last = after + len(records)
        if any(one.last == last and one.head8 != head.hex()[:8] for one in own):
            raise Fork(f"{device.name}-{last}")
        if last <= number:
            return
        self._write(Portion(device, after + 1, head, whole_to, tuple(records)), erased)
        self._put_together(device)

    def erase(self, device: DeviceKey, records: Mapping[int, bytes]) -> None:
        """New segments first, then the old ones are removed."""
        self._listed = None
        for segment in list(self._listing().get(short_id(device.id), [])):
            numbers = [number for number in records if segment.first <= number <= segment.last]
            portion = self._read(segment, device.id) if numbers else None
            if portion is None:
                continue
            lines = list(portion.records)
            for number in numbers:
                lines[number - portion.first] = records[number]
            if segment.erased != len(numbers) or tuple(lines) != portion.records:
                self._write(portion._replace(records=tuple(lines)), len(numbers))
                if segment.erased != len(numbers):
                    self._remove(segment)
        segments = self._listing().get(short_id(device.id), [])
        for segment, better in _outdated(segments, _chosen(segments, 0)):
            if self._read(better, device.id) is not None:
                self._remove(segment)

    def damaged(self, device: str) -> Portion | None:
        """Looks into one file of those that count, a device's own more often, another one each time: what its name says of it, without
        records, if it is not what was put there. Of another device's only a file that lay there for a week is looked at: a service may
        not be done with a younger one.

        Raises:
            Unavailable: nothing that is looked at can be read: the key is another, or a service has hardly begun.
        """
        own = _chosen(self._listing().get(short_id(device), []), 0)
        others = [one for id8 in self._listing() if id8 != short_id(device) for one in _chosen(self._listing()[id8], 0)]
        drawn = os.urandom(5)
        among = own if own and (drawn[4] % 2 or not others) else others
        if not among:
            return None
        segment = among[int.from_bytes(drawn[:4], "big") % len(among)]
        if self._read(segment, segment.id8) is not None:
            return None
        if not any(self._read(one, one.id8) is not None for one in (*own[-_LOOKED_AT:], *others[-_LOOKED_AT:])):
            raise Unavailable("team.nothing_readable", segment.file)
        if among is others and not self._lay_for_a_week(segment):
            return None
        key = DeviceKey(segment.id8, segment.name, "")
        return Portion(key, segment.first, b"", segment.last, (b"",) * (segment.last - segment.first + 1))

    def put_back(self, portion: Portion, erased: int) -> None:
        """Put a portion in place of a file that is damaged."""
        self._write(portion, erased)

    def withdraw(self, device: str) -> None:
        """Remove its segments, the last ones first: what can't be removed now is known of by the first one, and goes the next time."""
        self._listed = None
        for segment in sorted(self._listing().get(short_id(device), []), key=lambda one: one.first, reverse=True):
            self._remove(segment)
            if (self._folder / segment.file).exists():
                return

    def _lay_for_a_week(self, segment: Segment) -> bool:
        try:
            return time() - (self._folder / segment.file).stat().st_mtime > _A_WEEK
        except OSError:
            return False

    # --- what is there

    def _listing(self) -> dict[str, list[Segment]]:
        """The segments that lie in the folder, by the first letters of their device's id; read once, and held."""
        if self._listed is None:
            listed: defaultdict[str, list[Segment]] = defaultdict(list)
            try:
                names = [path.name for path in self._folder.iterdir()]
            except OSError as error:
                raise _unavailable(error) from error
            for name in names:
                match = _NAME.fullmatch(name)
                if match is not None:
                    device, id8, first, last, head8, erased = match.groups()
                    if int(first) <= int(last):
                        listed[id8].append(Segment(name, device, id8, int(first), int(last), head8, int(erased)))
            self._listed = dict(listed)
        return self._listed

    def _first_readable(self, best: Segment, device: str, reached: int) -> Portion | None:
        """The portion that goes on behind a number: of the best segment, or of another that does."""
        others = [one for one in self._listing()[best.id8] if one.first <= reached + 1 <= one.last and one != best]
        for segment in (best, *sorted(others, key=_rank)):
            portion = self._read(segment, device)
            if portion is not None:
                return portion
        return None

    def _read(self, segment: Segment, device: str) -> Portion | None:
        """A segment's portion; None where it can't be read, or is another device's."""
        try:
            content = (self._folder / segment.file).read_bytes()
        except OSError:
            return None
        opened = open_segment(content, self._key, segment.last - segment.first + 1)
        if opened is None:
            return None
        said, lines = opened
        key = DeviceKey(str(said.get("device")), segment.name, str(said.get("began_at")))
        whole = said.get("whole_to")
        if short_id(key.id) != short_id(device) or said.get("first") != segment.first or not isinstance(whole, int):
            return None
        return Portion(key, segment.first, bytes.fromhex(str(said.get("head"))), whole, tuple(lines))

    # --- changing it

    def _write(self, portion: Portion, erased: int) -> None:
        """A segment under a name of its own first, synced, then renamed."""
        device = portion.device
        name = (
            f"{device.name}-{short_id(device.id)}-{portion.first}-{portion.last}-{portion.head.hex()[:8]}-{erased}.seg"
        )
        said = {
            "device": device.id, "name": device.name, "began_at": device.began_at, "first": portion.first,
            "last": portion.last, "head": portion.head.hex(), "whole_to": portion.whole_to, "erased": erased,
        }  # fmt: skip
        part = part_beside(self._folder / name)
        try:
            with part.open("xb") as file:
                file.write(seal_segment(said, portion.records, self._key))
                file.flush()
                # Whoever may read the folder may read it, whatever the umask of who writes it; not every share knows permissions.
                with suppress(OSError):
                    part.chmod(stat.S_IMODE(self._folder.stat().st_mode) & 0o666 | 0o600)
                os.fsync(file.fileno())
            self._tried(lambda: part.replace(self._folder / name))
            sync_folder(self._folder)
        except OSError as error:
            raise _unavailable(error) from error
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)
        # What a process that was killed left half written, on this machine or long ago on another.
        clear_leftovers(self._folder, datetime.fromtimestamp(time(), UTC), of_old=False)
        self._listed = None

    def _tried(self, act: Callable[[], object]) -> None:
        """Do what another program may stand in the way of for a moment."""
        for n in range(1, _TRIES + 1):
            try:
                act()
            except PermissionError:
                if n == _TRIES:
                    raise
                self._pause(_PAUSE * n)
            else:
                return

    def _remove(self, segment: Segment) -> None:
        """What can't be removed now stays; what replaces it goes before it all the same."""
        with suppress(OSError):
            self._tried(lambda: (self._folder / segment.file).unlink(missing_ok=True))
        self._listed = None

    def _put_together(self, device: DeviceKey) -> None:
        """Make one segment of many small ones, the new one before the old are removed."""
        last_first = reversed(_chosen(self._listing().get(short_id(device.id), []), 0))
        run = [*takewhile(lambda one: one.last - one.first < SMALL, last_first)][::-1]
        # What is too large together is not read again with each portion to come.
        if not run or len(run) % MANY_SMALL:
            return
        run = run[-MANY_SMALL:]
        if any(after.first != one.last + 1 for one, after in pairwise(run)):
            return
        portions = [self._read(one, device.id) for one in run]
        readable = [portion for portion in portions if portion is not None]
        if len(readable) < len(run) or sum(len(portion.records) for portion in readable) > LARGEST:
            return
        lines = tuple(line for portion in readable for line in portion.records)
        if sum(len(line) + 1 for line in lines) > MOST_BYTES:
            return
        self._write(readable[-1]._replace(first=run[0].first, records=lines), sum(one.erased for one in run))
        for one in run:
            self._remove(one)


def _unavailable(error: OSError) -> Unavailable:
    """That the folder can't be used: in nippo's words where it has some for it."""
    reason, said = system_reason(error), error.strerror or str(error)
    return Unavailable(reason.key if isinstance(reason, Message) else "team.folder_failed", said)


def _rank(segment: Segment) -> tuple[int, int, str]:
    """Of several that go on behind a number the one with the most erased comes first, then the longest; of two branches that a service
    shows at once everybody takes the same one."""
    return (-segment.erased, -segment.last, segment.head8)


def _outdated(segments: Sequence[Segment], chosen: Sequence[Segment]) -> list[tuple[Segment, Segment]]:
    """Segments whose records all lie in a chosen one too, with more of them erased there; each with that one."""
    return [
        (segment, better)
        for better in chosen
        if better.erased
        for segment in segments
        if better.first <= segment.first and segment.last <= better.last and segment.erased < better.erased
    ]


def _chosen(segments: Sequence[Segment], after: int) -> list[Segment]:
    """Segments that follow one another without a gap, from the record behind a number on."""
    chosen: list[Segment] = []
    ahead = sorted(segments, key=lambda one: one.first)
    open_ones: list[Segment] = []
    at = 0
    while True:
        while at < len(ahead) and ahead[at].first <= after + 1:
            open_ones.append(ahead[at])
            at += 1
        open_ones = [one for one in open_ones if one.last > after]
        if not open_ones:
            return chosen
        best = min(open_ones, key=_rank)
        chosen.append(best)
        after = best.last
