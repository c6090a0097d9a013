"""What members wrote without knowing of each other, on a real terminal: a key each, every answer written before the next is asked."""

import io
import json
import os
import shutil
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from unittest.mock import patch

import forked
import pytest

from nippo_cli.cli.frame.main import main

pexpect = pytest.importorskip("pexpect", reason="Windows has no pseudo-terminal")

NIPPO = [sys.executable, "-c", "from nippo_cli.cli.frame.main import run; run()"]
NOW = "2026-11-24T09:00:00+09:00"
KEYS = {"ja": "終わる", "en": "q ends"}


def env_of(folder: Path, who: str, lang: str = "ja") -> dict[str, str]:
    """What a member's nippo runs in."""
    return os.environ | {
        "NIPPO_JOURNAL": str(folder / who), "NIPPO_NOW": NOW, "NIPPO_LANG": lang, "TERM": "xterm", "LC_ALL": "C.UTF-8",
        "NO_COLOR": "1", "XDG_STATE_HOME": str(folder / "state"), "NIPPO_AUTHOR": who, "NIPPO_SYNC": "off",
    }  # fmt: skip


def nippo(folder: Path, who: str, *argv: str) -> str:
    """A command without a terminal, in this process."""
    out, err = io.StringIO(), io.StringIO()
    with patch.dict(os.environ, env_of(folder, who)), redirect_stdout(out), redirect_stderr(err):
        assert main(argv) == 0, err.getvalue()
    return out.getvalue()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the team, which knows its own paths, and beside it how all is to begin."""
    folder = tmp_path_factory.mktemp("settle") / "team"
    folder.mkdir()
    disagree(folder)
    shutil.copytree(folder, folder.with_name("begun"))
    return folder


@pytest.fixture
def team(made: Path) -> Path:
    """佐藤 and 鈴木, who have not settled anything yet."""
    shutil.rmtree(made)
    return Path(shutil.copytree(made.with_name("begun"), made))


def disagree(folder: Path) -> None:
    """佐藤 and 鈴木 corrected the amount and the facts of one entry, and began one deal twice."""
    (folder / "share").mkdir()
    first = (
        "--activity",
        "電話",
        "--stage",
        "ヒアリング",
        "--customer",
        "雲雀工業",
        "--next-step",
        "見積",
        "--next-on",
        "+7d",
    )
    said = nippo(folder, "佐藤", "add", "ポンプ", "--new-deal", *first, "-m", "話した", "--json")
    nippo(folder, "佐藤", "team", "begin", f"folder:{folder / 'share'}", "--yes")
    code = json.loads(nippo(folder, "佐藤", "team", "invite", "鈴木", "--json"))["code"]
    nippo(folder, "鈴木", "team", "join", code)
    number = json.loads(said)["entry"]["id"].rpartition("-")[2]
    entry = json.loads(nippo(folder, "佐藤", "show", number, "--json"))["id"]
    for who, amount, facts in (("佐藤", "500万", "仕様を聞いた"), ("鈴木", "550万", "納期を聞いた")):
        nippo(folder, who, "edit", entry, "--amount", amount, "-m", facts)
        nippo(folder, who, "add", "バルブ", "--new-deal", *first, "-m", f"{who}の話")
    for who in ("佐藤", "鈴木", "佐藤"):
        nippo(folder, who, "sync")


def begin(folder: Path, who: str, lang: str) -> "pexpect.spawn":
    """Up to its first question."""
    return forked.spawn(
        NIPPO[0], [*NIPPO[1:], "team", "settle"], env=env_of(folder, who, lang), encoding="utf-8", timeout=60, dimensions=(24, 80),
    )  # fmt: skip


def test_each_key_writes_what_it_says(team: Path):
    """One's own, both, the other's deal: each is told at once, and nothing is left to ask. The other one says the same."""
    child = begin(team, "鈴木", "ja")
    for key, said in (("m", "5,500,000円」を残しました"), ("ｂ", "両方を残しました"), ("t", "バルブ」は")):
        child.expect_exact(KEYS["ja"])
        child.send(key)
        child.expect_exact(said)
    child.expect_exact("3件を決めました。残り 0件")
    child.expect(pexpect.EOF)
    for who in ("鈴木", "佐藤"):
        nippo(team, who, "sync")
        assert json.loads(nippo(team, who, "team", "settle", "--json"))["conflicts"] == []
    log = json.loads(nippo(team, "佐藤", "log", "--json"))["entries"]
    [entry] = [one for one in log if one["deal"]["name"] == "ポンプ"]
    assert entry["values"]["amount"] == 5_500_000
    assert set(entry["values"]["facts"].split(" / ")) == {"仕様を聞いた", "納期を聞いた"}
    assert {one["values"]["facts"] for one in log} > {"佐藤の話", "鈴木の話"}


@pytest.mark.parametrize(("lang", "left"), [("ja", "0件を決めました。残り 3件"), ("en", "0 settled, 3 left")])
def test_what_is_put_off_is_asked_again(team: Path, lang: str, left: str):
    """`s` leaves one, `q` the rest. No line is wider than the screen."""
    child = begin(team, "佐藤", lang)
    child.expect_exact(KEYS[lang])
    shown = child.before
    child.send("s")
    child.expect_exact(KEYS[lang])
    shown += child.before
    child.send("q")
    child.expect_exact(left)
    child.expect(pexpect.EOF)
    from nippo_cli.base.text import width

    assert max(width(line) for line in shown.splitlines()) <= 80
    assert {"鈴木"} & set(shown.replace("さん", " ").replace("'", " ").split())


@pytest.mark.parametrize("keys", ["\x03", "\x03\x03", "\x04"], ids=["Ctrl-C", "Ctrl-C twice", "Ctrl-D"])
def test_who_stops_has_written_what_was_answered(team: Path, keys: str):
    """One answer, then Ctrl-C: that one stands, two are left, and it says so."""
    child = begin(team, "佐藤", "ja")
    child.expect_exact(KEYS["ja"])
    child.send("m")
    child.expect_exact(KEYS["ja"])
    child.send(keys)
    child.expect_exact("1件を決めました。残り 2件")
    child.expect(pexpect.EOF)
    child.wait()
    assert child.exitstatus == 0
    assert len(json.loads(nippo(team, "佐藤", "team", "settle", "--json"))["conflicts"]) == 2


@pytest.mark.parametrize("stdin", ["</dev/null", "<&-"])
def test_where_nobody_can_be_asked_it_says_so(team: Path, stdin: str):
    """In a script it names the option that answers, and settles nothing."""
    script = f'"$0" "$@" {stdin}'
    done = subprocess.run(
        ["sh", "-c", script, *NIPPO, "team", "settle"], env=env_of(team, "佐藤"), check=False, capture_output=True, text=True,
        encoding="utf-8",
    )  # fmt: skip
    assert (done.returncode, "--keep" in done.stderr) == (2, True), done.stderr
    assert len(json.loads(nippo(team, "佐藤", "team", "settle", "--json"))["conflicts"]) == 3
