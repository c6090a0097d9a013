"""What a segment of a shared folder holds: a line in the open, and the records under the team's key."""

import json
import os
import zlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

from nippo_cli.carriers.carrier import Unavailable

_MAGIC: Final = b"nippo-segment-1\n"
_NONCE: Final = 12
# A segment's records have so many bytes together, 13,000 a record of the largest one; so no file unpacks to more than there is
# memory for.
MOST_BYTES: Final = 256 << 20


def seal_segment(said: Mapping[str, object], lines: Sequence[bytes], key: bytes) -> bytes:
    """The content of a segment: a line that names it, what it is about in the open, and the records, encrypted; the one
    vouches for the other.

    Raises:
        Unavailable: the records are more than `open_segment` would take.
    """
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    joined = b"\n".join(lines)
    if len(joined) > MOST_BYTES:
        raise Unavailable("team.segment_too_large", f"{said['first']}-{said['last']}")
    head = _MAGIC + json.dumps(said, sort_keys=True, separators=(",", ":")).encode() + b"\n"
    nonce = os.urandom(_NONCE)
    return head + nonce + ChaCha20Poly1305(key).encrypt(nonce, zlib.compress(joined), head)


def open_segment(content: bytes, key: bytes, records: int) -> tuple[dict[str, Any], list[bytes]] | None:
    """What a segment says in the open, and its records; None where it is not whole, not of this key, or has other than so many
    records, or more in them than `MOST_BYTES`."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    if not content.startswith(_MAGIC):
        return None
    end = content.find(b"\n", len(_MAGIC)) + 1
    if not end or len(content) < end + _NONCE:
        return None
    try:
        said = json.loads(content[len(_MAGIC) : end])
        nonce = content[end : end + _NONCE]
        unpacker = zlib.decompressobj()
        packed = ChaCha20Poly1305(key).decrypt(nonce, content[end + _NONCE :], content[:end])
        joined = unpacker.decompress(packed, MOST_BYTES + 1)
    except (ValueError, InvalidTag, zlib.error):
        return None
    if not unpacker.eof or len(joined) > MOST_BYTES or joined.count(b"\n") + 1 != records:
        return None
    return (said, joined.split(b"\n")) if isinstance(said, dict) else None
