"""Every cell of the sample's landing from its log alone: SQL over the records' bodies, and nothing that nippo derives of them."""

import io
import sqlite3
from collections import Counter
from contextlib import closing, redirect_stderr, redirect_stdout
from datetime import date
from pathlib import Path

import pytest
from shell import NOW, Shell

from nippo_cli.cli.frame.main import main

# The entries of deals with their last correction, up to a day; what stood of each deal then; the holds of that day.
CELLS = """
with e as materialized (
  select r.id, r.on_date, r.recorded_at, json_extract(r.body, '$.deal') as deal, json_patch(json_extract(r.body, '$.values'),
    coalesce((select json_extract(a.body, '$.values') from record a where a.target = r.id and a.kind = 'amend'
      order by a.id desc limit 1), '{}')) as said
  from record r where r.kind = 'entry' and json_extract(r.body, '$.deal') is not null and r.on_date <= :on),
d as (
  select distinct deal,
    (select json_extract(said, '$.closes') from e x where x.deal = e.deal and json_extract(said, '$.closes') is not null
      order by on_date desc, recorded_at desc, id desc limit 1) as closes,
    (select json_extract(said, '$.amount') from e x where x.deal = e.deal and json_extract(said, '$.amount') is not null
      order by on_date desc, recorded_at desc, id desc limit 1) as amount,
    (select json_extract(said, '$.confidence') from e x where x.deal = e.deal
      and json_extract(said, '$.confidence') is not null order by on_date desc, recorded_at desc, id desc limit 1) as rank,
    (select json_extract(said, '$.stage') from e x where x.deal = e.deal and json_extract(said, '$.stage') is not null
      and json_extract(said, '$.stage') not in ('delivery', 'follow', 'upsell')
      order by on_date desc, recorded_at desc, id desc limit 1) as stage,
    (select min(on_date) from e x where x.deal = e.deal and json_extract(said, '$.stage') = 'won') as won_on,
    coalesce((select max(on_date) from e x where x.deal = e.deal
      and coalesce(json_extract(said, '$.activity'), '') not in ('internal', 'survey', 'missed')), min(on_date)) as met_on,
    (select x.id from e x where x.deal = e.deal and json_extract(said, '$.next_on') is not null
      order by on_date desc, recorded_at desc, id desc limit 1) as next_entry,
    exists (select 1 from record h where h.kind = 'hold' and h.target = e.deal
      and :on between json_extract(h.body, '$.first') and json_extract(h.body, '$.last')) as held
  from e group by deal)
select deal, closes, amount, coalesce(rank, ''), stage, won_on, met_on, held,
  (select substr(json_extract(said, '$.next_on'), -10) from e where e.id = d.next_entry) from d
"""


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The journal of `nippo demo`."""
    folder = tmp_path_factory.mktemp("log") / "sample"
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        patch.setenv("NIPPO_NOW", NOW)
        assert main(["demo", "--lang", "ja", "--keep", str(folder)]) == 0
    return folder


def cells_of(journal: Path, on: str, quiet: int) -> tuple[Counter[tuple[str, str, str]], Counter[str]]:
    """What stands of live deals by month (or `overdue`, `undated`), state and rank, and the orders of each month, by the log alone."""
    cells: Counter[tuple[str, str, str]] = Counter()
    ordered: Counter[str] = Counter()
    with closing(sqlite3.connect(f"{(journal / 'journal.db').as_uri()}?mode=ro", uri=True)) as cx:
        rows = cx.execute(CELLS, {"on": on}).fetchall()
    for _, closes, amount, rank, stage, won_on, met_on, held, next_on in rows:
        if stage == "won":
            ordered[won_on[:7]] += amount or 0
        if stage in ("won", "lost"):
            continue
        silent = (date.fromisoformat(on) - date.fromisoformat(met_on)).days
        state = "on_hold" if held else "fizzled" if silent > quiet and (next_on or "") < on else "live"
        last = closes[-10:] if closes else ""
        month = "undated" if not last else "overdue" if last < on else last[:7]
        cells[month, state, rank if state == "live" and month[:2] == "20" else ""] += amount or 0
    return cells, ordered


@pytest.mark.parametrize("on", ["2026-11-23", "2026-10-31", "2026-08-31"])
def test_every_cell_is_what_the_log_says(nippo: Shell, sample: Path, on: str) -> None:
    """Of the fiscal half around each day: each month's orders, each rank's live money, what is on hold and what has gone quiet; what lies
    outside, overdue or undated."""
    nippo.journal = sample
    page = nippo.done("landing", "--half", "--as-of", on, "--json").json
    quiet = nippo.done("gap", "fizzled", "--as-of", on, "--json").json["quiet"]["days"]
    cells, ordered = cells_of(sample, on, quiet)
    shown: Counter[tuple[str, str, str]] = Counter()
    for one in page["months"]:
        assert one["ordered"] == ordered[one["month"]], one["month"]
        for cell in one["by_rank"]:
            shown[one["month"], "live", cell["rank"] or ""] += cell["amount"]
        for state in ("on_hold", "fizzled"):
            shown[one["month"], state, ""] += one[state]
    months = {one["month"] for one in page["months"]}
    outside = page["outside"]
    beside = {one["month"]: one for one in outside["months"]} | {name: outside[name] for name in ("overdue", "undated")}
    for name, one in beside.items():
        for state in ("live", "on_hold", "fizzled"):
            shown[name, state, ""] += one[state]
    said: Counter[tuple[str, str, str]] = Counter()
    for (month, state, rank), amount in cells.items():
        said[month, state, rank if month in months else ""] += amount
    assert +shown == +said
    assert sum(shown.values()) > 100_000_000
