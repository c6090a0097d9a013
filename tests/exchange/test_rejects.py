"""`FILE.rejects.csv`: what was left out, ready to be mended and imported again."""

import csv
from functools import partial
from pathlib import Path
from tempfile import gettempdir

import pytest
from rows import AGREEMENT, HEAD, MAP, TODAY, drafts, write

from nippo_cli.exchange import rejects as rejects_module
from nippo_cli.exchange.drafts import Import, Taken
from nippo_cli.exchange.map_reading import load_map
from nippo_cli.exchange.rejects import RejectedRows
from nippo_cli.exchange.sifting import Rejected
from nippo_cli.exchange.source import SourceRefused, open_source

CONTENT = HEAD + (
    '1,2026-09-01,a,r,ACME,lead,\n2,,=HYPERLINK(1),r,ACME,lead,\n3,2026-09-01\n4,2026-09-01,a,r,,"le\r\nad",,x\n'
)


def say(problem):
    """The message key for its words."""
    return problem.needs.key


def judged(path, map_text=MAP):
    """The source, and what becomes of its rows."""
    found = load_map(map_text, "m")
    source = open_source(path, found.options())
    return source, list(drafts(source, Import(found, AGREEMENT, TODAY)))


def rejects(path, map_text=MAP):
    """The file of rejects, written."""
    source, rows = judged(path, map_text)
    with RejectedRows(source, say) as kept:
        for row in rows:
            if isinstance(row, Rejected):
                kept.add(row)
        return kept.publish(path)


def test_rows_stand_with_line_and_reasons_before_cells_as_they_were(tmp_path):
    """Formulas and ragged rows included; a mark in front, so that Excel sees UTF-8."""
    path = rejects(write(tmp_path, CONTENT))
    assert path.name == "rows.csv.rejects.csv"
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        assert list(csv.reader(stream)) == [
            ["nippo_line", "nippo_reason", "id", "day", "deal", "rep", "customer", "stage", "amount"],
            ["3", "exchange.needs.date", "2", "", "=HYPERLINK(1)", "r", "ACME", "lead", ""],
            ["4", "entry.required", "3", "2026-09-01", "", "", "", "", ""],
            ["5", "exchange.ragged", "4", "2026-09-01", "a", "r", "", "le\r\nad", "", "x"],
        ]


def test_a_file_that_is_there_is_never_touched(tmp_path):
    """The next has a number."""
    path = write(tmp_path, CONTENT)
    assert [rejects(path).name for _ in range(3)] == [
        "rows.csv.rejects.csv", "rows.csv.rejects-2.csv", "rows.csv.rejects-3.csv",
    ]  # fmt: skip


def test_rejects_once_mended_are_imported_by_the_same_map(tmp_path):
    """Though the map names the source's encoding; what is not mended is rejected again."""
    map_text = MAP + "file: {encoding: cp932, delimiter: ';'}\n"
    path = write(tmp_path, CONTENT.replace(",", ";").replace("ACME", "髙橋").encode("cp932"))
    written = rejects(path, map_text)
    mended = written.read_text(encoding="utf-8-sig").replace("2;;=", "2;2026-09-02;=")
    written.write_text(mended, encoding="utf-8-sig", newline="")
    _, rows = judged(written, map_text)
    assert [type(row) for row in rows] == [Taken, Rejected, Rejected]
    assert rows[0].drafts[0].values["customer"] == "髙橋"
    assert rows[0].drafts[0].source_key == "test:2/1"


def test_rejects_of_jsonl_keep_the_broken_line(tmp_path):
    """And the cells of the objects, lists as JSON."""
    path = write(tmp_path, '{"day": "2026-09-01", "p": ["a"]}\n{oops\n', "rows.jsonl")
    written = rejects(path, "source: t\non: day\nfields: {people: p, facts: p}\n")
    with written.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    assert rows[0][2:] == ["day", "p"]
    assert rows[1][2:] == ["2026-09-01", '["a"]']
    assert rows[2][2:] == ["{oops"]


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    """Not as a traceback."""
    path = write(tmp_path, CONTENT)
    source, _ = judged(path)
    with RejectedRows(source, say) as kept, pytest.raises(SourceRefused):
        kept.publish(tmp_path / "gone" / "rows.csv")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is full")
def test_where_no_row_can_be_kept_meanwhile_is_named(tmp_path, monkeypatch):
    """The system's place for temporary files has no room; the file without a name would leave it unsaid."""
    monkeypatch.setattr(rejects_module, "TemporaryFile", partial(Path("/dev/full").open, "w+b", buffering=0))
    source, rows = judged(write(tmp_path, CONTENT))
    row = next(row for row in rows if isinstance(row, Rejected))
    with RejectedRows(source, say) as kept, pytest.raises(SourceRefused) as refused:
        kept.add(row._replace(cells=["x" * 100_000]))
    assert refused.value.message.params["path"] == gettempdir()
