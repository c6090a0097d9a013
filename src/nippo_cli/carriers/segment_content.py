"""What a segment of a shared folder holds: a line in the open, and the records under the team's key."""

import json
import os
import zlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

from nippo_cli.carriers.carrier import Unavailable

_MAGIC: Final = b"nippo-segment-1\n"
_NONCE: Final = 12
# So many bytes the records of a segment have together, and one that is alone in it, which is as much as a journal takes for a text: so
# none is too large to be published, and no file unpacks to more than there is memory for.
MOST_BYTES: Final = 256 << 20
MOST_ALONE: Final = 1 << 30


def seal_segment(said: Mapping[str, object], lines: Sequence[bytes], key: bytes) -> bytes:
    """The content of a segment: a line that names it, what it is about in the open, and the records, encrypted; the one
    vouches for the other.

    Raises:
        Unavailable: the records are more than `open_segment` would take.
    """
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    joined = b"\n".join(lines)
    if len(joined) > _most(len(lines)):
        raise Unavailable("team.segment_too_large", f"{said['first']}-{said['last']}")
    head = _MAGIC + json.dumps(said, sort_keys=True, separators=(",", ":")).encode() + b"\n"
    nonce = os.urandom(_NONCE)
    return head + nonce + ChaCha20Poly1305(key).encrypt(nonce, zlib.compress(joined), head)


def open_segment(content: bytes, key: bytes, records: int) -> tuple[dict[str, Any], list[bytes]] | None:
    """What a segment says in the open, and its records; None where it is not whole, not of this key, or has other than so many
    records, or more bytes in them than a segment holds."""
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
        joined = unpacker.decompress(packed, _most(records) + 1)
    except (ValueError, InvalidTag, zlib.error):
        return None
    if not unpacker.eof or len(joined) > _most(records) or joined.count(b"\n") + 1 != records:
        return None
    return (said, joined.split(b"\n")) if isinstance(said, dict) else None


def _most(records: int) -> int:
    return MOST_BYTES if records > 1 else MOST_ALONE
