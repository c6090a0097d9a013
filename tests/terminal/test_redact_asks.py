"""`nippo redact` at a terminal: the list first, then one question; anything but a yes erases nothing."""

import os
import sys
from pathlib import Path

import pytest

pexpect = pytest.importorskip("pexpect", reason="Windows has no pseudo-terminal")

NIPPO = str(Path(sys.executable).parent / "nippo")


def asked(journal: Path, answer: str) -> tuple[int, str]:
    """Run the command, answer its question, and read to its end: the exit code and all of the screen."""
    env = os.environ | {
        "NIPPO_NOW": "2026-11-23T18:00:00+09:00", "NIPPO_LANG": "ja", "TERM": "dumb", "LC_ALL": "C.UTF-8",
        "XDG_STATE_HOME": str(journal.parent / "state"),
    }  # fmt: skip
    child = pexpect.spawn(
        NIPPO, ["--journal", str(journal), "redact", "--person", "田中課長", "--why", "受付1号"], env=env, encoding="utf-8",
        timeout=60, dimensions=(50, 80),
    )  # fmt: skip
    child.expect_exact("[y/N]")
    before = child.before
    child.sendline(answer)
    after = child.read()
    return child.wait(), before + after


@pytest.mark.parametrize(("answer", "erased"), [("", False), ("n", False), ("はい", True), ("y", True)])
def test_the_list_comes_before_the_question(journal: Path, answer: str, erased: bool) -> None:
    """Which entry, what goes with it, and that it can't be undone; then the answer counts."""
    before = (journal / "journal.db").read_bytes()
    code, screen = asked(journal, answer)
    assert code == 0
    assert (
        screen.index("田中課長「装置が古い」")
        < screen.index("nippo undo では元に戻せません")
        < screen.index("消しますか")
    )
    assert ("1 件を消しました" in screen, "何も消しませんでした" in screen) == (erased, not erased)
    assert ((journal / "journal.db").read_bytes() == before) is not erased
    assert ("田中課長".encode() in (journal / "journal.db").read_bytes()) is not erased
