"""What people write in place of a cell, and rows that go on with the one above: written out before anything reads them."""

from collections.abc import Iterator, Sequence

import pytest

from nippo_cli.exchange.sheet_rows import written_out
from nippo_cli.exchange.source import Batch, HeaderPlace, SheetPlace


class Rows:
    """An open file with these rows, so many in a batch."""

    columns = ("得意先", "担当", "備考")
    heading, sheet, encoding, odd, sha256 = HeaderPlace(1), SheetPlace(), "utf-8", False, ""

    def __init__(self, rows: Sequence[Sequence[str]], *, batch: int = 500, delimiter: str = ",") -> None:
        self._rows, self._batch, self.delimiter = rows, batch, delimiter

    def batches(self) -> Iterator[Batch]:
        """So many at a time, the first on line 2."""
        for first in range(0, len(self._rows), self._batch):
            some = self._rows[first : first + self._batch]
            yield Batch(range(first + 2, first + 2 + len(some)), some, {})


def said(source: Rows, **how: object) -> list[list[str]]:
    """Every row."""
    return [list(row) for batch in written_out(source, **how) for row in batch.rows]


@pytest.mark.parametrize("batch", [1, 2, 500])
@pytest.mark.parametrize("mark", ["〃", "″", "仝", "同上"])
def test_a_mark_says_what_stands_above(mark: str, batch: int):
    """However many stand below each other, wherever a batch ends; an empty cell stays empty."""
    rows = [["甲社", "佐藤", "a"], [mark, "", "b"], [mark, mark, ""], ["乙社", mark, f"{mark}の件"]]
    assert said(Rows(rows, batch=batch)) == [
        ["甲社", "佐藤", "a"], ["甲社", "", "b"], ["甲社", "佐藤", ""], ["乙社", "佐藤", f"{mark}の件"],
    ]  # fmt: skip


@pytest.mark.parametrize("batch", [1, 2, 500])
def test_a_mark_set_in_the_middle_of_its_cell_says_the_same(batch: int):
    """Blanks around it are the sheet's looks."""
    rows = [["甲社", "佐藤", "a"], ["　〃", " 〃　", "b"]]
    assert said(Rows(rows, batch=batch)) == [["甲社", "佐藤", "a"], ["甲社", "佐藤", "b"]]


@pytest.mark.parametrize("batch", [1, 2, 500])
@pytest.mark.parametrize("between", [["小計", "", "2件"], ["", "小計", ""], ["得意先", "担当", "備考"]])
def test_a_mark_below_a_sum_or_the_header_of_the_next_page_says_what_the_last_row_says(batch: int, between: list[str]):
    """Else the row would be left out as a sum, or its customer be called like the column."""
    rows = [["甲社", "佐藤", "a"], between, ["〃", "〃", "b"]]
    assert said(Rows(rows, batch=batch))[-1] == ["甲社", "佐藤", "b"]


@pytest.mark.parametrize("batch", [1, 2, 500])
@pytest.mark.parametrize("broken", [[], ["甲社", "佐藤", "a", "b"]])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_row_of_another_width_is_handed_on_as_it_is(batch: int, broken: list[str], place: int):
    """What can't be read has no cells, and is rejected later; so is one that says more than there are columns."""
    rows = [["甲社", "佐藤", "a"], ["乙社", "村井", "b"]]
    rows.insert(place, broken)
    assert said(Rows(rows, batch=batch)) == rows


@pytest.mark.parametrize("rating", ["平均", "Average"])
def test_what_is_average_is_no_sum_where_it_is_not_a_rows_first_word(rating: str) -> None:
    """A mark stands for the row just above it, whatever somebody thinks of that one's deal."""
    rows = [["甲社", "佐藤", "良い"], ["乙社", "鈴木", rating], ["〃", "〃", "c"]]
    assert said(Rows(rows))[2] == ["乙社", "鈴木", "c"]


@pytest.mark.parametrize("average", ["平均", "Average", "訪問件数"])
def test_an_average_below_is_not_what_a_mark_stands_for(average: str) -> None:
    """Nobody means a row that sums up."""
    rows = [["甲社", "佐藤", "a"], [average, "3", "b"], ["〃", "〃", "c"]]
    assert said(Rows(rows))[2] == ["甲社", "佐藤", "c"]


def test_a_mark_below_a_row_that_can_not_be_read_stays():
    """What it stands for is in that row."""
    rows = [["甲社", "佐藤", "a"], [], ["〃", "", "b"]]
    assert said(Rows(rows)) == rows


def test_a_mark_with_nothing_above_it_stays(tmp_path):
    """Nobody knows what it stands for."""
    assert said(Rows([["〃", "", ""]])) == [["〃", "", ""]]


def test_a_file_of_nippos_own_and_one_that_is_no_sheet_are_as_they_stand():
    """There the mark is what somebody wrote."""
    rows = [["甲社", "佐藤", "a"], ["〃", "", "b"]]
    assert said(Rows(rows), exact=True) == said(Rows(rows, delimiter="")) == rows


@pytest.mark.parametrize("batch", [1, 2, 500])
def test_a_row_that_fills_in_a_remark_alone_goes_on_with_the_row_above(batch: int):
    """Blank rows between them or not; each row has the line that it begins on."""
    rows = [["甲社", "佐藤", "a"], ["", "", "b"], ["", "", ""], ["", "", "c"], ["乙社", "", ""], ["", "", "d"]]
    batches = list(written_out(Rows(rows, batch=batch), goes_on=[2]))
    assert [list(row) for one in batches for row in one.rows] == [["甲社", "佐藤", "a\nb\nc"], ["乙社", "", "d"]]
    assert [line for one in batches for line in one.lines] == [2, 6]
