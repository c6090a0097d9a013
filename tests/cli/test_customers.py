"""`nippo customer`: all customers, and what is said of them by `rename`, `merge` and `alias`."""

import sqlite3
from contextlib import closing
from itertools import permutations

import pytest
from derived import kept, rebuilt
from shell import Shell

TALK = ("--activity", "電話", "-m", "話した")


@pytest.fixture
def three(nippo: Shell) -> Shell:
    """Three names for what may be one company, a deal or a talk each, and another company."""
    nippo.deal("ポンプ", "--customer", "青葉製作所", "--amount", "100万", "--on", "2026-10-01")
    nippo.deal("架台", "--customer", "アオバ", "--amount", "50万", "--on", "2026-11-01")
    nippo.done("add", "--customer", "㈱青葉製作所", "--on", "2026-11-10", *TALK)
    nippo.deal("配管", "--customer", "東亜化学", "--on", "2025-10-01")
    nippo.done("sales", "add", "--customer", "アオバ", "--amount", "30万", "--on", "2026-11-02")
    return nippo


def named(nippo: Shell, *argv: str) -> list[str]:
    """The customers of a list, in its order."""
    return [row["name"] for row in nippo.done("customer", *argv, "--json").json["customers"]]


def test_the_list_shows_each_customer_once_silent_longest_first(three: Shell):
    """青葉製作所 and ㈱青葉製作所 are one: the talk of 11/10, which is of no deal, counts. 東亜 was last met 418 days ago."""
    rows = three.done("customer", "--json").json["customers"]
    assert [
        (r["name"], r["live"], r["live_amount"], r["revenue"], r["last_contact_on"], r["silence_days"]) for r in rows
    ] == [
        ("東亜化学", 1, 0, 0, "2025-10-01", 418),
        ("アオバ", 1, 500_000, 300_000, "2026-11-01", 22),
        ("㈱青葉製作所", 1, 1_000_000, 0, "2026-11-10", 13),
    ]


def test_a_sale_to_another_spelling_is_its_customers(three: Shell):
    """The ledger states a legal form that no deal does, and the other way round."""
    three.done("sales", "add", "--customer", "株式会社アオバ", "--amount", "20万", "--on", "2026-11-03")
    three.done("sales", "add", "--customer", "青葉製作所", "--amount", "5万", "--on", "2026-11-03")
    three.done("sales", "add", "--customer", "見知らぬ社", "--amount", "7万", "--on", "2026-11-03")
    rows = three.done("customer", "--json").json["customers"]
    assert {r["name"]: r["revenue"] for r in rows} == {"東亜化学": 0, "アオバ": 500_000, "㈱青葉製作所": 50_000}


def test_silent_narrows_the_list_to_whom_nobody_met_for_so_long(three: Shell):
    """A year back from 2026-11-23: 東亜化学 alone; 22 days: アオバ too, whose last contact is that very day."""
    assert named(three, "--silent", "1y") == ["東亜化学"]
    assert named(three, "--silent", "22d") == ["東亜化学", "アオバ"]
    assert three("customer", "東亜化学", "--silent", "1y").code == 2


def test_two_customers_merged_are_one_on_every_page(three: Shell):
    """The list, the page by either name, filters, the ledger and a deal's own page; and undo takes it back."""
    before = three.done("customer", "--json").out
    three.done("customer", "merge", "アオバ", "青葉製作所")
    assert named(three) == ["東亜化学", "㈱青葉製作所"]
    row = three.done("customer", "--json").json["customers"][1]
    assert (row["live"], row["live_amount"], row["revenue"], row["silence_days"]) == (2, 1_500_000, 300_000, 13)
    for name in ("アオバ", "青葉製作所", "㈱青葉製作所"):
        page = three.done("customer", name, "--json").json
        assert (page["customer"], len(page["deals"]), page["total_contacts"]) == ("㈱青葉製作所", 2, 3)
        assert three.done("log", "--customer", name, "--json").json["total"] == 3
        assert three.done("deal", "list", "--customer", name, "--json").json["total"] == 2
        assert len(three.done("sales", "list", "--customer", name, "--json").json["sales"]) == 1
        assert three.done("prep", name, "--json").json["total_contacts"] == 3
    assert three.done("deal", "show", "架台", "--json").json["customer"] == "㈱青葉製作所"
    three.done("undo")
    assert three.done("customer", "--json").out == before


def test_a_customer_renamed_is_called_so_everywhere_and_answers_to_its_old_name(three: Shell):
    """What entries said stays as it was typed."""
    three.done("customer", "rename", "アオバ", "青葉テクノ株式会社")
    assert three.done("deal", "show", "架台", "--json").json["customer"] == "青葉テクノ株式会社"
    assert three.done("customer", "アオバ", "--json").json["customer"] == "青葉テクノ株式会社"
    entry = three.done("log", "--customer", "アオバ", "--json").json["entries"][0]
    assert entry["values"]["customer"] == "アオバ"


def test_what_is_written_under_an_old_name_goes_to_the_same_customer(three: Shell):
    """No “other customer” is made of a name that records call the same: neither by `add`, nor by a name that is taken, nor in
    a file."""
    three.done("customer", "merge", "アオバ", "青葉製作所")
    assert three.done("add", "架台", "--customer", "青葉製作所", *TALK, "--json").json["deal"]["name"] == "架台"
    assert (
        three.done("add", "ポンプ", "--customer", "アオバ", *TALK, "--json").json["deal"]["customer"] == "㈱青葉製作所"
    )
    taken = three("add", "ポンプ", "--new-deal", "--customer", "アオバ", *TALK)
    assert taken.code == 2
    assert "#2" in taken.err


def test_an_import_goes_by_what_customers_are_called(three: Shell, tmp_path):
    """A sheet that still says アオバ for the merged customer's deal is of that deal: two rows taken, no new deal."""
    three.done("customer", "merge", "アオバ", "青葉製作所")
    sheet, columns = tmp_path / "talks.csv", tmp_path / "map.yaml"
    sheet.write_text(
        "日付,案件,顧客,活動,事実\n2026-11-20,ポンプ,アオバ,電話,値段\n2026-11-21,架台,青葉製作所,電話,納期\n",
        encoding="utf-8",
    )
    columns.write_text(
        "source: sheet\nentries:\n  - on: 日付\n    deal: 案件\n"
        "    fields: {customer: 顧客, activity: 活動, facts: 事実}\n",
        encoding="utf-8",
    )
    report = three("import", str(sheet), "--map", str(columns), "--json")
    assert report.code == 0, report.err
    assert (report.json["taken"], report.json["new_deals"]) == (2, 0)


def test_a_name_of_another_customer_is_no_new_name(three: Shell):
    """Whether it has a record or the diary alone knows it: merging is offered, and nothing is written."""
    for verb in ("rename", "alias"):
        answer = three("customer", verb, "アオバ", "東亜化学株式会社")
        assert answer.code == 2
        assert "customer merge 'アオバ' '東亜化学'" in answer.err
    assert three("customer", "merge", "青葉製作所", "㈱青葉製作所").code == 2
    assert three("customer", "rename", "青葉", "別名").code == 4
    with closing(sqlite3.connect(three.db)) as cx:
        assert cx.execute("select count(*) from record where kind = 'customer'").fetchone() == (0,)


def test_an_erased_customer_is_in_no_record_by_any_of_its_names(three: Shell):
    """`redact` by one name reaches what was written under the others, and the records that gave them."""
    three.done("customer", "rename", "アオバ", "碧葉工業")
    three.done("customer", "alias", "碧葉工業", "ヘキヨウ")
    three.done("redact", "--customer", "碧葉工業", "--why", "受付12号", "--yes")
    with closing(sqlite3.connect(three.db)) as cx:
        bodies = "".join(body or "" for (body,) in cx.execute("select body from record where kind <> 'schema'"))
        names = cx.execute("select count(*) from customer_name").fetchone()
    assert not [name for name in ("碧葉工業", "ヘキヨウ", "アオバ") if name in bodies]
    assert names == (0,)
    assert kept(three.db) == rebuilt(three.db)


def test_a_part_of_a_former_name_means_the_customer_and_a_slip_in_it_names_it(three: Shell):
    """What customers are called today comes first; a part that two share is no name."""
    three.done("customer", "rename", "アオバ", "碧葉工業")
    three.done("customer", "alias", "東亜化学", "関西電材")
    assert three.done("customer", "アオ").out.startswith("碧葉工業")
    assert three.done("prep", "関西電").out.count("東亜化学") >= 1
    assert "碧葉工業（旧名・別名 アオバ）" in three("customer", "アオハ").err
    three.done("customer", "alias", "碧葉工業", "関西建材")
    assert three("customer", "関西").code == 4


def test_near_customers_are_listed_with_the_command_that_merges_them(three: Shell):
    """A plant, a letter, a part; once merged they are no pair any more."""
    three.done("add", "--customer", "東亜化学 大阪工場", *TALK)
    three.done("add", "--customer", "アオパ", *TALK)
    pairs = three.done("customer", "--near", "--json").json["pairs"]
    assert [tuple(pair.values()) for pair in pairs] == [
        ("東亜化学", "東亜化学 大阪工場", "branch", None, None), ("アオバ", "アオパ", "letter", None, None),
    ]  # fmt: skip
    assert "nippo customer merge 'アオバ' 'アオパ'" in three.done("customer", "--near").out
    three.done("customer", "merge", "アオバ", "アオパ")
    assert len(three.done("customer", "--near", "--json").json["pairs"]) == 1


def test_a_former_name_and_an_alias_are_near_names_too(three: Shell, tmp_path):
    """In every list, answer and notice, with what the customer is called now and the name that is near; merged, no more."""
    three.done("customer", "rename", "アオバ", "新日本商会")
    three.done("customer", "alias", "東亜化学", "関西電材")
    said = three.done("add", "--customer", "アオバ 大阪支店", *TALK).err
    assert "新日本商会（旧名・別名 アオバ）" in said
    assert "customer merge 'アオバ 大阪支店' '新日本商会'" in said
    sheet, columns = tmp_path / "talks.csv", tmp_path / "map.yaml"
    sheet.write_text("日付,顧客,活動,事実\n2026-11-20,関西電材工場,電話,値段\n", encoding="utf-8")
    columns.write_text(
        "source: sheet\nentries:\n  - on: 日付\n    fields: {customer: 顧客, activity: 活動, facts: 事実}\n",
        encoding="utf-8",
    )
    assert "東亜化学（旧名・別名 関西電材）" in three.done("import", str(sheet), "--map", str(columns)).err
    near = three.done("customer", "--near").out
    assert (
        "アオバ 大阪支店 / 新日本商会（旧名・別名 アオバ）" in near
        or "新日本商会（旧名・別名 アオバ） / アオバ 大阪支店" in near
    )
    pairs = three.done("customer", "--near", "--json").json["pairs"]
    assert sorted((p["one"], p["one_as"], p["other"], p["other_as"], p["why"]) for p in pairs) == [
        ("新日本商会", "アオバ", "アオバ 大阪支店", None, "branch"),
        ("東亜化学", "関西電材", "関西電材工場", None, "branch"),
    ]
    assert "新日本商会（旧名・別名 アオバ）" in three.done("tidy").out
    three.done("customer", "merge", "アオバ 大阪支店", "新日本商会")
    three.done("customer", "merge", "関西電材工場", "東亜化学")
    assert three.done("customer", "--near", "--json").json["pairs"] == []


def test_a_new_customer_near_a_known_one_is_said_and_recorded(three: Shell):
    """Nothing is joined; a spelling of a known customer, and a second entry, say nothing."""
    said = three.done("add", "--customer", "青葉製作", *TALK)
    assert "青葉製作所" in said.err
    assert f"nippo --journal {three.journal} customer merge" in said.err
    for known in ("青葉製作", "株式会社東亜化学", "北斗電機"):
        assert "customer merge" not in three.done("add", "--customer", known, *TALK).err
    assert "青葉製作" in named(three)


def test_an_import_says_how_many_of_its_customers_are_near(three: Shell, tmp_path):
    """One of the two new customers is: アオバ電機 holds アオバ."""
    sheet, columns = tmp_path / "talks.csv", tmp_path / "map.yaml"
    sheet.write_text(
        "日付,顧客,活動,事実\n2026-11-20,アオバ電機,電話,値段\n2026-11-21,北斗,電話,納期\n", encoding="utf-8"
    )
    columns.write_text(
        "source: sheet\nentries:\n  - on: 日付\n    fields: {customer: 顧客, activity: 活動, facts: 事実}\n",
        encoding="utf-8",
    )
    report = three("import", str(sheet), "--map", str(columns))
    assert report.code == 0, report.err
    assert "1組" in report.err
    assert "nippo customer --near" in report.err.replace(f"--journal {three.journal} ", "")


def test_a_bare_name_nobody_wrote_is_none_of_several_legal_forms(nippo: Shell):
    """青葉 may be 株式会社青葉 or 有限会社青葉: nothing is said of either."""
    for name, customer in (("乙", "株式会社青葉"), ("丙", "有限会社青葉")):
        nippo.deal(name, "--customer", customer)
    for command in (("rename", "青葉", "若葉"), ("alias", "青葉", "若葉"), ("merge", "青葉", "株式会社青葉")):
        refused = nippo("customer", *command)
        assert (refused.code, "有限会社青葉" in refused.err) == (4, True), refused.err


@pytest.mark.parametrize("command", [("rename", "大葉"), ("alias", "大葉"), ("merge", "乙社")])
def test_a_legal_form_that_is_typed_of_a_bare_name_is_no_other_forms(nippo: Shell, command):
    """The diary knows 青葉 alone: what is said of 有限会社青葉 holds for 青葉, and for no 株式会社青葉 that comes later."""
    nippo.deal("甲", "--customer", "青葉")
    nippo.deal("乙", "--customer", "乙社")
    nippo.done("customer", command[0], "有限会社青葉", command[1])
    nippo.done("add", "甲", "--customer", "有限会社青葉", "--activity", "電話", "-m", "続き")
    refused = nippo("add", "甲", "--customer", "株式会社青葉", "--activity", "電話", "-m", "別の会社")
    assert (refused.code, "株式会社青葉" in refused.err) == (2, True), refused.err
    nippo.done("add", "甲", "--new-deal", "--customer", "株式会社青葉", "--activity", "電話", "-m", "別の会社")
    deals = {d["customer"] for d in nippo.done("deal", "list", "--customer", command[1], "--json").json["deals"]}
    assert "株式会社青葉" not in deals
    assert (
        nippo.done("deal", "list", "--customer", "株式会社青葉", "--json").json["deals"][0]["customer"]
        == "株式会社青葉"
    )


def test_what_is_said_of_one_legal_form_is_not_done_to_another(nippo: Shell):
    """The diary knows 青葉 and 株式会社青葉, which are one: 有限会社青葉 is neither."""
    nippo.deal("甲", "--customer", "青葉")
    nippo.deal("乙", "--customer", "株式会社青葉")
    for command in (
        ("rename", "有限会社青葉", "大葉"),
        ("merge", "有限会社青葉", "大葉"),
        ("alias", "有限会社青葉", "大葉"),
    ):
        refused = nippo("customer", *command)
        assert (refused.code, "株式会社青葉" in refused.err) == (4, True), refused.err


@pytest.mark.parametrize("order", list(permutations(("青葉", "株式会社青葉", "有限会社青葉"))))
def test_a_bare_name_beside_two_legal_forms_is_a_customer_of_its_own(nippo: Shell, order):
    """Whichever came first: each has its deal, its contacts and its sale; each is near the others, and joined with none."""
    names = {"青葉": "甲", "株式会社青葉": "乙", "有限会社青葉": "丙"}
    for customer in order:
        nippo.deal(names[customer], "--customer", customer)
        nippo.done("add", "--customer", customer, "--activity", "電話", "-m", f"{names[customer]}の話")
        nippo.done("sales", "add", "--on", "2026-11-20", "--amount", "10", "--customer", customer)

    def shown(customer: str) -> tuple[list[str], ...]:
        """The deals, contacts and sales that are found under a name."""
        page = nippo.done("customer", customer, "--json").json
        return (
            [deal["name"] for deal in page["deals"]],
            [deal["name"] for deal in nippo.done("deal", "list", "--customer", customer, "--json").json["deals"]],
            sorted({e["values"]["facts"] for e in nippo.done("log", "--customer", customer, "--json").json["entries"]}),
        )  # fmt: skip

    own = {name: shown(name) for name in names}
    assert {name: pages[:2] for name, pages in own.items()} == {n: ([deal], [deal]) for n, deal in names.items()}
    assert all(f"{names[name]}の話" in pages[2] for name, pages in own.items())
    rows = {row["name"]: row["revenue"] for row in nippo.done("customer", "--json").json["customers"]}
    assert rows == dict.fromkeys(names, 10)
    pairs = {(pair["one"], pair["other"]) for pair in nippo.done("customer", "--near", "--json").json["pairs"]}
    assert {("青葉", "株式会社青葉"), ("青葉", "有限会社青葉"), ("有限会社青葉", "株式会社青葉")} <= pairs | {
        p[::-1] for p in pairs
    }
    # What is said of one is said of no other, and each still answers to its name alone.
    nippo.done("customer", "rename", "有限会社青葉", "大葉")
    assert [shown(name)[0] for name in names] == [["甲"], ["乙"], ["丙"]]
    assert {row["name"] for row in nippo.done("customer", "--json").json["customers"]} == {
        "青葉",
        "株式会社青葉",
        "大葉",
    }
    nippo.done("customer", "merge", "青葉", "株式会社青葉")
    assert {name: sorted(shown(name)[0]) for name in ("青葉", "大葉")} == {"青葉": ["乙", "甲"], "大葉": ["丙"]}
    assert nippo.done("doctor").code == 0


def test_an_imported_row_of_a_bare_name_goes_to_neither_of_two_legal_forms(nippo: Shell, tmp_path):
    """保守 of 青葉 is a deal of its own, whichever of the two has a 保守; where it is asked for by name alone, all are offered."""
    nippo.deal("保守", "--customer", "株式会社青葉")
    nippo.deal("更新", "--customer", "有限会社青葉")
    (tmp_path / "map.yaml").write_text(
        "source: old\non: 日\ndeal: 件\nfields: {customer: 客, facts: 件, activity: {constant: 電話}}\n",
        encoding="utf-8",
    )
    rows = "日,件,客\n2026-11-01,保守,青葉\n2026-11-02,更新,青葉\n2026-11-03,保守,㈱青葉\n"
    (tmp_path / "rows.csv").write_text(rows, encoding="utf-8")
    nippo.done("import", str(tmp_path / "rows.csv"), "--map", str(tmp_path / "map.yaml"))
    deals = [(d["name"], d["customer"]) for d in nippo.done("deal", "list", "--all", "--json").json["deals"]]
    assert sorted(deals) == [
        ("保守", "株式会社青葉"), ("保守", "青葉"), ("更新", "有限会社青葉"), ("更新", "青葉"),
    ]  # fmt: skip
    refused = nippo("add", "保守", "--customer", "青葉", "--activity", "電話", "-m", "x", "--dry-run")
    assert refused.code == 0
    assert nippo("add", "保守", "--activity", "電話", "-m", "x", "--dry-run").code == 4


def test_the_log_and_a_search_call_a_renamed_customer_as_it_is_called(nippo: Shell):
    """Entries of a deal and of none, of a name that a merge joined, too; what was written stays, and on a past day the former name
    is shown."""
    talk = ("--activity", "電話", "-m", "話した")
    nippo.done("add", "--customer", "旧社", *talk)
    nippo.done("add", "保守", "--new-deal", "--customer", "旧社", *talk)
    nippo.done("add", "--customer", "別社", *talk)
    before = nippo.done("log").out
    nippo.done("customer", "rename", "旧社", "新社")
    nippo.done("customer", "merge", "別社", "新社")
    for command in (("log",), ("search", "話")):
        answer = nippo.done(*command)
        assert ("旧社" in answer.out, "別社" in answer.out, answer.out.count("新社")) == (False, False, 3)
        entries = nippo.done(*command, "--json").json["entries"]
        said = [(entry["customer_name"], entry["values"]["customer"]) for entry in entries]
        assert said == [("新社", "別社"), ("新社", "旧社"), ("新社", "旧社")]
    nippo.done("undo")
    nippo.done("undo")
    assert nippo.done("log").out == before


def test_a_search_goes_by_all_names_of_a_customer_and_of_a_person(nippo: Shell):
    """By a part of a customer's name, by a person's whole name; where a name is to be left out, every name is."""
    talk = ("--activity", "電話")
    nippo.done("add", "保守", "--new-deal", "--customer", "旧日本精機", *talk, "--people", "佐藤花子", "-m", "一")
    nippo.done("add", "保守", *talk, "-m", "二")
    nippo.done("add", "--customer", "旧日本精機", *talk, "-m", "三")
    nippo.done("add", "--customer", "北斗", *talk, "-m", "ＮＳＫの話も出た")
    nippo.done("add", "--customer", "北斗", *talk, "-m", "五")

    def hits(*words: str) -> list[str]:
        entries = nippo.done("search", *words, "--json").json["entries"]
        return sorted(entry["values"]["facts"] for entry in entries)

    assert hits("日本精機") == ["一", "三", "二"]
    nippo.done("customer", "rename", "旧日本精機", "NSK")
    nippo.done("customer", "alias", "NSK", "エヌエス")
    for word in ("日本精機", "nsk", "エヌエス", "旧日本"):
        assert hits(word) == ["一", "三", "二", "ＮＳＫの話も出た"], word
    assert hits("北斗", "--not", "日本精機") == ["五"]
    assert hits("顧客:エヌエス") == ["一", "三"]
    # One letter is no part of a name: it would stand for everybody.
    assert hits("旧") == ["一", "三"]
    # Nor is a legal form, which many share.
    nippo.done("customer", "alias", "NSK", "株式会社旧精")
    assert hits("株式会社") == []
    assert hits("㈱旧精") == ["一", "三", "二", "ＮＳＫの話も出た"]
    nippo.done("customer", "people", "NSK", "佐藤花子", "--rename", "鈴木花子")
    assert hits('"鈴木 花子"') == hits("佐藤花子") == ["一"]
    assert hits("鈴木") == []
    assert nippo.done("doctor").code == 0


def test_an_entry_shows_what_its_customer_is_called_and_whose_its_deal_is(nippo: Shell):
    """The former name stands as it was written. Where two legal forms are known, a name without one is another customer's."""
    talk = ("--activity", "電話", "-m", "話した")
    nippo.done("add", "保守", "--new-deal", "--customer", "旧社", *talk)
    nippo.done("customer", "rename", "旧社", "新社")
    page = nippo.done("show", "3").out
    assert "顧客    旧社  今の呼び名: 新社" in page
    assert "案件    保守  2" in page
    nippo.done("add", "点検", "--new-deal", "--customer", "株式会社青葉", *talk)
    entry = nippo.done("add", "点検", "--customer", "青葉", *talk, "--json").json["entry"]
    # Both are one customer's as yet.
    assert f"案件    点検  {entry['deal']['id']}" in nippo.done("show", entry["id"]).out
    nippo.done("add", "更新", "--new-deal", "--customer", "有限会社青葉", *talk)
    assert f"案件    点検（株式会社青葉）  {entry['deal']['id']}" in nippo.done("show", entry["id"]).out


def test_an_undo_says_whose_name_it_took_back(nippo: Shell):
    """A customer's and a person's."""
    nippo.done("add", "--customer", "青葉", "--activity", "電話", "--people", "山本剛（課長）", "-m", "話した")
    for change, said in (
        (("alias", "青葉", "あおば"), "顧客「青葉」の呼び名の変更"),
        (("rename", "青葉", "みどり"), "顧客「青葉」の呼び名の変更"),
        (("people", "青葉", "山本剛", "--rename", "山田剛"), "青葉の山本剛さんについての記録"),
        (("people", "青葉", "山本剛", "--left"), "青葉の山本剛さんについての記録"),
    ):
        nippo.done("customer", *change)
        assert said in nippo.done("undo").out, change


def test_a_silence_that_no_calendar_reaches_back_to_is_refused_for_that(nippo: Shell):
    """It is written as it should be."""
    nippo.done("add", "--customer", "青葉", "--activity", "電話", "-m", "話した")
    for said in ("9999y", "99999w", "2026y"):
        refused = nippo("customer", "--silent", said)
        assert (refused.code, "1000 年から 8999 年まで" in refused.err) == (2, True)


def test_a_customer_whom_the_ledger_alone_knows_is_merged_into_one_of_the_diary(nippo: Shell, tmp_path):
    """In any spelling; then its sales are matched to the orders of that one."""
    order = (
        "--activity",
        "訪問",
        "--stage",
        "受注",
        "--amount",
        "100万",
        "-m",
        "話した",
        "--later",
        "--on",
        "2026-11-01",
    )
    nippo.done("add", "更新", "--new-deal", "--customer", "甲工場", *order)
    (tmp_path / "sales.csv").write_text("日付,顧客,金額\n2026-11-10,㈱乙商事,1000000\n", encoding="utf-8")
    nippo.done("sales", "import", str(tmp_path / "sales.csv"), "--yes")
    assert nippo.done("sales", "match", "--dry-run", "--json").json["proposals"] == []
    assert nippo("customer", "merge", "丙商事", "甲工場").code == 4
    nippo.done("customer", "merge", "乙商事", "甲工場")
    (proposal,) = nippo.done("sales", "match", "--dry-run", "--json").json["proposals"]
    assert (proposal["deal"]["name"], proposal["sales"][0]["customer"]) == ("更新", "甲工場")
    assert nippo.done("doctor").code == 0
    nippo.done("undo")
    assert nippo.done("sales", "match", "--dry-run", "--json").json["proposals"] == []
