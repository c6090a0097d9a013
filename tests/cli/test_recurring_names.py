"""What recurs: a deal's name at several customers, an owner in several spellings."""

from itertools import permutations

import pytest
from shell import Shell

WON = ("--stage", "受注", "--amount", "100万")


@pytest.fixture
def recurring(nippo: Shell) -> Shell:
    """保守更新 at two customers, each live, quiet and pushed; owners 佐藤 花子 and 佐藤花子."""
    for customer, by in (("甲製作所", "佐藤 花子"), ("乙工業", "佐藤花子")):
        said = ("--customer", customer, "--by", by, "--activity", "電話")
        nippo.done("add", "保守更新", "--new-deal", *said, "--on", "2026-01-10", "--closes", "2026-03-31", "-m", "相談")
        nippo.done("add", "保守更新", *said, "--on", "2026-02-10", "--closes", "2026-06-30", "-m", "来期へ")
    return nippo


def test_sentences_about_deals_of_one_name_say_whose_each_is(recurring: Shell):
    """Which quiet ones spoke last, and where dates moved to."""
    for kind in ("fizzled", "mirage"):
        out = recurring.done("gap", kind, "--lang", "ja").out
        for customer in ("甲製作所", "乙工業"):
            assert f"{customer} 保守更新" in out, (kind, out)


def test_an_entry_that_names_no_customer_shows_whose_deal_it_is_in(recurring: Shell):
    """Of two deals of one name; where the entry names the customer it stands in its own row."""
    recurring.done("add", "#2", "--activity", "電話", "--on", "2026-03-01", "-m", "確認")
    number = recurring.done("log", "--json").json["entries"][0]["id"]
    assert "保守更新（甲製作所）" in recurring.done("show", number, "--lang", "ja").out
    first = recurring.done("log", "--json").json["entries"][-1]["id"]
    assert "保守更新（" not in recurring.done("show", first, "--lang", "ja").out


def test_a_deal_that_is_called_what_anothers_is_shown_as_is_never_taken_for_it(recurring: Shell):
    """乙工業 has a deal called 保守更新（甲製作所）: the name alone may be either's; with the customer it is that one's."""
    name, call = "保守更新（甲製作所）", ("--activity", "電話", "-m", "続き", "--json")
    recurring.done("add", name, "--new-deal", "--customer", "乙工業", *call)
    assert recurring.done("deal", "list", "--json").json["total"] == 3
    refused = recurring("add", name, *call)
    assert refused.code != 0
    assert recurring("deal", "show", name).code == refused.code
    of = {
        customer: recurring.done("add", name, "--customer", customer, *call).json["deal"]["name"]
        for customer in ("甲製作所", "乙工業")
    }
    assert of == {"甲製作所": "保守更新", "乙工業": name}


def test_a_deal_whose_own_customer_stands_in_its_name_is_meant_by_it(recurring: Shell):
    """Though that customer has one of the name without it, too."""
    name, call = "保守更新（甲製作所）", ("--activity", "電話", "-m", "続き", "--json")
    recurring.done("add", name, "--new-deal", "--customer", "甲製作所", *call)
    assert recurring.done("add", name, *call).json["deal"]["name"] == name


def test_an_owner_in_two_spellings_has_one_line(recurring: Shell):
    """Where deals are parted by owner: steps, gaps, what ranks meant, what was lost."""
    steps = recurring.done("steps", "--since", "2026-01-01", "--by", "owner", "--json").json
    assert {row["group"] for row in steps["stages"]} == {None, "佐藤 花子"}
    whole = recurring.done("gap", "--by", "owner", "--since", "2026-01-01", "--json").json
    assert [(part["owner"], part["live"]) for part in whole["parts"]] == [("佐藤 花子", 2)]
    recurring.done(
        "add",
        "#2",
        "--by",
        "佐藤 花子",
        "--activity",
        "電話",
        "--stage",
        "失注",
        "--lost-reason",
        "価格",
        "-m",
        "他社に",
    )
    lost = recurring.done("lessons", "lost", "--since", "2026-01-01", "--json").json
    assert [group["owner"] for group in lost["owners"]] == ["佐藤 花子"]


def test_customers_made_one_show_which_of_their_deals_have_one_name(recurring: Shell):
    """With the command that joins them; so does a deal that is put to a customer who has one of that name."""
    merged = recurring.done("customer", "merge", "甲製作所", "乙工業", "--lang", "ja")
    assert "「乙工業」に「保守更新」という案件が2件あります（#2、#5）" in merged.err
    assert f"--journal {recurring.journal} deal merge 5 2" in merged.err
    recurring.done("undo")
    said = ("--activity", "電話", "-m", "移管", "--customer", "乙工業", "--change-customer", "--lang", "ja")
    assert "「保守更新」という案件が2件" in recurring.done("add", "#2", *said).err


def test_another_field_for_the_customer_is_pointed_out_when_it_is_adopted(recurring: Shell):
    """Once; what was written stays at the customer that it named."""
    schema = recurring.journal / "schema.yaml"
    before = schema.read_text(encoding="utf-8")
    own, other = (
        "    type: customer\n    role: customer\n",
        "  - {key: end_user, label: 納入先, type: customer, role: customer}\n",
    )
    assert before.count(own) == 1
    schema.write_text(
        before.replace(own, "    type: text\n").replace("\nfields:", f"\nfields:\n{other}", 1), encoding="utf-8"
    )
    answer = recurring.done("deal", "assign", "#2", "鈴木", "--lang", "ja")
    assert "顧客の欄が「顧客」から「納入先」に変わりました" in answer.err
    assert recurring.done("deal", "show", "#2", "--json").json["customer"] == "甲製作所"
    recurring.done("doctor")
    assert "顧客の欄" not in recurring.done("deal", "assign", "#2", "佐藤", "--lang", "ja").err


def test_spellings_that_count_as_one_customer_are_named(nippo: Shell, tmp_path):
    """By an import that brings one in, and by the doctor; one alone is not named."""
    nippo.deal("ポンプ", "--customer", "㈱青葉", "--on", "2026-10-01")
    assert "同じ顧客として" not in nippo.done("doctor", "--lang", "ja").out
    sheet, columns = tmp_path / "talks.csv", tmp_path / "map.yaml"
    sheet.write_text(
        "日付,顧客,活動,事実\n2026-11-20,株式会社 青葉,電話,値段\n2026-11-20,東亜,電話,値段\n", encoding="utf-8"
    )
    columns.write_text(
        "source: sheet\nentries:\n  - on: 日付\n    fields: {customer: 顧客, activity: 活動, facts: 事実}\n",
        encoding="utf-8",
    )
    said = "（1社）: ㈱青葉 = 株式会社 青葉"
    assert said in nippo.done("import", str(sheet), "--map", str(columns), "--lang", "ja").err
    assert said in nippo.done("doctor", "--lang", "ja").out


IMPORT = "source: old\non: 日\ndeal: 件\nfields: {customer: 客, facts: 事, activity: {constant: 電話}}\n"


def bring_in(nippo: Shell, *rows: str, options: tuple[str, ...] = ()) -> None:
    """Import rows of day, deal, customer, facts; their text is their source key."""
    nippo.journal.mkdir(exist_ok=True)
    (nippo.journal / "rows.csv").write_text("\n".join(("日,件,客,事", *rows, "")), encoding="utf-8")
    (nippo.journal / "map.yaml").write_text(IMPORT, encoding="utf-8")
    files = (str(nippo.journal / "rows.csv"), "--map", str(nippo.journal / "map.yaml"))
    answer = nippo("import", *files, *options)
    assert answer.code == 0, answer.out + answer.err


@pytest.mark.parametrize(
    "customers", list(permutations(("株式会社青葉", "有限会社青葉", "青葉"))), ids="-".join
)  # fmt: skip
def test_legal_forms_that_a_file_brings_in_count_from_its_first_row(nippo: Shell, customers: tuple[str, ...]):
    """A bare name beside two forms is a customer of its own, in whatever order rows come: each has its own deal."""
    bring_in(nippo, *(f"2026-11-0{at},更新,{customer},{customer}" for at, customer in enumerate(customers, 1)))
    entries = nippo.done("log", "--json").json["entries"]
    assert {entry["deal"]["customer"]: entry["values"]["customer"] for entry in entries} == {c: c for c in customers}
    again = nippo.done("import", str(nippo.journal / "rows.csv"), "--map", str(nippo.journal / "map.yaml"), "--json")
    assert (again.json["known"], again.json["entries"]) == (3, 0)


def test_a_second_form_parts_a_bare_name_that_the_journal_has(nippo: Shell):
    """What a file says of the form is not put into the deal of the bare name. It is said once that a name is near."""
    bring_in(nippo, "2026-11-01,更新,青葉,一")
    nippo.done("add", "別件", "--new-deal", "--customer", "㈱青葉", "--activity", "電話", "-m", "二")
    bring_in(nippo, "2026-11-02,更新,有限会社青葉,三", "2026-11-03,更新,青葉,四")
    deals = {e["values"]["facts"]: e["deal"]["customer"] for e in nippo.done("log", "--json").json["entries"]}
    assert deals == {"一": "青葉", "二": "㈱青葉", "三": "有限会社青葉", "四": "青葉"}
    assert nippo.done("doctor").code == 0


def test_rows_that_call_a_deal_by_two_names_are_judged_by_what_it_has_by_then(nippo: Shell):
    """A deal of nobody's, by its former name at a customer, then by its name: it has that customer, and lacks none."""
    nippo.journal.mkdir()
    nippo.done("add", "更新", "--new-deal", "--activity", "電話", "-m", "零", "--later")
    nippo.done("deal", "rename", "更新", "トナー")
    (entry,) = nippo.done("log", "--json").json["entries"]
    bring_in(nippo, "2026-11-20,更新,乙社,一", "2026-11-21,トナー,,二")
    entries = nippo.done("log", "--json").json["entries"]
    assert {e["deal"]["id"] for e in entries} == {entry["deal"]["id"]}
    bring_in(nippo, "2026-11-22,トナー,甲社,三")
    assert nippo.done("log", "--customer", "甲社", "--json").json["total"] == 1


def test_an_owner_is_asked_for_in_any_spelling(nippo: Shell):
    """Blanks part nobody, whichever spelling the diary has."""
    for by in ("佐藤 花子", "田中一郎"):
        nippo.done("add", f"{by}の", "--new-deal", "--customer", "甲", "--by", by, "--activity", "電話", "-m", "x")
    for said in ("佐藤 花子", "佐藤花子", "佐藤　花子", "花子", "田中 一郎", "田中一郎"):
        (deal,) = nippo.done("deal", "list", "--owner", said, "--json").json["deals"]
        assert deal["owner"] == ("田中一郎" if "田中" in said else "佐藤 花子")
    # Of a customer whose deals have an owner in two spellings, too.
    nippo.done("add", "別の", "--new-deal", "--customer", "乙", "--by", "佐藤花子", "--activity", "電話", "-m", "x")
    for said in ("佐藤 花子", "佐藤花子"):
        customers = nippo.done("customer", "--owner", said, "--json").json["customers"]
        assert {customer["name"] for customer in customers} == {"甲", "乙"}


@pytest.mark.parametrize(
    "name", ["\u200b", "　", "\u3164\u200b", "\ufe0f"], ids=["zero-width", "blank", "filler", "selector"]
)
def test_a_name_that_nobody_sees_is_none(nippo: Shell, name: str) -> None:
    """A deal, a customer and another name of either are refused, nothing is begun; a customer of blanks alone is none."""
    nippo.done("add", "ポンプ", "--new-deal", "--customer", "A社", "--activity", "電話", "-m", "話した", "--later")
    for argv in (
        ("add", name, "--new-deal", "--activity", "電話", "-m", "話した", "--later"),
        *(
            [("add", "弁", "--new-deal", "--customer", name, "--activity", "電話", "-m", "話した")]
            if name.strip()
            else ()
        ),
        ("deal", "rename", "ポンプ", name),
        ("customer", "rename", "A社", name),
    ):
        assert nippo(*argv).code in (2, 3), argv
    assert [deal["name"] for deal in nippo.done("deal", "list", "--all", "--json").json["deals"]] == ["ポンプ"]
