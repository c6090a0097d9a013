"""What a segment of a shared folder holds: a line in the open, and the records under the team's key."""

import json
import os
import zlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

_MAGIC: Final = b"nippo-segment-1\n"
_NONCE: Final = 12


def seal_segment(said: Mapping[str, object], lines: Sequence[bytes], key: bytes) -> bytes:
    """The content of a segment: a line that names it, what it is about in the open, and the records, encrypted; the one
    vouches for the other."""
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    head = _MAGIC + json.dumps(said, sort_keys=True, separators=(",", ":")).encode() + b"\n"
    nonce = os.urandom(_NONCE)
    return head + nonce + ChaCha20Poly1305(key).encrypt(nonce, zlib.compress(b"\n".join(lines)), head)


def open_segment(content: bytes, key: bytes) -> tuple[dict[str, Any], list[bytes]] | None:
    """What a segment says in the open, and its records; None where it is not whole, or not of this key."""
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
        lines = zlib.decompress(ChaCha20Poly1305(key).decrypt(nonce, content[end + _NONCE :], content[:end]))
    except (ValueError, InvalidTag, zlib.error):
        return None
    return (said, lines.split(b"\n")) if isinstance(said, dict) else None
