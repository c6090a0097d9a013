"""The sweep on a real terminal: a key each, every answer written before the next deal is asked about."""

import json
import os
import sys
from pathlib import Path

import forked
import pytest

pexpect = pytest.importorskip("pexpect", reason="Windows has no pseudo-terminal")

NIPPO = [sys.executable, "-c", "from nippo_cli.cli.frame.main import run; run()"]
THEN, NOW = "2026-09-01T09:00:00+09:00", "2026-11-24T09:00:00+09:00"
KEYS = {"ja": "やめる >", "en": "quit >"}


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    """Three deals that have stood still since September."""
    journal = tmp_path / "journal"
    for n, name in enumerate(("甲の件", "乙の件", "丙の件")):
        nippo(journal, THEN, "add", name, "--new-deal", "--customer", f"顧客{n}", "--activity", "電話", "--stage", "ヒアリング",
              "--amount", f"{3 - n}00万", "--next-step", "見積", "--next-on", "2026-09-10", "-m", "話した")  # fmt: skip
    return journal


def env_of(journal: Path, now: str, lang: str = "ja") -> dict[str, str]:
    """What nippo runs in: with the buffers that a person's has."""
    return os.environ | {
        "NIPPO_JOURNAL": str(journal), "NIPPO_NOW": now, "NIPPO_LANG": lang, "TERM": "xterm", "LC_ALL": "C.UTF-8", "NO_COLOR": "1",
        "XDG_STATE_HOME": str(journal.parent / "state"), "PYTHONUNBUFFERED": "",
    }  # fmt: skip


def nippo(journal: Path, now: str, *argv: str) -> str:
    """A command without a terminal."""
    done = forked.run([*NIPPO, *argv], env=env_of(journal, now), check=True, capture_output=True)
    return done.stdout.decode()


def deal(journal: Path, name: str) -> dict[str, object]:
    """A deal as it stands."""
    return dict(json.loads(nippo(journal, NOW, "deal", "show", name, "--json")))


def begin(
    journal: Path, lang: str = "ja", rows: int = 24, columns: int = 80, more: tuple[str, ...] = ()
) -> "pexpect.spawn":
    """The sweep, up to its first question."""
    child = forked.spawn(
        NIPPO[0],
        [*NIPPO[1:], "sweep", *more],
        env=env_of(journal, NOW, lang),
        encoding="utf-8",
        timeout=30,
        dimensions=(rows, columns),
    )
    child.expect_exact(KEYS[lang])
    return child


def test_each_key_writes_what_it_says(journal: Path):
    """Go on with a next step, hold with a reason, lost with its reason; a wrong date is asked for again."""
    child = begin(journal)
    child.send("g")
    child.sendline("来週訪ねる")
    child.sendline("いつか")
    child.expect_exact("いつか」を読み取れません")
    child.sendline("来週火曜")
    child.expect_exact(KEYS["ja"])
    child.send("ｈ")
    child.sendline("月末")
    child.sendline("予算審議")
    child.expect_exact(KEYS["ja"])
    child.send("l")
    child.expect_exact("価格")
    child.sendline("価")
    child.expect_exact("残り 0")
    child.expect(pexpect.EOF)
    first, second, third = (deal(journal, name) for name in ("甲の件", "乙の件", "丙の件"))
    assert (first["next_step"], first["next_on"], first["silence_days"]) == ("来週訪ねる", "2026-12-01", 84)
    assert (second["on_hold"]["last"], second["on_hold"]["why"]) == ("2026-11-30", "予算審議")
    assert (third["outcome"], third["entries"][-1]["values"]["lost_reason"]) == ("lost", "price")


@pytest.mark.parametrize("typed", [
    "g来週訪ねる\n来週火曜\nh月末\n予算審議\nl価\n", "x?g来週訪ねる\n来週火曜\nz\x1b[Bh月末\n予算審議\n\x1bOAl価\n",
], ids=["right keys", "wrong keys between"])  # fmt: skip
def test_nothing_that_is_typed_ahead_is_lost(journal: Path, typed: str):
    """All answers at once, while the first key is waited for: no buffer and no wrong key, an arrow too, takes others with it."""
    child = begin(journal)
    child.send(typed)
    child.expect_exact("残り 0")
    child.expect(pexpect.EOF)
    assert deal(journal, "甲の件")["next_step"] == "来週訪ねる"
    assert deal(journal, "乙の件")["on_hold"]
    assert deal(journal, "丙の件")["outcome"] == "lost"


def test_later_and_stop_write_nothing(journal: Path):
    """Those not decided are asked about the next time; what was answered before stands."""
    before = nippo(journal, NOW, "sweep", "--json")
    child = begin(journal)
    child.send("x")
    child.send("s")
    child.expect_exact(KEYS["ja"])
    child.send("q")
    child.expect_exact("残り 3")
    child.expect(pexpect.EOF)
    assert nippo(journal, NOW, "sweep", "--json") == before


@pytest.mark.parametrize("end", ["\x03", "\x04"], ids=["Ctrl-C", "Ctrl-D"])
def test_a_person_may_stop_in_the_middle_of_an_answer(journal: Path, end):
    """What was answered before is on disk; the half answer is not."""
    child = begin(journal)
    child.send("h")
    child.sendline("月末")
    child.sendline("予算審議")
    child.expect_exact(KEYS["ja"])
    child.send("g")
    child.expect_exact("次の一手")
    child.send(end)
    child.expect_exact("残り 2")
    child.expect(pexpect.EOF)
    assert deal(journal, "甲の件")["on_hold"]
    assert deal(journal, "乙の件")["next_step"] == "見積"


def test_nothing_typed_leads_back_to_the_keys(journal: Path):
    """An answer begun by mistake."""
    child = begin(journal)
    child.send("g")
    child.sendline("")
    child.expect_exact(KEYS["ja"])
    child.send("l")
    child.sendline("")
    child.expect_exact(KEYS["ja"])
    child.send("q")
    child.expect(pexpect.EOF)


@pytest.mark.parametrize(("rows", "columns"), [(24, 80), (40, 120)])
@pytest.mark.parametrize("lang", ["ja", "en"])
def test_a_deal_is_asked_about_in_three_rows(journal: Path, lang, rows, columns):
    """Its name and why; its line; its silence and what was to come. None is wider than the screen."""
    from nippo_cli.base.text import width

    child = begin(journal, lang, rows, columns)
    shown = [row for row in child.before.replace("\r", "").split("\n") if row.strip()]
    assert "甲の件" in shown[0]
    assert "[" in shown[-3] or "[" in shown[-2] or "[" in shown[1]
    assert max(width(row) for row in shown) <= columns
    child.send("q")
    child.expect(pexpect.EOF)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no disk that is always full")
def test_a_deal_whose_answer_cannot_be_written_is_not_asked_about_again(journal: Path):
    """It is recorded, and answered once more it would be twice: the sweep ends and says so."""
    child = begin(journal, more=("-o", "/dev/full"))
    child.send("g")
    child.sendline("来週訪ねる")
    child.sendline("来週火曜")
    child.expect_exact("日報への記録なら済んでいます")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 1
    assert deal(journal, "甲の件")["next_step"] == "来週訪ねる"
