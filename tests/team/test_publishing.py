"""What is published, portion by portion: the next is made ready while one is on its way, and none is sent behind one that is refused."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from shell import Shell

from nippo_cli.carriers import segment_content
from nippo_cli.carriers.carrier import Ahead, CarrierError, DeviceKey, Fork, WrongRole
from nippo_cli.carriers.folder import FolderCarrier
from nippo_cli.journal.log import read_line, write_line
from nippo_cli.journal.union import handed_out, opened, version_vector
from nippo_cli.services.team import publishing

KEY = b"k" * 32
REFUSED = 8


class Refusing(FolderCarrier):
    """A folder that takes no portion with one record in it; `sent` has the numbers that each was to have."""

    def __init__(self, folder: Path, error: CarrierError) -> None:
        super().__init__(folder, KEY)
        self.sent: list[tuple[int, int]] = []
        self._error = error

    def append(
        self, device: DeviceKey, after: int, head: bytes, records: Sequence[bytes], whole_to: int, *, erased: int = 0
    ) -> None:
        """As a folder does, unless it refuses."""
        self.sent.append((after + 1, after + len(records)))
        if after < REFUSED <= after + len(records):
            raise self._error
        super().append(device, after, head, records, whole_to, erased=erased)


@pytest.fixture
def place(monkeypatch, one: Shell, tmp_path: Path) -> Path:
    """An empty place for ten deals' records, which are published three at a time."""
    for n in range(10):
        one.deal(f"案件{n}", facts="話")
    monkeypatch.setattr(publishing, "PORTION", 3)
    made = tmp_path / "place"
    made.mkdir()
    return made


@pytest.mark.parametrize(
    ("error", "why", "there", "sent"),
    [
        (Ahead(str(REFUSED)), "ahead", 7, [(1, 3), (4, 6), (7, 9), (7, 7)]),
        (WrongRole(str(REFUSED)), "role", 7, [(1, 3), (4, 6), (7, 9), (7, 7)]),
        (Fork("another"), "fork", 6, [(1, 3), (4, 6), (7, 9)]),
    ],
)
def test_nothing_follows_upon_what_is_refused(
    one: Shell, place: Path, error: CarrierError, why: str, there: int, sent: list[tuple[int, int]]
):
    """Portions of three, one record in the third refused: what comes before it is there, in order, and the device waits at it."""
    carrier = Refusing(place, error)
    published = publishing.publish(carrier, (), one.db, opened)
    assert [n for _, n in published.records] == [there]
    assert [head.number for head in carrier.heads()] == [there]
    assert [(wait.why, wait.number) for wait in published.waits] == [(why, there + 1)]
    assert carrier.sent == sent
    lines = [line for head in carrier.heads() for portion in carrier.fetch(head.device, 0) for line in portion.records]
    assert len(lines) == there


def test_portion_by_portion_all_is_published(one: Shell, place: Path):
    """Once each; and nothing the next time."""
    carrier = FolderCarrier(place, KEY)
    [(_, n)] = publishing.publish(carrier, (), one.db, opened).records
    [head] = carrier.heads()
    assert head.number == n > 20
    assert publishing.publish(carrier, [head], one.db, opened).records == []
    assert [portion.first for portion in carrier.fetch(head.device, 0)] == [*range(1, n + 1, 3)]


def test_a_portion_is_as_large_as_goes_at_once_and_of_one_record_at_least(
    one: Shell, place: Path, monkeypatch: pytest.MonkeyPatch
):
    """So that no record waits for ever: neither many large ones, nor one that is larger than all that goes at once, nor than what
    many may have together."""
    for n, size in enumerate((400, 9_000, 400, 400, 7_000, 6_000)):
        one.done("add", f"案件{n}", "--activity", "電話", "-m", "話" * (size // 3))
    monkeypatch.setattr(publishing, "PORTION", 1_000)
    monkeypatch.setattr(publishing, "PORTION_BYTES", 8_000)
    monkeypatch.setattr(segment_content, "MOST_BYTES", 12_000)
    carrier = FolderCarrier(place, KEY)
    published = publishing.publish(carrier, (), one.db, opened)
    [head] = carrier.heads()
    with opened(one.db) as cx:
        held = next(iter(version_vector(cx).values()))
        records = [write_line(record).encode() for record in handed_out(cx, held, 0).records]
    assert (published.waits, [n for _, n in published.records]) == ([], [len(records)])
    portions = list(carrier.fetch(head.device, 0))
    assert [line for portion in portions for line in portion.records] == records
    sizes = [sum(len((read_line(line).body or "").encode()) for line in portion.records) for portion in portions]
    alone = [size for size, portion in zip(sizes, portions, strict=True) if len(portion.records) == 1]
    assert all(size <= 8_000 for size in sizes if size not in alone)
    # The schema is larger than what many may have together.
    assert max(alone) > 12_000
    assert 5 <= len(portions) < len(records) / 3
