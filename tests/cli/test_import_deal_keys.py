"""Deals that their source knows by a key, whatever they are called; and whose they are by a column."""

import gc
import json
import sqlite3
from pathlib import Path

import pytest
from shell import Shell

from nippo_cli.exchange.keyed_rows import KnownDeal
from nippo_cli.journal.bulk.bulk_import import BulkImport
from nippo_cli.journal.bulk.deal_mentions import DealMention
from nippo_cli.journal.bulk.deals import ImportedDeals
from nippo_cli.journal.bulk.rows import EntryRows
from nippo_cli.journal.derive import Projection

MAP = """\
source: crm
on: 日付
deal: {column: 案件, key: ID}
owner: 担当
author: {constant: 山田}
incomplete: {constant: "true"}
fields: {customer: 会社, facts: 内容}
"""
HEAD = "ID,日付,会社,案件,担当,内容\n"


@pytest.fixture
def bring(kept: Shell, tmp_path: Path):
    """Rows under the header → the import's report; other options behind."""

    def bring(rows: str, *options: str, map_text: str = MAP):
        (tmp_path / "rows.csv").write_text(HEAD + rows, encoding="utf-8")
        (tmp_path / "map.yaml").write_text(map_text, encoding="utf-8")
        return kept("import", "rows.csv", "--map", "map.yaml", "--json", *options).json

    return bring


def deals(kept: Shell) -> list[tuple[str, str, str]]:
    """The names, customers and owners of the deals that a test brings in; the journal has one before."""
    found = kept.done("deal", "list", "--all", "--limit", "0", "--json").json["deals"]
    return sorted((one["name"], one["customer"], one["owner"]) for one in found if one["customer"] != "青葉製作所")


def sound(kept: Shell) -> None:
    """What the import derived is what a rebuild derives."""
    assert kept.done("doctor").code == 0
    before = kept.done("deal", "list", "--all", "--json").json
    kept.done("doctor", "--rebuild")
    assert kept.done("deal", "list", "--all", "--json").json == before


def test_rows_of_one_key_are_one_deal_though_its_name_changes_and_two_keys_of_one_name_are_two(kept: Shell, bring):
    """D1 is renamed in February; D2 has D1's old name at the same customer all along."""
    report = bring(
        "D1,2026-01-10,甲社,保守,佐藤,a\nD2,2026-01-11,甲社,保守,佐藤,b\nD1,2026-02-01,甲社,保守2026,佐藤,c\n"
    )
    assert (report["taken"], report["deals"], report["new_deals"]) == (3, 2, 2)
    assert deals(kept) == [("保守", "甲社", "佐藤"), ("保守2026", "甲社", "佐藤")]
    facts = {
        e["facts"]: e["deal"]["name"]
        for e in kept.done("log", "--limit", "0", "--json").json["entries"]
        for e in [e | e["values"]]
    }
    assert (facts["a"], facts["b"], facts["c"]) == ("保守2026", "保守", "保守2026")
    sound(kept)


def test_the_latest_day_names_a_deal_wherever_in_the_file_it_stands(kept: Shell, bring):
    """The file is newest first."""
    bring("D1,2026-03-01,甲社,新名,鈴木,c\nD1,2026-01-10,甲社,旧名,佐藤,a\nD1,2026-02-10,甲社,旧名,佐藤,b\n")
    assert deals(kept) == [("新名", "甲社", "鈴木")]
    assert kept.done("deal", "list", "--all", "--as-of", "2026-02-15", "--json").json["deals"][0]["owner"] == "佐藤"
    sound(kept)


def test_a_later_file_finds_the_deal_by_its_key(kept: Shell, bring):
    """The deal has another name and owner in April; a file with a key that nobody said begins another deal."""
    bring("D1,2026-01-10,甲社,保守,佐藤,a\n")
    again = bring("D1,2026-01-10,甲社,保守,佐藤,a\nD1,2026-04-01,甲社,保守改,高橋,b\nD9,2026-04-02,甲社,保守,高橋,c\n")
    assert (again["known"], again["taken"], again["new_deals"]) == (1, 2, 1)
    assert deals(kept) == [("保守", "甲社", "高橋"), ("保守改", "甲社", "高橋")]
    sound(kept)


def test_a_deal_typed_by_hand_takes_the_first_key_of_its_name_and_customer(kept: Shell, bring):
    """案件 of 青葉製作所 was typed before. The second key of that pair is another deal, and both are known again."""
    rows = "D1,2026-01-10,青葉製作所,案件,佐藤,a\nD2,2026-01-11,青葉製作所,案件,佐藤,b\n"
    report = bring(rows)
    assert (report["deals"], report["new_deals"]) == (2, 1)
    assert bring(rows)["known"] == 2
    assert len(kept.done("deal", "list", "--all", "--json").json["deals"]) == 2
    sound(kept)


def test_another_customer_of_a_key_is_counted_and_begins_no_other_deal(kept: Shell, bring):
    """In the dry run as in the import, without `customer: change`."""
    rows = "D1,2026-01-10,甲社,保守,佐藤,a\nD1,2026-02-10,乙社,保守,佐藤,b\n"
    for options in (("--dry-run",), ()):
        report = bring(rows, *options)
        assert report["customers_changed"] == 1
        assert report["customers"][0]["customers"] == ["甲社", "乙社"]
        assert (report["rejected"], report["deals"]) == (0, 1)


def test_an_import_taken_back_takes_names_owners_and_keys_with_it(kept: Shell, bring):
    """First the second import, then the first; the same rows may come again."""
    bring("D1,2026-01-10,甲社,保守,佐藤,a\n")
    bring("D1,2026-04-01,甲社,保守改,高橋,b\n")
    assert deals(kept) == [("保守改", "甲社", "高橋")]
    kept.done("undo")
    assert deals(kept) == [("保守", "甲社", "佐藤")]
    sound(kept)
    kept.done("undo")
    assert deals(kept) == []
    bring("D1,2026-04-01,甲社,保守改,高橋,b\n")
    assert deals(kept) == [("保守改", "甲社", "高橋")]


def test_a_row_without_its_key_goes_by_name(kept: Shell, bring):
    """An empty cell is no key."""
    report = bring("D1,2026-01-10,甲社,保守,佐藤,a\n,2026-01-11,甲社,保守,佐藤,b\n")
    assert report["new_deals"] == 1


def test_an_export_tells_deals_of_one_name_and_customer_apart(kept: Shell, bring, tmp_path: Path):
    """Read back into its own journal it adds nothing; into another, two deals are two."""
    bring("D1,2026-01-10,甲社,保守,佐藤,a\nD2,2026-01-11,甲社,保守,佐藤,b\n")
    kept.done("export", "out")
    read = kept.done("import", "out/entries.csv", "--map", "out/import.yaml", "--json").json
    assert (read["known"], read["taken"], read["rejected"]) == (3, 0, 0)
    other = kept.done(
        "--journal", str(tmp_path / "other"), "import", "out/entries.csv", "--map", "out/import.yaml", "--json"
    )
    assert json.loads(other.out)["new_deals"] == 3


def test_a_file_that_only_renames_a_deal_is_taken(kept: Shell, bring):
    """The row is known; the name that it says is today's. Undone, the old one stands again."""
    row = "D1,2026-06-10,甲社,{},佐藤,a\n"
    by_row = MAP.replace("source: crm\n", "source: crm\nkey: ID\n")
    bring(row.format("保守"), map_text=by_row)
    report = bring(row.format("保守2026"), map_text=by_row)
    assert (report["taken"], report["known"], deals(kept)) == (0, 1, [("保守2026", "甲社", "佐藤")])
    sound(kept)
    kept.done("undo")
    assert deals(kept) == [("保守", "甲社", "佐藤")]


def test_an_older_file_brings_no_old_name_back(kept: Shell, bring):
    """June's rows come after July's."""
    bring("D1,2026-07-10,甲社,新保守,佐藤,a\n")
    bring("D1,2026-06-10,甲社,旧保守,佐藤,b\n")
    assert deals(kept) == [("新保守", "甲社", "佐藤")]
    assert kept.done("deal", "show", "旧保守", "--json").json["name"] == "新保守"
    sound(kept)


def test_an_owner_is_handed_over_on_the_day_that_says_so_whatever_the_order_of_the_file(kept: Shell, bring):
    """A on the 1st, 5th and 9th, B on the 3rd, which stands last in the file: B's from the 3rd to the 5th, then A's again."""
    days = (("01", "甲"), ("05", "甲"), ("09", "甲"), ("03", "乙"))
    bring("".join(f"D1,2026-01-{day},甲社,保守,{owner},{day}\n" for day, owner in days))
    shown = kept.done("deal", "show", "保守", "--json").json
    assert shown["owner"] == "甲"
    with sqlite3.connect(kept.db) as cx:
        rows = cx.execute(
            "select on_date, body from record where kind = 'deal' and instr(body, 'assign') order by on_date"
        )
        handed = [(on, json.loads(body)["owner"]) for on, body in rows]
    assert handed == [("2026-01-01", "甲"), ("2026-01-03", "乙"), ("2026-01-05", "甲")]
    sound(kept)


def test_an_owner_in_the_last_of_many_rows_is_no_first_author(kept: Shell, bring):
    """The first row names nobody and is Yamada's; the last of six thousand names 佐藤, who takes over then."""
    filler = "".join(f",2026-01-02,乙社,別件{n},,x\n" for n in range(6000))
    rows = f",2026-01-01,甲社,保守,,a\n{filler},2026-01-03,甲社,保守,佐藤,z\n"
    bring(rows, map_text=MAP.replace("deal: {column: 案件, key: ID}", "deal: 案件"))
    assert kept.done("deal", "show", "保守", "--json").json["owner"] == "佐藤"


@pytest.mark.parametrize(
    "rows",
    [
        "D1,2026-01-10,甲社,保守,佐藤,a\n,2026-01-11,甲社,保守,佐藤,b\n",
        "D1,2026-01-10,甲社,保守,佐藤,a\nD2,2026-01-10,乙社,保守,佐藤,c\n,2026-01-11,甲社,保守,佐藤,b\nD1,2026-02-01,甲社,保守,佐藤,d\n",
    ],
)
def test_a_row_without_a_key_goes_to_the_deal_of_its_name_that_a_row_above_began_with_one(
    kept: Shell, bring, rows: str
):
    """At its customer; the same rows once more add nothing."""
    report = bring(rows)
    assert (report["taken"], report["rejected"]) == (rows.count("\n"), 0)
    entries = kept.done("log", "--limit", "0", "--json").json["entries"]
    own = {
        one["values"]["facts"]: one["deal"]["id"] for one in entries if one["values"].get("facts") in ("a", "b", "d")
    }
    assert len(set(own.values())) == 1
    assert bring(rows)["known"] == rows.count("\n")
    sound(kept)


def test_a_list_with_a_row_a_deal_says_the_same_however_many_deals_it_has(kept: Shell, bring):
    """Rows are known by their deal's key, so that a deal is forgotten once its row is through: two of one name stay two, an owner
    beside the author is kept, and the list a week later finds them all."""
    a_row_a_deal = MAP.replace("on: 日付", "key: ID\non: 日付").replace("{constant: 山田}", "担当")
    rows = [f"D{n},2026-01-{n % 28 + 1:02},甲社{n % 7},保守{n // 2},佐藤,{n}\n" for n in range(1200)]
    report = bring("".join(rows), map_text=a_row_a_deal)
    assert (report["taken"], report["deals"], report["new_deals"]) == (1200, 1200, 1200)
    expected = sorted((f"保守{n // 2}", f"甲社{n % 7}", "佐藤") for n in range(1200))
    assert deals(kept) == expected
    others = a_row_a_deal.replace("author: 担当", "author: {constant: 山田}")
    later = [row.replace("2026-01", "2026-02").replace(",佐藤,", ",鈴木,") for row in rows[:600]]
    report = bring("".join(later), "--changed", "add", map_text=others)
    assert (report["taken"], report["deals"], report["new_deals"]) == (600, 600, 0)
    assert deals(kept) == sorted((f"保守{n // 2}", f"甲社{n % 7}", "鈴木" if n < 600 else "佐藤") for n in range(1200))
    sound(kept)


def test_a_later_list_holds_no_deal_whose_row_is_through(kept: Shell, bring, monkeypatch):
    """Of two thousand deals that the journal knows by their keys a few wait at a time, known rows and changed ones; of the known
    ones each third is renamed, and those alone are called otherwise afterwards. Nothing is held of what changed rows say that their
    deals have by now, and those that were there are built anew some at a time."""
    a_row_a_deal = MAP.replace("on: 日付", "key: ID\non: 日付")
    rows = [f"D{n},2026-01-{n % 28 + 1:02},甲社{n % 7},保守{n},佐藤,{n}\n" for n in range(2000)]
    bring("".join(rows), map_text=a_row_a_deal)
    held, said, touched = list[int](), list[int](), list[int]()
    usual, usual_end, usual_flush = BulkImport.write, ImportedDeals.end_lines, Projection.flush

    def write(self: BulkImport, rows: EntryRows):
        held.append(sum(type(one) is KnownDeal for one in gc.get_objects()))
        return usual(self, rows)

    def end_lines(self: ImportedDeals):
        said.append(sum(type(one) is DealMention for one in gc.get_objects()))
        usual_end(self)

    def flush(self: Projection):
        touched.append(len(self.touched))
        usual_flush(self)

    monkeypatch.setattr(BulkImport, "write", write)
    monkeypatch.setattr(ImportedDeals, "end_lines", end_lines)
    monkeypatch.setattr(Projection, "flush", flush)
    monkeypatch.setattr("nippo_cli.journal.bulk.deals._REBUILT_AT_ONCE", 100)
    later = [
        row.replace(f",保守{n},", f",更新{n},")
        if n % 3 == 0
        else row.replace("2026-01", "2026-02")
        if n % 3 == 1
        else row
        for n, row in enumerate(rows)
    ]
    report = bring("".join(later), "--changed", "add", map_text=a_row_a_deal)
    assert (report["taken"], report["known"], report["new_deals"]) == (667, 1333, 0)
    assert 0 < max(held) < 10
    assert said == [0]
    assert [n for n in touched if n] == [*[100] * 13, 34]
    called = {name for name, _, _ in deals(kept)}
    assert called == {f"更新{n}" if n % 3 == 0 else f"保守{n}" for n in range(2000)}
    sound(kept)
