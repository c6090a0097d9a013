"""Records, devices and settings in the bytes of a journal's file, whatever is left of it.

They are told by the shape of their rows (docs/decisions/0028-rescue.md), so that neither the file's header nor its list of
tables nor a page that led to them is needed. Nothing is believed here: a record is proven by its hash (`proven`).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from mmap import mmap
from typing import Final, TypeAlias

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.ids import slot_of
from nippo_cli.journal.log import is_sound, lenient

Content: TypeAlias = bytes | mmap
Value: TypeAlias = int | str | bytes | None

# The header of a record's row: its own length, then of each column its type and length
# (https://www.sqlite.org/fileformat2.html#record_format). Instants have 24 letters (0x3d), days ten (0x21), salts 16 or 32
# bytes (0x2c, 0x4c), hashes 32 (0x4c). Looked ahead for, so that one found in a text hides none behind it.
_LENGTH: Final = rb"(?:[\x80-\xff]{0,3}[\x00-\x7f])"
_RECORD: Final = re.compile(
    rb"(?=[\x0e-\x20]\x00[\x0d-\x7f]" + _LENGTH + rb"\x3d\x21[\x00\x21][\x00-\x06\x08\x09]{3}" + _LENGTH
    + rb"[\x00\x2c\x4c]" + _LENGTH + rb"\x4c)"
)  # fmt: skip
# A device's row, the ordinal missing from those of before format 9; and its entry in the index over the ids.
_DEVICE: Final = re.compile(
    rb"[\x05\x06]\x00[\x4d\x51]\x3d([\x01-\x06\x08\x09]{1,2})((?:..)?.{32})(\d{4}-\d\d-\d\dT[\d:.]{12}Z)", re.DOTALL
)
_INDEXED_DEVICE: Final = re.compile(rb"\x03[\x4d\x51][\x01-\x06\x08\x09]((?:2-)?[0-9a-f]{32})")
# A setting's row: its key and its value are all of it.
_SETTING: Final = re.compile(rb"\x03[\x15-\x27]([\x0d-\x7f])(time_zone|journal_id|author)")
_PAGE_SIZES: Final = (4096, 1024, 2048, 8192, 16384, 32768, 65536, 512)
_SIGNATURE: Final = b"SQLite format 3\x00"
_HEADER: Final = 100
_MOST_RESERVED: Final = 64


class Layout(NamedTuple):
    """How a file is cut: the bytes of a page, and how many at the end of each are another's."""

    page: int
    reserved: int


class Carved(NamedTuple):
    """A row that looks like a record's: its columns as `REC` has them, the device's id apart. `on_free_page`: SQLite had no
    more use for the page that it lies on. `exact`: its length stands before it, so that its id does, too."""

    columns: tuple[Value, ...]
    on_free_page: bool
    exact: bool

    @property
    def id(self) -> int:
        """The record's id, as it stands there."""
        return int(str(self.columns[0]))


class Carver:
    """What can be told of a file from its bytes alone."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._layouts = self._possible_layouts()
        self._free = self._free_pages(self._layouts[0].page) if len({one.page for one in self._layouts}) == 1 else set()

    def records(self) -> Iterator[tuple[int, Carved]]:
        """Whatever looks like a record, in the order of the file, behind where it lies (bytes from the start)."""
        for match in _RECORD.finditer(self._content):
            for carved in dict.fromkeys(self._record(match.start(), layout) for layout in self._layouts):
                if carved is not None:
                    yield match.start(), carved

    def devices(self) -> Iterator[tuple[int | None, str, int]]:
        """Whatever looks like a device: its slot (None where that is not told), its random id, the last number that it gave
        out."""
        for match in _DEVICE.finditer(self._content):
            types, name, _ = match.groups()
            numbers = self._values(match.end(), types)
            if numbers is not None:
                yield self._row_id(match.start())[0], lenient(name), int(numbers[0] or 0)
        for match in _INDEXED_DEVICE.finditer(self._content):
            yield None, lenient(match[1]), 0

    def settings(self) -> Mapping[str, str]:
        """Settings by their keys; of several of one key the last in the file."""
        return {
            lenient(match[2]): lenient(bytes(self._content[match.end() : match.end() + (match[1][0] - 13) // 2]))
            for match in _SETTING.finditer(self._content)
        }

    # --- the file as a whole

    def _possible_layouts(self) -> Sequence[Layout]:
        """How pages may be cut: as the header has it; if that is damaged, in every way that SQLite knows, and a row's hash
        tells which was right."""
        header = bytes(self._content[:_HEADER])
        said = int.from_bytes(header[16:18], "big")
        said = 65536 if said == 1 else said
        sizes = (said,) if said in _PAGE_SIZES and header.startswith(_SIGNATURE) else _PAGE_SIZES
        reserved = header[20] if len(header) == _HEADER else 0
        return [
            Layout(size, spare)
            for size in sizes
            for spare in ((0, reserved) if 0 < reserved <= _MOST_RESERVED else (0,))
        ]

    def _free_pages(self, size: int) -> set[int]:
        """The pages that SQLite had no more use for, by its own list, as far as that can be read."""
        free: set[int] = set()
        trunk = int.from_bytes(self._content[32:36], "big")
        while trunk and trunk not in free and trunk * size <= len(self._content):
            free.add(trunk)
            start = (trunk - 1) * size
            count = min(int.from_bytes(self._content[start + 4 : start + 8], "big"), size // 4 - 2)
            leaves = self._content[start + 8 : start + 8 + 4 * count]
            free.update(int.from_bytes(leaves[at : at + 4], "big") for at in range(0, len(leaves), 4))
            trunk = int.from_bytes(self._content[start : start + 4], "big")
        return free

    # --- one row

    def _record(self, start: int, layout: Layout) -> Carved | None:
        """The record whose header begins at an offset of the file; None where that is none, or not all of it is there."""
        header_end = start + self._content[start]
        types, at = list[int](), start + 1
        while at < header_end:
            kind, at = self._varint(at)
            types.append(kind)
        if at != header_end or len(types) != 13:
            return None
        lengths = [_length_of(kind) for kind in types]
        payload = self._payload(start, header_end - start + sum(lengths), layout)
        if payload is None:
            return None
        record, before = self._row_id(start)
        length = _as_varint(len(payload))
        exact = record is not None and bytes(self._content[max(before - len(length), 0) : before]) == length
        at, values = header_end - start, list[Value]()
        for kind, size in zip(types, lengths, strict=True):
            values.append(_value_of(kind, payload[at : at + size]))
            at += size
        _, kind_, author, recorded_at, known_on, on_date, schema, target, batch, source, salt, body, seal = values
        columns: tuple[Value, ...] = (
            record or 0, kind_, author, recorded_at, known_on, on_date, schema, target, batch, body, source, salt, seal,
        )  # fmt: skip
        return Carved(columns, start // layout.page + 1 in self._free, exact)

    def _payload(self, start: int, length: int, layout: Layout) -> bytes | None:
        """A row's bytes, those on overflow pages too; None where a page of them is missing."""
        # Of a damaged length, overflow pages could be followed round a circle.
        if length > len(self._content):
            return None
        usable = layout.page - layout.reserved
        most, least = usable - 35, (usable - 12) * 32 // 255 - 23
        here = length
        if length > most:
            here = least + (length - least) % (usable - 4)
            here = here if here <= most else least
        payload = bytearray(self._content[start : start + here])
        page = int.from_bytes(self._content[start + here : start + here + 4], "big")
        while len(payload) < length:
            at = (page - 1) * layout.page
            if page < 1 or at + usable > len(self._content):
                return None
            payload += self._content[at + 4 : at + min(usable, length - len(payload) + 4)]
            page = int.from_bytes(self._content[at : at + 4], "big")
        return bytes(payload) if len(payload) == length else None

    def _values(self, start: int, types: bytes) -> Sequence[int | None] | None:
        """Whole numbers behind each other; None where the file ends before."""
        values, at = list[int | None](), start
        for kind in types:
            value = _value_of(kind, bytes(self._content[at : at + _length_of(kind)]))
            values.append(value if isinstance(value, int) else None)
            at += _length_of(kind)
        return values if at <= len(self._content) else None

    def _row_id(self, end: int) -> tuple[int | None, int]:
        """The number of a row, which ends where the row's header begins, and where it begins itself."""
        if end >= 9 and all(byte & 0x80 for byte in self._content[end - 9 : end - 1]):
            return self._varint(end - 9)[0], end - 9
        if end < 1 or self._content[end - 1] & 0x80:
            return None, end
        start = end - 1
        while start > 0 and end - start < 8 and self._content[start - 1] & 0x80:
            start -= 1
        return self._varint(start)[0], start

    def _varint(self, at: int) -> tuple[int, int]:
        """A number of one to nine bytes, and where it ends."""
        value = 0
        for n in range(9):
            byte = self._content[at + n] if at + n < len(self._content) else 0
            if n == 8:
                return value << 8 | byte, at + 9
            value = value << 7 | byte & 0x7F
            if not byte & 0x80:
                return value, at + n + 1
        raise AssertionError


def proven(carved: Carved, devices: Mapping[int, str], others: Sequence[str]) -> str | None:
    """The id of the device under which a row is what was written, by its hash; None where there is none.

    Args:
        devices: the ids by slot.
        others: ids whose slot may be another.
    """
    own = devices.get(slot_of(carved.id))
    if carved.columns[9] is None and carved.columns[11] is None and not carved.exact:
        return None  # erased under the first seal: nothing but its place tells it from what only looks like it
    candidates: list[str] = [*((own,) if own else ()), *(one for one in others if one != own)]
    for device in candidates:
        if is_sound((*carved.columns, device)):
            return device
    return None


def _length_of(kind: int) -> int:
    """How many bytes a value of a type has."""
    return (0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0)[kind] if kind < 12 else (kind - 12) // 2


def _value_of(kind: int, content: bytes) -> Value:
    if kind == 0:
        return None
    if kind in (8, 9):
        return kind - 8
    if kind < 12:
        return int.from_bytes(content, "big", signed=True)
    return lenient(content) if kind % 2 else content


def _as_varint(value: int) -> bytes:
    parts = [value & 0x7F]
    while value := value >> 7:
        parts.append(value & 0x7F | 0x80)
    return bytes(reversed(parts))
