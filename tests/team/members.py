"""Members of a team over a shared folder, as tests meet them."""

import shutil
import zlib
from collections.abc import Collection
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from shell import Shell

from nippo_cli.base.ids import slot_named
from nippo_cli.journal.log import store
from nippo_cli.services.team import membership


def joined(capsys, one: Shell, name: str, *options: str, own: str = "") -> Shell:
    """A colleague, with a diary of their own if a deal is named."""
    shell = Shell(capsys, one.journal.parent / name)
    if own:
        shell.deal(own, facts="自分の話")
    code = one.done("team", "invite", name, "--json").json["code"]
    shell.done("team", "join", code, "--yes", *options)
    return shell


def draw_names(monkeypatch, *names: str) -> None:
    """Let devices that are begun draw these names, one after another, and then any."""
    drawn, draw = iter(names), store.draw_slot

    def next_name(taken: Collection[int]) -> int:
        return slot_named(next(drawn, "")) or draw(taken)

    for module in (store, membership):
        monkeypatch.setattr(module, "draw_slot", next_name)


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


def add(shell: Shell, text: str) -> None:
    """A call about the pump."""
    shell.done("add", "ポンプ", "--activity", "電話", "-m", text)


def in_step(*shells: Shell) -> set[str]:
    """They sync until all is everywhere, say the same, and nobody waits: the words of all entries."""
    for _ in range(2):
        for shell in shells:
            assert shell.done("sync", "--json").json["unreachable"] is None
    for shell in shells:
        assert shell.done("sync", "--json").json["waiting"] == []
        assert says(shell) == says(shells[0])
    return {text for _, text in says(shells[0])["log"]}


def opened(share: Path, key: bytes) -> str:
    """All that lies in the folder, decrypted as docs/carriers.md says."""
    texts = []
    for file in share.iterdir():
        content = file.read_bytes()
        end = content.index(b"\n", len(b"nippo-segment-1\n")) + 1
        nonce, sealed = content[end : end + 12], content[end + 12 :]
        texts.append(zlib.decompress(ChaCha20Poly1305(key).decrypt(nonce, sealed, content[:end])).decode())
    return "\n".join(texts)
