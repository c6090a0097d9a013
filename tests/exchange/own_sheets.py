"""Sheets of people's own, read as an import reads them without a map."""

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from nippo_cli.exchange.cells import CellReader
from nippo_cli.exchange.map_reading import load_map
from nippo_cli.exchange.map_writing import MapWriter
from nippo_cli.exchange.proposing import Understood, understand
from nippo_cli.exchange.recognition import known_columns
from nippo_cli.exchange.row_key import choose_row_key
from nippo_cli.exchange.sampling import take_sample
from nippo_cli.exchange.source import Options, open_source
from nippo_cli.schema.load import load_schema
from nippo_cli.schema.schema import Schema

TODAY = date(2026, 11, 23)
DEFAULT = Path(__file__).parents[2] / "schema.yaml"
SCHEMA = load_schema(DEFAULT.read_text(encoding="utf-8"), "schema.yaml")


def read(tmp_path: Path, text: str, answers=None, schema: Schema = SCHEMA) -> tuple[Understood, str]:
    """What a sheet is taken for, and its map, which must be one that is read."""
    path = tmp_path / "sheet.csv"
    path.write_text(text, encoding="utf-8")
    source = open_source(path, Options(wanted=known_columns()))
    sample = take_sample(source, schema)
    cells = CellReader(schema, TODAY, ZoneInfo("Asia/Tokyo"), frozenset(), defused=False, odd=source.odd)
    taken = understand(sample, cells, answers or {})
    made = MapWriter(sample, taken, cells, exported=TODAY, row_key=choose_row_key(sample, taken, None, {})[0]).text(
        source="sheet"
    )
    load_map(made, "map.yaml")
    return taken, made
