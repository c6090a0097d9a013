"""From `nippo add` to the pages about months."""

import re

import pytest


def on(monkeypatch: pytest.MonkeyPatch, day: str) -> None:
    """The evening of a day."""
    monkeypatch.setenv("NIPPO_NOW", f"{day}T18:00:00+09:00")


@pytest.fixture
def autumn(nippo, monkeypatch):
    """Two deals promised for September on 20 August; one was won in it, one is still quoted in November."""
    on(monkeypatch, "2026-08-20")
    quoted = ("--stage", "見積", "--closes", "2026-09-30")
    nippo.deal("検査装置", *quoted, "--amount", "300万", "--confidence", "A")
    nippo.deal("洗浄機", *quoted, "--amount", "100万", "--confidence", "B")
    on(monkeypatch, "2026-09-15")
    nippo.done("add", "検査装置", "--activity", "電話", "--stage", "受注", "-m", "注文書を受け取った")
    on(monkeypatch, "2026-10-01")
    # Too late to be promised for October, whatever its date.
    nippo.deal("搬送機", "--closes", "2026-10-30", "--amount", "50万", "--on", "2026-09-30")
    nippo.done("target", "set", "佐藤", "2026-09", "500万")
    on(monkeypatch, "2026-11-23")
    return nippo


def test_a_month_is_held_against_what_was_promised_for_it(autumn):
    """Two promised for September, one won; nothing promised for October."""
    found = autumn.done("gap", "promises", "--since", "90d", "--json").json
    september, october = found["months"]
    assert (september["promised"]["n"], september["promised"]["amount"]) == (2, 4_000_000)
    assert (september["hit_rate"], september["money_rate"]) == (0.5, 0.75)
    assert september["became"]["won"]["deals"] != []
    assert (october["month"], october["promised"]["n"]) == ("2026-10", 0)
    (missed,) = found["findings"]
    assert (missed["deal"]["name"], missed["months"], missed["began_on"], missed["new"]) == (
        "洗浄機", ["2026-09"], "2026-10-01", True,
    )  # fmt: skip
    assert len(missed["entries"]) == 1
    assert [(t["owner"], t["target"], t["ordered"], t["difference"]) for t in found["targets"]] == [
        (None, 5_000_000, 3_000_000, -2_000_000), ("佐藤", 5_000_000, 3_000_000, -2_000_000),
    ]  # fmt: skip


def test_the_page_says_so(autumn):
    """In Japanese, with the deal that was promised in vain and a question."""
    page = autumn.done("gap", "promises").out
    assert "見込と実績" in page
    assert "2件 4,000,000円" in page
    assert "洗浄機" in page
    assert "何を根拠に" in page


def test_only_what_was_so_on_a_past_day(autumn):
    """On 10 October both deals were as they are today; on 14 September none was won yet, and the month was not over."""
    then = autumn.done("gap", "promises", "--since", "2026-09-01", "--as-of", "2026-10-10", "--json").json
    assert then["months"][0]["hit_rate"] == 0.5
    earlier = autumn.done("gap", "promises", "--since", "2026-08-01", "--as-of", "2026-09-14", "--json").json
    assert [month["month"] for month in earlier["months"]] == ["2026-08"]


def test_a_window_without_a_full_month_says_so(autumn):
    """Ten days hold none; nothing is found, and nothing fails."""
    page = autumn.done("gap", "promises", "--since", "10d", "--exit-code")
    assert "丸1か月が1つもありません" in page.out


def test_the_exit_code_tells_of_findings_alone(autumn):
    """A deal promised in vain is one; what activity shows is none."""
    assert autumn("gap", "promises", "--exit-code").code == 10
    assert autumn("gap", "activity", "--exit-code").code == 0


def test_a_stage_is_looked_at_closely_and_leaves_no_deal_out(autumn):
    """`--stage` says which stage the second drawing is about; the cohort keeps the deal that has moved on."""
    found = autumn.done("gap", "activity", "--stage", "見積", "--json").json
    triangle = found["triangle"]
    assert triangle["stage"] == "quote"
    assert [(c["month"], c["deals"]) for c in triangle["cohorts"]] == [("2026-08", 2), ("2026-09", 1), ("2026-10", 0)]
    assert [cell["deals"] for cell in triangle["cohorts"][0]["by_age"]] == [2, 2, 2]
    assert triangle["cohorts"][0]["reached"]["won"]["deals"] == 1
    assert {test["state"] for test in found["tests"]} == {"short"}


def test_only_the_deals_asked_about_are_counted(autumn):
    """Of a customer that there is, all; of an owner that there is not, an error."""
    assert autumn.done("gap", "activity", "--customer", "青葉製作所", "--json").json["triangle"]["cohorts"] != []
    assert autumn("gap", "activity", "--owner", "誰か").code == 4


def test_an_empty_diary_says_what_is_missing(nippo, monkeypatch):
    """No deal at all: both pages say when they will be of use."""
    on(monkeypatch, "2026-11-23")
    nippo.done("init")
    assert "答え合わせ" in nippo.done("gap", "promises").out
    assert "月が替わると" in nippo.done("gap", "activity").out


def test_by_sales_the_months_are_the_ledgers(autumn):
    """Of September's promises one was invoiced in it, for 2,900,000; 50,000 belong to no deal. Its note, columns and targets speak of
    sales; `landing --basis sale` of that month has the same sum, as by orders both have its 3,000,000."""
    autumn.done("sales", "add", "--deal", "検査装置", "--amount", "290万", "--on", "2026-09-28")
    autumn.done("sales", "add", "--customer", "東亜", "--amount", "5万", "--on", "2026-09-29")
    for basis, came, target in (("sale", 2_950_000, 2_950_000), ("order", 3_000_000, 3_000_000)):
        page = autumn.done("gap", "promises", "--basis", basis, "--json").json
        september = page["months"][0]
        assert page["summary"]["basis"] == basis
        assert (september["in_time"]["n"], september["won_amount"] + september["unpromised"]["amount"]) == (1, came)
        assert page["targets"][0]["ordered"] == target
        year = autumn.done("landing", "--fiscal-year", "--basis", basis, "--json").json
        (month,) = [one for one in year["months"] if one["month"] == "2026-09"]
        assert month["ordered"] == came
        # Of the month that the ledger begins with nothing was said before it.
        recorded = [one["came"] for one in year["record"] if one["month"] == "2026-09"]
        assert recorded == ([came] if basis == "order" else [])
    shown = autumn.done("gap", "promises", "--basis", "売上").out
    assert "検収・売上基準・税抜" in shown
    assert "うち当月に売上" in shown
    assert "差 = 売上 − 目標" in shown
    assert "受注日基準・税抜" in autumn.done("gap", "promises").out


def test_by_sales_without_a_ledger_the_page_says_what_is_lacking(autumn):
    """And how to bring it in."""
    assert "nippo sales import" in autumn.done("gap", "promises", "--basis", "sale").out


@pytest.mark.parametrize(
    ("command", "word"),
    [
        (("gap", "promises", "--basis", "利益"), "受注、売上"),
        (("gap", "stalled", "--basis", "sale"), "nippo gap promises"),
        (("gap", "--compare", "--basis", "sale"), "nippo gap promises"),
        (("log", "--by", "鈴木"), "佐藤"),
        (("log", "--week", "--by", "鈴木"), "佐藤"),
        (("search", "注文書", "--by", "鈴木"), "佐藤"),
        (("landing", "--owner", "鈴木"), "佐藤"),
    ],
)
def test_a_word_or_a_name_that_is_none_is_refused_with_those_that_are(autumn, command, word):
    """No page of nothing: the words that there are, or the people."""
    refused = autumn(*command)
    assert (refused.code in (2, 3, 4), word in refused.err) == (True, True), (refused.code, refused.err)
    assert refused.out == ""


def test_a_promise_on_hold_opens_to_its_deal(nippo, monkeypatch):
    """Held when the month began: it is counted apart, and the count leads to it."""
    on(monkeypatch, "2026-08-20")
    quoted = ("--stage", "見積", "--closes", "2026-09-30")
    nippo.deal("保留の装置", *quoted, "--amount", "300万", "--confidence", "A")
    nippo.done("deal", "hold", "保留の装置", "--until", "2026-12-31", "--why", "来期の予算")
    on(monkeypatch, "2026-10-20")
    held = "保留中の案件 1件"
    page = nippo.done("gap", "promises", "--since", "2026-09-01", "--format", "html").out
    assert re.search(f"<a [^>]*>(<[^>]+>)?{held}", page)
    assert "保留の装置" in page
