"""The benchmarks' data: the same each time, true to the default schema, and readable by its own map."""

import csv
import importlib.util
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from nippo_cli.exchange.map_reading import load_map_file
from nippo_cli.line.checked_entry import checker
from nippo_cli.schema.load import load_schema, read_text

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "generate.py"
SIZE = 4000


@pytest.fixture(scope="module")
def generator():
    """The script as a module; benchmarks are no package."""
    spec = importlib.util.spec_from_file_location("benchmarks_generate", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def folder(generator, tmp_path_factory):
    """A small diary, its map and its schema."""
    found = tmp_path_factory.mktemp("data")
    generator.generate(SIZE, found)
    return found


def test_the_same_size_and_seed_make_the_same_file(generator, folder, tmp_path):
    """Two runs on two machines measure the same work."""
    generator.generate(SIZE, tmp_path)
    name = f"entries-{SIZE}.csv"
    assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()


def test_the_data_has_the_shape_that_is_promised(generator, tmp_path):
    """N rows, about N / 10 deals, about 8 % of them live at the end."""
    made = generator.generate(20_000, tmp_path)
    assert made.rows == 20_000
    assert 1_700 <= made.deals <= 2_300
    assert 0.06 <= made.live / made.deals <= 0.11


def test_every_row_keeps_the_default_schema(folder):
    """No row is rejected: what is measured is the whole way of a good row."""
    schema = load_schema(read_text(folder / "schema.yaml"), "schema.yaml")
    mapped = load_map_file(folder / "import.yaml").entries[0].fields
    judge = checker(schema, date(2026, 11, 24))
    standing: dict[str, dict[str, Any]] = defaultdict(dict)
    with (folder / f"entries-{SIZE}.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            has = standing[row["案件"]] if row["案件"] else {}
            raw = {key: row[pick.columns[0]] for key, pick in mapped.items()}
            values, problems = judge.check(raw, has)
            assert not problems, (row, problems)
            has |= {key: values[key] for key in ("customer", "kind", "amount", "closes", "confidence") if key in values}
