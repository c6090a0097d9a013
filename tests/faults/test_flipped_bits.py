"""One flipped bit, anywhere: what it hit is named, and everything else stays readable, writable and exportable.

A sample runs here; `just faults` runs them all.
"""

import json
import os
import random
import shutil
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from flips import FROM_ROWS, OF_ENTRIES, Flip, Said, cells, column, drawn, flip, flip_in_file, lived, lived_fully, run

from nippo_cli.base.ids import show_id
from nippo_cli.journal.log.tables import PROJECTIONS

ALL = os.environ.get("NIPPO_FAULTS") == "all"
PAGES = (*FROM_ROWS, *OF_ENTRIES)
DOCUMENTED = {0, 1, 2, 3, 4, 5, 10, 130}
# Half of the hits are on bodies, which take most of the place.
COLUMNS = (
    "body", "body", "body", "body", "body", "body", "body", "body", "body", "body", "salt", "hash", "schema", "target",
    "batch", "kind", "author", "recorded_at", "known_on", "on_date", "source_key",
)  # fmt: skip


def seeds(few: Sequence[int], many: int) -> Sequence[int]:
    """As many trials as there is time for."""
    return range(many) if ALL else few


class World:
    """The sound journal, and what its commands say."""

    def __init__(self, folder: Path, *, fully: bool = False) -> None:
        self.journal = lived_fully(folder) if fully else lived(folder)
        self.said = {words: run(self.journal, words) for words in PAGES}
        assert {words: said.code for words, said in self.said.items() if said.code} == {}
        self.log = {record["number"]: record for record in self.export(self.journal, folder / "out")}

    @staticmethod
    def export(journal: Path, to: Path) -> Sequence[Mapping[str, object]]:
        """The whole log as it is exported."""
        assert run(journal, ("export", str(to))).code == 0
        with (to / "log.jsonl").open(encoding="utf-8") as file:
            return [json.loads(line) for line in file]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """One journal for all trials."""
    return World(tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="module")
def full_world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """One whose derived tables all have something in every column."""
    return World(tmp_path_factory.mktemp("full_world"), fully=True)


@pytest.fixture
def copy(world: World, tmp_path: Path) -> Path:
    """Its copy, to be damaged."""
    return Path(shutil.copytree(world.journal, tmp_path / "journal"))


def asked(journal: Path, *words: str) -> Said:
    """What a command says; never that nippo has a fault."""
    said = run(journal, words)
    assert said.code in DOCUMENTED, (words, said)
    assert "不具合" not in said.err, (words, said)
    return said


def damaged_record(path: Path, dice: random.Random) -> tuple[int, object]:
    """A record hit by lot, one that was erased apart: of that nothing is left that its hash could tell of."""
    with sqlite3.connect(path) as cx:
        erased = {row for row, (body,) in enumerate(cx.execute("select body from record")) if body is None}
    cx.close()
    while True:
        at = drawn(path, dice, ("record",))._replace(column=dice.choice(COLUMNS))
        if at.row in erased:
            continue
        with sqlite3.connect(path) as cx:
            (value,) = cx.execute(f"select {at.column} from record limit 1 offset {at.row}").fetchone()
        cx.close()
        if value not in (None, ""):
            return flip(path, at), at


def hold_up(world: World, journal: Path, hit: int, what: object) -> None:
    """All that is asked of a journal with one damaged record."""
    name = f"#{show_id(hit)}"
    kind = world.log[hit]["kind"]
    for words in PAGES:
        said = asked(journal, *words)
        assert said.code == world.said[words].code, (what, words, said.err)
        # How many rows an import rejected stands in its record alone.
        if words in FROM_ROWS and kind != "batch":
            assert said.out == world.said[words].out, (what, words)
    doctor = asked(journal, "doctor")
    assert (doctor.code, name in doctor.out) == (5, True), (what, doctor)
    out = journal.parent / "exported"
    exported = {record["number"]: record for record in world.export(journal, out)}
    marked = exported.pop(hit)
    assert marked["damaged"] is True
    assert exported == {number: record for number, record in world.log.items() if number != hit}, what
    asked(journal, "show", show_id(hit), "--history")
    rebuilt = asked(journal, "doctor", "--rebuild")
    assert (rebuilt.code, name in rebuilt.out) == (5, True), (what, rebuilt)
    for words in FROM_ROWS:
        # A hold that points elsewhere now is on no deal once all deals are made anew.
        if kind not in ("batch", "hold"):
            assert asked(journal, *words).out == world.said[words].out, (what, words)
    added = asked(journal, "add", "ポンプ", "--activity", "電話", "-m", "その後の話", "--later")
    assert added.code == 0, (what, added)
    assert "その後の話" in asked(journal, "log").out
    found = json.loads(asked(journal, "doctor", "--json").out)["checks"]
    assert {c["name"] for c in found if c["found"]} <= {"hashes", "erased", "relations"}, (what, found)


@pytest.mark.parametrize("seed", seeds((0, 3), 60))
def test_a_record_with_a_flipped_bit_is_named_and_the_rest_stands(world: World, copy: Path, seed: int):
    """Its body, its salt, its hash, its header."""
    hit, what = damaged_record(copy / "journal.db", random.Random(seed))
    hold_up(world, copy, hit, what)


@pytest.mark.parametrize("seed", seeds((0,), 60))
def test_a_bit_flipped_in_the_file_is_named_and_the_rest_stands(world: World, copy: Path, seed: int):
    """Where SQLite notices nothing."""
    dice, hit = random.Random(seed), None
    while hit is None or world.log[hit]["body"] is None:
        shutil.copyfile(world.journal / "journal.db", copy / "journal.db")
        hit = flip_in_file(copy / "journal.db", dice)
    hold_up(world, copy, hit, f"file {seed}")


def test_every_table_and_column_has_what_can_be_flipped(full_world: World):
    """A table or a column that comes to the journal is to be filled here, too: else nothing tries what becomes of its bits."""
    with closing(sqlite3.connect(full_world.journal / "journal.db")) as cx:
        columns = [(table, name) for table in PROJECTIONS for name in cells(cx, table)]
        filled = {
            (table, name)
            for table, name in columns
            if cx.execute(f"select 1 from {table} where {name} not in ('', x'')").fetchone()
        }
    assert {table for table, name in columns if (table, name) not in filled} == {"twin"}


@pytest.mark.parametrize("seed", seeds((0, 5, 6, 7), 200))
def test_a_derived_row_with_a_flipped_bit_is_made_anew(full_world: World, tmp_path: Path, seed: int):
    """Until then, a page is as it was, differs, or says that the journal is damaged and what mends it."""
    world, copy = full_world, Path(shutil.copytree(full_world.journal, tmp_path / "journal"))
    at = drawn(copy / "journal.db", random.Random(seed), PROJECTIONS)
    flip(copy / "journal.db", at)
    for words in PAGES:
        said = asked(copy, *words)
        assert said.code in (world.said[words].code, 5), (at, words, said)
        assert said.code != 5 or "doctor --rebuild" in said.err, (at, words, said)
    assert asked(copy, "doctor").code == 5, at
    assert asked(copy, "doctor", "--rebuild").code == 0, at
    for words in PAGES:
        # A page that names the folder differs by that.
        if words not in ((), ("schema", "show")):
            assert asked(copy, *words).out == world.said[words].out, (at, words)


@pytest.mark.parametrize("seed", seeds((7, 20, 23), 60))
def test_a_setting_with_a_flipped_bit_stops_nothing(world: World, copy: Path, seed: int):
    """The time zone, the device, the marks of the search: told from what is left, or from the log."""
    at = drawn(copy / "journal.db", random.Random(seed), ("meta", "device"))
    flip(copy / "journal.db", at)
    for words in PAGES:
        said = asked(copy, *words)
        assert said.code == world.said[words].code, (at, words, said)
        # Whose diary it is, is one of the settings.
        if words not in ((), ("schema", "show"), ("lessons", "words")):
            assert said.out == world.said[words].out, (at, words)
    added = asked(copy, "add", "ポンプ", "--activity", "電話", "-m", "その後の話", "--later")
    assert added.code == 0, (at, added)
    assert "その後の話" in asked(copy, "log").out
    asked(copy, "doctor")
    asked(copy, "doctor", "--rebuild")


@pytest.mark.parametrize(
    "at",
    [
        # The lowest that makes an id beyond SQLite's integers, and the highest.
        Flip("device", 0, "slot", 23.5 / 40, 0),
        Flip("device", 0, "slot", 39.5 / 40, 0),
        Flip("device", 0, "last_number", 39.5 / 40, 0),
        # Makes no row of the search index.
        Flip("device", 0, "ordinal", 39.5 / 40, 0),
        # Makes no UTF-8.
        Flip("device", 0, "id", 0.3, 7),
        Flip("device", 0, "began_at", 0.3, 7),
    ],
    ids=str,
)
def test_what_can_be_no_note_of_a_device_stops_nothing(copy: Path, at: Flip):
    """Nobody is kept from reading and writing by a number that is none of a device's, or a name that is no text."""
    flip(copy / "journal.db", at)
    for words in ((), ("log",), ("log", "--new"), ("search", "見積"), ("team",)):
        assert asked(copy, *words).code == 0, (at, words)
    added = asked(copy, "add", "ポンプ", "--activity", "電話", "-m", "その後の話", "--later")
    assert added.code == 0, (at, added)
    assert "その後の話" in asked(copy, "log").out


def test_every_bit_of_a_body_is_covered_by_its_hash(world: World, copy: Path):
    """The trial itself: what it flips is one bit, and the triggers are back."""
    before = column(copy / "journal.db", 3, "body")
    with sqlite3.connect(copy / "journal.db") as cx:
        schema = cx.execute("select type, name, sql from sqlite_master order by 1, 2").fetchall()
        row = [record for (record,) in cx.execute("select id from record")].index(3)
    cx.close()
    assert flip(copy / "journal.db", Flip("record", row, "body", 0.5, 3)) == 3
    after = column(copy / "journal.db", 3, "body")
    assert sum((a ^ b).bit_count() for a, b in zip(before, after, strict=True)) == 1
    with sqlite3.connect(copy / "journal.db") as cx:
        assert cx.execute("select type, name, sql from sqlite_master order by 1, 2").fetchall() == schema
        with pytest.raises(sqlite3.IntegrityError):
            cx.execute("update record set author = 'x'")
    cx.close()
