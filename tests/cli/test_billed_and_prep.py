"""Who is only ever billed is a customer like others; the page before a visit opens by a deal's name, too; plain words for odd cases."""

import pytest
from shell import Shell

BILLED = "  - {key: billed_to, label: 請求先, type: customer, role: billed_to}\n"
TALK = ("--activity", "電話", "-m", "話した")


@pytest.fixture
def leased(nippo: Shell) -> Shell:
    """A deal of 青葉 that 東西リース is billed for, which nobody ever spoke with, and another deal."""
    nippo.done("add", "下見", "--new-deal", "--customer", "北斗", *TALK)
    nippo.schema.write_text(nippo.schema.read_text(encoding="utf-8") + BILLED, encoding="utf-8")
    nippo.done("add", "ポンプ更新", "--new-deal", "--customer", "青葉", "--billed-to", "㈱東西リース", *TALK)
    return nippo


def billed(nippo: Shell, name: str) -> list[tuple[str, str]]:
    """The deals that are billed to a customer, with whose they are."""
    page = nippo.done("customer", name, "--json").json
    assert page["deals"] == []
    return [(deal["name"], deal["customer"]) for deal in page["billed"]]


def test_a_customer_who_is_only_billed_is_found_and_named(leased: Shell):
    """In any spelling and by a part; its page shows whose deals it pays for. What is said of it holds for them."""
    for name in ("㈱東西リース", "株式会社東西リース", "東西"):
        assert billed(leased, name) == [("ポンプ更新", "青葉")]
    assert "ポンプ更新" in leased.done("customer", "東西リース").out
    leased.done("customer", "alias", "㈱東西リース", "TZL")
    assert billed(leased, "TZL") == [("ポンプ更新", "青葉")]
    leased.done("customer", "rename", "株式会社東西リース", "東西ファイナンス")
    assert billed(leased, "東西ファイナンス") == [("ポンプ更新", "青葉")]
    assert "東西ファイナンス" in leased.done("deal", "show", "ポンプ更新").out
    leased.done("customer", "merge", "東西ファイナンス", "北斗")
    page = leased.done("customer", "北斗", "--json").json
    assert ([d["name"] for d in page["deals"]], [d["name"] for d in page["billed"]]) == (["下見"], ["ポンプ更新"])
    assert leased.done("customer", "青葉", "--json").json["billed"] == []
    assert leased.done("doctor").code == 0


def test_a_day_before_nobody_was_billed(leased: Shell):
    """What was not known then is not found then."""
    assert leased("customer", "東西リース", "--as-of", "2026-11-22").code == 4


def test_prep_opens_by_a_deal(leased: Shell):
    """Its name, a part of it or its id; the deal comes first. A customer's whole name comes before a deal's."""
    leased.done("add", "大型機", "--new-deal", "--customer", "青葉", "--amount", "9億", *TALK)
    deal = next(d for d in leased.done("deal", "list", "--json").json["deals"] if d["name"] == "ポンプ更新")
    for said in ("ポンプ更新", "ポンプ", str(deal["id"]), "青葉"):
        page = leased.done("prep", said, "--json").json
        assert (page["customer"], page["live"][0]["name"]) == ("青葉", "大型機" if said == "青葉" else "ポンプ更新")
    leased.done("add", "北斗", "--new-deal", "--customer", "青葉", *TALK)
    assert leased.done("prep", "北斗", "--json").json["customer"] == "北斗"
    # A deal's whole name comes before a part of a customer's.
    leased.done("add", "点検", "--new-deal", "--customer", "北斗", *TALK)
    leased.done("add", "会", "--new-deal", "--customer", "点検サービス", *TALK)
    assert leased.done("prep", "点検", "--json").json["customer"] == "北斗"


def test_prep_of_several_deals_or_none_says_so(leased: Shell):
    """With the ids that it could be, and nothing opened."""
    leased.done("add", "ポンプ更新", "--new-deal", "--customer", "北斗", *TALK)
    several = leased("prep", "ポンプ更新")
    assert (several.code, "青葉" in several.err, "北斗" in several.err) == (4, True, True)
    assert leased("prep", "無い").code == 4


def test_half_a_character_is_told_apart_from_bytes_of_a_terminal(leased: Shell):
    """JSON may hold one; advice about the terminal would lead nowhere."""
    (leased.journal / "r.json").write_text(
        '{"deal": "ポンプ更新", "activity": "電話", "facts": "x\\ud800y"}', encoding="utf-8"
    )
    answer = leased("add", "--from-file", str(leased.journal / "r.json"))
    assert (answer.code, "半分だけの文字" in answer.err, "UTF-8" in answer.err) == (3, True, False)
    typed = leased("add", "ポンプ更新", "--activity", "電話", "-m", "x\udc83y")
    assert (typed.code, "半分だけの文字" in typed.err, "UTF-8" in typed.err) == (3, False, True)


def test_an_imported_entry_marked_incomplete_that_lacks_nothing_says_so(leased: Shell):
    """And the command that it names takes the mark off."""
    (leased.journal / "rows.csv").write_text("日,件,客,印\n2026-11-20,据付,南洋,未\n", encoding="utf-8")
    (leased.journal / "map.yaml").write_text(
        "source: old\non: 日\ndeal: 件\nincomplete: {column: 印, values: {未: yes}}\n"
        "fields: {customer: 客, facts: 件, activity: {constant: 電話}}\n",
        encoding="utf-8",
    )
    leased.done("import", str(leased.journal / "rows.csv"), "--map", str(leased.journal / "map.yaml"))
    entry = leased.done("log", "--incomplete", "--json").json["entries"][0]
    shown = leased.done("log", str(entry["id"])).out
    assert "足りない項目はありません" in shown
    leased.done("edit", str(entry["id"]))
    assert leased.done("log", "--incomplete", "--json").json["entries"] == []


SITE = "  - {key: site, label: 納入先, type: text, role: site}\n"


def named(answer: list[dict[str, object]]) -> list[object]:
    """Names of deals."""
    return [deal["name"] for deal in answer]


def test_lists_are_narrowed_to_who_is_billed_and_to_the_plant(leased: Shell):
    """Deals, their entries and what is searched; in any spelling, by any name, by a part, and on a past day."""
    leased.schema.write_text(leased.schema.read_text(encoding="utf-8") + SITE, encoding="utf-8")
    leased.done("add", "コンベヤ", "--new-deal", "--customer", "青葉", "--site", "千葉第一工場", *TALK)
    leased.done("customer", "alias", "㈱東西リース", "TZL")
    for option, said, name in (
        *(("--billed-to", said, "ポンプ更新") for said in ("㈱東西リース", "株式会社東西リース", "東西", "TZL")),
        *(("--site", said, "コンベヤ") for said in ("千葉第一工場", "千葉", "千葉第一 工場")),
    ):
        assert named(leased.done("deal", "list", option, said, "--json").json["deals"]) == [name]
        entries = leased.done("log", option, said, "--json").json["entries"]
        assert named([entry["deal"] for entry in entries]) == [name]
        hits = leased.done("search", "話した", option, said, "--json").json["entries"]
        assert named([entry["deal"] for entry in hits]) == [name]
    assert leased.done("deal", "list", "--summary", "--billed-to", "東西", "--json").json["deals"] == 1
    assert leased.done("log", "--billed-to", "東西", "--site", "千葉", "--json").json["entries"] == []
    assert leased("log", "--billed-to", "東西", "--as-of", "2026-11-22").code == 4
    for option in ("--billed-to", "--site"):
        unknown = leased("deal", "list", option, "どこにもない")
        assert (unknown.code, "「どこにもない」" in unknown.err) == (4, True)


def test_who_is_only_billed_is_said_to_be_billed(leased: Shell):
    """Where a list of its own deals or entries is empty, with the option that shows the others."""
    for command in (("log",), ("deal", "list"), ("search", "話")):
        answer = leased.done(*command, "--customer", "東西リース")
        assert "「㈱東西リース」は1件の案件の請求先です。見るには: --billed-to '㈱東西リース'" in answer.err, command
        assert "--billed-to" not in leased.done(*command, "--customer", "青葉").err
    # That nothing fits is not that the diary is empty.
    assert "今日のひとつから" not in leased.done("log", "--customer", "東西リース").out


def test_a_search_at_a_customer_finds_what_belongs_to_no_deal(leased: Shell):
    """As `log --customer` does; of another customer it finds none."""
    leased.done("add", "--customer", "青葉", "--activity", "電話", "-m", "話だけ聞いた")
    for customer, facts in (("青葉", ["話だけ聞いた", "話した"]), ("北斗", ["話した"])):
        hits = leased.done("search", "話", "--customer", customer, "--json").json["entries"]
        assert [hit["values"]["facts"] for hit in hits] == facts
