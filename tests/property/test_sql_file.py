"""The tables and views that `nippo export -o diary.sqlite` writes say what the pages say, of any diary and of a damaged one."""

import io
import json
import os
import random
import sqlite3
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import closing, redirect_stderr, redirect_stdout
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

from diary import Diary
from flips import lived
from hypothesis import Phase, given, settings, strategies as st
from story import Story, back, step, values

from nippo_cli.cli.frame.main import main

PHASES = (Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink)
BEGUN = st.lists(st.tuples(st.just("begin"), values, back), min_size=1, max_size=4)
STEPS = st.builds(list.__add__, BEGUN, st.lists(step, max_size=15))
# What a column of the file and a key of `deal list --json` have in common.
OF_A_DEAL = (
    "id", "name", "customer", "owner", "kind", "stage", "outcome", "began_on", "entered_on", "closed_on", "lead_days", "arrival",
    "stay_days", "stalled", "last_contact_on", "silence_days", "amount", "pushes", "pulls", "slip_days", "confidence",
    "next_step", "next_overdue_days", "entries", "contacts", "begin_known",
)  # fmt: skip


def run(journal: Path, today: date, *words: str) -> str:
    """What a command prints."""
    env = {"NIPPO_NOW": f"{today}T18:00:00+09:00", "NIPPO_LANG": "ja", "TZ": "Asia/Tokyo", "NIPPO_AUTHOR": "佐藤"}
    said = io.StringIO()
    with patch.dict(os.environ, env), redirect_stdout(said), redirect_stderr(io.StringIO()) as wrong:
        code = main(["--journal", str(journal), *words])
    assert code in (0, 5), (words, wrong.getvalue())
    assert code == 0 or "不具合" not in wrong.getvalue(), wrong.getvalue()
    return said.getvalue() if not code else ""


def plain(value: object) -> object:
    """A value of JSON as a column holds it: nothing for an empty text, 1 and 0 for yes and no."""
    return int(value) if isinstance(value, bool) else value or None if isinstance(value, str) else value


def rows(file: Path, sql: str) -> list[tuple[object, ...]]:
    """What a question is answered."""
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as cx:
        return [tuple(value or None if isinstance(value, str) else value for value in row) for row in cx.execute(sql)]


def sorted_rows(of: Sequence[Mapping[str, Any]], *keys: str) -> list[tuple[object, ...]]:
    """Those keys of things, by their ids."""
    return sorted((tuple(plain(one[key]) for key in keys) for one in of), key=repr)


def check(journal: Path, today: date, folder: Path) -> bool:
    """All that stands in the file and on the pages; whether the pages could be read."""
    file = folder / "x.sqlite"
    file.unlink(missing_ok=True)
    run(journal, today, "export", "-o", str(file))
    listed = run(journal, today, "deal", "list", "--all", "--limit", "0", "--json")
    log = run(journal, today, "log", "--limit", "0", "--json")
    if not (file.exists() and listed and log):
        return False
    deals, entries = json.loads(listed)["deals"], json.loads(log)["entries"]
    assert sorted(rows(file, f"select {', '.join(OF_A_DEAL)} from deals"), key=repr) == sorted_rows(deals, *OF_A_DEAL)
    live = [deal for deal in deals if deal["outcome"] not in ("won", "lost")]
    assert sorted(rows(file, "select id from open_deals"), key=repr) == sorted_rows(live, "id")
    lost = [deal for deal in deals if deal["outcome"] == "lost"]
    assert sorted(rows(file, "select id, amount from lost_deals"), key=repr) == sorted_rows(lost, "id", "amount")
    own = ("id", "on", "author", "incomplete", "corrected", "snapshot")
    asked = "select id, day, author, incomplete, corrected, snapshot from entries"
    assert sorted(rows(file, asked), key=repr) == sorted_rows(entries, *own)
    values_of = {one["id"]: one["values"] for one in entries}
    assert {id_: json.loads(str(said)) for id_, said in rows(file, "select id, values_json from entries")} == values_of
    summary = json.loads(run(journal, today, "deal", "list", "--summary", "--json"))
    counted = dict(rows(file, "select outcome, count(*) from deals group by outcome"))
    assert {fate: n for fate, n in summary["fates"].items() if n} == counted
    contacts = sum(n for (n,) in rows(file, "select entries from contacts") if isinstance(n, int))
    assert contacts == rows(file, "select count(*) from entries where is_contact")[0][0]
    return True


@settings(max_examples=15, phases=PHASES, deadline=None)
@given(STEPS, st.integers(0, 2), st.sampled_from((0, 90)))
def test_the_file_says_what_the_pages_say(steps: list[tuple[Any, ...]], beside: int, days: int) -> None:
    """Deals begun, merged, corrected, taken back, erased, held, imported, in any order; contacts of no deal; looked at on the
    day, or when nobody has been heard of for long."""
    with tempfile.TemporaryDirectory() as folder:
        diary = Diary(Path(folder) / "j")
        story = Story(diary)
        for what, *said in steps:
            story.tell(what, *said)
        for _ in range(beside):
            diary.add(facts="挨拶", customer="東亜", on=diary.today)
        story.tell("day", days)
        assert check(diary.path.parent, diary.today, Path(folder))


def test_of_a_damaged_journal_it_says_what_the_pages_say(tmp_path: Path) -> None:
    """A flipped bit in the body of a record, which is told there: the file has no more and no less."""
    journal, lot, read = lived(tmp_path), random.Random(20261130), 0
    content = (journal / "journal.db").read_bytes()
    with closing(sqlite3.connect(journal / "journal.db")) as cx:
        bodies = [
            str(body).encode()
            for (body,) in cx.execute("select body from record where kind = 'entry' and body is not null")
        ]
    for body in lot.sample(bodies, 8):
        damaged, at = bytearray(content), content.index(body[:40])
        damaged[at + lot.randrange(40)] ^= 1 << lot.randrange(8)
        (journal / "journal.db").write_bytes(damaged)
        read += check(journal, date(2026, 3, 31), tmp_path)
    assert read >= 6
