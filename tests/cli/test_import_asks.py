"""What `nippo import FILE` asks where a list does not say how deals ended, or is one of sales."""

from pathlib import Path

import pytest
from shell import Shell

from nippo_cli.cli.commands import import_plan
from nippo_cli.exchange.recognition import sales_columns

EITHER = (
    "案件番号,顧客名,案件名,見込金額,受注/失注日,失注理由\n"
    "A-1,甲社,A機,100,2026/10/3,\nA-2,乙社,B機,200,,\nA-3,丙社,C機,300,2026/9/1,価格\n"
)


@pytest.fixture
def either(tmp_path: Path) -> Path:
    """A list whose deals ended on some day, won or lost."""
    path = tmp_path / "案件_20261120.csv"
    path.write_text(EITHER, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("said", "fates"),
    [
        ("1", {"A機": "won", "B機": "open", "C機": "lost"}),
        ("2", {"A機": "won", "B機": "open", "C機": "won"}),
        ("3", {"A機": "lost", "B機": "open", "C機": "lost"}),
        ("", {"B機": "open"}),
    ],
)
def test_how_deals_ended_is_asked_where_a_column_has_only_the_day(
    nippo: Shell, either: Path, monkeypatch, said: str, fates: dict[str, str]
):
    """By the reason of a loss, all won, all lost; Enter leaves the rows out, since a guess would count a loss as an order."""
    monkeypatch.setattr("nippo_cli.cli.frame.context.CliContext.interactive", property(lambda _: True))
    answers = iter([said, ""])
    monkeypatch.setattr(import_plan, "line", lambda _: next(answers))
    nippo.done("import", either.name)
    deals = nippo.done("deal", "list", "--all", "--json").json["deals"]
    assert {one["name"]: one["outcome"] for one in deals} == fates


@pytest.mark.parametrize(("said", "asks"), [("1", 1), ("2", 2), ("3", 2), ("", 2)])
def test_that_all_deals_were_won_goes_for_no_deal_of_the_next_list(
    nippo: Shell, either: Path, monkeypatch, said: str, asks: int
):
    """Of the next one it is asked again; that a reason says it is about a column, and remembered."""
    monkeypatch.setattr("nippo_cli.cli.frame.context.CliContext.interactive", property(lambda _: True))
    asked = list[str]()
    monkeypatch.setattr(
        import_plan, "line", lambda question: said if "番号" in question and not asked.append(question) else ""
    )
    nippo.done("import", either.name)
    (either.parent / "案件_20261122.csv").write_text(EITHER + "A-4,丁社,D機,1,2026/11/20,価格\n", encoding="utf-8")
    nippo.done("import", "案件_20261122.csv")
    assert len(asked) == asks


def test_reasons_that_are_no_choice_are_named_though_they_say_how_deals_ended(
    nippo: Shell, tmp_path: Path, monkeypatch
):
    """One of three is a choice: it is taken, the others are named; and so are all, where none is."""
    monkeypatch.setattr("nippo_cli.cli.frame.context.CliContext.interactive", property(lambda _: True))
    monkeypatch.setattr(import_plan, "line", lambda _: "1")
    rest = "A-4,丁社,D機,1,2026/9/2,予算がつかず\nA-5,戊社,E機,1,2026/9/3,社長の交代\n"
    for name, text in (("few", EITHER + rest), ("none", EITHER.replace("価格", "高い"))):
        (tmp_path / f"{name}_20261120.csv").write_text(text, encoding="utf-8")
    few = nippo.done("import", "few_20261120.csv", "--dry-run").out
    assert "失注理由「予算がつかず」（1行）" in few
    assert "失注理由「価格」" not in few
    assert "失注理由「高い」（1行）" in nippo.done("import", "none_20261120.csv", "--dry-run").out


def test_a_reason_stays_though_most_of_the_next_lists_are_no_choice(nippo: Shell, tmp_path: Path, monkeypatch):
    """The list of a week later takes back no reason that the first one gave."""
    monkeypatch.setattr("nippo_cli.cli.frame.context.CliContext.interactive", property(lambda _: True))
    monkeypatch.setattr(import_plan, "line", lambda asked: "1" if "番号" in asked else "")
    rest = "A-4,丁社,D機,1,2026/9/2,予算がつかず\nA-5,戊社,E機,1,2026/9/3,社長の交代\n"
    for day, text in (("20261113", EITHER), ("20261120", EITHER + rest)):
        (tmp_path / f"案件_{day}.csv").write_text(text, encoding="utf-8")
        nippo.done("import", f"案件_{day}.csv")
    entries = nippo.done("deal", "show", "C機", "--json").json["entries"]
    assert [one["values"].get("lost_reason") for one in entries if one["values"].get("stage")] == ["price"]
    assert len(entries) == 1


def test_a_script_is_told_in_words_that_nothing_says_how_deals_ended(nippo: Shell, either: Path):
    """With a half-made map, which leaves such rows out until somebody says it."""
    answer = nippo("import", either.name, "--yes")
    assert answer.code == 2
    assert "受注か失注か" in answer.err
    assert "skip_when" in (either.parent / f"{either.name}.map.yaml").read_text(encoding="utf-8")
    assert not nippo.db.exists()


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        (EITHER.replace("失注理由", "結果").replace("3,\n", "3,受注\n").replace("価格", "失注"), False),
        (EITHER.replace("受注/失注日,失注理由", "受注日,備考"), False),
        (EITHER.replace("受注/失注日", "完了日"), True),
        # An order that is still to come: the day for which it is expected.
        (EITHER.replace("受注/失注日", "完了日").replace("2026/9/1", "2030/9/1"), False),
    ],
)
def test_nothing_is_asked_where_a_cell_or_a_head_says_it(nippo: Shell, tmp_path: Path, text: str, asks: bool):
    """A column of outcomes, a head that names one outcome, a day to come."""
    (tmp_path / "案件_20261120.csv").write_text(text, encoding="utf-8")
    answer = nippo("import", "案件_20261120.csv", "--yes", "--json")
    assert (answer.code, "受注か失注か" in answer.err) == ((2, True) if asks else (0, False))


BILLS = '請求番号,請求日,請求先,件名,請求金額\nS-1,2026/10/3,甲社,搬送ロボット,"4,950,000"\nS-2,2026/10/4,乙社,検査装置,50000\n'


def test_a_list_of_invoices_is_pointed_to_the_ledger(nippo: Shell, tmp_path: Path):
    """A script is given the very command, with the options that it used; nothing is written."""
    (tmp_path / "請求 一覧.csv").write_text(BILLS, encoding="cp932")
    answer = nippo("import", "請求 一覧.csv", "--yes", "--encoding", "cp932")
    assert answer.code == 2
    assert "請求番号" in answer.err
    assert "sales import '請求 一覧.csv' --encoding cp932" in answer.err
    assert not nippo.db.exists()


@pytest.mark.parametrize(("said", "sales", "deals"), [("", 2, 0), ("n", 0, 2)])
def test_a_person_says_whether_a_list_of_invoices_is_one_of_sales(
    nippo: Shell, tmp_path: Path, monkeypatch, said: str, sales: int, deals: int
):
    """Enter brings it in as sales, without tax; n reads it as deals, whose columns are then asked about."""
    (tmp_path / "請求一覧.csv").write_text(BILLS.replace("金額", "金額（税抜）"), encoding="utf-8")
    monkeypatch.setattr("nippo_cli.cli.frame.context.CliContext.interactive", property(lambda _: True))
    answers = iter([said])
    monkeypatch.setattr(import_plan, "line", lambda _: next(answers, ""))
    nippo.done("import", "請求一覧.csv")
    assert nippo.done("sales", "list", "--limit", "0", "--json").json["total"] == sales
    assert len(nippo.done("deal", "list", "--all", "--json").json["deals"]) == deals


@pytest.mark.parametrize(
    ("header", "is_ledger"),
    [
        ("請求番号,請求日,請求先,件名,請求金額", True),
        ("請求書番号,請求日,得意先名,品名,税抜金額,消費税,状況", True),
        ("売上日,得意先,品名,数量,売上金額", False),
        ("売上日,伝票番号,得意先,品名,数量,単価,売上額", True),
        ("Invoice No,Invoice Date,Customer,Description,Amount,Due Date", True),
        ("案件名,顧客名,担当,進捗,受注日,納品日,請求日,請求金額", False),
        ("案件番号,案件名,会社名,フェーズ,見積番号,受注予定日,請求予定日,金額", False),
        ("日付,会社,案件,内容", False),
        ("Opportunity ID,Account,Stage,Close Date,Amount,Invoice Date", False),
    ],
)
def test_a_list_of_deals_with_a_day_of_billing_is_none_of_sales(header: str, is_ledger: bool):
    """It takes more columns of a ledger than of deals, at least two."""
    assert bool(sales_columns(header.split(","))) == is_ledger


GUESSED = (
    "案件番号,顧客名,案件名,粗利金額（千円）,金額,担当,進捗\n"
    "A-1,甲社,A機,100,300000,佐藤,提案\nA-2,乙社,B機,200,500000,村井,見積\n"
)


@pytest.fixture
def guessed(tmp_path: Path, monkeypatch) -> Path:
    """A list of deals, and somebody at the terminal."""
    monkeypatch.setattr("nippo_cli.cli.frame.context.CliContext.interactive", property(lambda _: True))
    path = tmp_path / "案件_20261120.csv"
    path.write_text(GUESSED, encoding="utf-8")
    return path


def _answering(monkeypatch, *said: str) -> list[str]:
    """What was asked, as far as it is answered so; Enter from then on."""
    answers, asked = iter(said), list[str]()
    monkeypatch.setattr(import_plan, "line", lambda question: asked.append(question) or next(answers, ""))
    return asked


def _amounts(nippo: Shell) -> dict[str, object]:
    deals = nippo.done("deal", "list", "--all", "--json").json["deals"]
    return {one["name"]: one["amount"] for one in deals}


@pytest.mark.parametrize("wrong", ["金額", "1"])
def test_a_column_taken_for_the_wrong_thing_is_put_right_at_the_question(
    nippo: Shell, guessed: Path, monkeypatch, wrong: str
):
    """By its number or its head; what is understood then is shown again, saved as the map, and known of the next list."""
    asked = _answering(monkeypatch, wrong, "粗利金額（千円）", "")
    shown = nippo.done("import", guessed.name, "--save-map", "m.yaml")
    assert len(asked) == 3
    assert "「金額」はどの列ですか" in shown.err
    assert "300000" in shown.err
    assert _amounts(nippo) == {"A機": 100_000, "B機": 200_000}
    assert "粗利金額（千円）" in (guessed.parent / "m.yaml").read_text(encoding="utf-8")
    later = guessed.with_name("案件_20261127.csv")
    later.write_text(GUESSED.replace(",200,", ",250,"), encoding="utf-8")
    asked = _answering(monkeypatch)
    nippo.done("import", later.name)
    assert len(asked) == 1
    assert _amounts(nippo) == {"A機": 100_000, "B機": 250_000}


def test_a_column_may_be_not_taken_at_all_and_no_still_writes_nothing(nippo: Shell, guessed: Path, monkeypatch):
    """What is left out is named; a number that no line has is asked again."""
    asked = _answering(monkeypatch, "99", "担当", "-", "n")
    shown = nippo("import", guessed.name)
    assert len(asked) == 4
    assert "担当" in shown.out.rpartition("取り込まない")[2]
    assert not nippo.db.exists()


def test_rows_that_do_not_pass_may_do_so_once_a_column_is_put_right(nippo: Shell, guessed: Path, monkeypatch):
    """Enter stops there, as it did before; a number goes on."""
    rows = "".join(f"A-{n},甲社,{n}号機,1,{n},佐藤,提案\n" for n in range(3, 6000))
    guessed.write_text(GUESSED + rows + "A-9999,丙社,C機,300,百,佐藤,提案\n", encoding="utf-8")
    _answering(monkeypatch, "")
    assert nippo("import", guessed.name).code == 3
    assert not nippo.db.exists()
    _answering(monkeypatch, "金額", "粗利金額（千円）", "")
    nippo.done("import", guessed.name)
    assert _amounts(nippo)["C機"] == 300_000


def test_a_column_of_sales_is_put_right_as_well(nippo: Shell, guessed: Path, monkeypatch):
    """The sales that come in are those of the column that was chosen."""
    guessed.write_text(
        "売上日,得意先,売上金額（税抜）,原価（税抜）\n2026/10/3,甲社,300,100\n2026/10/4,乙社,500,200\n",
        encoding="utf-8",
    )
    _answering(monkeypatch, "売上金額（税抜）", "原価（税抜）", "")
    nippo.done("sales", "import", guessed.name)
    sales = nippo.done("sales", "list", "--limit", "0", "--json").json["sales"]
    assert sorted(one["amount"] for one in sales) == [100, 200]
