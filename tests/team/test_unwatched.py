"""Syncs that nobody starts and nobody waits for: behind a write, and behind the morning page."""

import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from members import joined
from shell import NOW, Answer, Shell

from nippo_cli.base import detached
from nippo_cli.base.locks import lock
from nippo_cli.base.places import Places
from nippo_cli.base.text import width
from nippo_cli.render.draw import Screen
from nippo_cli.services.context import Workspace
from nippo_cli.services.team import exchange, starting, syncing, turns
from nippo_cli.services.team.last_sync import LastSync, note_last, read_last


@pytest.fixture
def started(monkeypatch) -> list[list[str]]:
    """Syncs are on, and what would be started is written down."""
    monkeypatch.setenv("NIPPO_SYNC", "on")
    modules: list[list[str]] = []
    monkeypatch.setattr(starting, "start_python", lambda module, args: modules.append([module, *args]) or True)
    return modules


def state_of(shell: Shell) -> Path:
    """Where a journal's syncs leave what became of them."""
    return Path(shell.done("path", "--json").json["state"])


def test_a_write_of_a_team_and_the_morning_page_start_one(one, nippo, started):
    """What only reads starts none, nor what is only tried, nor a diary of no team."""
    one.deal("弁")
    assert len(started) == 1
    one()
    assert len(started) == 2
    for words in (("log",), ("deal", "list"), ("add", "弁", "--activity", "電話", "-m", "試し", "--dry-run")):
        one.done(*words)
    nippo.deal("ポンプ")
    nippo()
    assert len(started) == 2
    assert started[0][1:] == [str(one.db), str(one.schema), str(state_of(one))]


@pytest.mark.parametrize("said", ["off", "OFF", "0", "no"])
def test_scripts_may_switch_it_off(one, started, monkeypatch, said):
    """By an environment variable; what is written goes out with the next sync."""
    monkeypatch.setenv("NIPPO_SYNC", said)
    one.deal("弁")
    assert started == []
    assert one.done("sync", "--json").json["published"]


@pytest.mark.parametrize("said", ["disabled", "オフ"])
def test_a_word_that_is_neither_on_nor_off_is_taken_for_off_and_named(one, started, monkeypatch, said):
    """Who types it wants something other than what is usual."""
    monkeypatch.setenv("NIPPO_SYNC", said)
    answer = one.done("add", "ポンプ", "--activity", "電話", "-m", "話")
    assert started == []
    assert f"NIPPO_SYNC は on か off です（{said}）" in answer.err


def test_while_one_is_at_it_no_other_starts_and_the_one_goes_once_more(one, started, monkeypatch):
    """What was written meanwhile is not left behind."""
    state = state_of(one)
    monkeypatch.setattr(turns, "lock", lambda _handle, _at: False)
    one.deal("弁")
    assert started == []
    assert turns.is_asked(state)


def test_a_sync_in_a_process_of_its_own_ends_quietly_and_leaves_word(capsys, one, monkeypatch):
    """Really started: it outlives the command, takes in and publishes, and the morning page tells of it in a line, once."""
    two = joined(capsys, one, "鈴木")
    two.deal("弁")
    two.done("sync")
    state = state_of(one)
    before = read_last(state)
    monkeypatch.setenv("NIPPO_SYNC", "on")
    env = os.environ | {"NIPPO_NOW": NOW, "NIPPO_JOURNAL": str(one.journal), "NIPPO_LANG": "ja"}
    words = ["add", "ポンプ", "--activity", "電話", "-m", "電話の話"]
    wrote = subprocess.run(
        [sys.executable, "-m", "nippo_cli", *words], env=env, capture_output=True, encoding="utf-8", check=True
    )
    assert "チーム" not in wrote.stdout + wrote.stderr
    wait_until(lambda: read_last(state).taken > before.taken)
    monkeypatch.setenv("NIPPO_SYNC", "off")
    assert "仲間の記録が 3件届きました" in one().err
    assert "2026/11/23 に同期しました" in one().err
    two.done("sync")
    assert {fact for fact in facts(two) if fact} == {"見積の話", "話を聞いた", "電話の話"}


def test_add_loads_next_to_nothing_more_for_it(one, nippo, monkeypatch):
    """What a team costs each entry: who takes turns, and how a process is started; neither cryptography nor `subprocess`."""
    nippo.deal("ポンプ")
    more = loaded(one) - loaded(nippo)
    assert {name.partition(".")[0] for name in more} <= {"nippo_cli", "fcntl"}
    assert {name for name in more if name.startswith("nippo_cli.")} == {
        "nippo_cli.base.detached", "nippo_cli.base.locks", "nippo_cli.services.context.machine",
        "nippo_cli.services.team", "nippo_cli.services.team.starting",
        "nippo_cli.services.team.turns",
    }  # fmt: skip


def loaded(shell: Shell) -> set[str]:
    """The modules of an `add` that starts a sync."""
    program = (
        "import sys; sys.executable = ''\n"
        "from nippo_cli.cli.frame.main import main; assert main(sys.argv[1:]) == 0; sys.stderr.write('LOADED ' + ' '.join(sys.modules))"
    )
    env = os.environ | {"NIPPO_NOW": NOW, "NIPPO_JOURNAL": str(shell.journal), "NIPPO_LANG": "ja", "NIPPO_SYNC": "on"}
    words = ["add", "ポンプ", "--activity", "電話", "-m", "電話の話"]
    done = subprocess.run(
        [sys.executable, "-c", program, *words], env=env, capture_output=True, encoding="utf-8", check=True
    )
    return set(done.stderr.rpartition("LOADED ")[2].split())


def facts(shell: Shell) -> list[str]:
    """What entries say."""
    return [entry["values"].get("facts", "") for entry in shell.done("log", "--json").json["entries"]]


def wait_until(holds) -> None:
    """Until another process has done it; it fails where that takes a minute."""
    upto = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < upto
        time.sleep(0.05)


def test_the_process_has_no_part_in_the_terminal(tmp_path):
    """Its input is empty, its output nobody's; it leads a session of its own; no module of the folder stands in for Python's."""
    (tmp_path / "json.py").write_text("raise SystemExit(9)\n", encoding="utf-8")
    said = tmp_path / "said"
    code = (
        f"import os, sys, json; open({str(said)!r} + '.part', 'w').write(json.dumps("
        "[os.getsid(0) == os.getpid(), sys.stdin.read(), os.isatty(1), os.readlink('/proc/self/fd/1')]))"
        f"; os.rename({str(said)!r} + '.part', {str(said)!r})"
    )
    module = tmp_path / "nosuch.py"
    module.write_text(code, encoding="utf-8")
    here = Path.cwd()
    os.chdir(tmp_path)
    try:
        # A folder of modules is named to it; the current one is none of them.
        before = os.environ.get("PYTHONPATH")
        (tmp_path / "mods").mkdir()
        module.rename(tmp_path / "mods" / "nosuch.py")
        os.environ["PYTHONPATH"] = str(tmp_path / "mods")
        assert detached.start_python("nosuch", [])
        wait_until(said.exists)
    finally:
        os.chdir(here)
        os.environ.pop("PYTHONPATH") if before is None else os.environ.update(PYTHONPATH=before)
    assert json.loads(said.read_text(encoding="utf-8")) == [True, "", False, "/dev/null"]


def test_a_process_that_can_not_be_started_is_no_failure(one, monkeypatch):
    """The entry is written, and says nothing of it."""
    monkeypatch.setenv("NIPPO_SYNC", "on")
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    one.deal("弁")


def test_on_windows_it_has_no_console(monkeypatch):
    """As its flags say there."""
    seen = {}
    monkeypatch.setattr(subprocess, "Popen", lambda argv, **options: seen.update(options, argv=argv))
    detached._start_on_windows(["python", "-m", "nippo_cli"])
    assert seen["creationflags"] == 0x208
    assert {seen[name] for name in ("stdin", "stdout", "stderr")} == {subprocess.DEVNULL}


def test_what_arrived_is_told_later_where_the_line_says_what_is_wrong(one):
    """It counts as told only once it was."""
    state = state_of(one)
    last = read_last(state)
    last = last._replace(taken=last.taken + 3)
    note_last(state, last._replace(failed="ディスクがいっぱい"))
    assert "理由: nippo team status" in one().err
    assert "ディスクがいっぱい" in one.done("team", "status").out
    note_last(state, last)
    assert "仲間の記録が 3件届きました" in one().err
    assert "に同期しました" in one().err


def test_the_line_does_not_deny_what_the_page_tells(capsys, one, monkeypatch):
    """Whoever ran `nippo sync` was told what came, so the line says when that was, and the page what is new; where nothing is known
    of syncs, it says how much is here."""
    two = joined(capsys, one, "鈴木")
    (state_of(two) / "sync.json").unlink()
    assert two().err == "チーム: 手元に 6件\n"
    one.done("sync")
    watched(one, monkeypatch)
    monkeypatch.setenv("NIPPO_AUTHOR", "鈴木")
    two.deal("弁")
    two.done("sync")
    monkeypatch.setenv("NIPPO_AUTHOR", "佐藤")
    monkeypatch.setenv("NIPPO_NOW", "2026-11-24T09:00:00+09:00")
    one.done("sync")
    answer = watched(one, monkeypatch)
    assert "チーム: 2026/11/24 に同期しました" in answer.err
    assert "11/23(月)以降の同僚の新着  活動1件" in answer.out
    assert "Team: last synced on 24 Nov 2026" in one("--lang", "en").err


def test_what_came_late_from_a_new_machine_is_news(capsys, one, monkeypatch):
    """高橋 joined on Friday with a diary, and wrote; 佐藤 was on the road, looked on Monday, and is in reach on Tuesday. What the
    diary had before is none."""
    for now in ("2026-11-19", "2026-11-20"):
        monkeypatch.setenv("NIPPO_NOW", f"{now}T09:00:00+09:00")
        watched(one, monkeypatch)
    monkeypatch.setenv("NIPPO_AUTHOR", "高橋")
    monkeypatch.setenv("NIPPO_NOW", "2026-10-01T09:00:00+09:00")
    three = Shell(capsys, one.journal.parent / "three")
    three.deal("継手", facts="十月の話")
    monkeypatch.setenv("NIPPO_NOW", "2026-11-20T10:00:00+09:00")
    three.done("team", "join", one.done("team", "invite", "高橋", "--json").json["code"], "--yes")
    three.done("add", "継手", "--activity", "電話", "-m", "金曜の話")
    three.done("sync")
    monkeypatch.setenv("NIPPO_AUTHOR", "佐藤")
    monkeypatch.setenv("NIPPO_NOW", "2026-11-23T09:00:00+09:00")
    watched(one, monkeypatch)
    monkeypatch.setenv("NIPPO_NOW", "2026-11-24T09:00:00+09:00")
    one.done("sync")
    assert "11/23(月)以降の同僚の新着  活動1件" in watched(one, monkeypatch).out
    assert [entry["values"]["facts"] for entry in one.done("log", "--new", "--json").json["entries"]] == ["金曜の話"]


def watched(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> Answer:
    """The morning page at a terminal."""
    with monkeypatch.context() as inside:
        inside.setattr("nippo_cli.cli.frame.context.CliContext.screen", Screen(columns=80, terminal=True, limit=20))
        return shell.done()


def test_a_line_of_the_team_fits_a_narrow_terminal(one):
    """However long the reason is: `team status` has it, also where the records can be listed all the same."""
    state, why = state_of(one), "空きがありません " * 9
    last = read_last(state)
    at = "2026-11-18T00:00:00.000Z"
    for wrong in (
        last._replace(failed=why), last._replace(away=why, away_since=at, published=-12_345), last._replace(waits=12),
        last._replace(later=True), last._replace(at=at),
    ):  # fmt: skip
        note_last(state, wrong)
        for language in ("ja", "en"):
            [line] = one("--lang", language).err.splitlines()
            assert width(line) <= 80, line
        assert ("空きが" in one.done("team", "status").out) == bool(wrong.failed or wrong.away)


def test_since_when_nobody_is_reached_is_one_line(capsys, one, share, monkeypatch):
    """With how much is to go out; a month later it is the same day, and the next one that gets through ends it."""
    joined(capsys, one, "鈴木")
    one.done("sync")
    away = share.rename(share.with_name("away"))
    for now in ("2026-11-30T09:00:00+09:00", "2026-12-28T09:00:00+09:00"):
        monkeypatch.setenv("NIPPO_NOW", now)
        one.done("add", "ポンプ", "--activity", "電話", "-m", f"話 {now}")
        one.done("sync")
    [line] = [line for line in one().err.splitlines() if line.startswith("チーム")]
    assert "2026/11/30 から届きません" in line
    assert "送り待ち 2件" in line
    assert "out of reach since 30 Nov 2026" in one("--lang", "en").err
    status = one.done("team", "status", "--json").json
    assert (status["synced_on"], status["away_since"]) == ("2026-11-23", "2026-11-30")
    away.rename(share)
    one.done("sync")
    assert "届きません" not in one().err


def test_what_a_sync_left_can_be_anything(tmp_path):
    """A file that is cut or of a later version says nothing."""
    note_last(tmp_path, LastSync(at="x", taken=3))
    assert read_last(tmp_path) == LastSync(at="x", taken=3)
    for text in ("", "[]", "{", '{"taken":"3"}', '{"more":1}', "null"):
        (tmp_path / "sync.json").write_text(text, encoding="utf-8")
        assert read_last(tmp_path) == LastSync()


def test_a_lock_of_a_killed_process_holds_nobody_back(tmp_path):
    """It goes with the process."""
    code = (
        "import os, sys; from nippo_cli.base.locks import lock; "
        f"h = os.open({str(tmp_path / 'sync.lock')!r}, os.O_RDWR | os.O_CREAT); print(lock(h, 0), flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "True\n"
        with turns.turn(tmp_path) as alone:
            assert not alone
        other.kill()
        other.wait()
    with turns.turn(tmp_path) as alone:
        assert alone
    handle = os.open(tmp_path / "sync.lock", os.O_RDWR)
    assert lock(handle, 0)
    os.close(handle)


def test_what_goes_wrong_where_nobody_watches_is_told_later(one, monkeypatch):
    """Whatever it is; the next sync that works ends it."""

    def fail(*_args: object, **_options: object) -> None:
        raise OSError(5, "Input/output error")

    workspace = Workspace(Places(journal_db=one.db, schema=one.schema, state=state_of(one)), datetime.now(UTC))
    with monkeypatch.context() as patched:
        patched.setattr(exchange, "follow_schema", fail)
        syncing.sync_unwatched(workspace)
    [line] = [line for line in one().err.splitlines() if line.startswith("チーム")]
    assert "nippo team status" in line
    assert "Input/output error" in one.done("team", "status").out
    one.done("sync")
    assert "nippo team status" not in one().err
