"""Record ids: a device and its number, one integer inside the file, `123` or `k3-123` outside.

A device's short name is two to four characters, a letter and then letters or digits; read in base 36 it is the
device's slot. The device that began the journal has slot 0 and no prefix.
"""

from unicodedata import normalize

NUMBER_BITS = 40
SLOTS = 36**4  # above every short name's
# By what SQLite knows a journal: its `application_id`.
JOURNAL_MARK = int.from_bytes(b"NIPP", "big")
_NUMBER_MASK = (1 << NUMBER_BITS) - 1
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def record_id(slot: int, number: int) -> int:
    """The integer key of a device's record number `number` (from 1)."""
    return slot << NUMBER_BITS | number


def slot_of(record: int) -> int:
    """The slot of the device that wrote the record."""
    return record >> NUMBER_BITS


def number_of(record: int) -> int:
    """The record's number on its device, from 1."""
    return record & _NUMBER_MASK


def device_name(slot: int) -> str:
    """A slot's short name; empty for the device that began the journal."""
    name = ""
    while slot:
        slot, digit = divmod(slot, 36)
        name = _DIGITS[digit] + name
    return name


def slot_named(name: str) -> int:
    """The slot of a short name; 0 for the empty one."""
    return int(name, 36) if name else 0


def show_id(record: int) -> str:
    """`123`, or `k3-123` for another device's record."""
    name = device_name(slot_of(record))
    return f"{name}-{number_of(record)}" if name else str(number_of(record))


_bare_slot = 0


def take_bare_numbers_for(slot: int) -> None:
    """From here on a number without a name means a record of this slot's device: in a team one's own."""
    global _bare_slot  # noqa: PLW0603  of the process, which works on one journal
    _bare_slot = slot


def read_id(text: str) -> int | None:
    """The key of an id as typed, `#`, case and width forgiven; None if it is no id. A number without a device's name means a
    record of the device that began the journal, in a team of one's own."""
    name, dash, number = normalize("NFKC", text).strip().removeprefix("#").lower().rpartition("-")
    if (dash and not _is_device_name(name)) or not _is_number(number):
        return None
    return record_id(slot_named(name) if dash else _bare_slot, int(number))


def _is_device_name(name: str) -> bool:
    return 2 <= len(name) <= 4 and name.isascii() and name.isalnum() and name[0].isalpha()


def _is_number(digits: str) -> bool:
    return (
        digits.isascii() and digits.isdigit() and digits[0] != "0" and len(digits) <= 12 and int(digits) <= _NUMBER_MASK
    )
