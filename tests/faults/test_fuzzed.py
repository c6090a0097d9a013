"""Files, journals and command lines spoilt by lot: whatever stands there, nippo answers with a documented exit code, within two
seconds of processor time and a bounded memory, and writes nothing where it refuses.

A sample runs here, always the same; `just faults` tries others, and many more.
"""

import csv
import json
import os
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from io import BytesIO, StringIO
from pathlib import Path
from random import Random
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given, settings, strategies as st
from mutate import ODD, as_bytes, spoilt
from reused_child import ReusedChild, Said
from sound_files import CELLS, COMMANDS, SOUND

from nippo_cli.cli.frame.app import _loaded
from nippo_cli.cli.frame.early_args import early_args
from nippo_cli.cli.frame.grammar import MODULES

pytestmark = pytest.mark.skipif(os.name == "nt", reason="processor time and memory are bounded by POSIX's own means")

ALL = os.environ.get("NIPPO_FAULTS") == "all"
DOCUMENTED = {0, 1, 2, 3, 4, 5, 10, 130}
FAULT = "予期しない不具合"
PAGES = (
    (),
    ("gap",),
    ("deal", "list"),
    ("log", "--limit", "5"),
    ("steps",),
    ("lessons",),
    ("sales", "match"),
    ("target", "list"),
)
SEEDS = st.integers(0, 2**40)


def tries(sample: int) -> settings:
    """So many by lot in the suite, always the same; thirty times as many, and others each time, where there is time."""
    return settings(max_examples=sample * 30 if ALL else sample, derandomize=not ALL, database=None, deadline=None)


class World:
    """A journal of one deal and one sale, the commands on it, and its copy to come back to."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.journal = folder, folder / "journal"
        env = {
            "NIPPO_NOW": "2026-11-23T18:00:00+09:00", "NIPPO_LANG": "ja", "NIPPO_AUTHOR": "佐藤", "TZ": "Asia/Tokyo",
            "XDG_STATE_HOME": str(folder / "state"), "NIPPO_JOURNAL": str(self.journal),
        }  # fmt: skip
        self.nippo = ReusedChild(folder, env)
        for argv in (
            ("add", "案件", "--new-deal", "--customer", "青葉製作所", "--activity", "電話", "--stage", "ヒアリング", "--next-step", "見積",
             "--next-on", "+7d", "-m", "話した"),
            ("sales", "add", "--customer", "青葉製作所", "--amount", "100万", "--on", "2026-11-20"),
        ):  # fmt: skip
            self.sound(argv)
        self.nippo.close()
        shutil.copytree(self.journal, folder / "pristine")
        self.content = (self.journal / "journal.db").read_bytes()

    def sound(self, argv: Sequence[str], what: object = "") -> Said:
        """What a command said, which is no fault of nippo's own; a command that failed wrote nothing."""
        before = self.records()
        said = self.nippo(*argv)
        assert not said.escaped, (argv, what, said.escaped)
        assert said.code in DOCUMENTED, (argv, what, said)
        assert FAULT not in said.err, (argv, what, said.err)
        assert "Traceback" not in said.err, (argv, what)
        if said.code or "--dry-run" in argv:
            assert self.records() == before, (argv, what)
        return said

    def records(self) -> object:
        """How many there are, and which was the last; None where the journal can't be read."""
        if not (self.journal / "journal.db").exists():
            return None
        with sqlite3.connect(self.journal / "journal.db") as cx:
            try:
                found = cx.execute("select count(*), max(id) from record").fetchone()
            except sqlite3.DatabaseError:
                found = None
        cx.close()
        return found

    def put(self, name: str, content: bytes) -> None:
        """A file in the folder of the commands."""
        (self.folder / name).write_bytes(content)

    def again(self) -> None:
        """The journal as it was."""
        shutil.rmtree(self.journal)
        shutil.copytree(self.folder / "pristine", self.journal)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One for all of these tests: making it anew each time would take longer than they do."""
    made = World(tmp_path_factory.mktemp("fuzzed"))
    for name, text in SOUND.items():
        made.put(name, text.encode())
    yield made
    made.nippo.close()


@tries(40)
@given(
    file=st.sampled_from(sorted(COMMANDS)),
    seed=SEEDS,
    more=st.sampled_from([(), ("--on-error", "skip"), ("--dry-run",), ("--json",)]),
)
def test_a_spoilt_file_is_read_or_refused(world: World, file: str, seed: int, more: tuple[str, ...]):
    """Schemas, maps, rows, reports: cut, doubled, nested, enlarged, in other encodings, with what other programs left."""
    argv = COMMANDS[file]
    world.put(file, as_bytes(spoilt(SOUND[file], seed), seed))
    try:
        takes = "import" in argv or more != ("--on-error", "skip")
        said = world.sound((*argv, *more) if takes and argv[0] != "schema" else argv, (file, seed))
        if said.code == 0 and seed % 4 == 0:
            for page in PAGES:
                world.sound(page, (file, seed))
    finally:
        world.put(file, SOUND[file].encode())
        world.again()


def test_every_odd_text_in_every_cell_is_read_or_rejects_its_row(world: World):
    """Dates at the calendar's ends, halves of characters, a spreadsheet's errors: row by row, in CSV and JSON; then all pages."""
    sound = next(csv.DictReader(StringIO(SOUND["rows.csv"])))
    rows = [{**sound, "id": f"{column}-{n}", column: odd} for column in sound for n, odd in enumerate((*CELLS, *ODD))]
    text = StringIO()
    writer = csv.DictWriter(text, list(sound))
    writer.writeheader()
    writer.writerows(rows)
    world.put("odd.csv", text.getvalue().encode("utf-8", "replace"))
    world.put("odd.json", json.dumps(rows).encode())
    for name in ("odd.csv", "odd.json"):
        said = world.sound(("import", name, "--map", "map.yaml", "--on-error", "skip", "--json"), name)
        assert said.out, said.err[:300]
        found = json.loads(said.out)
        assert found["rows"] == found["taken"] + found["known"] + found["skipped"] + found["rejected"]
        assert found["taken"] > 100
        assert found["rejected"] > 100
        for page in PAGES:
            world.sound(page, name)
        world.again()


@tries(12)
@given(seed=SEEDS, like=st.sampled_from(["daily", "weekly"]))
def test_a_spoilt_form_is_filled_or_refused(world: World, seed: int, like: str):
    """A workbook of the company's: bytes of the file spoilt, or the XML of one of its parts."""
    dice = Random(seed)
    sound = form_of(world, like)
    spoilt_form = spoilt_bytes(sound, dice) if dice.random() < 0.3 else spoilt_package(sound, dice)
    world.put("form.xlsx", spoilt_form)
    for argv in (("form", "check", "form.xlsx"), ("log", "--form", "form.xlsx", "-o", "filled.xlsx", "--force")):
        before = world.records()
        world.sound(argv, (like, seed))
        assert world.records() == before


FORMS: dict[str, bytes] = {}


def form_of(world: World, like: str) -> bytes:
    """A sound form, made once."""
    if like not in FORMS:
        assert world.sound(("form", "new", f"{like}.xlsx", "--like", like)).code == 0
        FORMS[like] = (world.folder / f"{like}.xlsx").read_bytes()
    return FORMS[like]


def spoilt_package(sound: bytes, dice: Random) -> bytes:
    """A workbook of which one part is spoilt, or lacks."""
    made = BytesIO()
    with ZipFile(BytesIO(sound)) as old, ZipFile(made, "w", ZIP_DEFLATED) as new:
        one = dice.choice(old.namelist())
        for name in old.namelist():
            content = old.read(name)
            if name == one and dice.random() < 0.2:
                continue
            text = spoilt(content.decode(), dice.randrange(1 << 40)) if name == one else content
            new.writestr(name, text.encode("utf-8", "replace") if isinstance(text, str) else text)
    return made.getvalue()


def test_a_form_that_unpacks_to_far_more_is_refused(world: World):
    """Half a megabyte that would be a hundred and eighty: within the bounds of any other command."""
    row, made = b'<row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c></row>', BytesIO()
    with ZipFile(BytesIO(form_of(world, "weekly"))) as old, ZipFile(made, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            more = row * 3_000_000 if name == "xl/worksheets/sheet1.xml" else b""
            new.writestr(name, old.read(name).replace(b"<sheetData>", b"<sheetData>" + more, 1))
    world.put("form.xlsx", made.getvalue())
    assert world.sound(("form", "check", "form.xlsx")).code == 2


@pytest.mark.parametrize("lacks", [1, 20, 500])
def test_a_form_that_lacks_a_few_bytes_is_refused(world: World, lacks: int):
    """What is said of where its parts lie leads before its beginning."""
    sound = form_of(world, "weekly")
    world.put("form.xlsx", sound[:100] + sound[100 + lacks :])
    assert world.sound(("form", "check", "form.xlsx")).code == 2


def options_of(path: str) -> tuple[list[tuple[str, bool]], int]:
    """A command's options, each with whether it is a flag, and how many arguments it takes."""
    params = _loaded(path).get_params(None)
    options = [(p.opts[0], bool(getattr(p, "is_flag", False))) for p in params if p.param_type_name != "argument"]
    return options, sum(p.param_type_name == "argument" for p in params)


# Not these: one ends in an editor, one is the test's own journal, one would ask for a terminal.
LEFT_OUT = {"--journal", "-e", "--edit", "--debug"}
LIKELY = (
    "案件",
    "青葉製作所", "2", "3", "昨日", "2026-11-20", "90d", "+7d", "1y", "電話", "見積", "受注", "失注", "100万", "stalled", "mirage", "佐藤",
    "map.yaml", "rows.csv", "last", "lost", "json", "csv", "md", "2026-12", "ja", "month", "1",
)  # fmt: skip


def typed(dice: Random) -> list[str]:
    """A command line by lot: a command, arguments and options of its own, likely texts among odd ones and mere bytes."""

    def text() -> str:
        lot = dice.random()
        if lot < 0.45:
            return dice.choice(LIKELY)
        if lot < 0.9:
            return dice.choice((*CELLS, *ODD))
        return bytes(dice.randrange(256) for _ in range(dice.choice((1, 3, 9)))).decode("utf-8", "surrogateescape")

    path = dice.choice([path for path in MODULES if path not in ("demo", "init")])
    options, arguments = options_of(path)
    argv = [*path.split(), *(text() for _ in range(arguments + dice.choice((-1, 0, 0, 0, 1))))]
    for _ in range(dice.choice((0, 1, 1, 2, 3))):
        option, flag = dice.choice(options)
        if option not in LEFT_OUT:
            argv += [option] if flag else [option, text()]
    return argv


@tries(90)
@given(seed=SEEDS)
def test_no_command_line_is_a_fault(world: World, seed: int):
    """Every command with texts, dates, amounts and bytes of any kind, in every option."""
    early_args(["--journal", str(world.journal)], {})
    argv = typed(Random(seed))
    world.sound(argv, seed)


ON_JOURNALS = (
    *PAGES, ("doctor",), ("search", "話"), ("deal", "show", "案件"), ("add", "案件", "--activity", "電話", "-m", "x"), ("undo",),
    ("edit", "3", "-m", "y"), ("doctor", "--rebuild"), ("customer", "青葉製作所"), ("show", "3"),
)  # fmt: skip


@tries(18)
@given(seed=SEEDS, commands=st.lists(st.sampled_from(ON_JOURNALS), min_size=2, max_size=3))
def test_a_spoilt_journal_is_read_or_refused(world: World, seed: int, commands: list[tuple[str, ...]]):
    """Bytes of the file flipped, zeroed, cut out, doubled, put in, cut off."""
    world.put("journal/journal.db", spoilt_bytes(world.content, Random(seed)))
    try:
        for argv in commands:
            said = world.nippo(*argv)
            assert not said.escaped, (argv, seed, said.escaped)
            assert said.code in DOCUMENTED, (argv, seed, said)
            assert FAULT not in said.err, (argv, seed, said.err)
    finally:
        world.again()


def spoilt_bytes(sound: bytes, dice: Random) -> bytes:
    """The bytes of a journal after one to four accidents."""
    content = bytearray(sound)
    for _ in range(dice.choice((1, 1, 2, 4))):
        at, much = dice.randrange(len(content) + 1), dice.choice((1, 4, 64, 512, 4096))
        part = bytes(content[at : at + much])
        content[at : at + much] = dice.choice((
            bytes(len(part)), b"", part * 2, dice.randbytes(min(much, 64)) + part, dice.randbytes(len(part)),
            bytes([part[0] ^ (1 << dice.randrange(8))]) + part[1:] if part else b"",
        ))  # fmt: skip
        if dice.random() < 0.1:
            del content[at:]
    return bytes(content)
