"""An import in two processes is the import in one: the same records, projections, rejects, and the same end."""

import multiprocessing
import os
import shutil
import signal
from datetime import UTC, datetime
from multiprocessing import resource_tracker
from multiprocessing.spawn import get_executable, set_executable

import pytest
from derived import kept, rebuilt, rows

from nippo_cli.base.places import Places
from nippo_cli.base.worker import WorkerLost
from nippo_cli.journal.derive import building
from nippo_cli.journal.write.opening import create
from nippo_cli.services.context.workspace import Workspace
from nippo_cli.services.imports import entries as importing, intake, row_count

SCHEMA = """\
nippo: 1
name: t
stages:
  - {key: lead, label: 引合い}
  - {key: quote, label: 見積}
  - {key: won, label: 受注, ends: won}
  - {key: lost, label: 失注, ends: lost}
kinds: [{key: new, label: 新規}, {key: parts, label: 部品}]
fields:
  - {key: deal, label: 案件, type: deal, role: deal}
  - {key: customer, label: 顧客, type: customer, role: customer, required: true}
  - {key: kind, label: 案件種別, type: choice, role: kind, default: new}
  - {key: stage, label: フェーズ, type: choice, role: stage}
  - {key: facts, label: 事実, type: text, role: facts, required: true}
  - {key: amount, label: 金額, type: money, role: amount}
"""
MAP = """\
source: crm
skip_when: [{段階: 除外}]
on: 日付
deal: 案件
fields: {customer: 会社, stage: 段階, facts: 内容, amount: 金額}
"""
DAYS = tuple(f"2026-{month:02d}-{day:02d}" for month in range(1, 10) for day in (3, 11, 27))
# So that a batch of rows is more than a pipe holds.
LONG = "とても長い話" * 60


def line(n: int) -> str:
    """A row of one of forty deals; every 50th is broken, every 70th left out, and only a deal's first names whom."""
    day = "いつか" if n % 50 == 49 else DAYS[n % len(DAYS)]
    stage = "除外" if n % 70 == 69 else ("引合い", "見積", "受注")[n % 3]
    customer = f"株式会社{n % 40}" if n < 40 else ""
    return f'{day},案件{n % 40},{customer},{stage},"話を{n}回\n聞いた{LONG}",{n}万'


class Imported:
    """A journal of its own, and what one import into it told."""

    def __init__(self, folder) -> None:
        folder.mkdir()
        self.db = folder / "journal.db"
        (folder / "schema.yaml").write_text(SCHEMA, encoding="utf-8")
        (folder / "map.yaml").write_text(MAP, encoding="utf-8")
        (folder / "rows.csv").write_text(
            "\n".join(("日付,案件,会社,段階,内容,金額", *map(line, range(2000)), "")), encoding="utf-8"
        )
        create(self.db, time_zone="Asia/Tokyo", now="2026-11-23T09:00:00.000Z")
        self.folder = folder

    def bring_in(self, on_error="skip", progress=None, author="佐藤"):
        """The file, once."""
        places = Places(journal_db=self.db, schema=self.folder / "schema.yaml", state=self.folder)
        workspace = Workspace(places, datetime(2026, 11, 23, 9, tzinfo=UTC), author=author)
        return importing.import_file(
            workspace,
            str(self.folder / "rows.csv"),
            str(self.folder / "map.yaml"),
            on_error=on_error,
            progress=progress,
        )

    def told(self, report):
        """A report as far as it hangs on what was in the file."""
        return report._replace(file="", map="", rejects_file="")

    def log(self):
        """Every record but for what is random."""
        return rows(self.db, "select id, kind, author, known_on, on_date, source_key, body from record where id > 1")


@pytest.fixture
def in_two(monkeypatch):
    """However small the file: a second process reads it and helps to fold."""
    monkeypatch.setattr(intake, "_WORTH_BYTES", 0)
    monkeypatch.setattr(building, "_WORTH_DEALS", 0)
    monkeypatch.setattr(building, "_DEALS_A_CHUNK", 3)
    monkeypatch.setattr(row_count, "PROGRESS_EVERY", 1)


def test_two_processes_make_what_one_makes(tmp_path, request):
    """The same log, projections and rejects, in the file's order; again when the same file comes a second time."""
    one, two = Imported(tmp_path / "one"), Imported(tmp_path / "two")
    alone = [one.bring_in(), one.bring_in()]
    request.getfixturevalue("in_two")
    both = [two.bring_in(), two.bring_in()]
    assert list(map(one.told, alone)) == list(map(two.told, both))
    assert (alone[0].rejected, alone[0].skipped, alone[1].taken) == (35, 28, 0)
    assert [r.line for r in both[0].rejects] == sorted(r.line for r in both[0].rejects)
    assert one.log() == two.log()
    assert kept(two.db) == rebuilt(two.db)
    rejects = [(each.folder / "rows.csv.rejects.csv").read_bytes() for each in (one, two)]
    assert rejects[0] == rejects[1]


@pytest.mark.parametrize("changes", ["", "customer: change\n"])
def test_two_processes_know_whose_a_deal_is(tmp_path, request, changes):
    """Rows of several customers under one name, in the first import and in the second, which finds most of them known."""
    one, two = Imported(tmp_path / "one"), Imported(tmp_path / "two")
    told = []
    for journal in (one, two):
        if journal is two:
            request.getfixturevalue("in_two")
        (journal.folder / "map.yaml").write_text(MAP + changes, encoding="utf-8")
        for last in (600, 900):
            rest = [
                f"{DAYS[n % len(DAYS)]},案件{n % 40},株式会社{n % 37 // 12},引合い,話{n},{n}万" for n in range(last)
            ]
            text = "\n".join(("日付,案件,会社,段階,内容,金額", *rest, ""))
            (journal.folder / "rows.csv").write_text(text, encoding="utf-8")
            told.append(journal.told(journal.bring_in()))
        assert kept(journal.db) == rebuilt(journal.db)
    assert told[:2] == told[2:]
    assert one.log() == two.log()
    first, again = told[:2]
    pairs = {(n % 40, n % 37 // 12) for n in range(600)}
    assert (first.new_deals, bool(first.customers_changed)) == ((40, True) if changes else (len(pairs), False))
    assert (first.rejected, again.known) == (0, first.taken)


@pytest.mark.parametrize("processes", [1, 2])
def test_progress_is_told_at_the_same_rows_whether_any_was_rejected(tmp_path, request, monkeypatch, processes):
    """Batches that are taken whole are counted whole."""
    if processes == 2:
        request.getfixturevalue("in_two")
    monkeypatch.setattr(row_count, "PROGRESS_EVERY", 700)
    journal, told = Imported(tmp_path / "one"), []
    good = [f"{DAYS[n % len(DAYS)]},案件{n % 40},株式会社{n % 40},引合い,話{n},{n}万" for n in range(2200)]
    good[1500] = "いつか,案件1,株式会社1,引合い,話,1万"
    (journal.folder / "rows.csv").write_text("\n".join(("日付,案件,会社,段階,内容,金額", *good, "")), encoding="utf-8")
    report = journal.bring_in(progress=lambda *counts: told.append(counts))
    assert told == [(700, 699, 0), (1400, 1399, 0), (2100, 2098, 1)]
    assert (report.rows, report.taken, report.entries, report.rejected) == (2200, 2199, 2199, 1)


@pytest.mark.parametrize("processes", [1, 2])
def test_a_file_without_authors_is_known_again(tmp_path, request, processes):
    """Whoever brings it in the second time, and though the deals have their defaults by now."""
    if processes == 2:
        request.getfixturevalue("in_two")
    journal = Imported(tmp_path / "one")
    taken = journal.bring_in().taken
    again = journal.bring_in(author="鈴木")
    assert (again.taken, again.known) == (0, taken)


@pytest.mark.usefixtures("in_two")
@pytest.mark.skipif(not shutil.which("false"), reason="no program that only fails")
def test_where_no_second_python_starts_one_does_everything(tmp_path):
    """Reading and building."""
    # Python's own helper of spawned processes starts once for all that follow, and not from what only fails.
    resource_tracker.ensure_running()
    python = get_executable()
    set_executable(shutil.which("false"))
    try:
        one = Imported(tmp_path / "one")
        assert one.bring_in().taken == 1937
    finally:
        set_executable(python)
    assert kept(one.db) == rebuilt(one.db)


@pytest.mark.usefixtures("in_two")
def test_a_row_that_fails_stops_an_import_in_two(tmp_path):
    """Every row is judged, and nothing is written."""
    journal = Imported(tmp_path / "one")
    report = journal.bring_in(on_error="stop")
    assert (report.rows, report.rejected, report.stopped) == (2000, 35, True)
    assert rows(journal.db, "select count(*) from entry") == [(0,)]


@pytest.mark.usefixtures("in_two")
@pytest.mark.parametrize("nth", [1, 600])
def test_a_reader_that_is_killed_leaves_nothing(tmp_path, nth):
    """It is an error that says so; what had been written is taken back."""
    journal = Imported(tmp_path / "one")

    def kill(read, *_):
        if read == nth:
            for child in multiprocessing.active_children():
                os.kill(child.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
                child.join()

    with pytest.raises(WorkerLost):
        journal.bring_in(progress=kill)
    assert rows(journal.db, "select count(*) from entry") == [(0,)]
    assert kept(journal.db) == rebuilt(journal.db)


@pytest.mark.usefixtures("in_two")
def test_an_interrupt_leaves_no_row_and_no_process(tmp_path):
    """Ctrl-C in the middle of it."""
    journal = Imported(tmp_path / "one")

    def interrupt(read, *_):
        if read == 700:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        journal.bring_in(progress=interrupt)
    assert multiprocessing.active_children() == []
    assert rows(journal.db, "select count(*) from entry") == [(0,)]
