"""Every command on an English diary and an English screen: not one Japanese letter."""

import io
import os
import re
import shutil
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from scripted import Scripted

from nippo_cli.cli.add import asking, start
from nippo_cli.cli.commands import edit
from nippo_cli.cli.frame.grammar import MODULES
from nippo_cli.cli.frame.main import main

JAPANESE = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]")
PAGES = [
    (), ("gap",), ("gap", "--since", "1y"), ("gap", "--by", "owner"), ("landing",), *(("gap", kind) for kind in (
        "stalled", "mirage", "fizzled", "broken", "next", "aftercare", "unlinked", "promises", "activity")),
    ("steps",), ("steps", "--by", "month"), ("deal", "list"), ("deal", "list", "--summary"),
    ("deal", "show", "Hibari palletizer"), ("deal", "timeline", "Hibari palletizer", "Narusawa visual inspection machine"),
    ("deal", "precedents", "Hibari palletizer"), ("deal", "story", "Sasakura carrier robots"),
    ("lessons",), *(("lessons", kind) for kind in ("lost", "fates", "contrast", "confidence", "words", "cases")),
    ("customer",), ("customer", "Hibari Confectionery Co., Ltd."), ("prep", "Hibari Confectionery"), ("log", "--limit", "60"),
    ("log", "--week"), ("show", "918", "--history"), ("search", "approval"), ("sales", "list"), ("target", "list"), ("day",), ("comment",),
    ("schema", "show"),    ("doctor",), ("path",), ("draft", "list"), ("add", "--help"), ("--help",),
]  # fmt: skip


@pytest.fixture(scope="module")
def english(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The English diary of `nippo demo`."""
    folder = tmp_path_factory.mktemp("english") / "journal"
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        patch.setenv("NIPPO_NOW", "2026-11-23T18:00:00+09:00")
        assert main(["demo", "--lang", "en", "--keep", str(folder)]) == 0
    return folder


@pytest.mark.parametrize("page", PAGES, ids=" ".join)
def test_no_japanese_letter_stands_on_an_english_screen(english: Path, page: tuple[str, ...], monkeypatch, capsys):
    """Neither in what the team wrote nor in what nippo says of it."""
    monkeypatch.setenv("NIPPO_NOW", "2026-11-23T18:00:00+09:00")
    monkeypatch.setenv("NIPPO_LANG", "en")
    main(["--journal", str(english), *page])
    answer = capsys.readouterr()
    assert answer.out.strip()
    assert [row for row in (answer.out + answer.err).split("\n") if JAPANESE.search(row)] == []


DEAL, CUSTOMER = "Hibari palletizer", "Hibari Confectionery Co., Ltd."
ENTRY = (
    DEAL,
    "--activity",
    "call",
    "-m",
    "The board decides in March.",
    "--next-step",
    "Call again",
    "--next-on",
    "+7d",
)
LEDGER = "Date,Customer,Amount,No\n2026-11-02,Aoba Works,120000,A-1\n2026-11-03,,5,A-2\n"
SALES_MAP = "source: books\non: Date\ncustomer: Customer\namount: Amount\nkey: No\n"
# One run or more of each command beside the pages above: what it does, and how it refuses.
RUNS = {
    "init": [("init",)],
    "add": [
        ("add", *ENTRY),
        ("add", DEAL, "--activity", "visit"),
        ("add", "--resume", "--later"),
        ("add", "Nowhere", "-m", "x"),
    ],
    "edit": [("edit", "918", "--amount", "1m"), ("edit", "918", "--amount", "many"), ("edit", "99999", "-m", "x")],
    "undo": [("undo",), ("undo", "99999")],
    "show": [("show", "918"), ("show", "x")],
    "log": [("log", "918"), ("log", "--month"), ("log", "--incomplete"), ("log", "--on", "someday")],
    "search": [("search", "palletizer"), ("search", "-the")],
    "customer": [("customer", "--near"), ("customer", "--silent", "90d"), ("customer", "Nobody")],
    "customer rename": [("customer", "rename", CUSTOMER, "Hibari Foods"), ("customer", "rename", "Nobody", "x")],
    "customer merge": [("customer", "merge", CUSTOMER, "Nobody")],
    "customer alias": [("customer", "alias", CUSTOMER, "Hibari")],
    "customer revisit": [
        ("customer", "revisit", CUSTOMER, "--on", "2027-04-01"),
        ("customer", "revisit", CUSTOMER, "--on", "2020-01-01"),
    ],
    "customer people": [("customer", "people"), ("customer", "people", CUSTOMER), ("customer", "people", "--near")],
    "gap": [("gap", "revisit"), ("gap", "--compare"), ("gap", "sideways")],
    "landing": [("landing", "--by", "owner"), ("landing", "--basis", "sale"), ("landing", "--month", "--quarter")],
    "landing say": [("landing", "say", "2026-12", "5m"), ("landing", "say", "2026-12", "-1")],
    "day": [("day", "-m", "A quiet day."), ("day", "--off", "2026-11-24"), ("day", "--until", "2026-11-24")],
    "comment": [("comment", "918", "-m", "Who decides?"), ("comment", "918"), ("comment", "nobody", "-m", "x")],
    "prep": [("prep", CUSTOMER), ("prep", "Nobody")],
    "sweep": [("sweep", "--list"), ("sweep",)],
    "steps": [("steps", "--by", "source"), ("steps", "--deals", "quote:back"), ("steps", "--deals", "quote:up")],
    "lessons": [("lessons", "lost", "--deals"), ("lessons", "weather")],
    "import": [("import", "ledger.csv"), ("import", "nothing.csv")],
    "export": [("export", "out"), ("export",)],
    "follow": [("follow", DEAL), ("follow", "Nobody"), ("follow",)],
    "report": [("report", "-o", "monday.html"), ("report", "--since", "someday")],
    "form new": [("form", "new", "daily.xlsx"), ("form", "new", "daily.txt")],
    "form check": [("form", "new", "daily.xlsx"), ("form", "check", "daily.xlsx"), ("form", "check", "nothing.xlsx")],
    "form marks": [("form", "marks"), ("form", "marks", "--json")],
    "team host": [("team", "host"), ("team", "host", "nowhere")],
    "team leave": [("team", "leave"), ("team", "leave", "--dry-run")],
    "team revoke": [("team", "revoke", "Fujii"), ("team", "revoke")],
    "team move": [("team", "move", "folder:elsewhere"), ("team", "move")],
    "team begin": [("team", "begin", "shared"), ("team", "begin")],
    "team invite": [("team", "invite", "Fujii"), ("team", "invite")],
    "team join": [("team", "join", "nothing.txt"), ("team", "join")],
    "team status": [("team", "status")],
    "team settle": [("team", "settle"), ("team", "settle", "3"), ("team", "settle", "3", "--keep", "mine")],
    "sync": [("sync",), ("sync", "--verbose")],
    "tidy": [("tidy",)],
    "doctor": [("doctor", "--rebuild"), ("doctor", "--rebuild", "--rescue", "new")],
    "backup": [("backup", "--to", "copies")],
    "restore": [("restore", "nothing.db")],
    "redact": [("redact", "--customer", CUSTOMER, "--dry-run"), ("redact",)],
    "path": [("path",)],
    "demo": [("demo", "--keep", "out")],
    "draft list": [("add", DEAL, "-m", "half a report", "--activity", "visit"), ("draft", "list")],
    "draft resume": [("draft", "resume"), ("draft", "resume", "9")],
    "draft drop": [("draft", "drop"), ("draft", "drop", "--all")],
    "deal list": [("deal", "list", "--all", "--limit", "0"), ("deal", "list", "--fate", "x")],
    "deal show": [("deal", "show", DEAL), ("deal", "show", "palletizer")],
    "deal timeline": [("deal", "timeline", DEAL, "--align")],
    "deal precedents": [("deal", "precedents", DEAL)],
    "deal story": [("deal", "story", DEAL)],
    "deal rename": [("deal", "rename", DEAL, "Hibari palletizer 2"), ("deal", "rename", DEAL, "")],
    "deal merge": [("deal", "merge", DEAL, DEAL)],
    "deal assign": [("deal", "assign", DEAL, "Ono")],
    "deal hold": [("deal", "hold", DEAL, "--until", "2027-02-28", "--why", "next budget"), ("deal", "hold", DEAL)],
    "deal review": [
        ("deal", "review", DEAL, "-m", "x", "--known", "asked"),
        ("deal", "review", "Sasakura carrier robots", "-m", "x"),
    ],
    "sales add": [("sales", "add", "100000", "--customer", CUSTOMER), ("sales", "add", "100000")],
    "sales import": [("sales", "import", "ledger.csv", "--map", "sales.yaml"), ("sales", "import", "nothing.csv")],
    "sales list": [("sales", "list", "--unmatched"), ("sales", "list", "--advances")],
    "sales match": [("sales", "match"), ("sales", "match", "1")],
    "sales retract": [("sales", "retract", "99999")],
    "target set": [("target", "set", "Ono", "2026-12", "3m"), ("target", "set", "Ono")],
    "target import": [("target", "import", "ledger.csv")],
    "target list": [("target", "list")],
    "schema show": [("schema", "show")],
    "schema check": [("schema", "check"), ("schema", "check", "ledger.csv")],
    "schema edit": [("schema", "edit", "Quote", "--norm", "20"), ("schema", "edit", "Nowhere")],
    "schema new": [("schema", "new", "new.yaml", "--template", "english")],
    "schema restore": [("schema", "restore")],
    "schema json-schema": [("schema", "json-schema")],
    "help": [("help",), ("help", "all"), ("help", "nowhere")],
}


def test_every_command_is_run_in_english():
    """None is left out of the two tests below."""
    assert set(RUNS) == set(MODULES)


@pytest.mark.parametrize("command", MODULES)
def test_no_japanese_letter_stands_where_a_command_answers_or_refuses(
    english: Path, command: str, tmp_path: Path, monkeypatch, capsys
):
    """On a copy of the English diary: its help, what it does, how it says no."""
    shutil.copytree(english, tmp_path / "journal")
    (tmp_path / "ledger.csv").write_text(LEDGER, encoding="utf-8")
    (tmp_path / "sales.yaml").write_text(SALES_MAP, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NIPPO_NOW", "2026-11-23T18:00:00+09:00")
    monkeypatch.setenv("NIPPO_LANG", "en")
    monkeypatch.setenv("NIPPO_AUTHOR", "Ono")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    for run in [(*command.split(), "--help"), *RUNS[command]]:
        main(["--journal", str(tmp_path / "journal"), *run])
        answer = capsys.readouterr()
        assert answer.out.strip() or answer.err.strip(), run
        assert "unexpected error" not in answer.err, (run, answer.err)
        # What editors match by is a pattern, no word.
        said = [row for row in (answer.out + answer.err).split("\n") if '"pattern":' not in row]
        assert [row for row in said if JAPANESE.search(row)] == [], run


# Of two people met, one decides: `Hatae (…), Yoshimura (head of quality assurance, decides)`.
MET, DECIDER = "1048", "Yoshimura (head of quality assurance, decides)"


@pytest.fixture
def answering(english: Path, tmp_path: Path, monkeypatch, capsys):
    """`nippo …` on a copy of the English diary where a person gives `answers`: all that was told and asked, with what was offered."""
    shutil.copytree(english, tmp_path / "journal")
    for name, value in {
        "NIPPO_NOW": "2026-11-23T18:00:00+09:00", "NIPPO_LANG": "en", "NIPPO_AUTHOR": "Ono",
        "XDG_STATE_HOME": str(tmp_path / "state"),
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)

    def run(*argv: str, answers: tuple[str, ...] = ()) -> str:
        terminal = Scripted(*answers)
        with monkeypatch.context() as patched:
            patched.setattr(asking, "PromptTerminal", lambda **_: terminal)
            patched.setattr(start, "can_converse", lambda: True)
            patched.setattr(edit.questions, "can_converse", lambda: True)
            patched.setattr("nippo_cli.cli.frame.context.CliContext.interactive", True)
            main(["--journal", str(tmp_path / "journal"), *argv])
        answer = capsys.readouterr()
        asked = [f"{one.label} {one.default} {one.empty} {one.trouble}" for one in terminal.questions]
        offered = [offer.name for one in terminal.questions if one.offers is not None for offer in one.offers("")]
        return "\n".join([*asked, *offered, *terminal.told, answer.out, answer.err])

    return run


def test_people_of_an_english_conversation_are_written_in_english(answering):
    """An entry with a decider that is asked for as it stands, and the names that another report of its deal offers."""
    corrected = answering("edit", MET, answers=("",) * 12)
    assert DECIDER in corrected
    assert [row for row in corrected.split("\n") if JAPANESE.search(row)] == []
    added = answering("add", "Koso optical gauge phase 2", answers=("", "visit", "", "", "^C"))
    assert "Yoshimura (head of quality assurance)" in added
    assert [row for row in added.split("\n") if JAPANESE.search(row)] == []


@pytest.mark.skipif(os.name == "nt", reason="the editor of this test is a script with a first line")
def test_people_of_an_english_form_are_written_and_read_in_english(answering, tmp_path: Path, monkeypatch):
    """`add --like ID -e`: the form as the editor is shown it."""
    script, form = tmp_path / "editor", tmp_path / "form"
    script.write_text(
        f"#!{sys.executable}\nimport shutil, sys\nshutil.copy(sys.argv[-1], {str(form)!r})\n", encoding="utf-8"
    )
    script.chmod(0o755)
    monkeypatch.setenv("EDITOR", str(script))
    monkeypatch.delenv("VISUAL", raising=False)
    answering("add", "--like", MET, "-e")
    shown = form.read_text(encoding="utf-8")
    assert DECIDER in shown
    assert [row for row in shown.split("\n") if JAPANESE.search(row)] == []
