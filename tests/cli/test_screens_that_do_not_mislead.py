"""What the pages say of shares, limits, visits and owners."""

import pytest
from shell import FIRST, Shell

CALL = ("--activity", "電話", "-m", "話した")


def test_a_customers_last_contact_counts_one_without_a_deal(kept: Shell):
    """The deal was talked of on 11/23; a call of no deal is later, and in-house work is none."""
    kept.done("add", "--customer", "青葉製作所", *CALL, "--on", "11/23")
    kept.done("add", "案件", "--activity", "電話", "-m", "前の話", "--on", "11/1")
    before = kept.done("customer", "青葉製作所", "--json").json["last_contact_on"]
    kept.done("add", "--customer", "山吹化成", *CALL, "--on", "11/20")
    assert before == "2026-11-23"
    assert kept.done("customer", "山吹化成", "--json").json["last_contact_on"] == "2026-11-20"


def test_one_meeting_is_one_visit(five: Shell):
    """Two deals of one talk with 田中, then a second talk: he was met twice. A third talk of two deals is one contact more."""
    met = ("--activity", "訪問", "--people", "田中", "-m", "話した")
    first = five.done("add", "案件", *met, "--json").json["entry"]["id"]
    five.done("add", "切断", *met, "--meeting", str(first))
    five.done("add", "検査", *met)
    (tanaka,) = five.done("customer", "青葉製作所", "--json").json["people"]
    assert tanaka["entries"] == 2
    assert "・2回" in five.done("prep", "青葉製作所").out
    before = five.done("prep", "青葉製作所", "--json").json["total_contacts"]
    again = five.done("add", "案件", *met, "--json").json["entry"]["id"]
    five.done("add", "切断", *met, "--meeting", str(again))
    assert five.done("prep", "青葉製作所", "--json").json["total_contacts"] == before + 1


def test_closed_days_lengthen_the_limit_in_lists_too(nippo: Shell, monkeypatch: pytest.MonkeyPatch):
    """A stay over 年末年始 (seven days): 21 days are 28 on the deal's page and in the list."""
    monkeypatch.setenv("NIPPO_NOW", "2027-01-20T09:00:00+09:00")
    nippo.done("add", "案件", *FIRST, "-m", "話", "--on", "2026-12-20")
    assert "21日＋休業7日" in nippo.done("deal", "show", "案件").out
    for page in (("deal", "list"), ("gap", "stalled"), ("gap",)):
        assert "31日/28日" in nippo.done(*page).out
    assert [f["limit_days"] for f in nippo.done("gap", "stalled", "--json").json["findings"]] == [28]
    assert "滞留 31日/28日" in nippo.done("deal", "show", "案件").out


def test_a_new_inquiry_is_not_about_to_pass_its_norm(nippo: Shell, monkeypatch: pytest.MonkeyPatch):
    """引合 has seven days: three days after it is silent, four days after it comes up."""
    said = ("--new-deal", "--customer", "青葉", "--kind", "新規", "--source", "紹介", "--stage", "引合", "--activity", "電話",
            "--next-step", "訪問", "--next-on", "+30d")  # fmt: skip
    nippo.done("add", "案件", *said, "-m", "話")
    for day, soon in (("23", 0), ("26", 0), ("27", 1)):
        monkeypatch.setenv("NIPPO_NOW", f"2026-11-{day}T18:00:00+09:00")
        assert len(nippo.done("--json").json["soon"]) == soon, day


def test_the_morning_page_of_one_owner(kept: Shell):
    """Whose each deal is stands there where several have some; `--owner` asks for one."""
    kept.done("add", "別件", *FIRST, "-m", "話", "--by", "西村", "--next-on", "11/23")
    kept.done("add", "案件", *CALL, "--by", "大野", "--next-step", "電話", "--next-on", "11/23")
    page = kept.done("--json").json
    assert {step["name"] for step in page["due"]} == {"案件", "別件"}
    assert "西村" in kept.done().out
    own = kept.done("--owner", "西村", "--json").json
    assert ([step["name"] for step in own["due"]], own["live"], own["owner"]) == (["別件"], 1, "西村")
    assert kept("--owner", "誰か").code == 4
    assert "nippo gap --owner" in kept("--owner", "西村", "gap").err


def test_what_sweep_says_goes_on_is_no_report(kept: Shell, monkeypatch: pytest.MonkeyPatch):
    """The day after, the day's report is still missing; a real entry mends that."""
    kept.done("add", "案件", "--activity", "社内", "-m", "棚卸し: 続ける", "--on", "11/24")
    monkeypatch.setenv("NIPPO_NOW", "2026-11-25T09:00:00+09:00")
    assert kept.done("--json").json["unwritten"] == "2026-11-24"
    kept.done("add", "案件", *CALL, "--on", "11/24")
    assert kept.done("--json").json["unwritten"] is None


def test_a_push_is_told_though_the_stage_moves_on(kept: Shell):
    """Both stand in the recap."""
    quote = ("--stage", "見積", "--amount", "100万", "--confidence", "B", "--next-step", "電話", "--next-on", "+7d")
    kept.done("add", "案件", *CALL, "--closes", "2026-12-20")
    recap = kept.done(
        "add", "案件", *CALL, *quote, "--closes", "2027-02-20", "--push-reason", "顧客の都合", "--json"
    ).json
    assert (recap["sign"], recap["moved_from"]) == ("pushed", "hearing")


def test_how_good_ranks_were_is_ones_own_page(kept: Shell):
    """Nobody else's can be asked for."""
    kept.done("add", "別件", *FIRST, "-m", "話", "--by", "西村")
    assert "ご自分の分だけ" in kept("lessons", "confidence", "--owner", "西村").err
    assert kept.done("lessons", "confidence", "--json").json["owners"] == []
    assert "confidence" not in kept.done("lessons", "--owner", "西村", "--json").json.get("lessons", {})


def test_a_rate_of_few_deals_is_what_was_counted(kept: Shell):
    """One won of one is no 100%."""
    kept.done("add", "案件", *CALL, "--stage", "受注", "--amount", "100万")
    out = kept.done("deal", "list", "--summary").out
    assert "1件中1件" in out
    assert "件数の割合" in out


def test_a_command_line_that_is_mended_leaves_one_draft(kept: Shell):
    """Refused twice, one draft; recorded, none. Two reports whose words are short are two."""
    said = ("add", "案件", "--activity", "電話", "-m", "田中課長から仕様の変更を聞いた")
    assert kept(*said, "--next-on", "いつか").code == 3
    assert kept(*said, "--next-on", "そのうち").code == 3
    assert len(kept.done("draft", "list", "--json").json["drafts"]) == 1
    kept.done(*said, "--next-on", "来週")
    assert kept.done("draft", "list", "--json").json["drafts"] == []
    assert kept("add", "案件", "--activity", "電話", "-m", "不在", "--next-on", "いつか").code == 3
    assert kept("add", "--customer", "青葉製作所", "--activity", "電話", "-m", "不在", "--next-on", "いつか").code == 3
    assert len(kept.done("draft", "list", "--json").json["drafts"]) == 2


def test_what_comes_after_the_order_is_not_waited_for(kept: Shell):
    """The order is there: of delivery it isn't said that it comes once the order was sent."""
    said = kept.done(
        "add", "案件", *CALL, "--stage", "受注", "--amount", "100万", "--next-step", "", "--accepts", "2027-01-29"
    ).out
    assert "次: 納入・検収" in said
    assert "注文書" not in said


def test_every_finding_of_mondays_page_has_its_question(nippo: Shell, monkeypatch: pytest.MonkeyPatch):
    """A customer who bought and has not been contacted since: whom to ask stands under the table; so it does under an order
    without a sale. Deals at risk have theirs where they are talked about."""
    nippo.done("add", "案件", *FIRST, "-m", "話", "--on", "2026-03-01")
    nippo.done("add", "案件", *CALL, "--stage", "納入・検収", "--on", "2026-03-20", "--amount", "100万", "--later")
    nippo.done("add", "案件2", *FIRST, "-m", "話", "--on", "2026-03-01")
    nippo.done("add", "案件2", *CALL, "--stage", "受注", "--on", "2026-03-20", "--amount", "100万", "--later")
    page = nippo.done("gap", "--since", "1y").out
    assert "納めたものが役に立っているか" in page
    assert "いつ、いくらの売上になりますか。" in page
