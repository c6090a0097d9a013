"""`nippo landing` as a person asks for it: figures by hand, past days, words and what is refused."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from shell import Shell

SCHEMA = """\
nippo: 1
name: t
fiscal_year_start: 10
stages: [{key: lead, label: 引合い}, {key: won, label: 受注, ends: won}, {key: lost, label: 失注, ends: lost}]
kinds: [{key: new, label: 新規}, {key: parts, label: 部品}]
activities: [電話]
confidence: [{key: A, label: A, chance: 80%}, {key: B, label: B, chance: 50%}, {key: C, label: C}]
quiet: 30
fields:
  - {key: deal, label: 案件, type: deal, role: deal}
  - {key: customer, label: 顧客, type: customer, role: customer}
  - {key: stage, label: フェーズ, type: choice, role: stage}
  - {key: activity, label: 活動, type: choice, role: activity}
  - {key: facts, label: 事実, type: text, role: facts}
  - {key: kind, label: 種別, type: choice, role: kind}
  - {key: amount, label: 金額, type: money, role: amount}
  - {key: confidence, label: 確度, type: choice, role: confidence}
  - {key: closes, label: 受注予定, type: date, role: closes}
"""
# The tests' day is 23 November 2026. A's 100 at 80 %, B's 60 at 50 %, C's 7 at no share; one won, one overdue, one later.
DEALS = (
    ("X機", "A社", "2026-11-30", "100万", "A"),
    ("Y機", "B社", "2026-12-10", "60万", "B"),
    ("Z機", "C社", "2026-12-11", "7万", "C"),
    ("古機", "A社", "2026-11-20", "5万", "A"),
    ("先機", "A社", "2027-03-31", "40万", "B"),
    ("無機", "B社", "", "", ""),
)


def write(nippo: Shell) -> None:
    """A journal of seven deals, written on 20 November."""
    nippo.journal.with_name("t.yaml").write_text(SCHEMA, encoding="utf-8")
    nippo.done("init", "--template", "t.yaml")
    for name, customer, closes, amount, rank in DEALS:
        said = [("--closes", closes), ("--amount", amount), ("--confidence", rank)]
        options = [part for pair in said if pair[1] for part in pair]
        nippo.done("add", name, "--new-deal", "--customer", customer, "--on", "2026-11-19", "-m", "話した", *options)
    nippo.done(
        "add", "勝機", "--new-deal", "--customer", "D社", "--stage", "受注", "--amount", "30万", "-m", "受注した"
    )


@pytest.fixture
def team(once) -> Shell:
    """Nippo on them."""
    return once(write)


def answer(shell: Shell, *options: str) -> dict[str, object]:
    """The page as data."""
    return shell.done("landing", *options, "--json").json


def test_the_lines_by_hand(team: Shell) -> None:
    """November: 30 ordered and 100 of A at 80 %. December: 60 of B at 50 %; C has no share and adds nothing."""
    page = answer(team)
    november, december, january = page["months"]
    assert [one["month"] for one in page["months"]] == ["2026-11", "2026-12", "2027-01"]
    assert (november["ordered"], november["firm"], november["by_record"]) == (300_000, 1_300_000, 1_100_000)
    assert (december["ordered"], december["firm"], december["by_record"]) == (0, 0, 300_000)
    assert (january["by_record"], january["gap"], january["target"]) == (0, None, None)
    by_rank = {cell["rank"]: (cell["amount"], cell["share"], cell["source"], cell["n"]) for cell in december["by_rank"]}
    assert by_rank["B"] == (600_000, 0.5, "schema", 0)
    assert by_rank["C"] == (70_000, None, "none", 0)
    outside = page["outside"]
    assert [(one["month"], one["amount"]) for one in outside["months"]] == [("2027-03", 400_000)]
    assert (outside["overdue"]["amount"], outside["undated"]["amount"], len(outside["without_amount"])) == (
        50_000,
        0,
        1,
    )


def test_the_half_begins_where_the_schema_says(team: Shell) -> None:
    """A fiscal year from October: its first half ends in March, and holds what was outside before."""
    page = answer(team, "--half")
    assert [one["month"] for one in page["months"]] == [f"2026-{m}" for m in (10, 11, 12)] + [
        f"2027-0{m}" for m in (1, 2, 3)
    ]
    assert page["months"][-1]["by_record"] == 200_000
    assert page["outside"]["months"] == []


def test_targets_of_the_team_and_of_owners_are_compared(team: Shell) -> None:
    """Two owners' 90 and the team's 100: the team's counts, theirs stand beside it; a kind has its own."""
    team.done("target", "set", "佐藤", "2026-11", "50万")
    team.done("target", "set", "鈴木", "2026-11", "40万")
    assert (answer(team)["months"][0]["target"], answer(team)["months"][0]["gap"]) == (900_000, 200_000)
    team.done("target", "set", "--team", "2026-11", "100万")
    team.done("target", "set", "--kind", "部品", "2026-11", "10万")
    november = answer(team)["months"][0]
    assert (november["target"], november["target_of"], november["target_of_owners"]) == (1_000_000, "team", 900_000)
    assert answer(team, "--owner", "佐藤")["months"][0]["target"] == 500_000
    listed = team.done("target", "list", "--json").json["targets"]
    assert sorted((one["owner"] or "", one["kind"] or "") for one in listed) == [
        ("", ""),
        ("", "parts"),
        ("佐藤", ""),
        ("鈴木", ""),
    ]


def test_a_word_for_a_month_stays_beside_the_next(team: Shell) -> None:
    """The last of an owner counts, both stay in the log; a lead's stands apart; one taken back is gone."""
    assert team.done("landing", "say", "12月", "80万", "--note", "Y機しだい", "--json").json["what"] == "declared"
    again = team.done("landing", "say", "2026-12", "70万", "--json").json
    assert (again["what"], again["params"]["before"]) == ("declared_again", "800,000円")
    team.done("landing", "say", "2026-12", "100万", "--for-team")
    december = answer(team)["months"][1]
    assert (december["declared"], december["declared_team"]) == (700_000, 1_000_000)
    assert [one["amount"] for one in answer(team)["declarations"]] == [800_000, 700_000, 1_000_000]
    team.done("undo")
    assert answer(team)["months"][1]["declared_team"] is None
    assert team.done("doctor").code == 0


def test_a_past_day_is_as_it_was(team: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a later entry, target and word change leaves the page of the day before byte for byte as it was."""
    monkeypatch.setenv("NIPPO_NOW", "2026-11-25T09:00:00+09:00")
    before = team.done("landing", "--as-of", "2026-11-24", "--json").out
    team.done("add", "X機", "--amount", "500万", "--closes", "2027-01-15", "-m", "増えた")
    team.done("target", "set", "--team", "2026-12", "10万")
    team.done("landing", "say", "2026-12", "1万")
    assert team.done("landing", "--as-of", "2026-11-24", "--json").out == before


def test_the_bridge_names_each_deal(team: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """From 24 to 26 November: one amount filled in, one moved out, one lost; the parts add up."""
    monkeypatch.setenv("NIPPO_NOW", "2026-11-26T09:00:00+09:00")
    team.done("add", "無機", "--amount", "9万", "--closes", "2026-12-20", "-m", "決まった")
    team.done("add", "Y機", "--closes", "2027-05-20", "-m", "延びた")
    team.done("add", "Z機", "--stage", "失注", "-m", "断られた")
    bridge = answer(team, "--compare", "2026-11-24")["bridge"]
    parts = {part["deal"]["name"]: (part["change"], part["amount"]) for part in bridge["parts"] if part["amount"]}
    assert parts == {"無機": ("moved_in", 90_000), "Y機": ("moved_out", -600_000), "Z機": ("lost", -70_000)}
    assert bridge["before"] + sum(amount for _, amount in parts.values()) == bridge["after"]


def test_nothing_is_held_against_a_part_of_what_it_is_of(team: Shell) -> None:
    """A kind's target is the team's; an owner's is of all their customers. A kind with a target and no deal has its row."""
    team.done("target", "set", "--kind", "部品", "2026-11", "10万")
    team.done("target", "set", "佐藤", "2026-11", "50万")
    kinds = {group["name"]: group["target"] for group in answer(team, "--by", "kind")["groups"]}
    assert kinds["parts"] == 100_000
    assert {group["target"] for group in answer(team, "--owner", "佐藤", "--by", "kind")["groups"]} == {None}
    assert {group["target"] for group in answer(team, "--customer", "A社", "--by", "owner")["groups"]} == {None}
    assert [group["target"] for group in answer(team, "--by", "owner")["groups"]] == [500_000]


def test_what_is_left_is_of_the_months_that_have_a_target(team: Shell) -> None:
    """November's 30 are not held against December's 100."""
    team.done("target", "set", "--team", "2026-12", "100万")
    need = answer(team)["need"]
    assert (need["target"], need["done"], need["remaining"]) == (1_000_000, 0, 1_000_000)


def test_a_settled_advance_is_no_backlog(team: Shell) -> None:
    """An order of 30, of which 10 were paid in advance and 20 invoiced, waits for nothing; before, for its 30."""
    assert [one["remaining"] for one in answer(team, "--basis", "sale")["backlog"] or []] == []
    team.done("sales", "add", "--deal", "勝機", "--amount", "10万", "--advance")
    assert [one["remaining"] for one in answer(team, "--basis", "sale")["backlog"]] == [300_000]
    team.done("sales", "add", "--deal", "勝機", "--amount", "20万")
    assert answer(team, "--basis", "sale")["backlog"] == []


def test_a_merged_deal_goes_by_its_own_number(team: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bridge names the deal that went, and the one that it went into."""
    monkeypatch.setenv("NIPPO_NOW", "2026-11-26T09:00:00+09:00")
    ids = {row["name"]: row["id"] for row in team.done("deal", "list", "--json").json["deals"]}
    team.done("deal", "merge", ids["Y機"], ids["X機"])
    bridge = answer(team, "--compare", "2026-11-24")["bridge"]
    (went,) = [part for part in bridge["parts"] if part["change"] == "withdrawn"]
    assert (went["deal"], went["after"], went["amount"]) == ({"id": ids["Y機"]}, ids["X機"], -600_000)
    assert bridge["before"] + sum(part["amount"] for part in bridge["parts"]) == bridge["after"]
    assert f"{ids['X機']} へ統合" in team.done("landing", "--compare", "2026-11-24").out


def test_a_word_in_another_spelling_is_the_same_owners(team: Shell) -> None:
    """What was said before is told."""
    team.done("landing", "say", "12月", "80万", "--owner", "佐藤 一")
    again = team.done("landing", "say", "12月", "70万", "--owner", "佐藤一", "--json").json
    assert again["what"] == "declared_again"


@pytest.mark.parametrize(
    ("command", "word"),
    [
        (("landing", "--month", "--half"), "--fiscal-year"),
        (("landing", "--by", "月"), "担当、案件種別、顧客"),
        (("landing", "--basis", "利益"), "受注、売上"),
        (("landing", "--unit", "ドル"), "万円"),
        (("landing", "--compare", "明日"), "2026-11-23"),
        (("landing", "--compare", "2026-02-30"), "2026-02-30"),
        (("landing", "say", "13月", "80万"), "13月"),
        (("landing", "say", "12月", "沢山"), "沢山"),
        (("landing", "say", "12月", "-5"), "-5"),
        (("landing", "say", "12月", "5万", "--for-team", "--owner", "佐藤"), "--for-team"),
        (("target", "set", "--team", "佐藤", "2026-11", "5万"), "--team"),
        (("target", "set", "2026-11", "5万"), "佐藤"),
        (("target", "set", "--kind", "中古", "2026-11", "5万"), "新規"),
    ],
)
def test_what_is_refused_says_what_is_allowed(team: Shell, command: tuple[str, ...], word: str) -> None:
    """Exit code 2, the word in question, nothing written."""
    refused = team(*command)
    assert (refused.code, word in refused.err) == (2, True), refused.err
    assert answer(team)["declarations"] == []


def test_the_record_says_what_the_page_of_each_eve_said(nippo: Shell, tmp_path: Path) -> None:
    """The demo's months: the firm line and the line by record of each are those of the page of its eve, deals that had gone
    quiet by then apart; of none but those is the reps' own line more."""
    nippo.done("demo", "--keep", str(tmp_path / "demo"))
    months = nippo.done("--journal", str(tmp_path / "demo"), "landing", "--json").json["record"]
    assert any(one["by_record"] for one in months)
    for one in months[-4:]:
        eve = date.fromisoformat(f"{one['month']}-01") - timedelta(days=1)
        page = nippo.done("--journal", str(tmp_path / "demo"), "landing", "--as-of", eve.isoformat(), "--json").json
        (then,) = [month for month in page["months"] if month["month"] == one["month"]]
        assert (one["firm"], one["by_record"]) == (then["firm"], then["by_record"]), one["month"]


def test_what_is_said_of_a_month_that_is_over_is_refused(team: Shell) -> None:
    """On 23 November 2026 October is over; November, and the year before it is typed with, are not taken for another."""
    refused = team("landing", "say", "2026-10", "80万")
    assert (refused.code, "2026-10" in refused.err, "2026-11" in refused.err) == (2, True, True), refused.err
    assert answer(team)["declarations"] == []
    team.done("landing", "say", "2026-11", "80万")


def test_what_closes_the_gap(team: Shell) -> None:
    """November: 110 by the record against 125. X's 100 count at 80 %: its win adds 20. November and December together: 140 against
    245; Y (60 at 50 %) adds 30, X 20, C's 7 all of it, March's 40 nothing, for it has no target."""
    team.done("target", "set", "--team", "2026-11", "125万")
    november = answer(team)["deciding"]
    assert (november["month"], november["closing"]) == ("2026-11", {"gap": -150_000, "wins": 1, "short": 0})
    assert "の受注1件で届きます" in team.done("landing").out
    team.done("target", "set", "--team", "2026-12", "120万")
    half = answer(team, "--half")["deciding"]
    assert (half["month"], half["closing"]) == (None, {"gap": -1_050_000, "wins": None, "short": 480_000})
    assert [one["name"] for one in half["deals"]] == ["Y機", "X機", "Z機"]
    assert "すべて受注になってもあと48足りません" in team.done("landing", "--half").out
    team.done("target", "set", "--team", "2026-12", "60万")
    assert answer(team, "--half")["deciding"]["closing"] == {"gap": -450_000, "wins": 2, "short": 0}


def test_an_empty_diary_has_an_empty_page(nippo: Shell) -> None:
    """No deal, no target, no ledger: the page says what is lacking."""
    nippo.done("init", "--template", "default")
    page = nippo.done("landing", "--basis", "sale")
    assert "売上台帳がまだありません" in page.out
    assert answer(nippo)["record"] == []


def test_on_the_basis_of_sales_the_bridge_is_of_sales(team: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """On 24 November the won deal's 300,000 wait for no day. On the 26th 200,000 of it are in the ledger, and 50,000 that belong to no
    deal: both are booked. X's promised 100 ended in a loss."""
    monkeypatch.setenv("NIPPO_NOW", "2026-11-26T09:00:00+09:00")
    team.done("sales", "add", "--on", "2026-11-25", "--customer", "D社", "--amount", "20万", "--deal", "勝機")
    team.done("sales", "add", "--on", "2026-11-25", "--customer", "F社", "--amount", "5万")
    team.done("add", "X機", "--stage", "失注", "-m", "断られた")
    page = answer(team, "--basis", "sale", "--compare", "2026-11-24")
    bridge = page["bridge"]
    parts = [(part["change"], part["deal"] and part["deal"]["name"], part["amount"]) for part in bridge["parts"]]
    assert parts == [("booked", "勝機", 200_000), ("booked", None, 50_000), ("lost", "X機", -1_000_000)]
    assert bridge["before"] + 200_000 + 50_000 - 1_000_000 == bridge["after"]
    assert page["months"][0]["ordered"] == 250_000
    assert "案件なしの売上" in team.done("landing", "--basis", "sale", "--compare", "2026-11-24").out


def test_what_a_months_figure_opens_to_adds_up_to_it(team: Shell, tmp_path: Path) -> None:
    """By sales: of an order of 30 what was invoiced in November, in two parts, and 5 that belong to no deal; what is still to be invoiced
    of another, not its whole amount."""
    for amount, more in (("20万", ("--deal", "勝機")), ("7万", ("--deal", "勝機")), ("5万", ("--customer", "F社"))):
        team.done("sales", "add", "--on", "2026-11-20", "--amount", amount, *more)
    out = tmp_path / "x.html"
    team.done("landing", "--basis", "sale", "--unit", "1", "-o", str(out))
    text = out.read_text(encoding="utf-8")
    november = text[text.index('id="month-2026-11"') :].partition("</details>")[0]
    rows = [re.findall(r"<td[^>]*>(?:<(?!/)[^>]*>)*([^<]*)", row) for row in re.findall("<tr>.*?</tr>", november)[1:]]
    assert [row[2::3] for row in rows if row[0] == "売上済"] == [["勝機", "270,000"], ["案件なしの売上", "50,000"]]


def test_by_sales_the_record_begins_with_the_ledger(team: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """The diary begins in November 2026, the ledger in August 2025: in February 2027 the months from September 2025 on are compared, each
    by what the ledger shows; without a ledger none is."""
    monkeypatch.setenv("NIPPO_NOW", "2027-02-10T09:00:00+09:00")
    assert answer(team, "--basis", "sale")["record"] == []
    for month, amount in (("2025-08", "7万"), ("2026-12", "20万")):
        team.done("sales", "add", "--on", f"{month}-05", "--customer", "D社", "--amount", amount)
    record = answer(team, "--basis", "sale")["record"]
    assert [month["month"] for month in record][:2] == ["2025-09", "2025-10"]
    assert {month["month"]: month["came"] for month in record if month["came"]} == {"2026-12": 200_000}
    assert "売上は 0〜20" in team.done("landing", "--basis", "sale").out
    assert [month["month"] for month in answer(team)["record"]] == ["2026-12", "2027-01"]


def test_each_deal_of_the_bridge_has_its_reason(nippo: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """Since Monday one date was put off to the next budget, one deal was lost on the price, one amount filled in with a quote, one deal
    came from an exhibition; the page says so beside each."""
    monkeypatch.setenv("NIPPO_NOW", "2026-11-13T18:00:00+09:00")
    for name, more in (("延期機", ("--amount", "10万")), ("失注機", ("--amount", "5万")), ("見積機", ())):
        nippo.deal(name, "--closes", "2026-12-10", *more)
    monkeypatch.setenv("NIPPO_NOW", "2026-11-18T18:00:00+09:00")
    step = ("--next-step", "電話", "--next-on", "+7d", "-m", "話した")
    nippo.done("add", "延期機", "--activity", "電話", "--closes", "2027-05-10", "--push-reason", "次の予算へ", *step)
    nippo.done("add", "失注機", "--activity", "電話", "--stage", "失注", "--lost-reason", "価格", "-m", "話した")
    nippo.done("add", "見積機", "--activity", "見積提出", "--amount", "30万", *step)
    nippo.deal("新規機", "--closes", "2026-12-20", "--amount", "7万", "--source", "展示会")
    parts = answer(nippo, "--compare", "2026-11-16")["bridge"]["parts"]
    said = {
        part["deal"]["name"]: (part["change"], part["reason_of"], part["reason"]) for part in parts if part["amount"]
    }
    assert said == {
        "延期機": ("moved_out", "push_reason", "next_budget"),
        "失注機": ("lost", "lost_reason", "price"),
        "見積機": ("filled", "activity", "quote"),
        "新規機": ("new", "source", "exhibition"),
    }
    shown = nippo.done("landing", "--compare", "2026-11-16").out
    for words in ("12月→5月（次の予算へ）", "価格", "金額なし→30（見積提出）", "展示会"):
        assert words in shown


def test_on_its_last_day_a_month_is_left_to_those_after_it(team: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """On 29 November X decides November, on the 30th December's deals decide; with nothing promised for later X does on the 30th, too."""
    for day, month in (("29", "2026-11"), ("30", "2026-12")):
        monkeypatch.setenv("NIPPO_NOW", f"2026-11-{day}T09:00:00+09:00")
        assert answer(team)["deciding"]["month"] == month
    assert answer(team, "--month")["deciding"]["month"] == "2026-11"


def test_one_month_to_compare_is_no_range(nippo: Shell, monkeypatch: pytest.MonkeyPatch):
    """A diary since 20 September has October alone to compare on 23 November: one amount, not `0〜0`."""
    monkeypatch.setenv("NIPPO_NOW", "2026-09-20T18:00:00+09:00")
    nippo.deal("洗浄機", "--amount", "100万")
    monkeypatch.setenv("NIPPO_NOW", "2026-11-23T18:00:00+09:00")
    assert "直近1か月の受注は 0。" in nippo.done("landing").out
    assert "The last month brought in 0." in nippo.done("landing", "--lang", "en").out
