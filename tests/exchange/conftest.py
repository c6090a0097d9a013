"""The way from a file's text through a map to what becomes of each row."""

import pytest
from rows import AGREEMENT, MAP, TODAY, drafts, write

from nippo_cli.exchange.drafts import Import
from nippo_cli.exchange.map_reading import load_map
from nippo_cli.exchange.source import open_source


@pytest.fixture
def run(tmp_path):
    """Text (or bytes) and a map → what becomes of each row."""

    def run(content, map_text=MAP, *, name="rows.csv", of_journal=None, encoding="", time_zone="Asia/Tokyo"):
        path = write(tmp_path, content, name)
        found = load_map(map_text, "import.yaml")
        source = open_source(path, found.options(encoding))
        return list(drafts(source, Import(found, AGREEMENT, TODAY, time_zone, of_journal)))

    return run
