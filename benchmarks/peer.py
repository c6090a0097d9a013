"""The stalled question asked of DuckDB: what a columnar database takes for it over the full history, in its own file.

    python benchmarks/peer.py make entries-1000000.csv peer.duckdb     # the same rows, as a native file
    python benchmarks/peer.py ask peer.duckdb 2026-07-06               # the answer, and the seconds that it took

Needs `pip install duckdb`, which nippo does not.
"""

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nippo_cli.schema.schema import Schema

# Every stay of every deal from its entries, then those of live deals that last longer than their norm, with what the page
# tells of each: customer, owner, money, since when, whether that is new, how long silent, what is promised.
STALLED = """
with named as (
  select deal, day, id, stage, lag(stage) over (partition by deal order by day, id) as before
  from entry where deal is not null and stage is not null and day <= $day),
stay as (
  select deal, arg_max(stage, (day, id)) as stage, max(day) as entered_on
  from named where stage is distinct from before group by deal),
live as (select * from stay where stage not in (select stage from closed)),
head as (
  select e.deal, arg_max(e.customer, (e.day, e.id)) filter (e.customer is not null) as customer,
    arg_min(e.author, (e.day, e.id)) as owner,
    arg_max(e.amount, (e.day, e.id)) filter (e.amount is not null) as amount,
    arg_max(e.closes, (e.day, e.id)) filter (e.closes is not null) as closes,
    arg_max(e.kind, (e.day, e.id)) filter (e.kind is not null) as kind,
    coalesce(max(e.day) filter (e.contact), min(e.day)) as heard_on
  from entry e semi join live using (deal) where e.day <= $day group by e.deal)
select s.deal, h.customer, h.owner, s.stage, datediff('day', s.entered_on, $day::date) as stay_days, n.days as norm,
  s.entered_on + n.days + 1 as began_on, began_on >= $day::date - 90 as new,
  datediff('day', h.heard_on, $day::date) as silence_days, h.closes, h.amount
from live s join head h using (deal) join norm n on n.stage = s.stage and n.kind = coalesce(h.kind, '')
where stay_days > n.days order by h.amount desc nulls last, stay_days - n.days desc
"""


def make(source: Path, target: Path) -> None:
    """A native file of the rows of `generate.py`, and the norms of the default schema by stage and kind."""
    import duckdb

    target.unlink(missing_ok=True)
    with duckdb.connect(str(target)) as cx:
        cx.execute(
            "create table entry as select 番号::integer as id, 日付::date as day, nullif(案件, '') as deal,"
            " nullif(フェーズ, '') as stage, try_cast(金額 as bigint) as amount, nullif(案件種別, '') as kind,"
            " nullif(顧客, '') as customer, 担当 as author, try_cast(受注予定日 as date) as closes,"
            " not list_contains($within, 活動) as contact from read_csv($source, header = true, all_varchar = true)",
            {"source": str(source), "within": [a.label for a in _schema().activities if not a.contact]},
        )
        cx.execute("create table norm (stage varchar, kind varchar, days integer)")
        cx.executemany("insert into norm values (?, ?, ?)", _norms())
        cx.execute("create table closed (stage varchar)")
        cx.executemany("insert into closed values (?)", _closed())


def ask(file: Path, day: str) -> tuple[int, float]:
    """How many deals are stalled on a day, and the seconds that the question took in an open file."""
    import duckdb

    with duckdb.connect(str(file), read_only=True) as cx:
        began = time.perf_counter()
        rows = cx.execute(STALLED, {"day": day}).fetchall()
        return len(rows), time.perf_counter() - began


def _closed() -> list[tuple[str]]:
    return [(stage.label,) for stage in _schema().stages if stage.ends or stage.after]


def _norms() -> list[tuple[str, str, int]]:
    schema = _schema()
    return [
        (stage.label, kind.label, kind.norms.get(stage.key, stage.norm or 30))
        for stage in schema.stages
        for kind in schema.kinds
        if not stage.ends and not stage.after and kind.stalls
    ]


def _schema() -> "Schema":
    from nippo_cli.schema.load import load_schema
    from nippo_cli.schema.templates import text_of

    return load_schema(text_of("default"), "schema.yaml")


if __name__ == "__main__":
    what, file, other = sys.argv[1:]
    if what == "make":
        make(Path(file), Path(other))
    else:
        n, seconds = ask(Path(file), other)
        sys.stdout.write(json.dumps({"stalled": n, "seconds": round(seconds, 4)}) + "\n")
