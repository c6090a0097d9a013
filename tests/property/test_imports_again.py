"""Whatever is imported, exported, edited, written by hand and taken back by its number: the journal has what a plain model says."""

import csv
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from derived import kept, rebuilt
from hypothesis import given, settings, strategies as st

from nippo_cli.base.errors import UsageError
from nippo_cli.base.ids import show_id
from nippo_cli.base.places import Places
from nippo_cli.journal.read.reader import reading
from nippo_cli.journal.write.opening import create
from nippo_cli.line.facts import AsOf
from nippo_cli.services.context.report import Report
from nippo_cli.services.context.workspace import Workspace
from nippo_cli.services.imports import entries as importing
from nippo_cli.services.writing import record, undo as taking_back

SCHEMA = """\
nippo: 1
name: t
stages: [{key: lead, label: 引合い}, {key: won, label: 受注, ends: won}, {key: lost, label: 失注, ends: lost}]
fields:
  - {key: deal, label: 案件, type: deal, role: deal}
  - {key: customer, label: 顧客, type: customer, role: customer}
  - {key: stage, label: フェーズ, type: choice, role: stage}
  - {key: facts, label: 事実, type: text, role: facts}
"""
MAP = "source: crm\nkey: ID\non: 日\ndeal: 案\nfields: {customer: 客, facts: 事}\n"
WHOSE = {"甲": "A社", "乙": "B社"}
POLICY = st.sampled_from(["reject", "amend", "amend", "add"])
FACTS = st.sampled_from(["x", "y", "z"])
DAYS = st.sampled_from(["2026-11-01", "2026-11-09", "2026-11-20"])
ROWS = st.dictionaries(st.integers(1, 4), st.tuples(DAYS, FACTS), min_size=1)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("bring_in"), ROWS, POLICY),
        st.tuples(st.just("bring_in"), ROWS, POLICY),
        st.tuples(st.just("hand"), st.sampled_from(sorted(WHOSE)), FACTS),
        st.tuples(st.just("export_again"), st.dictionaries(st.integers(0, 5), FACTS, max_size=3), POLICY),
        st.tuples(st.just("undo"), st.integers(0, 5)),
    ),
    min_size=2,
    max_size=9,
)  # fmt: skip


@dataclass(eq=False)
class Entry:
    """An entry as the model has it: what its source first said, and who corrected what since: the correction's import, whether
    the CRM said it, and the parts that it changes. `edited` is the entry that an edited row of the export stands beside."""

    deal: str
    key: int | None
    batch: int | None
    first: tuple[str, str]
    corrections: list[tuple[int, bool, dict[int, str]]] = field(default_factory=list)
    edited: "Entry | None" = None

    def versions(self, *, of_crm: bool = False) -> list[tuple[str, str]]:
        """What it said, one after another, or what the CRM had made of it."""
        said = [self.first]
        for _, crm, changes in self.corrections:
            if crm or not of_crm:
                said.append((changes.get(0, said[-1][0]), changes.get(1, said[-1][1])))
        return said

    def held_against(self, row: tuple[str, str], *, own: bool) -> dict[int, str]:
        """What a row changes; nothing where it is known."""
        now, base = self.versions()[-1], self.versions(of_crm=not own)[-1]
        if row in (self.versions() if own else (now, base)):
            return {}
        return {part: row[part] for part in (0, 1) if row[part] not in (now[part], base[part])}


class World:
    """A journal, and the entries that it ought to have."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.db, self.tick = folder, folder / "journal.db", 0
        (folder / "schema.yaml").write_text(SCHEMA, encoding="utf-8")
        (folder / "map.yaml").write_text(MAP, encoding="utf-8")
        create(self.db, time_zone="Asia/Tokyo", now="2026-11-01T00:00:00.000Z")
        self.entries: list[Entry] = []
        self.batches: list[int] = []

    @property
    def workspace(self) -> Workspace:
        """A later command's."""
        self.tick += 1
        places = Places(journal_db=self.db, schema=self.folder / "schema.yaml", state=self.folder / "state")
        return Workspace(places, datetime(2026, 11, 23, 9, tzinfo=UTC) + timedelta(seconds=self.tick), author="佐藤")

    def bring_in(self, rows: dict[int, tuple[str, str]], policy: str) -> None:
        """A file of the CRM, its keys in their order."""
        deals = sorted(WHOSE)
        lines = [
            f"{key},{on},{deals[key % 2]},{WHOSE[deals[key % 2]]},{facts}" for key, (on, facts) in sorted(rows.items())
        ]
        (self.folder / "rows.csv").write_text("\n".join(("ID,日,案,客,事", *lines, "")), encoding="utf-8")
        report = importing.import_file(
            self.workspace,
            str(self.folder / "rows.csv"),
            str(self.folder / "map.yaml"),
            on_error="stop",
            changed=policy,
        )
        wanted = [
            ([e for e in self.entries if e.key == key], key, deals[key % 2], row) for key, row in sorted(rows.items())
        ]
        self._take(report, policy, wanted, own=False)

    def export_again(self, edits: dict[int, str], policy: str) -> None:
        """The journal's own export, with the facts of some entries edited."""
        if not self.entries:
            return
        # What was imported once is not written over.
        out = Path(tempfile.mkdtemp(dir=self.folder)) / "out"
        importing.export_to(self.workspace, str(out))
        path = out / "entries.csv"
        with path.open(encoding="utf-8-sig", newline="") as file:
            table = list(csv.DictReader(file))
        order = sorted(self.entries, key=lambda e: (e.versions()[-1][0], self.entries.index(e)))
        wanted = []
        for place, (row, entry) in enumerate(zip(table, order, strict=True)):
            row["facts"] = edits.get(place, row["facts"])
            beside = [one for one in self.entries if one.edited is entry]
            wanted.append(([*beside, entry], None, entry.deal, (row["on"], row["facts"])))
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, list(table[0]))
            writer.writeheader()
            writer.writerows(table)
        report = importing.import_file(
            self.workspace, str(path), str(out / "import.yaml"), on_error="stop", changed=policy
        )
        self._take(report, policy, wanted, own=True)

    def _take(self, report: Any, policy: str, wanted: list[Any], *, own: bool) -> None:
        """What the model makes of rows, each with the entries that its key stands for; and whether the report says the same."""
        changes = [
            {}
            if not of or any(not entry.held_against(row, own=own) for entry in of)
            else of[-1].held_against(row, own=own)
            for of, _, _, row in wanted
        ]
        known = [bool(of) and not change for (of, *_), change in zip(wanted, changes, strict=True)]
        assert report.known == sum(known)
        if policy == "reject" and any(changes):
            assert (report.stopped, report.rejected) == (True, sum(map(bool, changes)))
            return
        assert (report.stopped, report.taken) == (False, known.count(False))
        if all(known):
            assert report.batch is None
            return
        self.batches.append(report.batch)
        for (of, key, deal, row), change in zip(wanted, changes, strict=True):
            if change and policy == "amend":
                of[-1].corrections.append((report.batch, not own, change))
            elif change or not of:
                self.entries.append(Entry(deal, key, report.batch, row, edited=of[-1] if own else None))

    def hand(self, deal: str, facts: str) -> None:
        """An entry by hand, of a deal that is there or begins."""
        new = all(entry.deal != deal for entry in self.entries)
        record.add(self.workspace, Report({"facts": facts, "customer": WHOSE[deal]}, deal, "2026-11-15", new_deal=new))
        self.entries.append(Entry(deal, None, None, ("2026-11-15", facts)))

    def undo(self, pick: int) -> None:
        """An import taken back by its number, unless a later one corrected what it brought in."""
        if not self.batches:
            return
        batch = self.batches[pick % len(self.batches)]
        own = [entry for entry in self.entries if entry.batch == batch]
        in_way = any(by != batch for entry in own for by, *_ in entry.corrections)
        try:
            taking_back.undo_import(self.workspace, show_id(batch))
        except UsageError:
            assert in_way
            return
        assert not in_way
        self.batches.remove(batch)
        self.entries = [entry for entry in self.entries if entry.batch != batch]
        for entry in self.entries:
            entry.corrections = [one for one in entry.corrections if one[0] != batch]

    def check(self) -> None:
        """The journal's entries and deals are the model's."""
        with reading(self.db) as reader:
            log = reader.log(AsOf(datetime(2026, 11, 24, tzinfo=UTC).date())).entries
            stands = sorted((v.id, v.on.isoformat(), v.values["facts"], v.deal.name) for v in log if v.deal)
            deals = {head.name for head in reader.heads(AsOf(datetime(2026, 11, 24, tzinfo=UTC).date()))}
        assert sorted(one[1:] for one in stands) == sorted((*e.versions()[-1], e.deal) for e in self.entries)
        assert deals == {entry.deal for entry in self.entries}


@settings(max_examples=12)
@given(STEPS)
def test_imports_made_again_and_taken_back(steps: list[tuple[Any, ...]]) -> None:
    """After each command; at the end what is kept is what a rebuild makes."""
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder))
        for step in steps:
            getattr(world, step[0])(*step[1:])
            world.check()
        assert kept(world.db) == rebuilt(world.db)
