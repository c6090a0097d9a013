"""A shared folder as a carrier, and what a folder service does to it."""

import os
import shutil
import tracemalloc
import zlib
from functools import reduce
from hashlib import sha256
from pathlib import Path

import pytest
from conformance import LINES, ONE, Conformance, fetched, head

from nippo_cli.carriers import folder, segment_content
from nippo_cli.carriers.carrier import Carrier, CarrierError, Unavailable, Unreadable
from nippo_cli.carriers.folder import MANY_SMALL, FolderCarrier, new_key

KEY = b"k" * 32


class TestFolder(Conformance):
    """What every carrier keeps to."""

    def open(self, place: Path) -> Carrier:
        """Each time as another machine."""
        return FolderCarrier(place, KEY)


@pytest.fixture
def carrier(tmp_path: Path) -> FolderCarrier:
    """Five records in two segments."""
    made = FolderCarrier(tmp_path, KEY)
    made.append(ONE, 0, head(3), LINES[:3], 3)
    made.append(ONE, 3, head(5), LINES[3:5], 5)
    made.heads()
    return made


def segments(place: Path) -> list[Path]:
    """The files, by their names."""
    return sorted(place.iterdir())


def test_a_name_says_what_a_segment_holds(carrier, tmp_path):
    """And the content says nothing to who lacks the key."""
    id8 = ONE.id[2:10]
    assert [file.name for file in segments(tmp_path)] == [
        f"aa-{id8}-1-3-{head(3).hex()[:8]}-0.seg", f"aa-{id8}-4-5-{head(5).hex()[:8]}-0.seg",
    ]  # fmt: skip
    for file in segments(tmp_path):
        assert "見積".encode() not in file.read_bytes()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no permissions of this sort")
@pytest.mark.parametrize(("of_folder", "of_segment"), [(0o770, 0o660), (0o755, 0o644), (0o700, 0o600)])
def test_whoever_may_read_the_folder_may_read_a_segment(tmp_path, of_folder, of_segment):
    """A colleague, whose umask keeps everything else to themselves, included."""
    tmp_path.chmod(of_folder)
    old = os.umask(0o077)
    try:
        FolderCarrier(tmp_path, KEY).append(ONE, 0, head(3), LINES[:3], 3)
    finally:
        os.umask(old)
    (file,) = segments(tmp_path)
    assert oct(file.stat().st_mode & 0o777) == oct(of_segment)


@pytest.mark.parametrize("damage", ["cut", "zeroed", "empty", "flipped", "renamed"])
def test_what_is_not_whole_is_not_there_yet(carrier, tmp_path, damage):
    """What comes before it is; and all of it once the file is."""
    second = segments(tmp_path)[1]
    whole = second.read_bytes()
    place = second
    if damage == "renamed":
        place = second.with_name(second.name.replace("-4-5-", "-4-6-"))
        second.rename(place)
    else:
        bad = {
            "cut": whole[:-7],
            "zeroed": bytes(len(whole)),
            "empty": b"",
            "flipped": whole[:-1] + bytes([whole[-1] ^ 1]),
        }
        second.write_bytes(bad[damage])
    carrier.heads()
    assert fetched(carrier, ONE) == list(LINES[:3])
    with pytest.raises(Unreadable):
        fetched(carrier, ONE, 3)
    place.unlink()
    second.write_bytes(whole)
    carrier.heads()
    assert fetched(carrier, ONE) == list(LINES[:5])


def test_what_unpacks_to_more_than_a_segment_holds_is_not_read(carrier, tmp_path, monkeypatch):
    """Nor is it put there; whatever is in bounds is, to the byte."""
    size = len(b"\n".join(LINES[3:5]))
    monkeypatch.setattr(segment_content, "MOST_BYTES", size)
    carrier.heads()
    assert fetched(carrier, ONE, 3) == list(LINES[3:5])
    monkeypatch.setattr(segment_content, "MOST_BYTES", size - 1)
    with pytest.raises(Unreadable):
        fetched(carrier, ONE, 3)
    before = segments(tmp_path)
    with pytest.raises(Unavailable) as refused:
        carrier.append(ONE, 5, head(7), [b"x" * size, b"y"], 7)
    assert (refused.value.key, *refused.value.args) == ("team.segment_too_large", "6-7")
    assert segments(tmp_path) == before


def test_a_record_that_is_too_large_beside_others_is_published_alone(carrier, monkeypatch):
    """As large as a journal takes it."""
    monkeypatch.setattr(segment_content, "MOST_BYTES", 100)
    large = b"x" * 101
    carrier.append(ONE, 5, head(6), [large], 6)
    carrier.heads()
    assert fetched(carrier, ONE, 5) == [large]
    monkeypatch.setattr(segment_content, "MOST_ALONE", 100)
    with pytest.raises(Unreadable):
        fetched(carrier, ONE, 5)


def test_a_small_file_that_unpacks_to_gigabytes_takes_no_memory(monkeypatch):
    """Two megabytes under the team's key that would be two gigabytes; a line's end each."""
    # To pack them one by one takes ten seconds: each part stands for itself here, and is packed once.
    part, packer = b"\n" * (1 << 20), zlib.compressobj()
    first, again = (packer.compress(part) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
    check = reduce(lambda so_far, _: zlib.adler32(part, so_far), range(2048), 1)
    content = first + again * 2047 + packer.flush()[:-4] + check.to_bytes(4, "big")
    monkeypatch.setattr(segment_content.zlib, "compress", lambda _: content)
    sealed = segment_content.seal_segment({}, (), KEY)
    tracemalloc.start()
    assert segment_content.open_segment(sealed, KEY, 1 << 31) is None
    assert tracemalloc.get_traced_memory()[1] < 2 * segment_content.MOST_BYTES + len(sealed) * 3
    tracemalloc.stop()


def test_another_teams_key_reads_nothing(carrier, tmp_path):
    """It is told, and nothing is taken for records."""
    other = FolderCarrier(tmp_path, new_key())
    other.heads()
    with pytest.raises(Unreadable):
        fetched(other, ONE)


def test_other_names_are_passed_over(carrier, tmp_path):
    """A folder service's own, a copy in conflict, what somebody put there."""
    first = segments(tmp_path)[0]
    for name in (
        "desktop.ini",
        f"{first.stem} (conflicted copy).seg",
        f"{first.stem}-PC01.seg",
        ".x.part",
        "aa-1-2.seg",
    ):
        shutil.copy(first, tmp_path / name)
    assert [one.number for one in carrier.heads()] == [5]
    assert fetched(carrier, ONE) == list(LINES[:5])


def test_a_lost_segment_is_seen_and_put_back(carrier, tmp_path):
    """By whoever holds its records: heads end before the gap."""
    first, _ = segments(tmp_path)
    first.unlink()
    assert list(carrier.heads()) == []
    carrier.append(ONE, 0, head(3), LINES[:3], 3)
    assert [one.number for one in carrier.heads()] == [5]
    assert fetched(carrier, ONE) == list(LINES[:5])


def test_of_two_of_one_range_the_one_with_more_erased_counts(carrier, tmp_path):
    """A folder service may bring the other one back."""
    old = segments(tmp_path)[0]
    kept = old.read_bytes()
    carrier.erase(ONE, {2: b"erased"})
    old.write_bytes(kept)
    carrier.heads()
    assert fetched(carrier, ONE)[1] == b"erased"


def test_small_segments_are_put_together(tmp_path):
    """So that a year is no folder of thousands of files."""
    carrier = FolderCarrier(tmp_path, KEY)
    for n in range(MANY_SMALL * 2):
        carrier.append(ONE, n, sha256(str(n).encode()).digest(), [str(n).encode()], n + 1)
    assert len(segments(tmp_path)) < MANY_SMALL
    assert fetched(carrier, ONE) == [str(n).encode() for n in range(MANY_SMALL * 2)]


def test_more_than_a_segment_may_hold_is_not_put_together(tmp_path, monkeypatch):
    """It stays in its small segments, and goes on."""
    monkeypatch.setattr(folder, "MOST_BYTES", 2 * MANY_SMALL)
    carrier = FolderCarrier(tmp_path, KEY)
    for n in range(MANY_SMALL * 2):
        carrier.append(ONE, n, sha256(str(n).encode()).digest(), [b"%03d" % n], n + 1)
    assert len(segments(tmp_path)) == MANY_SMALL * 2
    assert fetched(carrier, ONE) == [b"%03d" % n for n in range(MANY_SMALL * 2)]


def test_a_file_that_is_held_open_is_tried_again(tmp_path, monkeypatch):
    """Windows refuses to replace it for a moment; in the end that is an error in the system's words, and nothing lies about."""
    replace, refusals, waited = Path.replace, [PermissionError(13, "in use")] * 2, list[float]()

    def reluctant(source: Path, target: Path) -> None:
        if refusals:
            raise refusals.pop()
        replace(source, target)

    monkeypatch.setattr(Path, "replace", reluctant)
    carrier = FolderCarrier(tmp_path, KEY, pause=waited.append)
    carrier.append(ONE, 0, head(1), LINES[:1], 1)
    assert len(waited) == 2
    refusals += [PermissionError(13, "in use")] * 99
    with pytest.raises(CarrierError, match="in use"):
        carrier.append(ONE, 1, head(2), LINES[1:2], 2)
    assert [one.number for one in carrier.heads()] == [1]
    assert len(segments(tmp_path)) == 1


@pytest.mark.parametrize("nth", [0, 1, 2])
def test_what_cannot_be_withdrawn_yet_is_withdrawn_the_next_time(carrier, tmp_path, monkeypatch, nth):
    """Whichever file a program holds open: what is left begins with the first record, and so is known of; words lie nowhere unknown."""
    carrier.append(ONE, 5, head(9), LINES[5:9], 9)
    held_open, unlink = segments(tmp_path)[nth], Path.unlink

    def reluctant(file: Path, **options: bool) -> None:
        if file == held_open:
            raise PermissionError(13, "in use")
        unlink(file, **options)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", reluctant)
        another = FolderCarrier(tmp_path, KEY, pause=lambda _seconds: None)
        another.withdraw(ONE.id)
        assert [one.number for one in another.heads()] == [(3, 5, 9)[nth]]
    another.withdraw(ONE.id)
    assert (another.heads(), segments(tmp_path)) == ([], [])


def test_a_share_that_is_not_connected_is_not_made_anew(tmp_path):
    """Its folder would hide the real one."""
    carrier = FolderCarrier(tmp_path / "share", KEY)
    with pytest.raises(CarrierError):
        carrier.heads()
    with pytest.raises(CarrierError):
        carrier.append(ONE, 0, head(1), LINES[:1], 1)
    assert not (tmp_path / "share").exists()


def test_a_look_at_thousands_of_segments_is_one_look(tmp_path, monkeypatch):
    """Nothing is opened where nothing is new: at 30 ms a call six thousand would take three minutes."""
    for n in range(1, 6001):
        (tmp_path / f"aa-{ONE.id[2:10]}-{n}-{n}-{n:08x}-0.seg").touch()
    calls = list[str]()
    iterdir = Path.iterdir
    monkeypatch.setattr(Path, "iterdir", lambda path: calls.append("list") or iterdir(path))
    monkeypatch.setattr(Path, "read_bytes", lambda _self: calls.append("read") or b"")
    carrier = FolderCarrier(tmp_path, KEY)
    [last] = carrier.heads()
    assert (last.number, last.head) == (6000, (6000).to_bytes(4, "big"))
    assert calls == ["list"]
