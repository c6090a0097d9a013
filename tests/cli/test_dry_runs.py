"""`--dry-run`: what would happen, and nothing that does."""

from pathlib import Path

import pytest
from shell import FIRST, Shell, files

WRITES = (
    ("add", "案件", "--activity", "電話", "-m", "また話した"),
    ("add", "新案件", *FIRST, "-m", "話した"),
    ("add", "--later", "-m", "書きかけ"),
    ("add", "--from-file", "report.yaml"),
    ("edit", "3", "-m", "聞き違い", "--why", "確認した"),
    ("edit", "3", "--retract"),
    ("edit", "3", "--erase", "--why", "本人の求め"),
    ("undo",),
    ("deal", "rename", "案件", "別名"),
    ("deal", "merge", "切断", "案件"),
    ("deal", "assign", "案件", "鈴木"),
    ("deal", "hold", "案件", "--until", "+7d", "--why", "予算待ち"),
    ("deal", "hold", "検査", "--release"),
    ("sales", "add", "--amount", "100万", "--deal", "案件"),
    ("day", "-m", "疲れた"),
    ("day", "--off", "2026-12-01", "-m", "有給"),
    ("comment", "3", "-m", "競合は?"),
    ("comment", "昨日", "-m", "お疲れさま"),
    ("sales", "match", "13", "案件"),
    ("sales", "match", "13", "案件", "--refuse"),
    ("sales", "retract", "13"),
    ("sales", "import", "sales.csv", "--map", "sales.yaml"),
    ("target", "set", "佐藤", "来月", "100万"),
    ("target", "import", "plan.csv"),
    ("import", "rows.csv", "--map", "map.yaml"),
    ("import", "bad.csv", "--map", "map.yaml", "--on-error", "skip"),
)
MAP = "source: s\non: {column: d, format: '%Y-%m-%d'}\nfields: {activity: {constant: 社内}, facts: f}\n"


@pytest.fixture
def ready(five: Shell, tmp_path: Path) -> Shell:
    """A journal, and the files that the commands name."""
    (tmp_path / "report.yaml").write_text("activity: 社内\nfacts: 打合せ\n", encoding="utf-8")
    (tmp_path / "map.yaml").write_text(MAP, encoding="utf-8")
    (tmp_path / "rows.csv").write_text("d,f\n2026-10-01,打合せ\n", encoding="utf-8")
    (tmp_path / "bad.csv").write_text("d,f\n2026-10-01,打合せ\n2026-99-01,打合せ\n", encoding="utf-8")
    (tmp_path / "sales.csv").write_text("d,c,m\n2026-10-01,青葉,100\n", encoding="utf-8")
    (tmp_path / "sales.yaml").write_text("source: s\non: d\ncustomer: c\namount: m\n", encoding="utf-8")
    (tmp_path / "plan.csv").write_text("owner,month,amount\n佐藤,2026-12,100\n", encoding="utf-8")
    five.done("deal", "hold", "検査", "--until", "+7d", "--why", "棚卸し")
    assert five.done("sales", "add", "--customer", "青葉", "--amount", "1", "--json").json["records"] == ["13"]
    return five


@pytest.mark.parametrize("write", WRITES, ids=" ".join)
def test_a_dry_run_writes_nothing(ready: Shell, tmp_path: Path, write):
    """Every file's bytes and time are as before and none is made; the answer says that it is a dry run. For real, the
    same command changes the journal."""
    before = files(tmp_path)
    assert ready.done(*write, "--dry-run", "--json").json["dry_run"] is True
    ready.done(*write, "--dry-run")
    assert files(tmp_path) == before
    assert ready.done(*write, "--json").json["dry_run"] is False
    assert files(tmp_path)["journal/journal.db"] != before["journal/journal.db"]


def test_a_dry_run_without_a_journal_makes_none(nippo: Shell, tmp_path: Path):
    """Neither the first entry nor `init` leaves a file."""
    nippo.done("add", "案件", *FIRST, "-m", "話した", "--dry-run")
    nippo.done("init", "--template", "minimal", "--dry-run")
    assert list(tmp_path.iterdir()) == []


def test_a_dry_run_keeps_no_draft(ready: Shell, tmp_path: Path):
    """What is refused is refused, exit 3, and nothing is written for that either."""
    before = files(tmp_path)
    assert ready("add", "案件", "--activity", "散歩", "-m", "x", "--dry-run").code == 3
    assert files(tmp_path) == before


def test_a_dry_run_adopts_no_schema(ready: Shell, tmp_path: Path):
    """It judges by the changed file, and the journal still holds the old one."""
    text = ready.schema.read_text(encoding="utf-8")
    ready.schema.write_text(text.replace("label: 訪問", "label: 往訪").replace("[訪問,", "[往訪,"), encoding="utf-8")
    before = files(tmp_path)
    write = ("add", "案件", "--activity", "往訪", "--people", "田中", "-m", "x", "--dry-run")
    assert ready(*write).code == 0
    assert files(tmp_path) == before
    assert ready.done("schema", "show", "--json").json["differs"]


@pytest.mark.parametrize("care", [("backup",), ("restore", "copy.db"), ("doctor", "--rebuild")], ids=" ".join)
def test_a_dry_run_of_care_copies_and_checks_and_leaves_nothing(ready: Shell, tmp_path: Path, care):
    """The copy is made and looked at all the same, elsewhere; the answer says that it was a trial."""
    made = ready.done("backup", "--to", "copies", "--json").json
    Path(made["path"]).rename(tmp_path / "copy.db")
    before = files(tmp_path)
    assert ready.done(*care, "--dry-run", "--json").json["dry_run"] is True
    ready.done(*care, "--dry-run")
    assert files(tmp_path) == before


def test_a_refused_first_entry_leaves_no_journal(nippo: Shell, tmp_path: Path):
    """Only what was typed is kept, as a draft; `schema.yaml` goes as well unless it was there before."""
    assert nippo("add", "案件", "--new-deal", "-m", "話した").code == 3
    assert [p.name for p in tmp_path.rglob("*") if p.name in ("journal.db", "schema.yaml")] == []
    nippo.done("add", "案件", *FIRST, "-m", "話した")
