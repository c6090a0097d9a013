"""Members of a team over a shared folder, as tests meet them."""

import shutil
import zlib
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from shell import Shell


def joined(capsys, one: Shell, name: str, *options: str, own: str = "") -> Shell:
    """A colleague, with a diary of their own if a deal is named."""
    shell = Shell(capsys, one.journal.parent / name)
    if own:
        shell.deal(own, facts="自分の話")
    code = one.done("team", "invite", name, "--json").json["code"]
    shell.done("team", "join", code, "--yes", *options)
    return shell


def state_of(shell: Shell) -> Path:
    """Where drafts, and what became of syncs, are kept of a journal on this machine."""
    return Path(shell.done("path", "--json").json["state"])


def copied(shell: Shell, capsys, name: str) -> Shell:
    """The journal's folder, copied to another place or machine."""
    copy = Shell(capsys, shell.journal.parent / name)
    shutil.copytree(shell.journal, copy.journal)
    return copy


def cloned(shell: Shell, capsys, name: str) -> Shell:
    """The whole machine, its state folder too."""
    copy = copied(shell, capsys, name)
    shutil.copytree(state_of(shell), state_of(copy), dirs_exist_ok=True)
    return copy


def own_device(shell: Shell) -> str:
    """The name that a member's records have."""
    return next(row["device"] for row in shell.done("team", "status", "--json").json["devices"] if row["own"])


def says(shell: Shell) -> dict[str, object]:
    """What a member reads."""
    log = shell.done("log", "--json").json
    return {
        "log": [(entry["id"], entry["values"].get("facts", "")) for entry in log["entries"]],
        "deals": shell.done("deal", "list", "--json").out,
        "gap": shell.done("gap", "--json").out,
        "search": shell.done("search", "話", "--json").out,
    }


def opened(share: Path, key: bytes) -> str:
    """All that lies in the folder, decrypted as docs/carriers.md says."""
    texts = []
    for file in share.iterdir():
        content = file.read_bytes()
        end = content.index(b"\n", len(b"nippo-segment-1\n")) + 1
        nonce, sealed = content[end : end + 12], content[end + 12 :]
        texts.append(zlib.decompress(ChaCha20Poly1305(key).decrypt(nonce, sealed, content[:end])).decode())
    return "\n".join(texts)
