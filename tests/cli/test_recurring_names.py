"""What recurs: a deal's name at several customers, an owner in several spellings."""

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
