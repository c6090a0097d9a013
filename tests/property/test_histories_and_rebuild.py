"""Whatever is written, in whatever order: what is kept step by step is what the log says."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

from derived import kept, rebuilt, rows
from diary import FIRST, Diary
from hypothesis import given, strategies as st
from script import DAYS, STEPS, VALUES, Script

from nippo_cli.journal.derive.heads import stored_line
from nippo_cli.journal.derive.points import earlier_statements, points_of
from nippo_cli.journal.log import POINTS
from nippo_cli.journal.log.schema_migrator import SchemaMigrator
from nippo_cli.journal.log.versions import Batches
from nippo_cli.line.facts import DealRecord
from nippo_cli.line.history import build_history


@contextmanager
def journal() -> Iterator[Diary]:
    """A journal in a folder of its own; hypothesis runs many in one test."""
    with tempfile.TemporaryDirectory() as folder:
        yield Diary(Path(folder) / "j")


@given(STEPS)
def test_what_is_kept_is_what_a_rebuild_makes(steps):
    """Every table, row by row, after corrections, merges, imports, erasures and their undoing."""
    with journal() as diary:
        script = Script(diary)
        for step in steps:
            script.run(step)
        assert kept(diary.path) == rebuilt(diary.path)


@given(st.lists(st.tuples(DAYS, VALUES), min_size=1, max_size=8), st.data())
def test_a_line_is_the_fold_of_all_its_points(entries, data):
    """However the entries came in, in one command or in many, oldest first or not."""
    cuts = data.draw(st.sets(st.integers(1, len(entries))))
    with journal() as diary:
        start = 0
        deal = None
        for cut in sorted(cuts | {len(entries)}):
            with diary.write() as writer:
                deal = deal or writer.begin_deal("案件")
                for on, values in entries[start:cut]:
                    writer.add_entry(FIRST + timedelta(days=on), values, deal=deal)
            start = cut
        cx = diary.open()
        line, lens = stored_line(cx, deal), SchemaMigrator(cx)
        batches, schema = Batches(cx), lens.schema
        found = points_of(cx.execute(POINTS, (deal,)), lambda entry: earlier_statements(cx, entry, lens, batches))
        cx.close()
        assert [p.on for p in found] == sorted(FIRST + timedelta(days=on) for on, _ in entries)
        assert line == build_history(DealRecord(deal, "案件"), found, schema)


@given(st.lists(st.tuples(DAYS, VALUES), min_size=1, max_size=6))
def test_the_newest_date_that_touches_a_deal_bounds_it(entries):
    """On a later day than that, the stored row is what any past page would show."""
    with journal() as diary:
        with diary.write() as writer:
            deal = writer.begin_deal("案件")
            for on, values in entries:
                writer.add_entry(FIRST + timedelta(days=on), values, deal=deal)
        newest = max(*(FIRST + timedelta(days=on) for on, _ in entries), date(2026, 1, 5))
        assert rows(diary.path, "select last_event_on from deal") == [(newest.isoformat(),)]
