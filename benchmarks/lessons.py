"""The counts of `nippo lessons` asked of DuckDB over the full history, in its own file, each as a whole process.

    python benchmarks/lessons.py make entries-1000000.csv lessons.duckdb     # the same rows, as a native file
    python benchmarks/lessons.py ask lessons.duckdb fates 2026-07-06         # one answer, and what it took
    python benchmarks/lessons.py hold lessons.duckdb JOURNAL 2026-07-06      # each lesson against each answer

`hold` prints seconds of processor time, the best of five, for whatever else a machine does at the time costs none of it.
Needs `pip install duckdb`, which nippo does not.
"""

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

# A deal's stays, its closing entry, and its head: what each of the counts below stands on.
_LINES = """
with named as (
  select deal, day, id, stage, lag(stage) over (partition by deal order by day, id) as before
  from entry where deal is not null and stage is not null and day <= $day),
stay as (select *, lag(stage) over (partition by deal order by day, id) as came_from from named
  where stage is distinct from before),
closed as (
  select deal, arg_max(stage, (day, id)) as fate, max(day) as closed_on, arg_max(came_from, (day, id)) as died_in,
    arg_max(id, (day, id)) as entry
  from stay where stage in ('受注', '失注') group by deal),
head as (
  select deal, min(day) as began_on, max(day) as last_on, count(*) as contacts,
    arg_max(amount, (day, id)) filter (amount is not null) as amount,
    arg_max(rival, (day, id)) filter (rival is not null) as rival, arg_min(author, (day, id)) as owner
  from entry where deal is not null and day <= $day group by deal)
"""
QUESTIONS = {
    "fates": f"""{_LINES}
select coalesce(c.fate, case when $day::date - h.last_on > 60 then 'fizzled' else 'open' end) as fate,
  coalesce(c.closed_on, $day::date) - h.began_on as days, count(*), sum(h.amount)
from head h left join closed c using (deal) group by 1, 2
""",
    "lost": f"""{_LINES}
, lost as (
  select c.*, h.*, e.reason, c.closed_on - h.began_on as days from closed c join head h using (deal)
  join entry e on e.id = c.entry where c.fate = '失注' and c.closed_on >= $day::date - interval 1 year)
select reason, died_in, owner, rival, count(*), sum(amount), median(days), median(contacts)
from lost group by grouping sets ((reason), (reason, died_in), (died_in), (owner), (rival))
""",
    "confidence": f"""{_LINES}
, ranked as (
  select e.deal, coalesce(arg_max(e.rank, (e.day, e.id)) filter (e.day <= c.closed_on - 30),
    arg_min(e.rank, (e.day, e.id))) as rank
  from entry e join closed c using (deal) where e.rank is not null group by e.deal, c.closed_on)
select r.rank, c.fate, h.owner, count(*) from ranked r join closed c using (deal) join head h using (deal)
group by 1, 2, 3
""",
    # Without the permutations, and with six of the nine figures: what plain SQL counts.
    "contrast": f"""{_LINES}
, ended as (
  select h.deal, coalesce(c.fate, 'fizzled') as fate, h.began_on, coalesce(c.closed_on, h.last_on + 61) as ended_on
  from head h left join closed c using (deal) where c.fate is not null or $day::date - h.last_on > 60),
latest as (
  select * from ended where ended_on - began_on > 60 order by ended_on desc, deal desc limit 2000),
cut as (
  select l.deal, l.fate, l.began_on, e.day, e.id, e.stage, e.closes, e.people, e.next_on,
    e.day - lag(e.day) over w as silent, row_number() over w as nth, lag(e.closes ignore nulls) over w as promised
  from latest l join entry e on e.deal = l.deal and e.day <= l.began_on + 60
  window w as (partition by l.deal order by e.day, e.id)),
figures as (
  select deal, any_value(fate) as fate, max(day - began_on) filter (nth = 2) as second, count(*) / 60 * 30.4 as a_month,
    max(silent) as silence, count(distinct people) as met, count(*) filter (closes > promised) as pushes,
    count(next_on) as steps from cut group by deal)
select fate, count(*), median(second), median(a_month), median(silence), median(met), median(pushes), median(steps)
from figures group by fate
""",
    # One writer's own entries of a year.
    "words": f"""{_LINES}
, told as (
  select deal, day, id, author, facts, impression, next_on, rank, activity,
    lag(facts) over w as before, lag(rank ignore nulls) over w as rank_before, lead(day) over w as met_on
  from entry where deal is not null and day <= $day window w as (partition by deal order by day, id)),
own as (select * from told where author = (select min(author) from entry) and day > $day::date - interval 1 year)
select coalesce(c.fate, 'open'), count(*), count(*) filter (facts = before and length(facts) >= 8),
  count(*) filter (met_on <= next_on), count(*) filter (met_on > next_on), count(*) filter (met_on is null),
  count(*) filter (rank < rank_before and activity = '社内'), count(*) filter (impression like '%前向き%')
from own left join closed c using (deal) group by 1
""",
}


def make(source: Path, target: Path) -> None:
    """A native file of the rows of `generate.py`."""
    import duckdb

    target.unlink(missing_ok=True)
    with duckdb.connect(str(target)) as cx:
        cx.execute(
            "create table entry as select 番号::integer as id, 日付::date as day, nullif(案件, '') as deal,"
            " nullif(フェーズ, '') as stage, try_cast(金額 as bigint) as amount, nullif(担当, '') as author,"
            " nullif(確度, '') as rank, nullif(失注理由, '') as reason, null::varchar as rival,"
            " nullif(受注予定日, '') as closes, nullif(面談者, '') as people, nullif(事実, '') as facts,"
            " nullif(所感, '') as impression, try_cast(次の一手の期日 as date) as next_on, 活動 as activity"
            " from read_csv(?, header = true, all_varchar = true)",
            [str(source)],
        )


def ask(file: Path, question: str, day: str) -> int:
    """How many rows an answer has."""
    import duckdb

    with duckdb.connect(str(file), read_only=True) as cx:
        return len(cx.execute(QUESTIONS[question], {"day": day}).fetchall())


def seconds(argv: list[str], day: str) -> float:
    """The processor time of a process and what it starts, the best of five."""
    environment = os.environ | {"NIPPO_NOW": f"{day}T18:00:00+09:00"}
    times = []
    for _ in range(5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(argv, check=True, stdout=subprocess.DEVNULL, env=environment)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(times)


def hold(file: Path, journal: Path, day: str) -> None:
    """Each lesson against DuckDB's answer to the same question."""
    nippo = [
        sys.executable,
        "-c",
        "from nippo_cli.cli.frame.main import run; run()",
        "--journal",
        str(journal),
        "lessons",
    ]
    for question in QUESTIONS:
        ours = seconds([*nippo, question, "--limit", "20"], day)
        theirs = seconds([sys.executable, __file__, "ask", str(file), question, day], day)
        print(json.dumps({"lesson": question, "nippo": ours, "duckdb": theirs, "ratio": round(ours / theirs, 2)}))


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["make", source, target]:
            make(Path(source), Path(target))
        case ["ask", file, question, day]:
            print(ask(Path(file), question, day))
        case ["hold", file, journal, day]:
            hold(Path(file), Path(journal), day)
        case _:
            print(__doc__)
            sys.exit(2)
