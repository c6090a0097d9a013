"""What goes wrong, as a person at a shell meets it: exit codes, two lines, their own language."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from shell import Shell

from nippo_cli.cli.frame import early_args as glance
from nippo_cli.cli.frame.main import main

USAGE = (
    ("nosuch",), ("deal", "nosuch"), ("--nosuch",), ("log", "--nosuch"), ("deal", "show"), ("deal", "show", "案件", "余分"),
    ("log", "--format"), ("log", "--format", "xml"), ("log", "--json", "--format", "csv"), ("log", "--limit", "x"),
    ("log", "--limit", "-1"), ("log", "-n", "x"), ("log", "--color", "blue"), ("log", "--since", "foo"),
    ("--as-of", "foo", "log"), ("gap", "nosuch"), ("gap", "--min-stay", "x"), ("gap", "--stage", "契約"), ("show", "abc"),
    ("edit", "3"), ("deal", "list", "--fate", "dead"), ("deal", "hold", "案件"), ("deal", "hold", "案件", "--until", "+7d"),
    ("deal", "hold", "案件", "--until", "foo", "--why", "x"), ("deal", "merge", "案件", "案件"), ("deal", "rename", "案件", " "),
    ("sales", "add", "--amount", "1"), ("sales", "add"), ("sales", "add", "--amount", "abc", "--customer", "A"),
    ("backup", "--keep", "0"), ("init",), ("init", "--template", "nosuch"), ("schema", "new", "x.yaml", "--template", "nosuch"),
    ("--journal", "", "log"), ("log", "-o", "/nosuch/folder/x"), ("search",),
)  # fmt: skip


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("argv", USAGE, ids=" ".join)
def test_a_bad_value_is_exit_2_in_two_lines(kept: Shell, monkeypatch, language, argv):
    """An error and a hint, in the language asked for; stdout is empty, no file changes."""
    monkeypatch.setenv("NIPPO_LANG", language)
    before = kept.db.read_bytes()
    answer = kept(*argv)
    assert (answer.code, answer.out) == (2, "")
    error, hint = {"ja": ("エラー: ", "ヒント: "), "en": ("error: ", "hint: ")}[language]
    lines = answer.err.splitlines()
    assert lines[0].startswith(error)
    assert sum(line.startswith(hint) for line in lines) == 1
    assert "Traceback" not in answer.err
    assert "cli." not in answer.err
    assert "desk." not in answer.err
    assert kept.db.read_bytes() == before


@pytest.mark.parametrize(
    "argv", [("import", "x.csv"), ("import", "x.csv", "--map", "m.yaml"), ("add", "--from-file", "x.csv")]
)
def test_a_file_that_is_not_there_is_exit_4(kept: Shell, argv):
    """By its name; without a map, too."""
    answer = kept(*argv)
    assert (answer.code, answer.out) == (4, "")
    assert argv[-1] in answer.err


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize(("argv", "meant"), [
    (("lgo",), "nippo log"), (("deal", "lst"), "nippo deal list"), (("log", "--jsn"), "--json"),
    (("add", "案件", "--activty", "電話"), "--activity"), (("gap", "--min-sty", "3"), "--min-stay"), (("dael", "list"), "nippo deal"),
])  # fmt: skip
def test_a_slip_of_the_keyboard_gets_a_did_you_mean(kept: Shell, monkeypatch, language, argv, meant):
    """Of a command, a command of a group, an option, and a field of the schema."""
    monkeypatch.setenv("NIPPO_LANG", language)
    answer = kept(*argv)
    assert answer.code == 2
    assert meant in answer.err.splitlines()[-1]
    assert ("もしかして" if language == "ja" else "did you mean") in answer.err


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_command_within_a_hint_can_be_typed_as_it_stands(kept: Shell, monkeypatch, language):
    """With the journal that was named by option: without it, it would look at another. How a command is spelled needs none."""
    monkeypatch.setenv("NIPPO_LANG", language)
    here = f"nippo --journal {kept.journal}"
    kept.db.write_bytes(b"x" * 5000)
    assert f"{here} path" in kept("log").err
    assert str(kept.journal) not in kept("lgo").err
    monkeypatch.setenv("NIPPO_JOURNAL", str(kept.journal))
    hint = kept.bare("log").err
    assert "nippo path" in hint
    assert "--journal /" not in hint


def test_what_was_typed_and_what_is_allowed_are_named(kept: Shell):
    """As a bad `--format`."""
    assert "xml" in kept("log", "--format", "xml").err
    assert "table, json, jsonl, csv, md" in kept("log", "--format", "xml").err


def test_an_unknown_language_names_those_spoken(kept: Shell):
    """Said in the locale's, since the one asked for is not known."""
    answer = kept("--lang", "fr", "log")
    assert (answer.code, answer.out) == (2, "")
    assert "ja, en" in answer.err


def test_a_text_that_is_too_long_is_not_told_whole(kept: Shell):
    """Its beginning is enough to know it again."""
    answer = kept("add", "案件", "--activity", "電話", "-m", "長" * 5000)
    assert answer.code == 3
    assert 20 < answer.err.count("長") < 60


def test_each_kind_of_failure_has_its_exit_code(kept: Shell):
    """0 done, also with nothing found; 2 usage; 3 the schema; 4 not there; 5 the journal; 10 a gap was found."""
    assert kept("search", "どこにもない").code == 0
    assert kept("gap", "stalled", "--exit-code").code == 0
    assert kept("log", "--nosuch").code == 2
    assert kept("add", "案件", "--activity", "散歩", "-m", "x").code == 3
    assert kept("show", "99").code == 4
    assert kept("gap", "--exit-code", "--as-of", "2027-03-01").code == 10
    assert kept("gap", "--as-of", "2027-03-01").code == 0
    kept.db.write_bytes(b"x")
    assert kept("log").code == 5


def test_a_fault_of_nippos_own_is_exit_1_without_a_traceback(kept: Shell, monkeypatch):
    """What it was, and how to see more; with `--debug` the exception itself."""
    monkeypatch.setattr("nippo_cli.services.pages.log.log", lambda *_a, **_k: 1 // 0)
    answer = kept("log")
    assert answer.code == 1
    assert "ZeroDivisionError" in answer.err
    assert "--debug" in answer.err
    assert "Traceback" not in answer.err
    with pytest.raises(ZeroDivisionError):
        main(["--journal", str(kept.journal), "log", "--debug"])


@pytest.mark.parametrize(
    ("lang", "why"), [("ja", "（ファイルかフォルダーがありません）"), ("en", "(no such file or folder)")]
)
def test_what_the_system_refuses_is_said_in_the_users_language(kept: Shell, lang: str, why: str):
    """Not `No such file or directory` on a Japanese screen."""
    answer = kept("--lang", lang, "log", "-o", "none/log.md")
    assert (answer.code, why in answer.err) == (2, True), answer.err


@pytest.mark.parametrize(
    ("argv", "shown"),
    [
        (("team", "join", "nippo1-WyJmb2xkZXI6L3NoYXJlIiwgImExYjIiXQ"), "nippo team join CODE --debug"),
        (
            ("team", "begin", "postgresql://sato:geheim@db/nippo#7.a1b2"),
            "nippo team begin postgresql://sato@db/nippo --debug",
        ),
        (("log", "--deal", "nippo1"), "nippo log --deal nippo1 --debug"),
    ],
)
def test_no_secret_stands_in_the_command_that_a_fault_asks_for(nippo: Shell, monkeypatch, argv, shown):
    """An invitation's code carries the team's key, an address a password: who copies the hint into a mail gives away neither."""
    monkeypatch.setattr("nippo_cli.cli.frame.app.root", lambda: 1 // 0)
    answer = nippo.bare(*argv)
    assert answer.code == 1
    assert shown in answer.err
    assert "geheim" not in answer.err
    assert "WyJ" not in answer.err


def test_debug_shows_where_an_error_was_raised(kept: Shell):
    """`--debug` is the one way to a traceback."""
    done = subprocess.run(
        [Path(sys.executable).parent / "nippo", "--journal", str(kept.journal), "show", "99", "--debug"],
        capture_output=True, text=True, encoding="utf-8", check=False, env=os.environ | {"NIPPO_LANG": "ja"},
    )  # fmt: skip
    assert done.returncode != 0
    assert "Traceback" in done.stderr


@pytest.mark.parametrize("reader", ["head -c 10", "true", "sleep 0.01"])
def test_a_reader_that_goes_away_is_no_error(kept: Shell, reader: str):
    """`nippo log | head -0`: exit 0, nothing on stderr; also where the reader is gone before anything is written."""
    for n in range(25):
        kept.done("add", "案件", "--activity", "電話", "-m", f"{n % 10}" * 3000)
    command = f'"{Path(sys.executable).parent / "nippo"}" --journal "{kept.journal}" log --json | {reader}; exit ${{PIPESTATUS[0]}}'
    done = subprocess.run(["bash", "-c", command], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_an_interrupt_is_130(kept: Shell, monkeypatch):
    """Ctrl-C ends a command with nothing but its code."""

    def stop(*_args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(glance, "early_args", stop)
    assert kept("log").code == 130


def test_now_must_be_a_time_with_its_offset(kept: Shell, monkeypatch):
    """A clock that can't be read is said, not guessed."""
    for said in ("yesterday", "2026-11-23", "2026-11-23T18:00:00"):
        monkeypatch.setenv("NIPPO_NOW", said)
        answer = kept("log")
        assert answer.code == 2
        assert said in answer.err


@pytest.mark.parametrize(("language", "place"), [("ja", "コマンドの後ろに"), ("en", "behind the whole command")])
def test_an_option_between_a_groups_name_and_the_command_is_told_its_place(kept: Shell, monkeypatch, language, place):
    """An option that no command takes is told none."""
    monkeypatch.setenv("NIPPO_LANG", language)
    hint = kept("deal", "--json", "list").err.splitlines()[1]
    assert place in hint
    assert hint.endswith(" deal … --json")
    assert "…" not in kept("deal", "--nosuch", "list").err
