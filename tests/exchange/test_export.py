"""What is exported is read back as it was."""

import csv
from datetime import date

import pytest
from hypothesis import example, given, strategies as st
from rows import AGREEMENT, TODAY, drafts

from nippo_cli.base.errors import UsageError
from nippo_cli.exchange.drafts import Import, OtherCustomersRow, Taken
from nippo_cli.exchange.export import export
from nippo_cli.exchange.map_reading import load_map_file
from nippo_cli.exchange.source import open_source
from nippo_cli.line.facts import DealRef
from nippo_cli.results.entries import EntryView

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=12).filter(
    lambda t: not t.isspace()
)
LINE = st.text(st.sampled_from(list("a会:,、（）=+-@'\"[{ ")), min_size=1, max_size=8).map(str.strip).filter(bool)
NAME = st.text(st.sampled_from(list("a会.=+-@' ")), min_size=1, max_size=8).map(str.strip).filter(bool)
# A mark alone is no name.
PERSON_NAME = NAME.filter(lambda name: any(map(str.isalpha, name)))
PERSON = st.fixed_dictionaries({"name": PERSON_NAME}, optional={"title": NAME, "decides": st.just(True)})
DAY = st.dates(date(2000, 1, 1), date(2099, 12, 31))
VALUES = st.fixed_dictionaries(
    {"customer": LINE, "kind": st.just("new")},
    optional={
        "activity": st.sampled_from(["visit", "call"]),
        "stage": st.sampled_from(["lead", "quote", "lost"]),
        "facts": TEXT,
        "amount": st.integers(0, 10**12),
        "closes": st.one_of(DAY.map(str), st.just("2026-12-01/2026-12-31")),
        "confidence": st.sampled_from("AB"),
        "people": st.lists(PERSON, min_size=1, max_size=3),
        "units": st.integers(-(10**6), 10**6),
        "urgent": st.booleans(),
        "tags": st.lists(st.sampled_from("xy"), min_size=1, max_size=2, unique=True),
        "note": TEXT,
    },
)
ENTRY = st.tuples(DAY, DAY, LINE, st.none() | LINE, VALUES, st.booleans())


def views(entries):
    """Entries as the journal gives them."""
    return [
        EntryView(
            id=i, version=i, on=on, recorded_at="2026-09-01T00:00:00.000Z", known_on=known_on, author=author,
            deal=DealRef(900 + i, deal, "", "") if deal else None, meeting=None, values=values,
            incomplete=incomplete, corrected=False, batch=None, schema=AGREEMENT,
        )
        for i, (on, known_on, author, deal, values, incomplete) in enumerate(entries, start=1)
    ]  # fmt: skip


def read_back(folder):
    """The drafts of an exported folder."""
    found = load_map_file(folder / "import.yaml")
    source = open_source(folder / "entries.csv", found.options())
    rows = list(drafts(source, Import(found, AGREEMENT, TODAY)))
    assert all(isinstance(row, Taken | OtherCustomersRow) for row in rows), rows
    # Whatever stands behind a deal's first customer is read back only because the map says so.
    assert found.changes_customer == any(isinstance(row, OtherCustomersRow) for row in rows)
    return [row.drafts[0] for row in rows]


@example(
    entries=[
        (
            date(2000, 1, 1),
            date(2000, 1, 1),
            ":",
            None,
            {"customer": ":", "kind": "new", "activity": "visit", "note": "\x1a"},
            False,
        )
    ]
)
@given(entries=st.lists(ENTRY, min_size=1, max_size=5))
def test_entries_come_back_as_they_were(tmp_path_factory, entries):
    """Dates, author, deal and every value; formulas, quotes and line ends in texts; JSON where a person is too odd."""
    folder = tmp_path_factory.mktemp("out") / "here"
    assert export(folder, views(entries), AGREEMENT) == len(entries)
    assert [
        (d.on, d.known_on, d.author, d.deal_name, d.values, d.incomplete) for d in read_back(folder)
    ] == entries  # fmt: skip


def test_a_spreadsheet_sees_no_formula(tmp_path):
    """A `'` stands before what would be one."""
    export(tmp_path / "out", views([(TODAY, TODAY, "r", "=1+1", {"customer": "@x", "kind": "new"}, False)]), AGREEMENT)
    with (tmp_path / "out" / "entries.csv").open(encoding="utf-8-sig", newline="") as stream:
        (row,) = csv.DictReader(stream)
    assert (row["deal"], row["customer"]) == ("'=1+1", "'@x")


ENTRIES = views([(TODAY, TODAY, "r", None, {"customer": "x", "kind": "new"}, False)])


def test_an_export_takes_the_place_of_an_earlier_one(tmp_path):
    """In one folder, month by month; a file of another program there stays."""
    export(tmp_path, ENTRIES * 2, AGREEMENT)
    (tmp_path / "memo.txt").write_text("x", encoding="utf-8")
    assert export(tmp_path, ENTRIES, AGREEMENT) == 1
    assert len(read_back(tmp_path)) == 1
    assert sorted(p.name for p in tmp_path.iterdir()) == ["entries.csv", "import.yaml", "log.jsonl", "memo.txt"]


@pytest.mark.parametrize("lacks", [("required:",), ("required:", "snapshot:")])
def test_the_map_of_an_earlier_version_was_edited_by_nobody(tmp_path, lacks):
    """In one folder, month by month, over a new version of nippo."""
    export(tmp_path, ENTRIES, AGREEMENT)
    own = (tmp_path / "import.yaml").read_text(encoding="utf-8")
    lines = [line for line in own.splitlines(keepends=True) if not line.startswith(lacks)]
    (tmp_path / "import.yaml").write_bytes("".join(lines).encode())
    assert export(tmp_path, ENTRIES, AGREEMENT) == 1
    assert (tmp_path / "import.yaml").read_text(encoding="utf-8") == own


def test_a_map_that_was_edited_is_replaced_by_force_alone_and_another_map_never(tmp_path):
    """And then nothing else is replaced either."""
    export(tmp_path, ENTRIES, AGREEMENT)
    own = (tmp_path / "import.yaml").read_text(encoding="utf-8")
    (tmp_path / "import.yaml").write_text(own.replace('"nippo"', '"suzuki"'), encoding="utf-8")
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(UsageError):
        export(tmp_path, ENTRIES * 2, AGREEMENT)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before
    export(tmp_path, ENTRIES, AGREEMENT, force=True)
    assert (tmp_path / "import.yaml").read_text(encoding="utf-8") == own
    (tmp_path / "import.yaml").write_text("source: crm\n", encoding="utf-8")
    with pytest.raises(UsageError):
        export(tmp_path, ENTRIES, AGREEMENT, force=True)
    assert (tmp_path / "import.yaml").read_text(encoding="utf-8") == "source: crm\n"
