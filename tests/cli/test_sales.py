"""The ledger at the command line: rows of accounting software, matches, and what the page says of both."""

from pathlib import Path

import pytest
from shell import Shell

from nippo_cli.services.imports.sales_book import SalesBook

MAP = """\
source: 会計
on: {column: 計上日, format: "%Y/%m/%d"}
customer: 得意先
amount: {column: 金額, empty: ["-"]}
reference: 伝票番号
note: 摘要
deal: 案件
currency: 通貨
"""
HEAD = "計上日,得意先,金額,伝票番号,摘要,案件,通貨"
GOOD = (
    '2026/10/20,㈱青葉製作所,"3,000,000",S-1,一部,,JPY',
    '2026/10/30,青葉製作所（株）,"2,000,000",S-2,残り,,円',
    "2026/11/02,若葉工業,▲50000,S-3,値引,,",
    '2026/11/03,若葉工業,"(1,200)",S-4,返品,,',
    "2026/11/05,若葉工業,１２０万,S-5,,,",
)
# Received on 1 October for five million yen.
ORDER = ("--activity", "電話", "--stage", "受注", "--kind", "新規", "--amount", "500万", "--on", "2026-10-01")


@pytest.fixture
def ledger(nippo: Shell, tmp_path: Path):
    """Writes sales.csv beside its map, for a journal with one order; returns the command that imports it."""
    nippo.done("add", "搬送ロボット", "--new-deal", "--customer", "青葉製作所", *ORDER, "-m", "注文書", "--later")

    def write(*lines: str, encoding: str = "utf-8", end: str = "\n", said: str = MAP) -> tuple[str, ...]:
        (tmp_path / "map.yaml").write_text(said, encoding="utf-8")
        (tmp_path / "sales.csv").write_bytes(end.join((HEAD, *lines, "")).encode(encoding))
        return ("sales", "import", "sales.csv", "--map", "map.yaml")

    return write


def listed(nippo: Shell, *argv: str) -> dict[str, dict]:
    """The ledger's rows by their reference."""
    return {row["reference"]: row for row in nippo.done("sales", "list", "--json", *argv).json["sales"]}


@pytest.mark.parametrize(("encoding", "end"), [("utf-8", "\n"), ("utf-8-sig", "\r\n"), ("cp932", "\r\n")])
def test_rows_of_accounting_software_go_in(nippo: Shell, ledger, encoding, end):
    """Whatever the file is encoded in; thousands' commas, ▲ and parentheses, units of ten thousand, full width."""
    found = nippo.done(*ledger(*GOOD, encoding=encoding, end=end), "--json").json
    assert (found["rows"], found["taken"], found["sales"], found["entries"]) == (5, 5, 5, 0)
    amounts = {reference: row["amount"] for reference, row in listed(nippo).items()}
    assert amounts == {"S-1": 3_000_000, "S-2": 2_000_000, "S-3": -50_000, "S-4": -1_200, "S-5": 1_200_000}


def test_a_row_is_known_on_its_own_date(nippo: Shell, ledger):
    """A past day shows what was in the ledger then, whenever that was imported."""
    nippo.done(*ledger(*GOOD))
    assert set(listed(nippo, "--as-of", "2026-10-30")) == {"S-1", "S-2"}
    assert listed(nippo, "--as-of", "2026-10-19") == {}


def test_a_map_may_say_when_a_row_was_known(nippo: Shell, ledger):
    """What was entered late is not there yet on its own date."""
    said = MAP + "known_on: {constant: 2026-11-10}\n"
    nippo.done(*ledger(*GOOD[:1], said=said))
    assert listed(nippo, "--as-of", "2026-10-30") == {}
    assert set(listed(nippo, "--as-of", "2026-11-10")) == {"S-1"}


def test_a_second_import_adds_nothing(nippo: Shell, ledger):
    """The same reference with the same content is known; a longer export adds what is new."""
    nippo.done(*ledger(*GOOD[:3]))
    found = nippo.done(*ledger(*GOOD[:3]), "--json").json
    assert (found["taken"], found["known"], found["batch"]) == (0, 3, None)
    noted = GOOD[0].replace("一部", "一部入金")
    found = nippo.done(*ledger(noted, *GOOD[1:]), "--json").json
    assert (found["taken"], found["known"]) == (2, 3)


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        (GOOD[0].replace("3,000,000", "3,100,000"), "sales.other_amount"),
        (GOOD[0].replace("10/20", "10/21"), "sales.says_other"),
        (GOOD[0].replace("青葉", "若葉"), "sales.says_other"),
    ],
)
def test_a_known_reference_that_says_something_else_is_rejected(nippo: Shell, ledger, changed, key):
    """Another amount is told with both; taken back, the row may come again as it is now."""
    nippo.done(*ledger(*GOOD[:1]))
    answer = nippo(*ledger(changed), "--json")
    assert (answer.code, answer.json["taken"], answer.json["stopped"]) == (3, 0, True)
    (problem,) = answer.json["rejects"][0]["problems"]
    assert problem["needs"] == key
    if key == "sales.other_amount":
        assert "3,000,000円" in problem["message"]
        assert "3,100,000円" in problem["message"]
    nippo.done("sales", "retract", listed(nippo)["S-1"]["id"], "--why", "金額の訂正")
    assert nippo.done(*ledger(changed), "--json").json["taken"] == 1


def test_a_row_that_changed_corrects_its_sale(nippo: Shell, ledger):
    """With `--changed amend`, or the map's word for it; what it changes is told, and again it is known."""
    nippo.done(*ledger(*GOOD[:2]))
    before = listed(nippo)["S-1"]["id"]
    changed = GOOD[0].replace("3,000,000", "3,100,000").replace("10/20", "10/21").replace("青葉", "若葉")
    found = nippo.done(*ledger(changed, GOOD[1]), "--changed", "amend", "--json").json
    assert (found["taken"], found["amended"], found["added"], found["known"]) == (1, 1, 0, 1)
    (row,) = found["changed"]
    assert (row["line"], row["record"]) == (2, before)
    assert {c["field"]: (c["before"], c["after"]) for c in row["changes"]} == {
        "on": ("2026-10-20", "2026-10-21"), "amount": (3_000_000, 3_100_000), "customer": ("㈱青葉製作所", "㈱若葉製作所"),
    }  # fmt: skip
    one = listed(nippo)["S-1"]
    assert (one["id"], one["on"], one["amount"], one["customer"]) == (before, "2026-10-21", 3_100_000, "㈱若葉製作所")
    assert nippo.done(*ledger(changed, GOOD[1]), "--changed", "amend", "--json").json["known"] == 2
    nippo.done("undo")
    assert listed(nippo)["S-1"]["amount"] == 3_000_000
    assert nippo.done(*ledger(changed, said=MAP + "changed: amend\n"), "--json").json["amended"] == 1
    assert nippo.done("doctor", "--json").json["sound"]


def test_a_row_that_changed_may_be_a_sale_beside(nippo: Shell, ledger):
    """With `--changed add`: both stand, and neither comes in twice."""
    nippo.done(*ledger(GOOD[0]))
    other = GOOD[0].replace("3,000,000", "3,100,000")
    found = nippo.done(*ledger(other), "--changed", "add", "--json").json
    assert (found["taken"], found["amended"], found["added"]) == (1, 0, 1)
    assert sorted(row["amount"] for row in nippo.done("sales", "list", "--json").json["sales"]) == [
        3_000_000,
        3_100_000,
    ]
    for row in (GOOD[0], other):
        assert nippo.done(*ledger(row), "--changed", "add", "--json").json["known"] == 1


def test_a_target_that_stands_may_be_kept(nippo: Shell, tmp_path):
    """Another amount takes its place, unless one says reject; nothing is added beside it."""
    table = tmp_path / "targets.csv"
    table.write_text("owner,month,amount\n佐藤,2027-04,100\n", encoding="utf-8")
    nippo.done("target", "import", "targets.csv")
    table.write_text("owner,month,amount\n佐藤,2027-04,200\n", encoding="utf-8")
    answer = nippo("target", "import", "targets.csv", "--changed", "reject", "--json")
    assert (answer.code, answer.json["rejects"][0]["problems"][0]["needs"]) == (3, "target.other_amount")
    assert nippo("target", "import", "targets.csv", "--changed", "add").code == 2
    assert nippo.done("target", "import", "targets.csv", "--json").json["taken"] == 1
    assert [t["amount"] for t in nippo.done("target", "list", "--json").json["targets"]] == [200]


KINDS = """\
source: 会計
on: 計上日
customer: 得意先
amount: {column: 金額, tax: 10%}
reference: 伝票番号
kind: {column: 摘要, values: {一時金: advance, 検収: 売上}}
"""


def test_advances_come_in_apart_from_sales(nippo: Shell, ledger):
    """By a column that says what a row is, as ledgers call it or as the map does; an unknown word rejects its row. The tax
    that the map names is taken off both."""
    rows = [
        f"2026/11/0{n},若葉工業,1100,S-{n},{word},,"
        for n, word in enumerate(("売上", "検収", "", "前受金", "着手金", "一時金"), 1)
    ]
    nippo.done(*ledger(*rows, said=KINDS))
    found = nippo.done("sales", "list", "--json").json
    assert (found["total"], found["amount"], found["advances"]) == (3, 3000, {"sales": 3, "amount": 3000})
    assert {row["reference"] for row in found["sales"]} == {"S-1", "S-2", "S-3"}
    assert {(row["gross"], row["tax"], row["kind"]) for row in found["sales"]} == {(1100, "10%", "sale")}
    assert set(listed(nippo, "--advances")) == {"S-4", "S-5", "S-6"}
    refused = nippo(*ledger("2026/11/09,若葉工業,100,S-9,返金,,", said=KINDS), "--json").json["rejects"][0]
    assert [p["needs"] for p in refused["problems"]] == ["exchange.flat.kind"]
    bad = nippo(*ledger(*rows, said=KINDS.replace("10%", "0.1")))
    assert (bad.code, "10% や 8%" in bad.err) == (2, True)


def test_an_advance_is_revenue_nowhere(nippo: Shell, ledger):
    """Neither of a customer, nor of a month, nor in the balance; erased it is none still."""
    ledger()
    nippo.done("sales", "add", "--deal", "搬送ロボット", "--amount", "150万", "--on", "2026-10-05", "--advance")
    month = "2026-10"

    def revenue() -> list[int]:
        page = nippo.done("gap", "unlinked", "--json").json["summary"]
        bought = nippo.done("customer", "--json").json["customers"][0]["revenue"]
        told = nippo.done("gap", "promises", "--json").json["months"]
        return [page["ledger"]["amount"], page["matched"]["amount"], bought,
                sum(one["sales"] or 0 for one in told if one["month"] == month)]  # fmt: skip

    assert revenue() == [0] * 4
    assert nippo.done("gap", "unlinked", "--json").json["summary"]["advances"] == {"sales": 1, "amount": 1_500_000}
    assert nippo.done("sales", "list", "--json").json["amount"] == 0
    nippo.done("redact", listed_advance(nippo), "--why", "依頼", "--yes")
    assert revenue() == [0] * 4
    nippo.done("sales", "add", "--deal", "搬送ロボット", "--amount", "350万", "--on", "2026-10-20")
    assert revenue() == [3_500_000] * 4
    found = nippo.done("gap", "unlinked", "--json").json
    assert (found["findings"], found["summary"]["settled"]) == ([], {"deals": 1, "amount": 1_500_000})


def listed_advance(nippo: Shell) -> str:
    """The id of the only advance."""
    (row,) = nippo.done("sales", "list", "--advances", "--json").json["sales"]
    return str(row["id"])


def test_tax_is_taken_off_as_the_schema_says(nippo: Shell, ledger, tmp_path):
    """`ledger: {tax: included}`: what is typed and what comes in; `--tax 0%` says that one has none. Before that a sale with
    tax is proposed for what it is, and `--exact` leaves it."""
    ledger()
    nippo.done("sales", "add", "--customer", "青葉製作所", "--amount", "550万", "--on", "2026-10-20", "--ref", "A")
    (found,) = nippo.done("sales", "match", "--json").json["proposals"]
    assert (found["tax"], found["difference"], found["by"]) == ("10%", 0, ["customer"])
    assert "10%の税込で一致" in nippo.done("sales", "match").out
    assert nippo.done("sales", "match", "--exact", "--json").json["params"]["n"] == 0
    schema = nippo.schema
    text = schema.read_text(encoding="utf-8")
    schema.write_text(text + "\nledger: {tax: 税込, rate: 8%}\n", encoding="utf-8")
    nippo.done("sales", "add", "--customer", "青葉製作所", "--amount", "540万", "--on", "2026-10-20", "--ref", "B")
    nippo.done(
        "sales", "add", "--customer", "若葉", "--amount", "540万", "--on", "2026-10-20", "--ref", "C", "--tax", "0%"
    )
    rows = listed(nippo)
    assert {r: (row["amount"], row["gross"]) for r, row in rows.items()} == {
        "A": (5_500_000, None), "B": (5_000_000, 5_400_000), "C": (5_400_000, None),
    }  # fmt: skip
    (found,) = nippo.done("sales", "match", "--json").json["proposals"]
    assert ([s["reference"] for s in found["sales"]], found["tax"]) == (["B"], None)


@pytest.mark.parametrize(
    ("row", "key"),
    [
        (",若葉工業,100,S-6,,,", "exchange.flat.needs_on"),
        ("2026/13/01,若葉工業,100,S-6,,,", "exchange.needs.format"),
        ("2026/11/06,若葉工業,100,S-6,,,USD", "exchange.flat.currency"),
        ("2026/11/06,若葉工業,$100,S-6,,,", "money.needs.yen"),
        ("2026/11/06,若葉工業,-,S-6,,,", "exchange.flat.needs_amount"),
        ("2026/11/06,若葉工業,百円,S-6,,,", "money.needs.yen"),
        ("2026/11/06,,100,S-6,,,", "exchange.flat.whom"),
        ("2026/11/06,若葉工業,100,S-1,,,", "exchange.flat.key_twice_other"),
        ('2026/10/20,㈱青葉製作所,"3,000,000",S-1,一部,,JPY', "exchange.key_twice"),
        ("2026/11/06,若葉工業,100,S-6,,,,余分", "exchange.ragged"),
    ],
)
def test_a_row_that_is_no_sale_is_rejected_with_its_reason(nippo: Shell, ledger, tmp_path, row, key):
    """And stops the import, or is left out and written apart; the others are there then."""
    answer = nippo(*ledger(GOOD[0], row), "--json")
    assert (answer.code, [p["needs"] for p in answer.json["rejects"][0]["problems"]]) == (3, [key])
    assert listed(nippo) == {}
    found = nippo.done(*ledger(GOOD[0], row), "--on-error", "skip", "--json").json
    assert (found["taken"], found["rejected"]) == (1, 1)
    assert "nippo_reason" in (tmp_path / "sales.csv.rejects.csv").read_text(encoding="utf-8-sig")
    assert nippo.done("gap", "unlinked", "--json").json["left_out"]["rejected"] == 1


def test_a_dry_run_writes_nothing(nippo: Shell, ledger):
    """It counts all the same."""
    assert nippo.done(*ledger(*GOOD), "--dry-run", "--json").json["taken"] == 5
    assert listed(nippo) == {}


def test_undo_takes_an_import_back_whole(nippo: Shell, ledger):
    """And it can be imported again."""
    nippo.done(*ledger(*GOOD))
    nippo.done("undo")
    assert listed(nippo) == {}
    assert nippo.done(*ledger(*GOOD), "--json").json["taken"] == 5


def test_a_row_names_its_deal_by_any_of_its_names(nippo: Shell, ledger):
    """By id, name or former name; what nothing answers to is taken without a deal, and said."""
    nippo.done("deal", "rename", "搬送ロボット", "搬送機")
    rows = [f"2026/11/06,,100,R-{n},,{said}," for n, said in enumerate(("2", "搬送機", "搬送ロボット"))]
    answer = nippo.done(*ledger(*rows, "2026/11/06,若葉工業,100,R-9,,なぞの案件,"))
    assert "1行が書いている案件は日報帳にありません（「なぞの案件」など）" in answer.err
    found = listed(nippo)
    assert [found[f"R-{n}"]["deal"]["id"] for n in range(3)] == ["2", "2", "2"]
    assert (found["R-0"]["customer"], found["R-9"]["deal"]) == ("青葉製作所", None)


def test_rows_of_unknown_deals_are_counted_without_going_through_all_deals_again(nippo: Shell, ledger, monkeypatch):
    """The first is named; what is counted for a row does not hang on how many rows came before."""
    looked = []
    real = SalesBook._deal

    def deal(self, said, whose):
        class Counted(dict):
            def items(self):
                looked.append(len(self))
                return super().items()

        if not isinstance(self._deals, Counted):
            self._deals = Counted(self._deals)
        return real(self, said, whose)

    monkeypatch.setattr(SalesBook, "_deal", deal)
    rows = [f"2026/10/{day:02},青葉製作所,100,X-{day},,無い案件{day}," for day in range(1, 10)]
    assert "9行" in nippo.done(*ledger(*rows)).err
    assert looked == []


def test_rows_without_a_reference_are_known_by_what_they_say(nippo: Shell, ledger):
    """Two alike are two; neither comes in twice."""
    rows = ("2026/11/06,若葉工業,100,,,,",) * 2
    assert nippo.done(*ledger(*rows), "--json").json["taken"] == 2
    assert nippo.done(*ledger(*rows), "--json").json["known"] == 2


def test_a_key_of_several_columns_tells_part_invoices_apart(nippo: Shell, ledger):
    """One number, two lines."""
    said = MAP + "key: [伝票番号, 摘要]\n"
    rows = ("2026/11/06,若葉工業,100,S-1,1行目,,", "2026/11/06,若葉工業,300,S-1,2行目,,")
    assert nippo.done(*ledger(*rows, said=said), "--json").json["taken"] == 2


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        (MAP.replace("amount:", "amonut:"), "amonut"),
        (MAP.replace("得意先", "顧客"), "顧客"),
        (MAP.replace("source: 会計\n", ""), "source"),
        (MAP.replace("note: 摘要", "note: {column: 摘要, format: '%Y'}"), "note"),
        ("source: 会計\namount: 金額\n", "on"),
    ],
)
def test_a_map_that_does_not_fit_is_told_before_any_row(nippo: Shell, ledger, said, problem):
    """With the line and the name."""
    answer = nippo(*ledger(*GOOD, said=said))
    assert answer.code == 2
    assert problem in answer.err


def test_proposals_are_confirmed_or_refused_for_good(nippo: Shell, ledger):
    """Two part invoices of a company in another legal form; nothing is matched before a person says so."""
    nippo.done(*ledger(*GOOD))
    (proposal,) = nippo.done("sales", "match", "--json").json["proposals"]
    assert (proposal["deal"]["name"], [s["reference"] for s in proposal["sales"]]) == ("搬送ロボット", ["S-1", "S-2"])
    first, second = (s["id"] for s in proposal["sales"])
    balance = nippo.done("gap", "unlinked", "--json").json["summary"]
    assert (balance["matched"], balance["proposed"]) == (
        {"sales": 0, "amount": 0}, {"sales": 2, "amount": 5_000_000}
    )  # fmt: skip
    assert nippo.done("sales", "match", first, "2", "--dry-run").out.startswith("お試し")
    for sale in (first, second):
        nippo.done("sales", "match", sale, "搬送ロボット")
    found = nippo.done("gap", "unlinked", "--json").json
    assert found["summary"]["matched"] == {"sales": 2, "amount": 5_000_000}
    assert [f["case"] for f in found["findings"]] == ["no_deal"] * 3
    nippo.done("undo")
    assert listed(nippo)["S-2"]["deal"] is None
    nippo.done("sales", "match", second, "2", "--refuse")
    assert nippo.done("sales", "match", "--json").json["proposals"] == []


def test_what_agrees_to_the_yen_is_confirmed_in_one_go(nippo: Shell, ledger):
    """Both part invoices, one command; one undo takes both back. What is only close is left for a person."""
    nippo.done(*ledger(*GOOD))
    assert nippo.done("sales", "match", "--exact", "--dry-run", "--json").json["params"] == {"n": 2, "deals": 1}
    assert nippo.done("sales", "match", "--exact", "--json").json["params"] == {"n": 2, "deals": 1}
    assert {r for r, row in listed(nippo).items() if row["deal"]} == {"S-1", "S-2"}
    nippo.done("undo")
    assert {r for r, row in listed(nippo).items() if row["deal"]} == set()
    nippo.done("undo")
    nippo.done(*ledger(GOOD[0], GOOD[1].replace("2,000,000", "1,999,999")))
    assert nippo.done("sales", "match", "--exact", "--json").json["params"] == {"n": 0, "deals": 0}
    assert nippo.done("sales", "match", "--json").json["total"] == 1


@pytest.mark.parametrize(
    ("argv", "code"),
    [
        (("sales", "match", "99", "2"), 4),
        (("sales", "match", "4", "2", "--exact"), 2),
        (("sales", "match", "--exact", "--refuse"), 2),
        (("sales", "match", "3", "2"), 4),
        (("sales", "match", "S-1", "2"), 2),
        (("sales", "match", "4", "なぞ"), 4),
        (("sales", "match", "4"), 2),
        (("sales", "match", "--refuse"), 2),
        (("sales", "retract", "99"), 4),
        (("sales", "import", "sales.csv"), 2),
        (("sales", "import", "none.csv", "--map", "map.yaml"), 4),
        (("sales", "import", "sales.csv", "--map", "map.yaml", "--on-error", "ask"), 2),
        (("sales", "list", "--since", "2027-01-01"), 2),
    ],
)
def test_what_is_not_there_is_said(nippo: Shell, ledger, argv, code):
    """A sale that does not exist, an entry for a sale, a reference for an id, a deal that nothing answers to."""
    ledger(*GOOD)
    nippo.done("sales", "add", "--customer", "若葉工業", "--amount", "100")
    assert nippo(*argv).code == code


def test_a_window_bounds_the_list(nippo: Shell, ledger):
    """By date, customer whatever its legal form, and deal."""
    nippo.done(*ledger(*GOOD))
    assert set(listed(nippo, "--since", "2026-11-01", "--until", "2026-11-02")) == {"S-3"}
    assert set(listed(nippo, "--customer", "青葉製作所株式会社")) == {"S-1", "S-2"}
    assert listed(nippo, "--customer", "有限会社青葉製作所") == {}
    assert listed(nippo, "--deal", "搬送ロボット") == {}
    assert set(listed(nippo, "--unmatched")) == {"S-1", "S-2", "S-3", "S-4", "S-5"}


def test_the_page_of_an_owner_says_what_it_can_not_tell(nippo: Shell, ledger):
    """Sales of no deal have no owner: left out and counted. A customer's own are there."""
    nippo.done(*ledger(*GOOD))
    whose = nippo.done("gap", "unlinked", "--owner", "佐藤", "--json").json
    assert (whose["findings"], whose["left_out"]["unowned"], whose["summary"]["won"]["deals"]) == ([], 5, 1)
    theirs = nippo.done("gap", "unlinked", "--customer", "青葉製作所", "--json").json
    assert (theirs["summary"]["ledger"]["sales"], theirs["left_out"]) == (2, {"incomplete": 1})


def test_the_page_as_it_was_on_a_past_day(nippo: Shell, ledger):
    """Before its sales, the order is a backlog; before it, there is nothing to compare."""
    nippo.done(*ledger(*GOOD))
    summary = nippo.done("gap", "unlinked", "--as-of", "2026-11-04", "--json").json["summary"]
    assert (summary["won"]["deals"], summary["ledger"]["sales"]) == (0, 4), "the order was written on 23 November"
    nippo.done("sales", "match", listed(nippo)["S-1"]["id"], "2")
    summary = nippo.done("gap", "unlinked", "--json").json["summary"]
    assert (summary["matched"]["amount"], summary["backlog"]["amount"]) == (3_000_000, 2_000_000)


def test_a_deals_own_page_carries_what_the_ledger_says_of_it(nippo: Shell, ledger):
    """And nothing of other sales: too much invoiced is a sign, whole or in part it is none."""
    nippo.done(*ledger(*GOOD))
    assert "金額違い" not in nippo.done("deal", "show", "搬送ロボット").out
    nippo.done("sales", "add", "--deal", "搬送ロボット", "--amount", "600万", "--on", "2026-11-10")
    assert "金額違い -1,000,000円" in nippo.done("deal", "show", "搬送ロボット").out


PLACES = """\
  - {key: billed_to, label: 請求先, type: customer, role: billed_to}
  - {key: site, label: 工場・事業所, type: text, role: site}
"""


def test_an_order_is_met_by_whom_it_is_billed_to_and_by_its_site(nippo: Shell, ledger):
    """The deal's latest of each, through aliases; the page says by which name. Taken back it is as before."""
    ledger()
    schema = nippo.schema.read_text(encoding="utf-8").rstrip("\n") + "\n"
    nippo.schema.write_text(schema + PLACES, encoding="utf-8")
    nippo.done("add", "搬送ロボット", "--activity", "電話", "-m", "請求先", "--billed-to", "別商事", "--later")
    nippo.done(
        "add",
        "搬送ロボット",
        "--activity",
        "電話",
        "-m",
        "請求先",
        "--billed-to",
        "㈱東西リース",
        "--site",
        "第2工場",
        "--later",
    )
    shown = nippo.done("deal", "show", "搬送ロボット", "--json").json
    assert (shown["customer"], shown["billed_to"], shown["site"]) == ("青葉製作所", "㈱東西リース", "第2工場")
    page = nippo.done("deal", "show", "搬送ロボット").out
    assert ("請求先" in page, "工場・事業所" in page, "第2工場" in page) == (True, True, True)
    sold = (("東西リース", "billed_to", "請求先で一致"), ("青葉製作所 第2工場", "site", "事業所で一致"))
    for customer, by, said in sold:
        nippo.done("sales", "add", "--customer", customer, "--amount", "500万", "--on", "2026-10-20")
        (found,) = nippo.done("sales", "match", "--json").json["proposals"]
        assert (found["deal"]["name"], found["by"]) == ("搬送ロボット", [by])
        assert said in nippo.done("sales", "match").out
        # The order is older than the window of the sale.
        (found,) = nippo.done("sales", "match", "--since", "2026-10-20", "--json").json["proposals"]
        assert (found["deal"]["name"], found["by"]) == ("搬送ロボット", [by])
        nippo.done("undo")
    nippo.done("edit", shown["entries"][-1]["id"], "--billed-to", "", "--why", "まちがい")
    assert nippo.done("deal", "show", "搬送ロボット", "--json").json["billed_to"] == "別商事"
    assert nippo.done("doctor", "--json").json["sound"]


def test_a_near_name_is_offered_below_the_proposals(nippo: Shell, ledger):
    """With what to type; an alias makes a proposal of it, and `--exact` leaves it until then."""
    ledger()
    nippo.done("sales", "add", "--customer", "青葉製作", "--amount", "500万", "--on", "2026-10-20")
    found = nippo.done("sales", "match", "--json").json
    (near,) = found["near"]
    assert (found["total"], found["total_near"]) == (0, 1)
    assert (near["named"], near["why"], near["sale"]["customer"]) == ("青葉製作所", "letter", "青葉製作")
    assert "nippo customer alias '青葉製作所' '青葉製作'" in nippo.done("sales", "match").out
    assert nippo.done("sales", "match", "--exact", "--json").json["params"]["n"] == 0
    nippo.done("customer", "alias", "青葉製作所", "青葉製作")
    found = nippo.done("sales", "match", "--json").json
    assert (found["total"], found["total_near"]) == (1, 0)
