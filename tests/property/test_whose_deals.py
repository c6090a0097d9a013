"""Whatever is written, typed or imported, by name or by a key, corrected, billed to others, merged, renamed and taken back, deals and
customers: no contact is in another customer's deal than the one that it was said at, unless an answer told so."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from derived import rows
from hypothesis import example, given, settings, strategies as st

from nippo_cli.base.errors import NippoError
from nippo_cli.base.ids import show_id
from nippo_cli.base.places import Places
from nippo_cli.base.text import normal_form
from nippo_cli.journal.write.opening import create
from nippo_cli.results.care import ImportReport
from nippo_cli.services.context.report import Report
from nippo_cli.services.context.workspace import Workspace
from nippo_cli.services.imports import entries as importing
from nippo_cli.services.writing import amend, customers, deals as deal_care, record, undo as taking_back
from nippo_cli.services.writing.recall import like

SCHEMA = """\
nippo: 1
name: t
stages: [{key: lead, label: 引合い}, {key: won, label: 受注, ends: won}, {key: lost, label: 失注, ends: lost}]
fields:
  - {key: deal, label: 案件, type: deal, role: deal}
  - {key: customer, label: 顧客, type: customer, role: customer}
  - {key: billed_to, label: 請求先, type: customer, role: billed_to}
  - {key: stage, label: フェーズ, type: choice, role: stage}
  - {key: facts, label: 事実, type: text, role: facts}
"""
MAP = "source: t\non: 日\ndeal: 案\nfields: {customer: 客, billed_to: 請, facts: 事}\n"
# Rows that a system knows by a number, which say of their deals what they say today; and its deals by a key.
KEYED = MAP.replace("on:", "key: 番\nchanged: amend\non:").replace("source: t", "source: k")
BY_KEY = MAP.replace("deal: 案", "deal: {column: 案, key: 鍵}").replace("source: t", "source: d")
NAMES = st.sampled_from(["更新", "ＭＡ", "ma", "トナー", "2"])
CUSTOMERS = st.sampled_from(["甲社", "乙社", "Ａ社", "a社", "株式会社甲社", "有限会社甲社", ""])
PICK = st.integers(0, 7)
DAYS = st.sampled_from([f"2026-11-{day:02d}" for day in (1, 9, 20, 23, 29)])
REPORT = st.tuples(NAMES, CUSTOMERS, DAYS, st.booleans(), st.sampled_from([False, False, True]), CUSTOMERS)
ROW = st.tuples(NAMES, CUSTOMERS, DAYS, CUSTOMERS, st.sampled_from("12345"))
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.lists(REPORT, min_size=1, max_size=1)),
        st.tuples(st.just("add"), st.lists(REPORT, min_size=1, max_size=3)),
        st.tuples(st.just("ask"), REPORT),
        st.tuples(st.just("import"), st.lists(ROW, min_size=1, max_size=5), st.booleans(), st.sampled_from([MAP, KEYED, BY_KEY])),
        st.tuples(st.just("edit"), PICK, st.none() | CUSTOMERS, st.none() | NAMES, st.none() | DAYS),
        st.tuples(st.just("like"), PICK, st.none() | NAMES, st.booleans()),
        st.tuples(st.just("retract"), PICK),
        st.tuples(st.just("erase"), PICK),
        st.tuples(st.just("undo")),
        st.tuples(st.just("undo_import"), PICK, st.booleans()),
        st.tuples(st.just("merge"), PICK, PICK),
        st.tuples(st.just("rename"), PICK, NAMES),
        st.tuples(st.just("customer"), st.sampled_from(["rename", "merge", "alias"]), CUSTOMERS, CUSTOMERS | st.just("丁社")),
    ),
    min_size=2,
    max_size=14,
)  # fmt: skip


class Told:
    """What answers told: deals by id whose customer is another, entries that are another's than their deal."""

    def __init__(self) -> None:
        self.deals: set[int] = set()
        self.entries: set[int] = set()

    def take(self, answers: Any) -> None:
        """All that an answer says of customers."""
        for answer in answers if isinstance(answers, list) else [answers]:
            if isinstance(answer, ImportReport):
                self.deals |= {one.deal for one in answer.customers}
                self.entries |= {one.record for one in answer.changed}
                assert answer.customers_changed >= len(answer.customers)
                continue
            self.deals |= {one.deal for one in answer.customers if one.deal is not None}
            if getattr(answer, "other_customer", "") or any(one.deal is None for one in answer.customers):
                self.entries.add(answer.entry.id)


def alike(one: str, other: str) -> bool:
    """Whether two folded names are the same but for a legal form that one of them lacks."""
    (form, name), (other_form, other_name) = _parts(one), _parts(other)
    return name == other_name and (form == other_form or not (form and other_form))


def _parts(name: str) -> tuple[str, str]:
    form = next((form for form in ("株式会社", "有限会社") if name.startswith(form)), "")
    return form, name.removeprefix(form)


class Journal:
    """A journal of its own, and what was said where: by entry the customer, folded."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.db, self.tick = folder, folder / "journal.db", 0
        (folder / "schema.yaml").write_text(SCHEMA, encoding="utf-8")
        create(self.db, time_zone="Asia/Tokyo", now="2026-11-01T00:00:00.000Z")
        self.said: dict[int, str] = {}
        self.explained: set[int] = set()
        # Each deal's customer as it was last met: one that an undo brings back is as it stood, of which was told then.
        self.last: dict[int, str] = {}
        # By the record that said so: two names, folded, that are one customer's.
        self.one: dict[int, tuple[str, str]] = {}
        self.batches: list[int] = []

    @property
    def workspace(self) -> Workspace:
        """A later command's."""
        self.tick += 1
        places = Places(journal_db=self.db, schema=self.folder / "schema.yaml", state=self.folder / "state")
        return Workspace(places, datetime(2026, 11, 23, 9, tzinfo=UTC) + timedelta(seconds=self.tick), author="佐藤")

    def deals(self) -> dict[int, str]:
        """Each deal's customer, folded."""
        return {deal: normal_form(customer) for deal, customer in rows(self.db, "select id, customer from deal")}

    def same(self, one: str, other: str, pairs: set[tuple[str, str]]) -> bool:
        """Whether two names may be one customer's by what was said of them. A bare name may be that of either legal form."""
        names = {one}
        while (
            more := {name for pair in pairs if any(alike(a, b) for a in names for b in pair) for name in pair} - names
        ):
            names |= more
        return any(alike(name, other) for name in names)

    def names(self) -> set[tuple[str, str]]:
        """Each deal's name and customer, folded."""
        found = rows(self.db, "select name, customer from deal")
        return {(normal_form(name), normal_form(customer)) for name, customer in found}

    def entries(self) -> dict[int, tuple[str, int | None]]:
        """Each entry's own customer, folded, and its deal."""
        found = rows(self.db, "select id, customer, deal from entry order by id")
        return {entry: (normal_form(customer or ""), deal) for entry, customer, deal in found}

    def step(self, step: tuple[Any, ...]) -> None:
        """One command. Refused, it changes nothing; else whatever changed hands is told."""
        deals, entries, told, one = self.deals(), self.entries(), Told(), set(self.one.values())
        try:
            told.take(getattr(self, f"_{step[0]}")(*step[1:]))
        except NippoError:
            assert (self.deals(), self.entries()) == (deals, entries)
            return
        after, now = self.deals(), self.entries()
        # An undo may part again what was one; it moves nothing else.
        one_now = set(self.one.values())
        for deal, customer in after.items():
            before = deals.get(deal, self.last.get(deal, ""))
            is_other = customer != before and not (before and self.same(before, customer, one | one_now))
            if is_other and deal not in told.deals:
                # What was told of an earlier change explains no later one; a fuller spelling is none.
                self.explained -= {entry for entry, (_, its) in now.items() if its == deal and entry in self.said}
            was_of = deals.get(deal, "")
            assert not was_of or self.same(was_of, customer, one | one_now) or deal in told.deals, (step, deal)
        self.last |= after
        self.explained |= told.entries
        for entry, (own, deal) in now.items():
            was = entries.get(entry, ("", None))
            if {deal, was[1]} & told.deals:
                self.explained.add(entry)
            if entry not in self.said or own != was[0]:
                # Said at its own customer; else at its deal's, as it is now.
                self.said[entry] = own or (after.get(deal, "") if deal else "")
            whose, said_at = after.get(deal, "") if deal else "", self.said[entry]
            is_there = not whose or not said_at or self.same(said_at, whose, one_now)
            assert is_there or entry in self.explained, (step, entry)

    def _report(self, deal: str, customer: str, on: str, new: bool, change: bool, billed: str = "") -> Report:
        said = {"facts": f"{self.tick}", "customer": customer, "billed_to": billed}
        return Report(
            {key: value for key, value in said.items() if value}, deal, on, new_deal=new, change_customer=change
        )

    def _add(self, told: list[Any]) -> Any:
        before, names, reports = self.deals(), self.names(), [self._report(*one) for one in told]
        recaps = record.add_all(self.workspace, reports)
        # Nothing changes hands where no report says so, or names a deal that a customer left by its number; what is called new is.
        says_so = any(r.change_customer or before.get(int(r.deal) if r.deal == "2" else 0) == "" for r in reports)
        assert says_so or not any(r.customers or r.other_customer for r in recaps)
        begun = [recap.entry.deal.id for recap, report in zip(recaps, reports, strict=True) if report.new_deal]
        assert not set(begun) & set(before)
        # No name twice at one customer, but for what a deal left that an earlier report says to be another's.
        twice = (new and (normal_form(deal), normal_form(customer)) in names for deal, customer, _, new, *_ in told)
        assert says_so or not any(twice)
        return recaps

    def _ask(self, told: tuple[str, str, str, bool, bool, str]) -> Any:
        """A person is there, for whom a part of a name will do."""
        workspace, before = self.workspace, self.deals()
        workspace.interactive = True
        recap = record.add(workspace, self._report(*told))
        assert not (told[3] and recap.entry.deal is not None and recap.entry.deal.id in before)
        return recap

    def _import(self, told: list[tuple[str, str, str, str, str]], change: bool, how: str) -> ImportReport:
        rows = {key: one for *one, key in told} if how == KEYED else dict(enumerate(told))
        cells = [
            f"{on},{deal},{customer},{billed},{n},{n},{key[0] if key else ''}"
            for n, (deal, customer, on, billed, *key) in rows.items()
        ]
        (self.folder / "rows.csv").write_text("\n".join(("日,案,客,請,事,番,鍵", *cells, "")), encoding="utf-8")
        (self.folder / "map.yaml").write_text(how + "customer: change\n" * change, encoding="utf-8")
        files = str(self.folder / "rows.csv"), str(self.folder / "map.yaml")
        report = importing.import_file(self.workspace, *files, on_error="skip")
        assert change or how != MAP or report.customers_changed == 0
        self.batches += [report.batch] if report.batch is not None else []
        for path in self.folder.glob("rows.csv.rejects*"):
            path.unlink()
        return report

    def _entry(self, pick: int) -> str:
        every = list(self.entries()) or [99]
        return show_id(every[pick % len(every)])

    def _edit(self, pick: int, customer: str | None, deal: str | None, on: str | None) -> Any:
        raw = {} if customer is None else {"customer": customer}
        entry, deals = self._entry(pick), self.deals()
        own, was = self.entries().get(int(entry), ("", None))
        recap = amend.amend(self.workspace, entry, Report(raw, deal, on))
        # An entry that names its customer goes to another's deal only where that is named, too.
        now = recap.entry.deal.id if recap.entry.deal else None
        whose = deals.get(now or 0, "")
        assert raw or now == was or not own or not whose or self.same(own, whose, set(self.one.values()))
        return recap

    def _like(self, pick: int, deal: str | None, new: bool) -> Any:
        return record.add(self.workspace, like(self.workspace, self._entry(pick), Report({}, deal, new_deal=new)))

    def _retract(self, pick: int) -> Any:
        return taking_back.retract(self.workspace, self._entry(pick))

    def _erase(self, pick: int) -> Any:
        return taking_back.erase(self.workspace, self._entry(pick), why="x")

    def _undo(self) -> Any:
        done = taking_back.undo(self.workspace)
        for taken in done.records:
            self.one.pop(taken, None)
        return done

    def _undo_import(self, pick: int, everything: bool) -> Any:
        batch = self.batches[pick % len(self.batches)] if self.batches else 99
        return taking_back.undo_import(self.workspace, show_id(batch), everything=everything)

    def _customer(self, what: str, customer: str, other: str) -> Any:
        done = getattr(customers, what)(self.workspace, customer, other)
        self.one[done.records[-1]] = normal_form(customer), normal_form(other)
        return done

    def _deal(self, pick: int) -> str:
        every = sorted(self.deals()) or [99]
        return show_id(every[pick % len(every)])

    def _merge(self, deal: int, into: int) -> Any:
        return deal_care.merge(self.workspace, self._deal(deal), self._deal(into))

    def _rename(self, deal: int, name: str) -> Any:
        return deal_care.rename(self.workspace, self._deal(deal), name)


@contextmanager
def journal() -> Iterator[Journal]:
    """A journal in a folder of its own; hypothesis runs many in one test."""
    with tempfile.TemporaryDirectory() as folder:
        yield Journal(Path(folder))


@settings(max_examples=12)
# A deal of nobody's, met by its former name at one customer and by its name at another, in one file.
@example(
    [
        ("erase", 2),
        ("rename", 2, "トナー"),
        ("import", [("更新", "乙社", "2026-11-01", "", "1"), ("トナー", "甲社", "2026-11-01", "", "1")], False, MAP),
    ]
)
# The import that named the customer is taken back; what was said there stays, and another customer has a deal of that name.
@example(
    [
        ("import", [("トナー", "甲社", "2026-11-01", "", "1")], False, MAP),
        ("add", [("トナー", "", "2026-11-09", False, False, "")]),
        ("undo_import", 0, False),
        ("import", [("トナー", "乙社", "2026-11-20", "", "2")], False, MAP),
    ]
)
# An entry that was corrected to another customer's, told then, and later a fuller spelling of its deal's.
@example(
    [
        ("add", [("更新", "甲社", "2026-11-01", False, False, "")]),
        ("edit", 3, "乙社", None, None),
        ("add", [("更新", "株式会社甲社", "2026-11-01", False, False, "")]),
    ]
)
# A deal that was merged away is brought back as it stood, with what an earlier merge had told of.
@example(
    [
        ("import", [("更新", "Ａ社", "2026-11-01", "甲社", "1")], True, MAP),
        ("merge", 5, 6),
        ("merge", 6, 2),
        ("merge", 5, 6),
        ("undo",),
    ]
)
# A deal that a customer left becomes another's by a merge.
@example(
    [
        ("retract", 7),
        ("add", [("ＭＡ", "乙社", "2026-11-23", True, False, ""), ("ma", "", "2026-11-23", True, False, "")]),
        ("retract", 6),
        ("merge", 6, 5),
    ]
)
# A legal form is named of a customer whom the diary knows by the bare name alone; then another form.
@example(
    [
        ("customer", "rename", "有限会社甲社", "a社"),
        ("import", [("更新", "株式会社甲社", "2026-11-09", "", "1")], True, MAP),
    ]
)
@example([("customer", "merge", "乙社", "株式会社甲社"), ("customer", "rename", "有限会社甲社", "丁社")])
# A deal whose customer was erased goes on by its number.
@example([("erase", 3), ("add", [("2", "乙社", "2026-11-01", False, False, "")])])
# The first report says that a deal is another's by now, and the second begins one of its name where it was.
@example([("add", [("ＭＡ", "Ａ社", "2026-11-23", False, True, ""), ("ma", "乙社", "2026-11-09", True, False, "")])])
@example(
    [
        ("erase", 6),
        ("add", [("2", "甲社", "2026-11-01", False, False, ""), ("更新", "", "2026-11-20", True, False, "")]),
    ]
)
# A row that names no customer gives its key to a deal that one left; the next row of that key names another.
@example(
    [
        ("retract", 3),
        ("add", [("トナー", "乙社", "2026-11-23", True, False, ""), ("トナー", "", "2026-11-23", False, False, "")]),
        ("retract", 2),
        (
            "import",
            [("トナー", "", "2026-11-09", "", "4"), ("トナー", "有限会社甲社", "2026-11-09", "", "4")],
            True,
            BY_KEY,
        ),
    ]
)
# A form that only a bill states, and another that is typed of the bare name.
@example(
    [
        ("add", [("トナー", "甲社", "2026-11-23", True, True, "株式会社甲社")]),
        ("customer", "rename", "有限会社甲社", "a社"),
        ("import", [("更新", "株式会社甲社", "2026-11-09", "", "1")], True, MAP),
    ]
)
# A new row gives a deal of nobody's a customer, and a known one that says another now stays in it.
@example(
    [
        ("import", [("トナー", "", "2026-11-01", "", "1")], False, KEYED),
        (
            "import",
            [("トナー", "株式会社甲社", "2026-11-01", "", "5"), ("トナー", "有限会社甲社", "2026-11-23", "", "1")],
            True,
            KEYED,
        ),
    ]
)
@given(STEPS)
def test_no_contact_is_in_another_customers_deal_untold(steps):
    """After each command; a command that is refused leaves everything as it was."""
    with journal() as kept:
        first = [("更新", "甲社", "2026-11-09", True, False), ("ＭＡ", "乙社", "2026-11-20", True, False),
                 ("更新", "乙社", "2026-11-20", True, False)]  # fmt: skip
        for step in (("add", first), *steps):
            kept.step(step)
