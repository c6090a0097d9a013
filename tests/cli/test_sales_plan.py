"""`nippo sales import FILE` without a map: books of accounting software, of which only revenue and advances come in, and lists of sales."""

from pathlib import Path

import pytest
from shell import Shell

from nippo_cli.cli.commands import import_plan

SAMPLES = Path(__file__).parents[1] / "exchange" / "samples"
HEAD = "日付,伝票番号,借方勘定科目,借方補助科目,借方金額,貸方勘定科目,貸方金額,摘要\n"


def sales(nippo: Shell) -> list[tuple[object, ...]]:
    """Every sale and advance: day, customer, amount, kind."""
    span = ("--since", "2026-01-01", "--as-of", "2026-12-31", "--json", "--limit", "0")
    rows = [row for more in ((), ("--advances",)) for row in nippo.done("sales", "list", *span, *more).json["sales"]]
    return sorted((one["on"], one["customer"], one["amount"], one["kind"]) for one in rows)


# By hand from the samples: amounts less the tax in them, returns negative, payments and tax left out.
FREEE = [
    ("2026-10-02", "青葉製作所", 50_000, "sale"), ("2026-10-02", "青葉製作所", 1_200_000, "sale"),
    ("2026-10-15", "若葉工業", 300_000, "advance"), ("2026-10-20", "若葉工業", 80_000, "sale"),
    ("2026-10-21", "青葉製作所", -10_000, "sale"),
]  # fmt: skip
MONEYFORWARD = [
    ("2026-10-02", "青葉製作所", 50_000, "sale"), ("2026-10-02", "青葉製作所", 1_200_000, "sale"),
    ("2026-10-15", "若葉工業", 300_000, "advance"), ("2026-11-20", "若葉工業", -300_000, "advance"),
    ("2026-11-20", "若葉工業", 272_728, "sale"), ("2026-11-20", "若葉工業", 527_272, "sale"),
    ("2026-11-21", "青葉製作所", -10_000, "sale"),
]  # fmt: skip
YAYOI = [
    ("2026-10-02", "青葉製作所", 1_200_000, "sale"), ("2026-10-15", "若葉工業", 300_000, "advance"),
    ("2026-11-20", "若葉工業", 10_000, "sale"), ("2026-11-20", "若葉工業", 40_000, "sale"),
    ("2026-11-20", "若葉工業", 750_000, "sale"), ("2026-11-21", "青葉製作所", -10_000, "sale"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("file", "program", "expected"),
    [
        ("freee.csv", "freee 取引", FREEE),
        ("moneyforward.csv", "マネーフォワード 仕訳帳", MONEYFORWARD),
        ("yayoi.csv", "弥生会計", YAYOI),
    ],
)
def test_only_revenue_and_advances_come_in_each_without_its_tax_and_under_its_customer(
    nippo: Shell, file: str, program: str, expected: list[tuple[object, ...]]
):
    """A second import of the same file adds nothing, and it can be taken back."""
    plan = nippo.done("sales", "import", str(SAMPLES / file), "--dry-run", "--json").json
    assert (plan["source"], plan["shape"], plan["questions"]) == (program, "books", [])
    assert nippo.done("sales", "import", str(SAMPLES / file), "--yes", "--json").json["taken"] == len(expected)
    assert sales(nippo) == expected
    again = nippo.done("sales", "import", str(SAMPLES / file), "--yes", "--json").json
    assert (again["taken"], again["known"]) == (0, len(expected))
    nippo.done("undo")
    assert sales(nippo) == []


@pytest.mark.parametrize(
    ("file", "numbers"),
    [
        ("freee.csv", ["F-101", "F-101", "F-102", "", "F-103"]),
        ("moneyforward.csv", ["1", "1", "2", "3", "3", "3", "4"]),
        ("yayoi.csv", ["12", "13", "14", "14", "14", "15"]),
    ],
)
def test_a_sale_has_the_number_of_its_slip(nippo: Shell, file: str, numbers: list[str]):
    """弥生 writes it in a slip's first line alone; freee's third deal has none."""
    nippo.done("sales", "import", str(SAMPLES / file), "--yes")
    span = ("--since", "2026-01-01", "--as-of", "2026-12-31", "--json", "--limit", "0")
    rows = [row for more in ((), ("--advances",)) for row in nippo.done("sales", "list", *span, *more).json["sales"]]
    assert sorted(row["reference"] for row in rows) == sorted(numbers)


def test_an_invoices_number_goes_before_the_slips(nippo: Shell, tmp_path: Path):
    """Books that have both."""
    text = (
        HEAD.replace("摘要", "貸方税額,請求書番号,摘要") + "2026/10/02,7,売掛金,甲社,1100,売上高,1100,100,K-2201,部品\n"
    )
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    nippo.done("sales", "import", "a.csv", "--yes")
    assert [
        one["reference"] for one in nippo.done("sales", "list", "--since", "2026-01-01", "--json").json["sales"]
    ] == ["K-2201"]


def test_books_without_a_header_ask_in_words_with_what_the_cells_say(nippo: Shell, tmp_path: Path, monkeypatch, capsys):
    """A cash sale in 弥生: whose it is may stand in the note, which is column 17, or nowhere."""
    cash = '"2000","17","","2026/11/21","現金","","","対象外",5500,0,"売上高","","","",5500,500,"戊社 部品","","",0,"","","0","0","no"\n'
    (tmp_path / "y.csv").write_text((SAMPLES / "yayoi.csv").read_text(encoding="cp932") + cash, encoding="cp932")
    monkeypatch.setattr("nippo_cli.cli.frame.context.CliContext.interactive", property(lambda _: True))
    questions, answers = list[str](), ["1", ""]
    monkeypatch.setattr(import_plan, "line", lambda question: questions.append(question) or answers.pop(0))
    shown = nippo.done("sales", "import", "y.csv")
    assert "1 摘要（17 列目）（戊社 部品）" in shown.err
    assert "17 列目  摘要" in shown.out
    assert ("2026-11-21", "戊社 部品", 5000, "sale") in sales(nippo)


def test_freees_deal_that_was_settled_since_is_the_same_sale(nippo: Shell, tmp_path: Path):
    """One without a number of its own, too: its other cells change when it is paid."""
    text = (SAMPLES / "freee.csv").read_text(encoding="utf-8")
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    nippo.done("sales", "import", "a.csv", "--yes")
    paid = text.replace(",部品,,,,,,,,,", ",部品,,,,,,,2026/11/30,みずほ銀行,88000")
    assert paid != text
    (tmp_path / "a.csv").write_text(paid, encoding="utf-8")
    report = nippo.done("sales", "import", "a.csv", "--yes", "--json").json
    assert (report["taken"], report["known"]) == (0, 5)


def test_who_a_sale_is_to_is_asked_where_no_account_says_it(nippo: Shell, tmp_path: Path):
    """In a script: what to decide, and a map to end. Cash sales may be left out."""
    text = (SAMPLES / "freee_books.csv").read_text(encoding="utf-8")
    (tmp_path / "books.csv").write_text(text, encoding="utf-8")
    answer = nippo("sales", "import", "books.csv", "--yes")
    assert answer.code == 2
    assert "店頭" in answer.err
    half_made = (tmp_path / "books.csv.map.yaml").read_text(encoding="utf-8")
    assert "nippo_customer" in half_made
    report = nippo.done("sales", "import", "books.csv", "--map", "books.csv.map.yaml", "--json").json
    assert (report["taken"], report["skipped"]) == (1, 2)
    assert sales(nippo) == [("2026-10-02", "青葉製作所", 1_200_000, "sale")]


def test_an_account_that_may_be_revenue_is_asked_about_and_refused_where_nobody_said(nippo: Shell, tmp_path: Path):
    """Also further down than the rows that were looked at: a map that lacks it takes no such line."""
    line = "2026/10/02,1,売掛金,青葉製作所,1100,不動産賃貸収入,1100,x\n2026/10/02,1,,,,仮受消費税,0,x\n"
    (tmp_path / "b.csv").write_text(HEAD + line, encoding="utf-8")
    answer = nippo("sales", "import", "b.csv", "--yes")
    assert answer.code == 2
    assert "不動産賃貸収入" in answer.err
    made = (tmp_path / "b.csv.map.yaml").read_text(encoding="utf-8")
    (tmp_path / "other.yaml").write_text(made.replace("不動産賃貸収入", "他の収入"), encoding="utf-8")
    assert nippo("sales", "import", "b.csv", "--map", "other.yaml").code == 3
    (tmp_path / "sale.yaml").write_text(
        made.replace('"不動産賃貸収入": "other"', '"不動産賃貸収入": "sale"'), encoding="utf-8"
    )
    assert nippo.done("sales", "import", "b.csv", "--map", "sale.yaml", "--json").json["taken"] == 1


def test_amounts_beside_lines_of_tax_hold_none_and_others_are_asked_about(nippo: Shell, tmp_path: Path):
    """Books without tax write it into lines of its own. A customer stands in the slip's other line."""
    net = HEAD + "2026/10/02,1,売掛金,青葉製作所,1100,売上高,1000,x\n2026/10/02,1,,,,仮受消費税,100,x\n"
    (tmp_path / "net.csv").write_text(net, encoding="utf-8")
    nippo.done("sales", "import", "net.csv", "--yes")
    assert sales(nippo) == [("2026-10-02", "青葉製作所", 1000, "sale")]
    (tmp_path / "gross.csv").write_text(HEAD + "2026/10/03,2,売掛金,青葉製作所,1100,売上高,1100,x\n", encoding="utf-8")
    answer = nippo("sales", "import", "gross.csv", "--yes")
    assert answer.code == 2
    assert "税込" in answer.err


def test_a_refused_line_is_mended_in_its_own_columns_and_comes_in(nippo: Shell, tmp_path: Path):
    """What was made of it stands behind its cells; who it is to is filled in there."""
    text = (SAMPLES / "freee_books.csv").read_text(encoding="utf-8")
    (tmp_path / "books.csv").write_text(text, encoding="utf-8")
    assert nippo("sales", "import", "books.csv", "--yes").code == 2
    made = (tmp_path / "books.csv.map.yaml").read_text(encoding="utf-8")
    (tmp_path / "m.yaml").write_text(
        "\n".join(line for line in made.splitlines() if "skip_when" not in line), encoding="utf-8"
    )
    nippo.done("sales", "import", "books.csv", "--map", "m.yaml", "--on-error", "skip")
    rejects = tmp_path / "books.csv.rejects.csv"
    mended = rejects.read_text(encoding="utf-8-sig").replace(",sale,,88000,", ",sale,店頭のお客様,88000,")
    rejects.write_text(mended, encoding="utf-8-sig")
    assert nippo.done("sales", "import", rejects.name, "--map", "m.yaml", "--json").json["taken"] == 1
    assert sales(nippo)[-1] == ("2026-10-20", "店頭のお客様", 80_000, "sale")


def test_a_list_of_sales_goes_by_what_its_columns_are_called(nippo: Shell, tmp_path: Path):
    """Thousands in the head, ▲ for what is negative, part lines of one invoice, a sum at the end."""
    (tmp_path / "売上_202610.csv").write_text(
        "2026年10月 売上一覧\n売上日,得意先名,売上金額(千円),請求書番号,品名\n"
        '2026/10/2,青葉製作所,"1,200",A-1,搬送ロボット\n2026/10/2,青葉製作所,50,A-1,据付\n'
        "2026/10/21,青葉製作所,▲10,A-2,値引\n合計,,1240,,\n",
        encoding="cp932",
    )
    plan = nippo.done("sales", "import", "売上_202610.csv", "--dry-run", "--json").json
    assert (plan["shape"], plan["questions"], plan["source"]) == ("sales", [], None)
    assert plan["first_sales"][0] == {
        "on": "2026-10-02", "customer": "青葉製作所", "deal": "", "amount": 1_200_000, "kind": "sale", "note": "搬送ロボット",
    }  # fmt: skip
    report = nippo.done("sales", "import", "売上_202610.csv", "--yes", "--json").json
    assert (report["taken"], report["skipped"]) == (3, 1)
    assert [one[2] for one in sales(nippo)] == [50_000, 1_200_000, -10_000]


def test_a_list_with_tax_in_its_amounts_is_taken_without(nippo: Shell, tmp_path: Path):
    """By its column of tax, else by the rate."""
    (tmp_path / "a.csv").write_text(
        "計上日,得意先,金額（税込）,消費税,伝票番号\n2026/10/2,甲社,1080,80,1\n2026/10/3,甲社,1100,100,2\n",
        encoding="utf-8",
    )
    nippo.done("sales", "import", "a.csv", "--yes")
    (tmp_path / "b.csv").write_text("計上日,得意先,税込金額,伝票番号\n2026/10/4,甲社,2200,3\n", encoding="utf-8")
    nippo.done("sales", "import", "b.csv", "--yes")
    assert [one[2] for one in sales(nippo)] == [1000, 1000, 2000]


def test_a_title_says_in_which_unit_a_list_is(nippo: Shell, tmp_path: Path):
    """（単位：千円） above the header; a cell with a unit of its own is not multiplied."""
    (tmp_path / "a.csv").write_text(
        "売上実績（単位：千円）,,\n計上日,得意先,売上金額\n2026/10/2,甲社,1200\n", encoding="utf-8"
    )
    nippo.done("sales", "import", "a.csv", "--yes")
    assert [one[2] for one in sales(nippo)] == [1_200_000]


BILLED = "請求日,請求先,{amount},{tax}請求番号\n2026/10/02,甲社,{first}1\n2026/10/03,乙社,{second}2\n"


@pytest.mark.parametrize(
    ("amount", "first", "second", "expected"),
    [
        ("請求金額", "110000,10000", "220000,20000", [100_000, 200_000]),
        ("請求金額", "100000,10000", "200000,20000", [100_000, 200_000]),
        ("金額", "1099,99", "1080,80", [1000, 1000]),
        ("請求金額（税抜）", "110000,0", "1000,0", [110_000, 1000]),
    ],
)
def test_the_tax_beside_an_amount_tells_whether_it_is_in_it(
    nippo: Shell, tmp_path: Path, amount: str, first: str, second: str, expected: list[int]
):
    """Whatever the column is called, at either rate, rounded down."""
    text = BILLED.format(amount=amount, tax="消費税額,", first=first + ",", second=second + ",")
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    nippo.done("sales", "import", "a.csv", "--yes")
    assert [one[2] for one in sales(nippo)] == expected


@pytest.mark.parametrize("amount", ["請求金額", "請求額(円)", "合計金額"])
def test_what_is_billed_is_asked_about_where_no_tax_stands_beside(nippo: Shell, tmp_path: Path, amount: str):
    """A house bills with tax or without; the half-made map takes it with."""
    text = BILLED.format(amount=amount, tax="", first="1100,", second="2200,")
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    answer = nippo("sales", "import", "a.csv", "--yes")
    assert answer.code == 2
    assert "税込" in answer.err
    made = (tmp_path / "a.csv.map.yaml").read_text(encoding="utf-8")
    (tmp_path / "net.yaml").write_text(made.replace('"10%"', '"0%"'), encoding="utf-8")
    nippo.done("sales", "import", "a.csv", "--map", "net.yaml")
    assert [one[2] for one in sales(nippo)] == [1100, 2200]
    nippo.done("undo")
    nippo.done("sales", "import", "a.csv", "--map", "a.csv.map.yaml")
    assert [one[2] for one in sales(nippo)] == [1000, 2000]


def test_the_bank_that_a_slip_names_is_nobody_a_sale_is_to(nippo: Shell, tmp_path: Path):
    """A slip of several lines: paid into an account, whose partner is the bank; whose the sale is nobody says."""
    (tmp_path / "b.csv").write_text(
        "取引No,取引日,借方勘定科目,借方取引先,借方金額,借方税額,貸方勘定科目,貸方取引先,貸方金額,貸方税額,摘要\n"
        "1,2026/10/02,普通預金,みずほ銀行,1100,0,,,,,入金\n1,2026/10/02,,,,,売上高,,1100,100,店頭\n",
        encoding="utf-8",
    )
    answer = nippo("sales", "import", "b.csv", "--yes")
    assert (answer.code, "店頭" in answer.err) == (2, True)


@pytest.mark.parametrize(
    ("command", "hint"), [(("import",), "journal sales import /"), (("sales", "import"), "journal import crm.csv")]
)
def test_a_file_of_the_other_kind_is_named_with_the_command_that_takes_it(
    nippo: Shell, tmp_path: Path, command: tuple[str, ...], hint: str
):
    """Books are no deals, a CRM's export is no ledger."""
    (tmp_path / "crm.csv").write_text(
        "商談名,商談 所有者,取引先名,フェーズ,完了予定日,金額\nA機,山田,甲社,Closed Won,2026/11/20,100\n",
        encoding="utf-8",
    )
    file = "crm.csv" if command[0] == "sales" else str(SAMPLES / "yayoi.csv")
    answer = nippo(*command, file)
    assert answer.code == 2
    assert hint in answer.err


@pytest.mark.parametrize("column", ["区分", "種別", "種類", "請求区分", "入金区分", "取引区分", "売上区分", "段階"])
@pytest.mark.parametrize("advance", ["着手金", "中間金", "前受金", "内金", "手付金", "前金"])
def test_advances_in_a_list_are_no_revenue(nippo: Shell, tmp_path: Path, column: str, advance: str):
    """Whatever the column is called whose cells say so."""
    file = tmp_path / "売上.csv"
    rows = f"2026-10-02,青葉製作所,500000,{advance}\n2026-10-03,青葉製作所,700000,売上\n"
    file.write_text(f"売上日,得意先,税抜金額,{column}\n{rows}", encoding="utf-8")
    nippo.done("sales", "import", str(file), "--yes")
    assert sales(nippo) == [
        ("2026-10-02", "青葉製作所", 500_000, "advance"), ("2026-10-03", "青葉製作所", 700_000, "sale"),
    ]  # fmt: skip


def test_a_row_whose_word_nobody_knows_is_not_left_out(nippo: Shell, tmp_path: Path):
    """残金 beside an advance is asked about, and without an answer nothing comes in."""
    file = tmp_path / "売上.csv"
    rows = "2026-10-02,青葉製作所,500000,着手金\n2026-10-03,青葉製作所,700000,残金\n"
    file.write_text(f"売上日,得意先,税抜金額,請求区分\n{rows}", encoding="utf-8")
    refused = nippo("sales", "import", str(file), "--yes")
    assert refused.code != 0
    assert "残金" in refused.err
