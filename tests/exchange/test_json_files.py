"""JSON and JSONL."""

import pytest

from nippo_cli.exchange.source import Options, SourceRefused, open_source


def read(tmp_path, content, name):
    """The columns, and each row's line, cells and problem key."""
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    source = open_source(path, Options())
    rows = [
        (line, list(cells), batch.broken[place].needs.key if place in batch.broken else None)
        for batch in source.batches()
        for place, (line, cells) in enumerate(zip(batch.lines, batch.rows, strict=True))
    ]
    return source.columns, rows


def test_an_array_of_objects_is_rows(tmp_path):
    """Columns are all keys in order of appearance; a key that is not there is an empty cell."""
    content = '[\n {"a": 1, "b": "x"},\n\n {"b": null, "c": true}\n]\n'
    assert read(tmp_path, content, "rows.json") == (
        ("a", "b", "c"),
        [(2, ["1", "x", ""], None), (4, ["", "", "true"], None)],
    )


def test_numbers_stay_as_they_are_written(tmp_path):
    """No amount is rounded through a float."""
    content = '[{"amount": 0.10, "id": 12345678901234567890, "big": 1e2}]'
    assert read(tmp_path, content, "rows.json")[1] == [(1, ["0.10", "12345678901234567890", "1e2"], None)]


@pytest.mark.parametrize("content", ['{"a": 1}', '["a"]', "[[1]]", "1", '[{"a": 1}] x', '[{"a": 1} {"a": 2}]', "[{"])
def test_what_is_no_array_of_objects_is_refused_with_its_line(tmp_path, content):
    """An object, a list of texts, a list of lists, a number, something after the list, a comma forgotten."""
    with pytest.raises(SourceRefused) as refused:
        read(tmp_path, content, "rows.json")
    assert refused.value.message.params["line"] == 1


@pytest.mark.parametrize("content", ['[{"a": NaN}]', '[{"a": 1, "a": 2}]', "[" * 100_000])
def test_json_that_says_nothing_certain_is_refused(tmp_path, content):
    """NaN, a key given twice, a tower of brackets."""
    with pytest.raises(SourceRefused):
        read(tmp_path, content, "rows.json")


@pytest.mark.parametrize("content", ["[]", "", " \n"])
def test_no_object_is_no_rows(tmp_path, content):
    """An empty list, an empty file."""
    with pytest.raises(SourceRefused):
        read(tmp_path, content, "rows.json")


def test_a_broken_line_is_a_row_that_is_rejected(tmp_path):
    """The lines after it are read; a line separator within a text ends no line."""
    content = '{"a": "x\u2028y"}\n{"a": \n\n[1]\n{"a": 1, "a": 2}\n{"a": "z"}\n'
    columns, rows = read(tmp_path, content, "rows.jsonl")
    assert columns == ("a",)
    assert [(line, problem) for line, _, problem in rows] == [
        (1, None), (2, "exchange.broken_line"), (4, "exchange.broken_line"), (5, "exchange.broken_line"), (6, None),
    ]  # fmt: skip


def test_jsonl_without_an_object_is_refused(tmp_path):
    """A CSV named .jsonl, for one."""
    with pytest.raises(SourceRefused) as refused:
        read(tmp_path, "a,b\n1,2\n", "rows.jsonl")
    assert refused.value.message.key == "exchange.not_objects"
