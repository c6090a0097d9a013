"""What would never end: pipes, sockets and devices named as files, quotes that nobody closes, files without measure."""

import json
import os
import resource
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import forked
import pytest
from shell import Answer, Shell

from nippo_cli.exchange.csv_file import open_file
from nippo_cli.exchange.source import Options

pytestmark = pytest.mark.skipif(os.name == "nt", reason="pipes and devices have no such names on Windows")

ROWS = "日付,会社,品名,種別,内容\n"
MAP = 'source: s\non: {column: 日付, format: "%Y/%m/%d"}\ndeal: 品名\nfields: {customer: 会社, activity: 種別, facts: 内容}\n'
SALES_MAP = 'source: s\non: {column: 日付, format: "%Y/%m/%d"}\ncustomer: 会社\namount: 品名\n'
# Every file that a command is given a name of, and the exit code where it is none.
READING = {
    "schema check": (("schema", "check", "{}"), 2),
    "init --template": (("--journal", "new", "init", "--template", "{}"), 2),
    "init --schema": (("--journal", "new", "--schema", "{}", "init"), 2),
    "add --schema": (("--schema", "{}", "add", "案件", "--activity", "電話", "-m", "x"), 2),
    "first add --schema": (("--journal", "new", "--schema", "{}", "add", "x", "-m", "x"), 2),
    "restore": (("restore", "{}"), 5),
    "import": (("import", "{}", "--map", "map.yaml"), 2),
    "import --map": (("import", "rows.csv", "--map", "{}"), 2),
    "sales import": (("sales", "import", "{}", "--map", "sales.yaml"), 2),
    "sales import --map": (("sales", "import", "rows.csv", "--map", "{}"), 2),
    "target import": (("target", "import", "{}"), 2),
    "target import --map": (("target", "import", "rows.csv", "--map", "{}"), 2),
    "add --from-file": (("add", "--from-file", "{}"), 2),
}
LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
from nippo_cli.cli.frame.main import main
sys.exit(main(sys.argv[1:]))
"""


def in_a_minute(*argv: str, said: str | None = None, **settings: object) -> Answer:
    """A command in a process of its own, with a gibibyte and a minute."""
    done = forked.run(
        [sys.executable, "-c", LIMITED, *argv], input=said, capture_output=True, text=True, encoding="utf-8",
        errors="replace", check=False, timeout=60, **({} if said is not None else {"stdin": subprocess.DEVNULL} | settings),
    )  # fmt: skip
    return Answer(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def furnished(kept: Shell, tmp_path: Path) -> Shell:
    """A journal, a map of each kind, a pipe, a socket and a folder."""
    (tmp_path / "map.yaml").write_text(MAP, encoding="utf-8")
    (tmp_path / "sales.yaml").write_text(SALES_MAP, encoding="utf-8")
    (tmp_path / "rows.csv").write_text(ROWS + "2026/11/20,青葉,案件,電話,話した\n", encoding="utf-8")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    # A socket's name is short, whatever the folder's.
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind("socket")
    return kept


ENDLESS = ("pipe", "socket", "folder", "/dev/zero", "/dev/tty")


@pytest.mark.parametrize(("argv", "code"), READING.values(), ids=READING)
def test_what_is_no_file_is_not_opened(furnished: Shell, argv, code):
    """Whatever reads a file that is named: at once, and it says what the thing is."""
    for name in ENDLESS:
        began = time.monotonic()
        named = [name if arg == "{}" else arg for arg in argv]
        answer = furnished.bare(*named) if "--journal" in named else furnished(*named)
        assert (answer.code, answer.out) == (code, ""), (name, answer)
        assert name in answer.err
        assert (
            "フォルダーです" if name == "folder" else "普通のファイルではありません"
        ) in answer.err or "init" in argv
        assert time.monotonic() - began < 10
    assert not Path("new/journal.db").exists()


@pytest.mark.parametrize("name", ENDLESS)
def test_no_such_schema_stops_a_read(furnished: Shell, monkeypatch, name):
    """By option, by environment, or in the place of the journal's own: the adopted one stands, with a notice."""
    assert name in furnished.done("--schema", name, "log").err
    monkeypatch.setenv("NIPPO_SCHEMA", name)
    assert name in furnished.done("log").err
    assert "--next-step" in furnished.done("add", "--help").out
    monkeypatch.delenv("NIPPO_SCHEMA")
    furnished.schema.unlink()
    furnished.schema.symlink_to(Path(name).absolute())
    assert str(furnished.schema) in furnished.done("log").err


def test_no_pipe_beside_the_journal_is_opened(furnished: Shell):
    """Under the name of a rollback journal, which SQLite itself would open."""
    shutil.copy(furnished.db, "copy.db")
    beside = furnished.db.with_name("journal.db-journal")
    os.mkfifo(beside)
    for argv in (
        ("log",), ("add", "案件", "-m", "大事な話"), ("doctor",), ("doctor", "--rebuild"), ("backup",), ("restore", "copy.db"),
    ):  # fmt: skip
        answer = in_a_minute("--journal", str(furnished.journal), *argv)
        assert (answer.code, answer.out) == (5, ""), argv
        assert str(beside) in answer.err
        assert ("add --resume" in answer.err) == ("-m" in argv)


@pytest.mark.parametrize("name", ["pipe", "socket", "/dev/zero"])
def test_no_such_journal_is_opened(furnished: Shell, monkeypatch, name):
    """As the folder that is named, and as the file in it."""
    monkeypatch.setenv("NIPPO_JOURNAL", name)
    for argv in (("log",), ("gap",), (), ("add", "案件", "-m", "大事な話"), ("doctor",), ("backup",)):
        assert furnished.bare(*argv).code in (0, 4, 5)
    monkeypatch.delenv("NIPPO_JOURNAL")
    furnished.db.unlink()
    furnished.db.symlink_to(Path(name).absolute())
    for argv in (
        ("log",),
        ("add", "案件", "-m", "大事な話"),
        ("edit", "3", "-m", "大事な話"),
        ("doctor",),
        ("backup",),
    ):
        answer = furnished(*argv)
        assert (answer.code, answer.out) == (5, ""), argv
        assert ("大事な話" in answer.err or "add --resume" in answer.err) == ("-m" in argv)


def test_a_draft_that_is_a_pipe_is_none(furnished: Shell, tmp_path: Path):
    """The state folder is nippo's own, but whatever lies there is not waited for."""
    folder = tmp_path / "state" / "nippo" / "drafts"
    furnished("add", "案件", "-m", "話した")
    folder = next(tmp_path.glob("state/nippo/journals/*/drafts"))
    os.mkfifo(folder / "7.json")
    os.mkfifo(folder / "8.yaml")
    assert [d["number"] for d in furnished.done("draft", "list", "--json").json["drafts"]] == [1]


def test_what_a_shell_puts_into_a_pipe_goes_through_standard_input(furnished: Shell):
    """`<(…)` is refused with a hint that says how; `-` takes the same."""
    if not Path("/bin/bash").exists():
        pytest.skip("no bash")
    nippo = (
        f'"{sys.executable}" -c "import sys; from nippo_cli.cli.frame.main import main; sys.exit(main(sys.argv[1:]))"'
    )
    report = "deal: 案件\nactivity: 電話\nfacts: 話した"
    for command, code in (
        (f"{nippo} --journal journal add --from-file <(printf '{report}')", 2),
        (f"printf '{report}' | {nippo} --journal journal add --from-file -", 0),
    ):
        done = subprocess.run(["/bin/bash", "-c", command], capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == code, done.stderr
        assert code == 0 or "「-」" in done.stderr


def test_endless_standard_input_has_a_measure(furnished: Shell):
    """/dev/zero into `-`: refused once it is more than anyone writes."""
    with Path("/dev/zero").open("rb") as zeros:
        answer = in_a_minute("--journal", "journal", "add", "--from-file", "-", stdin=zeros)
    assert answer.code == 2
    assert "16 MiB" in answer.err


@pytest.mark.parametrize("argv", [
    ("schema", "check", "huge.yaml"), ("import", "rows.csv", "--map", "huge.yaml"),
    ("sales", "import", "rows.csv", "--map", "huge.yaml"), ("--schema", "huge.yaml", "add", "案件", "-m", "x"),
    ("add", "--from-file", "huge.yaml"),
], ids=len)  # fmt: skip
def test_a_file_for_people_has_a_measure(furnished: Shell, argv):
    """A gibibyte, which takes no room on the disk, is not read into the memory."""
    with Path("huge.yaml").open("wb") as file:
        file.truncate(1 << 30)
    began, before = time.monotonic(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    answer = furnished(*argv)
    assert answer.code in (2, 3)
    assert "MiB" in answer.err + answer.out
    assert time.monotonic() - began < 10
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000


# --- a quote that nobody closes

MIB = 1 << 20


def quoted(kind: str, size: int) -> str:
    """A file of about `size` characters with a quote that is opened on its fourth line, or elsewhere, and never closed."""
    row = "2026/11/09,青葉,{}研磨機,電話,話した\n"
    rows = [row.format("")] * (size // len(row))
    if kind == "a row":
        rows[2] = row.format('"')
    elif kind == "the last row":
        rows[-1] = row.format('"')
    elif kind == "every row":
        rows = [row.format('"')] * len(rows)
    elif kind == "one long line":
        rows = [row.format('"' + "あ" * size)]
    elif kind == "many columns":
        return ",".join(f"列{n}" for n in range(size // 8)) + "\n"
    return ('"' if kind == "the header" else "") + ROWS + "".join(rows)


@pytest.mark.parametrize("kind", ["a row", "the last row", "every row", "the header", "one long line", "many columns"])
def test_a_quote_that_is_left_open_ends_in_time(furnished: Shell, kind):
    """More than one process reads alone, with a gibibyte and a minute: an answer that names the line, or what of the header
    is wrong."""
    Path("open.csv").write_text(quoted(kind, MIB), encoding="utf-8")
    answer = in_a_minute("--journal", "fresh", "import", "open.csv", "--map", "map.yaml", "--dry-run")
    assert answer.code in (2, 3), answer.err
    said = answer.out + answer.err
    if kind == "a row":
        assert "4行目" in said.replace(" ", "")
    elif kind in ("the header", "many columns"):
        assert "引用符" in said
    else:
        assert "open.csv" in said


def test_time_grows_with_the_file_and_no_faster(tmp_path: Path):
    """Four times the rows, each with an open quote: about four times the time to read them."""

    def seconds(size: int) -> float:
        path = tmp_path / "open.csv"
        path.write_text(quoted("every row", size), encoding="utf-8")
        began = time.process_time()
        assert sum(len(batch.rows) for batch in open_file(path, Options()).batches()) > 1000
        return time.process_time() - began

    small = min(seconds(MIB // 4) for _ in range(3))
    assert min(seconds(MIB) for _ in range(3)) < 10 * small


def test_rows_behind_an_open_quote_are_rows(furnished: Shell):
    """A quote that took in thousands of rows takes none but its own: all others are counted, and can be taken."""
    Path("open.csv").write_text(quoted("a row", MIB // 8), encoding="utf-8")
    rows = len(quoted("a row", MIB // 8).splitlines()) - 1
    report = json.loads(
        in_a_minute("--journal", "fresh", "import", "open.csv", "--map", "map.yaml", "--on-error", "skip", "--json").out
    )
    assert (report["rows"], report["taken"], report["rejected"]) == (rows, rows - 1, 1)
    rejects = Path("open.csv.rejects.csv").read_text(encoding="utf-8-sig").splitlines()
    assert rejects[1].startswith("4,")
