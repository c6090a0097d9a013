"""`nippo import` of rows that moved on since, and of the journal's own export."""

import csv
from pathlib import Path

import pytest
from shell import Shell

SCHEMA = """\
nippo: 1
name: t
stages: [{key: lead, label: 引合い}, {key: quote, label: 見積}, {key: won, label: 受注, ends: won},
  {key: lost, label: 失注, ends: lost}]
fields:
  - {key: deal, label: 案件, type: deal, role: deal}
  - {key: customer, label: 顧客, type: customer, role: customer}
  - {key: stage, label: フェーズ, type: choice, role: stage}
  - {key: facts, label: 事実, type: text, role: facts}
  - {key: amount, label: 金額, type: money, role: amount}
"""
MAP = """\
source: crm
key: ID
on: 日
deal: 案
author: {constant: 山田}
fields: {customer: 客, stage: 段, facts: 事, amount: 額}
"""
HEAD = "ID,日,案,客,段,事,額"
FIRST = ("12,2026-11-01,A機,B社,引合い,x,100", "13,2026-11-02,C機,D社,引合い,y,")
LATER = ("12,2026-11-15,A機,B社,見積,x,120", "13,2026-11-02,C機,D社,引合い,y,", "14,2026-11-16,E機,D社,引合い,z,")


class Journal:
    """A journal, the map of a CRM, and its exports."""

    def __init__(self, shell: Shell, folder: Path) -> None:
        self.shell, self.folder = shell, folder
        (folder / "t.yaml").write_text(SCHEMA, encoding="utf-8")
        (folder / "map.yaml").write_text(MAP, encoding="utf-8")
        shell.done("init", "--template", "t.yaml")

    def bring_in(self, *rows: str, options: tuple[str, ...] = (), code: int = 0):
        """The answer of an import of these rows."""
        (self.folder / "rows.csv").write_text("\n".join((HEAD, *rows, "")), encoding="utf-8")
        answer = self.shell("import", "rows.csv", "--map", "map.yaml", "--json", *options)
        assert answer.code == code, answer.err
        return answer.json

    def export_again(self, *options: str, edit=None, code: int = 0):
        """The answer of an import of the journal's own export, whose cells may be edited before."""
        self.shell.done("export", "out")
        path = self.folder / "out" / "entries.csv"
        with path.open(encoding="utf-8-sig", newline="") as file:
            table = list(csv.DictReader(file))
        for row in table:
            row.update(edit(row) if edit else {})
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, list(table[0]))
            writer.writeheader()
            writer.writerows(table)
        answer = self.shell("import", "out/entries.csv", "--map", "out/import.yaml", "--json", *options)
        assert answer.code == code, answer.err
        return answer.json

    def entries(self):
        """What stands, in the order of its days: the day, the deal, the stage, the amount, the facts."""
        found = self.shell.done("log", "--json").json["entries"][::-1]
        return [
            (e["on"], e["deal"]["name"], *(e["values"].get(key) for key in ("stage", "amount", "facts"))) for e in found
        ]


@pytest.fixture
def journal(nippo: Shell, tmp_path: Path) -> Journal:
    """A journal that has the first export of a CRM."""
    journal = Journal(nippo, tmp_path)
    assert journal.bring_in(*FIRST)["taken"] == 2
    return journal


BEFORE = [("2026-11-01", "A機", "lead", 100, "x"), ("2026-11-02", "C機", "lead", None, "y")]
NEW = ("2026-11-16", "E機", "lead", None, "z")


def test_a_row_that_moved_on_is_rejected_with_the_entry_and_the_difference(journal: Journal) -> None:
    """The other new row is held back with it; nothing is written."""
    answer = journal.bring_in(*LATER, code=3)
    (reject,) = answer["rejects"]
    said = reject["problems"][0]["message"]
    entry = next(e["id"] for e in journal.shell.done("log", "--json").json["entries"] if e["values"]["facts"] == "x")
    for part in (
        f"活動 {entry}",
        "フェーズ 引合い → 見積",
        "2026-11-01 → 2026-11-15",
        "--changed amend",
        "--changed add",
    ):
        assert part in said
    assert (answer["known"], answer["amended"], journal.entries()) == (1, 0, BEFORE)


def test_amend_corrects_the_entry_and_keeps_its_history(journal: Journal) -> None:
    """The dry run shows the difference, line by line and field by field; afterwards the new file is known."""
    dry = journal.bring_in(*LATER, options=("--changed", "amend", "--dry-run"))
    answer = journal.bring_in(*LATER, options=("--changed", "amend"))
    assert dry | {"dry_run": False} == answer
    assert (answer["taken"], answer["amended"], answer["known"], answer["entries"]) == (2, 1, 1, 1)
    (row,) = answer["changed"]
    assert row["line"] == 2
    assert row["changes"] == [
        {"field": "on", "before": "2026-11-01", "after": "2026-11-15"},
        {"field": "stage", "before": "lead", "after": "quote"},
        {"field": "amount", "before": 100, "after": 120},
    ]
    assert journal.entries() == [BEFORE[1], ("2026-11-15", "A機", "quote", 120, "x"), NEW]
    history = journal.shell.done("show", row["record"], "--history", "--json").json["history"]
    assert [version["changed"].get("stage") for version in history] == [None, {"was": "lead", "is": "quote"}]
    again = journal.bring_in(*LATER, options=("--changed", "amend"))
    assert (again["taken"], again["known"], again["batch"]) == (0, 3, None)
    assert journal.shell.done("doctor").code == 0


def test_add_writes_an_entry_of_the_rows_day_beside_it(journal: Journal) -> None:
    """Both files are known afterwards."""
    answer = journal.bring_in(*LATER, options=("--changed", "add"))
    assert (answer["taken"], answer["added"], answer["amended"], answer["entries"]) == (2, 1, 0, 2)
    assert journal.entries() == [*BEFORE, ("2026-11-15", "A機", "quote", 120, "x"), NEW]
    for rows in (FIRST, LATER):
        assert journal.bring_in(*rows)["known"] == len(rows)


def test_the_map_may_say_it_and_the_option_comes_first(journal: Journal) -> None:
    """`changed: amend` in the map; `--changed reject` all the same; a word that is none is refused, in both."""
    (journal.folder / "map.yaml").write_text(MAP + "changed: amend\n", encoding="utf-8")
    assert journal.bring_in(*LATER, options=("--changed", "reject"), code=3)["rejected"] == 1
    assert journal.bring_in(*LATER)["amended"] == 1
    assert journal.shell("import", "rows.csv", "--map", "map.yaml", "--changed", "replace").code == 2
    (journal.folder / "map.yaml").write_text(MAP + "changed: replace\n", encoding="utf-8")
    assert journal.shell("import", "rows.csv", "--map", "map.yaml").code == 2


def test_what_a_person_corrected_stays_where_the_source_says_nothing_new(journal: Journal) -> None:
    """The facts were corrected by hand, the source moves the stage: both stand."""
    entry = journal.shell.done("log", "--json").json["entries"][1]["id"]
    journal.shell.done("edit", entry, "--facts", "手で直した", "--why", "聞き違い")
    assert journal.bring_in(*FIRST)["known"] == 2
    assert journal.bring_in(*LATER, options=("--changed", "amend"))["amended"] == 1
    assert journal.entries()[1] == ("2026-11-15", "A機", "quote", 120, "手で直した")


def test_an_entry_that_a_person_corrected_since_is_named_where_its_row_comes_again(journal: Journal) -> None:
    """The row is known and changes nothing, and says by its id which entry stands otherwise; once that says the same, nothing."""
    first, second = (e["id"] for e in reversed(journal.shell.done("log", "--json").json["entries"]))
    again = journal.bring_in(*FIRST)
    assert (again["known"], again["corrected_since"], again["taken_back"]) == (2, [], [])
    journal.shell.done("edit", first, "--facts", "手で直した")
    again = journal.bring_in(*FIRST)
    assert (again["known"], again["corrected_since"], again["taken_back"]) == (2, [first], [])
    assert f"#{first}" in journal.shell.done("import", "rows.csv", "--map", "map.yaml").out
    own = journal.export_again()
    assert (own["known"], own["corrected_since"]) == (2, [])
    old = (journal.folder / "out" / "entries.csv").read_bytes()
    journal.shell.done("edit", second, "--facts", "あとで")
    (journal.folder / "out" / "entries.csv").write_bytes(old)
    own = journal.shell.done("import", "out/entries.csv", "--map", "out/import.yaml", "--json").json
    assert (own["known"], own["corrected_since"]) == (2, [second])
    journal.shell.done("edit", first, "--facts", "x")
    assert journal.bring_in(*FIRST)["corrected_since"] == [second]


def test_an_entry_that_a_person_took_back_is_named_where_its_row_comes_again(journal: Journal) -> None:
    """It does not come back, and nobody has to wonder why."""
    first = journal.shell.done("log", "--json").json["entries"][1]["id"]
    journal.shell.done("edit", first, "--retract")
    again = journal.bring_in(*FIRST)
    assert (again["known"], again["corrected_since"], again["taken_back"]) == (2, [], [first])


def test_beside_a_later_entry_of_its_key_a_row_is_about_the_one_that_it_says(journal: Journal) -> None:
    """The first was corrected by hand, the later one was not: its row names nothing."""
    first = journal.shell.done("log", "--json").json["entries"][1]["id"]
    assert journal.bring_in(*LATER, options=("--changed", "add"))["added"] == 1
    journal.shell.done("edit", first, "--facts", "手で直した")
    assert journal.bring_in(*LATER, options=("--changed", "add"))["corrected_since"] == []
    assert journal.bring_in(*FIRST, options=("--changed", "add"))["corrected_since"] == [first]


@pytest.mark.parametrize("how", [("undo",), ("undo", "--import")])
def test_taken_back_the_entry_says_what_it_said(journal: Journal, how: tuple[str, ...]) -> None:
    """With the import its corrections go, too, at once and later."""
    batch = journal.bring_in(*LATER, options=("--changed", "amend"))["batch"]
    if len(how) > 1:
        journal.shell.done("add", "C機", "--facts", "手で書いた", "--on", "2026-11-20")
    journal.shell.done(*how, *([batch] if len(how) > 1 else []))
    assert [e for e in journal.entries() if e[4] != "手で書いた"] == BEFORE
    assert journal.shell.done("doctor").code == 0
    assert journal.bring_in(*LATER, options=("--changed", "amend"))["amended"] == 1


def test_a_correction_by_a_later_import_stands_in_the_way_of_the_first(journal: Journal) -> None:
    """Until that one is taken back."""
    later = journal.bring_in(*LATER, options=("--changed", "amend"))["batch"]
    assert journal.shell("undo", "2").code == 2
    journal.shell.done("undo", later)
    journal.shell.done("undo", "2")
    assert journal.shell.done("log", "--json").json["total"] == 0


def test_another_customer_is_another_deal(journal: Journal) -> None:
    """What is said at another customer goes to that one's deal of the name; a deal that has nothing else goes along."""
    journal.shell.done("add", "A機", "--facts", "手で", "--on", "2026-11-03")
    journal.bring_in(
        "12,2026-11-01,A機,F社,引合い,x,100", "13,2026-11-02,C機,G社,引合い,y,", options=("--changed", "amend")
    )
    whose = {(d["name"], d["customer"]) for d in journal.shell.done("deal", "list", "--json").json["deals"]}
    assert ("A機", "F社") in whose
    assert ("C機", "G社") in whose
    hand = next(e for e in journal.shell.done("log", "--json").json["entries"] if e["values"]["facts"] == "手で")
    assert (hand["deal"]["name"], hand["deal"]["customer"]) != ("A機", "F社")
    assert journal.shell.done("doctor").code == 0


def test_an_export_read_back_adds_nothing(journal: Journal) -> None:
    """By hand and imported, corrected and plain; of two deals of one name, too."""
    journal.shell.done("add", "A機", "--new-deal", "--customer", "Z社", "--facts", "別の会社の", "--on", "2026-11-04")
    journal.shell.done("edit", "4", "--facts", "直した", "--why", "誤記")
    before = journal.entries()
    answer = journal.export_again()
    assert (answer["taken"], answer["known"], answer["rejected"], answer["batch"]) == (0, 3, 0, None)
    assert journal.export_again("--dry-run") == answer | {"dry_run": True}
    assert journal.entries() == before


def test_an_edited_row_of_an_export_is_rejected_or_corrects_its_entry(journal: Journal) -> None:
    """By its id, whether the entry was written by hand or came with an import."""
    journal.shell.done("add", "A機", "--facts", "手で書いた", "--on", "2026-11-04")

    def edit(row: dict[str, str]) -> dict[str, str]:
        return {"facts": row["facts"] + "!"} if row["facts"] in ("手で書いた", "y") else {}

    assert journal.export_again(edit=edit, code=3)["rejected"] == 2
    answer = journal.export_again("--changed", "amend", edit=edit)
    assert (answer["amended"], answer["known"], answer["entries"]) == (2, 1, 0)
    assert [facts for *_, facts in journal.entries()] == ["x", "y!", "手で書いた!"]
    # The CRM's own rows are what they were.
    assert journal.bring_in(*FIRST)["known"] == 2


def test_an_export_of_a_copy_brings_only_what_is_not_here(journal: Journal, tmp_path: Path) -> None:
    """Both went on from one file, under the same numbers: the copy's rows come in, once."""
    here = tmp_path / "journal"
    assert here.exists()
    import shutil

    there = tmp_path / "copy"
    shutil.copytree(here, there)
    journal.shell.done("add", "A機", "--facts", "ここで", "--on", "2026-11-05")
    journal.shell.done("--journal", str(there), "add", "A機", "--facts", "あちらで", "--on", "2026-11-06")
    journal.shell.done("--journal", str(there), "export", "out2")
    for taken in (1, 0):
        answer = journal.shell.done("import", "out2/entries.csv", "--map", "out2/import.yaml", "--json").json
        assert (answer["taken"], answer["known"], answer["new_deals"]) == (taken, 3 - taken, 0)
    assert [facts for *_, facts in journal.entries()] == ["x", "y", "ここで", "あちらで"]


def test_an_entry_that_was_taken_back_stays_away(journal: Journal) -> None:
    """Of an export of before it is known; edited, it is rejected, and no correction brings it back."""
    journal.shell.done("export", "old")
    journal.shell.done("edit", "4", "--retract")
    command = ("import", "old/entries.csv", "--map", "old/import.yaml", "--json")
    assert journal.shell.done(*command).json["known"] == 2
    path = journal.folder / "old" / "entries.csv"
    text = path.read_text(encoding="utf-8-sig")
    assert ",x," in text
    path.write_text(text.replace(",x,", ",x!,"), encoding="utf-8-sig")
    answer = journal.shell(*command, "--changed", "amend")
    assert (answer.code, answer.json["rejected"]) == (3, 1)
    assert journal.entries() == BEFORE[1:]


def test_a_deal_all_of_whose_rows_go_to_one_customer_goes_along(journal: Journal) -> None:
    """It stays what it is, and the report says whose it was, as the dry run does; of one that keeps an entry none goes. A deal that
    rows begin elsewhere is counted."""
    journal.bring_in("15,2026-11-03,A機,B社,引合い,w,")
    (deal,) = [d for d in journal.shell.done("deal", "list", "--json").json["deals"] if d["name"] == "A機"]
    moved = ("12,2026-11-01,A機,F社,引合い,x,100", "15,2026-11-03,A機,F社,引合い,w,")
    for options in (("--dry-run",), ()):
        report = journal.bring_in(*moved, options=("--changed", "amend", *options))
        assert report["customers"] == [{"deal": {"id": deal["id"], "name": "A機"}, "customers": ["B社", "F社"]}]
        assert (report["customers_changed"], report["amended"], report["new_deals"]) == (1, 2, 0)
    journal.shell.done("add", "A機", "--facts", "手で", "--on", "2026-11-03")
    for options in (("--dry-run",), ()):
        report = journal.bring_in("12,2026-11-01,A機,G社,引合い,x,100", options=("--changed", "amend", *options))
        assert (report["customers"], report["new_deals"]) == ([], 1)
    whose = {(d["name"], d["customer"]) for d in journal.shell.done("deal", "list", "--json").json["deals"]}
    assert whose == {("A機", "F社"), ("A機", "G社"), ("C機", "D社")}
    assert journal.shell.done("doctor").code == 0


def _nobodys(journal: Journal) -> str:
    """A deal of two rows that name no customer, by its id."""
    journal.bring_in("21,2026-11-03,N機,,引合い,v,", "22,2026-11-04,N機,,引合い,w,")
    (deal,) = [d for d in journal.shell.done("deal", "list", "--json").json["deals"] if d["name"] == "N機"]
    return deal["id"]


def _whose(journal: Journal) -> list[str]:
    return sorted(
        d["customer"] for d in journal.shell.done("deal", "list", "--json").json["deals"] if d["name"] == "N機"
    )


@pytest.mark.parametrize("other", ["H社", "株式会社G社"])
def test_a_deal_of_nobodys_is_the_first_customers_that_a_corrected_row_names(journal: Journal, other: str) -> None:
    """The next row's customer gets a deal of the name for itself, whether or not the two differ in the legal form alone; and a
    third row goes to its own customer's."""
    deal = _nobodys(journal)
    journal.bring_in("23,2026-11-05,N機,,引合い,x,")
    rows = "21,2026-11-03,N機,有限会社G社,引合い,v,", f"22,2026-11-04,N機,{other},引合い,w,"
    report = journal.bring_in(*rows, f"23,2026-11-05,N機,{other},引合い,x,", options=("--changed", "amend"))
    assert (report["customers"], report["amended"], report["new_deals"]) == ([], 3, 1)
    assert _whose(journal) == sorted(["有限会社G社", other])
    assert {e["values"]["customer"] for e in journal.shell.done("log", "--deal", deal, "--json").json["entries"]} == {
        "有限会社G社"
    }
    assert journal.shell.done("doctor").code == 0


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("keyed", [False, True])
def test_a_corrected_row_that_takes_a_deal_from_the_customer_it_just_got_is_told(
    journal: Journal, keyed: bool, known: bool
) -> None:
    """Where rows may say another customer, or the source's key says the deal: of a deal that was nobody's before the import too,
    whether a row that is new gave it a customer, or one that is corrected."""
    how = MAP.replace("deal: 案", "deal: {column: 案, key: 案}") if keyed else f"customer: change\n{MAP}"
    (journal.folder / "map.yaml").write_text(how, encoding="utf-8")
    deal = _nobodys(journal)
    first = "21,2026-11-03,N機,G社,引合い,v," if known else "24,2026-11-03,N機,G社,引合い,u,"
    for options in (("--dry-run",), ()):
        report = journal.bring_in(first, "22,2026-11-04,N機,H社,引合い,w,", options=("--changed", "amend", *options))
        assert (report["customers_changed"], report["amended"], report["new_deals"]) == (1, 1 + known, 0)
        assert report["customers"] == [{"deal": {"id": deal, "name": "N機"}, "customers": ["G社", "H社"]}]
    assert _whose(journal) == ["H社"]
    assert journal.bring_in(first, "22,2026-11-04,N機,H社,引合い,w,")["customers_changed"] == 0


def test_of_two_deals_whose_rows_all_go_to_one_customer_one_goes_along(journal: Journal) -> None:
    """The other's rows go to that one: the customer has no second deal of the name."""
    journal.bring_in("31,2026-11-03,N機,G社,引合い,v,", "32,2026-11-04,N機,H社,引合い,w,")
    rows = "31,2026-11-03,N機,J社,引合い,v,", "32,2026-11-04,N機,J社,引合い,w,"
    report = journal.bring_in(*rows, options=("--changed", "amend"))
    assert (report["amended"], report["rejected"], report["new_deals"]) == (2, 0, 0)
    assert [one for one in _whose(journal) if one] == ["J社"]
    assert journal.shell.done("doctor").code == 0


def test_a_row_that_is_corrected_goes_by_what_its_customer_is_called(journal: Journal) -> None:
    """By another name of the customer that a deal has it goes there, and begins none."""
    journal.bring_in("15,2026-11-03,A機,F社,引合い,w,")
    journal.shell.done("customer", "alias", "F社", "エフ")
    report = journal.bring_in("12,2026-11-01,A機,エフ,引合い,x,100", options=("--changed", "amend"))
    assert report["new_deals"] == 0
    deals = journal.shell.done("deal", "list", "--json").json["deals"]
    assert {(d["name"], d["customer"]) for d in deals} == {("A機", "F社"), ("C機", "D社")}
