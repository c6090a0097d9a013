"""What every carrier keeps to. Whoever writes one makes a class of these tests in a file of their own:

    class TestMine(Conformance):
        def open(self, place: Path) -> Carrier:
            return MyCarrier(place)

`open` is called several times for one place: as many machines that share it. Nothing else of nippo is needed.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import pytest

from nippo_cli.carriers.carrier import Carrier, DeviceKey, Fork, Gap, PublishedHead

ONE = DeviceKey("2-" + "1a" * 16, "aa", "2026-01-01T00:00:00.000Z")
TWO = DeviceKey("2-" + "2b" * 16, "bbbb", "2026-02-01T00:00:00.000Z")


def line(number: int, said: str = "見積", *, erased: bool = False) -> bytes:
    """A record as a line: of the form of `docs/journal.md`, with a hash of its own."""
    seal = sha256(f"{number} {said}".encode()).hexdigest()
    salt, body = (seal[32:] * 2, "null") if erased else (seal[:32], f'{{"facts":"{said} {number}"}}')
    return (
        f'{{"id":{number},"kind":"entry","author":"佐藤","recorded_at":"2026-01-01T00:00:{number % 60:02}.000Z"'
        f',"known_on":"2026-01-01","on":"2026-01-01","schema":1,"target":null,"batch":null,"source_key":null'
        f',"salt":"{salt}","hash":"{seal}","body":{body}}}'
    ).encode()


LINES = tuple(map(line, range(1, 10)))


def head(upto: int, lines: Sequence[bytes] = LINES, device: DeviceKey = ONE) -> bytes:
    """The running head at a number."""
    running = sha256(device.id.encode()).digest()
    for one in lines[:upto]:
        running = sha256(running + bytes.fromhex(json.loads(one)["hash"])).digest()
    return running


def said(head_of: PublishedHead) -> tuple[int, bytes]:
    """A published head as far as every carrier tells it."""
    return head_of.number, head_of.head[:4]


def fetched(carrier: Carrier, device: DeviceKey, after: int = 0) -> list[bytes]:
    """The lines behind a number."""
    lines: list[bytes] = []
    for portion in carrier.fetch(device.id, after):
        assert portion.device == device
        assert portion.first <= after + len(lines) + 1
        assert portion.last >= portion.first
        lines += portion.records[after + len(lines) + 1 - portion.first :]
    return lines


class Conformance(ABC):
    """The tests."""

    @abstractmethod
    def open(self, place: Path) -> Carrier:
        """A carrier at a place of its own for each test."""

    def test_an_empty_one_has_nothing(self, tmp_path):
        """And no device is known."""
        carrier = self.open(tmp_path)
        assert list(carrier.heads()) == []
        assert fetched(carrier, ONE) == []

    def test_what_one_publishes_another_fetches(self, tmp_path):
        """Byte by byte, by number, device by device."""
        here, there = self.open(tmp_path), self.open(tmp_path)
        here.append(ONE, 0, head(3), LINES[:3], 3)
        here.append(TWO, 0, head(1, device=TWO), LINES[:1], 1)
        here.append(ONE, 3, head(5), LINES[3:5], 5)
        assert sorted(map(said, there.heads())) == sorted([(5, head(5)[:4]), (1, head(1, device=TWO)[:4])])
        assert fetched(there, ONE) == list(LINES[:5])
        assert fetched(there, TWO) == list(LINES[:1])
        by_head = {one.number: next(iter(there.fetch(one.device, 0))).device for one in there.heads()}
        assert by_head == {5: ONE, 1: TWO}

    @pytest.mark.parametrize("after", range(6))
    def test_one_asks_for_what_is_behind_a_number(self, tmp_path, after):
        """Nothing behind the last."""
        carrier = self.open(tmp_path)
        carrier.append(ONE, 0, head(2), LINES[:2], 2)
        carrier.append(ONE, 2, head(5), LINES[2:5], 4)
        carrier.heads()
        assert fetched(carrier, ONE, after) == list(LINES[after:5])

    def test_the_last_portion_says_what_is_whole(self, tmp_path):
        """The number that ends a command, and the head at its last record."""
        carrier = self.open(tmp_path)
        carrier.append(ONE, 0, head(3), LINES[:3], 2)
        carrier.heads()
        last = list(carrier.fetch(ONE.id, 0))[-1]
        assert (last.whole_to, last.head) == (2, head(3))

    def test_publishing_again_changes_nothing(self, tmp_path):
        """Nor does publishing less than is there."""
        carrier = self.open(tmp_path)
        for upto in (3, 3, 2):
            carrier.append(ONE, 0, head(upto), LINES[:upto], upto)
        carrier.heads()
        assert fetched(carrier, ONE) == list(LINES[:3])
        assert [said(one) for one in carrier.heads()] == [(3, head(3)[:4])]

    def test_no_gap_is_taken(self, tmp_path):
        """Nothing of it is there afterwards."""
        carrier = self.open(tmp_path)
        carrier.append(ONE, 0, head(2), LINES[:2], 2)
        with pytest.raises(Gap):
            carrier.append(ONE, 3, head(5), LINES[3:5], 5)
        assert [said(one) for one in carrier.heads()] == [(2, head(2)[:4])]

    def test_another_log_under_the_same_numbers_is_refused(self, tmp_path):
        """A copied machine: what is there stays."""
        here, there = self.open(tmp_path), self.open(tmp_path)
        here.append(ONE, 0, head(3), LINES[:3], 3)
        other = [LINES[0], line(2, "値引"), line(3, "値引")]
        with pytest.raises(Fork):
            there.append(ONE, 0, head(3, other), other, 3)
        there.heads()
        assert fetched(there, ONE) == list(LINES[:3])

    def test_an_erased_line_takes_the_place_of_the_other(self, tmp_path):
        """The head stays: a record's hash is that of before. Nothing else changes, and nothing that is not there comes."""
        here, there = self.open(tmp_path), self.open(tmp_path)
        here.append(ONE, 0, head(3), LINES[:3], 3)
        here.append(ONE, 3, head(5), LINES[3:5], 5)
        there.heads()
        for _ in range(2):
            there.erase(ONE, {n: line(n, erased=True) for n in (2, 5, 9)})
            here.heads()
            assert fetched(here, ONE) == [LINES[0], line(2, erased=True), *LINES[2:4], line(5, erased=True)]
            assert [said(one) for one in here.heads()] == [(5, head(5)[:4])]
            assert [(one.name, one.erased) for one in here.heads()] == [("aa", 2)]

    def test_what_was_erased_before_it_was_published_is_counted(self, tmp_path):
        """So that nobody erases it again."""
        carrier = self.open(tmp_path)
        carrier.append(ONE, 0, head(3), [*LINES[:2], line(3, erased=True)], 3, erased=1)
        assert [one.erased for one in carrier.heads()] == [1]

    def test_many_small_portions_are_as_one(self, tmp_path):
        """However a carrier keeps them."""
        carrier = self.open(tmp_path)
        lines = [line(n) for n in range(1, 101)]
        for n in range(100):
            carrier.append(ONE, n, head(n + 1, lines), [lines[n]], n + 1)
        assert [said(one) for one in carrier.heads()] == [(100, head(100, lines)[:4])]
        assert fetched(carrier, ONE) == lines
        assert fetched(carrier, ONE, 57) == lines[57:]
