"""A record of the log: its header, its canonical body, and the hash over both."""

from collections.abc import Iterable, Sequence
from json import JSONEncoder
from os import urandom
from typing import Any

from nippo_cli.base.files import light_sha256
from nippo_cli.base.frozen import NamedTuple

SALT_BYTES = 16

# Keys sorted, no blanks, letters as they are: one body has one text.
canonical = JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode
_one_hash = light_sha256()


def hash_faster() -> None:
    """From here on hashes are made by OpenSSL, which is worth its loading where there are many."""
    global _one_hash  # noqa: PLW0603  of the process
    from hashlib import sha256

    _one_hash = sha256


class Header(NamedTuple):
    """What of a record stands outside its body, and never changes. Dates are ISO text; ids are integer keys."""

    number: int
    kind: str
    author: str
    recorded_at: str
    known_on: str
    on_date: str | None
    schema: int
    target: int | None
    batch: int | None
    source_key: str | None


# How the id of a device begins whose records are sealed in two steps; those of before have no such mark.
SEAL_2 = "2-"


def new_device_id() -> str:
    """The random id of a device that begins to write."""
    return SEAL_2 + urandom(16).hex()


def digest(device_id: str, header: Iterable[object], salt: bytes, body: str | None) -> bytes:
    """What seals a record: SHA-256 over `device␟header fields␞` and, in turn, SHA-256 over salt and body; a missing
    field is nothing. Of an erased record the inner digest stands where the salt was, so that its header can still be held
    against its hash. A device of before the second seal hashes salt and body as they are.

    The device's random id is in it, so that a record can't be passed off as another journal's. The salt keeps an
    erased body from being guessed from its hash.
    """
    number, kind, author, recorded_at, known_on, on_date, schema, target, batch, source = header
    # Written out, which takes a third of putting it together from its parts: whatever is read is held against it.
    head = (
        f"{device_id}\x1f{number}\x1f{kind}\x1f{author}\x1f{recorded_at}\x1f{known_on}"
        f"\x1f{'' if on_date is None else on_date}\x1f{schema}\x1f{'' if target is None else target}"
        f"\x1f{'' if batch is None else batch}\x1f{'' if source is None else source}\x1e"
    )
    if not device_id.startswith(SEAL_2):
        return _one_hash(head.encode() + salt + (body or "").encode()).digest()
    return _one_hash(head.encode() + (salt if body is None else inner_digest(salt, body))).digest()


def inner_digest(salt: bytes, body: str) -> bytes:
    """SHA-256 over a body behind its salt: all that stays of both where the body is erased."""
    return _one_hash(salt + body.encode()).digest()


class Sealer:
    """`digest` and salts for many records of one command: what they share is put together once.

    All bytes are bytearrays, which SQLite is given faster: see `binding`.
    """

    def __init__(self, device_id: str, recorded_at: str, schema: int, batch: int) -> None:
        # OpenSSL's is the faster one, once it is loaded.
        from hashlib import sha256

        self._sha256 = sha256
        self._device = f"{device_id}\x1f"
        self._in_steps = device_id.startswith(SEAL_2)
        self._recorded = f"\x1f{recorded_at}\x1f"
        self._tail = f"\x1f{schema}\x1f\x1f{batch}\x1f"

    def seal_all(
        self,
        numbers: Sequence[int],
        kind: str,
        authors: Sequence[str],
        known_on: Sequence[str],
        on_date: Sequence[str],
        keys: Sequence[str | None],
        bodies: Sequence[bytearray],
    ) -> tuple[list[bytearray], list[bytearray]]:
        """Fresh salts, and the digests of records of a kind under them, all side by side; none has a target, and each body is UTF-8."""
        size, sha256 = SALT_BYTES, self._sha256
        random = bytearray(urandom(size * len(numbers)))
        salts = [random[at : at + size] for at in range(0, len(random), size)]
        said: list[Any] = [salt + body for salt, body in zip(salts, bodies, strict=True)]
        if self._in_steps:
            said = [sha256(one).digest() for one in said]
        # Looked up once: this is done a million times.
        device, of_kind, recorded, tail = self._device, f"\x1f{kind}\x1f", self._recorded, self._tail
        digests = [
            bytearray(
                sha256(
                    f"{device}{number}{of_kind}{author}{recorded}{known}\x1f{on}{tail}{key or ''}\x1e".encode() + own
                ).digest()
            )
            for number, author, known, on, key, own in zip(numbers, authors, known_on, on_date, keys, said, strict=True)
        ]
        return salts, digests


def body_of(**parts: object) -> dict[str, object]:
    """A body of the parts that say something: what is None is left out."""
    return {key: part for key, part in parts.items() if part is not None}
