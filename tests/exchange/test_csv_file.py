"""CSV, as spreadsheets and other programs write it, and as they break it."""

import pytest
from hypothesis import given, strategies as st

from nippo_cli.base.errors import NotFound
from nippo_cli.base.files import NoFile
from nippo_cli.exchange.source import (
    Options,
    SourceRefused,
    column_places,
    nth_column,
    open_source,
)


def read(tmp_path, content, **options):
    """The columns, and each row's line, cells and problem key."""
    path = tmp_path / "rows.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    source = open_source(path, Options(**options))
    rows = [
        (line, list(cells), batch.broken[place].needs.key if place in batch.broken else None)
        for batch in source.batches()
        for place, (line, cells) in enumerate(zip(batch.lines, batch.rows, strict=True))
    ]
    return source.columns, rows


def test_rows_come_with_the_line_that_they_begin_on(tmp_path):
    """A quoted cell may run over lines; blank lines are no rows but count as lines."""
    content = 'a,b\r\n1,"x\r\ny\nz"\r\n\r\n2,w\r\n'
    assert read(tmp_path, content) == (("a", "b"), [(2, ["1", "x\r\ny\nz"], None), (6, ["2", "w"], None)])


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(tmp_path, delimiter):
    """The one that makes the columns that the map names."""
    content = f"deal name{delimiter}a,b;c\n".replace("a,b;c", "stage") + f"x{delimiter}y\n"
    assert read(tmp_path, content, wanted=frozenset({"stage"}))[0] == ("deal name", "stage")


def test_the_wanted_columns_decide_on_the_delimiter(tmp_path):
    """A header such as `name, first;stage` has a comma inside a name."""
    columns, _ = read(tmp_path, "a, b, c;stage\n1;2\n", wanted=frozenset({"stage"}))
    assert columns == ("a, b, c", "stage")


def test_a_row_that_says_more_than_there_are_columns_is_no_row(tmp_path):
    """It is not cut; empty cells at a row's end are no part of it, whether one too many or left out."""
    _, rows = read(tmp_path, "a,b\n1\n1,2\n1,2,3\n1,2,,\n")
    assert rows == [
        (2, ["1", ""], None), (3, ["1", "2"], None), (4, ["1", "2", "3"], "exchange.ragged"), (5, ["1", "2"], None),
    ]  # fmt: skip


def test_rows_that_end_early_are_told_by_their_lines(tmp_path):
    """A row that was cut off looks the same."""
    path = tmp_path / "rows.csv"
    path.write_text("a,b,c\n1,2,3\n1\n\n1,2\n1,2,3,\n", encoding="utf-8")
    assert [line for batch in open_source(path, Options()).batches() for line in batch.short] == [3, 5]


def test_nul_bytes_break_their_row_alone(tmp_path):
    """The rows beside it are fine."""
    _, rows = read(tmp_path, b"a,b\n1,x\x00y\n2,z\n")
    assert [(line, problem) for line, _, problem in rows] == [(2, "exchange.nul"), (3, None)]


def test_a_huge_cell_breaks_its_row_alone(tmp_path):
    """A cell beyond what the reader takes is refused, and the next line is read."""
    _, rows = read(tmp_path, f"a,b\n1,{'x' * 200_000}\n2,z\n")
    assert [(line, problem) for line, _, problem in rows] == [(2, "exchange.huge_cell"), (3, None)]


def test_a_quote_that_is_never_closed_is_told(tmp_path):
    """On the line that opens it; the lines behind it are rows all the same."""
    _, rows = read(tmp_path, 'a,b\n1,x\n2,"y\n3,z\n')
    assert [(line, problem) for line, _, problem in rows] == [(2, None), (3, "exchange.open_quote"), (4, None)]


def test_text_after_a_closing_quote_is_told(tmp_path):
    """`"x"y` is neither `xy` nor `x`."""
    _, rows = read(tmp_path, 'a,b\n1,"x"y\n2,z\n')
    assert [(line, problem) for line, _, problem in rows] == [(2, "exchange.broken_quotes"), (3, None)]


def test_columns_of_one_name_are_told_apart_by_their_order(tmp_path):
    """The name alone means none of them."""
    columns, rows = read(tmp_path, "a,b,a,c\n1,2,3,4\n")
    assert (columns, rows[0][1]) == (("a", "b", "a", "c"), ["1", "2", "3", "4"])
    places = column_places(columns)
    assert (places["b"], places["c"], "a" in places) == (1, 3, False)
    assert [places[nth_column("a", n)] for n in (1, 2)] == [0, 2]


@pytest.mark.parametrize("content", ["", "\n\n", ",,\n", "\ufeff"])
def test_a_file_without_a_header_is_refused(tmp_path, content):
    """Empty, blank lines only, or blank cells only."""
    with pytest.raises(SourceRefused) as refused:
        read(tmp_path, content)
    assert refused.value.message.key == "exchange.empty"


def test_a_header_that_can_not_be_read_is_refused(tmp_path):
    """A quote that is opened in it and never closed."""
    with pytest.raises(SourceRefused) as refused:
        read(tmp_path, 'a,"b\n1,2\n')
    assert refused.value.message.key == "exchange.broken_header"


def test_a_header_alone_has_no_rows(tmp_path):
    """That is no error: a month without contacts exports so."""
    assert read(tmp_path, "a,b\n") == (("a", "b"), [])


def test_what_is_not_there_is_refused(tmp_path):
    """No file, and a folder."""
    with pytest.raises(NotFound):
        open_source(tmp_path / "none.csv", Options())
    with pytest.raises(NoFile):
        open_source(tmp_path, Options())


def test_a_file_of_rejects_keeps_its_own_columns(tmp_path):
    """The line and the reason that nippo put in front are not the file's."""
    columns, rows = read(tmp_path, "nippo_line,nippo_reason,a,b\n7,no date,1,2\n8,ragged,1\n")
    assert columns == ("a", "b")
    assert rows == [(2, ["1", "2"], None), (3, ["1", ""], None)]


CELLS = st.text(st.sampled_from(list('ab,"\r\n 会')), max_size=6)


@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), max_size=30))
def test_what_the_csv_module_writes_is_read_back_with_its_lines(tmp_path_factory, rows):
    """Whatever stands in the cells; the line is where the text of the row begins."""
    import csv
    import io

    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(["a", "b"])
    begins = []
    for row in rows:
        # Lines end as a text file's do: at \r, \n, or both together.
        begins.append(len(out.getvalue().replace("\r\n", "\n").replace("\r", "\n").split("\n")))
        writer.writerow(row)
    _, found = read(tmp_path_factory.mktemp("csv"), out.getvalue())
    assert found == [(line, row, None) for line, row in zip(begins, rows, strict=True)]


def test_many_rows_come_in_order(tmp_path):
    """Batches end and begin without a row lost."""
    _, rows = read(tmp_path, "a,b\n" + "".join(f"{i},x\n" for i in range(1501)))
    assert rows == [(i + 2, [str(i), "x"], None) for i in range(1501)]
